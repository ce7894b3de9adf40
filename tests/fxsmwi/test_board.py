from __future__ import annotations

import pytest

from fxsmwi.board import Board, Entry, Standing, Verdict
from fxsmwi.mailbox import MailboxId, MailboxReport, MailboxState

A, B = MailboxId("501"), MailboxId("502")


def entry(
    mailbox: MailboxId = A,
    *,
    waiting: bool,
    new: int | None = None,
    old: int | None = None,
    source: str = "sip:pbx",
    at: float = 1.0,
    standing: Standing = Standing.CONFIRMED,
) -> Entry:
    state = MailboxState(waiting=waiting, new=new, old=old)
    report = MailboxReport(mailbox=mailbox, state=state, source=source, detail=f"said at {at:g}")
    return Entry(report=report, at=at, standing=standing)


@pytest.mark.parametrize(
    ("entries", "verdict"),
    [
        ([], Verdict(why="no source has told yet")),
        (
            [entry(waiting=True, new=2, old=3)],
            Verdict(waiting=True, why="sip:pbx: said at 1", since=1.0),
        ),
        ([entry(waiting=False, new=0, old=3)], Verdict(why="no source has told of 502@default")),
        (
            [entry(waiting=False, new=0, old=3), entry(B, waiting=False, new=0, old=1, at=2.0)],
            Verdict(waiting=False, new=0, old=4, why="sip:pbx: said at 1; sip:pbx: said at 2", since=2.0),
        ),
        (
            [entry(waiting=True, new=2, old=3), entry(B, waiting=False, new=0, old=1, at=2.0)],
            Verdict(waiting=True, new=2, old=4, why="sip:pbx: said at 1", since=1.0),
        ),
        (
            [entry(waiting=True), entry(B, waiting=False, new=0, old=1)],
            Verdict(waiting=True, why="sip:pbx: said at 1", since=1.0),
        ),
    ],
)
def test_a_line_with_two_mailboxes_shows_what_both_say(entries: list[Entry], verdict: Verdict) -> None:
    board = Board([A, B])
    for each in entries:
        board.post(each)
    assert board.verdict((A, B)) == verdict


def test_the_newest_report_of_a_source_counts() -> None:
    board = Board([A])
    board.post(entry(waiting=True, new=1, old=0))
    board.post(entry(waiting=False, new=0, old=1, at=2.0))
    assert board.verdict((A,)).waiting is False


def test_a_lamp_is_on_as_long_as_any_source_says_so() -> None:
    board = Board([A])
    board.post(entry(waiting=True, new=1, old=0))
    board.post(entry(waiting=False, new=0, old=1, source="sip:hotel", at=2.0))
    verdict = board.verdict((A,))
    assert (verdict.waiting, verdict.why) == (True, "sip:pbx: said at 1")
    board.post(entry(waiting=False, new=0, old=1, at=3.0))
    assert board.verdict((A,)).waiting is False


def test_what_was_known_before_the_last_start_is_called_so() -> None:
    board = Board([A])
    board.post(entry(waiting=True, standing=Standing.RESTORED))
    assert board.verdict((A,)).why == "sip:pbx: said at 1 (before the last start, not confirmed since)"
    board.post(entry(waiting=True, at=2.0, standing=Standing.PROVISIONAL))
    assert board.verdict((A,)).why == "sip:pbx: said at 2 (provisional)"
    board.post(entry(waiting=True, at=3.0))
    assert board.verdict((A,)).why == "sip:pbx: said at 3"


def test_only_configured_mailboxes_are_on_the_board() -> None:
    board = Board([A])
    assert A in board
    assert B not in board
    assert board.entries() == {A: ()}
