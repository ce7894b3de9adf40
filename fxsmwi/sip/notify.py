"""What a request must be for us to act on it, check by check (RFC 3261 8.2, RFC 6665 4.1.3, RFC 3842).

Each function takes a request and raises the `NotifyError` whose status and headers are the answer to it.
`fxsmwi.sip.agent` calls them in the order of RFC 3261 8.2: method, Request-URI, Require, then what belongs to
the event package, and the content last.
"""

from __future__ import annotations

import enum

from fxsmwi.errors import NotifyError

from .message import Request
from .peers import MailboxKey, Peer, UnknownDialog
from .summary import CONTENT_TYPE, Counts, MessageClass, Summary, parse_summary
from .uri import SipUri, parse_name_addr, parse_uri, printable

PACKAGE = "message-summary"

ALLOW = ("Allow", "NOTIFY, OPTIONS")
ACCEPT = ("Accept", CONTENT_TYPE)
ACCEPT_ENCODING = ("Accept-Encoding", "identity")
ALLOW_EVENTS = ("Allow-Events", PACKAGE)


class EventKind(enum.Enum):
    """What a NOTIFY is for."""

    MESSAGE_SUMMARY = "message-summary"
    KEEP_ALIVE = "keep-alive"
    """Sipura and Linksys devices hold their NAT binding open with it; any 200 will do."""


def check_method(request: Request) -> None:
    """Refuse what is neither NOTIFY nor OPTIONS (RFC 3261 8.2.1); a CANCEL finds nothing to cancel (9.2)."""
    if request.method == "CANCEL":
        raise NotifyError("nothing is left to cancel", status=481)
    if request.method not in ("NOTIFY", "OPTIONS"):
        raise NotifyError(f"{printable(request.method)} is not for us", status=405, headers=(ALLOW,))


def check_extensions(request: Request) -> None:
    """Refuse whatever Require asks for (RFC 3261 8.2.2.3), since we have no extension that needs asking."""
    required = request.headers.items("require")
    if required:
        text = ", ".join(required)
        raise NotifyError(f"{printable(text)} is required", status=420, headers=(("Unsupported", text),))


def read_event(request: Request) -> EventKind:
    """Return what the NOTIFY is for; any event but ours is refused (489, RFC 6665 7.2).

    Notes
    -----
    Event is mandatory, but senders leave it out and Asterisk 22 takes them by their Content-Type, and so do
    we. Letter case is ignored, although RFC 6665 compares byte by byte: a lamp is worth more.
    """
    value = request.headers.get("event")
    if value is None:
        if _media_type(request) == CONTENT_TYPE:
            return EventKind.MESSAGE_SUMMARY
        raise NotifyError("Event is missing", status=489, headers=(ALLOW_EVENTS,))
    # Event = ( "Event" / "o" ) HCOLON event-type *( SEMI event-param )
    event = value.partition(";")[0].strip(" \t").lower()
    try:
        return EventKind(event)
    except ValueError:
        text = f"the event {printable(event)} is not {PACKAGE}"
        raise NotifyError(text, status=489, headers=(ALLOW_EVENTS,)) from None


def check_dialog(request: Request, peer: Peer) -> None:
    """Refuse a NOTIFY of a dialog (481): no subscription is made yet, so no dialog is known."""
    if request.to.tag is not None and peer.unknown_dialog is UnknownDialog.REFUSE:
        raise NotifyError("it belongs to a subscription that is not known", status=481)


def check_order(request: Request, last: int | None) -> None:
    """Refuse a CSeq below the last accepted one: it is old news that came late (500, RFC 3261 12.2.2).

    Notes
    -----
    An equal CSeq in another transaction is taken. RFC 3261 8.2.2.2 would answer 482, to stop forked copies;
    but who fails over to another route repeats the same request under a new branch (RFC 3263 4.3), and a 482
    would make a failure of what succeeded. To apply the same state again does no harm.
    """
    if last is not None and request.cseq < last:
        raise NotifyError(f"CSeq {request.cseq} comes after {last}", status=500)


def read_summary(request: Request) -> Summary | None:
    """Return what the body says, ``None`` where there is none.

    A NOTIFY without a body is legal, and says nothing about the lamp: Kamailio sends one when the state that
    was published runs out. A body without a Content-Type is taken for what the event package has only one of.

    Raises
    ------
    NotifyError
        415 for another type or encoding; `MalformedSummaryError` if the body is none.
    """
    if not request.body:
        return None
    media_type = _media_type(request)
    if media_type not in (CONTENT_TYPE, None):
        raise NotifyError(f"{printable(media_type)} is not {CONTENT_TYPE}", status=415, headers=(ACCEPT,))
    encodings = request.headers.items("content-encoding")
    if any(encoding.lower() != "identity" for encoding in encodings):
        text = f"the encoding {printable(', '.join(encodings))} is not understood"
        raise NotifyError(text, status=415, headers=(ACCEPT_ENCODING,))
    return parse_summary(request.body)


def mailbox_name(key: MailboxKey, request: Request, uri: SipUri, summary: Summary) -> str | None:
    """Return the name of a mailbox as one place of a NOTIFY gives it, ``None`` where it gives none."""
    if key is MailboxKey.REQUEST_URI:
        return uri.user
    if key is MailboxKey.TO:
        return _user_of(request.to.uri)
    account = summary.account
    if account is None or ":" not in account:
        return account
    try:  # Account-URI, which some write in <>
        return _user_of(parse_name_addr(account).uri)
    except NotifyError:
        return None


def describe(summary: Summary) -> str:
    """Return a summary in short: ``2/8 (0/2)``, or ``yes``, or both where one does not tell the other."""
    counts = summary.of(MessageClass.VOICE)
    waiting = "yes" if summary.waiting else "no"
    if counts is None:
        return waiting
    return str(counts) if summary.waiting == (counts.new > 0) else f"{waiting} {counts}"


def voice_counts(summary: Summary) -> Counts | tuple[None, None, None, None]:
    """Return the counts that a lamp's mailbox has: those of the voice messages."""
    return summary.of(MessageClass.VOICE) or (None, None, None, None)


def _user_of(text: str) -> str | None:
    try:
        return parse_uri(text).user
    except NotifyError:  # a URI of another kind names no mailbox
        return None


def _media_type(request: Request) -> str | None:
    # media-type = m-type SLASH m-subtype *(SEMI m-parameter), all of it without regard to case
    value = request.headers.get("content-type")
    if value is None:
        return None
    return value.partition(";")[0].replace(" ", "").replace("\t", "").lower()
