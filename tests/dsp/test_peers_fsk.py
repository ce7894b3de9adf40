"""Programs that nobody here wrote read what we render.

minimodem gives the bytes of the UART, seizure and all: the last of them are the message. multimon-ng checks
the checksum and prints what it understands of MDMF; of SDMF it knows no message-waiting type (it prints
"UNKNOWN" and the length) and reads a call as if it were MDMF ("RVD"), so there only the length that it found
can be compared. It takes 22050 Hz only; sox brings other rates there. Its own "-t wav" pipes through sox too,
but the pipe may come in pieces of odd length, which now and then spoil what it reads (once in 150 tries).
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import soundfile

from dsp.message import parse
from dsp.spill import render

pytestmark = pytest.mark.peer

RATES = [8000, 22050, 48000]

MULTIMON_LABELS = {"date": "DATE", "number": "CID", "name": "CNT"}


def write(path: Path, message: bytes, sample_rate: int) -> Path:
    burst = render(message, sample_rate=sample_rate, lead_s=0.3, trail_s=0.3)
    kind = "RAW" if path.suffix == ".raw" else "WAV"
    soundfile.write(path, burst, sample_rate, subtype="PCM_16", format=kind)
    return path


def run(*command: str | Path) -> bytes:
    return subprocess.run(command, capture_output=True, check=True, timeout=30).stdout


def expected_text(message: bytes) -> str:
    """Return what multimon-ng prints for an MDMF message."""
    read = parse(message)
    words = ["CLIPFSK: MWI" if read.waiting is not None else "CLIPFSK: CS"]
    for label, value in read.parameters.items():
        match label, value:
            case "visual_indicator", True:
                words.append("VI=. Activation (indicator on)")
            case "visual_indicator", False:
                words.append("VI=. Deactivation (indicator off)")
            case "message_count", count:
                words.append(f"NMSS={count} Number of message waiting in message system")
            case "number_absent", _:
                words.append("RACLI=P Private (CLIR involved)")
            case "name_absent", _:
                words.append("RACNT=P Private (CLIR involved)")
            case _:
                words.append(f"{MULTIMON_LABELS[label]}={value}")
    return " ".join(words) + "\n"


@pytest.mark.parametrize("sample_rate", RATES)
def test_minimodem_reads_the_exact_bytes(peer, tmp_path, message, sample_rate):
    minimodem = peer("minimodem", package="minimodem")
    wav = write(tmp_path / "burst.wav", message, sample_rate)
    heard = run(minimodem, "--rx", "1200", "--quiet", "--file", wav)
    assert heard[-len(message) :] == message


@pytest.mark.parametrize("sample_rate", RATES)
def test_multimon_ng_reads_the_message(peer, tmp_path, message, sample_rate):
    multimon = peer("multimon-ng", package="multimon-ng")
    sox = peer("sox", package="sox")
    wav, raw = write(tmp_path / "burst.wav", message, sample_rate), tmp_path / "burst.raw"
    run(sox, wav, "-t", "raw", "-e", "signed-integer", "-b", "16", "-r", "22050", "-c", "1", raw)
    check_text(run(multimon, "-q", "-t", "raw", "-a", "CLIPFSK", raw).decode(), message)


def test_multimon_ng_reads_the_message_at_its_own_rate(peer, tmp_path, message):
    multimon = peer("multimon-ng", package="multimon-ng")
    raw = write(tmp_path / "burst.raw", message, 22050)
    check_text(run(multimon, "-q", "-t", "raw", "-a", "CLIPFSK", raw).decode(), message)


def check_text(text: str, message: bytes) -> None:
    if message[0] == 0x06:
        assert text == "CLIPFSK: UNKNOWN Message type (0x06) len=6 "
    elif message[0] == 0x04:
        assert text.startswith(f"CLIPFSK: RVD len={len(message)} ")
    else:
        assert text == expected_text(message)
