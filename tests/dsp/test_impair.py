"""The impairments do what they say."""

import numpy as np
import pytest

from dsp import impair
from dsp.levels import level_dbm0

RATE = 8000


def sine(hz, peak=0.1, seconds=1.0, sample_rate=RATE):
    return peak * np.sin(2 * np.pi * hz * np.arange(round(seconds * sample_rate)) / sample_rate)


@pytest.mark.parametrize("sample_rate", [8000, 48000])
def test_noise_up_to_4_khz_lies_by_the_ratio_below_the_signal(rng, sample_rate):
    signal = sine(1200, seconds=4, sample_rate=sample_rate)
    noise = impair.white_noise(signal, snr_db=10, sample_rate=sample_rate, rng=rng) - signal
    spectrum = np.abs(np.fft.rfft(noise)) ** 2
    heard = spectrum[: 4 * 4000].sum() / spectrum.sum() * np.mean(noise**2)
    assert 10 * np.log10(np.mean(signal**2) / heard) == pytest.approx(10, abs=0.2)


def test_noise_may_be_measured_against_the_signal_without_its_silence(rng):
    silence = np.zeros(40000)
    noise = impair.white_noise(silence, snr_db=20, sample_rate=RATE, rng=rng, power=0.005)
    assert np.mean(noise**2) == pytest.approx(0.00005, rel=0.05)


def test_the_same_generator_makes_the_same_noise():
    first, second = (
        impair.white_noise(sine(1200), snr_db=3, sample_rate=RATE, rng=np.random.default_rng(5))
        for _ in range(2)
    )
    assert np.array_equal(first, second)


def test_a_tone_is_added_by_its_level_above_the_signal():
    signal = sine(1200)
    hum = impair.tone(signal, frequency_hz=50, level_db=18, sample_rate=RATE) - signal
    np.testing.assert_allclose(hum, sine(50, peak=0.1 * 10 ** (18 / 20)), atol=1e-12)


@pytest.mark.parametrize("twist_db", [-6, 10])
def test_twist_raises_the_low_tone_against_the_high_one(twist_db):
    low, high = (
        level_dbm0(impair.twist(sine(hz), twist_db=twist_db, low_hz=1200, high_hz=2200, sample_rate=RATE))
        for hz in (1200, 2200)
    )
    assert low - high == pytest.approx(twist_db, abs=1e-6)


def test_a_fast_clock_hears_a_lower_tone_for_longer():
    heard = impair.clock_error(sine(1212, seconds=1.0), error=0.01)
    assert heard.size == 8080
    np.testing.assert_allclose(heard[100:-100], sine(1200, seconds=1.01)[100:-100], atol=1e-3)
