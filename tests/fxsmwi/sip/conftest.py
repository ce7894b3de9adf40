"""Captures, requests and an agent to give them to."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fxsmwi.sip.agent import Agent
from fxsmwi.sip.peers import Peer, PeerTable, Place
from fxsmwi.sip.uri import Address

_MARK = re.compile(rb"=== \+([0-9.]+) ([A-Z]+) (\S+):([0-9]+) -> (\S+):([0-9]+) len=([0-9]+) ===\n")

BODY = b"Messages-Waiting: yes\r\nVoice-Message: 2/8 (0/2)\r\n"


class Packet(NamedTuple):
    time: float
    source: Address
    destination: Address
    data: bytes

    @property
    def is_notify(self) -> bool:
        return self.data.startswith(b"NOTIFY ")


def _read_capture(path: Path) -> list[Packet]:
    data = path.read_bytes()
    packets, position = [], 0
    while position < len(data):
        mark = _MARK.match(data, position)
        assert mark is not None, data[position : position + 80]
        end = mark.end() + int(mark[7])
        source, destination = (mark[3].decode(), int(mark[4])), (mark[5].decode(), int(mark[6]))
        packets.append(Packet(float(mark[1]), source, destination, data[mark.end() : end]))
        assert data[end : end + 1] == b"\n"
        position = end + 1
    return packets


@pytest.fixture(scope="session")
def capture(fixtures: Path) -> Callable[[str], list[Packet]]:
    return lambda name: _read_capture(fixtures / "captures" / f"{name}.txt")


@pytest.fixture(scope="session")
def torture(fixtures: Path) -> Callable[[str], bytes]:
    return lambda name: (fixtures / "torture" / f"{name}.sip").read_bytes()


@pytest.fixture(scope="session")
def make_agent() -> Callable[..., Agent]:
    """An agent with one peer at 127.0.0.1 that knows every mailbox; To-tags are ``ours``."""

    def make(*peers: Peer, knows: Callable[..., bool] = lambda mailbox: True, **how: Any) -> Agent:
        table = PeerTable(peers or (make_peer(),))
        return Agent(table, knows, make_tag=lambda envelope: "ours", **how)

    return make


def make_peer(*, port: int | None = None, **how: Any) -> Peer:
    place = Place(network=ipaddress.ip_network("127.0.0.1"), port=port)
    return Peer(**{"name": "pbx", "places": (place,), **how})


@pytest.fixture(scope="session")
def peer_with() -> Callable[..., Peer]:
    return make_peer


@pytest.fixture(scope="session")
def notify() -> Callable[..., bytes]:
    """A NOTIFY as bytes; headers are replaced, added or (``None``) left out by name."""

    def build(
        body: bytes = BODY,
        *,
        line: str = "NOTIFY sip:501@192.0.2.7 SIP/2.0",
        headers: dict[str, str | None] | None = None,
    ) -> bytes:
        usual = {
            "Via": "SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-1",
            "From": "<sip:pbx@127.0.0.1>;tag=a",
            "To": "<sip:501@192.0.2.7>",
            "Call-ID": "c1@127.0.0.1",
            "CSeq": f"1 {line.partition(' ')[0]}",
            "Event": "message-summary",
            "Content-Type": "application/simple-message-summary",
            "Content-Length": str(len(body)),
            **(headers or {}),
        }
        lines = [line, *(f"{name}: {value}" for name, value in usual.items() if value is not None), "\r\n"]
        return "\r\n".join(lines).encode("utf-8", "surrogateescape") + body

    return build
