"""What `fxsmwi show` prints, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NotRequired, TypedDict

from hw.base import Capability, LineError

from .board import Board
from .mailbox import MailboxId
from .runner import LineRunner


class LineStatus(TypedDict):
    """One line: what its lamp should show, what it shows, and why. Times are ISO 8601, UTC."""

    name: str
    device: str
    mailboxes: list[str]
    new: int | None
    old: int | None
    desired: str
    applied: str
    hook: str
    why: str
    since: str
    override: str | None
    last_sent_hex: str | None
    last_sent_at: str | None
    lamp: NotRequired[str]


class SourceStatus(TypedDict):
    """What one source says of a mailbox."""

    source: str
    waiting: bool
    new: int | None
    old: int | None
    new_urgent: int | None
    old_urgent: int | None
    detail: str
    at: str
    standing: str


class MailboxStatus(TypedDict):
    """One mailbox: what holds, what each source says, and the lines that show it."""

    mailbox: str
    waiting: bool | None
    new: int | None
    old: int | None
    why: str
    lines: list[str]
    sources: list[SourceStatus]


def line_status(runner: LineRunner, board: Board) -> LineStatus:
    """Describe a line; a line that sees its lamp also gets ``lamp``, what is seen this very moment."""
    driver, config = runner.driver, runner.config
    verdict = board.verdict(config.mailbox)
    sent = runner.sent
    status = LineStatus(
        name=config.name,
        device=config.device,
        mailboxes=[str(mailbox) for mailbox in config.mailbox],
        new=verdict.new,
        old=verdict.old,
        desired=driver.wish,
        applied=driver.applied,
        hook=driver.hook,
        why=_why(runner, verdict.why),
        since=_iso(runner.since),
        override=driver.override,
        last_sent_hex=sent and sent[0].hex(" "),
        last_sent_at=sent and _iso(sent[1]),
    )
    lamp = _lamp(runner)
    if lamp is not None:
        status["lamp"] = lamp
    return status


def mailbox_status(
    mailbox: MailboxId, board: Board, showing: Mapping[MailboxId, list[LineRunner]]
) -> MailboxStatus:
    """Describe a mailbox."""
    verdict = board.verdict((mailbox,))
    return MailboxStatus(
        mailbox=str(mailbox),
        waiting=verdict.waiting,
        new=verdict.new,
        old=verdict.old,
        why=verdict.why,
        lines=[runner.config.name for runner in showing.get(mailbox, [])],
        sources=[
            SourceStatus(
                source=entry.report.source,
                waiting=entry.report.state.waiting,
                new=entry.report.state.new,
                old=entry.report.state.old,
                new_urgent=entry.report.state.new_urgent,
                old_urgent=entry.report.state.old_urgent,
                detail=entry.report.detail,
                at=_iso(entry.at),
                standing=entry.standing,
            )
            for entry in board.entries()[mailbox]
        ],
    )


def _why(runner: LineRunner, mailboxes_say: str) -> str:
    """Join what keeps the lamp from being as it should and the reason why it should."""
    driver = runner.driver
    wished = mailboxes_say if driver.override is None else f"set {driver.override} by hand, until reset"
    return f"{driver.why}; {wished}" if driver.why else wished


def _lamp(runner: LineRunner) -> str | None:
    if Capability.LAMP not in runner.line.capabilities:
        return None
    try:
        return runner.line.lamp()
    except LineError:
        return "unknown"


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
