"""The voltage of a line over time: battery, reversal, ringing, and what drives a message-waiting lamp.

Volts are tip minus ring, so the battery of an idle line is positive while its polarity is forward (tip near
earth, ring at -48 V), and a lamp voltage is positive if it makes ring more negative than tip. That is the
sign of Zarlink's VP-API (VP_SENDSIG_MSG_WAIT_PULSE) too.

What a number stands on is said beside it; [C] marks an assumption, for which we found no source. All of them
are parameters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from itertools import pairwise
from math import isfinite

import numpy as np

from ..arrays import FloatArray, SampleArray
from ..errors import SignalError
from ..fsk import HIGHEST_RATE, LOWEST_RATE
from ..levels import FULL_SCALE_SINE_DBM0, to_float

BATTERY_VOLTS = 48.0
"""Of an idle line; 42.5 to 56.5 V are usual [C]."""

SWITCH_S = 0.001
"""How long it takes to switch a line from one voltage to another [C]; line interface chips do not jump."""

REVERSAL_S = 0.005
"""How long a reversal of polarity takes [C]."""

_TINY_S = 1e-9  # a sample that an edge falls on shall not miss it by a rounding error


class Polarity(IntEnum):
    """Sign of tip minus ring."""

    FORWARD = 1
    REVERSE = -1


class Event(StrEnum):
    """What begins at a mark."""

    FORWARD = "forward"
    REVERSE = "reverse"
    LAMP_ON = "lamp-on"
    LAMP_OFF = "lamp-off"
    RING_ON = "ring-on"
    RING_OFF = "ring-off"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that begins, *time_s* seconds after the first sample."""

    time_s: float
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LineVoltage:
    """A stretch of line voltage.

    Attributes
    ----------
    volts : ndarray of float64 [shape=(n,)]
        Tip minus ring.
    sample_rate : int
        In Hz.
    marks : tuple of Mark
        What began when, in order of time.

    Raises
    ------
    SignalError
        If the sample rate is none.
    """

    volts: FloatArray
    sample_rate: int
    marks: tuple[Mark, ...] = ()

    def __post_init__(self) -> None:
        if self.sample_rate <= 0:
            raise SignalError("a sample rate is above zero")

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.volts.size / self.sample_rate

    def then(self, other: "LineVoltage") -> "LineVoltage":
        """Return this stretch followed by *other*; raise `SignalError` if the rates differ."""
        if other.sample_rate != self.sample_rate:
            raise SignalError(f"{self.sample_rate} and {other.sample_rate} Hz cannot be joined")
        later = tuple(Mark(mark.time_s + self.duration_s, mark.event) for mark in other.marks)
        return LineVoltage(
            volts=np.concatenate((self.volts, other.volts)),
            sample_rate=self.sample_rate,
            marks=self.marks + later,
        )

    def plus_audio(
        self, samples: SampleArray, *, at_s: float = 0.0, impedance_ohm: float = 600.0
    ) -> "LineVoltage":
        """Return this stretch with *samples*, at full scale +3.14 dBm into *impedance_ohm*, laid over it.

        Raises
        ------
        SignalError
            If they do not begin and end within the stretch.
        """
        begin = round(at_s * self.sample_rate)
        if not 0 <= begin <= self.volts.size - samples.size:
            raise SignalError("the samples do not lie within the stretch of line voltage")
        full_scale_power = 0.001 * 10 ** (FULL_SCALE_SINE_DBM0 / 10)  # W, of a sine of peak 1.0
        peak = np.sqrt(2 * full_scale_power * impedance_ohm)
        volts = self.volts.copy()
        volts[begin : begin + samples.size] += peak * to_float(samples)
        return LineVoltage(volts=volts, sample_rate=self.sample_rate, marks=self.marks)


def battery(
    duration_s: float,
    *,
    sample_rate: int,
    volts: float = BATTERY_VOLTS,
    polarity: Polarity = Polarity.FORWARD,
) -> LineVoltage:
    """Return an idle line."""
    time = clock(duration_s, sample_rate)
    return LineVoltage(volts=np.full(time.size, polarity * volts), sample_rate=sample_rate)


def reversals(
    duration_s: float,
    *,
    sample_rate: int,
    at_s: Sequence[float],
    volts: float = BATTERY_VOLTS,
    begins: Polarity = Polarity.FORWARD,
    transition_s: float = REVERSAL_S,
) -> LineVoltage:
    """Return an idle line whose polarity is reversed at each of *at_s*, along a straight line.

    Parameters
    ----------
    duration_s : float
    sample_rate : int
        In Hz.
    at_s : sequence of float
        When each reversal begins, in seconds, ascending and at least *transition_s* apart.
    volts : float
    begins : Polarity
        Before the first reversal.
    transition_s : float
        From one polarity to the other.

    Raises
    ------
    SignalError
        If reversals overlap.
    """
    if any(late - early < transition_s for early, late in pairwise(at_s)):
        raise SignalError(f"reversals are at least {transition_s} s apart, in order of time")
    time = clock(duration_s, sample_rate)
    turns = sum((ramp(time - begin, transition_s) for begin in at_s), np.zeros(time.size))
    # After an odd number of turns the polarity is the other one: 0 is +1, 1 is -1, 2 is +1 again.
    sign = np.abs((turns + 1) % 2 - 1) * -2 + 1
    events = (Event.REVERSE, Event.FORWARD) if begins is Polarity.FORWARD else (Event.FORWARD, Event.REVERSE)
    marks = tuple(Mark(begin, events[index % 2]) for index, begin in enumerate(at_s))
    return LineVoltage(volts=begins * volts * sign, sample_rate=sample_rate, marks=marks)


def ringing(
    *,
    sample_rate: int,
    rms_volts: float,
    hz: float = 20.0,
    on_s: float = 2.0,
    off_s: float = 4.0,
    cycles: int = 1,
    battery_volts: float = BATTERY_VOLTS,
) -> LineVoltage:
    """Return an idle line with sine ringing over its battery.

    Parameters
    ----------
    sample_rate : int
        In Hz.
    rms_volts : float
        Of the sine. A phone has to ring from 40 to 130 V rms at 17 to 33 Hz (FCC Part 68, simulated ringing
        of type A; type B wants as much from 15.3 to 34 Hz).
    hz : float
    on_s, off_s : float
        2 s and 4 s in North America. A ring pulse alert has one burst of 0.2 to 0.3 s (EN 300 659-1, as
        Asterisk's sources name it).
    cycles : int
        How often.
    battery_volts : float
        Tip minus ring without the sine; 0 leaves the sine alone.

    Raises
    ------
    SignalError
        If the cadence has no burst, or a pause is shorter than nothing.
    """
    time = clock(cycles * (on_s + off_s), sample_rate)
    since, is_on = switching(time, on_s, off_s, 0.0)
    volts = battery_volts + is_on * np.sqrt(2) * rms_volts * np.sin(2 * np.pi * hz * since)
    marks = cadence(on_s, off_s, cycles, Event.RING_ON, Event.RING_OFF)
    return LineVoltage(volts=volts, sample_rate=sample_rate, marks=marks)


def clock(duration_s: float, sample_rate: int) -> FloatArray:
    """Return the time of every sample of a stretch; raise `SignalError` if there is no such stretch."""
    if not LOWEST_RATE <= sample_rate <= HIGHEST_RATE:
        raise SignalError(f"a sample rate is {LOWEST_RATE} to {HIGHEST_RATE} Hz, not {sample_rate}")
    if not (0 <= duration_s and isfinite(duration_s)):
        raise SignalError(f"a stretch of line voltage cannot last {duration_s} s")
    return np.arange(round(duration_s * sample_rate)) / sample_rate


def ramp(since: FloatArray, length_s: float) -> FloatArray:
    """Return how far a change has come, 0 to 1, *since* seconds after it began; with length 0 it jumps."""
    return np.clip(since / length_s, 0.0, 1.0) if length_s else (since >= -_TINY_S).astype(np.float64)


def switching(time: FloatArray, on_s: float, off_s: float, switch_s: float) -> tuple[FloatArray, FloatArray]:
    """Return the time since each burst began, and how far the line is switched over to it, 0 to 1.

    Raises
    ------
    SignalError
        If there is no time to switch in each burst and pause; 0 is no pause, and the burst goes on.
    """
    if not (0 < on_s and switch_s <= on_s and (off_s == 0 or 0 < off_s >= switch_s)):
        raise SignalError(f"a burst and a pause last at least the {switch_s} s of switching")
    if not off_s:
        return time, ramp(time, switch_s)
    period = on_s + off_s
    since = np.maximum(time - period * np.floor((time + _TINY_S) / period), 0.0)
    return since, ramp(since, switch_s) - ramp(since - on_s, switch_s)


def cadence(on_s: float, off_s: float, cycles: int, on: Event, off: Event) -> tuple[Mark, ...]:
    """Return the marks of a cadence; without a pause it stays on, and has but one."""
    if not off_s:
        return (Mark(0.0, on),)
    period = on_s + off_s
    return tuple(mark for i in range(cycles) for mark in (Mark(i * period, on), Mark(i * period + on_s, off)))
