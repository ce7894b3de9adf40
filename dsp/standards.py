"""The signalling standards, one row each: modem, framing and level."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from types import MappingProxyType

from .errors import SignalError
from .framing import (
    BT_OFF_HOOK,
    BT_ON_HOOK,
    ETSI_OFF_HOOK,
    ETSI_ON_HOOK,
    NTT,
    OFF_HOOK,
    ON_HOOK,
    Framing,
)
from .fsk import BELL_202, V_23, FskSpec


class Standard(StrEnum):
    """Name of a signalling standard."""

    BELLCORE = "bellcore"
    ETSI = "etsi"
    BT = "bt"
    NTT = "ntt"


class DataLink(Enum):
    """How the bytes of a message are kept together and checked."""

    CHECKSUM = "type, length, content, and a checksum of one byte: dsp.message"
    NTT = "control characters, parity and a CRC of two bytes: dsp.ntt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a standard prescribes for a transmission.

    Attributes
    ----------
    fsk : FskSpec
    on_hook, off_hook : Framing
        What surrounds the bytes, for an idle phone and during a call.
    data_link : DataLink
        What the bytes are.
    level_dbm0 : float
        Nominal level at the exchange, taking 0 dBm at the line as 0 dBm0.
    source : str
        Where the numbers were read.
    """

    fsk: FskSpec
    on_hook: Framing
    off_hook: Framing
    data_link: DataLink
    level_dbm0: float
    source: str


PROFILES: Mapping[Standard, Profile] = MappingProxyType(
    {
        Standard.BELLCORE: Profile(
            fsk=BELL_202,
            on_hook=ON_HOOK,
            off_hook=OFF_HOOK,
            data_link=DataLink.CHECKSUM,
            level_dbm0=-13.5,  # +-1 dB into 900 ohm by the first source, +-1.5 dB by others
            source="TA-NWT-000030 as summarised in 2600, volume 9 number 2; GR-30-CORE in drv_tapi_cid.c",
        ),
        Standard.ETSI: Profile(
            fsk=V_23,
            on_hook=ETSI_ON_HOOK,
            off_hook=ETSI_OFF_HOOK,
            data_link=DataLink.CHECKSUM,
            level_dbm0=-13.5,  # -15 to -12 at the exchange, by the VoIP book; operators set their own
            source="EN 300 659-1/-2 in drv_tapi_cid.c; what-when-how.com VoIP book, chapter 8; ITU-T V.23",
        ),
        Standard.BT: Profile(
            fsk=V_23,
            on_hook=BT_ON_HOOK,
            off_hook=BT_OFF_HOOK,
            data_link=DataLink.CHECKSUM,
            level_dbm0=-14.0,  # drv_tapi_cid.c's default; no level at BT's exchange was to be found
            source="SIN 227 as summarised in gbppr.net/crossbar/btclid.txt and in drv_tapi_cid.c; ITU-T V.23",
        ),
        Standard.NTT: Profile(
            fsk=V_23,
            on_hook=NTT,
            off_hook=NTT,
            data_link=DataLink.NTT,
            level_dbm0=-14.0,  # drv_tapi_cid.c's default; NTT's own tolerance was not to be found
            source="NTT's interface, fifth edition, in drv_tapi_cid.c; spandsp's adsi.h; ITU-T V.23",
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
