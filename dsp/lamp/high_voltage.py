"""What drives a neon lamp: pulses of high DC voltage, and the bursts that ring generators make.

PBX makers put 90 to 150 V across the line and pulse it; the battery is away meanwhile. Line cards whose
highest supply is their ring generator's let that make a slow trapezoid and send a piece of it again and
again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from ..arrays import FloatArray
from ..confidence import Confidence
from ..errors import SignalError
from .voltage import (
    BATTERY_VOLTS,
    SWITCH_S,
    Event,
    LineVoltage,
    Polarity,
    cadence,
    clock,
    switching,
)

REGISTER_HZ = 8000
"""The clock that the ProSLIC counts its ring generator and its timers in (Si3210 data sheet)."""


class Maker(StrEnum):
    """Whose practice."""

    LG_NORTEL = "lg-nortel"
    NORTEL = "nortel"
    MITEL = "mitel"
    NEC = "nec"
    TOSHIBA = "toshiba"
    DAHDI = "dahdi"


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """How a maker lights the lamp with DC; None is what no source says.

    Attributes
    ----------
    maker : Maker
    volts : float, optional
    polarity : Polarity, optional
        Forward has ring more negative than tip.
    on_s, off_s : float, optional
        Cadence; an *off_s* of 0 is steady.
    source : str
    confidence : Confidence
    note : str
    """

    maker: Maker
    volts: float | None = None
    polarity: Polarity | None = None
    on_s: float | None = None
    off_s: float | None = None
    source: str
    confidence: Confidence = Confidence.B
    note: str = ""


_ROWS = (
    Practice(
        maker=Maker.LG_NORTEL,
        volts=90.0,
        source="Vertical/LG-Nortel single-line telephone manuals",
        note="switched on and off to flash; battery removed while on, off-hook still recognised",
    ),
    Practice(
        maker=Maker.NORTEL,
        volts=150.0,
        polarity=Polarity.FORWARD,
        source="Nortel 553-3001-211",
        note="-150 V on ring; removed from off-hook until on-hook again",
    ),
    Practice(
        maker=Maker.MITEL,
        volts=140.0,
        polarity=Polarity.FORWARD,
        source="Mitel handbook, SX ONS lines",
        note='-140 V on ring; rate programmable from continuous to 80 "Hz", a unit that cannot be meant',
    ),
    Practice(maker=Maker.NEC, volts=150.0, source="NEC DSX manual"),
    Practice(maker=Maker.TOSHIBA, on_s=0.9, off_s=0.1, source="Strata CTX manual"),
    Practice(
        maker=Maker.DAHDI,
        volts=90.0,
        source="dahdi-linux include/dahdi/user.h, HVDC bit of the VMWI types",
        confidence=Confidence.A,
        note="no driver in the tree acts on it",
    ),
)

PRACTICES: Mapping[Maker, Practice] = MappingProxyType({row.maker: row for row in _ROWS})


def hvdc(
    *,
    sample_rate: int,
    volts: float,
    on_s: float,
    off_s: float,
    cycles: int = 1,
    polarity: Polarity = Polarity.FORWARD,
    rest_volts: float = BATTERY_VOLTS,
    switch_s: float = SWITCH_S,
) -> LineVoltage:
    """Return high DC voltage in pulses, beginning with one.

    Parameters
    ----------
    sample_rate : int
        In Hz.
    volts : float
        Across the line while a pulse lasts; `PRACTICES` says what makers use.
    on_s, off_s : float
        Cadence, in seconds; an *off_s* of 0 leaves the voltage on.
    cycles : int
        How many pulses.
    polarity : Polarity
        Of the pulses. The one that the battery does not have doubles the step that a bell feels.
    rest_volts : float
        Between the pulses.
    switch_s : float
        From one voltage to the other.

    Raises
    ------
    SignalError
        If a pulse or a pause is shorter than the switching.
    """
    _, is_on = switching(clock(cycles * (on_s + off_s), sample_rate), on_s, off_s, switch_s)
    marks = cadence(on_s, off_s, cycles, Event.LAMP_ON, Event.LAMP_OFF)
    levels = rest_volts + is_on * (polarity * volts - rest_volts)
    return LineVoltage(volts=levels, sample_rate=sample_rate, marks=marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class RingGenerator:
    """A ring generator that makes a slow trapezoid, of which each burst is the beginning.

    Attributes
    ----------
    peak_volts : float
    period_s : float
        Of the trapezoid, from zero to zero going up.
    rise_s : float
        From the negative peak to the positive one.
    active_s, inactive_s : float
        Length of a burst, and from its end to the next.

    Raises
    ------
    SignalError
        If the trapezoid has no time for its slopes.
    """

    peak_volts: float
    period_s: float
    rise_s: float
    active_s: float
    inactive_s: float

    def __post_init__(self) -> None:
        if not 0 < 2 * self.rise_s <= self.period_s:
            raise SignalError("the two slopes of a trapezoid take no more than its period")

    @classmethod
    def from_registers(cls, *, rngx: int, rngy: int, rco: int, active: int, inactive: int) -> "RingGenerator":
        """Read the values of a Si321x's registers.

        Data sheet, "Trapezoidal Ringing": RNGX = peak / 96 V * 2^15, RNGY = period / 2 * 8000 Hz,
        RCO = 2 RNGX / (rise * 8000 Hz); the timers count 125 us.
        """
        return cls(
            peak_volts=rngx / 2**15 * 96,
            period_s=2 * rngy / REGISTER_HZ,
            rise_s=2 * rngx / (rco * REGISTER_HZ),
            active_s=active / REGISTER_HZ,
            inactive_s=inactive / REGISTER_HZ,
        )

    def trapezoid(self, time: FloatArray) -> FloatArray:
        """Return the trapezoid, which is zero and rising at time 0, at each *time*."""
        half = self.period_s / 2
        within = time % half
        slope = 2 * self.peak_volts / self.rise_s
        height = np.minimum(self.peak_volts, slope * np.minimum(within, half - within))
        return np.where(time % self.period_s < half, height, -height)


PROSLIC = RingGenerator(
    peak_volts=91.5,  # what the drivers' remark says; the registers' formula gives 92.95, the more for a lamp
    period_s=0.250,  # indirect 22 = 0x03E8
    rise_s=2 * 0x7BEF / (0x009F * REGISTER_HZ),  # indirect 21 and 20: 49.9 ms
    active_s=0.060,  # registers 48 and 49 = 0x01E0
    inactive_s=0.190,  # registers 50 and 51 = 0x05F0
)
"""The neon flash of dahdi-linux, wctdm.c:2203-2243 (the same in xpp's card_fxs.c), after AN33."""


def neon_burst(
    *,
    sample_rate: int,
    cycles: int = 1,
    generator: RingGenerator = PROSLIC,
    polarity: Polarity = Polarity.FORWARD,
    rest_volts: float = BATTERY_VOLTS,
    switch_s: float = SWITCH_S,
) -> LineVoltage:
    """Return bursts of a ring generator as line cards send them to a neon lamp.

    Parameters
    ----------
    sample_rate : int
        In Hz.
    cycles : int
        How many bursts, a pause after each.
    generator : RingGenerator
    polarity : Polarity
        Of the first half wave.
    rest_volts : float
        Between the bursts: the chip goes to on-hook transmission (Si3210 data sheet), that is to its battery.
    switch_s : float
        From the battery to the generator and back.

    Raises
    ------
    SignalError
        If a burst or a pause is shorter than the switching.

    Notes
    -----
    That each burst begins at the trapezoid's zero is an assumption [C]; the data sheet shows no burst. With
    the drivers' values the burst ends before the first half wave does, so that the lamp sees one polarity
    only.
    """
    on_s, off_s = generator.active_s, generator.inactive_s
    since, is_on = switching(clock(cycles * (on_s + off_s), sample_rate), on_s, off_s, switch_s)
    marks = cadence(on_s, off_s, cycles, Event.LAMP_ON, Event.LAMP_OFF)
    volts = rest_volts + is_on * (polarity * generator.trapezoid(since) - rest_volts)
    return LineVoltage(volts=volts, sample_rate=sample_rate, marks=marks)
