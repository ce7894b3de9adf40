"""The cheap pass over everything: where a steady mark tone is.

Whatever the preamble, a burst has a run of mark before its first byte: 180 bits on the hook, 80 off the hook,
55 at least in any network known. So a burst is looked for where, frame by frame, much of the power in the
voice band sits at the mark frequency. Noise puts a few percent there; a burst stays above the threshold down
to 0 dB SNR. Speech, music and DTMF (1209 Hz) pass now and then; they cost the work of a try, and no more.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from ..arrays import SampleArray
from ..fsk import FskSpec
from ..levels import FULL_SCALE, amplitude

_FRAME_BITS = 16
_HOP_BITS = 8
_CHUNK_FRAMES = 4096
"""Frames looked at together; bounds the memory, about 30 s at 1200 baud."""

_BAND_HZ = (400.0, 3400.0)
_MARK_HALF_WIDTH_HZ = 130.0
"""Main lobe of the window, and room for a tone that is off by 3 %."""
_LEAST_SHARE = 0.4
_LEAST_FRAMES = 3
"""A run of 48 bits fills 5 frames; noise may spoil one or two at the rim."""
_LEAST_LEVEL_DBM0 = -60.0
"""Far below the weakest burst accepted; keeps the dither of a silent line from being looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A run of frames that hold the mark tone.

    Attributes
    ----------
    start_s, end_s : float
        Beginning of the first and of the last frame; the tone ends up to two frames after the latter.
    """

    start_s: float
    end_s: float


def find_marks(samples: SampleArray, fsk: FskSpec, *, sample_rate: int) -> list[Mark]:
    """Find every run of mark long enough to precede a message.

    Parameters
    ----------
    samples : ndarray of float or int16 [shape=(n,)]
    fsk : FskSpec
    sample_rate : int
        In Hz.
    """
    hop = round(_HOP_BITS * sample_rate / fsk.baud)
    parts = [
        _has_mark(frames, fsk, sample_rate=sample_rate) for frames in _frames(samples, fsk, sample_rate, hop)
    ]
    held = np.concatenate([np.zeros(1, dtype=np.bool_), *parts, np.zeros(1, dtype=np.bool_)])
    edges = np.flatnonzero(held[1:] != held[:-1])
    return [
        Mark(start_s=int(first) * hop / sample_rate, end_s=int(stop - 1) * hop / sample_rate)
        for first, stop in zip(edges[::2], edges[1::2], strict=True)
        if stop - first >= _LEAST_FRAMES
    ]


def _frames(samples: SampleArray, fsk: FskSpec, sample_rate: int, hop: int) -> Iterator[NDArray[np.float32]]:
    """Yield the overlapping frames of *samples*, `_CHUNK_FRAMES` at a time, as float32 of full scale 1.0."""
    size = fft.next_fast_len(round(_FRAME_BITS * sample_rate / fsk.baud), real=True)
    scale = np.float32(1 / FULL_SCALE if samples.dtype == np.int16 else 1)
    for first in range(0, samples.size - size + 1, _CHUNK_FRAMES * hop):
        chunk = samples[first : first + (_CHUNK_FRAMES - 1) * hop + size].astype(np.float32) * scale
        yield np.lib.stride_tricks.sliding_window_view(chunk, size)[::hop]


def _has_mark(frames: NDArray[np.float32], fsk: FskSpec, *, sample_rate: int) -> NDArray[np.bool_]:
    """Tell for each frame whether enough of its voice-band power is at the mark frequency."""
    size = frames.shape[1]
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    spectrum = fft.rfft((frames - frames.mean(axis=1, keepdims=True)) * window, axis=1)
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    frequency = np.arange(power.shape[1]) * (sample_rate / size)
    in_band = (frequency >= _BAND_HZ[0]) & (frequency <= _BAND_HZ[1])
    at_mark = np.abs(frequency - fsk.mark_hz) <= _MARK_HALF_WIDTH_HZ
    mark = power[:, at_mark].sum(axis=1)
    # A sine of peak a gives, summed over its lobe, a^2/4 * size * sum(window^2).
    least = amplitude(_LEAST_LEVEL_DBM0) ** 2 / 4 * size * np.square(window).sum()
    voice = power[:, in_band].sum(axis=1)
    return np.asarray((mark >= _LEAST_SHARE * voice) & (mark >= least), dtype=np.bool_)
