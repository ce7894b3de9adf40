"""sipp, which nobody here wrote, has its NOTIFYs answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fxsmwi.sip.agent import Agent
from fxsmwi.sip.transport import Datagrams, UdpTransport

CALLS = 200


class Server:
    """An agent that loses the first answer to every tenth NOTIFY, so that sipp repeats it."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.counts: list[int | None] = []
        self.repeated = 0

    def receive(self, batch: Datagrams) -> Datagrams:
        answers = []
        now = asyncio.get_running_loop().time()
        for datagram, source in batch:
            outcome = self.agent.receive(datagram, source, now)
            assert outcome.answer is not None
            if outcome.report is None:
                self.repeated += 1
            else:
                self.counts.append(outcome.report.state.new)
            if outcome.report is None or len(self.counts) % 10:
                answers.append(outcome.answer)
        return answers


async def _call(sipp: str, scenario: Path, server: Server, folder: Path) -> tuple[int, str]:
    listener = UdpTransport(("127.0.0.1", 0), server.receive, loop=asyncio.get_running_loop())
    arguments = ["-sf", str(scenario), "-m", str(CALLS), "-r", "400", "-i", "127.0.0.1", "-nostdin"]
    process = await asyncio.create_subprocess_exec(
        sipp,
        f"127.0.0.1:{listener.bound[1]}",
        *arguments,
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={"TERM": "dumb", "PATH": "/usr/bin:/bin"},
    )
    output, _ = await process.communicate()
    listener.close()
    assert process.returncode is not None
    return process.returncode, output.decode(errors="replace")


@pytest.mark.peer
def test_sipp_has_each_notify_answered_and_each_is_applied_once(
    peer: Callable[..., str], fixtures: Path, make_agent: Callable[..., Any], tmp_path: Path
) -> None:
    server = Server(make_agent())
    sipp = peer("sipp", package="sip-tester")
    status, output = asyncio.run(_call(sipp, fixtures / "sipp" / "notify.xml", server, tmp_path))
    assert status == 0, output[-3000:]
    assert sorted(count or 0 for count in server.counts) == list(range(1, CALLS + 1))
    assert server.repeated >= CALLS // 10
