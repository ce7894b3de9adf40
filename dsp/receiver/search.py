"""The receiver as a whole: from a recording to the bursts on it.

Four steps, each of which can be replaced by a better one without the others noticing: `marks` finds where a
message may begin, `front` and `bits` turn the stretch that follows into soft bits, `characters` frames bytes,
and `assemble` makes a message of them. `onset` tells when the burst began.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from ..arrays import SampleArray
from ..errors import SignalError
from ..fsk import check_rate
from ..levels import amplitude, to_float
from ..standards import Standard, profile
from .assemble import Outcome, Reading, read_message
from .bits import soft_bits, tone_levels
from .burst import Burst
from .characters import character_table
from .front import SAMPLES_PER_BIT, ToneArray, tone_amplitudes
from .marks import Mark, find_marks
from .onset import Onset, find_onset
from .pitch import mark_pitch

_LOOK_BACK_BITS = 400
"""Before the mark: the channel seizure, and some silence to see its edge."""
_LONGEST_MARK_BITS = 2400
"""Of a longer mark (2 s; a test tone) only the last part is looked at, and the burst counts from there."""
_STRETCH_BITS = 720
"""How far behind the mark to look at first, enough for most messages; then four times as far, until the
message ends: 258 bytes with the longest pauses between them last 8256 bits."""
_EARLIEST_START_BITS = 16
"""Where the first start bit can be, from the beginning of the first frame that holds the mark: a frame later.
The last frame says little, since a message full of ones or of stuffing looks like mark to the cheap pass."""
_LATEST_START_BITS = 64
"""The same, from the beginning of the last frame."""
_WITHIN_MARK_BITS = 20
"""That long before the first start bit there is nothing but mark, 48 bits of it at least."""

_PITCH_BITS = 40
"""How much of the mark, just before the first start bit, tells its pitch."""

_REJECT_DBM0 = -48.2
"""What is weaker is not for us: 3 mV rms, without ringing, by the MT88E45B data sheet, table 4 (TIA-716)."""

_DAMAGED_CHARACTERS = 3
_DAMAGED_QUALITY = 0.5
_DAMAGED_QUALITY_BARE = 0.75
"""A damaged burst counts if it was clearly one: type, length and more, framed well after a channel seizure;
without one, framed as on a clean line and of a type that exists. Music seldom does as much."""


@overload
def receive(
    samples: np.ndarray[tuple[int], np.dtype[Any]],
    *,
    sample_rate: int,
    standards: Iterable[Standard | str] = ...,
    damaged: bool = ...,
) -> list[Burst]: ...
@overload
def receive(
    samples: np.ndarray[tuple[int, int], np.dtype[Any]],
    *,
    sample_rate: int,
    standards: Iterable[Standard | str] = ...,
    damaged: bool = ...,
) -> list[list[Burst]]: ...
def receive(
    samples: SampleArray,
    *,
    sample_rate: int,
    standards: Iterable[Standard | str] = (Standard.BELLCORE,),
    damaged: bool = False,
) -> list[Any]:
    """Find and read every burst.

    Parameters
    ----------
    samples : ndarray of float64, float32 or int16 [shape=(n,) or (lines, n)]
        Floats have full scale at 1.0.
    sample_rate : int
        In Hz, 8000 to 192000.
    standards : iterable of Standard
        What to look for.
    damaged : bool
        Whether to return, too, what was clearly a burst but has a wrong checksum or structure, or is cut
        short.

    Returns
    -------
    list of Burst
        In order of time; for samples of several lines one such list per line. What several standards read
        counts once, as the one whose mark it has, and as the first named of those that share a modem.

    Raises
    ------
    SignalError
        If the samples are of another type or shape or not finite, the rate is out of range or a standard
        unknown.

    Notes
    -----
    A cheap pass over the whole finds every run of mark; only what follows one is demodulated. Memory is
    bounded by the length of a chunk and of a burst, not of the recording.
    """
    wanted = [Standard(standard) for standard in standards if profile(standard)]
    for standard in wanted:
        check_rate(sample_rate, profile(standard).fsk)
    if samples.dtype not in (np.int16, np.float32, np.float64):
        raise SignalError(f"samples are {samples.dtype}; int16, float32 or float64 is needed")
    with np.errstate(invalid="ignore"):  # two infinities of either sign
        is_finite = np.isfinite(np.sum(samples, dtype=np.float64))
    if not is_finite:
        raise SignalError("some samples are no finite numbers")
    if samples.ndim == 1:
        return _receive_line(samples, sample_rate, wanted, damaged)
    if samples.ndim == 2:
        return [_receive_line(line, sample_rate, wanted, damaged) for line in samples]
    raise SignalError(f"samples have {samples.ndim} dimensions; (n,) or (lines, n) is needed")


def _receive_line(
    samples: SampleArray, sample_rate: int, standards: list[Standard], damaged: bool
) -> list[Burst]:
    found = [each for standard in standards for each in _bursts(samples, sample_rate, standard)]
    # Of readings of one burst the right ones come first, and of those the one whose tones fit best.
    found.sort(key=lambda each: (not each.burst.checksum_ok, each.off_hz))
    kept: list[Burst] = []
    for burst in (each.burst for each in found if each.burst.checksum_ok or damaged):
        if all(burst.end_s <= other.start_s or other.end_s <= burst.start_s for other in kept):
            kept.append(burst)
    return sorted(kept, key=lambda burst: burst.start_s)


@dataclass(frozen=True, slots=True)
class _Found:
    """A burst as one standard reads it, and how far its mark is from that standard's, in Hz."""

    burst: Burst
    off_hz: float


def _bursts(samples: SampleArray, sample_rate: int, standard: Standard) -> Iterator[_Found]:
    """Yield what follows each mark, right or damaged."""
    done_s = 0.0
    for mark in find_marks(samples, profile(standard).fsk, sample_rate=sample_rate):
        # A row of ones within a message that has been read is no preamble.
        found = _burst_after(mark, samples, sample_rate, standard) if mark.end_s >= done_s else None
        if found is not None:
            yield found
            done_s = found.burst.end_s if found.burst.checksum_ok else done_s


def _burst_after(mark: Mark, samples: SampleArray, sample_rate: int, standard: Standard) -> _Found | None:
    """Read what follows *mark*, in a longer stretch if a shorter one does not hold all of the message."""
    fsk = profile(standard).fsk
    unit_s = 1 / (SAMPLES_PER_BIT * fsk.baud)
    earliest_s = max(mark.start_s - _LOOK_BACK_BITS / fsk.baud, mark.end_s - _LONGEST_MARK_BITS / fsk.baud, 0)
    first = int(earliest_s * sample_rate)
    first_s = first / sample_rate
    mark_start = max(0, round((mark.start_s - first_s) / unit_s))
    mark_end = round((mark.end_s - first_s) / unit_s)
    stretch_bits = _STRETCH_BITS
    while True:
        stop = int((mark.end_s + stretch_bits / fsk.baud) * sample_rate)
        tones = tone_amplitudes(to_float(samples[first:stop]), fsk, sample_rate=sample_rate)
        reading = _read(tones, mark_start, mark_end)
        if reading is None or reading.outcome is not Outcome.UNFINISHED or stop >= samples.size:
            break
        stretch_bits *= 4
    if reading is None:
        return None
    onset = find_onset(tones, max(0, reading.moments[0] - _WITHIN_MARK_BITS * SAMPLES_PER_BIT))
    if not _is_burst(reading, onset):
        return None
    burst = Burst(
        message=reading.message,
        checksum_ok=reading.outcome is Outcome.LEGAL,
        standard=standard,
        start_s=first_s + onset.moment * unit_s,
        end_s=first_s + (reading.moments[-1] + 9.5 * SAMPLES_PER_BIT) * unit_s,
    )
    mark_ends_s = first_s + reading.moments[0] * unit_s - 1 / fsk.baud
    last = round(mark_ends_s * sample_rate)
    tone = to_float(samples[max(0, last - round(_PITCH_BITS / fsk.baud * sample_rate)) : last])
    return _Found(burst, abs(mark_pitch(tone, sample_rate=sample_rate) - fsk.mark_hz))


def _read(tones: ToneArray, mark_start: int, mark_end: int) -> Reading | None:
    """Read the message that begins after the frames of mark, if it is strong enough."""
    levels = tone_levels(tones, mark_end)
    if np.mean(np.square(levels)) < amplitude(_REJECT_DBM0) ** 2:
        return None
    earliest = mark_start + _EARLIEST_START_BITS * SAMPLES_PER_BIT
    latest = mark_end + _LATEST_START_BITS * SAMPLES_PER_BIT
    return read_message(character_table(soft_bits(tones, levels)), earliest, latest)


def _is_burst(reading: Reading, onset: Onset) -> bool:
    """Tell a burst, damaged or not, from what happens to be framed."""
    if reading.outcome is Outcome.LEGAL:
        return True
    if len(reading.message) < _DAMAGED_CHARACTERS:
        return False
    if onset.has_seizure:
        return reading.quality >= _DAMAGED_QUALITY
    return reading.is_known and reading.quality >= _DAMAGED_QUALITY_BARE
