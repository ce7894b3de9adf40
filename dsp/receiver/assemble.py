"""Message assembly: which characters make up a message."""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from ..errors import SignalError
from ..message import RECEIVED_TYPES, parse
from .characters import LONGEST_PAUSE_BITS, CharacterTable, next_character, walk
from .front import SAMPLES_PER_BIT

_HEADER, _CHECKSUM = 2, 1
_PATIENCE = (10 + LONGEST_PAUSE_BITS) * SAMPLES_PER_BIT
"""As far from one start bit as the next can be."""
_HALF_GONE = 0.75
"""Of the usual quality; a character of which three bits or more are missing has less."""


class Outcome(Enum):
    """How far the reading of a message came."""

    LEGAL = "right checksum and legal structure"
    DAMAGED = "checksum or structure is wrong, or characters are missing"
    UNFINISHED = "not legal, but the stretch that was looked at ends where the characters do"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A message, or what could be read of it.

    Attributes
    ----------
    message : bytes
    moments : tuple of int
        Middle of each character's start bit.
    outcome : Outcome
    quality : float
        Mean of the characters' quality.
    """

    message: bytes
    moments: tuple[int, ...]
    outcome: Outcome
    quality: float

    @property
    def is_known(self) -> bool:
        """Whether the message type is one to listen for."""
        return self.message[0] in RECEIVED_TYPES

    @property
    def is_sealed(self) -> bool:
        """Whether all of it is there, with the right checksum."""
        size = len(self.message)
        return (
            size > _HEADER + _CHECKSUM
            and size == _HEADER + self.message[1] + _CHECKSUM
            and sum(self.message) & 0xFF == 0
        )


def read_message(table: CharacterTable, earliest: int, latest: int) -> Reading | None:
    """Read the message whose first start bit is centred in the range; None if there is no character at all.

    Noise may fake a start bit within the mark, so each start in the range is tried until one yields a legal
    message. Failing that, what may yet become one counts, then a right checksum, a type that exists, length.
    """
    readings: list[Reading] = []
    moment = next_character(table, earliest, latest)
    while moment is not None:
        readings.append(_read_from(table, moment))
        if readings[-1].outcome is Outcome.LEGAL:
            return readings[-1]
        moment = next_character(table, moment + SAMPLES_PER_BIT, latest)
    return max(readings, key=_likeness, default=None)


def _likeness(reading: Reading) -> tuple[bool, bool, bool, int]:
    return (
        reading.outcome is Outcome.UNFINISHED,
        reading.is_sealed,
        reading.is_known,
        len(reading.message),
    )


def _read_from(table: CharacterTable, moment: int) -> Reading:
    moments = walk(table, moment, _HEADER)
    if len(moments) == _HEADER:
        moments = walk(table, moment, _HEADER + int(table.value[moments[1]]) + _CHECKSUM)
    outcome = _outcome(table.value[moments].tobytes(), at_end=moments[-1] + _PATIENCE > table.value.size)
    if outcome is not Outcome.LEGAL:
        moments = _without_half_character(table, moments)
    return Reading(
        message=table.value[moments].tobytes(),
        moments=tuple(moments),
        outcome=outcome,
        quality=float(np.mean(table.quality[moments])),
    )


def _without_half_character(table: CharacterTable, moments: list[int]) -> list[int]:
    """Drop the last character if the carrier went away within it."""
    quality = table.quality[moments]
    return moments[:-1] if len(moments) > 1 and quality[-1] < _HALF_GONE * np.median(quality) else moments


def _outcome(message: bytes, *, at_end: bool) -> Outcome:
    if message[0] not in RECEIVED_TYPES:
        return Outcome.DAMAGED  # what does not even begin like a message is not worth looking further
    try:
        parse(message)
    except SignalError:
        return Outcome.UNFINISHED if at_end else Outcome.DAMAGED
    return Outcome.LEGAL
