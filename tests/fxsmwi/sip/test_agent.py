"""Each wrong request gets the right answer, each right one is reported once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sipmessage import Message, Response

from fxsmwi.mailbox import MailboxId, MailboxReport, MailboxState
from fxsmwi.sip.agent import Agent, Outcome, TagMaker, UnknownPeer
from fxsmwi.sip.message import Request, parse
from fxsmwi.sip.peers import PeerTable, UnknownDialog

PBX = ("127.0.0.1", 5060)
STRANGER = ("192.0.2.66", 5060)

MakeAgent = Callable[..., Agent]
Notify = Callable[..., bytes]


def status(outcome: Outcome) -> int | None:
    """The status code as another parser reads it, which must be the one that the outcome tells."""
    if outcome.answer is None:
        assert outcome.status is None
        return None
    answer = Message.parse(outcome.answer[0])
    assert isinstance(answer, Response)
    assert outcome.status == answer.code
    return answer.code


def test_a_notify_is_answered_and_reported(make_agent: MakeAgent, notify: Notify) -> None:
    outcome = make_agent().receive(notify(), PBX, 0.0)
    assert outcome == Outcome(
        answer=(
            b"SIP/2.0 200 OK\r\n"
            b"Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-1\r\n"
            b"From: <sip:pbx@127.0.0.1>;tag=a\r\n"
            b"To: <sip:501@192.0.2.7>;tag=ours\r\n"
            b"Call-ID: c1@127.0.0.1\r\n"
            b"CSeq: 1 NOTIFY\r\n"
            b"Server: fxsmwi\r\n"
            b"Content-Length: 0\r\n"
            b"\r\n",
            PBX,
        ),
        status=200,
        report=MailboxReport(
            mailbox=MailboxId("501"),
            state=MailboxState(waiting=True, new=2, old=8, new_urgent=0, old_urgent=2),
            source="sip:pbx",
            detail="NOTIFY 2/8 (0/2) to 501 from 127.0.0.1:5060",
        ),
        note="pbx: NOTIFY 2/8 (0/2) to 501 from 127.0.0.1:5060 is about 501@default",
    )


@pytest.mark.parametrize(
    ("line", "headers", "expected", "header"),
    [
        ("NOTIFY sip:501@h SIP/3.0", {}, 505, None),
        ("NOTIFY sip:501@h", {}, 400, None),
        (None, {"CSeq": "1 INVITE"}, 400, None),
        ("INVITE sip:501@h SIP/2.0", {}, 405, ("Allow", "NOTIFY, OPTIONS")),
        ("FROBNICATE tel:1 SIP/2.0", {"Require": "x"}, 405, ("Allow", "NOTIFY, OPTIONS")),
        ("CANCEL sip:501@h SIP/2.0", {}, 481, None),
        ("NOTIFY tel:501 SIP/2.0", {"Require": "x"}, 416, None),
        ("OPTIONS tel:501 SIP/2.0", {}, 416, None),
        ("NOTIFY sip:@ SIP/2.0", {}, 400, None),
        (None, {"Require": "100rel, x", "Event": "presence"}, 420, ("Unsupported", "100rel, x")),
        (None, {"Event": "presence", "To": "<sip:a@h>;tag=1"}, 489, ("Allow-Events", "message-summary")),
        (None, {"Event": ""}, 489, ("Allow-Events", "message-summary")),
        (None, {"Event": None, "Content-Type": "text/plain"}, 489, ("Allow-Events", "message-summary")),
        (None, {"Event": None, "Content-Type": None}, 489, ("Allow-Events", "message-summary")),
        (None, {"To": "<sip:a@h>;tag=1", "Content-Type": "text/plain"}, 481, None),
        (None, {"Content-Type": "text/plain"}, 415, ("Accept", "application/simple-message-summary")),
        (None, {"Content-Encoding": "gzip"}, 415, ("Accept-Encoding", "identity")),
        ("NOTIFY sip:999@h SIP/2.0", {"To": "<sip:999@h>"}, 404, None),
    ],
)
def test_a_wrong_request_gets_the_right_answer_and_changes_nothing(
    line: str | None,
    headers: dict[str, str | None],
    expected: int,
    header: tuple[str, str] | None,
    make_agent: MakeAgent,
    notify: Notify,
) -> None:
    agent = make_agent(knows=lambda mailbox: mailbox.user == "501")
    how: dict[str, Any] = {} if line is None else {"line": line}
    outcome = agent.receive(notify(headers=headers, **how), PBX, 0.0)
    assert (status(outcome), outcome.report) == (expected, None)
    assert str(expected) in outcome.note
    if header is not None:
        assert outcome.answer is not None
        assert Message.parse(outcome.answer[0]).headers[header[0]] == header[1]


@pytest.mark.parametrize(
    "headers",
    [
        {"Event": "Message-Summary;id=7"},
        {"Event": None, "Content-Type": "Application / Simple-Message-Summary ;charset=utf-8"},
        {"Content-Type": None},
        {"Content-Encoding": "Identity"},
        {"Require": ""},
        {"Max-Forwards": "0"},
        {"Subscription-State": "terminated;reason=noresource"},
    ],
)
def test_what_real_senders_do_is_taken(
    headers: dict[str, str | None], make_agent: MakeAgent, notify: Notify
) -> None:
    outcome = make_agent().receive(notify(headers=headers), PBX, 0.0)
    assert status(outcome) == 200
    assert outcome.report is not None


def test_a_notify_without_a_body_changes_nothing(make_agent: MakeAgent, notify: Notify) -> None:
    outcome = make_agent().receive(notify(b"", headers={"Content-Type": None}), PBX, 0.0)
    assert (status(outcome), outcome.report) == (200, None)
    assert outcome.note == "pbx: NOTIFY without a body from 127.0.0.1:5060 changes nothing"


def test_a_keep_alive_event_is_answered(make_agent: MakeAgent, notify: Notify) -> None:
    outcome = make_agent().receive(notify(b"", headers={"Event": "keep-alive"}), PBX, 0.0)
    assert (status(outcome), outcome.report) == (200, None)
    assert outcome.note == "pbx: NOTIFY keep-alive from 127.0.0.1:5060"


def test_options_tell_what_is_understood(make_agent: MakeAgent, notify: Notify) -> None:
    outcome = make_agent().receive(notify(b"", line="OPTIONS sip:h SIP/2.0"), PBX, 0.0)
    assert outcome.answer is not None
    headers = Message.parse(outcome.answer[0]).headers
    assert status(outcome) == 200
    assert headers["Allow"] == "NOTIFY, OPTIONS"
    assert headers["Accept"] == "application/simple-message-summary"
    assert headers["Allow-Events"] == "message-summary"


@pytest.mark.parametrize(
    ("datagram", "note"),
    [
        (b"\r\n\r\n", "pbx: a keep-alive is not answered"),
        (b"SIP/2.0 200 OK\r\n\r\n", "pbx: dropped from 127.0.0.1:5060:  is no header"),
        (b"SIP/2.0 200 OK\r\nA: b\r\n\r\n", "pbx: a 200 to nothing of ours is not answered"),
        (
            b"\x00\x01\x00\x00!\x12\xa4B",
            r"pbx: dropped from 127.0.0.1:5060: \x00\x01\x00\x00!\x12\xa4B is no",
        ),
    ],
)
def test_what_cannot_be_answered_is_not(datagram: bytes, note: str, make_agent: MakeAgent) -> None:
    outcome = make_agent().receive(datagram, PBX, 0.0)
    assert (outcome.answer, outcome.report) == (None, None)
    assert outcome.note.startswith(note)


@pytest.mark.parametrize("line", ["ACK sip:501@h SIP/2.0", "ACK sip:501@h SIP/9.0"])
@pytest.mark.parametrize("source", [PBX, STRANGER])
def test_an_ack_is_never_answered(
    line: str, source: tuple[str, int], make_agent: MakeAgent, notify: Notify
) -> None:
    outcome = make_agent().receive(notify(b"", line=line), source, 0.0)
    assert (outcome.answer, outcome.report) == (None, None)


@pytest.mark.parametrize(
    ("request_uri", "to", "account", "mailbox"),
    [
        ("sip:501@h", "sip:502@h", "sip:503@h", "501@default"),
        ("sip:lab@h", "sip:502@h", "sip:503@h", "502@default"),
        ("sip:lab@h", "tel:502", "sip:503@h", "503@default"),
        ("sip:h", "<sip:h>", "<sip:503@h>", "503@default"),
        ("sip:h", "<sip:h>", "503", "503@default"),
        ("sip:h", "<sip:h>", "503@work", "503@work"),
        ("sip:501%40work@h", "<sip:h>", "", "501@work"),
        ("sip:501%40nowhere@h", "<sip:502@h>", "", "502@default"),
        ("sip:lab@h", "<sip:lab@h>", "tel:503", None),
        ("sip:lab@h", "<sip:lab@h>", "a: <b", None),
        ("sip:%0a@h", "<sip:%00@h>", "sip:%ff@h", None),
    ],
)
def test_the_mailbox_is_the_first_one_named_that_is_known(
    request_uri: str, to: str, account: str, mailbox: str | None, make_agent: MakeAgent, notify: Notify
) -> None:
    known = {"501@default", "502@default", "503@default", "501@work", "503@work"}
    agent = make_agent(knows=lambda mailbox: str(mailbox) in known)
    body = f"Messages-Waiting: yes\r\nMessage-Account: {account}\r\n".encode()
    datagram = notify(body, line=f"NOTIFY {request_uri} SIP/2.0", headers={"To": to})
    outcome = agent.receive(datagram, PBX, 0.0)
    assert (outcome.report and str(outcome.report.mailbox)) == mailbox
    assert status(outcome) == (404 if mailbox is None else 200)
    assert outcome.note.isprintable()


@pytest.mark.parametrize(
    ("via", "source", "destination"),
    [
        ("127.0.0.1:5070;branch=z9hG4bK1", ("127.0.0.1", 5999), ("127.0.0.1", 5070)),  # as chan_sip
        ("127.0.0.1;branch=z9hG4bK1", ("127.0.0.1", 5999), ("127.0.0.1", 5060)),
        ("127.0.0.1:5070;rport;branch=z9hG4bK1", ("127.0.0.1", 5999), ("127.0.0.1", 5999)),
        ("pbx.example:5070;branch=z9hG4bK1", ("127.0.0.1", 5999), ("127.0.0.1", 5070)),
        ("h;maddr=192.0.2.66;received=192.0.2.66;branch=z9hG4bK1", ("127.0.0.1", 1), ("127.0.0.1", 5060)),
    ],
)
def test_the_answer_goes_to_the_source_address_only(
    via: str,
    source: tuple[str, int],
    destination: tuple[str, int],
    make_agent: MakeAgent,
    notify: Notify,
) -> None:
    outcome = make_agent().receive(notify(headers={"Via": f"SIP/2.0/UDP {via}"}), source, 0.0)
    assert outcome.answer is not None
    assert outcome.answer[1] == destination


def test_every_via_is_copied_in_order(make_agent: MakeAgent, notify: Notify) -> None:
    headers = {
        "Via": "SIP/2.0/UDP a;rport;branch=z9hG4bK1, SIP/2.0/TCP b;branch=z9hG4bK2",
        "v": "SIP/2.0/UDP c",
    }
    outcome = make_agent().receive(notify(headers=headers), PBX, 0.0)
    assert outcome.answer is not None
    assert Message.parse(outcome.answer[0]).headers.getlist("Via") == [
        "SIP/2.0/UDP a;rport=5060;branch=z9hG4bK1;received=127.0.0.1",
        "SIP/2.0/TCP b;branch=z9hG4bK2",
        "SIP/2.0/UDP c",
    ]


def test_a_repetition_gets_the_same_bytes_and_is_not_applied_again(
    make_agent: MakeAgent, notify: Notify
) -> None:
    agent = make_agent()
    first = agent.receive(notify(), PBX, 0.0)
    for now in (0.5, 1.5, 3.5, 7.5, 31.5):
        again = agent.receive(notify(), ("127.0.0.1", 6060), now)
        assert again == Outcome(answer=first.answer, note="pbx: NOTIFY 1 came again, as did its answer")
    assert agent.receive(notify(), PBX, 32.0).report == first.report


def test_a_repetition_of_what_was_refused_stays_refused(make_agent: MakeAgent, notify: Notify) -> None:
    known: set[MailboxId] = set()
    agent = make_agent(knows=lambda mailbox: mailbox in known)
    refused = agent.receive(notify(), PBX, 0.0)
    known.add(MailboxId("501"))
    assert agent.receive(notify(), PBX, 1.0).answer == refused.answer
    assert status(refused) == 404


def dialog(notify: Notify, number: int, *, branch: str, body: bytes = b"Messages-Waiting: yes") -> bytes:
    via = f"SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK{branch}"
    return notify(body, headers={"CSeq": f"{number} NOTIFY", "Via": via})


def test_old_news_of_a_dialog_is_refused_and_gaps_are_legal(make_agent: MakeAgent, notify: Notify) -> None:
    agent = make_agent()
    came = [(2, "a"), (1, "b"), (7, "c"), (6, "d"), (8, "e")]
    outcomes = [agent.receive(dialog(notify, number, branch=branch), PBX, 0.0) for number, branch in came]
    assert [status(outcome) for outcome in outcomes] == [200, 500, 200, 500, 200]
    assert [outcome.report is not None for outcome in outcomes] == [True, False, True, False, True]
    assert outcomes[1].note == "pbx: NOTIFY 1 answered 500: CSeq 1 comes after 2"


def test_the_same_cseq_by_another_route_is_taken(make_agent: MakeAgent, notify: Notify) -> None:
    agent = make_agent()
    agent.receive(dialog(notify, 2, branch="a"), PBX, 0.0)
    outcome = agent.receive(dialog(notify, 2, branch="b", body=b"Messages-Waiting: no"), PBX, 0.0)
    assert status(outcome) == 200
    assert outcome.report is not None
    assert outcome.report.state.waiting is False


def test_what_was_refused_does_not_count_as_the_last_news(make_agent: MakeAgent, notify: Notify) -> None:
    agent = make_agent()
    assert status(agent.receive(dialog(notify, 9, branch="a", body=b"nonsense"), PBX, 0.0)) == 400
    assert status(agent.receive(dialog(notify, 1, branch="b"), PBX, 0.0)) == 200


def test_a_dialog_is_taken_from_who_may_have_one(
    make_agent: MakeAgent, notify: Notify, peer_with: Callable[..., Any]
) -> None:
    datagram = notify(headers={"To": "<sip:501@h>;tag=theirs"})
    assert status(make_agent().receive(datagram, PBX, 0.0)) == 481
    outcome = make_agent(peer_with(unknown_dialog=UnknownDialog.ACCEPT)).receive(datagram, PBX, 0.0)
    assert status(outcome) == 200
    assert outcome.answer is not None
    assert b"\r\nTo: <sip:501@h>;tag=theirs\r\n" in outcome.answer[0]


def test_a_stranger_gets_403_and_is_told_nothing_else(make_agent: MakeAgent, notify: Notify) -> None:
    headers = {"Via": "SIP/2.0/UDP 192.0.2.66:5060;branch=z9hG4bK-1"}
    agent = make_agent()
    outcome = agent.receive(notify(headers=headers), STRANGER, 0.0)
    assert outcome.answer == (
        b"SIP/2.0 403 Forbidden\r\n"
        b"Via: SIP/2.0/UDP 192.0.2.66:5060;branch=z9hG4bK-1\r\n"
        b"From: <sip:pbx@127.0.0.1>;tag=a\r\n"
        b"To: <sip:501@192.0.2.7>;tag=ours\r\n"
        b"Call-ID: c1@127.0.0.1\r\n"
        b"CSeq: 1 NOTIFY\r\n"
        b"Content-Length: 0\r\n"
        b"\r\n",
        STRANGER,
    )
    assert outcome.report is None
    assert outcome.note == "192.0.2.66:5060 is no peer: answered 403"
    assert agent.receive(notify(headers=headers), STRANGER, 0.0) == outcome


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("NOTIFY sip:501@h SIP/2.0", 403),
        ("OPTIONS sip:501@h SIP/2.0", 403),
        ("NOTIFY sip:501@h SIP/9.0", 403),
        ("nonsense", 403),
        ("SIP/2.0 200 OK", None),
        ("SIP/9.0 200 OK", None),
    ],
)
def test_a_stranger_gets_403_whatever_he_asks(
    line: str, expected: int | None, make_agent: MakeAgent, notify: Notify
) -> None:
    assert status(make_agent().receive(notify(line=line), STRANGER, 0.0)) == expected


def test_a_stranger_can_be_ignored(make_agent: MakeAgent, notify: Notify) -> None:
    outcome = make_agent(unknown_peer=UnknownPeer.IGNORE).receive(notify(), STRANGER, 0.0)
    assert outcome == Outcome(note="192.0.2.66:5060 is no peer: ignored")


def test_a_stranger_never_gets_more_than_he_sent(make_agent: MakeAgent) -> None:
    short = b"A sip:a SIP/2.0\nv:SIP/2.0/UDP a\nf:a:b\nt:a:b\ni:1\nCSeq:1 A\n\n"
    assert status(make_agent().receive(short, PBX, 0.0)) == 405
    outcome = make_agent().receive(short, STRANGER, 0.0)
    assert outcome.answer is None
    assert outcome.note == "192.0.2.66:5060 is no peer: ignored, since 403 would be longer than its request"


def test_a_tag_is_the_same_for_the_same_request_and_differs_otherwise(notify: Notify) -> None:
    def envelope(**headers: str | None) -> Any:
        message = parse(notify(headers={name.replace("_", "-"): value for name, value in headers.items()}))
        assert isinstance(message, Request)
        return message.envelope

    make_tag = TagMaker()
    tags = [
        make_tag(envelope()),
        make_tag(envelope()),
        make_tag(envelope(Call_ID="\udcff")),
        TagMaker()(envelope()),
    ]
    assert tags[0] == tags[1]
    assert len(set(tags)) == 3


def test_an_agent_makes_its_own_tags_unasked(notify: Notify, peer_with: Callable[..., Any]) -> None:
    agent = Agent(PeerTable([peer_with()]), lambda mailbox: True)
    answers = [agent.receive(notify(headers={"Content-Length": "x"}), PBX, 0.0).answer for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0] is not None
    assert b"\r\nTo: <sip:501@192.0.2.7>;tag=" in answers[0][0]


def test_memory_is_bounded(make_agent: MakeAgent, notify: Notify) -> None:
    agent = make_agent(memory=3)
    for number in range(9):
        agent.receive(dialog(notify, number, branch=str(number)), PBX, 0.0)
    assert agent.receive(dialog(notify, 8, branch="8"), PBX, 0.0).report is None
    assert status(agent.receive(dialog(notify, 0, branch="0"), PBX, 0.0)) == 500  # its 200 is forgotten


WHOLE = b"""NOTIFY sip:501@192.0.2.7 SIP/2.0\r
Via: SIP/2.0/UDP 127.0.0.1:5060;rport;branch=z9hG4bK-1\r
From: "A, B" <sip:pbx@127.0.0.1>;tag=a\r
To: <sip:501@192.0.2.7>\r
Call-ID: c1@127.0.0.1\r
CSeq: 1 NOTIFY\r
Event: message-summary\r
Content-Type: application/simple-message-summary\r
Content-Length: 85\r
\r
Messages-Waiting: yes\r
Message-Account: sip:501@pbx.example\r
Voice-Message: 2/8 (0/2)"""


def check(outcome: Outcome) -> None:
    assert outcome.note.isascii()
    assert outcome.note.isprintable()
    if outcome.answer is not None:
        answer = parse(outcome.answer[0])
        assert not isinstance(answer, Request)
        assert outcome.answer[1][0] in (PBX[0], STRANGER[0])


@pytest.mark.parametrize("source", [PBX, STRANGER])
def test_a_datagram_that_was_cut_anywhere_is_never_applied(
    source: tuple[str, int], make_agent: MakeAgent
) -> None:
    for cut in range(len(WHOLE)):
        outcome = make_agent().receive(WHOLE[:cut], source, 0.0)
        check(outcome)
        assert outcome.report is None
    assert (make_agent().receive(WHOLE, source, 0.0).report is not None) == (source == PBX)


edits = st.lists(
    st.tuples(st.integers(0, len(WHOLE) - 1), st.binary(max_size=3), st.integers(0, 3)), max_size=6
)


@given(edits, st.sampled_from([PBX, STRANGER]))
def test_no_mutation_makes_anything_be_raised(
    make_agent: MakeAgent, edits: list[tuple[int, bytes, int]], source: tuple[str, int]
) -> None:
    datagram = WHOLE
    for position, inserted, dropped in edits:
        datagram = datagram[:position] + inserted + datagram[position + dropped :]
    check(make_agent().receive(datagram, source, 0.0))


@given(st.binary(max_size=100))
def test_no_bytes_make_anything_be_raised(make_agent: MakeAgent, datagram: bytes) -> None:
    check(make_agent().receive(datagram, PBX, 0.0))
