"""One whole burst as samples: what the exchange puts on the line to move a lamp."""

import numpy as np

from .arrays import FloatArray
from .batch import render_batch
from .errors import SignalError
from .faults import FAULTLESS, Faults
from .framing import Framing, line_bits
from .fsk import START, FskSpec, ModulatorState, modulate
from .levels import FULL_SCALE_SINE_DBM0, amplitude
from .standards import PROFILES, Profile, Standard, profile

__all__ = ["PROFILES", "Profile", "Standard", "render", "render_batch"]


def render(
    message: bytes,
    *,
    standard: Standard | str = Standard.BELLCORE,
    sample_rate: int,
    level_dbm0: float | None = None,
    twist_db: float = 0.0,
    lead_s: float = 0.0,
    trail_s: float = 0.0,
    framing: Framing | None = None,
    fsk: FskSpec | None = None,
    state: ModulatorState = START,
    faults: Faults = FAULTLESS,
) -> FloatArray:
    """Render *message* as one burst: channel seizure, mark, bytes and mark-out.

    Parameters
    ----------
    message : bytes
        The message as it goes over the line, checksum included (`dsp.message.vmwi` makes one); by NTT's rules
        the whole frame with parity and CRC (`dsp.ntt.call_setup`). It is sent as it is, right or wrong.
    standard : Standard
        Whose modem, framing and level to take.
    sample_rate : int
        In Hz, 8000 to 192000.
    level_dbm0 : float, optional
        Level of the tones; None takes the standard's.
    twist_db : float
        By how much the mark is stronger than the space, half up and half down. A sender that makes up for a
        long loop ("pre-emphasis") has a negative one.
    lead_s, trail_s : float
        Silence before and after, in seconds, rounded to whole samples.
    framing : Framing, optional
        In place of the standard's on the hook; `Profile.off_hook` is the one during a call.
    fsk : FskSpec, optional
        In place of the standard's.
    state : ModulatorState
        Where the carrier starts: its phase, and the place of the first sample in the first bit.
    faults : Faults
        What is wrong on purpose.

    Returns
    -------
    ndarray of float64 [shape=(n,)]
        Full scale is 1.0.

    Raises
    ------
    SignalError
        If the standard is unknown, a tone's level above full scale, a silence negative, if a tone does not
        fit the sample rate or a fault the burst.
    """
    row = profile(standard)
    level = row.level_dbm0 if level_dbm0 is None else level_dbm0
    mark_dbm0, space_dbm0 = level + twist_db / 2, level - twist_db / 2
    for tone_dbm0 in (mark_dbm0, space_dbm0):
        if not tone_dbm0 <= FULL_SCALE_SINE_DBM0:  # NaN is refused as well
            raise SignalError(f"{tone_dbm0} dBm0 is more than a full-scale sine, {FULL_SCALE_SINE_DBM0} dBm0")
    if min(lead_s, trail_s) < 0:
        raise SignalError("a silence cannot be shorter than nothing")
    around = framing or row.on_hook
    burst, _ = modulate(
        faults.bits(line_bits(faults.message(message), around), around),
        faults.fsk(fsk or row.fsk),
        sample_rate=sample_rate,
        state=state,
        mark_peak=amplitude(mark_dbm0),
        space_peak=amplitude(space_dbm0),
    )
    lead, trail = (np.zeros(round(silence * sample_rate)) for silence in (lead_s, trail_s))
    return np.concatenate((lead, faults.burst(burst, sample_rate=sample_rate), trail))
