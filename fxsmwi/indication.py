"""How a line tells its phone: a profile and a state become a message, and a message becomes samples."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsp import message

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dsp.standards import Standard

MOST_COUNTED = 255
"""Parameter 0x13 is one byte."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a line's phone understands.

    ``level_dbm0`` is the level of the burst; with ``send_count`` the number of new messages goes along, and
    every change of it is sent.
    """

    standard: Standard
    format: message.Format
    send_count: bool
    level_dbm0: float


@functools.lru_cache(maxsize=4096)  # asked for with every NOTIFY, though few lines have many different counts
def indicate(profile: Profile, *, waiting: bool, new: int | None) -> bytes:
    """Give the message, checksum included, that lights (*waiting*) or darkens the lamp.

    Parameters
    ----------
    new : int or None
        How many messages are new; told to the phone if its profile says so, it is known, and it does not
        contradict *waiting* (a fax may wait where no voice message does).
    """
    tells = profile.send_count and new is not None and waiting == (new > 0)
    count = min(new or 0, MOST_COUNTED) if tells else None
    return message.vmwi(waiting, format=profile.format, count=count)


@functools.lru_cache(maxsize=256)
def render(profile: Profile, data: bytes, sample_rate: int) -> NDArray[np.float64]:
    """Give the burst that carries the message *data* (read-only, since it is kept for the next line).

    Returns
    -------
    ndarray of float64 [shape=(n,)]
    """
    from dsp import spill

    samples = spill.render(
        data, standard=profile.standard, sample_rate=sample_rate, level_dbm0=profile.level_dbm0
    )
    samples.setflags(write=False)
    return samples
