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

One rule matters more than any layout: a lamp is moved by a message about waiting messages and by nothing
else. Those are the types 0x06 and 0x82, and a call set-up only where its call type says outright that it is a
message-waiting call (0x11 is 0x81): it rings nobody. Any other call set-up may well carry a parameter 0x0B;
its `Message.waiting` is None all the same. `dsp.dialects` knows all the ways to say that messages wait.

Types that are reserved or unknown are no mistake: such a message keeps its content as it is and is about
something else, `Kind.OTHER`. (The receiver takes only `RECEIVED_TYPES` for a message at all.)

`vmwi` and `call_setup` build, as `Message.of` does from readable parameters, and are strict about what a
phone can be expected to take. `parse` reads, and takes what networks send as long as the structure is beyond
doubt. What a parameter may hold stands in `dsp.parameters`. Japan's frames are others: `dsp.ntt`.

References
----------
Numbers are from published descriptions of GR-30-CORE, GR-1401-CORE and EN 300 659-3, named on their lines:
[MELABS] melabs.com/resources/callerid.htm; [TELTONE] TLE manual. Those of types and parameters stand in
`dsp.kinds` and `dsp.parameters`. Facts only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from . import sdmf
from .codings import Raw
from .dialects import Dialect, indication, is_message_waiting_call, is_waiting, tells, wording
from .errors import SignalError
from .kinds import KINDS, PARAMETRIC, RECEIVED_TYPES, Format, Kind, MessageType
from .parameters import Absence, Parameter, ParameterType, Readable

__all__ = [
    "RECEIVED_TYPES",
    "Absence",
    "Dialect",
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

_KNOWN = {int(type_): type_ for type_ in MessageType}
_RAW = Raw(LONGEST_CONTENT)
_CONTENT = "content"
"""The label of a content whose layout is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a message says.

    Attributes
    ----------
    type : int
        A `MessageType`, or any other byte.
    content : tuple of Parameter
        The parameters in the order sent; for SDMF those that its layout stands for. Empty where the layout
        of the type is not known.
    raw : bytes
        The content where the layout of the type is not known, and else empty.

    Raises
    ------
    SignalError
        If there is no content, or not the sort that the type has, if a parameter occurs twice (no reader
        could tell which holds), or if a message-waiting message has none of the parameters that can say so.
    """

    type: int
    content: tuple[Parameter, ...] = ()
    raw: bytes = b""

    def __post_init__(self) -> None:
        if not 0 <= self.type <= 0xFF:
            raise SignalError(f"message type {self.type} does not fit a byte")
        if not self.content and not self.raw:
            raise SignalError("the message has no content")
        if self.raw if self.type in _READERS else self.content:
            raise SignalError(f"a message of type 0x{self.type:02x} has its content in the other form")
        if len({parameter.type for parameter in self.content}) < len(self.content):
            raise SignalError("a parameter occurs twice")
        if self.kind is Kind.VMWI and not tells(self.content):
            raise SignalError(
                "a message-waiting message lacks the visual indicator and all that may stand for it"
            )

    @classmethod
    def of(cls, type_: int, parameters: Mapping[str, Readable]) -> "Message":
        """Return the message whose `parameters` these are, or raise `SignalError` if they cannot be sent."""
        if type_ not in _READERS and set(parameters) == {_CONTENT}:
            return cls(type=type_, raw=_RAW.write(parameters[_CONTENT]))
        content = tuple(Parameter.labelled(label, value) for label, value in parameters.items())
        return cls(type=type_, content=content)

    @property
    def format(self) -> Format:
        """SDMF or MDMF."""
        return Format.of(self.type)

    @property
    def kind(self) -> Kind:
        """What the message is about."""
        if self.type == MessageType.CALL_SETUP and is_message_waiting_call(self.content):
            return Kind.VMWI
        return KINDS.get(self.type, Kind.OTHER)

    @property
    def waiting(self) -> bool | None:
        """Whether messages wait, in whatever dialect it is said.

        None if this is not a message-waiting message, whatever it carries, or if it only refers to a message.
        """
        return is_waiting(self.content) if self.kind is Kind.VMWI else None

    @property
    def count(self) -> int | None:
        """Number of messages as sent, where 1 may mean "one or more" [TELTONE]; None if it is not told."""
        if self.kind is not Kind.VMWI:
            return None
        count = ParameterType.MESSAGE_COUNT
        return next((parameter.data[0] for parameter in self.content if parameter.type == count), None)

    @property
    def parameters(self) -> Mapping[str, Readable]:
        """The parameters by name, with values that JSON can hold; what is unknown reads as hex."""
        if self.raw:
            return MappingProxyType({_CONTENT: _RAW.read(self.raw)})
        return MappingProxyType({parameter.label: parameter.value for parameter in self.content})

    def encode(self) -> bytes:
        """Return the bytes of the message, checksum included.

        Raises
        ------
        SignalError
            If the content is too long, or is none that the SDMF layout has room for.
        """
        content = self.raw or self._encode_content()
        if len(content) > LONGEST_CONTENT:
            raise SignalError(f"the content is {len(content)} bytes long; {LONGEST_CONTENT} fit")
        envelope = bytes((self.type, len(content))) + content
        return envelope + bytes((checksum(envelope),))

    def _encode_content(self) -> bytes:
        if self.format is Format.SDMF:
            return sdmf.write(self.kind, self.content)
        return b"".join(parameter.encode() for parameter in self.content)


def checksum(data: bytes) -> int:
    """Return the byte that makes the sum of *data* and itself a multiple of 256 [MELABS]."""
    return -sum(data) & 0xFF


def vmwi(
    waiting: bool,
    *,
    format: Format = Format.MDMF,
    dialect: Dialect | str = Dialect.INDICATOR,
    count: int | None = None,
    date: str | None = None,
    number: str | None = None,
    called: str | None = None,
    name: str | None = None,
    reference: int | None = None,
) -> bytes:
    """Build a message that switches a message-waiting lamp.

    Parameters
    ----------
    waiting : bool
        True lights the lamp.
    format : Format
        SDMF carries the lamp alone, and knows no dialects.
    dialect : Dialect
        Which parameters say that messages wait, in MDMF.
    count : int, optional
        Number of messages, 0..255; 1 also stands for "one or more" [TELTONE]. None sends no count, except in
        dialects that cannot do without.
    date, number, name : str, optional
        When and from whom the last message came: MMDDHHMM, digits, printable ASCII. None sends nothing.
    called : str, optional
        Digits of the number that the messages are for, where a line has several.
    reference : int, optional
        Of the message that was added or removed, 0..65535. None sends none, except in the dialect that
        cannot do without.

    Returns
    -------
    bytes
        The message, checksum included.

    Raises
    ------
    SignalError
        If a value cannot be sent, or if the count contradicts *waiting*.
    """
    row = wording(dialect)
    content = (
        *_if_told(ParameterType.DATE_TIME, date),
        *_if_told(row.number, number),
        *_if_told(ParameterType.DIALABLE_NUMBER, called),
        *_if_told(ParameterType.NAME, name),
        *indication(row, waiting, count=count, reference=reference),
    )
    type_ = MessageType.SDMF_MESSAGE_WAITING if Format(format) is Format.SDMF else row.type
    return Message(type=type_, content=content).encode()


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
    reason = None if number is not None else Absence(number_absent).name.lower()
    name_reason = None if name is not None or name_absent is None else Absence(name_absent).name.lower()
    content = (
        *_if_told(ParameterType.DATE_TIME, date),
        *_if_told(ParameterType.CALLING_NUMBER, number),
        *_if_told(ParameterType.NUMBER_ABSENT, reason),
        *_if_told(ParameterType.NAME, name),
        *_if_told(ParameterType.NAME_ABSENT, name_reason),
    )
    is_sdmf = Format(format) is Format.SDMF
    type_ = MessageType.SDMF_CALL_SETUP if is_sdmf else MessageType.CALL_SETUP
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
        If it is too short, not as long as it says, if its checksum is wrong, a parameter runs past the end or
        its content is none that the type allows; the text says which.
    """
    if len(message) < 4:  # type, length, at least one byte of content, checksum
        raise SignalError(f"{len(message)} bytes are too short for a message")
    if message[1] + 3 != len(message):
        raise SignalError(f"the length says {message[1]} bytes of content, {len(message) - 3} are there")
    if sum(message) & 0xFF:
        raise SignalError(f"the checksum is 0x{message[-1]:02x}, not 0x{checksum(message[:-1]):02x}")
    type_, content = _KNOWN.get(message[0], message[0]), message[2:-1]
    read = _READERS.get(type_)
    return Message(type=type_, raw=content) if read is None else Message(type=type_, content=read(content))


def _if_told(type_: ParameterType, value: str | None) -> tuple[Parameter, ...]:
    """Return the parameter that holds *value*, or nothing for None."""
    return () if value is None else (Parameter.of(type_, value),)


_READERS: Mapping[int, Callable[[bytes], tuple[Parameter, ...]]] = {
    MessageType.SDMF_CALL_SETUP: sdmf.read_call,
    MessageType.SDMF_MESSAGE_WAITING: sdmf.read_lamp,
    **dict.fromkeys(PARAMETRIC, Parameter.read),
}
