r"""SIP messages: bytes in, values out (RFC 3261 section 7).

A message is a start line, header lines, an empty line and a body, each line ended by CRLF::

    NOTIFY sip:501@192.0.2.7 SIP/2.0            method, Request-URI, version
    Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK7  where the answer goes; the branch names the transaction
    From: <sip:pbx@192.0.2.1>;tag=a             who speaks, and its half of the dialog's name
    To: <sip:501@192.0.2.7>                     to whom; our half is the tag that the answer adds
    Call-ID: c1@192.0.2.1                       the rest of the dialog's name
    CSeq: 1 NOTIFY                              counts the requests of a dialog
    Content-Length: 49

Names ignore case and have compact forms (``v`` is Via); a line that starts with white space continues the one
before; several lines of one name are one list. Over UDP one datagram is one message, and Content-Length may
be absent (section 18.3).

Bytes are decoded as UTF-8 with ``surrogateescape``, so that what an answer copies goes out unchanged. Line
ends may be LF alone, since some senders write them so. What cannot be read is a `MalformedMessageError`,
which keeps what its answer has to copy, if that much can be read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from fxsmwi.errors import NotifyError

from .uri import TOKEN, NameAddr, Via, parse_name_addr, parse_via, printable

# A NOTIFY has about 15 headers in 600 bytes. What is allowed beyond that bounds the time one datagram takes.
MAX_HEAD = 32_768
"""Start line and headers, in bytes."""
MAX_BODY = 16_384
"""Body, in bytes."""
MAX_LINE = 8_192
"""One header, unfolded, in characters."""
MAX_HEADERS = 128

Pairs = tuple[tuple[str, str], ...]
"""Headers as (name, value), in order."""

# RFC 3261 20 and RFC 6665 8.4
_COMPACT = {
    "c": "content-type",
    "e": "content-encoding",
    "f": "from",
    "i": "call-id",
    "k": "supported",
    "l": "content-length",
    "m": "contact",
    "o": "event",
    "s": "subject",
    "t": "to",
    "u": "allow-events",
    "v": "via",
}

# The spellings that are met every day need no call to lower()
_KEYS = _COMPACT | {
    name: name.lower()
    for name in (
        *("Via", "From", "To", "Call-ID", "CSeq", "Max-Forwards", "Contact", "User-Agent", "Event"),
        *("Subscription-State", "Allow-Events", "Content-Type", "Content-Length"),
    )
}

_END_OF_HEAD = re.compile(rb"\n\r?\n")
# LWS = [*WSP CRLF] 1*WSP
_FOLD = re.compile(r"\n[ \t]++")
# Request-Line = Method SP Request-URI SP SIP-Version CRLF
_REQUEST_LINE = re.compile(rf"({TOKEN}) ([^ \t]++) SIP/([0-9]++\.[0-9]++)", re.IGNORECASE)
# Status-Line = SIP-Version SP Status-Code SP Reason-Phrase CRLF
_STATUS_LINE = re.compile(r"SIP/2\.0 ([1-6][0-9]{2}) (.*)", re.IGNORECASE)
# message-header = header-name HCOLON header-value CRLF, HCOLON = *( SP / HTAB ) ":" SWS
# No control character but HTAB may stand in a value. By then CRLF has become LF: a CR that is left is alone,
# and must not reach an answer, where another parser may take it for a line end.
_HEADER = re.compile(rf"^({TOKEN})[ \t]*+:[ \t]*+([^\x00-\x08\n-\x1f\x7f]*+)$", re.MULTILINE)
# An item of a comma-separated list; commas within quoted strings do not part
_ITEM = re.compile(r'(?:[^",]++|"(?:[^"\\]++|\\.?)*+(?:"|$))++')
# CSeq = "CSeq" HCOLON 1*DIGIT LWS Method; ten digits hold any number below 2**31, before them zeros are legal
_CSEQ = re.compile(rf"0*([0-9]{{1,10}})[ \t]++({TOKEN})")
# Content-Length = ( "Content-Length" / "l" ) HCOLON 1*DIGIT
_LENGTH = re.compile(r"0*([0-9]{1,10})")


class Headers:
    """Headers in their order; names ignore case and compact forms are the same as long ones.

    Parameters
    ----------
    pairs : tuple of (str, str)
        Names and values as written, unfolded and without white space around them.
    """

    __slots__ = ("_values", "pairs")

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            key = _KEYS.get(name)
            if key is None:
                key = name.lower()
                key = _COMPACT.get(key, key)
            if key in self._values:
                self._values[key].append(value)
            else:
                self._values[key] = [value]

    def get(self, name: str) -> str | None:
        """Return the first value under *name* (long form, lower case)."""
        values = self._values.get(name)
        return values[0] if values else None

    def all(self, name: str) -> list[str]:
        """Return every value under *name*, one per line."""
        return self._values.get(name, [])

    def items(self, name: str) -> list[str]:
        """Return every value under *name*, with comma-separated lists taken apart (RFC 3261 7.3.1)."""
        values = self.all(name)
        if "," in "".join(values):
            values = [item.strip(" \t") for value in values for item in _ITEM.findall(value)]
        return [value for value in values if value]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and self.pairs == other.pairs

    def __hash__(self) -> int:
        return hash(self.pairs)

    def __repr__(self) -> str:
        return f"Headers({self.pairs!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What an answer copies from its request (RFC 3261 8.2.6.2); all but ``via`` as written.

    ``cseq`` is ``None`` where the request has none. ``is_tagged`` says that To needs no tag of ours.
    """

    method: str
    via: Via
    vias: tuple[str, ...]
    from_: str
    to: str
    call_id: str
    cseq: str | None
    is_tagged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request with the headers that every request must have in order.

    ``uri`` is the Request-URI as written. ``cseq`` is the number alone; the method in CSeq is the same as
    ``method``.
    """

    method: str
    uri: str
    headers: Headers
    body: bytes
    envelope: Envelope = field(repr=False)
    from_: NameAddr
    to: NameAddr
    cseq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A response; nothing in it is checked beyond its syntax."""

    status: int
    reason: str
    headers: Headers
    body: bytes = b""


class MalformedMessageError(NotifyError):
    """A message that cannot be read.

    Parameters
    ----------
    text, status
        As of `NotifyError`.
    envelope : Envelope, optional
        What the answer copies; ``None`` where too little can be read for one, or where none is due, as to a
        response or an ACK. The message is then dropped.
    """

    def __init__(self, text: str, *, status: int, envelope: Envelope | None) -> None:
        self.envelope = envelope
        super().__init__(text, status=status)


def parse(datagram: bytes) -> Request | Response | None:
    """Read the message in one datagram.

    Parameters
    ----------
    datagram : bytes
        All of it; CRLF before the start line is skipped (RFC 3261 7.5), bytes after the body are cut (18.3).

    Returns
    -------
    message : Request, Response or None
        ``None`` for a keep-alive: nothing but line ends, or nothing at all (RFC 5626 3.5.1).

    Raises
    ------
    MalformedMessageError
        With status 505 for another version than SIP/2.0, 513 for a head and 413 for a body beyond the limits,
        400 for all else: a syntax fault, a mandatory header that is absent, doubled or unreadable, another
        method in CSeq than on the first line, a Content-Length that is no number, that contradicts another
        one or that says more than there is.

    Notes
    -----
    The empty line after the headers tells a whole head from one that was cut off. Where it is absent, the
    message is taken only if its last line has an end and a Content-Length of 0 says that no body is missing.
    """
    datagram = datagram.lstrip(b"\r\n")
    if not datagram:
        return None
    try:
        return _read(datagram)
    except NotifyError as error:
        raise MalformedMessageError(str(error), status=error.status, envelope=_salvage(datagram)) from error


def _read(datagram: bytes) -> Request | Response:
    end = _END_OF_HEAD.search(datagram, 0, MAX_HEAD)
    head = datagram[: end.start()] if end else datagram[:MAX_HEAD]
    start, lines = _decode(head)
    status_line = _STATUS_LINE.fullmatch(start)
    method, uri = ("", "") if status_line else _read_request_line(start)
    if end is None and len(datagram) >= MAX_HEAD:
        raise NotifyError(f"the headers go on beyond {MAX_HEAD} bytes", status=513)
    if end is None and not datagram.endswith(b"\n"):
        raise NotifyError("the headers are cut off")
    headers = _read_headers(lines)
    body = _cut_body(headers, datagram[end.end() :] if end else None)
    if status_line:
        return Response(status=int(status_line[1]), reason=status_line[2], headers=headers, body=body)
    return _read_request(method, uri, headers, body)


def _decode(head: bytes) -> tuple[str, str]:
    """Return the start line and the unfolded header lines, parted by LF."""
    text = head.decode("utf-8", "surrogateescape").replace("\r\n", "\n").removesuffix("\r").removesuffix("\n")
    if "\n " in text or "\n\t" in text:
        text = _FOLD.sub(" ", text)
    start, _, lines = text.partition("\n")
    return start, lines


def _read_request_line(line: str) -> tuple[str, str]:
    match = _REQUEST_LINE.fullmatch(line)
    if match is None:
        raise NotifyError(f"{printable(line)} is no request line")
    method, uri, version = match.groups()
    if version != "2.0":
        raise NotifyError(f"SIP/{printable(version)} is not spoken here", status=505)
    return method, uri


def _read_headers(lines: str) -> Headers:
    count = lines.count("\n") + 1
    if count > MAX_HEADERS:
        raise NotifyError(f"{count} headers are more than {MAX_HEADERS}", status=513)
    if len(lines) > MAX_LINE and max(map(len, lines.split("\n"))) > MAX_LINE:
        raise NotifyError(f"a header is longer than {MAX_LINE} characters", status=513)
    pairs = _HEADER.findall(lines)
    if len(pairs) != count:
        wrong = next(line for line in lines.split("\n") if not _HEADER.fullmatch(line))
        raise NotifyError(f"{printable(wrong)} is no header")
    return Headers(tuple([(name, value.rstrip(" \t")) for name, value in pairs]))


def _cut_body(headers: Headers, rest: bytes | None) -> bytes:
    """Return the body by the rules for UDP; *rest* is ``None`` where no empty line ended the headers."""
    length = _read_length(headers.all("content-length"))
    if rest is None:
        if length != 0:
            raise NotifyError("the headers are cut off")
        return b""
    if length is not None and length > len(rest):
        raise NotifyError(f"Content-Length says {length}, but {len(rest)} bytes came")
    body = rest[:length]
    if len(body) > MAX_BODY:
        raise NotifyError(f"a body of {len(body)} bytes is more than {MAX_BODY}", status=413)
    return body


def _read_length(values: list[str]) -> int | None:
    if not values:
        return None
    match = _LENGTH.fullmatch(values[0])
    if match is None or any(value != values[0] for value in values):
        raise NotifyError(f"Content-Length {printable(', '.join(values))} is no number")
    return int(match[1])


def _read_request(method: str, uri: str, headers: Headers, body: bytes) -> Request:
    from_text, to_text, call_id = (_only(headers, name) for name in ("From", "To", "Call-ID"))
    cseq_text = _only(headers, "CSeq")
    vias = headers.items("via")
    if not vias:
        raise NotifyError("Via is missing")
    to = parse_name_addr(to_text)
    envelope = Envelope(
        method=method,
        via=parse_via(vias[0]),
        vias=tuple(vias),
        from_=from_text,
        to=to_text,
        call_id=call_id,
        cseq=cseq_text,
        is_tagged=to.tag is not None,
    )
    return Request(
        method=method,
        uri=uri,
        headers=headers,
        body=body,
        envelope=envelope,
        from_=parse_name_addr(from_text),
        to=to,
        cseq=_read_cseq(cseq_text, method),
    )


def _only(headers: Headers, name: str) -> str:
    """Return the value of a header that must be there, once (RFC 3261 8.1.1 and 7.3.1)."""
    values = headers.all(name.lower())
    if len(values) != 1 or not values[0]:
        raise NotifyError(f"{name} is {'given more than once' if len(values) > 1 else 'missing'}")
    return values[0]


def _read_cseq(text: str, method: str) -> int:
    match = _CSEQ.fullmatch(text)
    if match is None:
        raise NotifyError(f"{printable(text)} is no CSeq")
    number = int(match[1])
    if number >= 2**31:  # RFC 3261 8.1.1.5
        raise NotifyError(f"CSeq {number} is not below 2**31")
    if match[2] != method:
        raise NotifyError(f"CSeq names {printable(match[2])}, the first line {printable(method)}")
    return number


def _salvage(datagram: bytes) -> Envelope | None:
    """Return what an answer to an unreadable request would copy, if all that it needs can be read."""
    end = _END_OF_HEAD.search(datagram, 0, MAX_HEAD)
    # Without an empty line the last header may be half a header
    head = datagram[: end.start()] if end else datagram[: datagram.rfind(b"\n", 0, MAX_HEAD) + 1]
    start, lines = _decode(head)
    method = start.partition(" ")[0]
    if method == "ACK" or method[:4].upper() == "SIP/":
        return None
    headers = Headers(tuple((name, value.rstrip(" \t")) for name, value in _HEADER.findall(lines)))
    vias = headers.items("via")
    from_, to, call_id, cseq = (headers.get(name) for name in ("from", "to", "call-id", "cseq"))
    if not (vias and from_ and to and call_id):
        return None
    try:
        via = parse_via(vias[0])
    except NotifyError:
        return None
    return Envelope(
        method=method,
        via=via,
        vias=tuple(vias),
        from_=from_,
        to=to,
        call_id=call_id,
        cseq=cseq,
        is_tagged=_is_tagged(to),
    )


def _is_tagged(to: str) -> bool:
    """Whether To has a tag already; what cannot be read is copied as it is, so that counts as well."""
    try:
        return parse_name_addr(to).tag is not None
    except NotifyError:
        return True
