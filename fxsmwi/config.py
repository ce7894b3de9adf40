"""The configuration: TOML in, checked values out, and every fault named at once with its path.

Words are those of the field: a line's ``mailbox`` and ``mwisendtype`` are written as in chan_dahdi.conf, a
peer's ``mailbox`` as chan_sip's ``unsolicited_mailbox`` and pjsip's ``incoming_mwi_mailbox``. Relative paths
start at the file's folder.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from dsp.message import Format
from dsp.standards import Standard
from hw.base import LineNameError
from hw.registry import parse_device

from .control import DEFAULT_SOCKET
from .errors import ConfigError
from .mailbox import DEFAULT_CONTEXT, MailboxId
from .sip.agent import UnknownPeer
from .sip.peers import MailboxKey, Peer, PeerTable, Place, UnknownDialog

SIP_PORT = 5060
"""RFC 3261 section 19.1.2."""
SOCKET_PATH_LIMIT = 107
"""Bytes in a Unix socket's path: sun_path holds 108 with the closing zero (unix(7))."""
MWISENDTYPE_WORDS = ("fsk", "nofsk", "rpas", "lrev", "hvdc", "hvac", "neon")
"""chan_dahdi's words (channels/chan_dahdi.c, mwisendtype)."""


class _Table(BaseModel):
    """A TOML table: unknown keys are faults, values are never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Address(_Table):
    """An address to listen on."""

    host: str
    port: int


def parse_listen(text: object) -> Address:
    """Read ``udp:HOST:PORT``; an IPv6 address stands in brackets."""
    found = re.fullmatch(r"(\w+):(?:\[([^\]]+)\]|([^:\[\]]+))(?::(\d{1,5}))?", str(text))
    if found is None:
        raise ValueError(f"{text!r} is no listening address: write udp:127.0.0.1:5060 or udp:[::1]:5060")
    transport, bracketed, bare, port = found.groups()
    if transport != "udp":
        raise ValueError(f"{transport!r} is not spoken yet: this version listens on udp only")
    number = int(port) if port else SIP_PORT
    if number > 0xFFFF:
        raise ValueError(f"port {number} is above 65535")
    return Address(host=str(ipaddress.ip_address(bracketed or bare)), port=number)


def parse_peer_address(text: object) -> Place:
    """Read an IP address, a network, or either with a port (``192.0.2.1:5060``, ``[2001:db8::1]:5060``)."""
    found = re.fullmatch(r"(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))|([0-9A-Fa-f:.%/]+)", str(text))
    if found is None:
        raise ValueError(f"{text!r} is no IP address or network (192.0.2.1, 192.0.2.0/24, 192.0.2.1:5060)")
    port = int(found[3]) if found[3] else None
    return Place(network=ipaddress.ip_network(found[1] or found[2] or found[4]), port=port)


def _not_empty(value: Any) -> Any:
    # pydantic's own min_length also complains when entries are there, but all of them wrong
    if value in ([], ()):
        raise ValueError("names nothing")
    return value


def _one_or_more(value: object) -> object:
    return _not_empty(value) if isinstance(value, list) else [value]


def _split_mailboxes(value: object) -> list[MailboxId]:
    """chan_dahdi separates mailboxes by commas; a TOML list serves as well."""
    words = _not_empty(value) if isinstance(value, list) else str(value).split(",")
    return [MailboxId.parse(str(word)) for word in words]


def _check_device(value: object) -> str:
    try:
        parse_device(str(value))
    except LineNameError as error:
        raise ValueError(str(error)) from error
    return str(value)


def _check_mwisendtype(value: object) -> str:
    words = [word.strip() for word in str(value).split(",")]
    for word in words:
        if word not in MWISENDTYPE_WORDS:
            raise ValueError(f"{word!r} is none of {', '.join(MWISENDTYPE_WORDS)}")
        if word != "fsk":
            raise ValueError(f"{word!r} can't be sent yet: this version lights lamps by fsk only")
    return ",".join(words)


class SipPeer(_Table):
    """``[[sip.peer]]``: somebody whose NOTIFYs are believed."""

    name: str = Field(min_length=1)
    address: Annotated[
        tuple[Annotated[Place, PlainValidator(parse_peer_address)], ...],
        BeforeValidator(_one_or_more),
    ]
    mailbox: Annotated[MailboxId, PlainValidator(lambda value: MailboxId.parse(str(value)))] | None = None
    mailbox_from: Annotated[tuple[MailboxKey, ...], BeforeValidator(_not_empty)] = tuple(MailboxKey)
    context: str = DEFAULT_CONTEXT
    unknown_dialog: UnknownDialog = UnknownDialog.REFUSE

    def peer(self) -> Peer:
        """Give this entry as the agent takes it."""
        return Peer(
            name=self.name,
            places=self.address,
            mailbox=self.mailbox,
            context=self.context,
            mapping=self.mailbox_from,
            unknown_dialog=self.unknown_dialog,
        )


class Sip(_Table):
    """``[sip]``."""

    listen: Annotated[
        tuple[Annotated[Address, PlainValidator(parse_listen)], ...], BeforeValidator(_not_empty)
    ]
    unknown_peer: UnknownPeer = UnknownPeer.FORBID
    peer: tuple[SipPeer, ...] = ()

    def peer_table(self) -> PeerTable:
        """Look peers up by address."""
        return PeerTable(entry.peer() for entry in self.peer)


class LineConfig(_Table):
    """``[[line]]``: one telephone, and the mailboxes that it stands for."""

    name: str = Field(min_length=1)
    device: Annotated[str, PlainValidator(_check_device)]
    mailbox: Annotated[tuple[MailboxId, ...], BeforeValidator(_split_mailboxes)]
    mwisendtype: Annotated[str, PlainValidator(_check_mwisendtype)] = "fsk"
    standard: Standard = Standard.BELLCORE
    format: Format = Format.MDMF
    send_count: bool = False
    level_dbm0: float = Field(default=-13.5, ge=-40.0, le=0.0)
    country: str = Field(default="us", pattern="^[a-z]{2}$")

    @field_validator("standard")
    @classmethod
    def _ntt_has_no_lamp(cls, value: Standard) -> Standard:
        if value is Standard.NTT:
            raise ValueError("NTT has no message for a lamp: take 'bellcore', 'etsi' or 'bt'")
        return value

    @field_validator("send_count")
    @classmethod
    def _sdmf_has_no_count(cls, value: bool, info: ValidationInfo) -> bool:
        if value and info.data.get("format") is Format.SDMF:
            raise ValueError('an sdmf message has no room for a count: format = "mdmf", or leave this out')
        return value


class StoreConfig(_Table):
    """``[store]``."""

    path: Path = Path("fxsmwi.db")


class ControlConfig(_Table):
    """``[control]``."""

    socket: Path = Path(DEFAULT_SOCKET)


class Config(_Table):
    """A whole configuration, as `load` gives it: paths are absolute, names are unique."""

    sip: Sip
    line: Annotated[tuple[LineConfig, ...], BeforeValidator(_not_empty)]
    store: StoreConfig = StoreConfig()
    control: ControlConfig = ControlConfig()
    _folder: Path = PrivateAttr(default=Path())

    @property
    def folder(self) -> Path:
        """Where relative paths start: the file's own folder."""
        return self._folder

    @property
    def mailboxes(self) -> frozenset[MailboxId]:
        """Every mailbox that a line shows or a peer stands for."""
        of_lines = {mailbox for line in self.line for mailbox in line.mailbox}
        return frozenset(of_lines | {peer.mailbox for peer in self.sip.peer if peer.mailbox is not None})


def load(path: Path) -> Config:
    """Read the configuration file.

    Raises
    ------
    ConfigError
        With all faults at once, each with its path.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8 text"
        raise ConfigError((f"{reason}: name a readable file with -c",), where=str(path)) from error
    return parse(text, where=str(path), folder=path.absolute().parent)


def parse(text: str, *, where: str, folder: Path) -> Config:
    """Check a configuration's text.

    Parameters
    ----------
    where : str
        The file's name, for the faults.
    folder : Path
        Where relative paths start.

    Raises
    ------
    ConfigError
        With all faults at once, each with its path.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError((f"not TOML: {error}",), where=where) from error
    faults = []
    try:
        config = Config.model_validate(raw)
    except ValidationError as error:
        faults = [_sentence(fault, raw) for fault in error.errors(include_url=False)]
    faults += _clashes(raw)
    if faults:
        raise ConfigError(tuple(faults), where=where)
    return _anchor(config, where=where, folder=folder)


def _anchor(config: Config, *, where: str, folder: Path) -> Config:
    """Make paths absolute, and look at what only the whole can show."""
    store, socket = folder / config.store.path, folder / config.control.socket
    faults = [
        f"{path}: there is no folder {file.parent}"
        for path, file in (("store.path", store), ("control.socket", socket))
        if not file.parent.is_dir()
    ]
    if len(bytes(socket)) > SOCKET_PATH_LIMIT:
        faults.append(
            f"control.socket: {socket} is longer than the {SOCKET_PATH_LIMIT} bytes of a socket's path"
        )
    try:
        config.sip.peer_table()
    except ValueError as error:
        faults.append(f"sip.peer: {error}")
    if faults:
        raise ConfigError(tuple(faults), where=where)
    whole = config.model_copy(
        update={"store": StoreConfig(path=store), "control": ControlConfig(socket=socket)}
    )
    whole._folder = folder
    return whole


def _sentence(fault: Any, raw: dict[str, Any]) -> str:
    """Put one of pydantic's faults into words, with its path as written in the file."""
    places = [place for place in fault["loc"] if not _is_internal(place)]
    path = "".join(f"[{place}]" if isinstance(place, int) else f".{place}" for place in places).lstrip(".")
    name = _name_at(raw, fault["loc"])
    text = str(fault["msg"]).removeprefix("Value error, ")
    if fault["type"] == "extra_forbidden":
        text = "there is no such key" + _suggest(str(fault["loc"][-1]), fault["loc"])
    elif fault["type"] == "missing":
        text = "is missing"
    return f"{path}{name}: {text}"


def _is_internal(place: object) -> bool:
    return isinstance(place, str) and "[" in place


def _name_at(raw: object, location: tuple[int | str, ...]) -> str:
    """Give the name of the list entry that a fault is in, since people do not count entries."""
    for place in location:
        try:
            raw = raw[place]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(place, int) and isinstance(raw, dict) and "name" in raw:
            return f" ({raw['name']!r})"
    return ""


_TABLES: dict[str, type[_Table]] = {
    "": Config,
    "sip": Sip,
    "peer": SipPeer,
    "line": LineConfig,
    "store": StoreConfig,
    "control": ControlConfig,
}


def _suggest(key: str, location: tuple[int | str, ...]) -> str:
    tables = [place for place in location[:-1] if isinstance(place, str)]
    known = _TABLES[tables[-1] if tables else ""].model_fields
    close = difflib.get_close_matches(key, known, n=1)
    return f" (did you mean {close[0]}?)" if close else f" (known: {', '.join(known)})"


def _clashes(raw: dict[str, Any]) -> list[str]:
    """Name what stands twice but may only stand once."""
    sip = raw.get("sip")
    peers = sip.get("peer") if isinstance(sip, dict) else None
    unique = (
        ("line", raw.get("line"), "name"),
        ("line", raw.get("line"), "device"),
        ("sip.peer", peers, "name"),
    )
    faults = []
    for path, entries, key in unique:
        rows = entries if isinstance(entries, list) else []
        counts = Counter(row[key] for row in rows if isinstance(row, dict) and isinstance(row.get(key), str))
        faults += [f"{path}: {key} {value!r} stands {n} times" for value, n in counts.items() if n > 1]
    return faults
