"""Where a burst begins: the edge of the mark, and of the channel seizure before it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..arrays import FloatArray
from .front import SAMPLES_PER_BIT, ToneArray

_WINDOW = 12 * SAMPLES_PER_BIT
"""An even number of bits: long enough to tell tone from noise, short enough to find an edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Onset:
    """The beginning of a preamble.

    Attributes
    ----------
    moment : int
        0 if it lies before what was looked at.
    has_seizure : bool
        Whether a channel seizure stands before the mark.
    """

    moment: int
    has_seizure: bool


def find_onset(tones: ToneArray, inside: int) -> Onset:
    """Find where the preamble begins.

    Parameters
    ----------
    tones : ndarray of float32 [shape=(2, n)]
        Amplitude of mark and space.
    inside : int
        A moment well within the mark.

    Notes
    -----
    The difference of the two amplitudes is steady in a mark; in a seizure it changes sign with every bit, and
    turned by half a cycle a bit it becomes steady as well. Averaged over a window, a steady value falls to
    half where half of the window lies beyond its edge; noise adds nothing, nor does the other part of the
    preamble.
    """
    tones = tones[:, : inside + _WINDOW]
    difference = tones[0] - tones[1]
    turn = np.exp(-1j * np.pi / SAMPLES_PER_BIT * np.arange(difference.size))
    mark, seizure = _average(difference), _average(difference * turn)
    mark_edge = _fall(mark, inside)
    before = mark_edge - _WINDOW
    # Alternating bits make nearly a triangle, whose fundamental is 0.4 of its peak.
    if before < 0 or seizure[before] < 0.2 * mark[inside]:
        return Onset(moment=mark_edge, has_seizure=False)
    return Onset(moment=_fall(seizure, before), has_seizure=True)


def _average(values: NDArray[np.inexact]) -> FloatArray:
    """Return the magnitude of the mean over a centred window; beyond the ends there is silence."""
    total = np.cumsum(np.pad(values, (_WINDOW // 2 + 1, _WINDOW // 2)), dtype=np.complex128)
    return np.abs(total[_WINDOW:] - total[:-_WINDOW]) / _WINDOW


def _fall(values: FloatArray, inside: int) -> int:
    """Return the last moment up to *inside* at which *values* are still below half of what they are there."""
    below = np.flatnonzero(values[:inside] < values[inside] / 2)
    return int(below[-1]) if below.size else 0
