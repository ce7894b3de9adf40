"""Bit decisions: from the strength of both tones to one soft number.

For a bit that is either a mark of amplitude a1 or a space of amplitude a0, at unknown phase, the decision
that errs least compares a1 |C1| - a1^2/2 with a0 |C0| - a0^2/2, where C1 and C0 are what the two matched
filters found (the usual large-signal form of the log-likelihood). With equal tones that is the plain
difference; with twist it keeps the threshold in the middle, where the plain difference would prefer the
stronger tone.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .front import SAMPLES_PER_BIT, ToneArray

SoftArray: TypeAlias = NDArray[np.float32]
"""Soft bits over time, `SAMPLES_PER_BIT` to a bit: about +0.8 amid a mark, -0.8 amid a space."""

_CHARACTER_BITS = 10
_CHARACTERS = 4
"""The shortest message has six; each has a start and a stop bit, so both tones are in every one."""


def tone_levels(tones: ToneArray, start: int) -> tuple[float, float]:
    """Estimate the amplitudes of mark and space from the first characters after *start*.

    The largest value within each character stands for the tone; noise raises both tones' alike, so the
    threshold between them stays. Where there is no signal left both are 0.
    """
    span = _CHARACTER_BITS * SAMPLES_PER_BIT
    mark, space = tones[:, start:]
    first = int(np.argmax(space > mark)) if space.size else 0
    body = tones[:, start + first :][:, : _CHARACTERS * span]
    body = body[:, : body.shape[1] // span * span]
    if not body.size:
        return 0.0, 0.0
    largest = body.reshape(2, -1, span).max(axis=2)
    mark_level, space_level = np.median(largest, axis=1)
    return float(mark_level), float(space_level)


def soft_bits(tones: ToneArray, levels: tuple[float, float]) -> SoftArray:
    """Return how much more each moment looks like a mark than like a space, given the *levels* of the two."""
    mark, space = levels
    likelihood = mark * tones[0] - space * tones[1] - (mark**2 - space**2) / 2
    # In the middle of a mark this is a1^2/2 + a0^2/2, less what leaks into the other filter.
    return np.asarray(likelihood * (2 / (mark**2 + space**2)), dtype=np.float32)
