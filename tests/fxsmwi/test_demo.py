from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fxsmwi.demo.script import SCRIPT, Step
from fxsmwi.demo.sender import captured

CAPTURES = {
    "asterisk22": "ast22-unsolicited-udp.txt",
    "asterisk16": "ast16-unsolicited_mailbox.txt",
    "kamailio": "kamailio-presence_mwi-publish-notify-udp.txt",
}


@pytest.mark.parametrize(
    "notify", sorted({step.notify for step in SCRIPT if step.notify[:5] not in ("", "wrong")})
)
def test_what_is_sent_was_captured_byte_for_byte(notify: str, fixtures: Path) -> None:
    capture = (fixtures / "captures" / CAPTURES[notify.partition("-")[0]]).read_bytes()
    datagram = captured(notify)
    assert datagram.startswith(b"NOTIFY ")
    assert b"len=%d ===\n%s\n" % (len(datagram), datagram) in capture


def test_the_script_played_once_comes_out_right(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fxsmwi", "demo", "--once"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{len(SCRIPT)} steps right, 0 wrong" in done.stdout
    assert done.stdout.count(" ok ") == len(SCRIPT)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_lamp_makes_the_demo_fail(tmp_path: Path) -> None:
    """The check can fail: a script that expects another lamp ends with 1."""
    program = (
        "from fxsmwi.demo import script, stage\n"
        "from fxsmwi.cli import main\n"
        "stage.Stage.play.__kwdefaults__['patience_s'] = 1.0\n"
        "step = script.Step(title='wrong', notify='asterisk22-lamp1-on', answer=404, lit=('102',))\n"
        "script.SCRIPT = (step,)\n"
        "main(['demo', '--once'])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "0 steps right, 1 wrong" in done.stdout
    assert re.search(r"answered\s+200", done.stdout)


def test_in_a_terminal_it_shows_the_lines_takes_keys_and_gives_the_terminal_back(tmp_path: Path) -> None:
    try:
        process, terminal = pty.fork()
    except OSError as error:
        pytest.skip(f"this host gives no terminal: {error}")
    if process == 0:
        os.environ.update(TERM="xterm", COLUMNS="120", LINES="40", LANG="C.UTF-8")
        os.execv(sys.executable, [sys.executable, "-m", "fxsmwi", "demo"])
    seen = b""

    def read_until(wanted: bytes) -> None:
        nonlocal seen
        deadline = time.monotonic() + 20
        while wanted not in seen:
            assert time.monotonic() < deadline, seen[-3000:]
            if select.select([terminal], [], [], 0.1)[0]:
                seen += os.read(terminal, 65536)

    read_until(b"keys 1-4 lift a handset")
    read_until("●".encode())
    os.write(terminal, b"3")
    read_until(b"you moved the handset of 103")
    read_until(b"off-hook")
    os.write(terminal, b"q")
    read_until(b"\x1b[?1049l")  # the screen as it was before
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
    os.close(terminal)


def test_every_step_says_what_it_expects() -> None:
    assert all(isinstance(step, Step) and (step.answer is not None) == bool(step.notify) for step in SCRIPT)
