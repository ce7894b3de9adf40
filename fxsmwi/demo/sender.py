"""The demo's senders: captured NOTIFYs, sent from a UDP socket each."""

from __future__ import annotations

import asyncio
import re
import socket
from importlib import resources

from fxsmwi.sip.uri import Address

from .script import Sender

ANSWER_S = 2.0
"""Seconds that an answer may take, four times T1 (RFC 3261 section 17.1.1.1)."""

_SENT_BY = re.compile(rb"(?m)^(Via: SIP/2\.0/UDP )[^;\r\n]+")
_IDENTITY = re.compile(rb"(?m)^(Call-ID: |Via: .*;branch=z9hG4bK)")


def captured(notify: str) -> bytes:
    """Give a captured NOTIFY by its name, byte for byte."""
    return (resources.files(__package__) / "notifies" / f"{notify}.sip").read_bytes()


class NotifySender:
    """One socket that sends NOTIFYs and takes the answers."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.last_answer = b""

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    async def send(self, notify: str, to: Address, *, turn: int) -> int | None:
        """Send a captured NOTIFY.

        Parameters
        ----------
        turn : int
            In later turns of the script Call-ID and branch are made new, or the NOTIFY would be taken for
            one that was answered already.

        Returns
        -------
        int or None
            The answer's status; None if none came in time.
        """
        loop = asyncio.get_running_loop()
        datagram = _SENT_BY.sub(rb"\g<1>127.0.0.1:%d" % self.port, captured(notify), count=1)
        if turn:
            datagram = _IDENTITY.sub(rb"\g<1>%d-" % turn, datagram)
        await loop.sock_sendto(self._socket, datagram, to)
        try:
            async with asyncio.timeout(ANSWER_S):
                self.last_answer = await loop.sock_recv(self._socket, 65535)
        except TimeoutError:
            return None
        return int(self.last_answer[8:11])  # SIP/2.0 200 OK


def open_senders() -> dict[Sender, NotifySender]:
    """Open a socket for everybody who sends in the demo."""
    return {sender: NotifySender() for sender in Sender}
