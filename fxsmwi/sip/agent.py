"""The receiver of NOTIFY requests: a datagram and the time in, an answer and a report out (RFC 3261 8.2).

The order in which things are looked at is part of the protocol, and of its safety:

1.  Who sends? A stranger gets 403 or silence, whatever he sent, and leaves no trace in memory.
2.  Can it be read? 505, 513, 413 or 400; without an intelligible Via and the rest of what an answer copies,
    silence. Responses and ACKs are never answered.
3.  Was it answered before? The same bytes go out again, and nothing else happens.
4.  Method 405, Request-URI 416 or 400, Require 420.
5.  For a NOTIFY: Event 489, unknown dialog 481, overtaken by a later one 500.
6.  Content type or encoding 415, the summary itself 400, its mailbox 404.

Subscription-State is not looked at. It says how long a subscription goes on, not whether the news is true:
Asterisk's pjsip marks every unsolicited NOTIFY as terminated, its chan_sip leaves the header out.
"""

from __future__ import annotations

import enum
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from fxsmwi.errors import NotifyError
from fxsmwi.mailbox import MailboxId, MailboxReport, MailboxState

from .answer import build_answer
from .message import Envelope, MalformedMessageError, Pairs, Request, Response, parse
from .notify import (
    ACCEPT,
    ALLOW,
    ALLOW_EVENTS,
    EventKind,
    check_dialog,
    check_extensions,
    check_method,
    check_order,
    describe,
    mailbox_name,
    read_event,
    read_summary,
    voice_counts,
)
from .peers import Peer, PeerTable, find_mailbox
from .summary import Summary
from .transaction import Answer, CSeqTable, TransactionTable, transaction_key
from .uri import Address, SipUri, format_address, parse_uri, printable

_Result = tuple[int, Pairs, MailboxReport | None, str]
"""Status and headers of an answer, what to report, and a note."""

_CAPABILITIES = (ALLOW, ACCEPT, ALLOW_EVENTS)
"""What a 200 to OPTIONS tells (RFC 3261 11.2)."""


class UnknownPeer(enum.Enum):
    """What a sender gets who is no peer."""

    FORBID = "forbid"
    """403."""
    IGNORE = "ignore"
    """Nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one datagram.

    Parameters
    ----------
    answer : (bytes, (str, int)), optional
        A datagram to send and its destination; ``None`` if nothing is answered.
    status : int, optional
        The answer's status code; ``None`` if nothing is answered, or if this answer went out before: what is
        repeated was told when it was decided.
    report : MailboxReport, optional
        News about a mailbox; ``None`` if nothing changes.
    note : str
        One sentence about what happened and why, printable ASCII, for the log.
    """

    answer: Answer | None = None
    status: int | None = None
    report: MailboxReport | None = None
    note: str


class TagMaker:
    """Makes To-tags that are the same for a repetition, even of a request that nothing was kept of.

    Notes
    -----
    RFC 3261 8.2.7 wants that of who answers without state; a keyed hash of the request's own names gives it,
    and nobody can foretell it (19.3).
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)

    def __call__(self, envelope: Envelope) -> str:
        """Return the tag for the answer to the request with *envelope*."""
        names = "\n".join((envelope.call_id, envelope.from_, envelope.via.branch, envelope.cseq or ""))
        octets = names.encode("utf-8", "surrogateescape")
        return hashlib.blake2s(octets, key=self._key, digest_size=8).hexdigest()


class Agent:
    """Answers requests, and reports what NOTIFYs say about mailboxes.

    Parameters
    ----------
    peers : PeerTable
        Who may send.
    knows : callable
        Whether a mailbox is one of ours.
    unknown_peer : UnknownPeer
        What others get.
    make_tag : callable, optional
        Makes the To-tag of an answer from a request's `Envelope`, always the same one for the same request.
    memory : int
        How many answers, and how many dialogs' CSeqs, are remembered. A NOTIFY of Asterisk 22 leaves 1.4 kB
        in both tables together, 94 MB when they are full (tracemalloc, CPython 3.11 on x86-64); longer
        headers leave more, as an answer copies them. For full protection it must hold 32 s of traffic.
    """

    def __init__(
        self,
        peers: PeerTable,
        knows: Callable[[MailboxId], bool],
        *,
        unknown_peer: UnknownPeer = UnknownPeer.FORBID,
        make_tag: Callable[[Envelope], str] | None = None,
        memory: int = 65_536,
    ) -> None:
        self._peers = peers
        self._knows = knows
        self._unknown_peer = unknown_peer
        self._make_tag = make_tag or TagMaker()
        self._transactions = TransactionTable(limit=memory)
        self._cseqs = CSeqTable(limit=memory)

    def receive(self, datagram: bytes, source: Address, now: float) -> Outcome:
        """Take one datagram.

        Parameters
        ----------
        datagram : bytes
            All of it.
        source : (str, int)
            Address literal and port that it came from.
        now : float
            A clock that never goes back, in seconds.

        Returns
        -------
        outcome : Outcome
            What to answer, and what is news.
        """
        peer = self._peers.find(source)
        if peer is None:
            return self._meet_stranger(datagram, source)
        try:
            message = parse(datagram)
        except MalformedMessageError as error:
            return self._answer_malformed(error, peer, source)
        if not isinstance(message, Request) or message.method == "ACK":
            return Outcome(note=f"{peer.name}: {_name_unanswered(message)} is not answered")
        key = transaction_key(message, source)
        answered = self._transactions.find(key, now)
        if answered is not None:
            return Outcome(
                answer=answered, note=f"{peer.name}: {_name(message)} came again, as did its answer"
            )
        status, headers, report, note = self._serve(message, peer, source)
        answer = self._build(message.envelope, status, source, headers)
        self._transactions.add(key, answer, now)
        return Outcome(answer=answer, status=status, report=report, note=f"{peer.name}: {note}")

    def _meet_stranger(self, datagram: bytes, source: Address) -> Outcome:
        who = f"{format_address(source)} is no peer"
        if self._unknown_peer is UnknownPeer.IGNORE:
            return Outcome(note=f"{who}: ignored")
        envelope = _read_envelope(datagram)
        if envelope is None:
            return Outcome(note=f"{who}: nothing to answer")
        answer = build_answer(envelope, 403, source=source, tag=self._make_tag(envelope), server=())
        if len(answer[0]) > len(datagram):  # or forged sources could make us send others more than we get
            return Outcome(note=f"{who}: ignored, since 403 would be longer than its request")
        return Outcome(answer=answer, status=403, note=f"{who}: answered 403")

    def _answer_malformed(self, error: MalformedMessageError, peer: Peer, source: Address) -> Outcome:
        if error.envelope is None:
            return Outcome(note=f"{peer.name}: dropped from {format_address(source)}: {error}")
        answer = self._build(error.envelope, error.status, source)
        note = f"{peer.name}: answered {error.status}: {error}"
        return Outcome(answer=answer, status=error.status, note=note)

    def _serve(self, request: Request, peer: Peer, source: Address) -> _Result:
        try:
            check_method(request)
            uri = parse_uri(request.uri)
            check_extensions(request)
            if request.method == "OPTIONS":
                return 200, _CAPABILITIES, None, f"OPTIONS from {format_address(source)}"
            report, note = self._take(request, uri, peer, source)
        except NotifyError as error:
            return error.status, error.headers, None, f"{_name(request)} answered {error.status}: {error}"
        return 200, (), report, note

    def _build(self, envelope: Envelope, status: int, source: Address, headers: Pairs = ()) -> Answer:
        return build_answer(envelope, status, source=source, tag=self._make_tag(envelope), headers=headers)

    def _take(
        self, request: Request, uri: SipUri, peer: Peer, source: Address
    ) -> tuple[MailboxReport | None, str]:
        """Take a NOTIFY; what is wrong with it is raised."""
        if read_event(request) is EventKind.KEEP_ALIVE:
            return None, f"NOTIFY keep-alive from {format_address(source)}"
        check_dialog(request, peer)
        dialog = (peer.name, request.envelope.call_id, request.from_.tag)
        check_order(request, self._cseqs.last(dialog))
        summary = read_summary(request)
        if summary is None:
            report, note = None, f"NOTIFY without a body from {format_address(source)} changes nothing"
        else:
            report, note = self._report(summary, request, uri, peer, source)
        self._cseqs.accept(dialog, request.cseq)
        return report, note

    def _report(
        self, summary: Summary, request: Request, uri: SipUri, peer: Peer, source: Address
    ) -> tuple[MailboxReport, str]:
        mailbox = find_mailbox(peer, lambda key: mailbox_name(key, request, uri, summary), self._knows)
        new, old, new_urgent, old_urgent = voice_counts(summary)
        state = MailboxState(
            waiting=summary.waiting, new=new, old=old, new_urgent=new_urgent, old_urgent=old_urgent
        )
        whom = printable(uri.user or uri.host)
        detail = f"NOTIFY {describe(summary)} to {whom} from {format_address(source)}"
        report = MailboxReport(mailbox=mailbox, state=state, source=f"sip:{peer.name}", detail=detail)
        account = f", account {printable(summary.account)}" if summary.account else ""
        faults = "".join(f"; {fault}" for fault in summary.faults)
        return report, f"{detail} is about {printable(str(mailbox))}{account}{faults}"


def _read_envelope(datagram: bytes) -> Envelope | None:
    """Return what an answer to *datagram* would copy, ``None`` where none is due."""
    try:
        message = parse(datagram)
    except MalformedMessageError as error:
        return error.envelope
    return message.envelope if isinstance(message, Request) and message.method != "ACK" else None


def _name(request: Request) -> str:
    return f"{printable(request.method, limit=20)} {request.cseq}"


def _name_unanswered(message: Request | Response | None) -> str:
    if message is None:
        return "a keep-alive"
    return "an ACK" if isinstance(message, Request) else f"a {message.status} to nothing of ours"
