"""A sender is told by its address and port, its mailbox by what the NOTIFY names."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest

from fxsmwi.mailbox import MailboxId
from fxsmwi.sip.peers import MailboxKey, Peer, PeerTable, Place, UnknownMailboxError, find_mailbox


def at(network: str, port: int | None = None) -> Place:
    return Place(network=ipaddress.ip_network(network), port=port)


def peer(name: str, *places: str | Place, **how: Any) -> Peer:
    return Peer(name=name, places=tuple(at(one) if isinstance(one, str) else one for one in places), **how)


TABLE = PeerTable(
    [
        peer("all", "0.0.0.0/0"),
        peer("lan", "192.0.2.0/24", "2001:db8::/32"),
        peer("pbx", "192.0.2.1", "2001:db8::1"),
        peer("provider", at("192.0.2.0/24", 5092), at("192.0.2.9", 5093), "198.51.100.200"),
        peer("mapped", "::ffff:198.51.100.0/120"),
    ]
)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (("192.0.2.1", 5060), "pbx"),
        (("192.0.2.2", 5060), "lan"),
        (("192.0.2.1", 5092), "provider"),  # the port counts for more than the prefix
        (("192.0.2.9", 5093), "provider"),
        (("192.0.2.1", 5093), "pbx"),
        (("198.51.100.200", 1), "provider"),
        (("203.0.113.1", 5092), "all"),
        (("::ffff:192.0.2.1", 5060), "pbx"),
        (("198.51.100.7", 5060), "mapped"),
        (("2001:db8::1", 5060), "pbx"),
        (("2001:db8::2", 5092), "lan"),
        (("2001:db9::1", 5060), None),
        (("fe80::1%2", 5060), None),
        (("nonsense", 5060), None),
    ],
)
def test_the_most_specific_entry_counts(source: tuple[str, int], name: str | None) -> None:
    for _ in range(2):  # found, then remembered
        found = TABLE.find(source)
        assert (found and found.name) == name


def test_what_is_remembered_of_sources_is_bounded() -> None:
    table = PeerTable([peer("all", "0.0.0.0/0")])
    names = {
        found.name
        for number in range(10_000)
        if (found := table.find((f"10.0.{number // 256}.{number % 256}", 5060)))
    }
    assert names == {"all"}


def test_two_peers_at_one_place_are_an_error_that_names_both() -> None:
    with pytest.raises(ValueError, match=r"peers a and b are both at 192.0.2.0/24$"):
        PeerTable([peer("a", "192.0.2.0/24"), peer("b", "::ffff:192.0.2.0/120")])
    with pytest.raises(ValueError, match=r"peers a and b are both at 192.0.2.1/32 port 5060"):
        PeerTable([peer("a", at("192.0.2.1", 5060)), peer("b", "192.0.2.2", at("192.0.2.1", 5060))])
    with pytest.raises(ValueError, match="two peers are called a"):
        PeerTable([peer("a", "192.0.2.1"), peer("a", "192.0.2.2")])


def test_one_peer_may_name_a_place_twice() -> None:
    assert PeerTable([peer("a", "192.0.2.1", "192.0.2.1")]).find(("192.0.2.1", 1)) is not None


def test_peers_at_one_address_are_told_apart_by_their_ports() -> None:
    table = PeerTable([peer("a", at("192.0.2.1", 5060)), peer("b", at("192.0.2.1", 5070))])
    found = [table.find(("192.0.2.1", port)) for port in (5060, 5070, 5080)]
    assert [one and one.name for one in found] == ["a", "b", None]


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        ({"name": ""}, "a peer needs a name"),
        ({"places": ()}, "peer pbx needs a place to send from"),
        ({"mapping": ()}, "peer pbx does not say where a mailbox is named"),
    ],
)
def test_a_peer_that_cannot_be_is_refused(how: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        Peer(**{"name": "pbx", "places": (at("192.0.2.1"),), **how})


@pytest.mark.parametrize("port", [0, 65_536])
def test_a_port_that_is_none_is_refused(port: int) -> None:
    with pytest.raises(ValueError, match=f"{port} is no port"):
        at("192.0.2.1", port)


NAMES = {
    MailboxKey.REQUEST_URI: "lab",
    MailboxKey.TO: None,
    MailboxKey.MESSAGE_ACCOUNT: "501@work",
}
KNOWN = {MailboxId("501", "work"), MailboxId("lab", "home")}


@pytest.mark.parametrize(
    ("how", "mailbox"),
    [
        ({}, "501@work"),
        ({"context": "home"}, "lab@home"),
        ({"mapping": (MailboxKey.MESSAGE_ACCOUNT, MailboxKey.REQUEST_URI), "context": "home"}, "501@work"),
        ({"mailbox": MailboxId("7000", "SIP_Remote")}, "7000@SIP_Remote"),
    ],
)
def test_the_first_name_that_is_known_counts_and_a_fixed_mailbox_before_all(
    how: dict[str, Any], mailbox: str
) -> None:
    found = find_mailbox(peer("pbx", "192.0.2.1", **how), NAMES.get, KNOWN.__contains__)
    assert str(found) == mailbox


def test_a_mailbox_that_nobody_knows_is_refused_with_the_names_that_were_tried() -> None:
    names = {MailboxKey.REQUEST_URI: "a b", MailboxKey.TO: "\udcff", MailboxKey.MESSAGE_ACCOUNT: "502"}
    with pytest.raises(UnknownMailboxError) as caught:
        find_mailbox(peer("pbx", "192.0.2.1"), names.get, KNOWN.__contains__)
    assert caught.value.status == 404
    assert str(caught.value) == (
        r"no mailbox of ours is named: a b (Request-URI), \xff (To), 502 (Message-Account)"
    )
    with pytest.raises(UnknownMailboxError, match="no name at all"):
        find_mailbox(peer("pbx", "192.0.2.1"), lambda key: None, KNOWN.__contains__)
