"""The daemon: NOTIFYs in, lamps out.

A NOTIFY's life: the transport reads it with whatever else has arrived, the agent checks it and says which
mailbox it is about, the board takes it, the lines that show this mailbox learn what they should show, the
store has all of it on disk, and only then the answer leaves.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

from hw import registry
from hw.base import Capability, Handset, Line

from . import driver as d
from .board import Board, Entry, Standing
from .config import Config
from .control import ControlError, ControlServer
from .mailbox import MailboxId
from .runner import LineRunner
from .sip.agent import Agent, Outcome
from .sip.transaction import ANSWER_LIFETIME
from .sip.transport import Datagrams, UdpTransport
from .status import line_status, mailbox_status
from .store import Store

log = logging.getLogger(__name__)

WRITE_AGAIN_S = 5.0
"""Seconds until a store that could not be written is tried again."""
MOST_NOTES_PER_S = 20
"""Log lines about single datagrams: a flood must not become a flood of log."""


class Daemon:
    """Everything that runs, wired together.

    Parameters
    ----------
    config : Config
    create_line : callable or None
        Makes a line from its device name; `hw.registry` does unless told otherwise.
    """

    def __init__(self, config: Config, *, create_line: Callable[[str], Line] | None = None) -> None:
        self.config = config
        self.board = Board(config.mailboxes)
        self.runners: dict[str, LineRunner] = {}
        self.transports: list[UdpTransport] = []
        self._create_line = create_line or self._make_line
        self._stop = asyncio.Event()
        self._agent = Agent(
            config.sip.peer_table(), self.board.__contains__, unknown_peer=config.sip.unknown_peer
        )
        self._notes = _Allowance(MOST_NOTES_PER_S)

    def stop(self) -> None:
        """End `run`."""
        self._stop.set()

    async def run(self, on_ready: Callable[[], None] = lambda: None) -> None:
        """Run until `stop` is called.

        Parameters
        ----------
        on_ready : callable
            Called once when NOTIFYs are taken.

        Raises
        ------
        FxsmwiError
            If the store, the control socket or a SIP address can't be had.
        hw.base.LineError
            If what a line's backend needs to run is not installed.
        """
        async with contextlib.AsyncExitStack() as stack:
            self._store = Store(self.config.store.path)
            stack.callback(self._store.close)
            await self._start(stack, asyncio.get_running_loop())
            on_ready()
            await self._stop.wait()

    async def _start(self, stack: contextlib.AsyncExitStack, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        # A sender repeats for so long what we did not answer while we were not there.
        self._sure_from = loop.time() + ANSWER_LIFETIME
        self._recall()
        executor = ThreadPoolExecutor(max_workers=len(self.config.line), thread_name_prefix="line")
        stack.callback(executor.shutdown)
        self._make_runners(executor)
        control = ControlServer(self.config.control.socket, self._handle)
        await control.open()
        stack.push_async_callback(control.close)
        for address in self.config.sip.listen:
            transport = UdpTransport((address.host, address.port), self._receive, loop=loop)
            stack.callback(transport.close)
            self.transports.append(transport)
        for runner in self.runners.values():
            stack.callback(runner.close)
            self._tell(runner)
        writer = loop.create_task(self._write_again())
        stack.callback(writer.cancel)

    def _make_line(self, device: str) -> Line:
        phones = Path(f"{self.config.store.path}.phones")
        return registry.create(device, folder=self.config.folder, memory=phones)

    def _recall(self) -> None:
        """Put on the board what the store knows and what somebody may still correct."""
        sources = {f"sip:{peer.name}" for peer in self.config.sip.peer}
        gone = []
        for entry in self._store.load_entries():
            report = entry.report
            if report.source in sources and report.mailbox in self.board:
                self.board.post(entry)
            else:
                gone.append(entry)
                log.warning("forgotten, no longer configured: %s of %s", report.source, report.mailbox)
        self._store.forget(gone)

    def _make_runners(self, executor: ThreadPoolExecutor) -> None:
        records = self._store.load_lines()
        self._showing: dict[MailboxId, list[LineRunner]] = {}
        for config in self.config.line:
            runner = LineRunner(
                config,
                self._create_line(config.device),
                store=self._store,
                record=records.get(config.name),
                executor=executor,
                loop=self._loop,
            )
            self.runners[config.name] = runner
            for mailbox in config.mailbox:
                self._showing.setdefault(mailbox, []).append(runner)

    def _tell(self, runner: LineRunner) -> None:
        """Tell a line what its mailboxes say."""
        verdict = self.board.verdict(runner.config.mailbox)
        wish = {True: d.Wish.ON, False: d.Wish.OFF, None: d.Wish.UNKNOWN}[verdict.waiting]
        runner.feed(d.Want(wish, verdict.new))

    def _receive(self, batch: Datagrams) -> Datagrams:
        """Take a batch in, and give the answers once all of it is stored."""
        now, at = self._loop.time(), time.time()
        standing = Standing.PROVISIONAL if now < self._sure_from else Standing.CONFIRMED
        outcomes = [self._agent.receive(data, source, now) for data, source in batch]
        changed = [outcome.report for outcome in outcomes if outcome.report is not None]
        for report in changed:
            entry = Entry(report=report, at=at, standing=standing)
            self.board.post(entry)
            self._store.put_entry(entry)
        mailboxes = dict.fromkeys(report.mailbox for report in changed)
        runners = {id(runner): runner for mailbox in mailboxes for runner in self._showing.get(mailbox, ())}
        for runner in runners.values():
            self._tell(runner)
        self._store.commit()
        for outcome in outcomes:
            self._note(outcome)
        return [outcome.answer for outcome in outcomes if outcome.answer is not None]

    async def _write_again(self) -> None:
        while True:
            await asyncio.sleep(WRITE_AGAIN_S)
            self._store.commit()

    def _note(self, outcome: Outcome) -> None:
        if outcome.report is not None:
            level = logging.INFO
        else:
            level = logging.WARNING if (outcome.status or 0) >= 400 else logging.DEBUG
        if log.isEnabledFor(level) and self._notes.take(self._loop.time()):
            log.log(level, "%s", outcome.note)

    def _handle(self, request: dict[str, Any]) -> object:
        """Answer a request of the control socket."""
        match request:
            case {"do": "show-faults"}:
                return [self._store.fault] if self._store.fault else []
            case {"do": "show-lines"}:
                return [line_status(runner, self.board) for runner in self.runners.values()]
            case {"do": "show-mailboxes"}:
                return [
                    mailbox_status(mailbox, self.board, self._showing) for mailbox in self.board.entries()
                ]
            case {"do": "set-mwi", "line": str(name), "to": "on" | "off" | "reset" as to}:
                return self._set_lamp(self._runner(name), to)
            case {"do": "move-hook", "line": str(name), "to": "on" | "off" as to}:
                return self._move_hook(self._runner(name), to)
        raise ControlError(f"no such request: {request}", exit_code=2)

    def _runner(self, name: str) -> LineRunner:
        if name not in self.runners:
            raise ControlError(
                f"there is no line {name!r}; there are: {', '.join(self.runners)}", exit_code=4
            )
        return self.runners[name]

    def _set_lamp(self, runner: LineRunner, to: str) -> str:
        runner.feed(d.Override(None if to == "reset" else d.Wish(to)))
        driver, name = runner.driver, runner.config.name
        whose = "by hand, until reset" if driver.override else "as the mailboxes say"
        return f"line {name}: {driver.wish} {whose}; {driver.why or 'nothing to send'}"

    def _move_hook(self, runner: LineRunner, to: str) -> str:
        if Capability.HANDSET not in runner.line.capabilities:
            raise ControlError(f"{runner.line.device} has a real handset: lift it by hand", exit_code=2)
        move_hook(runner.line, lifted=to == "off")
        return f"line {runner.config.name}: the phone is {to}-hook"


def move_hook(line: Line, *, lifted: bool) -> None:
    """Lift or put down the handset of a phone that has `Capability.HANDSET`."""
    handset = cast(Handset, line)
    if lifted:
        handset.lift()
    else:
        handset.hang_up()


class _Allowance:
    """At most so many a second; says when there were more."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._since = 0.0
        self._taken = 0

    def take(self, now: float) -> bool:
        """Say whether one more is allowed."""
        if now - self._since >= 1.0:
            if self._taken > self._most:
                log.warning("%d more datagrams like these were not logged", self._taken - self._most)
            self._since, self._taken = now, 0
        self._taken += 1
        return self._taken <= self._most
