"""Levels, sample formats and G.711."""

import io

import numpy as np
import pytest
import soundfile

from dsp import levels
from dsp.errors import SignalError
from dsp.levels import Law

EVERY_INT16 = np.arange(-32768, 32768).astype(np.int16)
EVERY_OCTET = np.arange(256, dtype=np.uint8)
SUBTYPES = {Law.MULAW: "ULAW", Law.ALAW: "ALAW"}


@pytest.mark.parametrize(("level", "peak"), [(3.14, 1.0), (3.14 - 20, 0.1), (0.0, 0.69663)])
def test_amplitude_is_the_peak_of_a_sine_of_that_level(level, peak):
    assert levels.amplitude(level) == pytest.approx(peak, rel=1e-5)


@pytest.mark.parametrize("level", [3.14, -13.5, -45.0])
def test_the_level_of_a_sine_is_the_one_it_was_made_for(level):
    sine = levels.amplitude(level) * np.sin(2 * np.pi * np.arange(8000) / 8)
    assert levels.level_dbm0(sine) == pytest.approx(level, abs=1e-9)


@pytest.mark.parametrize("silence", [np.zeros(10), np.zeros(0)])
def test_the_level_of_silence_is_minus_infinity(silence):
    assert levels.level_dbm0(silence) == -np.inf


def test_int16_is_scaled_to_full_scale_and_back():
    assert levels.to_float(EVERY_INT16)[[0, 16384, -1]].tolist() == [-1.0, -0.5, 32767 / 32768]
    assert np.array_equal(levels.to_int16(levels.to_float(EVERY_INT16)), EVERY_INT16)
    assert levels.to_int16(EVERY_INT16) is EVERY_INT16


def test_floats_are_rounded_to_nearest_and_clipped():
    samples = np.array([0.6, -0.6, 1e9, -1e9, 40000.0]) / 32768
    assert levels.to_int16(samples).tolist() == [1, -1, 32767, -32768, 32767]


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.complex128])
def test_a_type_without_an_agreed_full_scale_is_refused(dtype):
    with pytest.raises(SignalError, match="int16, float32 or float64"):
        levels.to_float(np.zeros(3, dtype=dtype))


@pytest.mark.parametrize("law", Law)
def test_every_sample_encodes_as_libsndfile_encodes_it(law):
    judge = io.BytesIO()
    soundfile.write(judge, EVERY_INT16, 8000, subtype=SUBTYPES[law], format="RAW")
    assert levels.encode(EVERY_INT16, law).tobytes() == judge.getvalue()


@pytest.mark.parametrize("law", Law)
def test_every_octet_decodes_as_libsndfile_decodes_it(law):
    octets = io.BytesIO(EVERY_OCTET.tobytes())
    judged, _ = soundfile.read(
        octets, samplerate=8000, channels=1, subtype=SUBTYPES[law], format="RAW", dtype="int16"
    )
    assert np.array_equal(levels.decode(EVERY_OCTET, law), judged)


@pytest.mark.parametrize(("law", "twin"), [(Law.MULAW, {0x7F: 0xFF}), (Law.ALAW, {})])
def test_every_octet_survives_decoding_and_encoding_but_for_minus_zero(law, twin):
    again = levels.encode(levels.decode(EVERY_OCTET, law), law)
    assert again.tolist() == [twin.get(octet, octet) for octet in range(256)]


@pytest.mark.parametrize(
    ("law", "sample", "octet"),
    [
        (Law.MULAW, 0, 0xFF),
        (Law.MULAW, -1, 0x7F),
        (Law.MULAW, 3, 0xFF),
        (Law.MULAW, 4, 0xFE),  # a tie with the decision value takes the larger code
        (Law.MULAW, -4, 0x7E),  # on both sides alike; G.191 would say 7F
        (Law.MULAW, 32767, 0x80),
        (Law.ALAW, 0, 0xD5),
        (Law.ALAW, -1, 0x55),
        (Law.ALAW, 16, 0xD4),
        (Law.ALAW, -16, 0x54),
        (Law.ALAW, -32768, 0x2A),
    ],
)
def test_the_rounding_conventions_are_those_documented(law, sample, octet):
    assert levels.encode(np.array([sample], dtype=np.int16), law).tolist() == [octet]


def test_floats_encode_like_the_int16_they_round_to():
    assert levels.encode(np.array([0.5, -0.5]), Law.MULAW).tolist() == [0x8F, 0x0F]


@pytest.mark.parametrize("law", Law)
def test_a_sine_coded_at_minus_ten_dbm0_is_at_least_37_db_above_its_noise(law):
    sine = levels.amplitude(-10.0) * np.sin(2 * np.pi * 1020 / 8000 * np.arange(8000))
    noise = levels.to_float(levels.decode(levels.encode(sine, law), law)) - sine
    assert levels.level_dbm0(sine) - levels.level_dbm0(noise) > 37
