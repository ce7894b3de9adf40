"""How fast bursts are made: batches of fxsmwi beside spandsp's adsi_tx and minimodem's transmitter.

Everything runs on one core and takes turns in one process. spandsp is called through ctypes, twice for each
message; its preamble is set to ours, so that both make the same bursts. Each is reckoned by the samples that
it made itself.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from ctypes.util import find_library
from pathlib import Path

from dsp.batch import render_batch
from dsp.message import call_setup, vmwi
from dsp.spill import render

from .rounds import compare, take_turns

SAMPLE_RATE = 8000
BATCH = 256
REPEATS = 50
"""Batches in a turn, so that it lasts longer than the scheduler's whims."""
RATES = (11025, 16000, 22050, 44100, 48000, 96000, 192000)
FORMATS = ("int16", "mulaw", "float32", "float64")

ADSI_STANDARD_CLASS = 1  # spandsp/adsi.h
SEIZURE, MARK, TRAILING, STOP = 300, 180, 2, 1
LONGEST = 1 << 17
"""Samples, more than any of the bursts has."""


def measure() -> dict[str, object]:
    """Give seconds of audio made per second, and how many times as fast as fxsmwi each peer is."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    messages = [
        vmwi(bool(n % 2)) if n % 3 else call_setup(date="11230200", number=f"{n:07}", name="Alice")
        for n in range(BATCH)
    ]
    return {
        "batch": BATCH,
        "formats_at_8_khz": {form: _beside_peers(messages, form) for form in FORMATS},
        "int16_at_other_rates": {rate: _million_samples(messages, rate) for rate in RATES},
    }


def _beside_peers(messages: list[bytes], form: str) -> dict[str, object]:
    _, lengths = render_batch(messages, sample_rate=SAMPLE_RATE, dtype=form)
    ours = int(lengths.sum())
    runs = {"fxsmwi": lambda: _repeat(lambda: render_batch(messages, sample_rate=SAMPLE_RATE, dtype=form))}
    runs["fxsmwi one by one"] = lambda: _one_by_one(messages)
    made = {"fxsmwi": ours * REPEATS, "fxsmwi one by one": ours}
    if library := find_library("spandsp"):
        spandsp = _spandsp(ctypes.CDLL(library), messages)
        made["spandsp"] = spandsp() * REPEATS
        runs["spandsp"] = lambda: _repeat(spandsp)
    with tempfile.TemporaryDirectory() as folder:
        if minimodem := shutil.which("minimodem"):
            # The channel seizure is 30 characters 0x55; minimodem keeps its carrier up through all of it.
            octets = b"".join(b"\x55" * 30 + message for message in messages)
            wav = Path(folder) / "m.wav"
            command = [minimodem, "--tx", "1200", "-q", "-R", str(SAMPLE_RATE), "-f", str(wav)]
            runs["minimodem"] = lambda: _run(command, octets)
            _run(command, octets)
            made["minimodem"] = wav.stat().st_size // 2
        seconds = take_turns(runs)
    alike = {name: taken * made["fxsmwi"] / made[name] for name, taken in seconds.items()}
    return dict(compare(alike, made["fxsmwi"] / SAMPLE_RATE, "x_real_time"))


def _million_samples(messages: list[bytes], sample_rate: int) -> float:
    _, lengths = render_batch(messages, sample_rate=sample_rate, dtype="int16")
    run = {"fxsmwi": lambda: render_batch(messages, sample_rate=sample_rate, dtype="int16")}
    return round(int(lengths.sum()) / take_turns(run)["fxsmwi"] / 1e6, 1)


def _repeat(run: Callable[[], object]) -> None:
    for _ in range(REPEATS):
        run()


def _one_by_one(messages: list[bytes]) -> None:
    for message in messages:
        render(message, sample_rate=SAMPLE_RATE)


def _spandsp(library: ctypes.CDLL, messages: list[bytes]) -> Callable[[], int]:
    """Return what makes every burst with one transmitter of spandsp, and counts the samples."""
    library.adsi_tx_init.restype = ctypes.c_void_p
    transmitter = ctypes.c_void_p(library.adsi_tx_init(None, ADSI_STANDARD_CLASS))
    library.adsi_tx_set_preamble(transmitter, SEIZURE, MARK, TRAILING, STOP)
    put, transmit = library.adsi_tx_put_message, library.adsi_tx
    samples = (ctypes.c_int16 * LONGEST)()
    bare = [(message[:-1], len(message) - 1) for message in messages]  # it adds the checksum

    def run() -> int:
        made = 0
        for message, size in bare:
            put(transmitter, message, size)
            made += transmit(transmitter, samples, LONGEST)
        return made

    return run


def _run(command: list[str], octets: bytes) -> None:
    subprocess.run(command, input=octets, check=True)
