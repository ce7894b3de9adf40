"""Every torture file has its answer and its effect."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from sipmessage import Message, Response

from fxsmwi.mailbox import MailboxId, MailboxState
from fxsmwi.sip.agent import Agent

SOURCE = ("127.0.0.1", 5060)
ON = MailboxState(waiting=True)


class Case(NamedTuple):
    """What a file gets: status (``None``: silence), a header and its value, the state reported."""

    status: int | None
    state: MailboxState | None = None
    header: tuple[str, str] | None = None
    fault: str = ""


CASES = {
    "ok-rfc3842-example": Case(200, MailboxState(waiting=True, new=2, old=8, new_urgent=0, old_urgent=2)),
    "ok-yes-without-counts": Case(200, ON),
    "ok-no-without-counts": Case(200, MailboxState(waiting=False)),
    "ok-no-parens": Case(200, MailboxState(waiting=True, new=3, old=1)),
    "ok-no-account": Case(200, MailboxState(waiting=True, new=2, old=0, new_urgent=0, old_urgent=0)),
    "ok-lf-only": Case(200, MailboxState(waiting=True, new=4, old=0, new_urgent=0, old_urgent=0)),
    "ok-no-final-crlf": Case(200, MailboxState(waiting=True, new=4, old=0, new_urgent=0, old_urgent=0)),
    "ok-all-classes": Case(200, MailboxState(waiting=True, new=0, old=1, new_urgent=0, old_urgent=0)),
    "ok-contradiction-yes-0": Case(
        200,
        MailboxState(waiting=True, new=0, old=0, new_urgent=0, old_urgent=0),
        fault="Messages-Waiting is yes, but nothing told is new",
    ),
    "ok-unsolicited-terminated": Case(
        200, MailboxState(waiting=True, new=2, old=0, new_urgent=0, old_urgent=0)
    ),
    "ok-no-substate": Case(200, MailboxState(waiting=True, new=2, old=0, new_urgent=0, old_urgent=0)),
    "ok-no-event": Case(200, MailboxState(waiting=True, new=2, old=0, new_urgent=0, old_urgent=0)),
    "ok-empty-body": Case(200),
    "ok-empty-body-terminated": Case(200),
    "ok-ctype-params-case": Case(200, MailboxState(waiting=True, new=2, old=0)),
    "bad-event-489": Case(489, header=("Allow-Events", "message-summary")),
    "bad-ctype-415": Case(415, header=("Accept", "application/simple-message-summary")),
    "bad-encoding-415": Case(415, header=("Accept-Encoding", "identity")),
    "bad-body-400": Case(400),
    "bad-voice-noslash": Case(200, ON, fault="voice-message: 4 is no count"),
    "bad-negative": Case(200, ON, fault="voice-message: -1/0 is no count"),
    "bad-huge": Case(200, ON, fault="is more than 4294967295"),
    "bad-duplicate-voice": Case(
        200, MailboxState(waiting=True, new=1, old=0), fault="voice-message is there twice"
    ),
    "bad-clen-short": Case(400),  # ten bytes of "Messages-Waiting: yes" do not say yes
    "bad-clen-long-udp": Case(400),
    "bad-clen-negative": Case(400),
    "bad-require-420": Case(420, header=("Unsupported", "nothingSupportsThis")),
    "bad-no-cseq": Case(400),
    "bad-cseq-method": Case(400),
    "bad-via-branch-empty": Case(200, MailboxState(waiting=True, new=1, old=0)),
    "bad-utf8": Case(200, MailboxState(waiting=True, new=1, old=0), fault=r"account sip:\xff\xfe@x"),
    "bad-many-headers": Case(513),
    "bad-long-line": Case(513),
    "bad-only-crlf": Case(None),
    "bad-zero": Case(None),
    "bad-response-stray": Case(None),
}


def test_the_table_is_the_folder(fixtures: Path) -> None:
    index = json.loads((fixtures / "torture" / "index.json").read_bytes())
    files = {path.name for path in (fixtures / "torture").glob("*.sip")}
    assert {f"{name}.sip" for name in CASES} == files == {entry["file"] for entry in index}


@pytest.mark.parametrize("name", CASES)
def test_each_file_gets_its_answer_and_has_its_effect(
    name: str, torture: Callable[[str], bytes], make_agent: Callable[..., Agent]
) -> None:
    case = CASES[name]
    outcome = make_agent().receive(torture(name), SOURCE, 0.0)
    assert (outcome.report.state if outcome.report else None) == case.state
    assert case.fault in outcome.note
    assert outcome.note.isascii()
    assert outcome.note.isprintable()
    if outcome.report is not None:
        assert outcome.report.mailbox == MailboxId("100")
    if case.status is None:
        assert outcome.answer is None
        return
    assert outcome.answer is not None
    answer = Message.parse(outcome.answer[0])
    assert isinstance(answer, Response)
    assert answer.code == case.status
    assert outcome.answer[1] == SOURCE
    if case.header is not None:
        assert answer.headers.get(case.header[0]) == case.header[1]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.status])
def test_what_is_answered_copies_what_a_client_tells_it_by(
    name: str, torture: Callable[[str], bytes], make_agent: Callable[..., Agent]
) -> None:
    """RFC 3261 8.2.6.2, by the eyes of another parser."""
    outcome = make_agent().receive(torture(name), SOURCE, 0.0)
    assert outcome.answer is not None
    answer = Message.parse(outcome.answer[0])
    assert answer.headers.get("Call-ID") == "c1@t"
    assert answer.headers.get("From") == "<sip:pbx@127.0.0.1>;tag=a"
    assert answer.headers.get("To") == "<sip:100@127.0.0.1>;tag=ours"
    assert answer.headers.get("Content-Length") == "0"
    assert len(answer.via) == 1
    assert answer.via[0].parameters["branch"] == ("z9hG4bK" if "branch-empty" in name else "z9hG4bK-t1")
    cseq = {"bad-no-cseq": None, "bad-cseq-method": "1 INVITE"}.get(name, "1 NOTIFY")
    assert answer.headers.get("CSeq") == cseq


@pytest.mark.parametrize("name", ["bad-many-headers", "bad-long-line"])
def test_what_is_too_much_tells_a_stranger_no_more_than_403(
    name: str, torture: Callable[[str], bytes], make_agent: Callable[..., Agent]
) -> None:
    outcome = make_agent().receive(torture(name), ("192.0.2.9", 5060), 0.0)
    assert outcome.answer is not None
    assert outcome.answer[0].startswith(b"SIP/2.0 403 Forbidden\r\n")
