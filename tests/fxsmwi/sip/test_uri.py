"""URIs, addresses and Via values are read as RFC 3261 writes them, and as senders do."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fxsmwi.errors import NotifyError
from fxsmwi.sip.uri import (
    NameAddr,
    SipUri,
    Via,
    format_address,
    is_same_host,
    parse_ip,
    parse_name_addr,
    parse_parameters,
    parse_uri,
    parse_via,
    printable,
)

URIS = {
    "sip:501@192.0.2.7": SipUri(scheme="sip", user="501", host="192.0.2.7"),
    "sip:192.0.2.7:5080": SipUri(scheme="sip", user=None, host="192.0.2.7", port=5080),
    "SIPS:501@pbx.example:5061": SipUri(scheme="sips", user="501", host="pbx.example", port=5061),
    "sip:*97@h": SipUri(scheme="sip", user="*97", host="h"),
    "sip:501%40work@h": SipUri(scheme="sip", user="501@work", host="h"),
    "sip:J%C3%BCrgen@h": SipUri(scheme="sip", user="Jürgen", host="h"),
    "sip:%ff\udcfe@h": SipUri(scheme="sip", user="\udcff\udcfe", host="h"),
    "sip:501:secret@h": SipUri(scheme="sip", user="501", host="h"),
    "sip:@h": SipUri(scheme="sip", user=None, host="h"),
    "sip:501;x=y?z@h;lr": SipUri(scheme="sip", user="501;x=y?z", host="h", parameters=(("lr", None),)),
    "sip:501@[2001:db8::1]:5060;transport=tcp?subject=x": SipUri(
        scheme="sip", user="501", host="[2001:db8::1]", port=5060, parameters=(("transport", "tcp"),)
    ),
}


@pytest.mark.parametrize("text", URIS)
def test_a_sip_uri_is_taken_apart(text: str) -> None:
    assert parse_uri(text) == URIS[text]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("tel:+15551234", 416),
        ("mailto:a@b", 416),
        ("sip:", 400),
        ("sip:a@b@c", 400),
        ("sip:a b@c", 400),
        ("sip:a@c:0", 400),
        ("sip:a@c:65536", 400),
        ("sip:a@c:123456", 400),
        ("sip:a@c;=", 400),
        ("501", 400),
        ("", 400),
    ],
)
def test_what_is_no_sip_uri_has_its_status(text: str, status: int) -> None:
    with pytest.raises(NotifyError) as caught:
        parse_uri(text)
    assert caught.value.status == status


ADDRESSES = {
    "<sip:x@y>": NameAddr(display="", uri="sip:x@y"),
    "sip:x@y": NameAddr(display="", uri="sip:x@y"),
    "sip:x@y;tag=1": NameAddr(display="", uri="sip:x@y", parameters=(("tag", "1"),)),
    "<sip:x@y;lr>;tag=1": NameAddr(display="", uri="sip:x@y;lr", parameters=(("tag", "1"),)),
    "Voice Mail <sip:x@y> ; tag = 1 ;z": NameAddr(
        display="Voice Mail", uri="sip:x@y", parameters=(("tag", "1"), ("z", None))
    ),
    r'"A, \"B\" <c>" <sip:u@h:5060;p>;tag=x;q=";,"': NameAddr(
        display='A, "B" <c>', uri="sip:u@h:5060;p", parameters=(("tag", "x"), ("q", '";,"'))
    ),
}


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_is_taken_apart(text: str) -> None:
    assert parse_name_addr(text) == ADDRESSES[text]


@pytest.mark.parametrize(
    "text", ["", "<sip:x@y", "sip:x@y>", '"open <sip:x@y>', "<a> b", "sip:x@y?z=1", "<a>;;"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(NotifyError):
        parse_name_addr(text)


def test_a_tag_is_told_from_none() -> None:
    assert parse_name_addr("<sip:x@y>;TAG=1").tag == "1"
    assert parse_name_addr("<sip:x@y>").tag is None


VIAS = {
    "SIP/2.0/UDP 192.0.2.1:5070;rport;branch=z9hG4bK1": Via(
        sent="SIP/2.0/UDP 192.0.2.1:5070",
        transport="UDP",
        host="192.0.2.1",
        port=5070,
        parameters=(("rport", None), ("branch", "z9hG4bK1")),
    ),
    "sip / 2.0 / udp pbx.example : 5060 ; branch=1": Via(
        sent="sip / 2.0 / udp pbx.example : 5060",
        transport="UDP",
        host="pbx.example",
        port=5060,
        parameters=(("branch", "1"),),
    ),
    "SIP/2.0/TLS [2001:db8::1]": Via(sent="SIP/2.0/TLS [2001:db8::1]", transport="TLS", host="[2001:db8::1]"),
}


@pytest.mark.parametrize("text", VIAS)
def test_a_via_is_taken_apart(text: str) -> None:
    assert parse_via(text) == VIAS[text]


@pytest.mark.parametrize(
    "text", ["", "SIP/2.0/UDP", "SIP/3.0/UDP h", "HTTP/2.0/UDP h", "SIP/2.0/UDP h:99999", "SIP/2.0/UDP h;,"]
)
def test_what_is_no_via_is_refused(text: str) -> None:
    with pytest.raises(NotifyError):
        parse_via(text)


@pytest.mark.parametrize(
    ("branch", "unique"), [("z9hG4bK1", True), ("z9hG4bK", False), ("1", False), ("", False), (None, False)]
)
def test_a_branch_is_unique_by_its_magic_cookie(branch: str | None, unique: bool) -> None:
    parameter = "" if branch is None else f";branch={branch}"
    assert parse_via(f"SIP/2.0/UDP h{parameter}").has_unique_branch is unique


@pytest.mark.parametrize(
    ("sent", "source", "answered"),
    [
        ("192.0.2.1;branch=b", ("192.0.2.1", 9), "192.0.2.1;branch=b"),
        ("192.0.2.1;rport;branch=b", ("192.0.2.1", 9), "192.0.2.1;rport=9;branch=b;received=192.0.2.1"),
        ("192.0.2.1;branch=b", ("192.0.2.9", 9), "192.0.2.1;branch=b;received=192.0.2.9"),
        ("pbx.example;branch=b", ("192.0.2.9", 9), "pbx.example;branch=b;received=192.0.2.9"),
        ("h;received=6.6.6.6;rport=6", ("192.0.2.9", 9), "h;rport=9;received=192.0.2.9"),
        ("[2001:DB8::0:1];b=1", ("2001:db8::1", 9), "[2001:DB8::0:1];b=1"),
        ("[fe80::2];b=1", ("fe80::1%2", 9), "[fe80::2];b=1;received=fe80::1"),
        ("192.0.2.1;b=1", ("::ffff:192.0.2.1", 9), "192.0.2.1;b=1"),
    ],
)
def test_the_answer_s_via_tells_where_its_request_came_from(
    sent: str, source: tuple[str, int], answered: str
) -> None:
    assert parse_via(f"SIP/2.0/UDP {sent}").received_from(source) == f"SIP/2.0/UDP {answered}"


def test_hosts_are_compared_as_addresses_and_names_never_match() -> None:
    assert is_same_host("[::1]", "0:0::1")
    assert not is_same_host("localhost", "127.0.0.1")
    assert not is_same_host("127.0.0.2", "127.0.0.1")
    assert parse_ip("pbx.example") is None


def test_an_address_is_written_with_its_port() -> None:
    assert format_address(("192.0.2.1", 5060)) == "192.0.2.1:5060"
    assert format_address(("2001:db8::1", 5060)) == "[2001:db8::1]:5060"


def test_what_is_logged_is_short_printable_ascii() -> None:
    assert printable("sip:501@h") == "sip:501@h"
    assert printable("é\udcff\n") == r"\xc3\xa9\xff\n"
    assert printable("x" * 100, limit=10) == "xxxxxxx..."


def test_parameters_without_a_value_and_with_an_empty_one_differ() -> None:
    assert parse_parameters(";a;b=;c=d \t") == (("a", None), ("b", ""), ("c", "d"))


wire = st.binary(max_size=80).map(lambda octets: octets.decode("utf-8", "surrogateescape"))
near = st.text(alphabet='sip:@h<>;=",\\%4 \t/2.0UDP?[]\udcff', max_size=80)


@given(wire | near)
def test_no_text_makes_a_parser_raise_anything_but_notify_error(text: str) -> None:
    for parse in (parse_uri, parse_name_addr, parse_via, parse_parameters):
        with contextlib.suppress(NotifyError):
            parse(text)
