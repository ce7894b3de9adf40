"""SIP URIs, name-addr and Via values (RFC 3261 sections 19.1, 20.10 and 20.42; grammar in section 25).

Text here is the wire's bytes decoded as UTF-8 with ``surrogateescape``: any byte survives and comes out again
unchanged. The patterns are possessive wherever two repetitions could meet, so that no input takes more than
linear time. A fault is a `NotifyError` with status 400, for whoever sent it.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from fxsmwi.errors import NotifyError

Address = tuple[str, int]
"""A host as an address literal, and a UDP port."""

Parameters = tuple[tuple[str, str | None], ...]
"""Parameters in their order, as written; the value is ``None`` where there is no ``=``."""

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

SIP_PORT = 5060  # RFC 3261 19.1.2, the port where none is written
MAGIC_COOKIE = "z9hG4bK"  # RFC 3261 8.1.1.7

# RFC 3261 25.1: token = 1*(alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~" )
TOKEN = r"[A-Za-z0-9\-.!%*_+`'~]++"

# hostname is narrower than this, but names with "_" are in use; IPv6reference = "[" IPv6address "]"
_HOST = r"\[[0-9A-Fa-f:.]++\]|[A-Za-z0-9._\-]++"

# quoted-string = SWS DQUOTE *(qdtext / quoted-pair ) DQUOTE
_QUOTED = r'"(?:[^"\\]++|\\.)*+"'

# generic-param = token [ EQUAL gen-value ], gen-value = token / host / quoted-string
_PARAMETER = re.compile(rf'[ \t]*+;[ \t]*+({TOKEN})(?:[ \t]*+=[ \t]*+({_QUOTED}|[^;"\s]*+))?+')

# SIP-URI = "sip:" [ userinfo ] hostport uri-parameters [ headers ]
# userinfo = ( user / telephone-subscriber ) [ ":" password ] "@"
# user may hold ";" "?" "/" and more, but never "@": what stands before the one "@" is userinfo
_SIP_URI = re.compile(
    rf'(sips?):(?:([^@:\s<>"]*+)(?::[^@\s<>"]*+)?+@)?({_HOST})(?::([0-9]{{1,5}}))?+'
    r'(;[^?\s"]*+)?+(?:\?[^\s"]*+)?+',
    re.IGNORECASE,
)
# absoluteURI = scheme ":" ( hier-part / opaque-part )
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+\-.]*+):\S")

# name-addr = [ display-name ] LAQUOT addr-spec RAQUOT, display-name = *(token LWS)/ quoted-string
_NAME_ADDR = re.compile(rf'[ \t]*+(?:({_QUOTED})|([^"<>]*+))[ \t]*+<([^<>"]*+)>([ \t]*+;.*+)?+[ \t]*+')
# addr-spec without <>: what follows ";" belongs to the header, not to the URI (RFC 3261 20)
_ADDR_SPEC = re.compile(r'[ \t]*+([^\s<>";?]++)([ \t]*+;.*+)?+[ \t]*+')

# via-parm = sent-protocol LWS sent-by *( SEMI via-params ), sent-by = host [ COLON port ]
# sent-protocol = protocol-name SLASH protocol-version SLASH transport
_VIA = re.compile(
    rf"(SIP[ \t]*+/[ \t]*+2\.0[ \t]*+/[ \t]*+({TOKEN})[ \t]++({_HOST})(?:[ \t]*+:[ \t]*+([0-9]{{1,5}}))?+)"
    r"([ \t]*+;.*+)?+[ \t]*+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SipUri:
    """A sip or sips URI; ``user`` has its %-escapes undone, and a password is not kept."""

    scheme: str
    user: str | None
    host: str
    port: int | None = None
    parameters: Parameters = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NameAddr:
    """The value of From, To or Contact: a display name, a URI as written, and the header's parameters."""

    display: str
    uri: str
    parameters: Parameters = ()

    @property
    def tag(self) -> str | None:
        """The dialog tag, ``None`` where there is none."""
        return find_parameter(self.parameters, "tag")


@dataclass(frozen=True, slots=True, kw_only=True)
class Via:
    """One Via value; ``sent`` is its text up to the parameters, protocol and sent-by."""

    sent: str
    transport: str
    host: str
    port: int | None = None
    parameters: Parameters = ()

    @property
    def branch(self) -> str:
        """The branch parameter, empty where there is none."""
        return find_parameter(self.parameters, "branch") or ""

    @property
    def has_unique_branch(self) -> bool:
        """Whether the branch names its transaction (RFC 3261 17.2.3), as RFC 2543 branches do not."""
        return len(self.branch) > len(MAGIC_COOKIE) and self.branch.startswith(MAGIC_COOKIE)

    @property
    def wants_rport(self) -> bool:
        """Whether the sender asks for the answer at its source port (RFC 3581)."""
        return any([name.lower() == "rport" for name, _ in self.parameters])

    def received_from(self, source: Address) -> str:
        """Return the value that the answer carries (RFC 3261 18.2.1, RFC 3581 section 4).

        ``received`` is added where sent-by is not the source's address or ``rport`` was asked for, and
        ``rport`` gets the source port. What the sender wrote into either is replaced.
        """
        parameters = self.parameters
        if self.wants_rport or not is_same_host(self.host, source[0]):
            kept = ((name, value) for name, value in parameters if name.lower() != "received")
            # The scope of a link-local address is our own affair
            parameters = (*kept, ("received", source[0].partition("%")[0]))
        return self.sent + "".join(
            f";rport={source[1]}"
            if name.lower() == "rport"
            else f";{name}"
            if value is None
            else f";{name}={value}"
            for name, value in parameters
        )


def find_parameter(parameters: Parameters, name: str) -> str | None:
    """Return the first value under *name* (written in lower case), ``None`` where it is absent or bare."""
    for written, value in parameters:
        if written.lower() == name:
            return value
    return None


def parse_parameters(text: str) -> Parameters:
    """Read ``;name=value;name`` to its end.

    Raises
    ------
    NotifyError
        If something else stands in between (400).
    """
    found: list[tuple[str, str | None]] = []
    position, end = 0, len(text.rstrip(" \t"))
    while position < end:
        match = _PARAMETER.match(text, position)
        if match is None:
            raise NotifyError(f"{printable(text[position:])} is no list of parameters")
        found.append((match[1], match[2]))
        position = match.end()
    return tuple(found)


def parse_uri(text: str) -> SipUri:
    """Read a sip or sips URI.

    Raises
    ------
    NotifyError
        416 if it is a URI of another scheme, 400 if it is none.
    """
    match = _SIP_URI.fullmatch(text)
    if match is None:
        scheme = _SCHEME.match(text)
        if scheme is None or scheme[1].lower() in ("sip", "sips"):
            raise NotifyError(f"{printable(text)} is no SIP URI")
        raise NotifyError(f"{printable(text)} is a {scheme[1]} URI, not a sip one", status=416)
    scheme_name, user, host, port, parameters = match.groups()
    return SipUri(
        scheme=scheme_name.lower(),
        user=_unescape(user) if user else None,
        host=host,
        port=_read_port(port),
        parameters=parse_parameters(parameters) if parameters else (),
    )


def parse_name_addr(text: str) -> NameAddr:
    """Read the value of From or To, with or without ``<>`` around its URI.

    Raises
    ------
    NotifyError
        If it is none (400). The URI itself is not looked at.
    """
    if match := _NAME_ADDR.fullmatch(text):
        quoted, plain, uri, parameters = match.groups()
        display = re.sub(r"\\(.)", r"\1", quoted[1:-1]) if quoted else plain.strip(" \t")
    elif match := _ADDR_SPEC.fullmatch(text):
        uri, parameters = match.groups()
        display = ""
    else:
        raise NotifyError(f"{printable(text)} is no address")
    return NameAddr(display=display, uri=uri, parameters=parse_parameters(parameters) if parameters else ())


def parse_via(text: str) -> Via:
    """Read one Via value.

    Raises
    ------
    NotifyError
        If it is none (400).
    """
    match = _VIA.fullmatch(text)
    if match is None:
        raise NotifyError(f"{printable(text)} is no Via")
    sent, transport, host, port, parameters = match.groups()
    return Via(
        sent=sent,
        transport=transport.upper(),
        host=host,
        port=_read_port(port),
        parameters=parse_parameters(parameters) if parameters else (),
    )


def parse_ip(host: str) -> IpAddress | None:
    """Read an address literal, in brackets or not; an IPv4 address mapped into IPv6 becomes IPv4.

    ``None`` is returned for whatever is no address: a name, most of all.
    """
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, ipaddress.IPv6Address) else address


def is_same_host(host: str, source: str) -> bool:
    """Whether *host*, as written in a message, is the address *source*; a name never is."""
    if host == source:
        return True
    address = parse_ip(host)
    return address is not None and address == parse_ip(source)


def format_address(address: Address) -> str:
    """Write ``192.0.2.1:5060`` or ``[2001:db8::1]:5060``."""
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def printable(text: str, *, limit: int = 80) -> str:
    r"""Return *text* for a log: ASCII, other bytes as ``\xff``, cut at *limit* characters."""
    cut = text if len(text) <= limit else text[: limit - 3] + "..."
    if cut.isascii() and cut.isprintable():
        return cut
    return repr(cut.encode("utf-8", "surrogateescape"))[2:-1]


def _unescape(user: str) -> str:
    # escaped = "%" HEXDIG HEXDIG; the octets are UTF-8 (RFC 3261 19.1.2)
    if "%" not in user:
        return user
    return unquote_to_bytes(user.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")


def _read_port(text: str | None) -> int | None:
    if text is None:
        return None
    port = int(text)
    if not 0 < port < 65536:
        raise NotifyError(f"{port} is no port")
    return port
