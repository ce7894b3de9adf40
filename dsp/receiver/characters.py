"""Byte framing: where a character starts, and which one it is.

Every moment is taken for the middle of a start bit at once: the ten soft bits that would follow give the
character that it would be, and a figure for how well they look like one. Walking from one character to the
next is then a matter of looking up, and re-synchronising on every start bit means choosing the moment that
looks best.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .bits import SoftArray
from .front import SAMPLES_PER_BIT

_STOP = 9 * SAMPLES_PER_BIT
_QUARTER, _THREE_QUARTERS = SAMPLES_PER_BIT // 4, 3 * SAMPLES_PER_BIT // 4

LONGEST_PAUSE_BITS = 22
"""Marks between two characters: 0 to 20 are allowed (GR-30 by published summaries), and some room."""

LEAST_QUALITY = 0.35
"""Below this no tone is there: noise of the signal's own strength reads about 0.3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CharacterTable:
    """What would be read if a start bit were centred on each moment.

    Attributes
    ----------
    value : ndarray of uint8 [shape=(n,)]
        The character.
    quality : ndarray of float32 [shape=(n,)]
        Mean of the ten soft bits, start and stop with the sign that they should have: 0.8 on a clean line. 0
        where there is no character: start bit no space, stop bit no mark, or less than `LEAST_QUALITY`.
    """

    value: NDArray[np.uint8]
    quality: NDArray[np.float32]


def character_table(soft: SoftArray) -> CharacterTable:
    """Read a character at every moment of *soft* that has a whole one after it."""
    count = max(0, soft.size - _STOP)
    start, stop = soft[:count], soft[_STOP:]
    quality = stop - start
    value = np.zeros(count, dtype=np.uint8)
    for place in range(8):
        bit = soft[(place + 1) * SAMPLES_PER_BIT :][:count]
        value |= (bit > 0).astype(np.uint8) << np.uint8(place)
        quality += np.abs(bit)
    quality *= np.float32(0.1)
    quality[(start >= 0) | (stop <= 0) | (quality < LEAST_QUALITY)] = 0
    return CharacterTable(value=value, quality=quality)


def next_character(table: CharacterTable, earliest: int, latest: int) -> int | None:
    """Return the moment of the first character whose start bit is centred in the range, or None.

    Parameters
    ----------
    table : CharacterTable
    earliest, latest : int
        Range of the middle of the start bit, in samples of the table; tolerance is added before.
    """
    # Begin early enough to meet the edge, even where noise has moved the character before.
    begin = max(earliest - _THREE_QUARTERS, 0)
    fits = table.quality[begin : latest + 1] > 0
    first = int(fits.argmax()) if fits.size else 0
    if not fits.size or not fits[first]:
        return None
    # The first moment that fits is the edge, half a bit before the middle, where quality peaks. The edge
    # tells the middle to about a quarter of a bit. Quality alone may peak too early where the first data bit
    # repeats the bit before the start, and a whole bit late where it repeats the start.
    first += begin
    near = table.quality[first + _QUARTER : first + _THREE_QUARTERS]
    return first + _QUARTER + int(near.argmax()) if near.any() else first


def walk(table: CharacterTable, first: int, count: int) -> list[int]:
    """Return the moments of up to *count* characters from the one at *first* on, each near the one before."""
    moments = [first]
    while len(moments) < count:
        due = moments[-1] + _STOP + SAMPLES_PER_BIT
        found = next_character(table, due, due + LONGEST_PAUSE_BITS * SAMPLES_PER_BIT)
        if found is None:
            break
        moments.append(found)
    return moments
