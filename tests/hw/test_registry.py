from __future__ import annotations

from pathlib import Path

import pytest

from hw.base import LineNameError
from hw.registry import create, parse_device
from hw.virtual import VirtualLine
from hw.wavfile import WavLine


def test_a_device_name_becomes_its_line(tmp_path: Path) -> None:
    virtual = create("virtual:101", folder=tmp_path)
    wav = create("wav:a.wav", folder=tmp_path)
    assert (type(virtual), virtual.device) == (VirtualLine, "virtual:101")
    assert (type(wav), wav.device) == (WavLine, f"wav:{tmp_path / 'a.wav'}")


def test_an_absolute_path_stays(tmp_path: Path) -> None:
    assert create(f"wav:{tmp_path}/b.wav", folder=Path("elsewhere")).device == f"wav:{tmp_path}/b.wav"


@pytest.mark.parametrize(
    "device", ["", "virtual", "virtual:", ":101", "fax:1", "virtual:../101", "virtual:a b"]
)
def test_other_names_are_refused(device: str) -> None:
    with pytest.raises(LineNameError, match="is no device"):
        parse_device(device)
