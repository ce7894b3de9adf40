from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from dsp.message import vmwi
from dsp.receiver import receive
from dsp.spill import render
from hw.base import LineEvent, LineGoneError, LineOpenError
from hw.wavfile import GAP, SAMPLE_RATE, WavLine

ON = render(vmwi(True), sample_rate=SAMPLE_RATE)


def ignore(event: LineEvent) -> None:
    pass


def test_every_burst_is_in_the_file_also_after_it_was_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "line.wav"
    for waiting in (True, False):
        line = WavLine(path)
        line.open(ignore)
        line.play(render(vmwi(waiting), sample_rate=SAMPLE_RATE))
    samples, rate = soundfile.read(path)
    assert rate == SAMPLE_RATE
    assert [burst.message for burst in receive(samples, sample_rate=rate)] == [vmwi(True), vmwi(False)]
    assert len(samples) == 2 * (len(ON) + len(GAP))


def test_a_file_that_is_no_such_wav_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.wav"
    path.write_text("dear diary")
    with pytest.raises(LineOpenError, match="notes"):
        WavLine(path).open(ignore)
    assert path.read_text() == "dear diary"


def test_a_wav_of_another_kind_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "music.wav"
    soundfile.write(path, np.zeros((10, 2)), 44100)
    with pytest.raises(LineOpenError, match="44100 Hz, 2 channels"):
        WavLine(path).open(ignore)


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(LineOpenError, match="folder that exists"):
        WavLine(tmp_path / "nowhere" / "line.wav").open(ignore)


def test_a_file_that_vanishes_is_a_line_that_is_gone(tmp_path: Path) -> None:
    line = WavLine(tmp_path / "line.wav")
    line.open(ignore)
    (tmp_path / "line.wav").unlink()
    with pytest.raises(LineGoneError):
        line.play(ON)
    line.open(ignore)
    assert line.play(ON).complete


def test_a_full_disk_is_a_line_that_is_gone() -> None:
    line = WavLine(Path("/dev/full"))
    with pytest.raises(LineOpenError):
        line.open(ignore)
