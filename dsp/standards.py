"""The signalling standards, one row each: modem, framing and level."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from .errors import SignalError
from .framing import ON_HOOK, Framing
from .fsk import BELL_202, FskSpec


class Standard(StrEnum):
    """Name of a signalling standard."""

    BELLCORE = "bellcore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a standard prescribes for an on-hook transmission.

    Attributes
    ----------
    fsk : FskSpec
    framing : Framing
    level_dbm0 : float
        Nominal level at the exchange, taking 0 dBm at the line as 0 dBm0.
    source : str
        Where the numbers were read.
    """

    fsk: FskSpec
    framing: Framing
    level_dbm0: float
    source: str


PROFILES: Mapping[Standard, Profile] = MappingProxyType(
    {
        Standard.BELLCORE: Profile(
            fsk=BELL_202,
            framing=ON_HOOK,
            level_dbm0=-13.5,  # +-1 dB into 900 ohm by the first source, +-1.5 dB by others
            source="TA-NWT-000030 as summarised in 2600, volume 9 number 2; GR-30-CORE in drv_tapi_cid.c",
        ),
    }
)


def profile(standard: Standard | str) -> Profile:
    """Return the row of *standard*, or raise `SignalError` for a name that is none."""
    try:
        return PROFILES[Standard(standard)]
    except ValueError as error:
        known = ", ".join(Standard)
        raise SignalError(f"there is no standard {standard!r}; there are: {known}") from error
