"""The modulator, against closed forms and against itself in blocks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp.errors import SignalError
from dsp.fsk import BELL_202, START, FskSpec, ModulatorState, modulate

RATES = [8000, 11025, 44100, 48000]
BITS = np.random.default_rng(1).integers(0, 2, 500).astype(np.uint8)


@pytest.mark.parametrize("sample_rate", [*RATES, 192000])
@pytest.mark.parametrize(("bit", "hz"), [(1, 1200), (0, 2200)])
def test_a_steady_bit_is_a_sine_of_its_tone(sample_rate, bit, hz):
    samples, _ = modulate(np.full(600, bit, dtype=np.uint8), sample_rate=sample_rate)
    time = np.arange(samples.size) / sample_rate
    assert samples.size == sample_rate // 2 + sample_rate % 2
    np.testing.assert_allclose(samples, np.sin(2 * np.pi * hz * time), atol=1e-9)


@pytest.mark.parametrize("sample_rate", RATES)
def test_phase_is_the_integral_of_frequency_with_edges_between_samples(sample_rate):
    samples, _ = modulate(BITS, sample_rate=sample_rate)
    tone = np.where(BITS == 1, 1200.0, 2200.0)
    edges = np.arange(BITS.size + 1) / 1200
    cycles = np.concatenate(([0.0], np.cumsum(tone / 1200)))
    time = np.arange(samples.size) / sample_rate
    # Between two edges the integral is a straight line, so interpolation is the closed form.
    np.testing.assert_allclose(samples, np.sin(2 * np.pi * np.interp(time, edges, cycles)), atol=1e-9)


@pytest.mark.parametrize("sample_rate", RATES)
def test_there_is_one_sample_for_each_instant_within_the_bits(sample_rate):
    for count in range(8):
        samples, _ = modulate(BITS[:count], sample_rate=sample_rate)
        assert samples.size == -(-count * sample_rate // 1200)


@given(
    st.lists(st.integers(0, 60), max_size=12),
    st.sampled_from([8000, 11025, 44100, 191999]),
    st.integers(0, 10**7),
)
def test_blocks_of_any_size_equal_the_whole(sizes, sample_rate, phase):
    begin = ModulatorState(phase=phase % (sample_rate * 1200), offset=phase % 1200)
    total = sum(sizes)
    whole, end = modulate(BITS[:total], sample_rate=sample_rate, state=begin)
    state, at, blocks = begin, 0, [np.zeros(0)]
    for size in sizes:
        block, state = modulate(BITS[at : at + size], sample_rate=sample_rate, state=state)
        blocks.append(block)
        at += size
    assert np.array_equal(np.concatenate(blocks), whole)
    assert state == end


def test_an_hour_later_the_phase_is_still_exact():
    second = np.ones(1200, dtype=np.uint8)
    state = START
    for _ in range(3600):
        _, state = modulate(second, sample_rate=11025, state=state)
    assert state == START  # 1200 Hz makes whole cycles in every second, and 11025 samples fill it


def test_the_carrier_has_no_step_in_it():
    samples, _ = modulate(BITS, sample_rate=192000)
    assert np.abs(np.diff(samples)).max() <= 2 * np.pi * 2200 / 192000


def test_the_peak_is_one():
    samples, _ = modulate(BITS, sample_rate=192000)
    assert 0.9999 < np.abs(samples).max() <= 1.0


def test_other_tones_and_speeds_are_sent_as_told():
    spec = FskSpec(mark_hz=1300, space_hz=2100, baud=75)
    samples, _ = modulate(np.array([1], dtype=np.uint8), spec, sample_rate=9600)
    np.testing.assert_allclose(samples, np.sin(2 * np.pi * 1300 * np.arange(128) / 9600), atol=1e-9)


@pytest.mark.parametrize(
    ("spec", "sample_rate", "why"),
    [
        (BELL_202, 7999, "8000 to 192000"),
        (BELL_202, 192001, "8000 to 192000"),
        (FskSpec(mark_hz=1200, space_hz=4000, baud=1200), 8000, "4000 Hz needs more than 8000"),
        (FskSpec(mark_hz=4001, space_hz=1200, baud=1200), 8000, "4001 Hz needs more"),
    ],
)
def test_what_cannot_be_sampled_is_refused(spec, sample_rate, why):
    with pytest.raises(SignalError, match=why):
        modulate(BITS, spec, sample_rate=sample_rate)


def test_a_modem_without_speed_is_refused():
    with pytest.raises(SignalError, match="above zero"):
        FskSpec(mark_hz=1200, space_hz=2200, baud=0)
