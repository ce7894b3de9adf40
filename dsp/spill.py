"""One whole burst as samples: what the exchange puts on the line to move a lamp."""

import numpy as np

from .arrays import FloatArray
from .errors import SignalError
from .framing import Framing, line_bits
from .fsk import START, FskSpec, ModulatorState, modulate
from .levels import FULL_SCALE_SINE_DBM0, amplitude
from .standards import PROFILES, Profile, Standard, profile

__all__ = ["PROFILES", "Profile", "Standard", "render"]


def render(
    message: bytes,
    *,
    standard: Standard | str = Standard.BELLCORE,
    sample_rate: int,
    level_dbm0: float | None = None,
    lead_s: float = 0.0,
    trail_s: float = 0.0,
    framing: Framing | None = None,
    fsk: FskSpec | None = None,
    state: ModulatorState = START,
) -> FloatArray:
    """Render *message* as one burst: channel seizure, mark, bytes and mark-out.

    Parameters
    ----------
    message : bytes
        The message, checksum included (`dsp.message.vmwi` makes one). It is sent as it is, right or wrong.
    standard : Standard
        Whose modem, framing and level to take.
    sample_rate : int
        In Hz, 8000 to 192000.
    level_dbm0 : float, optional
        Level of the tones; None takes the standard's.
    lead_s, trail_s : float
        Silence before and after, in seconds, rounded to whole samples.
    framing : Framing, optional
        In place of the standard's.
    fsk : FskSpec, optional
        In place of the standard's.
    state : ModulatorState
        Where the carrier starts: its phase, and the place of the first sample in the first bit.

    Returns
    -------
    ndarray of float64 [shape=(n,)]
        Full scale is 1.0.

    Raises
    ------
    SignalError
        If the standard is unknown, the level above full scale or a silence negative, or if a tone does not
        fit the sample rate.
    """
    row = profile(standard)
    level = row.level_dbm0 if level_dbm0 is None else level_dbm0
    if not level <= FULL_SCALE_SINE_DBM0:  # NaN is refused as well
        raise SignalError(f"{level} dBm0 is more than a full-scale sine, {FULL_SCALE_SINE_DBM0} dBm0")
    if min(lead_s, trail_s) < 0:
        raise SignalError("a silence cannot be shorter than nothing")
    bits = line_bits(message, framing or row.on_hook)
    burst, _ = modulate(bits, fsk or row.fsk, sample_rate=sample_rate, state=state)
    lead, trail = (np.zeros(round(silence * sample_rate)) for silence in (lead_s, trail_s))
    return np.concatenate((lead, amplitude(level) * burst, trail))
