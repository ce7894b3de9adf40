"""A neon lamp across the line: when it glows, on which electrode, and how much.

A neon lamp conducts nothing until the voltage across it strikes a discharge; then it holds an almost constant
voltage, the series resistor takes the rest, and the current makes the light. It goes out when the line gives
less than the discharge needs. Of two equal electrodes the negative one glows, so that DC lights one of them
and AC both in turn.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..arrays import FloatArray
from ..errors import SignalError
from .voltage import LineVoltage, Polarity


@dataclass(frozen=True, slots=True, kw_only=True)
class NeonLamp:
    """A lamp with its resistor, in volts of the line.

    Attributes
    ----------
    strike_volts : float
        From there on a dark lamp glows.
    sustain_volts : float
        What the lamp itself holds while it glows.
    extinguish_volts : float
        Below that a glowing lamp goes out.
    series_ohm : float

    Raises
    ------
    SignalError
        Unless extinguish <= sustain <= strike, and all are above zero.
    """

    strike_volts: float = 65.0  # an NE-32 measured at Oberlin College (physics demonstration 5F30.60)
    sustain_volts: float = 60.0  # [C]
    extinguish_volts: float = 55.0  # the same NE-32
    series_ohm: float = 100e3  # SPC A1A (NE-2) sheet, at 100 to 125 V; what telephones have no source says

    def __post_init__(self) -> None:
        if not 0 < self.extinguish_volts <= self.sustain_volts <= self.strike_volts:
            raise SignalError("a lamp goes out at or below the voltage it holds, and strikes at or above it")
        if not 0 < self.series_ohm:
            raise SignalError("a lamp without a resistor burns")


NE_2 = NeonLamp()
"""A lamp as most are."""

NE_2_STUBBORN = NeonLamp(strike_volts=90.0)
"""The most that an NE-2 may need of DC (SPC A1A sheet: 65 V AC or 90 V DC); darkness makes lamps such."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glow:
    """A time in which one electrode glows without a break.

    Attributes
    ----------
    begin_s, end_s : float
        To the sample.
    polarity : Polarity
        Of the line meanwhile.
    current_a : float
        Mean current, to which the light is proportional.
    """

    begin_s: float
    end_s: float
    polarity: Polarity
    current_a: float


def glows(line: LineVoltage, lamp: NeonLamp = NE_2) -> tuple[Glow, ...]:
    """Return when *lamp* glows, dark at the beginning, in order of time."""
    state = _state(line.volts, lamp)
    edges = np.flatnonzero(np.diff(state, prepend=0, append=0))
    return tuple(
        _glow(line, lamp, begin, end)
        for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
        if state[begin]
    )


def duty(
    lit: tuple[Glow, ...], *, period_s: float, periods: int, polarity: Polarity | None = None
) -> FloatArray:
    """Return the part of each period, 0 to 1, in which a lamp glows.

    Parameters
    ----------
    lit : tuple of Glow
        From `glows`.
    period_s : float
        Usually the cadence of the lamp.
    periods : int
        How many, from the first sample on.
    polarity : Polarity, optional
        Count one electrode only.

    Returns
    -------
    ndarray of float64 [shape=(periods,)]
    """
    begins = period_s * np.arange(periods)
    parts = [
        np.clip(glow.end_s - begins, 0, period_s) - np.clip(glow.begin_s - begins, 0, period_s)
        for glow in lit
        if polarity in (None, glow.polarity)
    ]
    return sum(parts, np.zeros(periods)) / period_s


def _state(volts: FloatArray, lamp: NeonLamp) -> NDArray[np.int8]:
    """Return +1 or -1 for each sample at which the lamp glows, by polarity, and 0 where it is dark."""
    size, sign = np.abs(volts), np.sign(volts).astype(np.int8)
    strikes = size >= lamp.strike_volts
    # A change of sign passes zero, even where no sample shows it.
    dies = (size < lamp.extinguish_volts) | (sign * np.concatenate((sign[:1], sign[:-1])) < 0)
    place = np.arange(volts.size)
    struck = np.maximum.accumulate(np.where(strikes, place, -1))
    died = np.maximum.accumulate(np.where(dies, place, -1))
    return np.where((struck >= 0) & (struck >= died), sign, 0).astype(np.int8)


def _glow(line: LineVoltage, lamp: NeonLamp, begin: int, end: int) -> Glow:
    over = np.maximum(np.abs(line.volts[begin:end]) - lamp.sustain_volts, 0.0)
    return Glow(
        begin_s=begin / line.sample_rate,
        end_s=end / line.sample_rate,
        polarity=Polarity.FORWARD if line.volts[begin] > 0 else Polarity.REVERSE,
        current_a=float(over.mean() / lamp.series_ohm),
    )
