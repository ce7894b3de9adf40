"""How fast bursts are made: fxsmwi beside minimodem's transmitter."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from dsp.message import call_setup, vmwi
from dsp.spill import render

from .rounds import compare, take_turns

SAMPLE_RATE = 8000
BURSTS = 300


def measure() -> dict[str, object]:
    """Give seconds of audio made per second."""
    messages = [
        vmwi(bool(n % 2)) if n % 3 else call_setup(date="11230200", number=f"{n:07}", name="Alice")
        for n in range(BURSTS)
    ]
    audio_s = sum(len(render(message, sample_rate=SAMPLE_RATE)) for message in messages) / SAMPLE_RATE
    runs = {"fxsmwi": lambda: _ours(messages)}
    minimodem = shutil.which("minimodem")
    with tempfile.TemporaryDirectory() as folder:
        if minimodem:
            wav = Path(folder) / "m.wav"
            # The channel seizure is 30 characters 0x55; minimodem keeps its carrier up through all of it.
            octets = b"".join(b"\x55" * 30 + message for message in messages)
            command = [minimodem, "--tx", "1200", "-q", "-R", str(SAMPLE_RATE), "-f", str(wav)]
            runs["minimodem"] = lambda: _run(command, octets)
        return {
            "unit": "seconds of audio a second",
            **compare(take_turns(runs), audio_s, "x_real_time"),
        }


def _ours(messages: list[bytes]) -> None:
    for message in messages:
        render(message, sample_rate=SAMPLE_RATE)


def _run(command: list[str], octets: bytes) -> None:
    subprocess.run(command, input=octets, check=True)
