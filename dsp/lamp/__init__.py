"""Lamps that are lit by voltage: what goes over the line, when a neon glows, and when a bell would tinkle.

>>> line = neon_burst(sample_rate=8000, cycles=4)
>>> [round(glow.begin_s, 3) for glow in glows(line)]
[0.018, 0.268, 0.518, 0.768]
>>> glows(battery(1.0, sample_rate=8000)), tinkles(line)
((), ())
"""

from .bell import TYPE_B, Bell, Tinkle, push, tinkles
from .high_voltage import PRACTICES, PROSLIC, Maker, Practice, RingGenerator, hvdc, neon_burst
from .neon import NE_2, NE_2_STUBBORN, Glow, NeonLamp, duty, glows
from .voltage import Event, LineVoltage, Mark, Polarity, battery, reversals, ringing

__all__ = [
    "Polarity",
    "Event",
    "Mark",
    "LineVoltage",
    "battery",
    "reversals",
    "ringing",
    "Maker",
    "Practice",
    "PRACTICES",
    "hvdc",
    "RingGenerator",
    "PROSLIC",
    "neon_burst",
    "NeonLamp",
    "NE_2",
    "NE_2_STUBBORN",
    "Glow",
    "glows",
    "duty",
    "Bell",
    "TYPE_B",
    "Tinkle",
    "push",
    "tinkles",
]
