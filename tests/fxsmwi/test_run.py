"""The daemon as people run it: a process of its own, asked through the command line."""

from __future__ import annotations

import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import soundfile

from dsp.message import vmwi
from dsp.receiver import receive

from .conftest import Pbx, Running

Start = Callable[[Path], Running]
Write = Callable[..., Path]


def test_a_notify_lights_the_lamp_and_another_darkens_it(write_config: Write, start: Start, pbx: Pbx) -> None:
    daemon = start(write_config({"101": "virtual:101"}))
    assert daemon.line("101") | {"since": ""} == {
        "name": "101",
        "device": "virtual:101",
        "mailboxes": ["101@default"],
        "new": None,
        "old": None,
        "desired": "unknown",
        "applied": "off",
        "hook": "on",
        "why": "no source has told yet",
        "since": "",
        "override": None,
        "last_sent_hex": None,
        "last_sent_at": None,
        "lamp": "off",
    }
    assert pbx.notify("101", "2/5", to=daemon.port) == 200
    lit = daemon.wait_for_line("101", applied="on", lamp="on")
    assert (lit["new"], lit["old"], lit["last_sent_hex"]) == (2, 5, vmwi(True).hex(" "))
    assert pbx.notify("101", "0/7", to=daemon.port) == 200
    daemon.wait_for_line("101", applied="off", lamp="off", desired="off", new=0, old=7)


def test_a_killed_daemon_comes_back_with_what_it_knew(write_config: Write, start: Start, pbx: Pbx) -> None:
    """SIGKILL between two NOTIFYs: mailboxes and lamps are what they were, the unknown is called unknown."""
    config = write_config({"101": "virtual:101", "102": "wav:102.wav", "103": "virtual:103"})
    first = start(config)
    pbx.notify("101", "2/5", to=first.port)
    pbx.notify("102", "1/0", to=first.port)
    first.wait_for_line("101", lamp="on")
    first.wait_for_line("102", applied="requested-on")
    first.end(signal.SIGKILL)

    second = start(config)
    assert second.line("101")["lamp"] == "on"
    second.wait_for_line("101", applied="on", desired="on", new=2, old=5)
    second.wait_for_line("102", applied="requested-on", desired="on", new=1, old=0, last_sent_hex=None)
    second.wait_for_line("103", applied="off", desired="unknown", new=None)
    waiting = {row["mailbox"]: row["waiting"] for row in second.ask("show", "mailboxes")}
    assert waiting == {"101@default": True, "102@default": True, "103@default": None}
    assert "not confirmed since" in second.line("101")["why"]
    assert pbx.notify("101", "0/7", to=second.port) == 200
    told = second.wait_for_line("101", lamp="off", desired="off")
    assert told["why"].endswith(" (provisional)")  # in the first 32 s older news may come behind it
    samples, rate = soundfile.read(config.parent / "102.wav")
    assert [burst.message for burst in receive(samples, sample_rate=rate)] == [vmwi(True)]


def test_a_daemon_killed_in_mid_burst_sends_it_again(write_config: Write, start: Start, pbx: Pbx) -> None:
    config = write_config({"101": "virtual:101"})
    first = start(config)
    assert pbx.notify("101", "2/5", to=first.port) == 200
    first.end(signal.SIGKILL)  # the burst lasts half a second, the answer came before it began
    second = start(config)
    second.wait_for_line("101", lamp="on", applied="on")


def test_what_waits_for_the_handset_is_sent_after_on_hook(
    write_config: Write, start: Start, pbx: Pbx
) -> None:
    daemon = start(write_config({"101": "virtual:101"}))
    assert daemon.command("line", "101", "lift") == "line 101: the phone is off-hook\n"
    assert pbx.notify("101", "2/5", to=daemon.port) == 200
    waiting = daemon.wait_for_line("101", hook="off", desired="on")
    assert waiting["why"].startswith("on waits: the phone is off-hook; sip:pbx: NOTIFY 2/5")
    assert (waiting["lamp"], waiting["last_sent_hex"]) == ("off", None)
    daemon.command("line", "101", "hang-up")
    daemon.wait_for_line("101", hook="on", lamp="on", applied="on")


def test_a_lamp_set_by_hand_stays_until_reset(write_config: Write, start: Start, pbx: Pbx) -> None:
    config = write_config({"101": "virtual:101"})
    daemon = start(config)
    pbx.notify("101", "0/5", to=daemon.port)
    daemon.wait_for_line("101", applied="off", desired="off")
    assert daemon.command("set", "mwi", "101", "on").startswith("line 101: on by hand, until reset")
    daemon.wait_for_line("101", lamp="on", override="on")
    pbx.notify("101", "0/6", to=daemon.port)
    daemon.end(signal.SIGKILL)
    again = start(config)
    again.wait_for_line("101", lamp="on", desired="on", override="on", why="set on by hand, until reset")
    again.command("set", "mwi", "101", "reset")
    again.wait_for_line("101", lamp="off", desired="off", override=None)


def test_a_line_that_cannot_be_opened_costs_nobody_else(write_config: Write, start: Start, pbx: Pbx) -> None:
    config = write_config({"101": "virtual:101", "102": "wav:nowhere/102.wav"})
    daemon = start(config)
    pbx.notify("101", "1/0", to=daemon.port)
    pbx.notify("102", "1/0", to=daemon.port)
    daemon.wait_for_line("101", lamp="on")
    broken = daemon.line("102")
    assert (broken["applied"], broken["hook"], broken["desired"]) == ("unknown", "unknown", "on")
    assert "folder that exists" in broken["why"]
    (config.parent / "nowhere").mkdir()
    daemon.wait_for_line("102", applied="requested-on")


def test_it_ends_on_sigterm_and_takes_its_socket_away(write_config: Write, start: Start) -> None:
    daemon = start(write_config({"101": "virtual:101"}))
    assert daemon.end() == 0
    assert not daemon.config.with_name("fxsmwi.sock").exists()


def test_a_second_daemon_is_kept_out(write_config: Write, start: Start) -> None:
    daemon = start(write_config({"101": "virtual:101"}))
    second = subprocess.run(
        [sys.executable, "-m", "fxsmwi", "run", "-c", daemon.config],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (second.returncode, second.stderr.count("\n")) == (3, 1)
    assert "Does fxsmwi run already?" in second.stderr
    assert daemon.line("101")["hook"] == "on"


def test_an_address_in_use_is_one_sentence(write_config: Write, tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("127.0.0.1", 0))
        config = write_config({"101": "virtual:101"})
        port = holder.getsockname()[1]
        config.write_text(config.read_text().replace("udp:127.0.0.1:0", f"udp:127.0.0.1:{port}"))
        failed = subprocess.run(
            [sys.executable, "-m", "fxsmwi", "run", "-c", config], capture_output=True, text=True, check=False
        )
    assert (failed.returncode, failed.stderr.count("\n")) == (3, 1)
    assert f"cannot listen at udp:127.0.0.1:{port}" in failed.stderr


def test_a_full_disk_is_told_and_the_lamp_is_right_all_the_same(
    write_config: Write, start: Start, pbx: Pbx
) -> None:
    config = write_config({"101": "virtual:101"})
    daemon = start(config)
    daemon.wait_for_line("101", hook="on")
    # No file may grow beyond what the store has already: as good as a full disk, and it can be undone.
    resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    assert pbx.notify("101", "2/5", to=daemon.port) == 200
    daemon.wait_for_line("101", lamp="on", applied="on")
    assert "changes wait in memory" in daemon.complaint("show", "lines")
    resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    daemon.wait(lambda: not daemon.complaint("show", "lines"))
    daemon.end(signal.SIGKILL)
    start(config).wait_for_line("101", lamp="on", desired="on", new=2)
