"""Alert tones: the short signals that tell a phone, not a person, that data follows.

DT-AS (dual-tone alerting signal, idle line) and CAS (customer-premises-equipment alerting signal, during a
call) are the same pair of frequencies; SAS (subscriber alerting signal) is the call-waiting beep before CAS.
The bodies of the standards were not readable to us: what stands here is what receivers' data sheets and
vendors' sources quote of them, and an absent number is one that we did not find.

Sources: [MT45] Mitel MT88E45B data sheet, tables 3 and 4 and figures (quotes SR-TSV-002476, TIA-716 and -777,
ETS 300 778, SIN 227 and 242); [WIN] Winbond W91030; [RAV] text summary of SIN 227; [TAPI] comments and
defaults in Lantiq's drv_tapi_cid.c; [AST] Asterisk, main/callerid.c; [CAD] manuals of Cadence's PSTN
simulators, an instrument's defaults.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from ..confidence import Confidence
from ..errors import SignalError
from .grammar import Tone, parse_tone

Window: TypeAlias = tuple[float, float]
"""Lowest and highest value."""


class Alert(StrEnum):
    """Name of an alert tone."""

    SAS = "sas"
    CAS_BELLCORE = "cas-bellcore"
    CAS_ETSI = "cas-etsi"
    CAS_BT = "cas-bt"
    DT_AS_ETSI = "dt-as-etsi"
    DT_AS_BT = "dt-as-bt"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertTone:
    """An alert tone as it is sent, and what a receiver makes of it; None is a number that was not found.

    Attributes
    ----------
    name : Alert
    tone : Tone
        One burst of nominal length.
    duration_ms : (float, float), optional
        Shortest and longest that receivers have to take.
    tolerance_percent : float, optional
        Of each frequency, to either side.
    level_dbm0 : float
        To send with, for each frequency. No standard's send level was found: these are defaults of others.
    received_dbm : (float, float), optional
        Levels of each frequency, at the phone into 600 ohm, that it has to take.
    reject_dbm : float, optional
        It must not answer below that.
    reject_ms : float, optional
        It must not answer a burst that is shorter.
    twist_db : float, optional
        Difference of the two levels, to either side, that it has to take.
    data_after_ms : (float, float), optional
        From the end of the tone to the data; during a call from the end of the phone's acknowledgement.
    source : str
    confidence : Confidence
        B for what data sheets quote, C for what is remembered or an instrument's default.
    note : str
        What in the row is less sure than its confidence says.
    """

    name: Alert
    tone: Tone
    duration_ms: Window | None = None
    tolerance_percent: float | None = None
    level_dbm0: float
    received_dbm: Window | None = None
    reject_dbm: float | None = None
    reject_ms: float | None = None
    twist_db: float | None = None
    data_after_ms: Window | None = None
    source: str
    confidence: Confidence
    note: str = ""


_ROWS = (
    AlertTone(
        name=Alert.SAS,
        tone=parse_tone("!440/300"),  # [AST] 2400 samples of 8 kHz; [CAD] 300 ms
        level_dbm0=-13.0,  # [CAD] default of the North American call-waiting tone
        source="AST, CAD",
        confidence=Confidence.B,
        note="the level is an instrument's default; no tolerance was found",
    ),
    AlertTone(
        name=Alert.CAS_BELLCORE,
        tone=parse_tone("!2130+2750/80"),  # [MT45] [AST]
        duration_ms=(75, 85),  # [MT45] [WIN]
        tolerance_percent=0.5,  # [MT45] table 3
        level_dbm0=-15.0,  # [CAD] default
        received_dbm=(-32.0, -14.0),  # [MT45] table 3
        reject_dbm=-45.0,  # [MT45] table 3
        twist_db=6.0,  # [MT45] table 3
        data_after_ms=(0, 500),  # [MT45] [WIN]; [TAPI] 55 by default
        source="MT45, WIN, AST",
        confidence=Confidence.B,
        note="the level is an instrument's default",
    ),
    AlertTone(
        name=Alert.CAS_ETSI,
        tone=parse_tone("!2130+2750/80"),
        duration_ms=(75, 85),  # [MT45]
        tolerance_percent=0.5,  # [MT45]
        level_dbm0=-15.0,  # [CAD] default
        received_dbm=(-32.78, -9.78),  # [MT45] -35 to -12 dBV
        twist_db=6.0,  # [MT45]
        source="MT45",
        confidence=Confidence.B,
        note="the level is an instrument's default",
    ),
    AlertTone(
        name=Alert.CAS_BT,
        tone=parse_tone("!2130+2750/82"),  # the middle of the window
        duration_ms=(80, 85),  # [MT45] [WIN]
        tolerance_percent=0.6,  # [MT45]
        level_dbm0=-15.0,  # [CAD] default
        received_dbm=(-37.78, 0.22),  # [MT45] -40 to -2 dBV
        reject_ms=70,  # [MT45]
        twist_db=7.0,  # [MT45]
        data_after_ms=(5, 100),  # [WIN] figure 9-6, to the mark that precedes the data
        source="MT45, WIN",
        confidence=Confidence.B,
        note="the level is an instrument's default",
    ),
    AlertTone(
        name=Alert.DT_AS_ETSI,
        tone=parse_tone("!2130+2750/100"),
        duration_ms=(90, 110),  # [C]
        tolerance_percent=0.5,  # [MT45], there of the tone during a call
        level_dbm0=-15.0,  # [CAD] default
        data_after_ms=(45, 500),  # [TAPI] 45 by default; the window is [C]
        source="TAPI",
        confidence=Confidence.C,
        note="length and window are from memory, the level is an instrument's default",
    ),
    AlertTone(
        name=Alert.DT_AS_BT,
        tone=parse_tone("!2130+2750/99"),  # the middle of the window
        duration_ms=(88, 110),  # [RAV] [MT45]
        tolerance_percent=1.1,  # [RAV] [MT45]
        level_dbm0=-15.0,  # [CAD] default
        received_dbm=(-37.78, 0.22),  # [MT45] -40 to -2 dBV
        reject_dbm=-43.78,  # [MT45]
        reject_ms=20,  # [MT45] [RAV]
        twist_db=7.0,  # [MT45]
        data_after_ms=(45, float("inf")),  # [RAV]
        source="RAV, MT45",
        confidence=Confidence.B,
        note="the level is an instrument's default",
    ),
)

ALERTS: Mapping[Alert, AlertTone] = MappingProxyType({row.name: row for row in _ROWS})


def alert(name: Alert | str) -> AlertTone:
    """Return the row of an alert tone, or raise `SignalError` for a name that is none."""
    try:
        return ALERTS[Alert(name)]
    except ValueError as error:
        raise SignalError(f"there is no alert tone {name!r}; there are: {', '.join(Alert)}") from error
