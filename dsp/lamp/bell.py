"""A mechanical bell across the line: whether a voltage makes it tinkle.

A capacitor keeps DC from the bell, its inductance and the mass of its clapper keep the fast out: what counts
is how much voltage the line has in the band in which bells ring, for long enough to throw the clapper. (That
is not the ring trip of a line card, which looks for the DC of a phone that was picked up.) A lamp's voltage
steps reach that band too, and a careless lamp makes bells tap: this check says when.

How little taps a bell no source told us. The threshold is an assumption that errs on the careful side.
"""

from dataclasses import dataclass

import numpy as np
from scipy import signal

from ..arrays import FloatArray
from ..errors import SignalError
from .voltage import LineVoltage


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """What moves a bell.

    Attributes
    ----------
    threshold_volts : float
        Rms within the band, over *burst_s*, from which it tinkles.
    lowest_hz, highest_hz : float
        The band, -3 dB, second-order slopes.
    burst_s : float
        How long the voltage has to push.

    Raises
    ------
    SignalError
        If one of them is not above zero, or the band is none.
    """

    threshold_volts: float = 25.0  # [C]; a phone has to ring at 40 V rms (see `ringing`)
    lowest_hz: float = 15.3  # ringing type B of FCC Part 68: 15.3 to 68 Hz
    highest_hz: float = 68.0
    burst_s: float = 0.1  # [C] two cycles of 20 Hz

    def __post_init__(self) -> None:
        if not (0 < self.threshold_volts and 0 < self.lowest_hz < self.highest_hz and 0 < self.burst_s):
            raise SignalError("a bell has a threshold, a band and a time, all above zero")


TYPE_B = Bell()
"""A bell that rings at 15.3 to 68 Hz."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tinkle:
    """A time in which a bell is pushed hard enough.

    Attributes
    ----------
    begin_s, end_s : float
        When the push, taken over the `Bell.burst_s` before, passes the threshold and comes back.
    volts : float
        The highest push, rms within the band.
    """

    begin_s: float
    end_s: float
    volts: float


def tinkles(line: LineVoltage, bell: Bell = TYPE_B) -> tuple[Tinkle, ...]:
    """Return when *bell* would tinkle, in order of time; the line was at rest before."""
    force = push(line, bell)
    is_loud = np.concatenate(([False], force >= bell.threshold_volts, [False]))
    edges = np.flatnonzero(np.diff(is_loud)).tolist()
    return tuple(
        Tinkle(
            begin_s=begin / line.sample_rate,
            end_s=end / line.sample_rate,
            volts=float(force[begin:end].max()),
        )
        for begin, end in zip(edges[::2], edges[1::2], strict=True)
    )


def push(line: LineVoltage, bell: Bell = TYPE_B) -> FloatArray:
    """Return what pushes *bell* at each sample: volts rms within its band, over the time before.

    Returns
    -------
    ndarray of float64 [shape=(n,)]

    Raises
    ------
    SignalError
        If the band of the bell does not fit the sample rate.
    """
    if 2 * bell.highest_hz >= line.sample_rate:
        raise SignalError(f"{line.sample_rate} samples a second are too few for {bell.highest_hz} Hz")
    if not line.volts.size:
        return np.zeros(0)
    sections = signal.butter(
        2, (bell.lowest_hz, bell.highest_hz), "bandpass", fs=line.sample_rate, output="sos"
    )
    at_rest = signal.sosfilt_zi(sections) * line.volts[0]
    within, _ = signal.sosfilt(sections, line.volts, zi=at_rest)
    window = max(1, round(bell.burst_s * line.sample_rate))
    energy = np.concatenate((np.zeros(window), np.cumsum(np.square(within))))
    mean_square: FloatArray = np.maximum(energy[window:] - energy[:-window], 0.0) / window
    return np.sqrt(mean_square)
