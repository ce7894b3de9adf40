"""The shell around one `LineDriver`: does in threads what the driver asks for, and tells it what came of it.

A line's calls block, so they run in an executor; everything else runs on the event loop. Before a message is
played, what the driver wants remembered is in the store.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import time
from collections.abc import Callable
from concurrent.futures import Executor

from hw.base import HookChanged, Line, LineError, LineEvent

from . import driver as d
from .config import LineConfig
from .indication import Profile, indicate, render
from .store import LineRecord, Store

log = logging.getLogger(__name__)


class LineRunner:
    """One configured line at work.

    Parameters
    ----------
    config : LineConfig
    line : Line
        Not open yet.
    store : Store
        Where the line's state is kept.
    record : LineRecord or None
        What the store knew of this line.
    executor : Executor
        Has a thread for every line.
    """

    def __init__(
        self,
        config: LineConfig,
        line: Line,
        *,
        store: Store,
        record: LineRecord | None,
        executor: Executor,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self.config = config
        self.line = line
        self.since = time.time() if record is None else record.since
        self.sent: tuple[bytes, float] | None = None
        self._profile = Profile(
            standard=config.standard,
            format=config.format,
            send_count=config.send_count,
            level_dbm0=config.level_dbm0,
        )
        self._store = store
        self._executor = executor
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False
        self.driver = _revive(functools.partial(indicate, self._profile), record, device=config.device)

    def feed(self, event: d.Event) -> None:
        """Hand *event* to the driver, and do what it asks for."""
        if self._closed:
            return
        applied, why = self.driver.applied, self.driver.why
        actions = self.driver.handle(event, self._loop.time())
        if self.driver.applied is not applied:
            self.since = time.time()
        for action in actions:
            self._do(action)
        self._set_timer()
        if (self.driver.applied, self.driver.why) != (applied, why):
            self._log()

    def close(self) -> None:
        """Cut short what is playing and let go of the line; the phone's lamp stays as it is."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        self.line.close()

    def _log(self) -> None:
        driver = self.driver
        why = f"; {driver.why}" if driver.why else ""
        log.info("line %s: desired %s, applied %s%s", self.config.name, driver.wish, driver.applied, why)

    def _do(self, action: d.Action) -> None:
        match action:
            case d.Remember():
                self._remember()
            case d.Open():
                self._in_thread(self._open)
            case d.Send(message=message):
                self._in_thread(functools.partial(self._play, message))

    def _in_thread(self, job: Callable[[], d.Event]) -> None:
        def report() -> None:
            event = self._attempt(job)
            self._loop.call_soon_threadsafe(self.feed, event)

        self._executor.submit(report)

    def _attempt(self, job: Callable[[], d.Event]) -> d.Event:
        try:
            return job()
        except LineError as error:
            return d.Lost(str(error))
        except Exception as error:  # a backend's own mistake must cost one line, not all
            log.exception("line %s: the backend failed", self.config.name)
            return d.Lost(f"{self.line.device}: {type(error).__name__}: {error}")

    def _open(self) -> d.Event:
        self.line.open(self._on_line_event)
        return d.Opened(self.line.hook(), self.line.lamp())

    def _play(self, message: bytes) -> d.Event:
        samples = render(self._profile, message, self.line.format.sample_rate)
        played = self.line.play(samples)
        if played.complete:
            self.sent = (message, time.time())
        return d.Sent(played.why, self.line.hook(), self.line.lamp())

    def _on_line_event(self, event: LineEvent) -> None:
        """Take a line's event in any thread."""
        told = d.HookMoved(event.hook) if isinstance(event, HookChanged) else d.Lost(event.why)
        self._loop.call_soon_threadsafe(self.feed, told)

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.driver.wake_at is not None:
            self._timer = self._loop.call_at(self.driver.wake_at, self.feed, d.Tick())

    def _remember(self) -> None:
        self._store.put_line(
            LineRecord(
                name=self.config.name,
                device=self.config.device,
                applied=self.driver.applied,
                message=self.driver.message,
                override=self.driver.override,
                since=self.since,
            )
        )
        self._store.commit()


def _revive(say: Callable[..., bytes], record: LineRecord | None, *, device: str) -> d.LineDriver:
    """Make the driver with what the store knew; of another device nothing is known."""
    if record is None or record.device != device:
        return d.LineDriver(say)
    return d.LineDriver(
        say,
        applied=d.Applied(record.applied),
        message=record.message,
        override=None if record.override is None else d.Wish(record.override),
    )
