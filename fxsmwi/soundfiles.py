"""Sound files in and out: what libsndfile knows, and raw G.711 as telephone people keep it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import soundfile
from numpy.typing import NDArray

from dsp import levels

from .errors import FxsmwiError

ChannelArray: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.float64]]
"""Samples by channel and time; full scale is 1.0."""

G711_SAMPLE_RATE = 8000
LAWS = {
    **dict.fromkeys((".ul", ".ulaw", ".mulaw", ".pcmu"), levels.Law.MULAW),
    **dict.fromkeys((".al", ".alaw", ".pcma"), levels.Law.ALAW),
}
"""Endings of raw G.711 files."""
SUBTYPES = {"pcm16": "PCM_16", "float32": "FLOAT", "mulaw": "ULAW", "alaw": "ALAW"}


class SoundFileError(FxsmwiError):
    """A file is no sound file that can be read or written; the text says why."""

    exit_code = 2


def law_of(path: Path) -> levels.Law | None:
    """Return the law of a file whose name says that it is raw G.711 (`LAWS`)."""
    return LAWS.get(path.suffix.lower())


def read(path: Path) -> tuple[ChannelArray, int]:
    """Read a sound file; raw G.711 is told by its ending (`LAWS`) and taken at 8 kHz.

    Returns
    -------
    samples : ndarray of float64 [shape=(channels, n)]
        Full scale is 1.0.
    sample_rate : int
        In Hz.

    Raises
    ------
    OSError
        If the file can't be opened.
    SoundFileError
        If it is none that libsndfile reads.
    """
    law = law_of(path)
    if law is not None:
        octets = np.fromfile(path, dtype=np.uint8)
        return levels.to_float(levels.decode(octets, law)).reshape(1, -1), G711_SAMPLE_RATE
    with path.open("rb") as file:
        try:
            samples, sample_rate = soundfile.read(file, dtype="float64", always_2d=True)
        except soundfile.LibsndfileError as error:
            raise SoundFileError(
                f"{path}: {error.error_string} Raw G.711 must end in one of {', '.join(LAWS)}."
            ) from error
    return samples.T, int(sample_rate)


def write(path: Path, samples: NDArray[np.float64], *, sample_rate: int, encoding: str) -> str:
    """Write one channel to a WAV file, or to raw G.711 if *path* ends like one (`LAWS`).

    Parameters
    ----------
    samples : ndarray of float64 [shape=(n,)]
    sample_rate : int
        In Hz; raw G.711 must have 8000.
    encoding : str
        A key of `SUBTYPES`, for a WAV file.

    Returns
    -------
    str
        What was written, in words.

    Raises
    ------
    OSError
        If the file can't be written.
    SoundFileError
        If the ending is no sound file's, or the rate does not fit it.
    """
    law = law_of(path)
    if law is not None:
        if sample_rate != G711_SAMPLE_RATE:
            raise SoundFileError(f"{path}: raw G.711 has {G711_SAMPLE_RATE} Hz, not {sample_rate}")
        levels.encode(samples, law).tofile(path)
        return f"8 kHz raw {law}"
    if path.suffix.lower() != ".wav":
        raise SoundFileError(f"{path}: the name must end in .wav, or in {', '.join(LAWS)} for raw G.711")
    ready = levels.to_int16(samples) if encoding != "float32" else samples.astype(np.float32)
    path.write_bytes(_wav(ready, sample_rate, encoding))
    return f"{sample_rate / 1000:g} kHz {encoding} WAV"


def _wav(samples: NDArray[Any], sample_rate: int, encoding: str) -> bytes:
    """Return a WAV file, the same for the same samples: libsndfile notes the time beside a float's peak."""
    file = io.BytesIO()
    soundfile.write(file, samples, sample_rate, subtype=SUBTYPES[encoding], format="WAV")
    written = bytearray(file.getbuffer())
    peak = written.find(b"PEAK", 0, written.index(b"data"))
    if peak >= 0:  # chunk name, size, version, time, then value and place of the peak
        written[peak + 12 : peak + 16] = bytes(4)
    return bytes(written)
