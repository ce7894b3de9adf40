"""SDMF and MDMF messages: bytes that say who calls, or whether messages wait.

A telephone exchange tells an idle phone things in short messages, sent as modem tones while the receiver is
on the hook. Every message has the same envelope::

    82        type: what this is about (0x82: message waiting)
    03        length: how many bytes of content follow, the checksum not counted
    0B 01 FF  content
    70        checksum: makes the sum of all bytes, itself included, a multiple of 256

The types come in two families, and the type alone tells which. In the older *single data message format*
(SDMF, types below 0x80) the content has one fixed layout. A call is eight digits of date and time, month
first, then the calling number, or one letter in its place: ``O`` out of area, ``P`` private. A
message-waiting message is three times the letter ``B`` for on, three times ``o`` for off; there is no room
for anything else, a count least of all.

In the *multiple data message format* (MDMF, 0x80 and up) the content is a row of parameters, each with a type
and a length of its own, in any order, and a receiver skips the types that it does not know. The same lamp is
parameter 0x0B, one byte, FF for on and 00 for off, and around it there is room for the number of messages
(0x13), the time and the caller of the last one.

The two families say the same things, so here a parsed message is always a row of `Parameter`: an SDMF layout
is read as the parameters that it leaves unnamed, and written back from them.

One rule matters more than any layout: a lamp is moved by a message-waiting message (0x06, 0x82) and by
nothing else. A call set-up may well carry a parameter 0x0B; its `Message.waiting` is None all the same.

`vmwi` and `call_setup` build, and are strict about what a phone can be expected to take. `parse` reads, and
takes what networks send as long as the structure is beyond doubt. What a parameter may hold stands in
`dsp.parameters`.

References
----------
Numbers are from published descriptions of GR-30-CORE, GR-1401-CORE and EN 300 659-3, named on their lines:
[MUFFIN] themuffin.net/j/cidinfo; [MELABS] melabs.com/resources/callerid.htm; [ASTERISK] what its
chan_dahdi was recorded to send; [TAPI] comments in Lantiq's drv_tapi_cid.c; [TELTONE] TLE manual. Facts only.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType

from .errors import SignalError
from .parameters import Absence, Parameter, ParameterType, Readable

__all__ = [
    "Absence",
    "Format",
    "Kind",
    "Message",
    "MessageType",
    "Parameter",
    "ParameterType",
    "call_setup",
    "checksum",
    "parse",
    "vmwi",
]

LONGEST_CONTENT = 255
"""The length is one byte."""
LONGEST_NUMBER = 20
"""Digits in a number that we send (EN 300 659-3, by [TAPI]; every Bellcore set shows 10 [MUFFIN])."""
LONGEST_NAME = 50
"""Characters in a name that we send (EN 300 659-3, by [TAPI]; every Bellcore set shows 15 [MUFFIN])."""

_DATE = re.compile(r"(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])([01][0-9]|2[0-3])[0-5][0-9]")  # MMDDHHMM
_DIGITS = re.compile(rf"[0-9]{{1,{LONGEST_NUMBER}}}")
_PRINTABLE = re.compile(rf"[ -~]{{1,{LONGEST_NAME}}}")

_LAMP = {True: b"\xff", False: b"\x00"}  # parameter 0x0B [MUFFIN]
_SDMF_LAMP = {b"\xff": b"BBB", b"\x00": b"ooo"}  # 42 42 42 and 6F 6F 6F [MUFFIN]
_DATE_LENGTH = 8
_ABSENCE_LETTERS = {reason.encode("ascii") for reason in Absence}


class Format(StrEnum):
    """The two families of messages."""

    SDMF = "sdmf"
    MDMF = "mdmf"


class Kind(StrEnum):
    """What a message is about."""

    VMWI = "vmwi"
    CALL = "call"
    OTHER = "other"


class MessageType(IntEnum):
    """First byte of a message. What is reserved or unknown is left out: such a message is not accepted."""

    SDMF_CALL_SETUP = 0x04  # [MUFFIN] [MELABS]
    SDMF_MESSAGE_WAITING = 0x06  # [MUFFIN]
    CALL_SETUP = 0x80  # [MUFFIN] [MELABS]
    CALL_SETUP_TEST = 0x81  # [MUFFIN]
    MESSAGE_WAITING = 0x82  # [MUFFIN] [ASTERISK]

    @property
    def format(self) -> Format:
        """The family that the type belongs to."""
        return Format.MDMF if self & 0x80 else Format.SDMF

    @property
    def kind(self) -> Kind:
        """What messages of the type are about."""
        return _KINDS.get(self, Kind.OTHER)


_KINDS = {
    MessageType.SDMF_CALL_SETUP: Kind.CALL,
    MessageType.CALL_SETUP: Kind.CALL,
    MessageType.SDMF_MESSAGE_WAITING: Kind.VMWI,
    MessageType.MESSAGE_WAITING: Kind.VMWI,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a message says.

    Attributes
    ----------
    type : MessageType
    content : tuple of Parameter
        The parameters in the order sent; for SDMF those that its layout stands for.

    Raises
    ------
    SignalError
        If there is no content, if a parameter occurs twice (no reader could tell which holds), or if a
        message-waiting message has no visual indicator ([TAPI] refuses it as well).
    """

    type: MessageType
    content: tuple[Parameter, ...]

    def __post_init__(self) -> None:
        types = [parameter.type for parameter in self.content]
        if not types:
            raise SignalError("the message has no content")
        if len(set(types)) < len(types):
            raise SignalError("a parameter occurs twice")
        if self.kind is Kind.VMWI and ParameterType.VISUAL_INDICATOR not in types:
            raise SignalError("a message-waiting message lacks the visual indicator, parameter 0x0b")

    @property
    def format(self) -> Format:
        """SDMF or MDMF."""
        return self.type.format

    @property
    def kind(self) -> Kind:
        """What the message is about."""
        return self.type.kind

    @property
    def waiting(self) -> bool | None:
        """Whether messages wait; None if this is not a message-waiting message, whatever it carries."""
        if self.kind is not Kind.VMWI:
            return None
        return self._data(ParameterType.VISUAL_INDICATOR) == _LAMP[True]

    @property
    def count(self) -> int | None:
        """Number of messages as sent, where 1 may mean "one or more" [TELTONE]; None if it is not told."""
        data = self._data(ParameterType.MESSAGE_COUNT) if self.kind is Kind.VMWI else None
        return None if data is None else data[0]

    @property
    def parameters(self) -> Mapping[str, Readable]:
        """The parameters by name, with values that JSON can hold; an unknown type reads as hex."""
        return MappingProxyType({parameter.label: parameter.value for parameter in self.content})

    def encode(self) -> bytes:
        """Return the bytes of the message, checksum included.

        Raises
        ------
        SignalError
            If the content is too long, or is none that the SDMF layout has room for.
        """
        write = _mdmf_content if self.format is Format.MDMF else _sdmf_content
        content = write(self)
        if len(content) > LONGEST_CONTENT:
            raise SignalError(f"the content is {len(content)} bytes long; {LONGEST_CONTENT} fit")
        envelope = bytes((self.type, len(content))) + content
        return envelope + bytes((checksum(envelope),))

    def _data(self, wanted: ParameterType) -> bytes | None:
        return next((parameter.data for parameter in self.content if parameter.type == wanted), None)


def checksum(data: bytes) -> int:
    """Return the byte that makes the sum of *data* and itself a multiple of 256 [MELABS]."""
    return -sum(data) & 0xFF


def vmwi(
    waiting: bool,
    *,
    format: Format = Format.MDMF,
    count: int | None = None,
    date: str | None = None,
    number: str | None = None,
    name: str | None = None,
) -> bytes:
    """Build a message that switches a message-waiting lamp.

    Parameters
    ----------
    waiting : bool
        True lights the lamp.
    format : Format
        SDMF carries the lamp alone.
    count : int, optional
        Number of messages, 0..255; 1 also stands for "one or more" [TELTONE]. None sends no count.
    date, number, name : str, optional
        When and from whom the last message came: MMDDHHMM, digits, printable ASCII. None sends nothing.

    Returns
    -------
    bytes
        The message, checksum included.

    Raises
    ------
    SignalError
        If a value cannot be sent, or if the count contradicts *waiting*.
    """
    content = [
        *_if_told(ParameterType.DATE_TIME, date, _DATE, "a date is MMDDHHMM"),
        *_if_told(ParameterType.CALLING_NUMBER, number, _DIGITS, f"a number is 1 to {LONGEST_NUMBER} digits"),
        *_if_told(ParameterType.NAME, name, _PRINTABLE, f"a name is 1 to {LONGEST_NAME} printable ASCII"),
        Parameter(type=ParameterType.VISUAL_INDICATOR, data=_LAMP[bool(waiting)]),
    ]
    if count is not None:
        content.append(_count(count, waiting=waiting))
    sdmf = Format(format) is Format.SDMF
    type_ = MessageType.SDMF_MESSAGE_WAITING if sdmf else MessageType.MESSAGE_WAITING
    return Message(type=type_, content=tuple(content)).encode()


def call_setup(
    *,
    date: str,
    format: Format = Format.MDMF,
    number: str | None = None,
    name: str | None = None,
    number_absent: Absence = Absence.UNAVAILABLE,
    name_absent: Absence | None = None,
) -> bytes:
    """Build the message that comes with a call.

    Parameters
    ----------
    date : str
        MMDDHHMM.
    format : Format
        SDMF carries no name.
    number : str, optional
        Digits of the caller. None sends *number_absent* instead.
    name : str, optional
        Printable ASCII. None sends *name_absent*, or nothing where that is None as well.
    number_absent, name_absent : Absence
        Why the number, or the name, is not told.

    Returns
    -------
    bytes
        The message, checksum included.

    Raises
    ------
    SignalError
        If a value cannot be sent.
    """
    reason = None if number is not None else Absence(number_absent)
    name_reason = None if name is not None or name_absent is None else Absence(name_absent)
    content = (
        *_if_told(ParameterType.DATE_TIME, date, _DATE, "a date is MMDDHHMM"),
        *_if_told(ParameterType.CALLING_NUMBER, number, _DIGITS, f"a number is 1 to {LONGEST_NUMBER} digits"),
        *_if_told(ParameterType.NUMBER_ABSENT, reason, _PRINTABLE, ""),
        *_if_told(ParameterType.NAME, name, _PRINTABLE, f"a name is 1 to {LONGEST_NAME} printable ASCII"),
        *_if_told(ParameterType.NAME_ABSENT, name_reason, _PRINTABLE, ""),
    )
    sdmf = Format(format) is Format.SDMF
    type_ = MessageType.SDMF_CALL_SETUP if sdmf else MessageType.CALL_SETUP
    return Message(type=type_, content=content).encode()


def parse(message: bytes) -> Message:
    """Read a message.

    Parameters
    ----------
    message : bytes
        All of it, checksum included, and nothing more.

    Raises
    ------
    SignalError
        If it is too short, of unknown type, not as long as it says, if its checksum is wrong, a parameter
        runs past the end or its content is none that the type allows; the text says which.
    """
    if len(message) < 4:  # type, length, at least one byte of content, checksum
        raise SignalError(f"{len(message)} bytes are too short for a message")
    read = _READERS.get(message[0])
    if read is None:
        raise SignalError(f"message type 0x{message[0]:02x} is unknown")
    if message[1] + 3 != len(message):
        raise SignalError(f"the length says {message[1]} bytes of content, {len(message) - 3} are there")
    if sum(message) & 0xFF:
        raise SignalError(f"the checksum is 0x{message[-1]:02x}, not 0x{checksum(message[:-1]):02x}")
    return read(MessageType(message[0]), message[2:-1])


def _if_told(type_: ParameterType, value: str | None, pattern: re.Pattern[str], rule: str) -> list[Parameter]:
    """Return the parameter that holds *value*, or nothing for None."""
    if value is None:
        return []
    if not pattern.fullmatch(value):
        raise SignalError(f"{rule}, not {value!r}")
    return [Parameter(type=type_, data=value.encode("ascii"))]


def _count(count: int, *, waiting: bool) -> Parameter:
    if not 0 <= count <= 0xFF:
        raise SignalError(f"a count is 0 to 255, not {count}")
    if waiting != (count > 0):
        raise SignalError(f"the lamp cannot be {'on' if waiting else 'off'} with {count} messages")
    return Parameter(type=ParameterType.MESSAGE_COUNT, data=bytes((count,)))


def _mdmf_content(message: Message) -> bytes:
    return b"".join(parameter.encode() for parameter in message.content)


def _sdmf_content(message: Message) -> bytes:
    """Lay out what has a place in SDMF, and refuse what has none."""
    layouts = _SDMF_LAYOUTS[message.kind]
    room = {type_ for layout in layouts for type_ in layout}
    extra = [parameter.label for parameter in message.content if parameter.type not in room]
    if extra:
        raise SignalError(f"SDMF cannot carry {', '.join(extra)}; use MDMF")
    if tuple(parameter.type for parameter in message.content) not in layouts:
        raise SignalError("an SDMF call set-up is a date, then a number or the reason why there is none")
    data = b"".join(parameter.data for parameter in message.content)
    return _SDMF_LAMP[data] if message.kind is Kind.VMWI else data


def _read_mdmf(type_: MessageType, content: bytes) -> Message:
    parameters: list[Parameter] = []
    while content:
        end = 2 + content[1] if len(content) > 1 else 2
        if end > len(content):
            raise SignalError(f"parameter 0x{content[0]:02x} runs past the end of the message")
        parameters.append(Parameter(type=content[0], data=content[2:end]))
        content = content[end:]
    return Message(type=type_, content=tuple(parameters))


def _read_sdmf_waiting(type_: MessageType, content: bytes) -> Message:
    lamp = next((lamp for lamp, text in _SDMF_LAMP.items() if text == content), None)
    if lamp is None:
        raise SignalError(f"an SDMF lamp is 42 42 42 or 6f 6f 6f, not {content.hex(' ')}")
    return Message(type=type_, content=(Parameter(type=ParameterType.VISUAL_INDICATOR, data=lamp),))


def _read_sdmf_call(type_: MessageType, content: bytes) -> Message:
    date, caller = content[:_DATE_LENGTH], content[_DATE_LENGTH:]
    is_absent = caller in _ABSENCE_LETTERS
    who = ParameterType.NUMBER_ABSENT if is_absent else ParameterType.CALLING_NUMBER
    return Message(
        type=type_,
        content=(Parameter(type=ParameterType.DATE_TIME, data=date), Parameter(type=who, data=caller)),
    )


_SDMF_LAYOUTS: Mapping[Kind, set[tuple[int, ...]]] = {
    Kind.VMWI: {(ParameterType.VISUAL_INDICATOR,)},
    Kind.CALL: {
        (ParameterType.DATE_TIME, ParameterType.CALLING_NUMBER),
        (ParameterType.DATE_TIME, ParameterType.NUMBER_ABSENT),
    },
}

_READERS: Mapping[int, Callable[[MessageType, bytes], Message]] = {
    MessageType.SDMF_CALL_SETUP: _read_sdmf_call,
    MessageType.SDMF_MESSAGE_WAITING: _read_sdmf_waiting,
    MessageType.CALL_SETUP: _read_mdmf,
    MessageType.CALL_SETUP_TEST: _read_mdmf,
    MessageType.MESSAGE_WAITING: _read_mdmf,
}
