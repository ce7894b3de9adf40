"""The very file that `fxsmwi wav make` writes, read by three decoders of which two are not ours."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.peer

MESSAGE = bytes.fromhex("82030b01ff70")


def run(*command: str | Path, cwd: Path) -> bytes:
    return subprocess.run(command, cwd=cwd, capture_output=True, check=True, timeout=30).stdout


def test_multimon_ng_minimodem_and_fxsmwi_read_the_same_bytes(
    peer: Callable[..., str], tmp_path: Path
) -> None:
    multimon, sox = peer("multimon-ng", package="multimon-ng"), peer("sox", package="sox")
    minimodem = peer("minimodem", package="minimodem")
    fxsmwi = (sys.executable, "-m", "fxsmwi")
    run(*fxsmwi, *"wav make --message vmwi-on --standard bellcore -o on.wav".split(), cwd=tmp_path)

    (burst,) = json.loads(run(*fxsmwi, "decode", "on.wav", "--json", cwd=tmp_path))["bursts"]
    assert bytes.fromhex(burst["message_hex"]) == MESSAGE
    assert run(minimodem, "--rx", "1200", "-q", "-f", "on.wav", cwd=tmp_path)[-len(MESSAGE) :] == MESSAGE
    # A file, for multimon-ng's own pipe from sox is not reliable: see tests/dsp/test_peers_fsk.py.
    run(sox, *"on.wav -t raw -e signed-integer -b 16 -r 22050 -c 1 on.raw".split(), cwd=tmp_path)
    heard = run(multimon, *"-q -t raw -a CLIPFSK on.raw".split(), cwd=tmp_path)
    assert heard == b"CLIPFSK: MWI VI=. Activation (indicator on)\n"
