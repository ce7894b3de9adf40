"""Real sockets: batches in, answers out, and nothing stops them."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fxsmwi.errors import FxsmwiError
from fxsmwi.sip import transport
from fxsmwi.sip.transport import Datagrams, ListenError, Receive, UdpTransport
from fxsmwi.sip.uri import Address

HERE = ("127.0.0.1", 0)


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


Listen = Callable[..., UdpTransport]


@pytest.fixture
def listen(loop: asyncio.AbstractEventLoop) -> Iterator[Listen]:
    """Opens a transport that is closed when the test is over."""
    opened = []

    def open_one(receive: Receive, address: Address = HERE, **how: int) -> UdpTransport:
        opened.append(UdpTransport(address, receive, loop=loop, **how))
        return opened[-1]

    yield open_one
    for listener in opened:
        listener.close()


def once(loop: asyncio.AbstractEventLoop) -> None:
    """Let the loop look at its sockets once."""
    loop.call_soon(loop.stop)
    loop.run_forever()


class Echo:
    """Answers each datagram with itself, and keeps the batches."""

    def __init__(self) -> None:
        self.batches: list[Datagrams] = []

    def __call__(self, batch: Datagrams) -> Datagrams:
        self.batches.append(batch)
        return batch


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        pytest.param("::1", marks=pytest.mark.skipif(not has_ipv6(), reason="this host has no ::1")),
    ],
)
def test_what_arrives_is_handed_over_with_its_source_and_answered(
    host: str, listen: Listen, loop: asyncio.AbstractEventLoop
) -> None:
    echo = Echo()
    listener = listen(echo, (host, 0))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as client:
        client.bind((host, 0))
        client.settimeout(5)
        client.sendto(b"hello", listener.bound)
        source = client.getsockname()[:2]
        once(loop)
        assert client.recvfrom(99)[0] == b"hello"
    assert echo.batches == [[(b"hello", source)]]
    assert listener.bound[0] == host
    assert listener.bound[1] > 0
    listener.close()
    listener.close()  # a second call does nothing
    assert listener._socket.fileno() == -1


def test_one_wakeup_reads_one_batch_and_the_rest_comes_next(
    listen: Listen, loop: asyncio.AbstractEventLoop
) -> None:
    echo = Echo()
    listener = listen(echo, batch=4)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        for number in range(10):
            client.sendto(b"%d" % number, listener.bound)
        for _ in range(4):
            once(loop)
    assert [[datagram for datagram, _ in batch] for batch in echo.batches] == [
        [b"0", b"1", b"2", b"3"],
        [b"4", b"5", b"6", b"7"],
        [b"8", b"9"],
    ]


def test_empty_and_largest_datagrams_arrive_whole(listen: Listen, loop: asyncio.AbstractEventLoop) -> None:
    echo = Echo()
    listener = listen(echo)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(b"", listener.bound)
        client.sendto(b"x" * 65_507, listener.bound)
        once(loop)
    assert [len(datagram) for batch in echo.batches for datagram, _ in batch] == [0, 65_507]


def test_a_receiver_that_fails_answers_nothing_and_the_socket_goes_on(
    listen: Listen,
    loop: asyncio.AbstractEventLoop,
) -> None:
    failures: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _, context: failures.append(context))

    def fail(batch: Datagrams) -> Datagrams:
        raise RuntimeError("a mistake of ours")

    listener = listen(fail)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.setblocking(False)
        for _ in range(2):
            client.sendto(b"hello", listener.bound)
            once(loop)
        with pytest.raises(BlockingIOError):
            client.recv(99)
    assert [str(context["exception"]) for context in failures] == ["a mistake of ours"] * 2


def test_the_kernel_grants_more_than_its_default_buffer(
    listen: Listen, loop: asyncio.AbstractEventLoop
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plain:
        default = plain.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
    listener = listen(Echo())
    assert listener.receive_buffer >= default


class Broken:
    """A socket whose every call fails in turn, as given."""

    def __init__(self, *failures: int) -> None:
        self.failures = list(failures)

    def recvfrom(self, size: int) -> tuple[bytes, Address]:
        if not self.failures:
            raise BlockingIOError
        number = self.failures.pop(0)
        raise OSError(number, os.strerror(number))

    def sendto(self, datagram: bytes, destination: Address) -> None:
        number = self.failures.pop(0)
        raise OSError(number, os.strerror(number))


def test_errors_of_the_socket_are_told_once_for_each_kind_and_stop_nothing(
    listen: Listen,
    loop: asyncio.AbstractEventLoop,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    echo = Echo()
    listener = listen(echo)
    real = listener._socket
    refused, unreachable, full = errno.ECONNREFUSED, errno.ENETUNREACH, errno.EAGAIN
    with caplog.at_level(logging.WARNING):
        monkeypatch.setattr(listener, "_socket", Broken(refused, refused, unreachable))
        listener._wake()
        monkeypatch.setattr(listener, "_socket", Broken(refused, full, full, unreachable))
        listener.send([(b"x", ("192.0.2.1", 5060))] * 4)
    monkeypatch.setattr(listener, "_socket", real)
    here = f"127.0.0.1:{listener.bound[1]}"
    assert [record.getMessage() for record in caplog.records] == [
        f"receiving at {here}: Connection refused (told once, the socket goes on)",
        f"receiving at {here}: Network is unreachable (told once, the socket goes on)",
        "sending to 192.0.2.1:5060: Connection refused (told once, the socket goes on)",
        "sending to 192.0.2.1:5060: Resource temporarily unavailable (told once, the socket goes on)",
        "sending to 192.0.2.1:5060: Network is unreachable (told once, the socket goes on)",
    ]
    assert echo.batches == []


def test_an_answer_that_nobody_is_there_to_get_does_no_harm(
    listen: Listen, loop: asyncio.AbstractEventLoop
) -> None:
    echo = Echo()
    listener = listen(echo)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
        gone.bind(("127.0.0.1", 0))
        gone.sendto(b"a", listener.bound)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(5)
        once(loop)
        client.sendto(b"b", listener.bound)
        once(loop)
        assert client.recv(9) == b"b"


def listen_fault(address: Address, loop: asyncio.AbstractEventLoop) -> str:
    with pytest.raises(ListenError) as caught:
        UdpTransport(address, Echo(), loop=loop)
    assert isinstance(caught.value, FxsmwiError)
    return str(caught.value)


def test_a_port_that_is_taken_is_told_with_what_to_do(
    listen: Listen, loop: asyncio.AbstractEventLoop
) -> None:
    first = listen(Echo())
    assert listen_fault(first.bound, loop) == (
        f"cannot listen at udp:127.0.0.1:{first.bound[1]}: something else listens there "
        "(`ss -lunp` names it): stop that, or take another port"
    )


def test_an_address_that_is_not_here_is_told_with_what_to_do(loop: asyncio.AbstractEventLoop) -> None:
    assert listen_fault(("192.0.2.1", 5060), loop) == (
        "cannot listen at udp:192.0.2.1:5060: no interface here has that address: take one of `ip address`, "
        "or 0.0.0.0 or ::"
    )


@pytest.mark.parametrize("host", ["no such host", "x" * 70 + ".invalid"])
def test_a_name_that_is_none_is_told(host: str, loop: asyncio.AbstractEventLoop) -> None:
    assert listen_fault((host, 0), loop).endswith("is neither an address nor a name that is known")


@pytest.mark.parametrize(
    ("failing", "number", "sentence"),
    [
        ("bind", errno.EACCES, "ports below 1024 are for root"),
        ("socket", errno.EAFNOSUPPORT, "this host does not speak that address family"),
        ("socket", errno.EMFILE, "Too many open files"),
    ],
)
def test_what_the_kernel_denies_is_told(
    failing: str,
    number: int,
    sentence: str,
    loop: asyncio.AbstractEventLoop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def deny(*args: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        denied = deny if failing == "socket" else type("Denied", (socket.socket,), {"bind": deny})
        patch.setattr(socket, "socket", denied)
        fault = listen_fault(("127.0.0.1", 80), loop)
    assert sentence in fault


def test_a_link_local_source_keeps_its_interface() -> None:
    assert transport._address(("fe80::1", 5060, 0, 2)) == ("fe80::1%2", 5060)
    assert transport._address(("2001:db8::1", 5060, 0, 0)) == ("2001:db8::1", 5060)
