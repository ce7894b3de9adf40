"""What a line does to a signal, one fault at a time, as pure functions.

Levels are relative to the signal as it comes in, so impair the burst before silence is put around it, or pass
the power that counts. Whatever is random draws from the generator that the caller hands in.
"""

from fractions import Fraction

import numpy as np
from scipy import signal

from .arrays import FloatArray


def white_noise(
    samples: FloatArray,
    *,
    snr_db: float,
    sample_rate: int,
    rng: np.random.Generator,
    power: float | None = None,
) -> FloatArray:
    """Add white Gaussian noise whose part between 0 and 4 kHz lies *snr_db* below the signal.

    Parameters
    ----------
    samples : ndarray of float64 [shape=(n,)]
    snr_db : float
        Ratio of mean powers, the noise counted up to 4 kHz whatever the sample rate, so that the number means
        the same at all of them.
    sample_rate : int
        In Hz, at least 8000.
    rng : numpy.random.Generator
    power : float, optional
        Mean square of the signal alone; None takes that of *samples*, silence included.
    """
    mean_square = float(np.mean(np.square(samples))) if power is None else power
    variance = mean_square * 10 ** (-snr_db / 10) * (sample_rate / 2) / 4000
    return samples + rng.normal(scale=np.sqrt(variance), size=samples.shape)


def tone(samples: FloatArray, *, frequency_hz: float, level_db: float, sample_rate: int) -> FloatArray:
    """Add a sine *level_db* above the mean power of *samples*: mains hum, or any single-tone interference."""
    peak = np.sqrt(2 * np.mean(np.square(samples))) * 10 ** (level_db / 20)
    hum = peak * np.sin(2 * np.pi * frequency_hz / sample_rate * np.arange(samples.size))
    return np.asarray(samples + hum, dtype=np.float64)


def twist(
    samples: FloatArray, *, twist_db: float, low_hz: float, high_hz: float, sample_rate: int
) -> FloatArray:
    """Tilt the spectrum so that *low_hz* comes out *twist_db* stronger against *high_hz*, and without delay.

    The tilt is linear in dB over frequency between the two and flat outside, half up and half down; positive
    is what a long loop does.
    """
    spectrum = np.fft.rfft(samples)
    frequency = np.fft.rfftfreq(samples.size, 1 / sample_rate)
    tilt_db = np.interp(frequency, (low_hz, high_hz), (twist_db / 2, -twist_db / 2))
    return np.fft.irfft(spectrum * 10 ** (tilt_db / 20), samples.size)


def clock_error(samples: FloatArray, *, error: float) -> FloatArray:
    """Return *samples* as heard by a clock fast by the fraction *error*: tones and baud drop by it.

    Raising both at once is a negative *error*. The ratio is kept to one part in a thousand.
    """
    ratio = Fraction(1 + error).limit_denominator(1000)
    return np.asarray(signal.resample_poly(samples, ratio.numerator, ratio.denominator), dtype=np.float64)
