"""What a burst sends beside its tones: 30 dB below the signal at least (TA-NWT-000030, by two summaries)."""

import numpy as np
import pytest

from dsp.formats import SampleFormat
from dsp.framing import line_bits
from dsp.levels import Law, decode, to_float
from dsp.message import vmwi
from dsp.spill import render, render_batch
from dsp.standards import Standard, profile

MESSAGE = vmwi(True, count=3, date="11230200", number="5551234", name="Alice")
VOICE_HZ = (300.0, 3400.0)
LEAST_DB = 30.0


def in_voice_band(samples, sample_rate):
    """Return the spectrum in the voice band, one bin a hertz or less."""
    spectrum = np.fft.rfft(samples, 2 * sample_rate) / sample_rate
    hertz = np.arange(spectrum.size) / 2
    return spectrum[(hertz >= VOICE_HZ[0]) & (hertz <= VOICE_HZ[1])]


def power(spectrum):
    return float(np.sum(np.abs(spectrum) ** 2))


@pytest.mark.parametrize("standard", Standard)
@pytest.mark.parametrize("sample_rate", [8000, 11025, 16000])
def test_what_sampling_folds_into_the_voice_band_is_far_below_the_signal(standard, sample_rate):
    """The same burst at 192 kHz has next to nothing to fold; what differs from it is spurious."""
    message = MESSAGE if standard is not Standard.NTT else bytes(8)
    sampled = in_voice_band(render(message, standard=standard, sample_rate=sample_rate), sample_rate)
    ideal = in_voice_band(render(message, standard=standard, sample_rate=192_000), 192_000)
    spurious_db = 10 * np.log10(power(sampled - ideal) / power(ideal))
    assert spurious_db < -LEAST_DB


@pytest.mark.parametrize("output", [SampleFormat.INT16, SampleFormat.MULAW, SampleFormat.ALAW])
@pytest.mark.parametrize("standard", [Standard.BELLCORE, Standard.ETSI])
def test_quantising_adds_less_than_is_allowed(output, standard):
    (written,), (length,) = render_batch([MESSAGE], standard=standard, sample_rate=8000, dtype=output)
    exact = render(MESSAGE, standard=standard, sample_rate=8000)
    laws = {SampleFormat.MULAW: Law.MULAW, SampleFormat.ALAW: Law.ALAW}
    heard = to_float(decode(written, laws[output]) if output in laws else written)[:length]
    assert 10 * np.log10(np.mean((heard - exact) ** 2) / np.mean(exact**2)) < -LEAST_DB


def test_a_steady_mark_has_no_line_but_its_own():
    row = profile("bellcore")
    framing = row.on_hook
    bits = line_bits(MESSAGE, framing)
    start = round(framing.seizure / row.fsk.baud * 8000) + 10
    assert bits[framing.seizure : framing.seizure + framing.mark].all()
    mark = render(MESSAGE, sample_rate=8000)[start : start + 1000]  # 150 whole cycles
    spectrum = np.abs(np.fft.rfft(mark))
    others = np.delete(spectrum, 150)
    assert 20 * np.log10(others.max() / spectrum[150]) < -200
