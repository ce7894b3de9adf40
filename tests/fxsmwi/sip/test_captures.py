"""What real senders sent is answered as it must be, and means what it meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from sipmessage import Message, Request, Response

from fxsmwi.mailbox import MailboxId
from fxsmwi.sip.agent import Agent
from fxsmwi.sip.peers import UnknownDialog

Captured = Callable[[str], Any]


class Seen(NamedTuple):
    """What became of one NOTIFY: its answer, the mailbox, and new, old and waiting as reported."""

    status: int
    mailbox: str | None = None
    waiting: bool | None = None
    new: int | None = None
    old: int | None = None


def lamp(mailbox: str, waiting: bool, new: int | None = None, old: int | None = None) -> Seen:
    return Seen(200, f"{mailbox}@default", waiting, new, old)


NOTHING = Seen(200)  # an answer, and nothing reported: a repetition, or no body
RELAYED = lamp("relay", True, 2, 8)

CAPTURES: dict[str, list[Seen]] = {
    "ast22-unsolicited-udp": [
        lamp("lamp1", True, 2, 3),
        lamp("lamp4", True, 3, 7),
        lamp("lamp5", True, 2, 7),
        lamp("lamp1", False, 0, 0),
        lamp("lamp5", True, 1, 0),
        lamp("relay", False, 0, 0),
        lamp("lamp1", False, 0, 5),
    ],
    "ast22-unsolicited-no-answer-retransmit": [lamp("lamp1", True, 1, 1), *[NOTHING] * 10],
    "ast22-incoming-retransmit-and-reorder": [
        lamp("500", True, 2, 8),
        RELAYED,
        NOTHING,  # the same branch
        RELAYED,
        Seen(500),  # CSeq 1 after CSeq 2: Asterisk 22 lets it overwrite
        lamp("relay", True, 3, 1),
        *[NOTHING] * 3,
    ],
    "ast22-register-md5-then-unsolicited": [lamp("lab", True, 3, 1), lamp("lab", False, 0, 4)],
    "ast16-unsolicited_mailbox": [
        lamp("7000", True, 2, 1),
        lamp("asterisk", True, 2, 1),  # neither Request-URI nor To has a user: Message-Account names it
        lamp("7000", False, 0, 3),
        lamp("asterisk", False, 0, 3),
        lamp("7000", False),  # chan_sip refuses it for want of counts
        lamp("7000", True, 4, 1),
        lamp("asterisk", True, 4, 1),
        NOTHING,
    ],
    "ast16-unsolicited-no-event-header": [lamp("7000", True, 2, 1)],
    # What a script sent to Asterisk, and what Asterisk relayed of it
    "ast22-incoming-unsolicited-notify": [
        lamp("500", True, 2, 8),
        lamp("relay", True, 2, 8),
        lamp("500", True, 3, 1),
        lamp("relay", True, 3, 1),
        lamp("500", False),  # no Voice-Message: Asterisk answers 404
        lamp("500", True, 4, 0),
        lamp("relay", True, 4, 0),
        lamp("500", True, 5, 0),
        lamp("relay", True, 5, 0),
        NOTHING,
        lamp("500", True, 6, 0),
        lamp("relay", True, 6, 0),
        lamp("500", True),  # a fax
        lamp("500", True),  # -1/0
        lamp("relay", True),
        lamp("500", True),  # 99999999999/0, which Asterisk cuts to 32 bits
        lamp("relay", True, 1_215_752_191, 0),
        lamp("500", True, 7, 0),  # without a Content-Type
        lamp("500", True, 1, 0),
        lamp("relay", True, 1, 0),
    ],
    # The last one, "Voice-Message: 4", is what chan_sip's process did not survive
    "ast16-crash-voice-message-without-slash": [lamp("asterisk", False, 0, 0), NOTHING, lamp("7000", True)],
    "sipp-notify-unsolicited-to-ast22": [lamp("500", True, 2, 3)] * 3,
    "kamailio-presence_mwi-publish-notify-udp": [lamp("lab", True, 2, 3), lamp("lab", False, 0, 5), NOTHING],
}


@pytest.mark.parametrize("name", CAPTURES)
def test_each_notify_of_a_capture(
    name: str, capture: Captured, make_agent: Callable[..., Agent], peer_with: Callable[..., Any]
) -> None:
    agent = make_agent(peer_with(unknown_dialog=UnknownDialog.ACCEPT))
    seen = []
    for packet in capture(name):
        if not packet.is_notify:
            continue
        outcome = agent.receive(packet.data, packet.source, packet.time)
        assert outcome.answer is not None
        answer, request = Message.parse(outcome.answer[0]), Message.parse(packet.data)
        assert isinstance(answer, Response)
        assert isinstance(request, Request)
        assert outcome.answer[1] == packet.source  # with rport, or with sent-by as here
        _check_copied(answer, request, packet.source)
        report = outcome.report
        if report is None:
            seen.append(Seen(answer.code))
        else:
            state = report.state
            assert report.source == "sip:pbx"
            seen.append(Seen(answer.code, str(report.mailbox), state.waiting, state.new, state.old))
    assert seen == CAPTURES[name]


def _check_copied(answer: Response, request: Request, source: tuple[str, int]) -> None:
    for name in ("From", "Call-ID", "CSeq"):
        assert answer.headers.getlist(name) == request.headers.getlist(name)
    assert answer.headers["To"].removesuffix(";tag=ours") == request.headers["To"]
    for ours, theirs in zip(answer.via, request.via, strict=True):
        assert (ours.host, ours.port, ours.parameters["branch"]) == (
            theirs.host,
            theirs.port,
            theirs.parameters["branch"],
        )
        if "rport" in theirs.parameters:
            assert ours.parameters["rport"] == str(source[1])
            assert ours.parameters["received"] == source[0]
        else:
            assert ours.parameters == theirs.parameters


def test_a_notify_of_a_dialog_is_refused_where_dialogs_must_be_known(
    capture: Captured, make_agent: Callable[..., Agent]
) -> None:
    agent = make_agent()
    notifies = [p for p in capture("kamailio-presence_mwi-publish-notify-udp") if p.is_notify]
    outcomes = [agent.receive(packet.data, packet.source, packet.time) for packet in notifies]
    assert [outcome.answer[0][:11] for outcome in outcomes if outcome.answer] == [b"SIP/2.0 481"] * 3
    assert [outcome.report for outcome in outcomes] == [None] * 3


def test_a_fixed_mailbox_takes_what_a_chan_sip_peer_names_by_its_port_only(
    capture: Captured, make_agent: Callable[..., Agent], peer_with: Callable[..., Any]
) -> None:
    provider = MailboxId("7000", "SIP_Remote")
    agent = make_agent(
        peer_with(name="provider", port=5092, mailbox=provider),
        peer_with(name="asterisk", port=5070, mailbox=MailboxId("501")),
        knows=lambda mailbox: False,
    )
    told = [
        (outcome.report.source, outcome.report.mailbox)
        for packet in capture("ast16-unsolicited_mailbox")
        if (outcome := agent.receive(packet.data, packet.source, packet.time)).report
    ]
    assert sorted(set(told)) == [("sip:asterisk", MailboxId("501")), ("sip:provider", provider)]


def test_late_repetitions_after_an_outage_are_new_to_who_never_answered(
    capture: Captured, make_agent: Callable[..., Agent]
) -> None:
    """No CSeq orders them, as each has its own Call-ID: who restarts must doubt what comes for 32 s."""
    agent = make_agent()
    states = []
    for packet in capture("ast22-stale-retransmit-after-receiver-restart"):
        if packet.is_notify and packet.time >= 6.5 and b"lamp1@" in packet.data[:40]:
            report = agent.receive(packet.data, packet.source, packet.time).report
            if report is not None:
                states.append((report.state.new, report.state.old))
    assert states[0] == (0, 1)  # the newest came first
    assert set(states[1:]) == {(2, 1), (1, 0)}


@pytest.mark.parametrize("name", CAPTURES)
def test_what_is_no_notify_never_reports(
    name: str, capture: Captured, make_agent: Callable[..., Agent]
) -> None:
    agent = make_agent()
    for packet in capture(name):
        if not packet.is_notify:
            outcome = agent.receive(packet.data, packet.source, packet.time)
            assert outcome.report is None
            if packet.data.startswith(b"SIP/2.0"):
                assert outcome.answer is None
            else:
                assert outcome.answer is not None
                assert outcome.answer[0].startswith(b"SIP/2.0 405 ")
