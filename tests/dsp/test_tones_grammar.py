"""The notation of tone tables: what it means, its normal form, and where it is wrong."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp.errors import SignalError
from dsp.tones.grammar import Segment, Tone, format_tone, parse_tone

READINGS = {
    "425": (Segment(frequencies=(425,)),),
    "0": (Segment(),),
    "350+440/750,440/750": (
        Segment(frequencies=(350, 440), duration_ms=750),
        Segment(frequencies=(440,), duration_ms=750),
    ),
    "350+375+400": (Segment(frequencies=(350, 375, 400)),),
    "!400*25/100,!0/100,425@/375": (
        Segment(frequencies=(400, 25), is_modulated=True, duration_ms=100, is_once=True),
        Segment(duration_ms=100, is_once=True),
        Segment(frequencies=(425,), is_attenuated=True, duration_ms=375),
    ),
}


@pytest.mark.parametrize("text", READINGS)
def test_a_tone_reads_and_writes_as_its_elements(text):
    tone = parse_tone(text)
    assert tone == Tone(READINGS[text])
    assert format_tone(tone) == str(tone) == text


def test_spaces_and_leading_zeros_are_not_part_of_the_normal_form():
    assert format_tone(parse_tone(" ! 0350 + 440 @ / 0100 ,\t0/ 50 ")) == "!350+440@/100,0/50"


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("", 1, "a frequency in Hz is expected"),
        ("425/", 5, "a duration in ms is expected"),
        ("425/100,", 9, "a frequency in Hz is expected"),
        ("425/100,,425", 9, "a frequency in Hz is expected"),
        ("425/100,!x/100", 10, "a frequency in Hz is expected"),
        ("!400/100!0/100", 9, "',' or the end is expected"),  # a comma that has been missing since 2004
        ("350++440", 5, "a frequency in Hz is expected"),
        ("400*", 5, "a modulating frequency in Hz is expected"),
        ("400*33+5", 7, "',' or the end is expected"),
        ("425/100@", 8, "',' or the end is expected"),
        ("4250000000/5", 1, "a frequency is 1 to 96000 Hz"),
        ("425, 0/100", 6, "nothing is heard after an element that never ends"),
        ("0/100, 96001", 8, "a frequency is 1 to 96000 Hz"),
        ("0+440", 1, "silence is a single 0"),
        ("440+440", 1, "a frequency stands there twice"),
        ("33*400", 1, "a lower frequency that modulates it"),
        ("0@/100", 1, "silence cannot be attenuated"),
        ("425/0", 1, "a duration is 1 to 86400000 ms"),
        ("425/86400001", 1, "a duration is 1 to 86400000 ms"),
        ("٤٢٥", 1, "a frequency in Hz is expected"),
    ],
)
def test_a_fault_names_its_place_and_what_is_wrong(text, place, problem):
    with pytest.raises(SignalError) as caught:
        parse_tone(text)
    assert f"character {place} " in str(caught.value)
    assert problem in str(caught.value)


def test_a_tone_that_was_not_parsed_is_checked_as_well():
    with pytest.raises(SignalError, match="at least one element"):
        Tone(())
    with pytest.raises(SignalError, match="nothing is heard after"):
        Tone((Segment(frequencies=(425,)), Segment()))
    with pytest.raises(SignalError, match="a modulated tone has a carrier"):
        Segment(frequencies=(400,), is_modulated=True)


@pytest.mark.parametrize(
    ("text", "loop_start", "duration_ms"),
    [
        ("425/500,0/50", 0, None),
        ("!425/500,0/50,425/10", 1, None),
        ("425/500,!0/50", 0, None),
        ("!425/100,!0/100,425", None, None),
        ("425/100,425", None, None),
        ("!425", None, None),
        ("!425/100,!0/60", None, 160),
    ],
)
def test_a_tone_goes_back_to_its_first_element_that_is_not_played_once(text, loop_start, duration_ms):
    tone = parse_tone(text)
    assert (tone.loop_start, tone.duration_ms) == (loop_start, duration_ms)


FREQUENCIES = st.lists(st.integers(1, 4000), min_size=1, max_size=4, unique=True).map(tuple)


@st.composite
def segments(draw, *, longest_ms=2000, endless=False):
    """Draw one element."""
    frequencies = draw(st.one_of(st.just(()), FREQUENCIES))
    is_modulated = draw(st.booleans()) and len(frequencies) == 2
    return Segment(
        frequencies=tuple(sorted(frequencies, reverse=True)) if is_modulated else frequencies,
        is_modulated=is_modulated,
        is_attenuated=bool(frequencies) and draw(st.booleans()),
        duration_ms=None if endless else draw(st.integers(1, longest_ms)),
        is_once=draw(st.booleans()),
    )


@st.composite
def tones(draw):
    """Draw a tone, which may end, go round or never end."""
    body = draw(st.lists(segments(), max_size=6))
    end = draw(st.lists(segments(endless=True), min_size=not body, max_size=1))
    return Tone((*body, *end))


@given(tones())
def test_what_is_formatted_parses_to_the_same_tone(tone):
    assert parse_tone(format_tone(tone)) == tone


@given(st.text(alphabet="0123459!+*@/, x", max_size=20))
def test_no_text_makes_the_parser_raise_anything_but_its_own_error(text):
    with contextlib.suppress(SignalError):
        tone = parse_tone(text)
        assert format_tone(parse_tone(format_tone(tone))) == format_tone(tone)
