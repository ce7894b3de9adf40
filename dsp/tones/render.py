"""Tones as samples: free-running oscillators behind soft gates.

An exchange makes its tones with oscillators that never stop and switches them on and off. So does this
module: a frequency has the phase 2 pi f t, counted from the beginning of the tone, whatever the cadence does.
It is therefore the same wave after a pause, and where it goes on across an element's edge (440 Hz does in the
British 350+440/750,440/750) nothing happens to it at all. Phases are whole numbers, cycles divided into
sample_rate parts, and stay exact however long the tone lasts.

A frequency that comes, goes or changes its level does so along a raised cosine that begins at the edge of the
element and lasts `EDGE_S`, or as long as the element if that is shorter. Edges fall between samples where
they have to; nothing is rounded. Coming and going take equally long, so between the points of half amplitude
every burst and every pause has exactly its length, half of an edge late.

Why 5 ms: the ends of a hard-switched sine are clicks, whose spectrum falls off by only 6 dB an octave. The
raised cosine takes another 12 dB an octave from it: from 250 Hz away on, each edge lies at least 40 dB below
what the steady tone shows in an analyser's window of 32 ms (measured in the tests; switched hard it is 24).
The shortest pause of any national tone, 10 ms in Sweden, is still a pause.

A modulated tone is a carrier and two side frequencies, all of them oscillators like any other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, isfinite

import numpy as np
from numpy.typing import NDArray

from ..arrays import FloatArray
from ..errors import SignalError
from ..fsk import HIGHEST_RATE, LOWEST_RATE
from ..levels import amplitude
from .grammar import Segment, Tone

LEVEL_DBM0 = -13.0
"""Of each frequency: North American Precise Tone Plan, +-1.5 dB. Most countries' levels no source gives;
dahdi plays every frequency at -10 dBm0 (tonezone.c), which is 3 dB above that."""

EDGE_S = 0.005
"""How long a frequency takes to come or to go."""

MODULATION_DEPTH = 0.95
"""AS/CA S002:2010 5.3.4.1 (ring tone A): 90 to 99 %, carrier not suppressed. Other lists write 400*50 as
350+450, that is without carrier: where a country knows that form it is a variant in the table."""

ATTENUATION = 0.3
"""What ``@`` makes of the amplitude: -10.5 dB, dahdi-tools tonezone.c (for Australian congestion tone)."""

_MS = 1000  # a second has 1000 * sample_rate ticks: a sample lasts 1000 of them, a millisecond sample_rate
_FOREVER = np.iinfo(np.int64).max


def render_tone(
    tone: Tone,
    *,
    sample_rate: int,
    duration_s: float | None = None,
    level_dbm0: float = LEVEL_DBM0,
    edge_s: float = EDGE_S,
) -> FloatArray:
    """Render *tone* from its beginning until it is over, or for *duration_s*, silent at both ends.

    Parameters
    ----------
    tone : Tone
    sample_rate : int
        In Hz, 8000 to 192000.
    duration_s : float, optional
        Length of the result in seconds, rounded to whole samples; what still sounds goes within the last
        *edge_s*. None plays the tone once and lets its last edge end.
    level_dbm0 : float
        Of each frequency; of a modulated tone as a whole.
    edge_s : float
        Length of the soft edges in seconds; 0 switches hard.

    Returns
    -------
    ndarray of float64 [shape=(n,)]
        Full scale is 1.0.

    Raises
    ------
    SignalError
        If the tone never ends and no duration is given, or if something is out of range: the rate, a
        frequency, the level (the sum of the frequencies has to stay within full scale), a length of time.
    """
    if duration_s is None:
        count, stop = _length(tone, sample_rate, edge_s), None
    elif 0 <= duration_s and isfinite(duration_s):
        count = round(duration_s * sample_rate)
        stop = max(0, count - ceil(edge_s * sample_rate))
    else:
        raise SignalError(f"a tone cannot last {duration_s} s")
    return render_block(tone, count, sample_rate=sample_rate, stop=stop, level_dbm0=level_dbm0, edge_s=edge_s)


def render_block(
    tone: Tone,
    count: int,
    *,
    sample_rate: int,
    start: int = 0,
    stop: int | None = None,
    level_dbm0: float = LEVEL_DBM0,
    edge_s: float = EDGE_S,
) -> FloatArray:
    """Render *count* samples of *tone* from sample *start* on; blocks of any size add up to the whole.

    The place in the tone is all the state there is, so whoever streams a tone counts samples.

    Parameters
    ----------
    tone : Tone
    count : int
    sample_rate : int
        In Hz, 8000 to 192000.
    start : int
        Samples since the beginning of the tone.
    stop : int, optional
        The sample at which somebody stops the tone, counted like *start*; its edge begins there. None lets
        it go on.
    level_dbm0, edge_s : float
        As in `render_tone`.

    Returns
    -------
    ndarray of float64 [shape=(count,)]
        Full scale is 1.0.

    Raises
    ------
    SignalError
        As `render_tone`.
    """
    if start < 0 or count < 0:
        raise SignalError("a block begins at sample 0 or later and has no less than no samples")
    plan = _plan(tone, sample_rate, edge_s)
    level = _checked_level(plan, level_dbm0)
    index = np.arange(count, dtype=np.int64)
    ticks = _MS * (start + index)
    slot, rise = _envelope(plan, ticks)
    samples = np.zeros(count)
    for hz, gains in plan.gains.items():
        # The remainder of start keeps the product small; the phase is exact after any time.
        phase = hz * (start % sample_rate + index) % sample_rate
        before, after = gains[slot], gains[slot + 1]
        samples += (before + (after - before) * rise) * np.sin(phase * (2 * np.pi / sample_rate))
    if stop is not None:
        samples *= 1 - _raised_cosine(ticks - _MS * stop, np.int64(plan.edge))
    return level * samples


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A tone on the clock.

    Attributes
    ----------
    begins, edges : ndarray of int64 [shape=(slots,)]
        When each slot begins and how long its soft edge is, in ticks. The slots are the elements as they are
        played once and, of a tone that goes round, those of one more round; or the silence after the end.
    gains : dict of int to ndarray of float64 [shape=(slots + 1,)]
        By frequency in Hz: amplitude before the first slot, then in each.
    round_begin, round_length : int
        Where the last round begins and how long it is, in ticks; the tone stays on it.
    edge : int
        Length of a soft edge in ticks.
    """

    begins: NDArray[np.int64]
    edges: NDArray[np.int64]
    gains: dict[int, FloatArray]
    round_begin: int
    round_length: int
    edge: int


def _plan(tone: Tone, sample_rate: int, edge_s: float) -> _Plan:
    """Lay *tone* out on the clock, once through and one round more."""
    if not LOWEST_RATE <= sample_rate <= HIGHEST_RATE:
        raise SignalError(f"a sample rate is {LOWEST_RATE} to {HIGHEST_RATE} Hz, not {sample_rate}")
    if not 0 <= edge_s <= 1:
        raise SignalError(f"an edge lasts 0 to 1 s, not {edge_s}")
    again = tone.segments[tone.loop_start :] if tone.loop_start is not None else ()
    slots = (*tone.segments, *(again or (Segment(),)))
    lengths = [0 if slot.duration_ms is None else slot.duration_ms * sample_rate for slot in slots]
    begins = np.cumsum([0, *lengths[:-1]], dtype=np.int64)
    once = sum(lengths[: len(tone.segments)])
    # A tone whose last element never ends has its last slot, silence, out of reach.
    is_steady = tone.segments[-1].duration_ms is None
    begins[len(tone.segments)] = _FOREVER if is_steady else once
    edge = round(edge_s * _MS * sample_rate)
    return _Plan(
        begins=begins,
        edges=np.minimum(edge, [length or _FOREVER for length in lengths]),
        gains=_gains(slots, sample_rate),
        round_begin=once,
        round_length=sum(lengths[len(tone.segments) :]) or _FOREVER,
        edge=edge,
    )


def _gains(slots: tuple[Segment, ...], sample_rate: int) -> dict[int, FloatArray]:
    """Return the amplitude of every frequency, before the first slot and in each."""
    gains: dict[int, FloatArray] = {}
    for index, slot in enumerate(slots):
        for hz, gain in _oscillators(slot):
            if 2 * hz >= sample_rate:
                raise SignalError(f"a tone of {hz} Hz needs more than {sample_rate} samples a second")
            gains.setdefault(hz, np.zeros(len(slots) + 1))[index + 1] += gain
    return gains


def _oscillators(segment: Segment) -> Iterator[tuple[int, float]]:
    """Give the frequencies that an element is made of, and their amplitudes; a lone sine has 1."""
    gain = ATTENUATION if segment.is_attenuated else 1.0
    if not segment.is_modulated:
        yield from ((hz, gain) for hz in segment.frequencies)
        return
    carrier, modulating = segment.frequencies
    gain /= np.sqrt(1 + MODULATION_DEPTH**2 / 2)  # carrier and side frequencies have the power of one sine
    # (1 + m cos b) sin a = sin a + m/2 sin(a + b) + m/2 sin(a - b)
    yield carrier, gain
    yield carrier + modulating, gain * MODULATION_DEPTH / 2
    yield carrier - modulating, gain * MODULATION_DEPTH / 2


def _checked_level(plan: _Plan, level_dbm0: float) -> float:
    """Return the amplitude of a frequency, unless all together would not fit."""
    level = amplitude(level_dbm0)
    peak = level * sum(plan.gains.values(), np.zeros(1)).max()
    if not peak <= 1 + 1e-9:  # NaN is refused as well
        raise SignalError(f"at {level_dbm0} dBm0 for each frequency the tone is more than full scale")
    return level


def _envelope(plan: _Plan, ticks: NDArray[np.int64]) -> tuple[NDArray[np.int64], FloatArray]:
    """Return, for each instant, its slot and how far the change to that slot has come, 0 to 1."""
    beyond = np.maximum(ticks - plan.round_begin, 0)
    place = ticks - beyond + beyond % plan.round_length
    slot = np.searchsorted(plan.begins, place, side="right") - 1
    return slot, _raised_cosine(place - plan.begins[slot], plan.edges[slot])


def _raised_cosine(since: NDArray[np.int64], edge: NDArray[np.int64] | np.int64) -> FloatArray:
    """Return how far an edge has come, 0 to 1, *since* ticks after it began."""
    part = np.where(edge > 0, since / np.maximum(edge, 1), since >= 0)
    return (1 - np.cos(np.pi * np.clip(part, 0, 1))) / 2


def _length(tone: Tone, sample_rate: int, edge_s: float) -> int:
    """Return how many samples a tone that ends has, its last edge included."""
    if tone.duration_ms is None:
        raise SignalError("the tone never ends; say how long to play it")
    return ceil(tone.duration_ms * sample_rate / _MS) + ceil(edge_s * sample_rate)
