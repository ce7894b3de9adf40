"""UDP sockets on an asyncio loop; the only module of the package that has any.

One wake-up of the loop reads what has arrived, up to a batch, and hands it over as a whole. The receiver
stores what the batch told and only then returns the answers: one commit pays for many NOTIFYs, and as long
as the store can be written, nothing is answered that a power cut could still undo. A datagram or an answer
that is lost is no concern of this module, since SIP repeats requests over UDP until they are answered.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
from collections.abc import Callable

from fxsmwi.errors import FxsmwiError

from .uri import Address, format_address

Datagrams = list[tuple[bytes, Address]]
"""Datagrams, each with the address it came from or goes to."""
Receive = Callable[[Datagrams], Datagrams]
"""Takes what arrived; returns what to send."""

MAX_BATCH = 256
"""Datagrams read in one wake-up; what else the loop has to do comes between batches."""
MAX_DATAGRAM = 65_535
RECEIVE_BUFFER = 4 * 1024 * 1024
"""Receive buffer asked for, in bytes: 10 000 NOTIFYs and more can wait while a commit takes its time."""

_log = logging.getLogger(__name__)


class ListenError(FxsmwiError, OSError):
    """A socket cannot be opened; the text says what to do."""


_REMEDIES = {
    errno.EADDRINUSE: "something else listens there (`ss -lunp` names it): stop that, or take another port",
    errno.EACCES: "ports below 1024 are for root: take another port, or grant CAP_NET_BIND_SERVICE",
    errno.EADDRNOTAVAIL: "no interface here has that address: take one of `ip address`, or 0.0.0.0 or ::",
    errno.EAFNOSUPPORT: "this host does not speak that address family: take an IPv4 address",
}


class UdpTransport:
    """One UDP socket that listens.

    Parameters
    ----------
    address : (str, int)
        Where to listen: a literal or a name, and a port; port 0 takes a free one.
    receive : callable
        Called with each batch. What it raises goes to the loop's exception handler, and nothing is answered.
    loop : AbstractEventLoop
    batch : int
        The most datagrams in one batch.

    Raises
    ------
    ListenError
        If the address cannot be listened at.
    """

    def __init__(
        self, address: Address, receive: Receive, *, loop: asyncio.AbstractEventLoop, batch: int = MAX_BATCH
    ) -> None:
        self._receive = receive
        self._loop = loop
        self._batch = batch
        self._told: set[tuple[str, int | None]] = set()
        self._socket = _open(address)
        self.bound: Address = _address(self._socket.getsockname())
        """The address that is listened at, with its real port."""
        self.receive_buffer: int = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        """What the kernel granted, in bytes; Linux counts its own overhead in and tells twice the payload."""
        loop.add_reader(self._socket, self._wake)

    def close(self) -> None:
        """Stop listening; what has not been read is lost. A second call does nothing."""
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket)
            self._socket.close()

    def send(self, datagrams: Datagrams) -> None:
        """Send datagrams; what cannot be sent is dropped, and told once for each kind of failure."""
        for datagram, destination in datagrams:
            try:
                self._socket.sendto(datagram, destination)
            except OSError as error:  # EAGAIN, a full buffer, is one of them
                self._tell_once("sending to", destination, error)

    def _wake(self) -> None:
        batch = self._read()
        if batch:
            self.send(self._receive(batch))

    def _read(self) -> Datagrams:
        batch: Datagrams = []
        for _ in range(self._batch):
            try:
                datagram, source = self._socket.recvfrom(MAX_DATAGRAM)
            except BlockingIOError:
                break
            except OSError as error:  # such as ICMP's echo of an answer that nobody was there to get
                self._tell_once("receiving at", self.bound, error)
            else:
                batch.append((datagram, _address(source)))
        return batch

    def _tell_once(self, doing: str, address: Address, error: OSError) -> None:
        kind = (doing, error.errno)
        if kind not in self._told:
            self._told.add(kind)
            _log.warning(
                "%s %s: %s (told once, the socket goes on)", doing, format_address(address), error.strerror
            )


def _open(address: Address) -> socket.socket:
    host, port = address
    where = f"cannot listen at udp:{format_address(address)}"
    try:
        family, kind, protocol, _, sockaddr = socket.getaddrinfo(
            host, port, type=socket.SOCK_DGRAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError) as error:
        raise ListenError(f"{where}: {host} is neither an address nor a name that is known") from error
    try:
        opened = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _listen_error(where, error) from error
    try:
        opened.setblocking(False)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        if family == socket.AF_INET6:  # so that :: and 0.0.0.0 do not get in each other's way
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        opened.bind(sockaddr)
    except OSError as error:
        opened.close()
        raise _listen_error(where, error) from error
    return opened


def _listen_error(where: str, error: OSError) -> ListenError:
    reason = os.strerror(error.errno) if error.errno else str(error)
    remedy = _REMEDIES.get(error.errno or 0)
    return ListenError(f"{where}: {remedy or reason}")


def _address(sockaddr: tuple[str, int] | tuple[str, int, int, int]) -> Address:
    """Return host and port; a link-local address keeps the interface it is valid on, ``fe80::1%2``."""
    if len(sockaddr) == 4 and sockaddr[3]:
        return f"{sockaddr[0]}%{sockaddr[3]}", sockaddr[1]
    return sockaddr[0], sockaddr[1]
