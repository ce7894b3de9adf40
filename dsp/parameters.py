"""Parameters of a message: their numbers, what each may hold, and how a person reads it.

One table drives everything: the check of a parameter, its readable form and the way back. A type that is not
in the table is legal (MDMF is made to be extended, and a receiver skips what it does not know) and reads as
its bytes in hex.

References
----------
[MUFFIN] themuffin.net/j/cidinfo; [MELABS] melabs.com/resources/callerid.htm; [MULTIMON] what multimon-ng
prints; [TAPI] comments in Lantiq's drv_tapi_cid.c, which cite EN 300 659-3; [SPANDSP] adsi.h; [TELTONE] TLE
manual. Facts only. [C]: from memory, in no source that could be read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import ClassVar, Self, TypeAlias

from .codings import Choice, Coding, Display, Identification, Octet, Raw, Readable, Text
from .errors import SignalError

__all__ = ["Absence", "Parameter", "ParameterType", "Readable", "Row", "TypeNames"]

LONGEST_DATA = 253
"""A message holds at most 255 bytes of content, of which a parameter's type and length take two."""
LONGEST_NUMBER = 20
"""Digits in a number that we send (EN 300 659-3, by [TAPI]; every Bellcore set shows 10 [MUFFIN])."""
LONGEST_NAME = 50
"""Characters in a name that we send (EN 300 659-3, by [TAPI]; every Bellcore set shows 15 [MUFFIN])."""


class ParameterType(IntEnum):
    """First byte of a parameter."""

    DATE_TIME = 0x01  # [MUFFIN] [MELABS]
    CALLING_NUMBER = 0x02  # [MUFFIN] [MELABS]
    DIALABLE_NUMBER = 0x03  # [MUFFIN]; in Europe the called line's identity [SPANDSP]
    NUMBER_ABSENT = 0x04  # [MUFFIN] [MELABS]
    REDIRECTION_REASON = 0x05  # [MUFFIN]; what the values mean, sources disagree about
    CALL_QUALIFIER = 0x06  # [MUFFIN] "L" is long distance
    NAME = 0x07  # [MUFFIN] [MELABS]
    NAME_ABSENT = 0x08  # [MUFFIN] [MELABS]
    ALTERNATE_ROUTE = 0x09  # [SPANDSP]
    VISUAL_INDICATOR = 0x0B  # [MUFFIN] FF on, 00 off
    MESSAGE_IDENTIFICATION = 0x0D  # [MULTIMON] [TAPI]
    LAST_MESSAGE_NUMBER = 0x0E  # [TAPI] by name; the code is [C]
    COMPLEMENTARY_DATE_TIME = 0x0F  # [TAPI]
    COMPLEMENTARY_NUMBER = 0x10  # [MUFFIN] [SPANDSP]
    CALL_TYPE = 0x11  # [MUFFIN] [SPANDSP] 81 is a message-waiting call
    FIRST_CALLED_NUMBER = 0x12  # [MUFFIN]
    MESSAGE_COUNT = 0x13  # [TELTONE] [SPANDSP] "network message system status"; 15 is something else
    FORWARDED_CALL_TYPE = 0x15  # [SPANDSP]
    CALLING_USER_TYPE = 0x16  # [SPANDSP]
    REDIRECTING_NUMBER = 0x1A  # [SPANDSP]
    CHARGE = 0x20  # [SPANDSP]
    ADDITIONAL_CHARGE = 0x21  # [SPANDSP]
    DURATION = 0x23  # [SPANDSP]
    NETWORK_PROVIDER = 0x30  # [TAPI] by name; the code is [C]
    CARRIER = 0x31  # [TAPI] by name; the code is [C]
    TERMINAL_SELECTION = 0x40  # [TAPI] by name; the code is [C]
    DISPLAY_INFORMATION = 0x50  # [SPANDSP] [TAPI]
    SERVICE_INFORMATION = 0x55  # [SPANDSP]
    OPERATOR_EXTENSION = 0xE0  # [TAPI] by name and length; the code is [C]


class Absence(StrEnum):
    """Why a number or a name is not told; the value is the letter on the line [MUFFIN] [MELABS]."""

    UNAVAILABLE = "O"
    PRIVATE = "P"


TypeNames: TypeAlias = type[IntEnum]
"""An enumeration that names types."""


@dataclass(frozen=True, slots=True)
class Row:
    """A type of parameter: the label of its value, and how that is written."""

    label: str
    coding: Coding


DIGITS = Text(f"a number is 1 to {LONGEST_NUMBER} digits", re.compile(rf"[0-9]{{1,{LONGEST_NUMBER}}}"))
NAME = Text(
    f"a name is 1 to {LONGEST_NAME} printable ASCII characters", re.compile(rf"[ -~]{{1,{LONGEST_NAME}}}")
)
_DATE = Text(
    "a date is MMDDHHMM",
    re.compile(r"(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])([01][0-9]|2[0-3])[0-5][0-9]"),
    legal=re.compile(rb"[0-9]{8}"),  # networks without a clock send zeros
)
_ABSENCE = Choice("a reason", {reason.value.encode(): reason.name.lower() for reason in Absence})

_ROWS: Mapping[int, Row] = MappingProxyType(
    {
        ParameterType.DATE_TIME: Row("date", _DATE),
        ParameterType.CALLING_NUMBER: Row("number", DIGITS),
        ParameterType.DIALABLE_NUMBER: Row("dialable_number", DIGITS),
        ParameterType.NUMBER_ABSENT: Row("number_absent", _ABSENCE),
        ParameterType.REDIRECTION_REASON: Row("redirection_reason", Octet("a reason")),
        ParameterType.CALL_QUALIFIER: Row("call_qualifier", Text("a qualifier is L", re.compile("L"))),
        ParameterType.NAME: Row("name", NAME),
        ParameterType.NAME_ABSENT: Row("name_absent", _ABSENCE),
        ParameterType.ALTERNATE_ROUTE: Row("alternate_route", Raw(LONGEST_DATA)),
        ParameterType.VISUAL_INDICATOR: Row(
            "visual_indicator", Choice("the visual indicator", {b"\xff": True, b"\x00": False})
        ),
        ParameterType.MESSAGE_IDENTIFICATION: Row(
            "message_identification",
            Identification({0x00: "removed", 0x55: "reference", 0xFF: "added"}),  # [MULTIMON]
        ),
        ParameterType.LAST_MESSAGE_NUMBER: Row("last_message_number", DIGITS),
        ParameterType.COMPLEMENTARY_DATE_TIME: Row("complementary_date", _DATE),
        ParameterType.COMPLEMENTARY_NUMBER: Row("complementary_number", DIGITS),
        ParameterType.CALL_TYPE: Row("call_type", Octet("a call type")),
        ParameterType.FIRST_CALLED_NUMBER: Row("first_called_number", DIGITS),
        ParameterType.MESSAGE_COUNT: Row("message_count", Octet("a count")),
        ParameterType.FORWARDED_CALL_TYPE: Row("forwarded_call_type", Octet("a type of forwarded call")),
        ParameterType.CALLING_USER_TYPE: Row("calling_user_type", Octet("a type of calling user")),
        ParameterType.REDIRECTING_NUMBER: Row("redirecting_number", DIGITS),
        ParameterType.CHARGE: Row("charge", Raw(LONGEST_DATA)),
        ParameterType.ADDITIONAL_CHARGE: Row("additional_charge", Raw(14)),  # [TAPI]
        ParameterType.DURATION: Row("duration", Raw(6)),  # [TAPI]
        ParameterType.NETWORK_PROVIDER: Row("network_provider", Raw(LONGEST_DATA)),
        ParameterType.CARRIER: Row("carrier", Raw(LONGEST_DATA)),
        ParameterType.TERMINAL_SELECTION: Row("terminal_selection", Raw(LONGEST_DATA)),
        ParameterType.DISPLAY_INFORMATION: Row("display_information", Display(LONGEST_DATA)),  # [TAPI]
        ParameterType.SERVICE_INFORMATION: Row("service_information", Octet("a service")),
        ParameterType.OPERATOR_EXTENSION: Row("operator_extension", Raw(10)),  # [TAPI]
    }
)

_UNKNOWN = Raw(LONGEST_DATA)
_NUMBERED = re.compile(r"0x([0-9a-f]{2})")


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

    types: ClassVar[TypeNames] = ParameterType
    rows: ClassVar[Mapping[int, Row]] = _ROWS

    def __post_init__(self) -> None:
        if not 0 <= self.type <= 0xFF:
            raise SignalError(f"parameter type {self.type} does not fit a byte")
        if len(self.data) > LONGEST_DATA:
            raise SignalError(f"parameter {self.name} is {len(self.data)} bytes long; {LONGEST_DATA} fit")
        if not self._coding(self.type).allows(self.data):
            raise SignalError(f"parameter {self.name} cannot be {self.data.hex(' ') or 'empty'}")

    @classmethod
    def of(cls, type_: int, value: Readable) -> Self:
        """Return the parameter that holds *value*, or raise `SignalError` if it cannot be sent."""
        return cls(type=type_, data=cls._coding(type_).write(value))

    @classmethod
    def labelled(cls, label: str, value: Readable) -> Self:
        """Return the parameter that reads as *value* under *label*; an unknown type's label is ``0x99``."""
        types = [type_ for type_, row in cls.rows.items() if row.label == label]
        if not types and (number := _NUMBERED.fullmatch(label)):
            types = [int(number[1], 16)]
        if not types:
            raise SignalError(f"there is no parameter {label!r}")
        return cls.of(types[0], value)

    @classmethod
    def read(cls, content: bytes) -> tuple[Self, ...]:
        """Read a row of parameters as it stands in an MDMF message."""
        parameters: list[Self] = []
        while content:
            end = 2 + content[1] if len(content) > 1 else 2
            if end > len(content):
                raise SignalError(f"parameter 0x{content[0]:02x} runs past the end of the message")
            parameters.append(cls(type=content[0], data=content[2:end]))
            content = content[end:]
        return tuple(parameters)

    @property
    def name(self) -> str:
        """The type's name in lower case, or its number where it has none."""
        return self.types(self.type).name.lower() if self.type in self.rows else f"0x{self.type:02x}"

    @property
    def label(self) -> str:
        """The name under which the value stands among a message's readable parameters."""
        return self.rows[self.type].label if self.type in self.rows else self.name

    @property
    def value(self) -> Readable:
        """The value as a person, and JSON, reads it; of an unknown type the bytes in hex."""
        return self._coding(self.type).read(self.data)

    def encode(self) -> bytes:
        """Return the parameter as it stands in an MDMF message."""
        return bytes((self.type, len(self.data))) + self.data

    @classmethod
    def _coding(cls, type_: int) -> Coding:
        row = cls.rows.get(type_)
        return _UNKNOWN if row is None else row.coding
