"""Line voltage, the neon lamp and the bell: closed forms, and what people see and hear."""

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dsp.lamp
from dsp.errors import SignalError
from dsp.lamp import (
    NE_2,
    NE_2_STUBBORN,
    PRACTICES,
    PROSLIC,
    Bell,
    Event,
    Glow,
    LineVoltage,
    Maker,
    Mark,
    NeonLamp,
    Polarity,
    RingGenerator,
    battery,
    duty,
    glows,
    hvdc,
    neon_burst,
    push,
    reversals,
    ringing,
    tinkles,
)
from dsp.message import vmwi
from dsp.spill import render

RATES = [8000, 11025, 48000]


def line(volts, sample_rate=8000):
    return LineVoltage(volts=np.asarray(volts, dtype=np.float64), sample_rate=sample_rate)


def test_the_examples_of_the_package_are_true():
    assert doctest.testmod(dsp.lamp).failed == 0


@pytest.mark.parametrize("polarity", Polarity)
def test_an_idle_line_has_its_battery(polarity):
    idle = battery(0.5, sample_rate=8000, polarity=polarity)
    assert np.array_equal(idle.volts, np.full(4000, polarity * 48.0))
    assert (idle.duration_s, idle.marks) == (0.5, ())


@pytest.mark.parametrize("sample_rate", RATES)
def test_reversals_go_along_straight_lines(sample_rate):
    reversed_ = reversals(0.5, sample_rate=sample_rate, at_s=(0.1, 0.2, 0.3), transition_s=0.02)
    time = np.arange(round(0.5 * sample_rate)) / sample_rate
    corners = [0, 0.1, 0.12, 0.2, 0.22, 0.3, 0.32, 1]
    volts = [48, 48, -48, -48, 48, 48, -48, -48]
    np.testing.assert_allclose(reversed_.volts, np.interp(time, corners, volts), atol=1e-9)
    assert reversed_.marks == (Mark(0.1, Event.REVERSE), Mark(0.2, Event.FORWARD), Mark(0.3, Event.REVERSE))


def test_a_line_that_begins_reversed_turns_forward():
    turned = reversals(0.1, sample_rate=8000, at_s=(0.05,), begins=Polarity.REVERSE, transition_s=0)
    assert turned.volts[0] == turned.volts[399] == -48
    assert turned.volts[400] == turned.volts[-1] == 48
    assert turned.marks == (Mark(0.05, Event.FORWARD),)


@pytest.mark.parametrize("sample_rate", RATES)
def test_high_dc_voltage_comes_in_pulses(sample_rate):
    pulses = hvdc(sample_rate=sample_rate, volts=150, on_s=0.9, off_s=0.1, cycles=2, switch_s=0.01)
    time = np.arange(2 * sample_rate) / sample_rate
    corners = [0, 0.01, 0.9, 0.91, 1, 1.01, 1.9, 1.91, 2]
    volts = [48, 150, 150, 48, 48, 150, 150, 48, 48]
    np.testing.assert_allclose(pulses.volts, np.interp(time, corners, volts), atol=1e-9)
    assert pulses.marks == (
        Mark(0.0, Event.LAMP_ON),
        Mark(0.9, Event.LAMP_OFF),
        Mark(1.0, Event.LAMP_ON),
        Mark(1.9, Event.LAMP_OFF),
    )


@pytest.mark.parametrize(("on_s", "off_s"), [(0.9, 0.1), (0.06, 0.19), (0.1, 0.2), (0.03, 0.03)])
def test_an_edge_does_not_miss_the_sample_that_it_falls_on(on_s, off_s):
    pulses = hvdc(sample_rate=8000, volts=90, on_s=on_s, off_s=off_s, cycles=100, switch_s=0)
    on, off = round(on_s * 8000), round(off_s * 8000)
    assert np.array_equal(pulses.volts, np.tile([90.0] * on + [48.0] * off, 100))


def test_without_a_pause_the_voltage_stays_on():
    steady = hvdc(
        sample_rate=8000, volts=90, on_s=0.5, off_s=0, cycles=3, polarity=Polarity.REVERSE, switch_s=0
    )
    assert np.array_equal(steady.volts, np.full(12000, -90.0))
    assert steady.marks == (Mark(0.0, Event.LAMP_ON),)


@pytest.mark.parametrize("sample_rate", RATES)
def test_a_neon_burst_is_the_beginning_of_a_trapezoid(sample_rate):
    burst = neon_burst(sample_rate=sample_rate, cycles=2, switch_s=0)
    time = np.arange(round(0.5 * sample_rate)) / sample_rate
    quarter = PROSLIC.rise_s / 2
    inside = time % 0.25 < 0.06
    expected = np.where(inside, np.interp(time % 0.25, [0, quarter, 1], [0, 91.5, 91.5]), 48)
    np.testing.assert_allclose(burst.volts, expected, atol=1e-9)
    assert [mark.time_s for mark in burst.marks] == pytest.approx([0, 0.06, 0.25, 0.31])


def test_the_registers_of_the_drivers_give_the_generator():
    generator = RingGenerator.from_registers(
        rngx=0x7BEF, rngy=0x03E8, rco=0x009F, active=0x01E0, inactive=0x05F0
    )
    assert generator.peak_volts == pytest.approx(92.95, abs=0.01)
    assert generator.rise_s == PROSLIC.rise_s == pytest.approx(0.0499, abs=0.0001)
    told = (generator.period_s, generator.active_s, generator.inactive_s)
    assert told == (PROSLIC.period_s, PROSLIC.active_s, PROSLIC.inactive_s) == (0.25, 0.06, 0.19)


def test_the_data_sheet_s_own_example_is_read_from_its_registers():
    """71 V peak, 20 Hz, crest factor 1.3: RNGX 5EAB, RNGY C8, RCO 18C (Si3210, "Trapezoidal Ringing")."""
    generator = RingGenerator.from_registers(rngx=0x5EAB, rngy=0xC8, rco=0x18C, active=8000, inactive=8000)
    assert generator.peak_volts == pytest.approx(71, abs=0.01)
    assert generator.period_s == 0.05
    assert generator.rise_s == pytest.approx(0.0153, abs=0.0001)
    volts = generator.trapezoid(np.arange(0, 0.05, 1e-6))
    assert generator.peak_volts / np.sqrt(np.mean(volts**2)) == pytest.approx(1.3, abs=0.001)
    assert volts.max() == -volts.min() == generator.peak_volts


def test_ringing_is_a_sine_over_the_battery_in_its_cadence():
    rung = ringing(sample_rate=8000, rms_volts=80, hz=25, on_s=1, off_s=0.5, cycles=2)
    assert rung.volts.size == 24000
    np.testing.assert_allclose(rung.volts[:12000], rung.volts[12000:], atol=1e-9)
    assert np.array_equal(rung.volts[8000:12000], np.full(4000, 48.0))
    assert np.sqrt(np.mean((rung.volts[:8000] - 48) ** 2)) == pytest.approx(80)
    assert [mark.event for mark in rung.marks] == [Event.RING_ON, Event.RING_OFF] * 2


def test_stretches_join_and_marks_move_with_them():
    both = battery(0.5, sample_rate=8000).then(hvdc(sample_rate=8000, volts=90, on_s=0.2, off_s=0.1))
    assert both.duration_s == pytest.approx(0.8)
    assert both.marks == (Mark(0.5, Event.LAMP_ON), Mark(0.7, Event.LAMP_OFF))
    with pytest.raises(SignalError, match="8000 and 11025 Hz"):
        battery(1, sample_rate=8000).then(battery(1, sample_rate=11025))


def test_a_milliwatt_of_audio_is_0_775_volts_rms():
    tone = np.sin(2 * np.pi * 1000 * np.arange(800) / 8000) * 10 ** (-3.14 / 20)
    talked = battery(0.3, sample_rate=8000).plus_audio(tone, at_s=0.1)
    assert np.sqrt(np.mean((talked.volts[800:1600] - 48) ** 2)) == pytest.approx(0.7746, abs=1e-4)
    assert np.array_equal(talked.volts[:800], np.full(800, 48.0))
    with pytest.raises(SignalError, match="within the stretch"):
        battery(0.1, sample_rate=8000).plus_audio(tone, at_s=0.05)


# The lamp.


def test_a_lamp_strikes_holds_and_goes_out():
    volts = [48, 64.9, 65, 60, 55, 54.9, 60, 64.9, 70]
    assert [(glow.begin_s * 8000, glow.end_s * 8000) for glow in glows(line(volts))] == [(2, 5), (8, 9)]


def test_the_current_is_what_the_resistor_lets_through():
    (glow,) = glows(line([160.0] * 80), NeonLamp(sustain_volts=60, series_ohm=50e3))
    assert glow == Glow(begin_s=0, end_s=0.01, polarity=Polarity.FORWARD, current_a=pytest.approx(0.002))


def test_a_change_of_polarity_puts_the_lamp_out_and_needs_a_new_strike():
    assert [glow.polarity for glow in glows(line([70, 70, -60, -60, -70]))] == [
        Polarity.FORWARD,
        Polarity.REVERSE,
    ]
    between = glows(line([70, -70, 70]))
    assert [glow.polarity for glow in between] == [Polarity.FORWARD, Polarity.REVERSE, Polarity.FORWARD]


def test_a_line_without_samples_lights_and_rings_nothing():
    assert glows(line([])) == tinkles(line([])) == ()


@pytest.mark.parametrize("sample_rate", RATES)
@pytest.mark.parametrize("polarity", Polarity)
@pytest.mark.parametrize("lamp", [NE_2, NE_2_STUBBORN])
def test_a_lamp_glows_in_every_neon_burst(sample_rate, polarity, lamp):
    lit = glows(neon_burst(sample_rate=sample_rate, cycles=8, polarity=polarity), lamp)
    assert [glow.polarity for glow in lit] == [polarity] * 8
    assert all(glow.current_a > 0.0002 for glow in lit)
    per_period = duty(lit, period_s=0.25, periods=8)
    # On the slope for a part of 25 ms, then on the peak until 60 ms.
    slope = PROSLIC.rise_s / 2 * lamp.strike_volts / PROSLIC.peak_volts
    np.testing.assert_allclose(per_period, (0.06 - slope) / 0.25, atol=0.005)


def test_ac_lights_both_electrodes_in_turn():
    rung = ringing(sample_rate=48000, rms_volts=90, hz=20, on_s=1, off_s=0, battery_volts=0)
    lit = glows(rung)
    assert [glow.polarity for glow in lit] == [Polarity.FORWARD, Polarity.REVERSE] * 20
    peak = 90 * np.sqrt(2)
    cycle = (np.pi - np.arcsin(65 / peak) - np.arcsin(55 / peak)) / np.pi
    np.testing.assert_allclose(duty(lit, period_s=0.05, periods=20), cycle, atol=0.002)
    one = duty(lit, period_s=0.05, periods=20, polarity=Polarity.REVERSE)
    np.testing.assert_allclose(one, cycle / 2, atol=0.002)


@pytest.mark.parametrize("volts", [90, 140, 150])
@pytest.mark.parametrize("polarity", Polarity)
def test_a_lamp_follows_the_cadence_of_high_dc_voltage(volts, polarity):
    pulses = hvdc(sample_rate=8000, volts=volts, on_s=0.9, off_s=0.1, cycles=4, polarity=polarity)
    lit = glows(pulses, NE_2_STUBBORN)
    assert [round(glow.begin_s, 2) for glow in lit] == [0, 1, 2, 3]
    np.testing.assert_allclose(duty(lit, period_s=1, periods=4, polarity=polarity), 0.9, atol=0.002)


@pytest.mark.parametrize("level_dbm0", [-13.5, 3.0])
def test_no_lamp_glows_on_battery_reversal_or_during_fsk(level_dbm0):
    burst = render(vmwi(True), sample_rate=8000, level_dbm0=level_dbm0)
    quiet = (
        battery(3, sample_rate=8000, volts=56.5),
        reversals(3, sample_rate=8000, at_s=(1, 2), volts=56.5),
        battery(3, sample_rate=8000, volts=56.5).plus_audio(burst, at_s=0.5),
    )
    sensitive = NeonLamp(strike_volts=61, sustain_volts=60, extinguish_volts=50)
    assert all(glows(stretch, sensitive) == () for stretch in quiet)


@given(st.lists(st.floats(-200, 200, allow_nan=False), max_size=60))
def test_a_lamp_never_glows_below_its_extinction_and_always_above_its_strike(volts):
    lit = glows(line(volts))
    within = [range(round(glow.begin_s * 8000), round(glow.end_s * 8000)) for glow in lit]
    bright = {index for span in within for index in span}
    assert all(abs(volts[index]) >= NE_2.extinguish_volts for index in bright)
    assert {index for index, value in enumerate(volts) if abs(value) >= NE_2.strike_volts} <= bright
    assert all(
        volts[index] * glow.polarity > 0 for glow, span in zip(lit, within, strict=True) for index in span
    )


# The bell.


@pytest.mark.parametrize("hz", [17, 20, 25, 33, 50])
def test_a_bell_tinkles_as_long_as_it_is_rung(hz):
    rung = battery(1, sample_rate=8000).then(ringing(sample_rate=8000, rms_volts=60, hz=hz, on_s=2, off_s=1))
    (tinkle,) = tinkles(rung)
    assert tinkle.begin_s == pytest.approx(1, abs=0.1)
    assert tinkle.end_s == pytest.approx(3, abs=0.15)
    assert 40 < tinkle.volts < 70


def test_the_least_ringing_that_a_phone_has_to_hear_rings_it():
    for hz in (17, 20, 23, 27, 30, 33):
        assert tinkles(ringing(sample_rate=8000, rms_volts=40, hz=hz))


def test_a_ring_pulse_alert_is_heard():
    assert len(tinkles(ringing(sample_rate=8000, rms_volts=75, hz=25, on_s=0.25, off_s=1))) == 1


@pytest.mark.parametrize("sample_rate", RATES)
def test_no_bell_tinkles_on_lamp_signals_of_the_battery_s_polarity(sample_rate):
    burst = render(vmwi(True), sample_rate=sample_rate)
    silent = (
        battery(1, sample_rate=sample_rate),
        battery(2, sample_rate=sample_rate).plus_audio(burst, at_s=0.2),
        reversals(2, sample_rate=sample_rate, at_s=(0.5, 1.5)),
        neon_burst(sample_rate=sample_rate, cycles=8),
        hvdc(sample_rate=sample_rate, volts=90, on_s=0.9, off_s=0.1, cycles=3),
        hvdc(sample_rate=sample_rate, volts=150, on_s=0.9, off_s=0.1, cycles=3),
        hvdc(sample_rate=sample_rate, volts=150, on_s=0.5, off_s=0.5, cycles=3),
    )
    assert [tinkles(stretch) for stretch in silent] == [()] * len(silent)


def test_a_lamp_that_works_against_the_battery_makes_the_bell_tap_unless_it_is_slow():
    against = {"volts": 150, "on_s": 0.9, "off_s": 0.1, "cycles": 2, "polarity": Polarity.REVERSE}
    assert tinkles(hvdc(sample_rate=8000, **against))
    assert not tinkles(hvdc(sample_rate=8000, **against, switch_s=0.02))


def test_pulses_as_fast_as_ringing_are_ringing():
    assert tinkles(hvdc(sample_rate=8000, volts=150, on_s=0.03, off_s=0.03, cycles=20))


@pytest.mark.parametrize(("hz", "part"), [(2, 0.1), (32.3, 1), (1000, 0.01)])
def test_a_bell_hears_its_band(hz, part):
    time = np.arange(16000) / 8000
    volts = push(line(np.sqrt(2) * np.sin(2 * np.pi * hz * time)))[8000:]
    assert volts.max() <= part * 1.06
    assert part < 1 or volts.min() > 0.94


def test_a_bell_may_be_as_quick_as_one_sample():
    instant = Bell(burst_s=1e-6)
    assert push(line(np.full(10, 48.0)), instant) == pytest.approx(np.zeros(10), abs=1e-6)


def test_every_practice_has_a_source_and_a_lamp_that_lights_where_it_gives_volts():
    assert set(PRACTICES) == set(Maker)
    for row in PRACTICES.values():
        assert row.source
        if row.volts is not None:
            assert 90 <= row.volts <= 150
            assert glows(hvdc(sample_rate=8000, volts=row.volts, on_s=0.5, off_s=0.5), NE_2_STUBBORN)
    assert (PRACTICES[Maker.TOSHIBA].on_s, PRACTICES[Maker.TOSHIBA].off_s) == (0.9, 0.1)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: line([1.0], sample_rate=0), "sample rate is above zero"),
        (lambda: battery(1, sample_rate=7999), "8000 to 192000"),
        (lambda: battery(-1, sample_rate=8000), "cannot last -1 s"),
        (lambda: battery(float("inf"), sample_rate=8000), "cannot last inf s"),
        (lambda: reversals(1, sample_rate=8000, at_s=(0.2, 0.1)), "in order of time"),
        (lambda: hvdc(sample_rate=8000, volts=90, on_s=0, off_s=1), "a burst and a pause"),
        (lambda: hvdc(sample_rate=8000, volts=90, on_s=1, off_s=0.0001), "a burst and a pause"),
        (lambda: ringing(sample_rate=8000, rms_volts=90, on_s=1, off_s=-0.5), "a burst and a pause"),
        (lambda: neon_burst(sample_rate=8000, switch_s=0.1), "a burst and a pause"),
        (
            lambda: RingGenerator(peak_volts=90, period_s=0.1, rise_s=0.06, active_s=0.1, inactive_s=0.1),
            "two slopes",
        ),
        (lambda: NeonLamp(strike_volts=50), "strikes at or above"),
        (lambda: NeonLamp(series_ohm=0), "burns"),
        (lambda: Bell(threshold_volts=0), "above zero"),
        (lambda: Bell(highest_hz=10), "above zero"),
        (lambda: push(line([0.0]), Bell(highest_hz=4000)), "too few for 4000 Hz"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(make, why):
    with pytest.raises(SignalError, match=why):
        make()
