"""Who may send a NOTIFY, and which mailbox it is about.

A peer is told by its address, as in Asterisk, and by its source port where one is given: chan_sip tells
peers behind one address apart by their ports. The most specific entry counts: one with the port before one
without, then the longest prefix. One peer may send from several places.
"""

from __future__ import annotations

import enum
import ipaddress
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from fxsmwi.errors import NotifyError
from fxsmwi.mailbox import DEFAULT_CONTEXT, MailboxId

from .uri import Address, parse_ip, printable

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")  # RFC 4291 2.5.5.2


MAX_REMEMBERED = 4096
"""Sources of peers that are found without a search."""


class MailboxKey(enum.Enum):
    """Where in a NOTIFY a mailbox is named."""

    REQUEST_URI = "Request-URI"
    TO = "To"
    MESSAGE_ACCOUNT = "Message-Account"


class UnknownDialog(enum.Enum):
    """What is done about a NOTIFY with a To-tag, that is one in a dialog, when we know no such dialog."""

    REFUSE = "refuse"
    """Answer 481, as RFC 6665 4.1.3 wants; the notifier then drops its subscription."""
    ACCEPT = "accept"
    """Take it, for notifiers whose subscription was made by hand or before a restart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """From where a peer sends: a network, and a source port if it has to be that one.

    Raises
    ------
    ValueError
        If the port is none.
    """

    network: Network
    port: int | None = None

    def __post_init__(self) -> None:
        if self.port is not None and not 0 < self.port < 65536:
            raise ValueError(f"{self.port} is no port: ports go from 1 to 65535")

    def __str__(self) -> str:
        return str(self.network) if self.port is None else f"{self.network} port {self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A sender that is listened to.

    Parameters
    ----------
    name : str
        What it is called in logs and reports.
    places : tuple of Place
        From where it sends.
    mailbox : MailboxId, optional
        The mailbox that every NOTIFY of this peer is about, as chan_sip's ``unsolicited_mailbox`` and
        pjsip's ``incoming_mwi_mailbox``; ``None`` is the one that the NOTIFY names.
    context : str
        The context of mailboxes that are named without one.
    mapping : tuple of MailboxKey
        Where to look for the mailbox's name; the first one that is known counts.
    unknown_dialog : UnknownDialog
        What is done about a NOTIFY of a dialog that is not known.

    Raises
    ------
    ValueError
        If name, places or mapping are empty.
    """

    name: str
    places: tuple[Place, ...]
    mailbox: MailboxId | None = None
    context: str = DEFAULT_CONTEXT
    mapping: tuple[MailboxKey, ...] = (MailboxKey.REQUEST_URI, MailboxKey.TO, MailboxKey.MESSAGE_ACCOUNT)
    unknown_dialog: UnknownDialog = UnknownDialog.REFUSE

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("a peer needs a name")
        if not self.places:
            raise ValueError(f"peer {self.name} needs a place to send from")
        if not self.mapping:
            raise ValueError(f"peer {self.name} does not say where a mailbox is named")


class UnknownMailboxError(NotifyError):
    """A NOTIFY about a mailbox that no line shows (404)."""

    def __init__(self, text: str) -> None:
        super().__init__(text, status=404)


class PeerTable:
    """Finds the peer that an address belongs to, in one dictionary look-up per distinct prefix length.

    Parameters
    ----------
    peers : iterable of Peer

    Raises
    ------
    ValueError
        If two peers have the same name or the same place.
    """

    def __init__(self, peers: Iterable[Peer]) -> None:
        names: set[str] = set()
        tables: dict[tuple[int, int | None], dict[int, dict[int, Peer]]] = {}
        for peer in peers:
            if peer.name in names:
                raise ValueError(f"two peers are called {peer.name}")
            names.add(peer.name)
            for place in peer.places:
                _enter(tables, peer, Place(network=_fold(place.network), port=place.port))
        self._tables = {key: sorted(by_shift.items()) for key, by_shift in tables.items()}
        self._found: dict[Address, Peer] = {}

    def find(self, source: Address) -> Peer | None:
        """Return the peer that sends from *source*, ``None`` if nobody known does."""
        peer = self._found.get(source)
        if peer is None:
            peer = self._search(source)
            if peer is not None:  # strangers are not remembered: there may be any number of them
                if len(self._found) >= MAX_REMEMBERED:
                    self._found.clear()
                self._found[source] = peer
        return peer

    def _search(self, source: Address) -> Peer | None:
        address = parse_ip(source[0])
        if address is None:
            return None
        number = int(address)
        for port in (source[1], None):
            # The smallest shift leaves the longest prefix
            for shift, by_prefix in self._tables.get((address.version, port), ()):
                peer = by_prefix.get(number >> shift)
                if peer is not None:
                    return peer
        return None


def find_mailbox(
    peer: Peer, name_in: Callable[[MailboxKey], str | None], knows: Callable[[MailboxId], bool]
) -> MailboxId:
    """Return the mailbox that a NOTIFY of *peer* is about.

    Parameters
    ----------
    peer : Peer
        Its fixed mailbox is taken unasked.
    name_in : callable
        What the NOTIFY says in one place: ``user`` or ``user@context``, or ``None``.
    knows : callable
        Whether a mailbox is one of ours.

    Raises
    ------
    UnknownMailboxError
        If none of the names is one of ours.
    """
    if peer.mailbox is not None:
        return peer.mailbox
    tried = []
    for key in peer.mapping:
        text = name_in(key)
        if text is None:
            continue
        tried.append(f"{printable(text)} ({key.value})")
        try:
            mailbox = MailboxId.parse(text, context=peer.context)
        except ValueError:  # what no mailbox can be called names none
            continue
        if knows(mailbox):
            return mailbox
    raise UnknownMailboxError(f"no mailbox of ours is named: {', '.join(tried) or 'no name at all'}")


def _fold(network: Network) -> Network:
    """Return an IPv4 network for one that is mapped into IPv6."""
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_MAPPED):
        address = ipaddress.IPv4Address(int(network.network_address) & 0xFFFF_FFFF)
        return ipaddress.IPv4Network((address, network.prefixlen - _MAPPED.prefixlen))
    return network


def _enter(
    tables: dict[tuple[int, int | None], dict[int, dict[int, Peer]]], peer: Peer, place: Place
) -> None:
    network = place.network
    shift = network.max_prefixlen - network.prefixlen
    by_prefix = tables.setdefault((network.version, place.port), {}).setdefault(shift, {})
    other = by_prefix.setdefault(int(network.network_address) >> shift, peer)
    if other is not peer:
        raise ValueError(f"peers {other.name} and {peer.name} are both at {place}")
