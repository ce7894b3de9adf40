"""How many NOTIFYs the whole daemon answers: transaction, peer, state and store, over a real socket."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NOTIFIES = 20_000
WINDOW = 64
"""Unanswered at a time: what a default receive buffer holds."""
MAILBOXES = 1000
LINES = 4
BODY = "Messages-Waiting: {}\r\nVoice-Message: {}/8 (0/0)\r\n"
HEAD = """\
NOTIFY sip:{box}@127.0.0.1 SIP/2.0\r
Via: SIP/2.0/UDP 127.0.0.1:{port};rport;branch=z9hG4bK{number}\r
Max-Forwards: 70\r
From: <sip:pbx@127.0.0.1>;tag=a{number}\r
To: <sip:{box}@127.0.0.1>\r
Call-ID: {number}@bench\r
CSeq: 1 NOTIFY\r
Event: message-summary\r
Subscription-State: terminated\r
Content-Type: application/simple-message-summary\r
Content-Length: {length}\r
\r
"""


def measure() -> dict[str, object]:
    """Give answered NOTIFYs a second, and the daemon's processor time for each."""
    with tempfile.TemporaryDirectory() as name, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as pbx:
        pbx.bind(("127.0.0.1", 0))
        pbx.settimeout(5)
        folder = Path(name)
        process, port = _start(folder, pbx.getsockname()[1])
        try:
            datagrams = [_write(number, pbx.getsockname()[1]) for number in range(NOTIFIES)]
            before, start = _cpu_s(process.pid), time.perf_counter()
            answered = _send(pbx, datagrams, port)
            seconds, cpu_s = time.perf_counter() - start, _cpu_s(process.pid) - before
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)
    return {
        "sent": NOTIFIES,
        "answered_200": answered,
        "notifies_per_s": round(NOTIFIES / seconds),
        "daemon_cpu_us_each": round(1e6 * cpu_s / NOTIFIES, 1),
    }


def _start(folder: Path, pbx_port: int) -> tuple[subprocess.Popen[bytes], int]:
    lines = "".join(
        f'[[line]]\nname = "{n}"\ndevice = "virtual:{n}"\nmailbox = {list(range(n, MAILBOXES, LINES))}\n'
        for n in range(LINES)
    )
    config = folder / "fxsmwi.toml"
    config.write_text(
        '[sip]\nlisten = ["udp:127.0.0.1:0"]\n'
        f'[[sip.peer]]\nname = "pbx"\naddress = "127.0.0.1:{pbx_port}"\n{lines}'
    )
    log = folder / "log"
    with log.open("wb") as stream:
        process = subprocess.Popen([sys.executable, "-m", "fxsmwi", "run", "-c", str(config)], stderr=stream)
    deadline = time.monotonic() + 20
    while not (ready := re.search(r"ready: .* udp:127\.0\.0\.1:(\d+)", log.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return process, int(ready[1])


def _write(number: int, port: int) -> bytes:
    body = BODY.format("yes" if number % 2 else "no", number % 2)
    head = HEAD.format(box=number % MAILBOXES, port=port, number=number, length=len(body))
    return (head + body).encode()


def _send(pbx: socket.socket, datagrams: list[bytes], port: int) -> int:
    answered = pending = 0
    for index, datagram in enumerate(datagrams):
        pbx.sendto(datagram, ("127.0.0.1", port))
        pending += 1
        while pending >= WINDOW or (index == len(datagrams) - 1 and pending):
            answered += pbx.recv(65535).startswith(b"SIP/2.0 200")
            pending -= 1
    return answered


def _cpu_s(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
