"""Tones as samples, against closed forms, the analyser, and themselves in blocks."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.errors import SignalError
from dsp.levels import level_dbm0
from dsp.tones.grammar import Segment, Tone, parse_tone
from dsp.tones.render import ATTENUATION, EDGE_S, MODULATION_DEPTH, render_block, render_tone
from dsp.tones.table import countries

RATES = [8000, 11025, 44100, 48000]
ALL_FORMS = [form for country in countries().values() for form in country.tones]


def sine(hz, time):
    return np.sin(2 * np.pi * hz * time)


def amplitude(level):
    return 10 ** ((level - 3.14) / 20)


def gate(time, begin, end):
    """An on and off edge of the default length, straight from the definition."""

    def rise(at):
        return (1 - np.cos(np.pi * np.clip((time - at) / EDGE_S, 0, 1))) / 2

    return rise(begin) - rise(end)


@pytest.mark.parametrize("sample_rate", RATES)
def test_a_steady_tone_is_its_sines_at_their_level(sample_rate):
    samples = render_tone(parse_tone("350+440"), sample_rate=sample_rate, duration_s=2, level_dbm0=-16)
    middle = np.arange(sample_rate // 2, sample_rate * 3 // 2)
    time = middle / sample_rate
    expected = amplitude(-16) * (sine(350, time) + sine(440, time))
    np.testing.assert_allclose(samples[middle], expected, atol=1e-9)
    assert level_dbm0(samples[middle]) == pytest.approx(-16 + 10 * np.log10(2), abs=0.01)


@pytest.mark.parametrize("sample_rate", RATES)
def test_bursts_and_pauses_begin_and_end_to_the_fraction_of_a_sample(sample_rate):
    samples = render_tone(parse_tone("425/101,0/43"), sample_rate=sample_rate, duration_s=3)
    time = np.arange(samples.size) / sample_rate
    cadence = sum(gate(time, 0.144 * i, 0.144 * i + 0.101) for i in range(21))
    stopped = 1 - gate(time, (samples.size - np.ceil(EDGE_S * sample_rate)) / sample_rate, np.inf)
    np.testing.assert_allclose(samples, amplitude(-13) * cadence * stopped * sine(425, time), atol=1e-9)


def test_pauses_are_digital_silence_but_for_the_edge():
    samples = render_tone(parse_tone("425/100,0/100"), sample_rate=8000, duration_s=1)
    heard = np.flatnonzero(samples.reshape(5, 1600))
    assert set(heard % 1600) <= set(range(840))
    assert not samples.reshape(5, 1600)[:, 840:].any()


def test_elements_that_are_played_once_do_not_come_again():
    once = render_tone(parse_tone("!1000/100,!0/100,425/30,0/30"), sample_rate=8000, duration_s=1)
    rest = render_tone(parse_tone("425/30,0/30"), sample_rate=8000, duration_s=0.8)
    assert np.abs(once[:800]).max() > 0.1
    # Both oscillators run from the beginning of their tone; 0.2 s are 85 whole cycles of 425 Hz.
    np.testing.assert_allclose(once[1600:], rest, atol=1e-12)


def test_the_first_elements_of_a_round_may_be_left_out_of_the_next():
    tone = parse_tone("!0/100,425/100,0/100")
    samples = render_tone(tone, sample_rate=8000, duration_s=2)
    same = render_tone(parse_tone("0/100,425/100"), sample_rate=8000, duration_s=2)
    np.testing.assert_allclose(samples, same, atol=1e-12)


def test_a_tone_that_ends_is_played_once_with_its_last_edge():
    samples = render_tone(parse_tone("!2130+2750/80"), sample_rate=8000)
    assert samples.size == 680
    envelope = gate(np.arange(680) / 8000, 0, 0.08)
    time = np.arange(680) / 8000
    np.testing.assert_allclose(
        samples, amplitude(-13) * envelope * (sine(2130, time) + sine(2750, time)), atol=1e-9
    )
    longer = render_tone(parse_tone("!2130+2750/80"), sample_rate=8000, duration_s=1)
    assert np.array_equal(longer[:680], samples)
    assert not longer[680:].any()


@pytest.mark.parametrize("sample_rate", RATES)
def test_a_frequency_that_goes_on_is_not_touched_by_the_edge(sample_rate):
    british = render_tone(parse_tone("350+440/750,440/750"), sample_rate=sample_rate, duration_s=4)
    low = render_tone(parse_tone("350/750,0/750"), sample_rate=sample_rate, duration_s=4)
    high = render_tone(parse_tone("440"), sample_rate=sample_rate, duration_s=4)
    np.testing.assert_allclose(british, low + high, atol=1e-12)


def test_a_frequency_is_the_same_wave_after_a_pause():
    samples = render_tone(parse_tone("425/320,0/20"), sample_rate=48000, duration_s=1)
    inside = np.arange(int(0.35 * 48000), int(0.65 * 48000))
    np.testing.assert_allclose(samples[inside], amplitude(-13) * sine(425, inside / 48000), atol=1e-9)


def test_an_attenuated_element_is_lower_and_the_next_is_not():
    samples = render_tone(parse_tone("425/400,425@/400,425/400"), sample_rate=8000, duration_s=1.2)
    levels = [level_dbm0(samples[begin : begin + 2400]) for begin in (400, 3600, 6800)]
    assert levels == pytest.approx([-13, -13 + 20 * np.log10(ATTENUATION), -13], abs=0.02)


def test_a_modulated_tone_has_the_level_of_one_tone_and_the_envelope_of_the_modulation():
    samples = render_tone(parse_tone("400*50"), sample_rate=8000, duration_s=3)[8000:16000]
    assert level_dbm0(samples) == pytest.approx(-13, abs=0.01)
    time = np.arange(8000) / 8000
    shape = (1 + MODULATION_DEPTH * np.cos(2 * np.pi * 50 * time)) / np.sqrt(1 + MODULATION_DEPTH**2 / 2)
    np.testing.assert_allclose(samples, amplitude(-13) * shape * sine(400, time), atol=1e-9)


@pytest.mark.parametrize("form", ALL_FORMS, ids=lambda form: f"{form.country}-{form.kind}-{form.variant}")
def test_every_national_tone_has_its_frequencies_and_no_others(form):
    samples = render_tone(form.tone, sample_rate=8000, duration_s=6)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
    hertz = np.fft.rfftfreq(samples.size, 1 / 8000)
    wanted = {hz for segment in form.tone.segments for hz in frequencies(segment)}
    near = np.zeros(hertz.size, dtype=bool)
    for hz in wanted:
        near |= np.abs(hertz - hz) < 250
        assert spectrum[np.abs(hertz - hz) < 0.5].max() > spectrum.max() / 40
    assert spectrum[~near].max() < spectrum.max() / 100


def frequencies(segment):
    if not segment.is_modulated:
        return segment.frequencies
    carrier, by = segment.frequencies
    return carrier - by, carrier, carrier + by


@pytest.mark.parametrize("sample_rate", [8000, 48000])
@pytest.mark.parametrize("hz", [350, 440, 1000])
def test_edges_are_40_db_down_from_250_hz_away_on(sample_rate, hz):
    window = np.hanning(int(0.032 * sample_rate))
    hertz = np.fft.rfftfreq(8 * window.size, 1 / sample_rate)

    def spectra(tone, begin, end):
        samples = render_tone(parse_tone(tone), sample_rate=sample_rate, duration_s=1)
        starts = range(round(begin * sample_rate), round(end * sample_rate), window.size // 16)
        blocks = [samples[start : start + window.size] * window for start in starts]
        return np.abs(np.fft.rfft(blocks, 8 * window.size)).max(axis=0)

    steady = spectra(str(hz), 0.2, 0.3).max()
    far = np.abs(hertz - hz) > 250
    for offset in range(7):  # every phase of the wave at the edge
        edge = spectra(f"!0/{200 + offset},{hz}", 0.16, 0.24)
        assert 20 * np.log10(edge[far].max() / steady) < -40


@st.composite
def playable(draw):
    """A tone of telephone frequencies and its sample rate."""
    frequency = st.lists(st.integers(300, 3400), max_size=3, unique=True).map(tuple)
    count = draw(st.integers(1, 5))
    body = [
        Segment(
            frequencies=draw(frequency),
            duration_ms=draw(st.integers(1, 120)),
            is_once=draw(st.booleans()),
        )
        for _ in range(count)
    ]
    return Tone((*body, *draw(st.sampled_from([(), (Segment(frequencies=(425,)),)]))))


@given(playable(), st.sampled_from([8000, 11025, 44100]), st.integers(5, 600))
@settings(max_examples=60)
def test_no_tone_clicks(tone, sample_rate, duration_ms):
    """The envelope of a frequency moves by no more than its edge allows, so that no sample jumps."""
    samples = render_tone(tone, sample_rate=sample_rate, duration_s=duration_ms / 1000, level_dbm0=-13)
    shortest = min([EDGE_S, *(s.duration_ms / 1000 for s in tone.segments if s.duration_ms)])
    voices = max(1, *(len(segment.frequencies) for segment in tone.segments))
    slope = 2 * np.pi * 3400 + np.pi / 2 / shortest * 3 + np.pi / 2 / EDGE_S
    steps = np.abs(np.diff(np.concatenate(([0.0], samples))))
    assert steps.max(initial=0) <= 2 * voices * amplitude(-13) * slope / sample_rate
    if duration_ms > 10:
        assert np.abs(samples[-1:]).max(initial=0) < 0.01 * voices


@given(playable(), st.lists(st.integers(0, 700), max_size=8), st.sampled_from([8000, 11025]))
@settings(max_examples=60)
def test_blocks_of_any_size_equal_the_whole(tone, sizes, sample_rate):
    whole = render_block(tone, sum(sizes), sample_rate=sample_rate, stop=900)
    starts = itertools.accumulate(sizes, initial=0)
    blocks = [
        render_block(tone, size, sample_rate=sample_rate, start=start, stop=900)
        for start, size in zip(starts, sizes, strict=False)
    ]
    assert np.array_equal(np.concatenate([np.zeros(0), *blocks]), whole)


def test_a_week_later_the_phase_is_still_exact():
    tone = parse_tone("350+440/750,440/750")
    week = 7 * 24 * 3600 * 11025
    later = render_block(tone, 22050, sample_rate=11025, start=week + 3 * 11025)
    assert np.array_equal(later, render_block(tone, 22050, sample_rate=11025, start=3 * 11025))


def test_hard_switching_is_there_for_who_wants_it():
    samples = render_tone(parse_tone("425/100,0/100"), sample_rate=8000, duration_s=0.35, edge_s=0)
    time = np.arange(2800) / 8000
    on = time % 0.2 < 0.1
    np.testing.assert_allclose(samples, amplitude(-13) * on * sine(425, time), atol=1e-9)


def test_silence_is_silent():
    assert np.array_equal(render_tone(parse_tone("0"), sample_rate=8000, duration_s=0.1), np.zeros(800))


@pytest.mark.parametrize(
    ("text", "options", "problem"),
    [
        ("425", {}, "never ends"),
        ("425", {"duration_s": -1}, "cannot last -1 s"),
        ("425", {"duration_s": float("nan")}, "cannot last nan s"),
        ("425", {"duration_s": float("inf")}, "cannot last inf s"),
        ("425", {"duration_s": 1, "sample_rate": 7999}, "8000 to 192000"),
        ("425", {"duration_s": 1, "edge_s": -0.1}, "0 to 1 s"),
        ("4000", {"duration_s": 1}, "4000 Hz needs more than 8000"),
        ("3990*10", {"duration_s": 1}, "4000 Hz needs more than 8000"),
        ("350+440", {"duration_s": 1, "level_dbm0": 0}, "more than full scale"),
        ("425", {"duration_s": 1, "level_dbm0": float("nan")}, "more than full scale"),
    ],
)
def test_what_cannot_be_played_is_refused(text, options, problem):
    with pytest.raises(SignalError, match=problem):
        render_tone(parse_tone(text), **{"sample_rate": 8000, **options})


@pytest.mark.parametrize(("start", "count"), [(-1, 10), (0, -1)])
def test_a_block_outside_of_the_tone_is_refused(start, count):
    with pytest.raises(SignalError, match="sample 0 or later"):
        render_block(parse_tone("425"), count, sample_rate=8000, start=start)


def test_a_full_scale_sine_just_fits():
    samples = render_tone(parse_tone("1000"), sample_rate=48000, duration_s=1, level_dbm0=3.14)
    assert 0.999 < np.abs(samples).max() <= 1.0
