"""How the value of a parameter is written: one coding for each kind of value, in both directions.

A coding is lenient where it reads (`allows` refuses only what can mean nothing) and strict where it writes
(`write` makes only what every phone can be expected to take). What it reads is a value that JSON can hold,
and whatever it writes reads back as the same value.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from .errors import SignalError

Readable: TypeAlias = str | int | bool | Mapping[str, str | int]
"""A parameter's value as JSON can hold it."""

PRINTABLE = re.compile(rb"[ -~\xa0-\xff]+")
"""Text as networks send it; outside of ASCII in a national set, of which Latin-1 at least loses nothing."""


class Coding(Protocol):
    """How one kind of value is written."""

    def allows(self, data: bytes) -> bool:
        """Tell whether *data* can be read."""
        ...

    def read(self, data: bytes) -> Readable:
        """Return the value of *data* that `allows` has passed."""
        ...

    def write(self, value: Readable) -> bytes:
        """Return *value* as bytes, or raise `SignalError` if it cannot be sent."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """Characters, one byte each.

    Attributes
    ----------
    rule : str
        What is sent, in words.
    sent : Pattern
        What is sent: a subset of ASCII.
    legal : Pattern
        What is taken when read.
    """

    rule: str
    sent: re.Pattern[str]
    legal: re.Pattern[bytes] = PRINTABLE

    def allows(self, data: bytes) -> bool:
        """Tell whether *data* is such text."""
        return self.legal.fullmatch(data) is not None

    def read(self, data: bytes) -> str:
        """Return the text."""
        return data.decode("latin-1")

    def write(self, value: Readable) -> bytes:
        """Return the text as ASCII."""
        if not isinstance(value, str) or not self.sent.fullmatch(value):
            raise SignalError(f"{self.rule}, not {value!r}")
        return value.encode("ascii")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few codes, each with a word.

    Attributes
    ----------
    what : str
        What is chosen, for messages.
    words : mapping
        The word, or truth value, of each code.
    """

    what: str
    words: Mapping[bytes, str | bool]

    def allows(self, data: bytes) -> bool:
        """Tell whether *data* is one of the codes."""
        return data in self.words

    def read(self, data: bytes) -> str | bool:
        """Return the word."""
        return self.words[data]

    def write(self, value: Readable) -> bytes:
        """Return the code."""
        for data, word in self.words.items():
            if type(word) is type(value) and word == value:
                return data
        known = ", ".join(str(word).lower() for word in self.words.values())
        raise SignalError(f"{self.what} is one of {known}, not {value!r}")


@dataclass(frozen=True, slots=True)
class Octet:
    """A number in one byte."""

    what: str

    def allows(self, data: bytes) -> bool:
        """Tell whether *data* is one byte."""
        return len(data) == 1

    def read(self, data: bytes) -> int:
        """Return the number."""
        return data[0]

    def write(self, value: Readable) -> bytes:
        """Return the byte."""
        return bytes((_octet(self.what, value),))


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes whose meaning is not known here; they read as hex.

    Attributes
    ----------
    longest : int
        Bytes that are sent at most.
    """

    longest: int

    def allows(self, data: bytes) -> bool:
        """Any bytes will do."""
        return True

    def read(self, data: bytes) -> str:
        """Return the bytes in hex."""
        return data.hex()

    def write(self, value: Readable) -> bytes:
        """Return the bytes that *value* gives in hex."""
        if not isinstance(value, str) or not re.fullmatch(rf"([0-9a-fA-F]{{2}}){{0,{self.longest}}}", value):
            raise SignalError(f"the value is up to {self.longest} bytes in hex, not {value!r}")
        return bytes.fromhex(value)


@dataclass(frozen=True, slots=True)
class Identification:
    """Which message has come or gone: a status and a reference of 16 bits.

    Attributes
    ----------
    statuses : mapping
        The word of each status.
    """

    statuses: Mapping[int, str]

    def allows(self, data: bytes) -> bool:
        """Tell whether *data* is three bytes, the first a status."""
        return len(data) == 3 and data[0] in self.statuses

    def read(self, data: bytes) -> Mapping[str, str | int]:
        """Return status and reference."""
        return {"status": self.statuses[data[0]], "reference": int.from_bytes(data[1:], "big")}

    def write(self, value: Readable) -> bytes:
        """Return the three bytes."""
        match value:
            case {"status": status, "reference": int(reference), **rest} if (
                0 <= reference <= 0xFFFF and not rest
            ):
                for code, word in self.statuses.items():
                    if word == status:
                        return bytes((code,)) + reference.to_bytes(2, "big")
        known = ", ".join(self.statuses.values())
        raise SignalError(f"an identification has a status ({known}) and a reference, not {value!r}")


@dataclass(frozen=True, slots=True)
class Display:
    """Text for the display, after one byte that says of what kind it is."""

    longest: int

    def allows(self, data: bytes) -> bool:
        """Tell whether there is a first byte."""
        return len(data) > 0

    def read(self, data: bytes) -> Mapping[str, str | int]:
        """Return kind and text."""
        return {"kind": data[0], "text": data[1:].decode("latin-1")}

    def write(self, value: Readable) -> bytes:
        """Return the kind and the text in Latin-1."""
        match value:
            case {"kind": int(kind), "text": str(text), **rest} if len(text) < self.longest and not rest:
                if all(ord(character) <= 0xFF for character in text):
                    return bytes((_octet("the kind of a display text", kind),)) + text.encode("latin-1")
        raise SignalError(f"a display text is a kind and up to {self.longest - 1} characters, not {value!r}")


def _octet(what: str, value: Readable) -> int:
    if type(value) is not int or not 0 <= value <= 0xFF:
        raise SignalError(f"{what} is 0 to 255, not {value!r}")
    return value
