"""End to end with a client that nobody here wrote: sipp sends, `fxsmwi show lines --json` tells the lamp."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile

from dsp.message import vmwi
from dsp.receiver import receive

from .conftest import Running

CONFIG = """
[sip]
listen = ["udp:127.0.0.1:0"]
[[sip.peer]]
name = "sipp"
address = "127.0.0.1"
[[line]]
name = "101"
device = "virtual:101"
mailbox = "501"
[[line]]
name = "102"
device = "wav:102.wav"
mailbox = "501"
"""


@pytest.fixture
def call(
    peer: Callable[..., str], fixtures: Path, tmp_path: Path, start: Callable[[Path], Running]
) -> Callable[..., Running]:
    """Start a daemon, and give what runs a scenario against it."""
    sipp = peer("sipp", package="sip-tester")
    config = tmp_path / "fxsmwi.toml"
    config.write_text(CONFIG)
    daemon = start(config)

    def run(scenario: str, *arguments: str) -> Running:
        done = subprocess.run(
            [
                *(sipp, f"127.0.0.1:{daemon.port}", "-i", "127.0.0.1", "-nostdin", "-timeout", "20"),
                *("-sf", fixtures / "sipp" / f"{scenario}.xml", "-m", "1", "-s", "501"),
                *arguments,
            ],
            cwd=tmp_path,
            env={"TERM": "dumb", "PATH": "/usr/bin:/bin"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr
        return daemon

    return run


@pytest.mark.peer
def test_sipp_lights_and_darkens_the_lamp_and_a_retransmission_is_not_applied_twice(
    call: Callable[..., Running], tmp_path: Path
) -> None:
    daemon = call("lamp", "-key", "waiting", "yes", "-key", "counts", "2/8")
    lit = daemon.wait_for_line("101", lamp="on", applied="on", desired="on")
    assert (lit["new"], lit["old"]) == (2, 8)
    daemon.wait_for_line("102", applied="requested-on")
    call("malformed")
    assert daemon.line("101")["lamp"] == "on"
    call("lamp", "-key", "waiting", "no", "-key", "counts", "0/10")
    daemon.wait_for_line("101", lamp="off", applied="off", desired="off", new=0, old=10)
    daemon.wait_for_line("102", applied="requested-off")
    samples, rate = soundfile.read(tmp_path / "102.wav")
    assert [burst.message for burst in receive(samples, sample_rate=rate)] == [vmwi(True), vmwi(False)]


@pytest.mark.peer
def test_malformed_requests_leave_everything_unknown(call: Callable[..., Running]) -> None:
    daemon = call("malformed")
    line = daemon.line("101")
    assert (line["desired"], line["lamp"], line["last_sent_hex"]) == ("unknown", "off", None)
