"""The front end: from a stretch of line signal to the strength of both tones over time.

Everything happens in one transform. The spectrum of the stretch is band-limited (mains hum and the transient
that follows ringing can be far above the signal), multiplied by the response of a filter matched to one bit
of each tone, and brought back at a fixed number of samples a bit, whatever the sample rate was. What remains
of a tone is its envelope: the amplitude found in a window one bit long, indifferent to phase.
"""

from math import ceil, gcd
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from ..arrays import FloatArray
from ..fsk import FskSpec

SAMPLES_PER_BIT = 8
"""Resolution of everything behind the front end."""

ToneArray: TypeAlias = NDArray[np.float32]
"""Amplitude of mark (row 0) and space (row 1) over time, `SAMPLES_PER_BIT` to a bit."""

_PASS_FROM_HZ = (250.0, 450.0)
"""The high-pass opens between these: closed for hum, open for most of the mark's spectrum."""
_PASS_TO_HZ = (3400.0, 3800.0)
"""The low-pass closes between these, below half of the lowest sample rate."""
_EDGE_S = 0.01
"""Silence put behind a stretch, longer than the filters ring, since the transform wraps around."""


def tone_amplitudes(samples: FloatArray, fsk: FskSpec, *, sample_rate: int) -> ToneArray:
    """Return the amplitude of mark and space, each in a window of one bit.

    Parameters
    ----------
    samples : ndarray of float64 [shape=(n,)]
        A stretch of signal.
    fsk : FskSpec
    sample_rate : int
        In Hz.

    Returns
    -------
    ndarray of float32 [shape=(2, m)]
        Column i is centred on the time i / (SAMPLES_PER_BIT * fsk.baud) after the first sample. A steady tone
        reads as its peak value.
    """
    rate = SAMPLES_PER_BIT * fsk.baud
    common = gcd(sample_rate, rate)
    per_block, out_per_block = sample_rate // common, rate // common
    blocks = fft.next_fast_len(ceil((samples.size + _EDGE_S * sample_rate) / per_block))
    spectrum = fft.rfft((samples - samples.mean()).astype(np.float32), blocks * per_block)
    frequency = np.arange(spectrum.size, dtype=np.float64) * (sample_rate / (blocks * per_block))
    kept = frequency < _PASS_TO_HZ[1]
    filters = (_band(frequency[kept]) * _matched(frequency[kept], fsk)).astype(np.float32)
    wide = np.zeros((2, blocks * out_per_block), dtype=np.complex64)
    # One-sided, so doubled; and the inverse divides by the number of output samples.
    wide[:, : filters.shape[1]] = spectrum[kept] * filters * np.float32(2 * out_per_block / per_block)
    envelope = np.abs(fft.ifft(wide, axis=1))
    return envelope[:, : ceil(samples.size * out_per_block / per_block)]


def _band(frequency: FloatArray) -> FloatArray:
    """Return the response of the band limit, raised-cosine at both edges."""
    rise = np.clip((frequency - _PASS_FROM_HZ[0]) / (_PASS_FROM_HZ[1] - _PASS_FROM_HZ[0]), 0, 1)
    fall = np.clip((_PASS_TO_HZ[1] - frequency) / (_PASS_TO_HZ[1] - _PASS_TO_HZ[0]), 0, 1)
    return np.asarray(np.sin(np.pi / 2 * rise) ** 2 * np.sin(np.pi / 2 * fall) ** 2, dtype=np.float64)


def _matched(frequency: FloatArray, fsk: FskSpec) -> FloatArray:
    """Return the response of a window one bit long, moved to each tone [shape=(2, n)]."""
    tones = np.array([[fsk.mark_hz], [fsk.space_hz]])
    return np.asarray(np.sinc((frequency - tones) / fsk.baud), dtype=np.float64)
