"""The table of national tones, the stutter styles and the alert tones."""

import doctest

import numpy as np
import pytest

import dsp.tones
from dsp.errors import SignalError
from dsp.levels import level_dbm0
from dsp.tones import (
    ALERTS,
    Alert,
    Confidence,
    Kind,
    Stutter,
    alert,
    countries,
    country,
    parse_tone,
    render_tone,
    sources,
    stutter,
    stutter_style,
    styles,
)

# The 46 zones of dahdi-tools, and what the lists had beyond them.
ZONES = """us au fr nl uk fi es jp no at nz it us-old gr tw cl se be sg il br hu lt pl za pt ee mx in de ch dk
cz cn ar my th bg ve ph ru tr pa mo cr ae""".split()
BEYOND = "hk ie kr sk hr ro ir is kw la ml pg vu".split()
GUESSED = set("us-old fr jp tw cl br lt pl ee mx dk cn ar ve pa cr ae hk ie kr".split())


def test_the_examples_of_the_package_are_true():
    assert doctest.testmod(dsp.tones).failed == 0


def test_every_zone_is_there_with_a_name_and_a_message_waiting_tone():
    assert set(countries()) == {*ZONES, *BEYOND}
    for row in countries().values():
        assert row.name
        assert row.mwi.kind is Kind.MWI


def test_every_zone_has_a_dial_tone():
    assert all(country(code).dial for code in ZONES)


PUBLISHED = {
    "uk": ("350+440/750,440/750", "A", ("BT",)),
    "au": ("413+438/100,0/40", "B", ("AST",)),
    "de": ("425+400", "A", ("1TR110", "ITU-PM", "ITU-SP")),
    "hu": ("350+375+400", "A", ("ITU-OB781", "ITU-SP", "AST")),
    "za": ("!400*33/250,!0/250," * 4 + "400*33", "B", ("ITU-SP",)),
    "us": ("!350+440/100,!0/100," * 10 + "350+440", "B", ("V10",)),
    "nz": ("!400/100,!0/100," * 12 + "400", "A", ("TNA",)),
}  # fmt: skip


@pytest.mark.parametrize("code", PUBLISHED)
def test_a_message_waiting_tone_is_the_one_of_its_source(code):
    mwi = country(code).mwi
    assert (str(mwi.tone), mwi.confidence.value, mwi.sources) == PUBLISHED[code]
    assert mwi.doubt is None


def test_no_zone_plays_the_tone_of_a_known_defect():
    spellings = {str(form.tone) for row in countries().values() for form in row.tones}
    assert not {"413+428", "300/1500,0/500", "450+425", "425/450,0/50"} & spellings
    for row in countries().values():
        six = "!0/100," * 6
        assert six not in str(row.mwi.tone) or six + "!" in str(row.mwi.tone)


def test_every_row_names_sources_that_are_told():
    for row in countries().values():
        for form in row.tones:
            assert form.sources
            assert set(form.sources) <= set(sources())


def test_a_guess_is_never_silent():
    assert {code for code, row in countries().items() if row.mwi.is_assumed} == GUESSED
    for code in GUESSED:
        mwi = country(code).mwi
        assert mwi.confidence is Confidence.C
        assert mwi.sources == ("GEN",)
        assert mwi.doubt is not None
        assert mwi.doubt.startswith(f"the mwi tone of {code} is assumed, no source was found")
        assert mwi.tone == country(code).stutter()


def test_an_uncertain_row_says_whose_word_it_is():
    assert country("no").mwi.doubt == (
        "the mwi tone of no is uncertain, from AST (single lineage, no citation in the zone)"
    )
    assert country("de").mwi.doubt is None


def test_what_no_source_gives_is_none():
    norway = country("no")
    assert (norway.recall, norway.special, norway.second) == (None, None, None)
    assert country("hr").dial is None
    assert norway.form(Kind.RECALL) is None


def test_tones_of_every_kind_are_found():
    assert str(country("il").special.tone) == "400/1000,0/250"
    assert str(country("us").recall.tone) == "!350+440/100,!0/100," * 3 + "350+440"
    assert str(country("pl").second.tone) == "350+425"
    assert country("us").dial.level_dbm0 == -13.0
    assert country("uk").dial.level == "0..-27 dBm total at NTP, each tone 3 dB lower"


def test_variants_are_selected_by_name():
    assert str(country("uk").form("mwi", "both-pulsed").tone) == "350+440/750,0/750"
    assert str(country("nz").form(Kind.MWI, "neax61").tone) == "!400/100,!0/100," * 8 + "400"
    assert [form.variant for form in country("za").forms("dial")] == [None, "itu", "alcatel"]
    with pytest.raises(SignalError, match="uk has no mwi tone 'x'; variants: both-pulsed"):
        country("uk").form("mwi", "x")
    with pytest.raises(SignalError, match="hr has no dial tone 'x'; variants: none"):
        country("hr").form("dial", "x")


def test_a_country_is_found_by_its_other_code_and_in_any_letters():
    assert country("GB") is country("uk")
    assert country("ca") is country("us")


def test_an_unknown_country_is_refused_with_the_list():
    with pytest.raises(SignalError, match="no tones for 'xx'; there are: us, us-old, au"):
        country("xx")


def test_defects_of_other_tables_are_told_with_the_country():
    told = [defect for defect in country("nz").defects if "stutter" in defect.tones]
    assert "Missing comma" in told[0].problem
    assert told[0].better == "12 x 100/100 then 400 (2.5 s)"
    assert told[0].confidence is Confidence.A
    assert any("-10 dBm0" in defect.problem for defect in country("vu").defects)


def test_every_style_makes_a_tone_from_every_dial_tone():
    for row in countries().values():
        for name in styles() if row.dial else ():
            tone = row.stutter(name)
            assert parse_tone(str(tone)) == tone


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("three-bursts", "!425/100,!0/100,!425/100,!0/100,!425/100,!0/100,425"),
        ("continuous", "425/100,0/100"),
        ("both-pulsed", "425/750,0/750"),
        ("malaysia", "!425/250,!0/250,!425/250,!0/250,425"),
    ],
)
def test_a_style_interrupts_the_dial_tone(style, text):
    assert str(country("ee").stutter(style)) == text
    assert str(stutter(parse_tone("425"), stutter_style(style))) == text


def test_after_the_bursts_a_dial_tone_with_a_cadence_keeps_it():
    tone = country("it").stutter(Stutter(name="one", pattern=((50, 60),), times=1))
    assert str(tone) == "!425/50,!0/60,425/200,0/200,425/600,0/1000"


def test_what_cannot_stutter_is_refused():
    with pytest.raises(SignalError, match="silent dial tone"):
        stutter(parse_tone("0"), stutter_style("ten-bursts"))
    with pytest.raises(SignalError, match="at least one burst"):
        Stutter(name="none", pattern=())
    with pytest.raises(SignalError, match="at least one burst"):
        Stutter(name="never", pattern=((100, 100),), times=0)
    with pytest.raises(SignalError, match="no source gives the dial tone of hr"):
        country("hr").stutter()
    with pytest.raises(SignalError, match="no stutter style 'x'; there are: three-bursts"):
        country("us").stutter("x")


@pytest.mark.parametrize("name", Alert)
def test_an_alert_tone_stays_within_its_own_limits(name):
    row = alert(name)
    length = row.tone.duration_ms
    assert row.duration_ms is None or row.duration_ms[0] <= length <= row.duration_ms[1]
    assert row.received_dbm is None or row.received_dbm[0] <= row.level_dbm0 <= row.received_dbm[1]
    samples = render_tone(row.tone, sample_rate=8000, level_dbm0=row.level_dbm0)
    middle = samples[80:-80]
    voices = len(row.tone.segments[0].frequencies)
    assert level_dbm0(middle) == pytest.approx(row.level_dbm0 + 10 * np.log10(voices), abs=0.2)
    assert ALERTS[name] is row


@pytest.mark.parametrize("name", [Alert.CAS_BELLCORE, Alert.DT_AS_ETSI])
def test_the_pair_of_an_alerting_signal_is_2130_and_2750_hz(name):
    row = alert(name)
    samples = render_tone(row.tone, sample_rate=8000)
    spectrum = np.abs(np.fft.rfft(samples, 80000))
    peaks = np.flatnonzero(spectrum > spectrum.max() / 2) / 10
    for hz in (2130, 2750):
        found = peaks[np.abs(peaks - hz) < 100]
        assert found.mean() == pytest.approx(hz, rel=row.tolerance_percent / 100)


def test_an_unknown_alert_tone_is_refused_with_the_list():
    with pytest.raises(SignalError, match="no alert tone 'x'; there are: sas, cas-bellcore"):
        alert("x")
