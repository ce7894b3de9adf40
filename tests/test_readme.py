"""What the README says is typed here as written."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fxsmwi.config import parse
from fxsmwi.mailbox import MailboxId

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.peer
def test_every_command_runs_as_typed(peer: Callable[..., str], tmp_path: Path) -> None:
    for program, package in (
        ("sipp", "sip-tester"),
        ("multimon-ng", "multimon-ng"),
        ("sox", "sox"),
        ("minimodem", "minimodem"),
    ):
        peer(program, package=package)
    port = str(free_port())
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    example = tmp_path / "examples" / "fxsmwi.toml"
    example.write_text(example.read_text().replace(":5060", f":{port}"))
    script = "set -euo pipefail\n" + "".join(blocks("sh")).replace(":5060", f":{port}")
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    shown = re.sub(r" {2,}", "  ", done.stdout)
    for expected in (
        r"101  virtual:101  501@default  -/-  unknown  off  off  on  .*  no source has told yet",
        r"102  wav:102.wav  501@default  -/-  unknown  unknown  -  unknown",
        r"101  virtual:101  501@default  1/8  on  off  off  off  .*  on waits: the phone is off-hook",
        r"101  virtual:101  501@default  1/8  on  on  on  on  .*  sip:pbx: NOTIFY 1/8",
        r"501@default  yes  1/8  101,102  sip:pbx: NOTIFY 1/8 \(0/2\) to 501",
        r"line 101: off by hand, until reset",
        r" 82 03 0b 01 ff 70",  # minimodem's; of multimon-ng see test_peers_fsk
    ):
        assert re.search(expected, shown), (expected, done.stdout)


def test_the_heads_of_the_tables_are_those_that_are_printed() -> None:
    """The table in the README is one that `show lines` prints; its heads are checked where they are made."""
    source = (ROOT / "fxsmwi" / "cli" / "show.py").read_text()
    heads = re.search(r'\("LINE", .*?\)', source)
    assert heads is not None
    assert re.findall(r'"([^"]+)"', heads[0]) == blocks("text")[0].splitlines()[0].split()


def test_what_asterisk_is_told_is_what_the_tests_against_asterisk_prove() -> None:
    pjsip, chan_sip = blocks("ini")
    for block, proven in ((pjsip, "asterisk22/pjsip.conf"), (chan_sip, "asterisk16/sip.conf")):
        known = {
            line.partition(";")[0].strip() for line in (ROOT / "fixtures" / proven).read_text().splitlines()
        }
        told = {line.partition(";")[0].strip() for line in block.splitlines()}
        assert {line.replace("(lamp)", "") for line in known} >= told - {""}, proven


def test_the_configuration_is_accepted(tmp_path: Path) -> None:
    (text,) = blocks("toml")
    assert parse(text, where="README.md", folder=tmp_path).mailboxes == {MailboxId("501")}


def test_the_python_example_prints_what_is_shown() -> None:
    (program,) = blocks("python")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(program, "README.md", "exec"), {})
    assert printed.getvalue() == blocks("text")[1]


def test_links_lead_somewhere() -> None:
    for document in [
        ROOT / "README.md",
        *ROOT.glob("docs/*.md"),
        ROOT / "ARCHITECTURE.md",
        ROOT / "CONTRIBUTING.md",
    ]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text()):
            assert (document.parent / target).exists(), (document.name, target)


def test_both_set_up_commands_are_there() -> None:
    assert "make demo" in README
    assert "make test" in README
