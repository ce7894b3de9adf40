"""What is true per mailbox, by source.

Every source speaks for itself: a mailbox has messages waiting as long as any source says so, and none only
when every source that ever spoke says so. Nothing said is `None`, never "no".
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from .mailbox import MailboxId, MailboxReport


class Standing(enum.StrEnum):
    """How far a report can be relied on."""

    CONFIRMED = "confirmed"
    PROVISIONAL = "provisional"
    """It came soon after the start, when older news that was repeated all the while can't be told from it:
    the NOTIFYs of chan_pjsip have nothing to order them by."""
    RESTORED = "restored"
    """It was true when the program last ran; what happened since then nobody has told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A report, and when it came (seconds since the epoch)."""

    report: MailboxReport
    at: float
    standing: Standing = Standing.CONFIRMED


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What holds for one or several mailboxes, taken together.

    ``waiting`` is ``None`` while it can't be known; so are counts that not every source told. ``why`` names
    those who decided, ``since`` (seconds since the epoch) is when the last of them spoke.
    """

    waiting: bool | None = None
    new: int | None = None
    old: int | None = None
    why: str = "no source has told yet"
    since: float | None = None


class Board:
    """The reports that count, newest per mailbox and source.

    Parameters
    ----------
    mailboxes : iterable of MailboxId
        The ones that are ours.
    """

    def __init__(self, mailboxes: Iterable[MailboxId]) -> None:
        self._entries: dict[MailboxId, dict[str, Entry]] = {mailbox: {} for mailbox in mailboxes}

    def __contains__(self, mailbox: object) -> bool:
        return mailbox in self._entries

    def post(self, entry: Entry) -> None:
        """Take a report; it replaces what its source said before of that mailbox."""
        self._entries[entry.report.mailbox][entry.report.source] = entry

    def entries(self) -> dict[MailboxId, tuple[Entry, ...]]:
        """Every mailbox with what each source says of it."""
        return {mailbox: tuple(told.values()) for mailbox, told in sorted(self._entries.items())}

    def verdict(self, mailboxes: tuple[MailboxId, ...]) -> Verdict:
        """Say whether messages wait in any of *mailboxes*."""
        told = [entry for mailbox in mailboxes for entry in self._entries[mailbox].values()]
        if not told:
            return Verdict()
        waiting = [entry for entry in told if entry.report.state.waiting]
        silent = [mailbox for mailbox in mailboxes if not self._entries[mailbox]]
        deciding = waiting or told
        if not waiting and silent:
            return Verdict(why="no source has told of " + ", ".join(map(str, silent)))
        states = [entry.report.state for entry in told]
        return Verdict(
            waiting=bool(waiting),
            new=_total([state.new for state in states]) if not silent else None,
            old=_total([state.old for state in states]) if not silent else None,
            why="; ".join(_reason(entry) for entry in deciding),
            since=max(entry.at for entry in deciding),
        )


def _total(counts: list[int | None]) -> int | None:
    """Add counts up; one unknown makes the sum unknown."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _reason(entry: Entry) -> str:
    reason = f"{entry.report.source}: {entry.report.detail}"
    return reason + _REMARKS[entry.standing]


_REMARKS = {
    Standing.CONFIRMED: "",
    Standing.PROVISIONAL: " (provisional)",
    Standing.RESTORED: " (before the last start, not confirmed since)",
}
