"""The simulator, a backend like any other: a line with its own clock, and a phone at its end.

What is played goes through G.711 as on a DAHDI channel, reaches the phone's ear, is decoded there by the
receiver, and only what the phone understood moves its lamp. So a lamp seen here proves the whole way, and a
spill that is cut short, garbled or meant for something else leaves the lamp as it was, as on a real phone.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from pathlib import Path

from dsp.levels import Law, decode, encode, to_float
from dsp.receiver import Burst, receive
from dsp.standards import Standard

from .base import (
    Capability,
    FloatArray,
    Hook,
    HookChanged,
    Lamp,
    LineFormat,
    LineGone,
    LineGoneError,
    LineOpenError,
    OnEvent,
    Played,
)

log = logging.getLogger(__name__)

SAMPLE_RATE = 8000
STANDARDS = (Standard.BELLCORE, Standard.ETSI)
"""The modems that the phone understands; BT's bursts have ETSI's modem, and it hears them as those."""
BLOCK = 160
"""20 ms, what chan_dahdi writes at a time (READ_SIZE in channels/chan_dahdi.c)."""


class Phone:
    """A simulated phone with a message-waiting lamp.

    It remembers lamp and hook in the file *memory*, since a real phone's lamp outlives the program that lit
    it. ``heard`` is the last burst that it understood.
    """

    def __init__(self, *, memory: Path | None = None) -> None:
        self.lamp = Lamp.OFF
        self.hook = Hook.ON
        self.heard: Burst | None = None
        self._memory = memory
        if memory is not None and memory.exists():
            self._recall(memory)

    def hear(self, samples: FloatArray) -> None:
        """Decode what came over the line; the last lamp message in it moves the lamp.

        Parameters
        ----------
        samples : ndarray of float64 [shape=(n,)]
            What arrived, at `SAMPLE_RATE`.
        """
        if self.hook is not Hook.ON:
            return
        for burst in receive(samples, sample_rate=SAMPLE_RATE, standards=STANDARDS):
            self.heard = burst
            if burst.waiting is not None:
                self.lamp = Lamp.ON if burst.waiting else Lamp.OFF
        self.remember()

    def remember(self) -> None:
        """Write lamp and hook down, whole or not at all; a phone that can't is still a phone."""
        if self._memory is None:
            return
        draft = self._memory.with_name(self._memory.name + ".new")
        try:
            self._memory.parent.mkdir(exist_ok=True)
            draft.write_text(json.dumps({"lamp": self.lamp, "hook": self.hook}))
            os.replace(draft, self._memory)
        except OSError as error:
            log.warning("the simulated phone forgets its lamp when the program ends: %s", error)

    def _recall(self, memory: Path) -> None:
        """Take lamp and hook from the file; a damaged file is a phone fresh from its box."""
        try:
            seen = json.loads(memory.read_text())
            lamp, hook = Lamp(seen["lamp"]), Hook(seen["hook"])
        except (ValueError, KeyError, TypeError):
            return
        self.lamp, self.hook = lamp, hook


class VirtualLine:
    """A simulated line, with the phone that hangs on it.

    Parameters
    ----------
    name : str
        What follows ``virtual:``.
    paced : bool
        Play in real time, as hardware does; otherwise the clock runs as fast as samples come.
    memory : Path or None
        Where the phone keeps lamp and hook between runs.
    """

    def __init__(self, name: str, *, paced: bool = False, memory: Path | None = None) -> None:
        self.phone = Phone(memory=memory)
        self._name = name
        self._paced = paced
        self._on_event: OnEvent | None = None
        self._taken = 0
        self._gone = ""
        self._cut = ""
        self._changed = threading.Condition(threading.RLock())
        self._playing = threading.Lock()

    @property
    def device(self) -> str:
        """``virtual:`` and the name."""
        return f"virtual:{self._name}"

    @property
    def format(self) -> LineFormat:
        """8 kHz in blocks of 20 ms, as a DAHDI channel."""
        return LineFormat(sample_rate=SAMPLE_RATE, block=BLOCK)

    @property
    def capabilities(self) -> Capability:
        """A simulated phone hides nothing."""
        return Capability.HOOK | Capability.LAMP | Capability.HANDSET

    @property
    def clock(self) -> float:
        """Seconds of audio that have left since the line was opened."""
        return self._taken / SAMPLE_RATE

    def open(self, on_event: OnEvent) -> None:
        """Open the line; see `hw.base.Line.open`."""
        if self._gone:
            raise LineOpenError(f"{self.device}: {self._gone}")
        self._on_event = on_event
        self._taken = 0

    def close(self) -> None:
        """Close the line; a running `play` is cut short."""
        with self._changed:
            self._on_event = None
            self._interrupt("the line was closed")

    def hook(self) -> Hook:
        """Tell where the phone's handset is."""
        self._require_open()
        return self.phone.hook

    def lamp(self) -> Lamp:
        """Look at the phone's lamp."""
        self._require_open()
        return self.phone.lamp

    def play(self, samples: FloatArray, *, while_hook: Hook = Hook.ON) -> Played:
        """Play *samples*; see `hw.base.Line.play`. The phone decodes what came when all has come."""
        with self._playing:
            with self._changed:
                self._require_open()
                self._cut = "" if self.phone.hook is while_hook else f"the phone is {self.phone.hook}-hook"
            sent = self._send(samples)
            self._require_here()
            self.phone.hear(_through_g711(samples[:sent]))
            return Played(samples=sent, complete=not self._cut, why=self._cut)

    def stop(self) -> None:
        """Cut a running `play` short."""
        self._interrupt("stopped")

    def lift(self) -> None:
        """Take the phone off-hook; a running `play` ends."""
        self._move_hook(Hook.OFF)

    def hang_up(self) -> None:
        """Put the phone on-hook."""
        self._move_hook(Hook.ON)

    def vanish(self, why: str = "the card was unplugged") -> None:
        """Lose the interface, as when a card is pulled; it stays lost until `reappear`."""
        self._gone = why
        self._interrupt(why)
        on_event, self._on_event = self._on_event, None
        if on_event is not None:
            on_event(LineGone(why))

    def reappear(self) -> None:
        """Bring the interface back; it has to be opened again."""
        self._gone = ""

    def _require_here(self) -> None:
        if self._gone:
            raise LineGoneError(f"{self.device}: {self._gone}")

    def _require_open(self) -> None:
        self._require_here()
        if self._on_event is None:
            raise LineOpenError(f"{self.device}: the line is not open")

    def _send(self, samples: FloatArray) -> int:
        """Let the samples leave block by block until all have, or something cuts in; how many left."""
        start, sent = time.monotonic(), 0
        while sent < len(samples):
            with self._changed:
                due = start + sent / SAMPLE_RATE
                while self._paced and not self._cut and (wait := due - time.monotonic()) > 0:
                    self._changed.wait(wait)
                if self._cut:
                    break
            step = min(BLOCK, len(samples) - sent)
            sent += step
            self._taken += step
        return sent

    def _interrupt(self, why: str) -> None:
        with self._changed:
            self._cut = self._cut or why
            self._changed.notify_all()

    def _move_hook(self, hook: Hook) -> None:
        if self.phone.hook is hook:
            return
        self.phone.hook = hook
        self._interrupt(f"the phone went {hook}-hook")
        self.phone.remember()
        if self._on_event is not None:
            self._on_event(HookChanged(hook))


def _through_g711(samples: FloatArray) -> FloatArray:
    """Give what is left of *samples* after the codec of a digital line."""
    return to_float(decode(encode(samples, Law.MULAW), Law.MULAW))
