"""Frequency-shift keying: line bits as one continuous tone that changes pitch.

Bell 202 sends a 1 ("mark") as 1200 Hz and a 0 ("space") as 2200 Hz, 1200 bits a second, and the phase runs on
through every change. At 8000 samples a second a bit lasts 6 2/3 samples: its edges fall between samples, and
a modulator that moves them onto samples makes bits of 750 or 875 us where the standard wants 833.

Here time and phase are whole numbers of *ticks*. A second has sample_rate * baud ticks, so that a sample
lasts exactly *baud* of them and a bit exactly *sample_rate*; a cycle is divided into as many. The phase at a
sample is then an exact integer, the integral of frequency from the first edge on, however long the signal and
however it was cut into blocks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .arrays import BitArray, FloatArray
from .errors import SignalError

LOWEST_RATE, HIGHEST_RATE = 8000, 192000
"""Sample rates, in Hz, that the package is made for and tested at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FskSpec:
    """Tones and speed of a modem.

    Attributes
    ----------
    mark_hz, space_hz : int
        Frequency of a 1 and of a 0.
    baud : int
        Bits a second.
    """

    mark_hz: int
    space_hz: int
    baud: int

    def __post_init__(self) -> None:
        if min(self.mark_hz, self.space_hz, self.baud) <= 0:
            raise SignalError("the tones and the speed of a modem are above zero")


BELL_202 = FskSpec(mark_hz=1200, space_hz=2200, baud=1200)  # TA-NWT-000030 in 2600, volume 9 number 2
"""The modem of Bellcore signalling; the network keeps each of the three within 1 %."""

V_23 = FskSpec(mark_hz=1300, space_hz=2100, baud=1200)  # ITU-T V.23 (1988), clause 3
"""The modem of ETSI, BT and NTT; ETSI and BT allow the tones 1.5 % and the speed 1 %, V.23 itself 10 Hz."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModulatorState:
    """Where a modulator stands between two blocks, in ticks (see the module).

    Attributes
    ----------
    phase : int
        Phase of the carrier at the last bit edge; a cycle has sample_rate * baud ticks.
    offset : int
        Time from the last bit edge to the next sample; a second has sample_rate * baud ticks.
    """

    phase: int = 0
    offset: int = 0


START = ModulatorState()
"""The first sample falls on the first bit edge, at a rising zero of the carrier."""


def check_rate(sample_rate: int, spec: FskSpec) -> None:
    """Raise `SignalError` unless *spec* can be sent at *sample_rate*."""
    if not LOWEST_RATE <= sample_rate <= HIGHEST_RATE:
        raise SignalError(f"a sample rate is {LOWEST_RATE} to {HIGHEST_RATE} Hz, not {sample_rate}")
    highest = max(spec.mark_hz, spec.space_hz)
    if 2 * highest >= sample_rate:
        raise SignalError(f"a tone of {highest} Hz needs more than {sample_rate} samples a second")


def modulate(
    bits: BitArray,
    spec: FskSpec = BELL_202,
    *,
    sample_rate: int,
    state: ModulatorState = START,
    mark_peak: float = 1.0,
    space_peak: float = 1.0,
) -> tuple[FloatArray, ModulatorState]:
    """Modulate *bits* and return the samples with the state to go on from.

    Parameters
    ----------
    bits : ndarray of uint8 [shape=(n,)]
        Line bits in sending order, 1 is mark.
    spec : FskSpec
        Tones and speed.
    sample_rate : int
        In Hz.
    state : ModulatorState
        What the block before returned. `START`, or any phase, begins a signal.
    mark_peak, space_peak : float
        Peak value of each tone; it changes at the bit edge.

    Returns
    -------
    samples : ndarray of float64 [shape=(ceil((n * sample_rate - state.offset) / spec.baud),)]
        Every sample that falls on a bit of this block.
    state : ModulatorState
        To go on from: blocks of any number of bits, even of none, add up to exactly the whole.

    Raises
    ------
    SignalError
        If a tone lies at or above half the sample rate.

    Notes
    -----
    Phase is the exact integral of frequency over each sample period, so no edge is rounded.
    """
    check_rate(sample_rate, spec)
    cycle = sample_rate * spec.baud  # ticks in a cycle, and in a second
    tone = np.where(bits.astype(bool), spec.mark_hz, spec.space_hz).astype(np.int64)
    edge_phase = _running(tone * sample_rate, state.phase) % cycle
    block = bits.size * sample_rate  # ticks
    count = max(0, -((state.offset - block) // spec.baud))  # samples before the block's end, rounded up
    time = state.offset + spec.baud * np.arange(count, dtype=np.int64)
    bit, since_edge = np.divmod(time, sample_rate)
    phase = (edge_phase[bit] + tone[bit] * since_edge) % cycle
    offset = state.offset + spec.baud * count - block
    peak = np.where(bits.astype(bool), mark_peak, space_peak)[bit]
    return peak * np.sin(phase * (2 * np.pi / cycle)), ModulatorState(
        phase=int(edge_phase[-1]), offset=offset
    )


def _running(steps: NDArray[np.int64], start: int) -> NDArray[np.int64]:
    """Return the sum before each step and, last, after all: one more value than *steps*."""
    return start + np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(steps)))
