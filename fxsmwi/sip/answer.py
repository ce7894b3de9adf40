"""Responses, and where they go (RFC 3261 8.2.6 and 18.2, RFC 3581)."""

from __future__ import annotations

from .message import Envelope, Pairs
from .transaction import Answer
from .uri import SIP_PORT, Address

SERVER = ("Server", "fxsmwi")

REASONS = {  # RFC 3261 section 21 and RFC 6665 8.3
    200: "OK",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Request Entity Too Large",
    415: "Unsupported Media Type",
    416: "Unsupported URI Scheme",
    420: "Bad Extension",
    481: "Call/Transaction Does Not Exist",
    489: "Bad Event",
    500: "Server Internal Error",
    505: "Version Not Supported",
    513: "Message Too Large",
}


def build_answer(
    envelope: Envelope,
    status: int,
    *,
    source: Address,
    tag: str,
    headers: Pairs = (),
    server: Pairs = (SERVER,),
) -> Answer:
    """Return the bytes of a response, and where they go.

    Parameters
    ----------
    envelope : Envelope
        Of the request.
    status : int
        One of `REASONS`.
    source : (str, int)
        Where the request came from.
    tag : str
        Ours, put into To where it has none (RFC 3261 8.2.6.2).
    headers : tuple of (str, str)
        What this status needs, such as Allow.
    server : tuple of (str, str)
        What tells who we are; empty to tell nothing.

    Notes
    -----
    It goes to the address that the request came from: to its source port if ``rport`` was asked for (RFC
    3581), else to the port in sent-by, or 5060 (RFC 3261 18.2.2). A ``maddr`` in the Via is not followed, as
    that would let a forged request aim our answers at anybody.
    """
    via = envelope.via
    lines = [
        f"SIP/2.0 {status} {REASONS[status]}\r\nVia: {via.received_from(source)}",
        *(f"Via: {text}" for text in envelope.vias[1:]),
        f"From: {envelope.from_}",
        f"To: {envelope.to}" if envelope.is_tagged else f"To: {envelope.to};tag={tag}",
        f"Call-ID: {envelope.call_id}",
    ]
    if envelope.cseq:
        lines.append(f"CSeq: {envelope.cseq}")
    lines.extend(f"{name}: {value}" for name, value in (*headers, *server))
    lines.append("Content-Length: 0\r\n\r\n")
    port = source[1] if via.wants_rport else via.port or SIP_PORT
    return "\r\n".join(lines).encode("utf-8", "surrogateescape"), (source[0], port)
