"""One whole burst as samples."""

import numpy as np
import pytest

from dsp import levels
from dsp.errors import SignalError
from dsp.framing import Framing, line_bits
from dsp.fsk import FskSpec, ModulatorState, modulate
from dsp.message import vmwi
from dsp.spill import PROFILES, Standard, render
from dsp.standards import DataLink

MESSAGE = vmwi(True)


def test_a_burst_is_its_line_bits_modulated_at_the_level_of_the_standard():
    carrier, _ = modulate(line_bits(MESSAGE), sample_rate=8000)
    assert np.array_equal(render(MESSAGE, sample_rate=8000), levels.amplitude(-13.5) * carrier)


@pytest.mark.parametrize("level", [3.14, -4.0, -45.0])
@pytest.mark.parametrize("sample_rate", [8000, 48000])
def test_the_level_is_the_one_asked_for(level, sample_rate):
    burst = render(MESSAGE, sample_rate=sample_rate, level_dbm0=level)
    assert levels.level_dbm0(burst) == pytest.approx(level, abs=0.01)


def test_silence_stands_before_and_after():
    plain = render(MESSAGE, sample_rate=8000)
    padded = render(MESSAGE, sample_rate=8000, lead_s=0.5, trail_s=0.25)
    assert np.array_equal(padded, np.concatenate((np.zeros(4000), plain, np.zeros(2000))))


def test_framing_modem_and_the_place_of_the_first_sample_may_be_given():
    framing, fsk = Framing(seizure=0, mark=80), FskSpec(mark_hz=1212, space_hz=2178, baud=1188)
    state = ModulatorState(phase=123456, offset=500)
    carrier, _ = modulate(line_bits(MESSAGE, framing), fsk, sample_rate=11025, state=state)
    burst = render(MESSAGE, sample_rate=11025, framing=framing, fsk=fsk, state=state, level_dbm0=3.14)
    assert np.array_equal(burst, carrier)


def test_a_standard_is_named_by_its_word():
    assert np.array_equal(
        render(MESSAGE, standard="bellcore", sample_rate=8000), render(MESSAGE, sample_rate=8000)
    )


def test_every_standard_has_its_row_with_a_source():
    assert set(PROFILES) == set(Standard)
    assert all(row.source for row in PROFILES.values())


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"standard": "bell"}, "no standard 'bell'; there are: bellcore, etsi, bt, ntt"),
        ({"level_dbm0": 3.2}, "more than a full-scale sine"),
        ({"level_dbm0": float("nan")}, "nan dBm0 is more"),
        ({"lead_s": -1.0}, "shorter than nothing"),
        ({"trail_s": -0.1}, "shorter than nothing"),
        ({"sample_rate": 4000}, "8000 to 192000"),
    ],
)
def test_what_cannot_be_rendered_is_refused(values, why):
    with pytest.raises(SignalError, match=why):
        render(MESSAGE, **{"sample_rate": 8000, **values})


def test_chan_dahdis_parameters_give_its_spill_in_length_and_level(fixtures):
    """Its octets are another matter: chan_dahdi moves bit edges onto samples."""
    octets = np.fromfile(fixtures / "asterisk22_mwi_on_rpas_chan6.ul", dtype=np.uint8)
    recorded = levels.decode(octets, levels.Law.MULAW)[22400:28094]
    message = vmwi(True, date="11230200", number="1234", name="Alice")
    assert message.hex() == "821a010831313233303230300204313233340705416c6963650b01ff0d"
    framing = Framing(seizure=300, mark=204, trailing=60)  # 170 ms of mark before, 50 ms after
    peak = 20 * np.log10(8192 / 32768) + levels.FULL_SCALE_SINE_DBM0
    burst = render(message, sample_rate=8000, framing=framing, level_dbm0=float(peak))
    assert abs(burst.size - recorded.size) <= 1
    assert levels.level_dbm0(burst) == pytest.approx(levels.level_dbm0(recorded), abs=0.05)


def fitted_dbm0(burst, bits, spec, bit, sample_rate):
    """Return the level of the tone of *bit*: the power of the samples that fall on such bits."""
    which = np.arange(burst.size) * spec.baud // sample_rate
    chosen = burst[bits[which] == bit]
    return levels.level_dbm0(chosen)


@pytest.mark.parametrize("standard", Standard)
@pytest.mark.parametrize("twist", [-6.0, 0.0, 6.0, 10.0])
@pytest.mark.parametrize("level", [-13.5, -30.0])
def test_twist_is_the_mark_over_the_space_half_up_and_half_down(standard, twist, level):
    row, rate = PROFILES[standard], 48000
    burst = render(MESSAGE, standard=standard, sample_rate=rate, level_dbm0=level, twist_db=twist)
    bits = line_bits(MESSAGE, row.on_hook)
    mark, space = (fitted_dbm0(burst, bits, row.fsk, bit, rate) for bit in (1, 0))
    # Few space bits make few whole cycles in NTT's burst without a seizure.
    assert mark == pytest.approx(level + twist / 2, abs=0.05)
    assert space == pytest.approx(level - twist / 2, abs=0.3)


@pytest.mark.parametrize("sample_rate", [8000, 11025, 44100, 48000])
@pytest.mark.parametrize("standard", ["etsi", "bt", "ntt"])
def test_v23_bursts_are_the_closed_form_with_exact_bit_times(standard, sample_rate):
    row = PROFILES[Standard(standard)]
    burst = render(MESSAGE, standard=standard, sample_rate=sample_rate, twist_db=4.0, level_dbm0=-10.0)
    bits = line_bits(MESSAGE, row.on_hook)
    edges = np.arange(bits.size + 1) / 1200
    cycles = np.concatenate(([0.0], np.cumsum(np.where(bits == 1, 1300.0, 2100.0) / 1200)))
    time = np.arange(burst.size) / sample_rate
    peak = np.where(bits == 1, levels.amplitude(-8.0), levels.amplitude(-12.0))
    expected = (
        np.sin(2 * np.pi * np.interp(time, edges, cycles)) * peak[np.arange(burst.size) * 1200 // sample_rate]
    )
    np.testing.assert_allclose(burst, expected, atol=1e-9)
    assert burst.size == -(-bits.size * sample_rate // 1200)


@pytest.mark.parametrize(
    ("standard", "seizure", "mark"),
    [("bellcore", 300, 180), ("etsi", 300, 180), ("bt", 300, 80), ("ntt", 0, 75)],
)
def test_each_standard_has_its_preamble_and_none_of_it_off_the_hook(standard, seizure, mark):
    row = PROFILES[Standard(standard)]
    assert (row.on_hook.seizure, row.on_hook.mark) == (seizure, mark)
    assert row.off_hook.seizure == 0
    off_hook = render(MESSAGE, standard=standard, sample_rate=9600, framing=row.off_hook)
    assert off_hook.size == 8 * line_bits(MESSAGE, row.off_hook).size


def test_what_the_standards_allow_is_kept():
    assert 96 <= PROFILES[Standard.BT].on_hook.seizure <= 315
    assert 55 <= PROFILES[Standard.BT].on_hook.mark <= 90
    assert 72 <= PROFILES[Standard.NTT].on_hook.mark <= 78
    assert PROFILES[Standard.NTT].data_link is DataLink.NTT
    assert {row.data_link for row in PROFILES.values()} == set(DataLink)


def test_a_twist_that_lifts_a_tone_above_full_scale_is_refused():
    for twist in (1.0, -1.0, float("nan")):
        with pytest.raises(SignalError, match="more than a full-scale sine"):
            render(MESSAGE, sample_rate=8000, level_dbm0=3.0, twist_db=twist)
