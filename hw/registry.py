"""From a device name to its line: ``virtual:101``, ``wav:spill.wav``.

Backends are imported when one of their lines is made, so that what one of them needs to run is asked for
only by those who use it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from .base import Line, LineMissingError, LineNameError

KINDS = ("virtual", "wav")
PHONE_NAME = re.compile(r"[A-Za-z0-9_.-]+")
"""A simulated phone's name is part of a file's name."""


def parse_device(device: str) -> tuple[str, str]:
    """Split ``kind:name``.

    Raises
    ------
    LineNameError
        If the kind is none of `KINDS`, or the name is empty or can't be one of that kind.
    """
    kind, colon, name = device.partition(":")
    if kind not in KINDS or not colon or not name:
        raise LineNameError(f"{device!r} is no device: write {' or '.join(f'{k}:NAME' for k in KINDS)}")
    if kind == "virtual" and not PHONE_NAME.fullmatch(name):
        raise LineNameError(
            f"{device!r} is no device: a virtual line's name is letters, digits, '_', '.' and '-'"
        )
    return kind, name


def create(device: str, *, folder: Path, memory: Path | None = None) -> Line:
    """Make the line that *device* names; it is not opened yet.

    Parameters
    ----------
    device : str
        ``virtual:NAME``, a simulated line in real time, or ``wav:PATH``, a sound file.
    folder : Path
        Where a relative path starts.
    memory : Path or None
        A folder in which simulated phones keep lamp and hook between runs.

    Raises
    ------
    LineNameError
        If no backend understands the name.
    """
    kind, name = parse_device(device)
    makers: dict[str, Callable[[], Line]] = {
        "virtual": lambda: _virtual(name, memory),
        "wav": lambda: _wav(folder / name),
    }
    return makers[kind]()


def _virtual(name: str, memory: Path | None) -> Line:
    from .virtual import VirtualLine

    return VirtualLine(name, paced=True, memory=memory and memory / f"virtual-{name}.phone")


def _wav(path: Path) -> Line:
    try:
        from .wavfile import WavLine
    except OSError as error:  # soundfile's way to say that its C library is not there
        raise LineMissingError("sound files need libsndfile: apt install libsndfile1") from error
    return WavLine(path)
