"""Levels in dBm0, sample formats, and the two companding laws of ITU-T G.711.

0 dBm0 is the level of G.711's digital milliwatt; a sine that just reaches full scale stands 3.14 dB above it
(the theoretical load capacity that G.711 gives is +3.14 dBm0 for the A-law, +3.17 for the mu-law; DAHDI takes
3.14 for both, include/dahdi/user.h:716-749, and so does this package).

The codec tables are built from the recommendation's own segments, not from a formula: eight segments of
sixteen steps each side, every step named by the decision value at its lower end and the value that stands for
it. Where conventions legitimately differ: G.711 leaves open which code a sample takes that equals a decision
value, and whether a small negative sample becomes minus zero. Here, as in libsndfile, the magnitude decides
alone (a tie takes the larger code) and the sign bit is the sample's own, so that -1 is mu-law 0x7F and A-law
0x55; ITU-T G.191 takes the ones' complement of a negative sample first, which moves negative ties by one
code.
"""

from enum import StrEnum

import numpy as np

from .arrays import FloatArray, OctetArray, PcmArray, SampleArray
from .errors import SignalError

FULL_SCALE = 32768
"""The int16 step that float 1.0 stands for."""

FULL_SCALE_SINE_DBM0 = 3.14
"""Level of a sine of peak 1.0 (ITU-T G.711, theoretical load capacity of the A-law)."""


class Law(StrEnum):
    """Companding law of ITU-T G.711."""

    MULAW = "mulaw"
    ALAW = "alaw"


def amplitude(level_dbm0: float) -> float:
    """Return the peak value, full scale at 1.0, of a sine of *level_dbm0*."""
    return float(10 ** ((level_dbm0 - FULL_SCALE_SINE_DBM0) / 20))


def level_dbm0(samples: SampleArray) -> float:
    """Return the level of *samples* in dBm0, from their mean power; digital silence is -inf."""
    power = float(np.mean(np.square(to_float(samples)))) if samples.size else 0.0
    with np.errstate(divide="ignore"):
        return float(10 * np.log10(2 * power)) + FULL_SCALE_SINE_DBM0


def to_float(samples: SampleArray) -> FloatArray:
    """Return *samples* as float64 with full scale at 1.0.

    Raises
    ------
    SignalError
        If the type is neither int16, float32 nor float64: an unsigned octet could be PCM or G.711, and a
        wider integer has no agreed full scale, so the caller has to say.
    """
    if samples.dtype == np.int16:
        return samples / np.float64(FULL_SCALE)
    if samples.dtype in (np.float64, np.float32):
        return samples.astype(np.float64, copy=False)
    raise SignalError(f"samples are {samples.dtype}; int16, float32 or float64 is needed")


def to_int16(samples: SampleArray) -> PcmArray:
    """Return *samples* as int16, rounded to nearest and clipped at full scale."""
    if samples.dtype == np.int16:
        return samples.astype(np.int16, copy=False)
    return np.clip(np.rint(to_float(samples) * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)


def encode(samples: SampleArray, law: Law) -> OctetArray:
    """Return the G.711 octets of *samples*, one each."""
    return _ENCODE[Law(law)][to_int16(samples).view(np.uint16)]


def decode(octets: OctetArray, law: Law) -> PcmArray:
    """Return the int16 values that G.711 *octets* stand for."""
    return _DECODE[Law(law)][octets]


def _mulaw_steps() -> tuple[PcmArray, PcmArray]:
    """Return lower decision value and represented value of the 128 positive mu-law steps, in int16 units."""
    segment, step = np.divmod(np.arange(128), 16)
    # G.711 table 2a/2b, in units of 1/8159 of the load: 0, 1, 3, 5 ... 31, 35 ... 7903, 8159; and 0, 2, 4 ...
    # 8031
    lower = ((2 * step + 32) << segment) - 33
    value = ((2 * step + 33) << segment) - 33
    return (np.maximum(lower, 0) * 4).astype(np.int16), (value * 4).astype(np.int16)


def _alaw_steps() -> tuple[PcmArray, PcmArray]:
    """Return lower decision value and represented value of the 128 positive A-law steps, in int16 units."""
    segment, step = np.divmod(np.arange(128), 16)
    # G.711 table 1, full scale 4096: the first two segments have the same step
    offset, shift = np.where(segment == 0, 0, 32), np.maximum(segment - 1, 0)
    lower = (2 * step + offset) << shift
    value = (2 * step + offset + 1) << shift
    return (lower * 8).astype(np.int16), (value * 8).astype(np.int16)


def _tables(steps: tuple[PcmArray, PcmArray], positive: int, inversion: int) -> tuple[OctetArray, PcmArray]:
    """Return the encoder (65536 octets, by the sample's uint16 view) and the decoder of a law."""
    lower, value = steps
    octets = np.arange(256) ^ inversion
    decoder = np.where(octets & 0x80 == positive, 1, -1) * value[octets & 0x7F]
    samples = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
    magnitude = np.searchsorted(lower, np.abs(samples), side="right") - 1
    encoder = (magnitude | np.where(samples >= 0, positive, positive ^ 0x80)) ^ inversion
    return encoder.astype(np.uint8), decoder.astype(np.int16)


# The mu-law sends every bit inverted, the A-law every even bit (G.711, notes to tables 1 and 2).
_CODECS = {
    Law.MULAW: _tables(_mulaw_steps(), positive=0x00, inversion=0xFF),
    Law.ALAW: _tables(_alaw_steps(), positive=0x80, inversion=0x55),
}
_ENCODE = {law: tables[0] for law, tables in _CODECS.items()}
_DECODE = {law: tables[1] for law, tables in _CODECS.items()}
