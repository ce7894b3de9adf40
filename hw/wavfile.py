"""A sound file as a line: what is played is appended to it, one spill after the other.

Nobody hangs on a file, so the hook and the lamp are unknown, and whatever was sent counts as requested only.
The file is complete after every spill, whatever becomes of the program afterwards.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile

from .base import (
    Capability,
    FloatArray,
    Hook,
    Lamp,
    LineFormat,
    LineGoneError,
    LineOpenError,
    OnEvent,
    Played,
)

SAMPLE_RATE = 8000
GAP = np.zeros(SAMPLE_RATE // 4)
"""Silence behind each spill, so that a decoder sees where it ends; EN 300 659-1 asks for 200 ms at least."""


class WavLine:
    """A line that ends in a WAV file (8 kHz, 16 bit, mono); an existing one is continued.

    Parameters
    ----------
    path : Path
        The file. It is created on `open`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open = False
        self._taken = 0

    @property
    def device(self) -> str:
        """``wav:`` and the path."""
        return f"wav:{self._path}"

    @property
    def format(self) -> LineFormat:
        """8 kHz; a file takes any number of samples."""
        return LineFormat(sample_rate=SAMPLE_RATE, block=1)

    @property
    def capabilities(self) -> Capability:
        """A file answers nothing."""
        return Capability.NONE

    @property
    def clock(self) -> float:
        """Seconds of audio that were written since the line was opened."""
        return self._taken / SAMPLE_RATE

    def open(self, on_event: OnEvent) -> None:
        """Make sure that the file can be continued; see `hw.base.Line.open`. *on_event* is never called."""
        try:
            if self._path.exists():
                self._check_format()
            else:
                self._create()
        except (OSError, soundfile.LibsndfileError) as error:
            raise LineOpenError(
                f"{self.device}: {error}. Name a writable file in a folder that exists."
            ) from error
        self._open = True
        self._taken = 0

    def close(self) -> None:
        """Nothing is held open between spills."""
        self._open = False

    def hook(self) -> Hook:
        """Nobody can know."""
        self._require_open()
        return Hook.UNKNOWN

    def lamp(self) -> Lamp:
        """Nobody can know."""
        self._require_open()
        return Lamp.UNKNOWN

    def play(self, samples: FloatArray, *, while_hook: Hook = Hook.ON) -> Played:
        """Append *samples* and a gap; see `hw.base.Line.play`."""
        self._require_open()
        try:
            with self._continue() as file:
                file.seek(0, soundfile.SEEK_END)
                file.write(np.concatenate([samples, GAP]))
        except (OSError, soundfile.LibsndfileError) as error:
            self._open = False
            raise LineGoneError(f"{self.device}: {error}") from error
        self._taken += len(samples)
        return Played(samples=len(samples), complete=True)

    def stop(self) -> None:
        """Do nothing: writing a file takes no time that could be cut short."""

    def _require_open(self) -> None:
        if not self._open:
            raise LineOpenError(f"{self.device}: the line is not open")

    @contextlib.contextmanager
    def _continue(self) -> Iterator[soundfile.SoundFile]:
        # libsndfile itself would make a missing file anew, and an empty one at that.
        with self._path.open("r+b") as raw, soundfile.SoundFile(raw, "r+") as file:
            yield file

    def _create(self) -> None:
        soundfile.SoundFile(
            self._path, "w", samplerate=SAMPLE_RATE, channels=1, format="WAV", subtype="PCM_16"
        ).close()

    def _check_format(self) -> None:
        with self._continue() as file:
            found = (file.samplerate, file.channels, file.format, file.subtype)
        if found != (SAMPLE_RATE, 1, "WAV", "PCM_16"):
            raise LineOpenError(
                f"{self.device}: holds {found[2]} {found[3]}, {found[0]} Hz, {found[1]} channels; "
                f"a line continues 8 kHz mono 16-bit WAV only. Name another file, or move this one away."
            )
