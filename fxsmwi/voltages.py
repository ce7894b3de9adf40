"""Line voltage as samples of a sound file."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from dsp.arrays import FloatArray
from dsp.errors import SignalError
from dsp.lamp import (
    LineVoltage,
    Polarity,
    battery,
    glows,
    hvdc,
    neon_burst,
    reversals,
    ringing,
    tinkles,
)

FULL_SCALE_VOLTS = 200.0
"""What 1.0 stands for, tip minus ring."""

SETTLED_S = 0.25
"""Of idle line before and after."""


class Lamp(StrEnum):
    """What is done to the line."""

    NEON = "neon"
    HVDC = "hvdc"
    REVERSAL = "reversal"
    RINGING = "ringing"


def line(
    lamp: Lamp,
    *,
    sample_rate: int,
    cycles: int = 1,
    volts: float | None = None,
    on_s: float | None = None,
    off_s: float | None = None,
    is_reverse: bool = False,
) -> LineVoltage:
    """Return a line on which *lamp* happens, an idle quarter of a second before and after.

    Parameters
    ----------
    lamp : Lamp
    sample_rate : int
        In Hz.
    cycles : int
        How often; a neon lamp has the cadence of its ring generator.
    volts : float, optional
        Of high voltage (90), and of ringing, rms (75); the others have none to choose.
    on_s, off_s : float, optional
        Cadence; half a second each, and of ringing 2 s and 4 s.
    is_reverse : bool
        Whether pulses have the polarity that the battery has not.

    Raises
    ------
    SignalError
        If a value does not go with *lamp* or is out of range.
    """
    if lamp is Lamp.NEON and (on_s, off_s) != (None, None):
        raise SignalError("a neon lamp has the cadence of its ring generator")
    if lamp in (Lamp.NEON, Lamp.REVERSAL) and volts is not None:
        raise SignalError(f"there is no voltage to choose for {lamp}")
    polarity = Polarity.REVERSE if is_reverse else Polarity.FORWARD
    own_volts, own_on_s, own_off_s = _DEFAULTS[lamp]
    height = own_volts if volts is None else volts
    on, off = own_on_s if on_s is None else on_s, own_off_s if off_s is None else off_s
    rate = sample_rate
    if lamp is Lamp.NEON:
        made = neon_burst(sample_rate=rate, cycles=cycles, polarity=polarity)
    elif lamp is Lamp.HVDC:
        made = hvdc(sample_rate=rate, volts=height, on_s=on, off_s=off, cycles=cycles, polarity=polarity)
    elif lamp is Lamp.RINGING:
        made = ringing(sample_rate=rate, rms_volts=height, on_s=on, off_s=off, cycles=cycles)
    else:
        made = _reversed(rate, cycles, on, off)
    idle = battery(SETTLED_S, sample_rate=rate)
    return idle.then(made).then(idle)


_DEFAULTS = {
    # volts, and cadence in seconds
    Lamp.NEON: (0.0, 0.0, 0.0),  # not to be chosen
    Lamp.HVDC: (90.0, 0.5, 0.5),  # DAHDI's and LG-Nortel's voltage; the cadence is ours
    Lamp.REVERSAL: (0.0, 0.5, 0.5),  # of the battery
    Lamp.RINGING: (75.0, 2.0, 4.0),  # North America's cadence; the voltage is ours
}


def _reversed(sample_rate: int, cycles: int, on_s: float, off_s: float) -> LineVoltage:
    """Return a line that is reversed for *on_s* and normal for *off_s*, so often."""
    period_s = on_s + off_s
    turns = [cycle * period_s + at_s for cycle in range(cycles) for at_s in (0.0, on_s)]
    return reversals(cycles * period_s, sample_rate=sample_rate, at_s=turns)


def samples(made: LineVoltage) -> FloatArray:
    """Return the voltage with `FULL_SCALE_VOLTS` at 1.0, or raise `SignalError` if it is more than that."""
    highest = float(abs(made.volts).max(initial=0.0))
    if not highest <= FULL_SCALE_VOLTS:
        raise SignalError(f"{highest:g} V is more than the {FULL_SCALE_VOLTS:g} V that 1.0 stands for")
    return made.volts / FULL_SCALE_VOLTS


def truth(lamp: Lamp, made: LineVoltage) -> dict[str, Any]:
    """Return what is true of *made*: what the line does when, when a neon lamp glows and a bell tinkles."""
    return {
        "lamp": lamp.value,
        "sample_rate": made.sample_rate,
        "samples": made.volts.size,
        "full_scale_volts": FULL_SCALE_VOLTS,
        "events": [{"event": mark.event.value, "start_s": round(mark.time_s, 9)} for mark in made.marks],
        "glows": [
            {"start_s": glow.begin_s, "end_s": glow.end_s, "polarity": glow.polarity.name.lower()}
            for glow in glows(made)
        ],
        "tinkles": [{"start_s": tinkle.begin_s, "end_s": tinkle.end_s} for tinkle in tinkles(made)],
    }
