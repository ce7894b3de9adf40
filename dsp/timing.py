"""When what has to happen around a burst: every alert's windows, and whether a timeline meets them.

A phone on the hook is asleep, and how it is woken differs. Some watch the line all the time (none), or after
its voltage was away for a moment (OSI, open switching interval); some take a short ring (RP-AS, ring-pulse
alerting signal), a pair of tones (DT-AS, dual-tone alerting signal) or a reversal of polarity and then the
tones (LR + DT-AS, line reversal); caller ID comes between the first ring and the second; and during a call
the tones (CAS) ask the phone, which says with a DTMF digit that it has muted itself and listens (ACK).

A *timeline* is what happened, in seconds, wherever it came from: planned by `dsp.transmission`, or measured
on a line. `check` holds it against the rows of `WINDOWS`. The bodies of the standards were not readable to
us; each row says who quotes its numbers, and confidence C is memory: a device that misses such a window has
not been shown to fail its standard.

Sources: [TAPI] comments (which cite GR-30-CORE and EN 300 659-1) and defaults in Lantiq's drv_tapi_cid.c;
[AST] comment in chan_dahdi; [MT43] [MT45] Mitel MT8843 and MT88E45B data sheets; [WIN] Winbond W91030;
[RAV] text summary of SIN 227; [TLT] Teltone TLS-5, an instrument's default; [WWH] what-when-how.com VoIP
book, chapter 8. "ours" is a choice within the window.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

from .errors import SignalError
from .standards import Standard, profile
from .tones import Confidence

SLACK_S = 1e-6
"""How far a sum of seconds may miss a window by arithmetic alone."""


class AlertMode(StrEnum):
    """How a phone is told that data follows, in the words of gateways."""

    NONE = "none"
    OSI = "osi"
    RP_AS = "rp-as"
    DT_AS = "dt-as"
    LR_DT_AS = "lr-dt-as"
    BETWEEN_RINGS = "between-rings"
    CAS = "cas"


def alert_mode(name: AlertMode | str) -> AlertMode:
    """Return the mode of that name, or raise `SignalError` for a name that is none."""
    try:
        return AlertMode(name)
    except ValueError as error:
        raise SignalError(f"there is no alert {name!r}; there are: {', '.join(AlertMode)}") from error


class Event(StrEnum):
    """What can happen on a line."""

    RING = "ring"
    OPEN = "open"
    REVERSAL = "reversal"
    RESTORE = "restore"
    """The polarity goes back to normal."""
    SAS = "sas"
    TONES = "tones"
    """DT-AS or CAS."""
    ACK = "ack"
    FSK = "fsk"
    END = "end"
    """The line is free for something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened.

    Attributes
    ----------
    event : Event
    start_s, end_s : float
        Equal for what takes no time.
    """

    event: Event
    start_s: float
    end_s: float

    def __post_init__(self) -> None:
        if not self.start_s <= self.end_s:
            raise SignalError(f"{self.event} cannot end at {self.end_s} s, it began at {self.start_s} s")


class Interval(Enum):
    """A time that some standard limits: how long an event lasts, or from the end of one to the next."""

    RING = (Event.RING, None)
    RING_TO_FSK = (Event.RING, Event.FSK)
    OPEN = (Event.OPEN, None)
    OPEN_TO_FSK = (Event.OPEN, Event.FSK)
    REVERSAL_TO_TONES = (Event.REVERSAL, Event.TONES)
    TONES = (Event.TONES, None)
    TONES_TO_FSK = (Event.TONES, Event.FSK)
    TONES_TO_ACK = (Event.TONES, Event.ACK)
    ACK = (Event.ACK, None)
    ACK_TO_FSK = (Event.ACK, Event.FSK)
    FSK_TO_RING = (Event.FSK, Event.RING)
    FSK_TO_RESTORE = (Event.FSK, Event.RESTORE)
    FSK_TO_END = (Event.FSK, Event.END)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What an interval may be; None is a number that was not found.

    Attributes
    ----------
    interval : Interval
    modes : tuple of AlertMode
    standard : Standard, optional
        Whose it is alone; None is for all that have no row of their own.
    shortest_s, longest_s : float, optional
    nominal_s : float
        What `dsp.transmission` takes.
    source : str
    confidence : Confidence
    """

    interval: Interval
    modes: tuple[AlertMode, ...]
    standard: Standard | None = None
    shortest_s: float | None = None
    nominal_s: float
    longest_s: float | None = None
    source: str
    confidence: Confidence

    def has(self, seconds: float) -> bool:
        """Tell whether *seconds* lie within."""
        return (self.shortest_s is None or seconds >= self.shortest_s - SLACK_S) and (
            self.longest_s is None or seconds <= self.longest_s + SLACK_S
        )


A, B, C = Confidence
_RINGS, _TONES = (AlertMode.BETWEEN_RINGS,), (AlertMode.DT_AS, AlertMode.LR_DT_AS)


def _row(
    interval: Interval,
    modes: tuple[AlertMode, ...],
    limits: tuple[float | None, float, float | None],
    source: str,
    confidence: Confidence,
    standard: Standard | None = None,
) -> Window:
    shortest_s, nominal_s, longest_s = limits
    return Window(
        interval=interval,
        modes=modes,
        standard=standard,
        shortest_s=shortest_s,
        nominal_s=nominal_s,
        longest_s=longest_s,
        source=source,
        confidence=confidence,
    )


# fmt: off
WINDOWS = (
    _row(Interval.RING_TO_FSK, _RINGS, (0.5, 0.6, None), "GR-30, remembered; nominal TAPI", C),
    _row(Interval.FSK_TO_RING, _RINGS, (0.2, 0.3, None), "GR-30, remembered; nominal TAPI", C),
    _row(Interval.OPEN, (AlertMode.OSI,), (0.150, 0.200, 0.350), "GR-1401, remembered; nominal TLT", C),
    _row(Interval.OPEN_TO_FSK, (AlertMode.OSI,), (None, 0.300, None), "TAPI default; no limit found", A),
    _row(Interval.RING, (AlertMode.RP_AS,), (0.200, 0.250, 0.300), "EN 300 659-1 by AST", B),
    _row(Interval.RING, (AlertMode.RP_AS,), (0.200, 0.300, 0.450),
         "CCA TW/P&E/312 by MT45 and WIN; nominal ours", B, Standard.BT),
    _row(Interval.RING_TO_FSK, (AlertMode.RP_AS,), (0.5, 0.6, 2.0), "EN 300 659-1 by TAPI; nominal ours", A),
    _row(Interval.RING_TO_FSK, (AlertMode.RP_AS,), (0.5, 0.6, None),
         "CCA TW/P&E/312 by MT45 and WIN; nominal ours", B, Standard.BT),
    _row(Interval.FSK_TO_END, (AlertMode.RP_AS,), (0.2, 0.3, None), "EN 300 659-1 by TAPI", A),
    _row(Interval.REVERSAL_TO_TONES, (AlertMode.LR_DT_AS,), (0.1, 0.15, None), "TAPI, RAV; nominal ours", B),
    _row(Interval.TONES, _TONES, (0.090, 0.100, 0.110), "EN 300 659-1, remembered", C),
    _row(Interval.TONES, _TONES, (0.088, 0.099, 0.110), "SIN 227 by RAV, MT45", B, Standard.BT),
    _row(Interval.TONES_TO_FSK, _TONES, (0.045, 0.1, 0.5), "TAPI default 45 ms; window remembered", C),
    _row(Interval.TONES_TO_FSK, _TONES, (0.045, 0.1, None), "SIN 227 by RAV; nominal ours", B, Standard.BT),
    _row(Interval.FSK_TO_RESTORE, (AlertMode.LR_DT_AS,), (0.2, 0.3, 0.5), "WWH, of DTMF after a reversal", C),
    _row(Interval.FSK_TO_RESTORE, (AlertMode.LR_DT_AS,), (0.2, 0.3, None), "SIN 227 by RAV", B, Standard.BT),
    _row(Interval.TONES, (AlertMode.CAS,), (0.075, 0.080, 0.085), "SR-TSV-002476 by MT45, MT43, WIN", B),
    _row(Interval.TONES, (AlertMode.CAS,), (0.080, 0.082, 0.085), "SIN 227 by MT45, WIN", B, Standard.BT),
    _row(Interval.TONES_TO_ACK, (AlertMode.CAS,), (0.0, 0.050, 0.100), "SR-TSV-002476 by MT45, MT43, WIN", B),
    _row(Interval.ACK, (AlertMode.CAS,), (0.055, 0.060, 0.065), "SR-TSV-002476 by MT45, MT43, WIN", B),
    _row(Interval.ACK, (AlertMode.CAS,), (0.065, 0.070, 0.075), "SIN 227 by WIN", B, Standard.BT),
    _row(Interval.ACK_TO_FSK, (AlertMode.CAS,), (0.0, 0.055, 0.500), "MT45, MT43, WIN; nominal TAPI", B),
    _row(Interval.ACK_TO_FSK, (AlertMode.CAS,), (0.005, 0.055, 0.100), "SIN 227 by WIN", B, Standard.BT),
)
# fmt: on


def windows(alert: AlertMode | str, standard: Standard | str) -> dict[Interval, Window]:
    """Return the rows that hold for *alert* by *standard*, its own before those of all."""
    mode = alert_mode(alert)
    profile(standard)  # refuses a name that is none
    general = {row.interval: row for row in WINDOWS if mode in row.modes and row.standard is None}
    return general | {row.interval: row for row in WINDOWS if mode in row.modes and row.standard == standard}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What became of a window.

    Attributes
    ----------
    window : Window
    measured_s : tuple of float
        Each time that the interval occurred; none is a fault as well.
    """

    window: Window
    measured_s: tuple[float, ...]

    @property
    def is_met(self) -> bool:
        """Whether the interval occurred, and never outside of its window."""
        return bool(self.measured_s) and all(map(self.window.has, self.measured_s))


def check(
    timeline: Sequence[Moment], *, alert: AlertMode | str, standard: Standard | str = Standard.BELLCORE
) -> tuple[Finding, ...]:
    """Hold *timeline* against every window of *alert* by *standard*.

    Parameters
    ----------
    timeline : sequence of Moment
        In any order.
    alert : AlertMode
    standard : Standard

    Returns
    -------
    tuple of Finding
        One for each window, met or not; none for an alert that nothing is prescribed for.

    Raises
    ------
    SignalError
        If there is no such alert or standard.
    """
    return tuple(
        Finding(window=window, measured_s=measure(timeline, interval))
        for interval, window in windows(alert, standard).items()
    )


def measure(timeline: Sequence[Moment], interval: Interval) -> tuple[float, ...]:
    """Return how long *interval* was, each time that it occurred in *timeline*."""
    first, then = interval.value
    moments = sorted(timeline, key=lambda moment: moment.start_s)
    if then is None:
        return tuple(moment.end_s - moment.start_s for moment in moments if moment.event is first)
    measured = []
    for place, moment in enumerate(moments):
        before = [earlier.end_s for earlier in moments[:place] if earlier.event is first]
        if moment.event is then and before:
            measured.append(moment.start_s - before[-1])
    return tuple(measured)
