"""The burst of Asterisk's chan_dahdi as samples that come out octet for octet in a G.711 file."""

from __future__ import annotations

from typing import Any

import numpy as np

from dsp import asterisk
from dsp.arrays import FloatArray
from dsp.levels import Law, decode, to_float

MINUS_ZERO = 0x7F
"""Of the mu-law. It has the value 0, whose octet is another; -1 has this one."""


def make(message: bytes, *, law: Law | str) -> tuple[FloatArray, dict[str, Any]]:
    """Return the samples of *message* as chan_dahdi sends it, and what is true of them."""
    octets = asterisk.spill(message, law=Law(law))
    values = decode(octets, Law(law))
    if Law(law) is Law.MULAW:
        values = np.where(octets == MINUS_ZERO, np.int16(-1), values)
    true = {
        "encoding": str(law),
        "sample_rate": asterisk.SAMPLE_RATE,
        "samples": octets.size,
        "standard": "bellcore",
        "sender": "chan_dahdi",
        "message_hex": message.hex(),
        "start_s": asterisk.LEAD / asterisk.SAMPLE_RATE,
        "end_s": (octets.size - asterisk.TRAILING_SAMPLES) / asterisk.SAMPLE_RATE,
        "bit_samples": asterisk.BIT_SAMPLES,
        "astribank": asterisk.astribank(octets) if Law(law) is Law.MULAW else None,
    }
    return to_float(values), true
