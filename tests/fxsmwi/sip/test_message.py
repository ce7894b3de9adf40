"""Messages are read byte for byte; what cannot be read keeps what its answer needs."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fxsmwi.sip.message import (
    MAX_BODY,
    MAX_HEAD,
    MAX_HEADERS,
    MAX_LINE,
    Headers,
    MalformedMessageError,
    Request,
    Response,
    parse,
)
from fxsmwi.sip.uri import NameAddr

Notify = Callable[..., bytes]

LONG = b"""NOTIFY sip:501@192.0.2.7 SIP/2.0\r
Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r
Via: SIP/2.0/TCP a.example;branch=z9hG4bK2;x="a,b"\r
Via: SIP/2.0/TCP b.example\r
From: "A, B" <sip:pbx@192.0.2.1>;tag=a\r
To: sip:501@192.0.2.7\r
Call-ID: c1\r
CSeq: 1 NOTIFY\r
Event: message-summary\r
Allow-Events: message-summary\r
Contact: <sip:pbx@192.0.2.1>\r
Content-Type: text/plain\r
Content-Encoding: identity\r
Supported: path\r
Subject: lunch or dinner\r
Content-Length: 4\r
\r
body"""

# The same, as RFC 3261 7.3 allows it to be written
SHORT = b"""NOTIFY sip:501@192.0.2.7 sip/2.0
v: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1,
 SIP/2.0/TCP a.example;branch=z9hG4bK2;x="a,b" ,, SIP/2.0/TCP b.example
f:"A, B"
 <sip:pbx@192.0.2.1>;tag=a
T : sip:501@192.0.2.7\t
I: c1
CSEQ: 0001   NOTIFY
o: message-summary
U: message-summary
m: <sip:pbx@192.0.2.1>
c: text/plain
e: identity
k: path
s: lunch
  \tor dinner
l: 004

body and what is too much"""


def request(datagram: bytes) -> Request:
    message = parse(datagram)
    assert isinstance(message, Request)
    return message


def fault(datagram: bytes) -> MalformedMessageError:
    with pytest.raises(MalformedMessageError) as caught:
        parse(datagram)
    assert str(caught.value).isascii()
    assert str(caught.value).isprintable()
    return caught.value


@pytest.mark.parametrize("datagram", [LONG, SHORT, b"\r\n\r\n" + LONG], ids=["long", "short", "after CRLF"])
def test_a_request_is_read_however_it_is_written(datagram: bytes) -> None:
    message = request(datagram)
    assert (message.method, message.uri, message.body) == ("NOTIFY", "sip:501@192.0.2.7", b"body")
    assert message.envelope.vias == (
        "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1",
        'SIP/2.0/TCP a.example;branch=z9hG4bK2;x="a,b"',
        "SIP/2.0/TCP b.example",
    )
    assert message.from_ == NameAddr(display="A, B", uri="sip:pbx@192.0.2.1", parameters=(("tag", "a"),))
    assert message.to == NameAddr(display="", uri="sip:501@192.0.2.7")
    assert message.cseq == 1
    expected = {
        "call-id": "c1",
        "event": "message-summary",
        "allow-events": "message-summary",
        "contact": "<sip:pbx@192.0.2.1>",
        "content-type": "text/plain",
        "content-encoding": "identity",
        "supported": "path",
        "subject": "lunch or dinner",
    }
    assert {name: message.headers.get(name) for name in expected} == expected


def test_headers_keep_their_order_and_their_spelling() -> None:
    lines = LONG.decode().partition("\r\n\r\n")[0].split("\r\n")[1:]
    assert request(LONG).headers.pairs == tuple(tuple(line.split(": ", 1)) for line in lines)
    assert request(SHORT).headers.pairs[2:5] == (
        ("T", "sip:501@192.0.2.7"),
        ("I", "c1"),
        ("CSEQ", "0001   NOTIFY"),
    )


def test_a_response_is_read() -> None:
    datagram = b"SIP/2.0 200 \xff K\r\nCall-ID: c1\r\nContent-Length: 2\r\n\r\nab"
    assert parse(datagram) == Response(
        status=200,
        reason="\udcff K",
        headers=Headers((("Call-ID", "c1"), ("Content-Length", "2"))),
        body=b"ab",
    )


def test_headers_are_values() -> None:
    headers = Headers((("Via", "a, b"), ("v", "c"), ("To", "d")))
    assert headers.get("absent") is None
    assert headers.all("via") == ["a, b", "c"]
    assert headers.items("via") == ["a", "b", "c"]
    assert headers == Headers(headers.pairs)
    assert headers != Headers(())
    assert hash(headers) == hash(Headers(headers.pairs))
    assert repr(headers) == "Headers((('Via', 'a, b'), ('v', 'c'), ('To', 'd')))"


@pytest.mark.parametrize("datagram", [b"", b"\r\n", b"\r\n\r\n\r\n", b"\n"])
def test_line_ends_alone_are_a_keepalive(datagram: bytes) -> None:
    assert parse(datagram) is None


@pytest.mark.parametrize(
    ("length", "body"),
    [
        (None, b"four and more"),
        ("4", b"four"),
        ("0", b""),
        ("0000000000000000000004", b"four"),
    ],
)
def test_content_length_cuts_the_body_and_its_absence_takes_all(
    length: str | None, body: bytes, notify: Notify
) -> None:
    assert request(notify(b"four and more", headers={"Content-Length": length})).body == body


@pytest.mark.parametrize("length", ["99", "-1", "4.0", "four", "", "4, 4", "9" * 5000, "٤"])
def test_a_content_length_that_is_too_long_or_no_number_is_400(length: str, notify: Notify) -> None:
    error = fault(notify(b"four", headers={"Content-Length": length}))
    assert (error.status, error.envelope is not None) == (400, True)


def test_content_lengths_that_contradict_are_400_and_equal_ones_are_not(notify: Notify) -> None:
    assert fault(notify(b"four", headers={"l": "3"})).status == 400
    assert request(notify(b"four", headers={"l": "4"})).body == b"four"


def test_without_its_empty_line_a_message_is_whole_only_if_it_says_so(notify: Notify) -> None:
    head = notify(b"").removesuffix(b"\r\n")
    assert request(head).body == b""
    assert fault(head.removesuffix(b"\r\n")).status == 400
    cut = fault(notify().partition(b"\r\n\r\n")[0] + b"\r\n")
    assert (cut.status, str(cut)) == (400, "the headers are cut off")
    assert fault(notify(headers={"Content-Length": None}).partition(b"\r\n\r\n")[0]).status == 400


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("NOTIFY sip:501@h SIP/7.0", 505),
        ("NOTIFY sip:501@h SIP/" + "7" * 100 + ".0", 505),
        ("NOTIFY  sip:501@h SIP/2.0", 400),
        ("NOTIFY sip:501@h SIP/2.0 ", 400),
        ("NOTIFY sip:5 1@h SIP/2.0", 400),
        ("NOTIFY sip:501@h", 400),
        ("NO/TIFY sip:501@h SIP/2.0", 400),
        ("NOTIFY sip:501@h HTTP/1.1", 400),
        ("\udcff sip:501@h SIP/2.0", 400),
    ],
)
def test_a_first_line_that_cannot_be_read_is_still_answered(line: str, status: int, notify: Notify) -> None:
    error = fault(notify(line=line))
    assert error.status == status
    assert error.envelope is not None
    assert error.envelope.call_id == "c1@127.0.0.1"


@pytest.mark.parametrize(
    "headers",
    [
        {"CSeq": None},
        {"CSeq": ""},
        {"CSeq": "NOTIFY"},
        {"CSeq": "1"},
        {"CSeq": "1 INVITE"},
        {"CSeq": "1\0"},
        {"CSeq": "2147483648 NOTIFY"},
        {"CSeq": "9" * 5000 + " NOTIFY"},
        {"CSeq": "0" * 5000 + "x NOTIFY"},
        {"cseq": "1 NOTIFY"},
        {"call-id": "c2"},
        {"f": "<sip:other@h>"},
        {"t": "<sip:other@h>"},
        {"From": "<sip:pbx"},
        {"To": "<sip:501"},
        {"X-Control": "a\x07b"},
        {"X-Control": "a\rb"},
        {"X-Control": "a\0b"},
        {"X no token": "a"},
        {"X\udcff": "a"},
    ],
)
def test_a_header_fault_is_400_and_answered(headers: dict[str, str | None], notify: Notify) -> None:
    error = fault(notify(headers=headers))
    assert error.status == 400
    assert error.envelope is not None
    assert error.envelope.vias == ("SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-1",)


@pytest.mark.parametrize(
    "headers",
    [
        {"Via": None},
        {"Via": "nonsense"},
        {"Via": "SIP/2.0/UDP h\r;branch=1"},
        {"From": None},
        {"To": ""},
        {"Call-ID": None},
        {"Call-ID": "a\rb"},
    ],
)
def test_what_lacks_what_an_answer_copies_cannot_be_answered(
    headers: dict[str, str | None], notify: Notify
) -> None:
    error = fault(notify(headers=headers))
    assert (error.status, error.envelope) == (400, None)


@pytest.mark.parametrize("line", ["ACK sip:501@h SIP/7.0", "SIP/2.0 200", "sip/3.0 200 OK", "SIP/2.0 999 x"])
def test_nothing_answers_an_ack_or_a_response_however_wrong(line: str, notify: Notify) -> None:
    assert fault(notify(line=line)).envelope is None


@pytest.mark.parametrize(
    ("to", "tagged"),
    [("<sip:a@h>", False), ("<sip:a@h>;tag=1", True), ("<sip:a@h;tag=1>", False), ("<", True)],
)
def test_it_is_known_whether_to_needs_a_tag(to: str, tagged: bool, notify: Notify) -> None:
    envelope = fault(notify(headers={"To": to, "Content-Length": "x"})).envelope
    assert envelope is not None
    assert envelope.is_tagged is tagged


def test_what_is_too_much_is_refused(notify: Notify) -> None:
    line, many = {"X": "y" * MAX_LINE}, {f"X{n}": "y" for n in range(MAX_HEADERS)}
    head = {f"X{n}": "y" * 8000 for n in range(5)}
    for headers in (line, many, head, {**head, "Content-Length": None}):
        error = fault(notify(headers=headers))
        assert (error.status, error.envelope is not None) == (513, True)
    error = fault(notify(b"x" * (MAX_BODY + 1)))
    assert (error.status, error.envelope is not None) == (413, True)
    assert request(notify(b"x" * MAX_BODY, headers={"X": "y" * (MAX_LINE - 3)})).body == b"x" * MAX_BODY


FULL = 65_507  # the most that UDP over IPv4 carries


@pytest.mark.parametrize(
    "filling",
    [
        b" ",
        b"\t",
        b"\n",
        b"\r\n",
        b"\r",
        b'"',
        b'\\"',
        b'"\\',
        b",",
        b",,",
        b";",
        b";a",
        b"a",
        b":",
        b"\n ",
        b"<",
        b"0",
    ],
)
@pytest.mark.parametrize(
    "name", [b"Via: SIP/2.0/UDP h;branch=", b"From: ", b"CSeq: ", b"Content-Length: ", b"Require: "]
)
def test_no_filling_takes_more_than_linear_time(filling: bytes, name: bytes, notify: Notify) -> None:
    start, _, rest = notify().partition(b"\r\n")
    line = name + (filling * MAX_LINE)[: MAX_LINE - 100]
    datagram = b"\r\n".join([start, line, line, line, rest])
    datagram += (filling * FULL)[: FULL - len(datagram)]
    began = time.process_time()
    with contextlib.suppress(MalformedMessageError):
        parse(datagram)
    # Anything quadratic in 65 kB takes seconds; this takes 10 ms at the most
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("datagram", [LONG, SHORT], ids=["long", "short"])
def test_a_message_that_was_cut_anywhere_is_malformed_or_a_keepalive(datagram: bytes) -> None:
    whole = datagram.index(b"body") + 4
    for cut in range(whole):
        if cut == 0:
            assert parse(datagram[:cut]) is None
        else:
            fault(datagram[:cut])


names = st.sampled_from(["X", "Subject", "P-Thing", "v2"])
values = st.text(
    st.characters(blacklist_categories=("Cc", "Cs"), blacklist_characters="\x7f\u2028"), max_size=20
).map(lambda text: text.strip(" \t"))


@given(st.lists(st.tuples(names, values), max_size=5), st.binary(max_size=50))
def test_any_headers_and_body_are_read_as_they_were_sent(pairs: list[tuple[str, str]], body: bytes) -> None:
    head = LONG.partition(b"Content-Length")[0]
    more = "".join(f"{name}: {value}\r\n" for name, value in pairs).encode()
    message = request(head + more + b"\r\n" + body)
    assert message.headers.pairs == (*request(head + b"\r\n").headers.pairs, *pairs)
    assert message.body == body


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise_anything_else(datagram: bytes) -> None:
    for data in (datagram, b"NOTIFY sip:a SIP/2.0\r\n" + datagram, LONG.replace(b"body", datagram)):
        with contextlib.suppress(MalformedMessageError):
            parse(data)


def test_the_limits_are_what_the_documentation_says() -> None:
    assert (MAX_HEAD, MAX_BODY, MAX_LINE, MAX_HEADERS) == (32_768, 16_384, 8_192, 128)
