"""A whole transmission: how the phone is woken, the burst, and what the line does meanwhile.

`plan` makes the steps of a message for an alert; a line driver carries them out one by one, and `to_samples`
lays them out on a clock: audio, and the times of everything that is not audio.

>>> from dsp.message import vmwi
>>> transmission = plan(vmwi(True), alert="rp-as", standard="etsi")
>>> [type(step).__name__ for step in transmission.steps]
['LineAction', 'LineAction', 'Silence', 'Burst', 'Silence']
>>> rendering = to_samples(transmission, sample_rate=8000)
>>> [(action.action.value, round(action.start_s, 3)) for action in rendering.actions]
[('ring', 0.0), ('transmit', 0.25)]
>>> all(finding.is_met for finding in check(timeline(transmission), alert="rp-as", standard="etsi"))
True
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import DTypeLike

from .arrays import FloatArray
from .formats import FormattedArray, SampleFormat, sample_format, write
from .spill import render
from .standards import Standard, profile
from .steps import Action, AwaitAck, Burst, LineAction, Signal, Silence, Step, duration_s, tone_s
from .timing import AlertMode, Event, Interval, Moment, alert_mode, check, windows
from .tones import Alert, alert, render_tone
from .tones.render import EDGE_S

__all__ = [
    "Action",
    "AlertMode",
    "AwaitAck",
    "Burst",
    "LineAction",
    "Rendering",
    "Signal",
    "Silence",
    "Step",
    "TimedAction",
    "Transmission",
    "check",
    "plan",
    "timeline",
    "to_samples",
]

SETTLE_S = 0.5
"""Silence between on-hook transmission and a burst without alert: chan_dahdi's."""

RING_CADENCES = {
    # voice of the bell and silence, in seconds; [C] all, from memory
    Standard.BELLCORE: (2.0, 4.0),
    Standard.ETSI: (1.0, 4.0),
    Standard.BT: (0.4, 2.0),  # of 0.4 0.2 0.4 2.0, the last ring and the long silence
    Standard.NTT: (1.0, 2.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Transmission:
    """Steps, one after another.

    Attributes
    ----------
    alert : AlertMode
    standard : Standard
    steps : tuple of Step
    """

    alert: AlertMode
    standard: Standard
    steps: tuple[Step, ...]


def plan(
    message: bytes,
    *,
    alert: AlertMode | str = AlertMode.NONE,
    standard: Standard | str = Standard.BELLCORE,
    level_dbm0: float | None = None,
) -> Transmission:
    """Plan how *message* is sent with *alert*, each interval at its nominal length.

    Any alert goes with any standard, as in gateways; where a standard has no windows of its own for an alert,
    those of the others hold (`dsp.timing.windows`).

    Raises
    ------
    SignalError
        If there is no such alert or standard.
    """
    profile(standard)  # refuses a name that is none
    mode, whose = alert_mode(alert), Standard(standard)
    burst = Burst(message=message, standard=whose, is_off_hook=mode is AlertMode.CAS, level_dbm0=level_dbm0)
    nominal = {interval: window.nominal_s for interval, window in windows(mode, whose).items()}
    return Transmission(alert=mode, standard=whose, steps=tuple(_PLANS[mode](burst, nominal)))


_Nominal: TypeAlias = dict[Interval, float]


def _plain(burst: Burst, nominal: _Nominal) -> Iterator[Step]:
    yield from _on_hook([Silence(duration_s=SETTLE_S), burst])


def _osi(burst: Burst, nominal: _Nominal) -> Iterator[Step]:
    yield LineAction(action=Action.OPEN, duration_s=nominal[Interval.OPEN])
    yield from _on_hook([Silence(duration_s=nominal[Interval.OPEN_TO_FSK]), burst])


def _rp_as(burst: Burst, nominal: _Nominal) -> Iterator[Step]:
    yield LineAction(action=Action.RING, duration_s=nominal[Interval.RING])
    yield from _on_hook([Silence(duration_s=nominal[Interval.RING_TO_FSK]), burst])
    yield Silence(duration_s=nominal[Interval.FSK_TO_END])


def _dt_as(burst: Burst, nominal: _Nominal) -> Iterator[Step]:
    yield from _on_hook([Silence(duration_s=SETTLE_S), *_tones(burst, nominal)])


def _lr_dt_as(burst: Burst, nominal: _Nominal) -> Iterator[Step]:
    yield LineAction(action=Action.REVERSE)
    settle = Silence(duration_s=nominal[Interval.REVERSAL_TO_TONES])
    after = Silence(duration_s=nominal[Interval.FSK_TO_RESTORE])
    yield from _on_hook([settle, *_tones(burst, nominal), after])
    yield LineAction(action=Action.RESTORE)


def _tones(burst: Burst, nominal: _Nominal) -> Iterator[Step]:
    yield Signal(tone=Alert.DT_AS_BT if burst.standard is Standard.BT else Alert.DT_AS_ETSI)
    yield Silence(duration_s=nominal[Interval.TONES_TO_FSK])
    yield burst


def _between_rings(burst: Burst, nominal: _Nominal) -> Iterator[Step]:
    ring_s, silent_s = RING_CADENCES[burst.standard]
    before_s = nominal[Interval.RING_TO_FSK]
    after_s = max(nominal[Interval.FSK_TO_RING], silent_s - before_s - duration_s(burst))
    ring = LineAction(action=Action.RING, duration_s=ring_s)
    yield ring
    yield from _on_hook([Silence(duration_s=before_s), burst, Silence(duration_s=after_s)])
    yield ring


def _cas(burst: Burst, nominal: _Nominal) -> Iterator[Step]:
    yield Signal(tone=Alert.SAS)
    of_standard = {Standard.ETSI: Alert.CAS_ETSI, Standard.BT: Alert.CAS_BT}
    yield Signal(tone=of_standard.get(burst.standard, Alert.CAS_BELLCORE))
    yield AwaitAck(begins_s=nominal[Interval.TONES_TO_ACK], lasts_s=nominal[Interval.ACK])
    yield Silence(duration_s=nominal[Interval.ACK_TO_FSK])
    yield burst


_PLANS: dict[AlertMode, Callable[[Burst, _Nominal], Iterator[Step]]] = {
    AlertMode.NONE: _plain,
    AlertMode.OSI: _osi,
    AlertMode.RP_AS: _rp_as,
    AlertMode.DT_AS: _dt_as,
    AlertMode.LR_DT_AS: _lr_dt_as,
    AlertMode.BETWEEN_RINGS: _between_rings,
    AlertMode.CAS: _cas,
}


def _on_hook(steps: list[Step]) -> Iterator[Step]:
    """Let audio pass for as long as *steps* take; a line that rings or is open cannot be told so before."""
    lasts_s = sum(map(duration_s, steps))
    yield LineAction(action=Action.TRANSMIT, duration_s=lasts_s, is_background=True)
    yield from steps


def _clock(transmission: Transmission) -> Iterator[tuple[float, Step]]:
    """Give each step with the second at which it begins."""
    now_s = 0.0
    for step in transmission.steps:
        yield now_s, step
        now_s += duration_s(step)


_EVENTS = {
    Action.RING: Event.RING,
    Action.OPEN: Event.OPEN,
    Action.REVERSE: Event.REVERSAL,
    Action.RESTORE: Event.RESTORE,
}


def timeline(transmission: Transmission) -> tuple[Moment, ...]:
    """Return what happens when, for `dsp.timing.check`."""
    ends_s = sum(map(duration_s, transmission.steps))
    moments = [_moment(step, start_s) for start_s, step in _clock(transmission)]
    end = Moment(event=Event.END, start_s=ends_s, end_s=ends_s)
    return (*(moment for moment in moments if moment is not None), end)


def _moment(step: Step, start_s: float) -> Moment | None:
    if isinstance(step, Silence) or (isinstance(step, LineAction) and step.is_background):
        return None
    if isinstance(step, LineAction):
        return Moment(event=_EVENTS[step.action], start_s=start_s, end_s=start_s + step.duration_s)
    if isinstance(step, AwaitAck):
        start_s += step.begins_s
        return Moment(event=Event.ACK, start_s=start_s, end_s=start_s + step.lasts_s)
    if isinstance(step, Signal):
        start_s += EDGE_S / 2  # between the points of half amplitude a tone is as long as it should be
        event = Event.SAS if step.tone is Alert.SAS else Event.TONES
        return Moment(event=event, start_s=start_s, end_s=start_s + tone_s(step.tone))
    return Moment(event=Event.FSK, start_s=start_s, end_s=start_s + duration_s(step))


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedAction:
    """A line action on the clock.

    Attributes
    ----------
    action : Action
    start_s : float
    duration_s : float
        Zero for what stays as it is until the next action; for `Action.AWAIT_ACK` how long to wait at most.
    """

    action: Action
    start_s: float
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rendering:
    """A transmission as audio and timed line actions.

    Attributes
    ----------
    samples : ndarray [shape=(n,)]
        Silence wherever there is no audio.
    sample_rate : int
    actions : tuple of TimedAction
    """

    samples: FormattedArray
    sample_rate: int
    actions: tuple[TimedAction, ...]


def to_samples(
    transmission: Transmission, *, sample_rate: int, dtype: SampleFormat | DTypeLike = SampleFormat.FLOAT64
) -> Rendering:
    """Lay *transmission* out on a clock.

    Audio begins at the sample nearest to its second; the seconds themselves are exact sums, so no rounding
    adds up.

    Raises
    ------
    SignalError
        If the format is none, or if something does not fit the sample rate or the scale.
    """
    form = sample_format(dtype)
    clock = list(_clock(transmission))
    pieces = [(round(start_s * sample_rate), _audio(step, sample_rate)) for start_s, step in clock]
    ends_s = sum(map(duration_s, transmission.steps))
    count = max([round(ends_s * sample_rate), *(first + audio.size for first, audio in pieces)])
    samples = np.zeros(count)
    for first, audio in pieces:
        samples[first : first + audio.size] = audio
    actions = tuple(action for start_s, step in clock for action in _actions(step, start_s))
    return Rendering(samples=write(samples, form), sample_rate=sample_rate, actions=actions)


def _audio(step: Step, sample_rate: int) -> FloatArray:
    if isinstance(step, Signal):
        row = alert(step.tone)
        return render_tone(row.tone, sample_rate=sample_rate, level_dbm0=row.level_dbm0)
    if isinstance(step, Burst):
        return render(
            step.message,
            standard=step.standard,
            sample_rate=sample_rate,
            level_dbm0=step.level_dbm0,
            framing=step.framing,
        )
    return np.zeros(0)


def _actions(step: Step, start_s: float) -> Iterator[TimedAction]:
    if isinstance(step, LineAction):
        yield TimedAction(action=step.action, start_s=start_s, duration_s=step.duration_s)
    if isinstance(step, AwaitAck):
        yield TimedAction(action=Action.AWAIT_ACK, start_s=start_s, duration_s=step.limit_s)
