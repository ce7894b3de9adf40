"""The pitch of a mark, which tells one modem's bursts from another's.

Bell 202 and V.23 lie so close together (1200 and 1300 Hz for a mark) that a receiver for one reads bursts of
the other. The networks keep their tones within 1.5 %, so the mark says whose burst it was.
"""

import numpy as np
from scipy import fft

from ..arrays import FloatArray

_POINTS = 4096
"""Of the transform: bins a few Hz apart, between which the peak is interpolated."""
_LOWEST_HZ, _HIGHEST_HZ = 900.0, 1700.0
"""Where the mark of any modem known is looked for."""


def mark_pitch(samples: FloatArray, *, sample_rate: int) -> float:
    """Return the frequency, in Hz, of the strongest tone where marks are.

    Parameters
    ----------
    samples : ndarray of float64 [shape=(n,)]
        A stretch of mark, 20 ms or more.
    sample_rate : int
        In Hz.
    """
    points = max(_POINTS, fft.next_fast_len(4 * samples.size, real=True))
    power = np.abs(fft.rfft(samples * np.hanning(samples.size), points))
    bin_hz = sample_rate / points
    first, last = int(_LOWEST_HZ / bin_hz), int(_HIGHEST_HZ / bin_hz)
    peak = first + int(power[first:last].argmax())
    below, top, above = power[peak - 1 : peak + 2]
    curve = below - 2 * top + above
    return float(peak + (0.5 * (below - above) / curve if curve else 0.0)) * bin_hz
