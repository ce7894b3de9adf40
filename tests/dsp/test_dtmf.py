"""Digits as tones, and callers told by them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp import levels
from dsp.dtmf import CODES, TONES, Clip, ClipAbsence, ClipDialect, parse, tones
from dsp.errors import SignalError

RATES = [8000, 11025, 44100, 48000]
ALL = "1234567890*#ABCD"


def test_the_keypad_is_that_of_the_recommendation():
    assert TONES["1"] == (697, 1209)  # ITU-T Q.23
    assert TONES["0"] == (941, 1336)
    assert TONES["#"] == (941, 1477)
    assert [TONES[letter] for letter in "ABCD"] == [(low, 1633) for low in (697, 770, 852, 941)]
    assert set(TONES) == set(ALL)


@pytest.mark.parametrize("sample_rate", RATES)
@pytest.mark.parametrize("digit", ALL)
def test_a_digit_is_the_sum_of_two_sines_at_their_levels(sample_rate, digit):
    samples = tones(digit, sample_rate=sample_rate, digit_s=0.1, low_dbm0=-12.0, high_dbm0=-8.5)
    time = np.arange(round(0.1 * sample_rate)) / sample_rate
    low, high = TONES[digit]
    expected = levels.amplitude(-12.0) * np.sin(2 * np.pi * low * time)
    expected += levels.amplitude(-8.5) * np.sin(2 * np.pi * high * time)
    np.testing.assert_allclose(samples, expected, atol=1e-12)


@pytest.mark.parametrize("sample_rate", RATES)
def test_digits_and_pauses_last_as_long_as_told_and_no_rounding_adds_up(sample_rate):
    digits = "A0123456789C" * 4
    samples = tones(digits, sample_rate=sample_rate, digit_s=0.0703, pause_s=0.0609, lead_s=0.5, trail_s=0.25)
    sounding = np.flatnonzero(np.abs(samples) > 1e-9)
    gaps = np.flatnonzero(np.diff(sounding) > sample_rate * 0.03)
    starts = np.concatenate(([sounding[0]], sounding[gaps + 1])) / sample_rate
    ends = np.concatenate((sounding[gaps], [sounding[-1]])) / sample_rate
    due = 0.5 + np.arange(len(digits)) * (0.0703 + 0.0609)
    np.testing.assert_allclose(starts, due, atol=2.1 / sample_rate)  # the first sample of a sine is 0
    np.testing.assert_allclose(ends, due + 0.0703, atol=3.1 / sample_rate)
    assert samples.size / sample_rate == pytest.approx(
        0.75 + len(digits) * 0.1312 - 0.0609, abs=2 / sample_rate
    )


def test_no_digits_are_silence():
    assert tones("", sample_rate=8000, lead_s=0.1, trail_s=0.1).tolist() == [0.0] * 1600


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"digits": "12E"}, "'E' has no tones"),
        ({"digits": "1", "sample_rate": 7999}, "8000 to 192000"),
        ({"digits": "1", "sample_rate": 192001}, "8000 to 192000"),
        ({"digits": "1", "digit_s": -0.1}, "shorter than nothing"),
        ({"digits": "1", "trail_s": float("nan")}, "shorter than nothing"),
        ({"digits": "1", "low_dbm0": -2.0, "high_dbm0": -2.0}, "more than full scale"),
        ({"digits": "1", "low_dbm0": float("nan")}, "more than full scale"),
    ],
)
def test_what_cannot_be_rendered_is_refused(values, why):
    with pytest.raises(SignalError, match=why):
        tones(**{"sample_rate": 8000, **values})


TABLE = [
    ("A12345C", "a-d-b-c", Clip(number="12345")),
    ("A12345D678C", "a-d-b-c", Clip(number="12345", redirecting="678")),
    ("D678B10C", "a-d-b-c", Clip(redirecting="678", absence=ClipAbsence.RESTRICTED)),
    ("B00C", "a-d-b-c", Clip(absence=ClipAbsence.UNAVAILABLE)),
    ("D678C", "a-d-b-c", Clip(redirecting="678")),
    ("D678C", "d-c", Clip(number="678")),
    ("A12345#", "a-hash", Clip(number="12345")),
    ("D1#", "a-hash", Clip(absence=ClipAbsence.RESTRICTED)),
    ("D2#", "a-hash", Clip(absence=ClipAbsence.INTERNATIONAL)),
    ("D3#", "a-hash", Clip(absence=ClipAbsence.TECHNICAL)),
    ("12345#", "hash", Clip(number="12345")),
]


@pytest.mark.parametrize(("digits", "dialect", "clip"), TABLE)
def test_a_dialect_writes_and_reads_who_calls(digits, dialect, clip):
    assert clip.encode(dialect) == digits
    assert parse(digits, dialect) == clip


def test_every_dialect_has_its_codes_and_its_countries():
    assert set(CODES) == set(ClipDialect)
    assert {country for code in CODES.values() for country in code.countries} >= {"DK", "SE", "TW", "NL"}


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: Clip(), "nothing to tell"),
        (lambda: Clip(number=""), "1 to 20 digits"),
        (lambda: Clip(redirecting="12A"), "1 to 20 digits"),
        (lambda: Clip(number="1" * 21), "1 to 20 digits"),
        (lambda: Clip(number="1", absence=ClipAbsence.TECHNICAL), "a reason why there is none"),
        (lambda: Clip(redirecting="1").encode("a-hash"), "cannot tell a redirecting number"),
        (lambda: Clip(absence=ClipAbsence.TECHNICAL).encode("a-d-b-c"), "cannot tell that a number is tech"),
        (lambda: Clip(absence=ClipAbsence.RESTRICTED).encode("hash"), "cannot tell that"),
        (lambda: Clip(number="1").encode("z"), "no dialect 'z'; there are: a-d-b-c"),
        (lambda: parse("A1#", "a-d-b-c"), "no caller's identity by a-d-b-c"),
        (lambda: parse("B99C", "a-d-b-c"), "no caller's identity"),
        (lambda: parse("C", "a-d-b-c"), "nothing to tell"),
        (lambda: parse("#", "hash"), "nothing to tell"),
        (lambda: parse("A1B00C", "a-d-b-c"), "a reason why there is none"),
    ],
)
def test_what_is_no_callers_identity_is_refused(make, why):
    with pytest.raises(SignalError, match=why):
        make()


numbers = st.text("0123456789", min_size=1, max_size=20)


@given(
    st.sampled_from(ClipDialect),
    st.builds(
        lambda number, redirecting, absence: (number, redirecting, None if number else absence),
        numbers | st.none(), numbers | st.none(), st.sampled_from(ClipAbsence) | st.none(),
    ),
)  # fmt: skip
def test_what_a_dialect_can_tell_reads_back(dialect, told):
    number, redirecting, absence = told
    try:
        clip = Clip(number=number, redirecting=redirecting, absence=absence)
        digits = clip.encode(dialect)
    except SignalError:
        return
    assert parse(digits, dialect) == clip
    assert set(digits) <= set(TONES)


@given(st.text(ALL, max_size=12) | st.text(max_size=5), st.sampled_from(ClipDialect))
def test_random_digits_raise_nothing_but_signal_errors(digits, dialect):
    try:
        clip = parse(digits, dialect)
    except SignalError:
        return
    assert clip.encode(dialect) == digits
