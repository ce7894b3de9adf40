"""Parameters of a message: their numbers, what each may hold, and how a person reads it.

One table drives the check of a parameter and its readable form. A type that is not in the table is legal
(MDMF is made to be extended, and a receiver skips what it does not know) and reads as its bytes in hex.

References
----------
[MUFFIN] themuffin.net/j/cidinfo; [MELABS] melabs.com/resources/callerid.htm; [MULTIMON] multimon-ng, clip.c;
[TAPI] comments in Lantiq's drv_tapi_cid.c; [SPANDSP] adsi.h; [TELTONE] TLE manual. Facts only.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TypeAlias

from .errors import SignalError

Readable: TypeAlias = str | int | bool | Mapping[str, str | int]
"""A parameter's value as JSON can hold it."""

LONGEST_DATA = 253
"""A message holds at most 255 bytes of content, of which a parameter's type and length take two."""


class ParameterType(IntEnum):
    """First byte of a parameter."""

    DATE_TIME = 0x01  # [MUFFIN] [MELABS]
    CALLING_NUMBER = 0x02  # [MUFFIN] [MELABS]
    DIALABLE_NUMBER = 0x03  # [MUFFIN]
    NUMBER_ABSENT = 0x04  # [MUFFIN] [MELABS]
    REDIRECTION_REASON = 0x05  # [MUFFIN]; what the values mean, sources disagree about
    CALL_QUALIFIER = 0x06  # [MUFFIN] "L" is long distance
    NAME = 0x07  # [MUFFIN] [MELABS]
    NAME_ABSENT = 0x08  # [MUFFIN] [MELABS]
    VISUAL_INDICATOR = 0x0B  # [MUFFIN] FF on, 00 off
    MESSAGE_IDENTIFICATION = 0x0D  # [MULTIMON] [TAPI]
    COMPLEMENTARY_NUMBER = 0x10  # [MUFFIN] [SPANDSP]
    CALL_TYPE = 0x11  # [MUFFIN] [SPANDSP] 81 is a message-waiting call
    FIRST_CALLED_NUMBER = 0x12  # [MUFFIN]
    MESSAGE_COUNT = 0x13  # [TELTONE] [SPANDSP] "network message system status"; 15 is something else


class Absence(StrEnum):
    """Why a number or a name is not told; the value is the letter on the line [MUFFIN] [MELABS]."""

    UNAVAILABLE = "O"
    PRIVATE = "P"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter: a type, of `ParameterType` or any other byte, and at most 253 bytes.

    Raises
    ------
    SignalError
        If *type* is no byte, or *data* is too long or not what the type allows.
    """

    type: int
    data: bytes

    def __post_init__(self) -> None:
        if not 0 <= self.type <= 0xFF:
            raise SignalError(f"parameter type {self.type} does not fit a byte")
        if len(self.data) > LONGEST_DATA:
            raise SignalError(f"parameter {self.name} is {len(self.data)} bytes long; {LONGEST_DATA} fit")
        rule = _RULES.get(self.type)
        if rule is not None and not rule.pattern.fullmatch(self.data):
            raise SignalError(f"parameter {self.name} cannot be {self.data.hex(' ') or 'empty'}")

    @property
    def name(self) -> str:
        """The type's name in lower case, or its number where it has none."""
        return ParameterType(self.type).name.lower() if self.type in _RULES else f"0x{self.type:02x}"

    @property
    def label(self) -> str:
        """The name under which the value stands among a message's readable parameters."""
        rule = _RULES.get(self.type)
        return self.name if rule is None else rule.label

    @property
    def value(self) -> Readable:
        """The value as a person, and JSON, reads it; of an unknown type the bytes in hex."""
        rule = _RULES.get(self.type)
        return self.data.hex() if rule is None else rule.read(self.data)

    def encode(self) -> bytes:
        """Return the parameter as it stands in an MDMF message."""
        return bytes((self.type, len(self.data))) + self.data


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a type may hold, and how it reads."""

    label: str
    pattern: re.Pattern[bytes]
    read: Callable[[bytes], Readable]


def _text(data: bytes) -> str:
    # Names outside of ASCII come in the sender's national set; Latin-1 at least loses nothing.
    return data.decode("latin-1")


def _number(data: bytes) -> int:
    return data[0]


def _is_on(data: bytes) -> bool:
    return data == b"\xff"


def _absence(data: bytes) -> str:
    return Absence(_text(data)).name.lower()


def _identification(data: bytes) -> Mapping[str, str | int]:
    status = {0x00: "removed", 0x55: "reference", 0xFF: "added"}[data[0]]  # [MULTIMON]
    return {"status": status, "reference": int.from_bytes(data[1:], "big")}


_DATE = re.compile(rb"[0-9]{8}")  # MMDDHHMM; networks without a clock send zeros
_TEXT = re.compile(rb"[ -~\xa0-\xff]+")  # printable
_LETTER = re.compile(rb"[OP]")
_BYTE = re.compile(rb".", re.DOTALL)

_RULES: Mapping[int, _Rule] = {
    ParameterType.DATE_TIME: _Rule("date", _DATE, _text),
    ParameterType.CALLING_NUMBER: _Rule("number", _TEXT, _text),
    ParameterType.DIALABLE_NUMBER: _Rule("dialable_number", _TEXT, _text),
    ParameterType.NUMBER_ABSENT: _Rule("number_absent", _LETTER, _absence),
    ParameterType.REDIRECTION_REASON: _Rule("redirection_reason", _BYTE, _number),
    ParameterType.CALL_QUALIFIER: _Rule("call_qualifier", _TEXT, _text),
    ParameterType.NAME: _Rule("name", _TEXT, _text),
    ParameterType.NAME_ABSENT: _Rule("name_absent", _LETTER, _absence),
    ParameterType.VISUAL_INDICATOR: _Rule("visual_indicator", re.compile(rb"[\x00\xff]"), _is_on),
    ParameterType.MESSAGE_IDENTIFICATION: _Rule(
        "message_identification", re.compile(rb"[\x00\x55\xff]..", re.DOTALL), _identification
    ),
    ParameterType.COMPLEMENTARY_NUMBER: _Rule("complementary_number", _TEXT, _text),
    ParameterType.CALL_TYPE: _Rule("call_type", _BYTE, _number),
    ParameterType.FIRST_CALLED_NUMBER: _Rule("first_called_number", _TEXT, _text),
    ParameterType.MESSAGE_COUNT: _Rule("message_count", _BYTE, _number),
}
