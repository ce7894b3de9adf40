"""Japan's messages: NTT's frame, with control characters, parity and a CRC.

NTT sends the same tones as Europe, but frames them like a data line of the seventies. The characters have
seven bits; the eighth makes the number of ones even. Some of them have a meaning of their own after a DLE,
and a DLE that is part of the text is sent twice::

    DLE SOH        10 01           what follows is a header
    07             07              the header
    DLE STX        10 02           what follows is the text
    40             type: 40 tells who calls, 41 the same during a call
    0C             length of the text from here on
    02 0A 30 ...   parameters: type, length, content
    DLE ETX        10 03           the text is over
    CRC            two bytes, the lower first, without parity; x^16+x^12+x^5+1, least significant bit first,
                   starting from 0, over all bytes as sent from the header on to ETX

Whether the length counts a doubled DLE once or twice, no text at hand says. spandsp counts it twice, and so
does `NttMessage.encode`; `parse` takes both. A length that is a DLE itself (sixteen bytes) is doubled here
like any other; spandsp neither sends nor reads one.

What a *message* is to the rest of the package, its bytes as they go over the line with nothing left to add,
is here the whole frame from the first DLE to the CRC, parity bits included: that is what `NttMessage.encode`
makes, what `dsp.spill.render` takes with ``standard="ntt"`` and sends as it is, and what `parse` reads. NTT
knows no message that lights a lamp, so `NttMessage.waiting` is None at all times.

References
----------
[TAPI] comments in Lantiq's drv_tapi_cid.c, which cite NTT's interface, fifth edition; [SPANDSP] adsi.h and
what its transmitter sends, which these frames were compared with; [DIALOGIC] manual of channel-associated
signalling. Facts only. [C]: from memory.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import ClassVar

from .codings import Choice, Raw, Readable
from .errors import SignalError
from .kinds import Kind
from .parameters import DIGITS, NAME, Parameter, Row, TypeNames

DLE, SOH, STX, ETX, HEADER = 0x10, 0x01, 0x02, 0x03, 0x07  # [TAPI] [SPANDSP]
LONGEST_CONTENT = 127
"""The length is one character, and a character has seven bits."""

_BEFORE = bytes((DLE, SOH, HEADER, DLE, STX))
_AFTER = bytes((DLE, ETX))
_CRC_FROM = 2
"""The CRC counts from the header on: DLE and SOH are left out."""
_CRC_SIZE = 2
_SHORTEST = len(_BEFORE) + 2 + len(_AFTER) + _CRC_SIZE


class NttType(IntEnum):
    """Type of a message."""

    CALL_SETUP = 0x40  # type 1 [TAPI] [SPANDSP]
    CALL_WAITING = 0x41  # type 2 [TAPI]


class NttParameterType(IntEnum):
    """First byte of a parameter."""

    CALLING_NUMBER = 0x02  # [SPANDSP]
    NAME = 0x03  # [TAPI]
    NUMBER_ABSENT = 0x04  # [SPANDSP] [DIALOGIC]
    CALLED_NUMBER = 0x09  # [SPANDSP]; direct dialling-in
    CALLING_NUMBER_TYPE = 0x21  # [SPANDSP] type and plan of the number
    CALLED_NUMBER_TYPE = 0x22  # [SPANDSP]


class NttAbsence(StrEnum):
    """Why a number is not told; the letters are those of [DIALOGIC], two of the words are [C]."""

    PRIVATE = "P"
    UNAVAILABLE = "O"
    PAYPHONE = "C"  # [C]
    SERVICE_CONFLICT = "S"  # [C]


_ROWS: Mapping[int, Row] = MappingProxyType(
    {
        NttParameterType.CALLING_NUMBER: Row("number", DIGITS),
        NttParameterType.NAME: Row("name", NAME),
        NttParameterType.NUMBER_ABSENT: Row(
            "number_absent",
            Choice("a reason", {reason.encode(): reason.name.lower() for reason in NttAbsence}),
        ),
        NttParameterType.CALLED_NUMBER: Row("called_number", DIGITS),
        NttParameterType.CALLING_NUMBER_TYPE: Row("number_type", Raw(LONGEST_CONTENT)),
        NttParameterType.CALLED_NUMBER_TYPE: Row("called_number_type", Raw(LONGEST_CONTENT)),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NttParameter(Parameter):
    """One parameter, all of it in characters of seven bits."""

    types: ClassVar[TypeNames] = NttParameterType
    rows: ClassVar[Mapping[int, Row]] = _ROWS

    def __post_init__(self) -> None:
        Parameter.__post_init__(self)
        if self.type > 0x7F or not self.data.isascii():
            raise SignalError(f"parameter {self.name} does not fit characters of seven bits")


@dataclass(frozen=True, slots=True, kw_only=True)
class NttMessage:
    """What a message says.

    Attributes
    ----------
    type : int
        An `NttType`, or any other character of seven bits.
    content : tuple of NttParameter
        In the order sent.

    Raises
    ------
    SignalError
        If the type does not fit, if there is no content, or if a parameter occurs twice.
    """

    type: int
    content: tuple[NttParameter, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.type <= 0x7F:
            raise SignalError(f"message type {self.type} does not fit a character of seven bits")
        if not self.content:
            raise SignalError("the message has no content")
        if len({parameter.type for parameter in self.content}) < len(self.content):
            raise SignalError("a parameter occurs twice")

    @classmethod
    def of(cls, type_: int, parameters: Mapping[str, Readable]) -> "NttMessage":
        """Return the message whose `parameters` these are, or raise `SignalError` if they cannot be sent."""
        content = tuple(NttParameter.labelled(label, value) for label, value in parameters.items())
        return cls(type=type_, content=content)

    @property
    def kind(self) -> Kind:
        """What the message is about: a call, or something unknown."""
        return Kind.CALL if self.type in _KNOWN else Kind.OTHER

    @property
    def waiting(self) -> None:
        """None: there is no message that tells of messages."""
        return None

    @property
    def count(self) -> None:
        """None, as `waiting` is."""
        return None

    @property
    def parameters(self) -> Mapping[str, Readable]:
        """The parameters by name, with values that JSON can hold; an unknown type reads as hex."""
        return MappingProxyType({parameter.label: parameter.value for parameter in self.content})

    def encode(self) -> bytes:
        """Return the frame as it goes over the line, or raise `SignalError` if the content is too long."""
        content = _doubled(b"".join(parameter.encode() for parameter in self.content))
        if len(content) > LONGEST_CONTENT:
            raise SignalError(f"the content is {len(content)} bytes long; {LONGEST_CONTENT} fit")
        return seal(_BEFORE + _doubled(bytes((self.type, len(content)))) + content + _AFTER)


def call_setup(
    *,
    number: str | None = None,
    number_absent: NttAbsence = NttAbsence.UNAVAILABLE,
    name: str | None = None,
    called: str | None = None,
    type_: NttType = NttType.CALL_SETUP,
) -> bytes:
    """Build the message that comes with a call.

    Parameters
    ----------
    number : str, optional
        Digits of the caller. None sends *number_absent* instead.
    number_absent : NttAbsence
        Why the number is not told.
    name : str, optional
        Printable ASCII. None sends none.
    called : str, optional
        Digits of the number that was called. None sends none.
    type_ : NttType
        Whether the line was idle or in a call.

    Returns
    -------
    bytes
        The frame.

    Raises
    ------
    SignalError
        If a value cannot be sent.
    """
    who = {"number_absent": NttAbsence(number_absent).name.lower()} if number is None else {"number": number}
    others = {"name": name, "called_number": called}
    told = who | {label: value for label, value in others.items() if value is not None}
    return NttMessage.of(type_, told).encode()


def parse(frame: bytes) -> NttMessage:
    """Read a frame.

    Parameters
    ----------
    frame : bytes
        All of it, from the first DLE to the CRC, parity bits included, and nothing more.

    Raises
    ------
    SignalError
        If it is too short, if parity, CRC, a control character or the length is wrong, or a parameter cannot
        be; the text says which.
    """
    if len(frame) < _SHORTEST:
        raise SignalError(f"{len(frame)} bytes are too short for a frame")
    characters = _without_parity(frame[:-_CRC_SIZE])
    if crc16(frame[_CRC_FROM:-_CRC_SIZE]) != int.from_bytes(frame[-_CRC_SIZE:], "little"):
        raise SignalError(f"the CRC is not {frame[-_CRC_SIZE:].hex(' ')}")
    if not characters.startswith(_BEFORE) or not characters.endswith(_AFTER):
        raise SignalError("a frame begins DLE SOH 07 DLE STX and ends DLE ETX")
    text = _without_doubling(characters[len(_BEFORE) : -len(_AFTER)])
    type_, told, content = text[0], text[1:2], text[2:]
    if told not in (bytes((len(content) & 0xFF,)), bytes((len(_doubled(content)) & 0xFF,))):
        raise SignalError("the length is not that of the content")
    return NttMessage(type=_KNOWN.get(type_, type_), content=NttParameter.read(content))


def seal(characters: bytes) -> bytes:
    """Return *characters*, seven bits each, from the first DLE to ETX with their parity, and the CRC."""
    sent = bytes(character | (character.bit_count() & 1) << 7 for character in characters)
    return sent + crc16(sent[_CRC_FROM:]).to_bytes(_CRC_SIZE, "little")


def crc16(data: bytes) -> int:
    """Return the CRC of *data*: x^16+x^12+x^5+1, least significant bit first, from 0 [TAPI] [SPANDSP]."""
    crc = 0
    for octet in data:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ (0x8408 if crc & 1 else 0)  # 0x1021 with its bits reversed
    return crc


def _without_parity(data: bytes) -> bytes:
    for place, octet in enumerate(data):
        if octet.bit_count() & 1:
            raise SignalError(f"byte {place}, 0x{octet:02x}, has an odd number of ones")
    return bytes(octet & 0x7F for octet in data)


def _doubled(text: bytes) -> bytes:
    return text.replace(bytes((DLE,)), bytes((DLE, DLE)))


def _without_doubling(text: bytes) -> bytes:
    if not _TEXT.fullmatch(text):
        raise SignalError("there is a single DLE within the text")
    return text.replace(bytes((DLE, DLE)), bytes((DLE,)))


_TEXT = re.compile(rb"([^\x10]|\x10\x10)+", re.DOTALL)
_KNOWN = {int(type_): type_ for type_ in NttType}
