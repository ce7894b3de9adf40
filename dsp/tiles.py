"""The pieces that every burst of a modem is made of, computed once by the exact modulator's arithmetic.

Bits follow each other at 1200 a second and samples at 8000, so three bits are exactly twenty samples; and a
tone turns by whole sixths of a cycle in a bit (V.23: twelfths). Whatever is sent, every third bit begins on a
sample and at one of six phases, so there are only 8 x 6 pieces of signal, *tiles*, that a burst can consist
of, and making one is copying them. Longer tiles copy faster until their table outgrows the processor's cache:
nine bits at 8 kHz, say. The same holds wherever few bits are a whole number of samples: 16, 22.05, 24, 32,
44.1, 48, 96 kHz and so on.

Elsewhere (at 11.025 kHz it takes 16 bits) each sample is looked up by itself: by the *place* of its instant
between two bit edges, by the bit, and by the phase at the edge. That table too has every value there can be.

Both speak of *states*: a piece of the line's bits, first bit lowest, and above them the phase before it. The
state after all others is silence.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import gcd
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .arrays import FloatArray
from .formats import FormattedArray, SampleFormat, write
from .fsk import FskSpec
from .levels import amplitude

IndexArray: TypeAlias = NDArray[np.intp]

LONGEST_TILE = 9
"""Bits: a tile then never reaches over more than two characters, which have ten bits at least."""

CACHE_BYTES = 1 << 19
"""Tiles grow while their table is not larger: about what one core has to itself."""

TABLE_BYTES = 1 << 22
"""Where even the shortest tiles would need a larger table, samples are looked up one by one."""

BLOCK_SAMPLES = 1 << 15
"""About how many are looked up one by one at a time, so that their indices stay in the cache as well."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tiles:
    """Pieces of several bits that are a whole number of samples.

    Attributes
    ----------
    bits : int
        Line bits in a piece.
    table : ndarray [shape=(states + 1, samples)]
    """

    bits: int
    table: FormattedArray

    def samples(self, count: int) -> int:
        """Return how many samples fall on *count* pieces, the first of which begins on a sample."""
        return count * int(self.table.shape[1])

    def draw(self, states: IndexArray, bits: IndexArray, samples: FormattedArray) -> None:
        """Put the pieces of *states* side by side into *samples*.

        Parameters
        ----------
        states : ndarray of intp [shape=(n, count)]
            With silence where a piece begins behind the end of its burst.
        bits : ndarray of intp [shape=(n,)]
            Line bits in each burst.
        samples : ndarray [shape=(n, samples(count))]
            C-contiguous.
        """
        tiles = samples.reshape(-1, self.table.shape[1])
        np.take(self.table, states.ravel(), axis=0, out=tiles, mode="clip")  # mode "raise" works on a copy
        last, left = np.divmod(bits, self.bits)  # a burst may end within a tile
        row = np.flatnonzero(left)
        tail = row * states.shape[1] + last[row]
        bit = np.arange(tiles.shape[1]) * self.bits // tiles.shape[1]
        sounds = bit < np.arange(self.bits)[:, np.newaxis]
        tiles[tail] = np.where(sounds.take(left[row], axis=0), tiles.take(tail, axis=0), self.table[-1, 0])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Places:
    """Pieces of one bit, whose edges fall anywhere between two samples.

    Attributes
    ----------
    bits : int
        One.
    table : ndarray [shape=(places, states + 1)]
        A place is a time since the bit edge, in steps of *step* ticks.
    step : int
        The largest that all times since an edge are multiples of.
    baud, sample_rate : int
    """

    bits: int = 1
    table: FormattedArray
    step: int
    baud: int
    sample_rate: int

    def samples(self, count: int) -> int:
        """See `Tiles`."""
        return -(-count * self.sample_rate // self.baud)

    def draw(self, states: IndexArray, bits: IndexArray, samples: FormattedArray) -> None:
        """See `Tiles`; a burst cannot end within a bit."""
        bit, since_edge = np.divmod(self.baud * np.arange(samples.shape[1]), self.sample_rate)
        place = since_edge // self.step * self.table.shape[1]
        step = 1 + BLOCK_SAMPLES // (1 + samples.shape[1])
        for first in range(0, len(states), step):
            rows = slice(first, first + step)
            index = states[rows].take(bit, axis=1)
            index += place
            np.take(self.table, index, out=samples[rows], mode="clip")


def phases(fsk: FskSpec) -> int:
    """Return into how many parts the phases at bit edges divide a cycle."""
    return fsk.baud // gcd(fsk.baud, fsk.mark_hz, fsk.space_hz)


def turns(fsk: FskSpec, bits: int) -> IndexArray:
    """Return by how many `phases` each value of *bits* bits moves the phase on."""
    ones = np.arange(2**bits)[:, np.newaxis] >> np.arange(bits) & 1
    cycles_by_baud = np.where(ones, fsk.mark_hz, fsk.space_hz).sum(axis=1)
    turned: IndexArray = cycles_by_baud * phases(fsk) // fsk.baud % phases(fsk)
    return turned


@lru_cache(maxsize=8)
def pieces(fsk: FskSpec, sample_rate: int, level_dbm0: float, form: SampleFormat) -> Tiles | Places:
    """Return the longest tiles that stay in the cache or, where none are short enough, places."""
    shortest = fsk.baud // gcd(fsk.baud, sample_rate)
    fitting = [
        bits for bits in range(shortest, LONGEST_TILE + 1, shortest) if _fits(fsk, sample_rate, form, bits)
    ]
    if not fitting:
        step = gcd(fsk.baud, sample_rate)
        signal = _signal(fsk, sample_rate, 1, step * np.arange(sample_rate // step))
        table = _finish(signal, level_dbm0, form).T
        return Places(table=np.ascontiguousarray(table), step=step, baud=fsk.baud, sample_rate=sample_rate)
    bits = fitting[-1]
    signal = _signal(fsk, sample_rate, bits, fsk.baud * np.arange(bits * sample_rate // fsk.baud))
    return Tiles(bits=bits, table=_finish(signal, level_dbm0, form))


def _fits(fsk: FskSpec, sample_rate: int, form: SampleFormat, bits: int) -> bool:
    shortest = fsk.baud // gcd(fsk.baud, sample_rate)
    samples = phases(fsk) * 2**bits * (bits * sample_rate // fsk.baud)
    size: int = samples * write(np.zeros(1), form).itemsize
    return size <= (TABLE_BYTES if bits == shortest else CACHE_BYTES)


def _signal(fsk: FskSpec, sample_rate: int, bits: int, time: IndexArray) -> FloatArray:
    """Return the signal at *time*, in ticks from the first edge, of each phase and value [shape=(states, n)].

    The steps are those of `dsp.fsk.modulate`, so that the samples are its samples.
    """
    cycle = sample_rate * fsk.baud
    ones = np.arange(2**bits)[:, np.newaxis] >> np.arange(bits) & 1
    tone = np.where(ones, fsk.mark_hz, fsk.space_hz)
    edge_phase = (np.cumsum(tone, axis=1) - tone) * sample_rate
    bit, since_edge = np.divmod(time, sample_rate)
    start = np.arange(phases(fsk)).reshape(-1, 1, 1) * (cycle // phases(fsk))
    phase = (start + edge_phase[:, bit] + tone[:, bit] * since_edge) % cycle
    signal: FloatArray = np.sin(phase * (2 * np.pi / cycle))
    return signal.reshape(-1, time.size)


def _finish(signal: FloatArray, level_dbm0: float, form: SampleFormat) -> FormattedArray:
    """Give *signal* its level, silence as its last row, and its format."""
    silence = np.zeros((1, signal.shape[1]))
    return write(np.concatenate((amplitude(level_dbm0) * signal, silence)), form)
