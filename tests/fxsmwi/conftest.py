"""A real daemon in a process of its own, and somebody who sends it NOTIFYs."""

from __future__ import annotations

import itertools
import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

NOTIFY = """\
NOTIFY sip:{user}@127.0.0.1 SIP/2.0\r
Via: SIP/2.0/UDP 127.0.0.1:{port};rport;branch=z9hG4bK-{number}\r
From: <sip:pbx@127.0.0.1>;tag=a{number}\r
To: <sip:{user}@127.0.0.1>\r
Call-ID: {number}@test\r
CSeq: 1 NOTIFY\r
Event: message-summary\r
Content-Type: application/simple-message-summary\r
Content-Length: {length}\r
\r
{body}"""


class Pbx:
    """Sends NOTIFYs from a UDP socket of its own."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(5)
        self._numbers = itertools.count(1)
        self.port: int = self._socket.getsockname()[1]

    def close(self) -> None:
        self._socket.close()

    def notify(self, user: str, counts: str, *, to: int, waiting: bool | None = None) -> int:
        """Send ``new/old`` for a mailbox, and give the answer's status."""
        waiting = not counts.startswith("0/") if waiting is None else waiting
        body = f"Messages-Waiting: {'yes' if waiting else 'no'}\r\nVoice-Message: {counts} (0/0)\r\n"
        return self.send(self.write(user, body), to=to)

    def write(self, user: str, body: str) -> bytes:
        number = next(self._numbers)
        return NOTIFY.format(user=user, port=self.port, number=number, length=len(body), body=body).encode()

    def send(self, datagram: bytes, *, to: int) -> int:
        self._socket.sendto(datagram, ("127.0.0.1", to))
        return int(self._socket.recv(65535)[8:11])


class Running:
    """`fxsmwi run` as a process."""

    def __init__(self, config: Path, *options: str) -> None:
        self.config = config
        self.log = config.with_suffix(".log")
        command = [sys.executable, "-m", "fxsmwi", "run", *options, "-c", config]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, stderr=log, stdin=subprocess.DEVNULL)
        ready = self.wait(lambda: re.search(r"ready: .* udp:127\.0\.0\.1:(\d+)", self.log.read_text()))
        self.port = int(ready[1])

    def wait(self, look: Callable[[], Any], *, seconds: float = 15.0) -> Any:
        """Look until there is something to see."""
        deadline = time.monotonic() + seconds
        while not (seen := look()):
            if time.monotonic() > deadline or self.process.poll() is not None:
                pytest.fail(f"nothing came: {self.log.read_text()}")
            time.sleep(0.02)
        return seen

    def ask(self, *words: str) -> Any:
        """Run a reading command of fxsmwi, and give its JSON."""
        return json.loads(self.command(*words, "--json"))

    def command(self, *words: str) -> str:
        return self._run(*words).stdout

    def complaint(self, *words: str) -> str:
        """Run a command, and give what it says besides its answer."""
        return self._run(*words).stderr

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        arguments = [sys.executable, "-m", "fxsmwi", *words, "-c", str(self.config)]
        return subprocess.run(arguments, capture_output=True, text=True, check=True)

    def line(self, name: str) -> dict[str, Any]:
        return next(line for line in self.ask("show", "lines") if line["name"] == name)

    def wait_for_line(self, name: str, **values: object) -> dict[str, Any]:
        """Wait until `fxsmwi show lines` shows *values*."""

        def look() -> dict[str, Any] | None:
            line = self.line(name)
            return line if values.items() <= line.items() else None

        found: dict[str, Any] = self.wait(look)
        return found

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(10)


@pytest.fixture
def pbx() -> Iterator[Pbx]:
    made = Pbx()
    yield made
    made.close()


@pytest.fixture
def write_config(tmp_path: Path, pbx: Pbx) -> Callable[..., Path]:
    """Write a configuration whose one peer is `pbx`; *lines* are devices by the line's name."""

    def write(lines: dict[str, str], *, extra: str = "") -> Path:
        path = tmp_path / "fxsmwi.toml"
        peer = f'[[sip.peer]]\nname = "pbx"\naddress = "127.0.0.1:{pbx.port}"\n'
        tables = [
            f'[[line]]\nname = "{name}"\ndevice = "{device}"\nmailbox = "{name}"\n'
            for name, device in lines.items()
        ]
        path.write_text('[sip]\nlisten = ["udp:127.0.0.1:0"]\n' + extra + peer + "".join(tables))
        return path

    return write


@pytest.fixture
def start() -> Iterator[Callable[[Path], Running]]:
    """Start daemons; what still runs at the end of the test is killed."""
    started: list[Running] = []

    def run(config: Path) -> Running:
        started.append(Running(config))
        return started[-1]

    yield run
    for running in started:
        running.end(signal.SIGKILL)
