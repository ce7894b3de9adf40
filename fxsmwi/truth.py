"""What is true of a signal that was made, as JSON can hold it: a file's side-car, a line of a manifest."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from dsp import message
from dsp.standards import DataLink

from .signals import Made, What

DIGITS = 9
"""Decimals of a time in seconds: a nanosecond is far below any sample."""


def truth(made: Made) -> dict[str, Any]:
    """Return what is true of *made*.

    Times are seconds from the first sample of the file, on the listener's clock, and no bit edge is rounded
    to a sample: bit *k* begins at ``start_s + k * bit_s`` and is character *k* of ``bits``. ``end_s`` is the
    end of the last stop bit of the last character, ``byte_s`` where each start bit begins. ``message_hex`` is
    what was meant, ``sent_hex`` what was sent.
    """
    recipe, seizure = made.recipe, made.recipe.seizure_left
    seizure = made.framing.seizure if seizure is None else seizure
    width = 9 + made.framing.stop + made.framing.stuffing
    first = seizure + made.framing.mark
    sent = recipe.faults.message(made.message)
    ends = first + width * len(sent) - made.framing.stuffing
    return {
        "sample_rate": recipe.sample_rate,
        "samples": made.samples.size,
        "standard": recipe.standard.value,
        "message": recipe.what.value,
        "message_hex": made.message.hex(),
        "sent_hex": sent.hex(),
        "checksum_ok": sent == made.message,
        **_meaning(made),
        "start_s": _s(made.start_s),
        "end_s": _s(made.start_s + ends * made.bit_s),
        "bit_s": made.bit_s,
        "byte_s": [_s(made.start_s + (first + k * width) * made.bit_s) for k in range(len(sent))],
        "seizure_bits": seizure,
        "mark_bits": made.framing.mark,
        "bits": (made.bits + np.uint8(ord("0"))).tobytes().decode(),
        "alert": recipe.alert.value,
        "tones": [
            {"event": tone.event.value, "start_s": _s(tone.start_s), "end_s": _s(tone.end_s)}
            for tone in made.tones
        ],
        "actions": [
            {
                "action": action.action.value,
                "start_s": _s(action.start_s),
                "duration_s": _s(action.duration_s),
            }
            for action in made.actions
        ],
        **_sender(made),
        "tilt_db": recipe.tilt_db,
        "clock_error": float(recipe.clock_ratio - 1),
        "snr_db": recipe.snr_db,
    }


def _meaning(made: Made) -> dict[str, Any]:
    """Return what the message tells, in the words of ``fxsmwi decode --json``."""
    if made.recipe.profile.data_link is DataLink.NTT:
        return {"format": "ntt", "dialect": None, "kind": "call", "waiting": None, "count": None}
    meant = message.parse(made.message)
    is_wording = made.recipe.what is not What.CALL and meant.format is message.Format.MDMF
    return {
        "format": meant.format.value,
        "dialect": made.recipe.dialect.value if is_wording else None,
        "kind": meant.kind.value,
        "waiting": meant.waiting,
        "count": meant.count,
    }


def _sender(made: Made) -> dict[str, Any]:
    recipe = made.recipe
    return {
        "level_dbm0": recipe.level,
        "mark_dbm0": recipe.level + recipe.twist_db / 2,
        "space_dbm0": recipe.level - recipe.twist_db / 2,
        "twist_db": recipe.twist_db,
        "baud": made.fsk.baud,
        "mark_hz": made.fsk.mark_hz,
        "space_hz": made.fsk.space_hz,
        "stop_bits": made.framing.stop,
        "stuffing_bits": made.framing.stuffing,
        "faults": {
            "baud": recipe.baud_error,
            "mark_hz": recipe.mark_error_hz,
            "space_hz": recipe.space_error_hz,
            "seizure_left": recipe.seizure_left,
            "checksum": recipe.checksum_error,
            "drop_outs": [asdict(gap) for gap in recipe.drop_outs],
        },
    }


def _s(seconds: float) -> float:
    return round(seconds, DIGITS)
