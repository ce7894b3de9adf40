"""A summary's lamp is Messages-Waiting; its counts are detail, and may be wrong without harm."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fxsmwi.sip.summary import (
    MAX_COUNT,
    MAX_FAULTS,
    Counts,
    MalformedSummaryError,
    MessageClass,
    Summary,
    parse_summary,
)

VOICE, FAX = MessageClass.VOICE, MessageClass.FAX

# RFC 3842 5.2 and section 6
EXAMPLE = b"""Messages-Waiting: yes\r
Message-Account: sip:alice@vmail.example.com\r
Voice-Message: 2/8 (0/2)\r
\r
To: <alice@atlanta.example.com>\r
From: <bob@biloxi.example.com>\r
Subject: carpool tomorrow?\r
Voice-Message: 9/9\r
"""
EXAMPLE_SUMMARY = Summary(
    waiting=True, account="sip:alice@vmail.example.com", counts=((VOICE, Counts(2, 8, 0, 2)),)
)

SUMMARIES = {
    EXAMPLE: EXAMPLE_SUMMARY,
    EXAMPLE.replace(b"\r\n", b"\n"): EXAMPLE_SUMMARY,
    b"Messages-Waiting: yes": Summary(waiting=True),
    b"\r\nmessages-waiting : NO\r\n": Summary(waiting=False),
    b"Messages-Waiting:no\nX-Whatever: 1": Summary(waiting=False),
    b"Messages-Waiting:\r\n yes\r\nMessage-Account:\r\n": Summary(waiting=True),
    b"Voice-Message:1/0(0/0)\r\nMessages-Waiting:yes": Summary(
        waiting=True, counts=((VOICE, Counts(1, 0, 0, 0)),)
    ),
    b"Messages-Waiting: yes\r\nVoice-Message: 0/0\r\nFax-Message : 1 / 0 ( 1 / 0 ) ": Summary(
        waiting=True, counts=((VOICE, Counts(0, 0)), (FAX, Counts(1, 0, 1, 0)))
    ),
    b"Messages-Waiting: yes\r\nVoice-Message: 0004294967295/0": Summary(
        waiting=True, counts=((VOICE, Counts(MAX_COUNT, 0)),)
    ),
}


@pytest.mark.parametrize("body", SUMMARIES)
def test_a_summary_is_read(body: bytes) -> None:
    assert parse_summary(body) == SUMMARIES[body]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b"Voice-Message: 4", "voice-message: 4 is no count"),
        (b"Voice-Message: -1/0", "voice-message: -1/0 is no count"),
        (b"Voice-Message: 1/0 (0)", "voice-message: 1/0 (0) is no count"),
        ("Voice-Message: ٤/0".encode(), r"voice-message: \xd9\xa4/0 is no count"),
        (b"Voice-Message:", "voice-message:  is no count"),
        (b"Voice-Message: 4294967296/0", "voice-message: 4294967296/0 is more than 4294967295"),
        (b"Voice-Message: 1/0 (0/%s)" % (b"9" * 5000), "is more than 4294967295"),
        (b"what is this", "what is this is no line of a summary"),
    ],
)
def test_a_line_that_cannot_be_read_is_ignored_and_noted(line: bytes, fault: str) -> None:
    summary = parse_summary(b"Messages-Waiting: yes\r\n" + line)
    assert (summary.waiting, summary.of(VOICE)) == (True, None)
    assert summary.faults[0].endswith(fault)
    assert len(summary.faults) == 1


def test_the_first_of_two_lines_holds() -> None:
    assert parse_summary(
        b"Messages-Waiting: yes\nVoice-Message: 1/0\nVoice-Message: 2/0\nMessages-Waiting: no"
    ) == Summary(
        waiting=True,
        counts=((VOICE, Counts(1, 0)),),
        faults=(
            "voice-message is there twice, the first one holds",
            "messages-waiting is there twice, the first one holds",
        ),
    )


@pytest.mark.parametrize(
    ("body", "waiting", "fault"),
    [
        (
            b"Messages-Waiting: yes\nVoice-Message: 0/3",
            True,
            "Messages-Waiting is yes, but nothing told is new",
        ),
        (b"Messages-Waiting: no\nVoice-Message: 3/0", False, "Messages-Waiting is no, but 3 are new"),
        (
            b"Messages-Waiting: yes\nFax-Message: 1/0 (2/0)",
            True,
            "fax-message: more are urgent than there are",
        ),
        (
            b"Messages-Waiting: yes\nFax-Message: 1/0 (0/1)",
            True,
            "fax-message: more are urgent than there are",
        ),
    ],
)
def test_a_contradiction_is_noted_and_messages_waiting_holds(body: bytes, waiting: bool, fault: str) -> None:
    summary = parse_summary(body)
    assert summary.waiting is waiting
    assert summary.faults == (fault,)


@pytest.mark.parametrize("body", [b"", b"hello world", b"Voice-Message: 1/0", b"\r\n\r\nMessages: yes"])
def test_without_messages_waiting_there_is_no_summary(body: bytes) -> None:
    with pytest.raises(MalformedSummaryError, match="no Messages-Waiting"):
        parse_summary(body)


@pytest.mark.parametrize("value", [b"", b"maybe", b"yes, no", b"yesyes", b"y\xffs"])
def test_messages_waiting_is_yes_or_no(value: bytes) -> None:
    with pytest.raises(MalformedSummaryError, match="neither yes nor no") as caught:
        parse_summary(b"Messages-Waiting: " + value)
    assert caught.value.status == 400


def test_faults_are_bounded() -> None:
    assert len(parse_summary(b"Messages-Waiting: yes\n" + b"x\n" * 1000).faults) == MAX_FAULTS


def test_an_account_of_other_bytes_survives() -> None:
    account = parse_summary(b"Messages-Waiting: yes\nMessage-Account: sip:\xff@x").account
    assert account == "sip:\udcff@x"


@pytest.mark.parametrize("cut", range(len(EXAMPLE)))
def test_a_summary_that_was_cut_anywhere_says_the_same_or_less(cut: int) -> None:
    try:
        summary = parse_summary(EXAMPLE[:cut])
    except MalformedSummaryError:
        assert cut < len("Messages-Waiting: yes")
    else:
        assert summary.waiting


counts = st.builds(
    Counts,
    st.integers(0, MAX_COUNT),
    st.integers(0, MAX_COUNT),
    st.integers(0, MAX_COUNT),
    st.integers(0, MAX_COUNT),
)


@given(st.booleans(), st.dictionaries(st.sampled_from(MessageClass), counts))
def test_any_counts_are_read_as_they_were_written(waiting: bool, told: dict[MessageClass, Counts]) -> None:
    lines = [f"Messages-Waiting: {'yes' if waiting else 'no'}", *(f"{k.value}: {c}" for k, c in told.items())]
    summary = parse_summary("\r\n".join(lines).encode())
    assert (summary.waiting, summary.counts) == (waiting, tuple(told.items()))


@given(st.binary() | st.binary().map(lambda tail: b"Messages-Waiting: yes\n" + tail))
def test_no_bytes_make_it_raise_anything_else(body: bytes) -> None:
    with contextlib.suppress(MalformedSummaryError):
        assert all(fault.isprintable() for fault in parse_summary(body).faults)
