"""Whole transmissions: their steps, their times, and the windows that these have to meet."""

from dataclasses import replace

import numpy as np
import pytest

from dsp.errors import SignalError
from dsp.formats import SampleFormat
from dsp.message import vmwi
from dsp.spill import render
from dsp.standards import Standard, profile
from dsp.timing import WINDOWS, AlertMode, Event, Interval, Moment, Window, check, measure, windows
from dsp.tones import Confidence
from dsp.transmission import (
    Action,
    AwaitAck,
    Burst,
    LineAction,
    Signal,
    Silence,
    TimedAction,
    plan,
    timeline,
    to_samples,
)

RATE = 8000
ON = vmwi(True)
BURST_S = 542 / 1200


def heard(alert, **kwargs):
    """Return the sample at which each piece of audio begins, and the one after its end."""
    samples = to_samples(plan(ON, alert=alert, **kwargs), sample_rate=RATE).samples
    loud = np.flatnonzero(samples)
    gaps = np.flatnonzero(np.diff(loud) > 40)
    return list(zip(loud[np.r_[0, gaps + 1]].tolist(), (loud[np.r_[gaps, -1]] + 1).tolist(), strict=True))


@pytest.mark.parametrize("standard", Standard)
@pytest.mark.parametrize("alert", AlertMode)
def test_every_plan_meets_every_window_of_its_alert(alert, standard):
    findings = check(timeline(plan(ON, alert=alert, standard=standard)), alert=alert, standard=standard)
    assert [finding for finding in findings if not finding.is_met] == []
    assert [finding.window for finding in findings] == list(windows(alert, standard).values())


@pytest.mark.parametrize("standard", Standard)
@pytest.mark.parametrize("alert", AlertMode)
def test_every_rendering_ends_with_its_plan_and_holds_the_burst_unchanged(alert, standard):
    transmission = plan(ON, alert=alert, standard=standard)
    rendering = to_samples(transmission, sample_rate=48000)
    moments = {moment.event: moment for moment in timeline(transmission)}
    assert rendering.samples.size == pytest.approx(moments[Event.END].end_s * 48000, abs=1)
    row = profile(standard)
    framing = row.off_hook if alert is AlertMode.CAS else row.on_hook
    burst = render(ON, standard=standard, sample_rate=48000, framing=framing)
    first = round(moments[Event.FSK].start_s * 48000)
    assert np.array_equal(rendering.samples[first : first + burst.size], burst)


def test_without_alert_the_burst_follows_half_a_second_of_silence():
    assert plan(ON).steps == (
        LineAction(action=Action.TRANSMIT, duration_s=0.5 + BURST_S, is_background=True),
        Silence(duration_s=0.5),
        Burst(message=ON, standard=Standard.BELLCORE),
    )
    [(first, last)] = heard("none")
    assert (first, last) == (4001, 4000 + 3614)  # the burst's first sample is a zero of its carrier


def test_an_open_switching_interval_takes_the_battery_off_before_the_burst():
    actions = to_samples(plan(ON, alert="osi"), sample_rate=RATE).actions
    assert actions == (
        TimedAction(action=Action.OPEN, start_s=0.0, duration_s=0.2),
        TimedAction(action=Action.TRANSMIT, start_s=0.2, duration_s=pytest.approx(0.3 + BURST_S)),
    )


def test_a_ring_pulse_comes_before_the_burst_and_silence_after_it():
    transmission = plan(ON, alert="rp-as", standard="etsi")
    assert [(moment.event, round(moment.start_s, 6)) for moment in timeline(transmission)] == [
        (Event.RING, 0.0),
        (Event.FSK, 0.85),
        (Event.END, round(1.15 + BURST_S, 6)),
    ]


@pytest.mark.parametrize(("standard", "tone_s"), [("etsi", 0.1), ("bt", 0.099), ("bellcore", 0.1)])
def test_two_tones_come_before_the_burst(standard, tone_s):
    tones, burst, _ = timeline(plan(ON, alert="dt-as", standard=standard))
    assert (tones.event, burst.event) == (Event.TONES, Event.FSK)
    assert tones.end_s - tones.start_s == pytest.approx(tone_s)
    assert len(heard("dt-as", standard=standard)) == 2


def test_the_line_is_reversed_before_the_tones_and_restored_after_the_burst():
    rendering = to_samples(plan(ON, alert="lr-dt-as", standard="bt"), sample_rate=RATE)
    assert [action.action for action in rendering.actions] == [
        Action.REVERSE,
        Action.TRANSMIT,
        Action.RESTORE,
    ]
    assert rendering.actions[2].start_s == pytest.approx(rendering.samples.size / RATE, abs=1 / RATE)


def test_between_rings_the_second_ring_keeps_its_cadence():
    first, transmit, second = to_samples(plan(ON, alert="between-rings"), sample_rate=RATE).actions
    assert (first.start_s, first.duration_s) == (0.0, 2.0)
    assert (transmit.start_s, transmit.duration_s) == (2.0, pytest.approx(4.0))
    assert (second.start_s, second.duration_s) == (pytest.approx(6.0), 2.0)


def test_a_long_burst_puts_the_second_ring_off():
    transmission = plan(bytes(300), alert="between-rings", standard="ntt")
    [finding] = [
        finding
        for finding in check(timeline(transmission), alert="between-rings", standard="ntt")
        if finding.window.interval is Interval.FSK_TO_RING
    ]
    assert finding.is_met
    assert finding.measured_s == (pytest.approx(0.3),)


def test_during_a_call_the_burst_waits_for_the_phones_answer():
    transmission = plan(ON, alert="cas")
    assert [type(step) for step in transmission.steps] == [Signal, Signal, AwaitAck, Silence, Burst]
    rendering = to_samples(transmission, sample_rate=RATE)
    [await_ack] = rendering.actions
    assert (await_ack.action, await_ack.duration_s) == (Action.AWAIT_ACK, 0.160)
    sas, cas, ack, fsk, _ = timeline(transmission)
    assert [moment.event for moment in (sas, cas, ack, fsk)] == [Event.SAS, Event.TONES, Event.ACK, Event.FSK]
    assert fsk.end_s - fsk.start_s == pytest.approx(142 / 1200)  # 80 marks, 60 bits of message, 2 marks


def test_the_level_of_the_burst_is_as_told():
    loud, soft = (
        np.abs(to_samples(plan(ON, level_dbm0=level), sample_rate=48000).samples).max()
        for level in (-10, -30)
    )
    assert loud / soft == pytest.approx(10, rel=1e-3)


@pytest.mark.parametrize("form", SampleFormat)
def test_a_rendering_comes_in_every_format(form):
    rendering = to_samples(plan(ON, alert="dt-as"), sample_rate=RATE, dtype=form)
    reference = to_samples(plan(ON, alert="dt-as"), sample_rate=RATE)
    assert rendering.samples.size == reference.samples.size
    assert rendering.samples.dtype == {"mulaw": np.uint8, "alaw": np.uint8}.get(form, form.value)


@pytest.mark.parametrize("wrong", [{"alert": "knock"}, {"standard": "morse"}])
def test_what_there_is_not_is_refused_by_name(wrong):
    with pytest.raises(SignalError, match="there is no"):
        plan(ON, **wrong)


def test_an_unknown_alert_has_no_windows_either():
    with pytest.raises(SignalError, match="there are: none, osi, rp-as, dt-as, lr-dt-as, between-rings, cas"):
        check((), alert="knock")


def test_an_unknown_standard_has_no_windows():
    with pytest.raises(SignalError, match="there is no standard"):
        windows("none", "morse")


def test_a_moment_ends_after_it_began():
    with pytest.raises(SignalError):
        Moment(event=Event.RING, start_s=1.0, end_s=0.5)


def ring_pulse(pulse_s, pause_s, quiet_s):
    fsk_s = pulse_s + pause_s
    return [
        Moment(event=Event.END, start_s=fsk_s + 0.5 + quiet_s, end_s=fsk_s + 0.5 + quiet_s),
        Moment(event=Event.FSK, start_s=fsk_s, end_s=fsk_s + 0.5),
        Moment(event=Event.RING, start_s=0.0, end_s=pulse_s),
    ]


@pytest.mark.parametrize(
    ("times", "missed"),
    [
        ((0.2, 0.5, 0.2), set()),
        ((0.3, 2.0, 9.0), set()),
        ((0.19, 0.5, 0.2), {Interval.RING}),
        ((0.31, 2.1, 0.1), {Interval.RING, Interval.RING_TO_FSK, Interval.FSK_TO_END}),
    ],
)
def test_a_timeline_misses_the_windows_that_it_misses(times, missed):
    findings = check(ring_pulse(*times), alert="rp-as", standard="etsi")
    assert {finding.window.interval for finding in findings if not finding.is_met} == missed


def test_the_cable_networks_of_the_uk_ring_longer():
    timeline_of_uk = ring_pulse(0.44, 2.5, 0.3)
    assert all(finding.is_met for finding in check(timeline_of_uk, alert="rp-as", standard="bt"))
    assert not all(finding.is_met for finding in check(timeline_of_uk, alert="rp-as", standard="etsi"))


def test_what_did_not_happen_misses_its_window():
    only_burst = [Moment(event=Event.FSK, start_s=1.0, end_s=1.5)]
    assert [finding.is_met for finding in check(only_burst, alert="osi")] == [False, False]
    assert check(only_burst, alert="none") == ()


def test_an_interval_is_measured_each_time_from_the_nearest_event_before():
    moments = [
        Moment(event=event, start_s=start_s, end_s=start_s + 1)
        for event, start_s in [(Event.RING, 0.0), (Event.RING, 2.0), (Event.FSK, 3.5), (Event.FSK, 6.0)]
    ]
    assert measure(moments, Interval.RING_TO_FSK) == (0.5, 3.0)
    assert measure(moments, Interval.RING) == (1.0, 1.0)
    assert measure(moments, Interval.FSK_TO_RING) == ()


def test_every_window_holds_its_nominal_time_and_names_its_source():
    for window in WINDOWS:
        assert window.has(window.nominal_s)
        assert window.source
        assert window.modes
        assert isinstance(window.confidence, Confidence)


def test_no_two_rows_stand_for_the_same():
    keys = [(row.interval, mode, row.standard) for row in WINDOWS for mode in row.modes]
    assert len(set(keys)) == len(keys)


def test_what_is_remembered_is_marked():
    for window in WINDOWS:
        if "remembered" in window.source:
            assert window.confidence is Confidence.C


def test_a_window_may_be_open_at_either_end():
    window = Window(
        interval=Interval.OPEN, modes=(AlertMode.OSI,), nominal_s=1.0, source="here", confidence=Confidence.C
    )
    assert window.has(0.0)
    assert not replace(window, shortest_s=0.5).has(0.4)
    assert not replace(window, longest_s=0.5).has(0.6)
