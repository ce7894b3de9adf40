"""How fast recordings are decoded, wall-to-wall bursts and quiet line, beside minimodem and multimon-ng.

The peers are timed with their start-up, so the recordings are long; each reads the rate that it was made for.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from dsp.arrays import FloatArray
from dsp.message import vmwi
from dsp.receiver import receive
from dsp.spill import render

from .rounds import compare, take_turns

SAMPLE_RATE = 8000
MULTIMON_RATE = 22050
"""The only rate that multimon-ng reads without another program."""
BUSY_BURSTS = 300
QUIET_S = 600


def measure() -> dict[str, object]:
    """Give x real time for both kinds of line."""
    noise = np.random.default_rng(1)
    return {"busy": _measure(_busy, noise), "quiet": _measure(_quiet, noise)}


def _busy(sample_rate: int, noise: np.random.Generator) -> FloatArray:
    bursts = [render(vmwi(bool(n % 2)), sample_rate=sample_rate, trail_s=0.1) for n in range(BUSY_BURSTS)]
    samples = np.concatenate(bursts)
    return samples + 1e-4 * noise.standard_normal(len(samples))


def _quiet(sample_rate: int, noise: np.random.Generator) -> FloatArray:
    samples = 1e-4 * noise.standard_normal(QUIET_S * sample_rate)
    burst = render(vmwi(True), sample_rate=sample_rate)
    middle = len(samples) // 2
    samples[middle : middle + len(burst)] += burst
    return samples


def _measure(make: object, noise: np.random.Generator) -> dict[str, object]:
    assert callable(make)
    samples = make(SAMPLE_RATE, noise)
    runs = {"fxsmwi": lambda: _ours(samples)}
    with tempfile.TemporaryDirectory() as folder:
        if minimodem := shutil.which("minimodem"):
            wav = Path(folder) / "minimodem.wav"
            soundfile.write(wav, samples, SAMPLE_RATE)
            runs["minimodem"] = lambda: _peer([minimodem, "--rx", "1200", "-q", "-f", str(wav)])
        if multimon := shutil.which("multimon-ng"):
            raw = Path(folder) / "multimon.raw"
            faster = make(MULTIMON_RATE, noise)
            np.rint(faster * 32767).astype("<i2").tofile(raw)
            runs["multimon-ng"] = lambda: _peer([multimon, "-q", "-a", "CLIPFSK", "-t", "raw", str(raw)])
        return {
            "audio_s": round(len(samples) / SAMPLE_RATE, 1),
            **compare(take_turns(runs), len(samples) / SAMPLE_RATE, "x_real_time"),
        }


def _ours(samples: FloatArray) -> None:
    assert receive(samples, sample_rate=SAMPLE_RATE)


def _peer(command: list[str]) -> None:
    done = subprocess.run(command, check=True, capture_output=True)
    assert done.stdout
