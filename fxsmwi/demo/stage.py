"""The demo's stage: daemon, senders and phones, and how a step of the script is played on it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from fxsmwi.config import parse
from fxsmwi.daemon import Daemon, move_hook
from fxsmwi.runner import LineRunner
from hw.base import Hook, Lamp

from .script import LINES, PEERS, Sender, Step, configuration
from .sender import NotifySender, open_senders

PATIENCE_S = 15.0
"""Seconds for a step to settle: a burst lasts 0.5 s, and what failed is sent again after 1 and 5."""
GLANCE_S = 0.02
NOTHING_S = 0.3
"""Seconds in which something would have begun that should not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a step: the answer's status, the lamps lit in the end, and what is wrong with that."""

    step: Step
    answer: int | None
    lit: tuple[str, ...]
    faults: tuple[str, ...]


class Stage:
    """A running daemon on four simulated lines, and those who send to it."""

    def __init__(self, daemon: Daemon, senders: dict[Sender, NotifySender]) -> None:
        self.daemon = daemon
        self._senders = senders

    def runner(self, line: str) -> LineRunner:
        """Give one line."""
        return self.daemon.runners[line]

    def lit(self) -> tuple[str, ...]:
        """Look at the phones, and name those whose lamp is on."""
        return tuple(line for line in LINES if self.runner(line).line.lamp() is Lamp.ON)

    def toggle_hook(self, line: str) -> None:
        """Lift a handset, or put it down."""
        phone = self.runner(line).line
        move_hook(phone, lifted=phone.hook() is Hook.ON)

    async def play(self, step: Step, *, turn: int = 0, patience_s: float = PATIENCE_S) -> Result:
        """Play one step, wait until all has settled, and compare."""
        before = self._spills()
        if step.lift and not step.in_burst:
            move_hook(self.runner(step.lift).line, lifted=True)
        answer, faults = await self._send(step, turn)
        if step.lift and step.in_burst:
            await _until(lambda: self.runner(step.lift).driver.why.startswith("sending"))
            await asyncio.sleep(NOTHING_S)
            move_hook(self.runner(step.lift).line, lifted=True)
        if step.hang_up:
            move_hook(self.runner(step.hang_up).line, lifted=False)
        await _until(lambda: self._is_settled() and self.lit() == step.lit, patience_s)
        await asyncio.sleep(NOTHING_S)
        if self.lit() != step.lit:
            faults.append(f"lit are {', '.join(self.lit()) or 'none'}")
        if step.again and self._spills() != before:
            faults.append("something was sent to a phone once more")
        return Result(step=step, answer=answer, lit=self.lit(), faults=tuple(faults))

    async def _send(self, step: Step, turn: int) -> tuple[int | None, list[str]]:
        if not step.notify:
            return None, []
        sender = self._senders[step.sender]
        earlier = sender.last_answer
        answer = await sender.send(step.notify, self.daemon.transports[0].bound, turn=turn)
        faults = []
        if answer != step.answer:
            faults.append(f"answered {answer}")
        if step.again and sender.last_answer != earlier:
            faults.append("answered otherwise than before")
        return answer, faults

    def _spills(self) -> list[object]:
        return [self.runner(line).sent for line in LINES]

    def _is_settled(self) -> bool:
        """Say whether every lamp is right, or waits for its phone."""
        drivers = [self.runner(line).driver for line in LINES]
        return all(not driver.why or driver.hook is Hook.OFF for driver in drivers)


@contextlib.asynccontextmanager
async def open_stage(folder: Path) -> AsyncIterator[Stage]:
    """Start the daemon, its store in *folder*, and the senders; end them behind."""
    senders = open_senders()
    ports = {sender: senders[sender].port for sender in PEERS}
    config = parse(configuration(ports), where="the demo's configuration", folder=folder)
    daemon = Daemon(config)
    ready = asyncio.Event()
    running = asyncio.create_task(daemon.run(on_ready=ready.set))
    starting = asyncio.create_task(ready.wait())
    try:
        await asyncio.wait((running, starting), return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()  # raises what kept it from starting
        stage = Stage(daemon, senders)
        await _until(lambda: all(stage.runner(line).driver.hook is not Hook.UNKNOWN for line in LINES))
        yield stage
    finally:
        starting.cancel()
        daemon.stop()
        await running
        for sender in senders.values():
            sender.close()


async def _until(is_so: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Wait until *is_so*, *patience_s* at most."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(patience_s):
            while not is_so():
                await asyncio.sleep(GLANCE_S)
