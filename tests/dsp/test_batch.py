"""Batches, against the one-burst reference."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp import batch
from dsp.errors import SignalError
from dsp.formats import SampleFormat, sample_format, write
from dsp.framing import OFF_HOOK, Framing
from dsp.message import call_setup, vmwi
from dsp.spill import render, render_batch
from dsp.standards import Standard, profile

RATES = [8000, 9999, 11025, 16000, 22050, 44100, 48000, 192000]
CALL = call_setup(date="11230200", number="8005551212", name="Alice")
MIXED = [vmwi(True), b"", CALL, b"\x00", b"\xff" * 7, b"\x82\x00"]

messages = st.lists(st.binary(max_size=40), min_size=1, max_size=6)


def assert_equal(samples, lengths, messages, form, **kwargs):
    """Every burst equals `render`'s, written in the format, and silence follows it."""
    silence = write(np.zeros(1), form)[0]
    assert samples.shape == (len(messages), max(lengths))
    for row, length, message in zip(samples, lengths, messages, strict=True):
        reference = write(render(message, **kwargs), form)
        assert length == reference.size
        assert row.dtype == reference.dtype
        if form is SampleFormat.FLOAT64:
            np.testing.assert_allclose(row[:length], reference, rtol=0, atol=1e-12)
        else:
            assert np.array_equal(row[:length], reference)
        assert (row[length:] == silence).all()


@pytest.mark.parametrize("form", SampleFormat)
@pytest.mark.parametrize("sample_rate", RATES)
@pytest.mark.parametrize("standard", Standard)
def test_every_row_is_what_render_gives_in_every_format_at_every_rate(standard, sample_rate, form):
    samples, lengths = render_batch(MIXED, standard=standard, sample_rate=sample_rate, dtype=form)
    assert_equal(samples, lengths, MIXED, form, standard=standard, sample_rate=sample_rate)


@given(messages, st.sampled_from(list(Standard)), st.sampled_from([8000, 11025, 48000]))
def test_any_messages_come_out_as_render_gives_them(messages, standard, sample_rate):
    samples, lengths = render_batch(messages, standard=standard, sample_rate=sample_rate)
    assert_equal(samples, lengths, messages, SampleFormat.FLOAT64, standard=standard, sample_rate=sample_rate)


@given(
    messages,
    st.builds(
        Framing,
        seizure=st.integers(0, 20).map(lambda pairs: 2 * pairs),
        mark=st.integers(0, 20),
        stop=st.integers(1, 4),
        stuffing=st.integers(0, 18),
        trailing=st.integers(0, 12),
    ),
    st.sampled_from([8000, 11025, 44100]),
)
def test_any_framing_comes_out_as_render_gives_it(messages, framing, sample_rate):
    samples, lengths = render_batch(messages, framing=framing, sample_rate=sample_rate)
    assert_equal(samples, lengths, messages, SampleFormat.FLOAT64, framing=framing, sample_rate=sample_rate)


def test_thousands_are_made_in_chunks_that_equal_the_whole(monkeypatch):
    many = [bytes(rng) for rng in np.random.default_rng(3).integers(0, 256, (1000, 9), dtype=np.uint8)]
    whole, lengths = render_batch(many, sample_rate=8000, dtype=np.int16)
    monkeypatch.setattr(batch, "CHUNK_SAMPLES", 100_000)
    chunked, again = render_batch(many, sample_rate=8000, dtype=np.int16)
    assert np.array_equal(whole, chunked)
    assert np.array_equal(lengths, again)


def test_a_level_and_a_framing_replace_the_standards():
    samples, lengths = render_batch([vmwi(True)], sample_rate=8000, level_dbm0=-30.0, framing=OFF_HOOK)
    reference = render(vmwi(True), sample_rate=8000, level_dbm0=-30.0, framing=OFF_HOOK)
    np.testing.assert_allclose(samples[0, : lengths[0]], reference, rtol=0, atol=1e-12)


def test_no_messages_are_no_bursts():
    samples, lengths = render_batch([], sample_rate=8000)
    assert samples.shape == (0, 0)
    assert lengths.size == 0


def test_a_message_may_end_with_zeros_which_strings_of_numpy_lose():
    samples, lengths = render_batch([b"\x00\x00\x00"], sample_rate=8000)
    assert_equal(samples, lengths, [b"\x00\x00\x00"], SampleFormat.FLOAT64, sample_rate=8000)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("mulaw", SampleFormat.MULAW),
        (np.int16, SampleFormat.INT16),
        (np.dtype(np.float32), SampleFormat.FLOAT32),
        (float, SampleFormat.FLOAT64),
        (SampleFormat.ALAW, SampleFormat.ALAW),
    ],
)
def test_a_format_has_a_name_or_is_a_type(name, form):
    assert sample_format(name) is form


@pytest.mark.parametrize("name", [np.uint8, "int8", np.complex128])
def test_a_format_that_is_none_is_refused(name):
    with pytest.raises(SignalError, match="there are: float64, float32, int16, mulaw, alaw"):
        sample_format(name)


@pytest.mark.parametrize(
    "wrong",
    [
        {"standard": "morse"},
        {"sample_rate": 4000},
        {"level_dbm0": 4.0},
        {"level_dbm0": float("nan")},
        {"framing": Framing(stuffing=22)},
    ],
)
def test_what_cannot_be_sent_is_refused(wrong):
    with pytest.raises(SignalError):
        render_batch([vmwi(True)], **{"sample_rate": 8000, **wrong})


def test_each_standard_has_a_framing_of_its_own():
    _, lengths = render_batch([vmwi(True)], standard="ntt", sample_rate=48000)
    frame = profile("ntt").on_hook
    assert lengths[0] == 40 * (frame.mark + len(vmwi(True)) * (9 + frame.stop) + frame.trailing)
