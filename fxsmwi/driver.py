"""One line: what its lamp should show against what it shows.

`LineDriver` is sans-IO: events and the time go in, actions come out, and `LineDriver.wake_at` says when it
wants to be asked again. It keeps these promises:

* Nothing is sent while the phone is off-hook. What waited is sent once the phone has been on-hook for
  `SETTLE_S`, and only the newest state then.
* Nothing is sent twice for nothing: a message that the phone already has is not repeated.
* A lamp is called on or off only if it was seen; what was merely sent is called requested, and what was cut
  short, or can't be known after a restart, unknown.
* A line that fails, or a lamp that stays wrong, is tried again after `RETRY_S`, and `LineDriver.why` says so.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from hw.base import Hook, Lamp

SETTLE_S = 1.0
"""Seconds on-hook before a spill: a hook flash or a handset that bounces is over by then (the longest flash
that DAHDI accepts is 1.25 s off-hook, rxflash). chan_dahdi waits 3 s."""
CALM_S = 0.5
"""Seconds that "off" waits for a correction: a restarted chan_sip says that no messages wait, and how many do
10 ms later (seen with 16.28), and a lamp must not blink for that."""
GAP_S = 0.2
"""Seconds of silence behind a burst (EN 300 659-1: at least 200 ms)."""
RETRY_S = (1.0, 5.0, 30.0, 300.0)
"""Seconds until a failed line or a wrong lamp is tried again; the last one repeats."""


class Wish(enum.StrEnum):
    """What a lamp should show."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"


class Applied(enum.StrEnum):
    """What a lamp shows, as far as it is known."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"
    REQUESTED_ON = "requested-on"
    REQUESTED_OFF = "requested-off"


@dataclass(frozen=True, slots=True)
class Want:
    """The mailboxes say something; ``new`` is the number of new messages if it is known."""

    wish: Wish
    new: int | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """A person sets the lamp by hand; ``None`` gives it back to its mailboxes. Either is sent at once."""

    wish: Wish | None


@dataclass(frozen=True, slots=True)
class Opened:
    """The line is there, and this is what it shows."""

    hook: Hook
    lamp: Lamp


@dataclass(frozen=True, slots=True)
class Lost:
    """The line could not be opened, or went away."""

    why: str


@dataclass(frozen=True, slots=True)
class HookMoved:
    """The handset was lifted or put down."""

    hook: Hook


@dataclass(frozen=True, slots=True)
class Sent:
    """A message was played; ``why`` says what cut it short, and is empty if nothing did.

    ``hook`` and ``lamp`` are what the line shows now.
    """

    why: str
    hook: Hook
    lamp: Lamp


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


Event = Want | Override | Opened | Lost | HookMoved | Sent | Tick


@dataclass(frozen=True, slots=True)
class Open:
    """Open the line, then answer with `Opened` or `Lost`."""


@dataclass(frozen=True, slots=True)
class Send:
    """Play this message, then answer with `Sent` or `Lost`."""

    message: bytes


@dataclass(frozen=True, slots=True)
class Remember:
    """Write `LineDriver.applied`, `LineDriver.message` and `LineDriver.override` down."""


Action = Open | Send | Remember


class _Phase(enum.Enum):
    CLOSED = enum.auto()
    OPENING = enum.auto()
    READY = enum.auto()
    SENDING = enum.auto()


class LineDriver:
    """Keeps one lamp true.

    Parameters
    ----------
    indicate : callable
        ``indicate(waiting=, new=)`` gives the message for a state.
    applied, message, override
        What was known of the line when the program last ran.
    """

    def __init__(
        self,
        indicate: Callable[..., bytes],
        *,
        applied: Applied = Applied.UNKNOWN,
        message: bytes | None = None,
        override: Wish | None = None,
    ) -> None:
        self.want = Want(Wish.UNKNOWN)
        self.override = override
        self.applied = applied
        self.message = message
        self.hook = Hook.UNKNOWN
        self.wake_at: float | None = None
        self._indicate = indicate
        self._phase = _Phase.CLOSED
        self._asked = Wish.UNKNOWN
        self._sending = b""
        self._quiet_until = 0.0
        self._retry_at = 0.0
        self._failures = 0
        self._trouble = ""

    @property
    def wish(self) -> Wish:
        """What the lamp should show: what a person set, else what the mailboxes say."""
        return self.override or self.want.wish

    @property
    def why(self) -> str:
        """What keeps the lamp from showing what it should; empty if nothing does."""
        if self._phase in (_Phase.CLOSED, _Phase.OPENING):
            return self._trouble or "the line is not open yet"
        if self._phase is _Phase.SENDING:
            return f"sending {self._asked}"
        if self._due() is None:
            return ""
        if self.hook is Hook.OFF:
            return f"{self.wish} waits: the phone is off-hook"
        return self._trouble or f"{self.wish} is about to be sent"

    def handle(self, event: Event, now: float) -> list[Action]:
        """Take an event in, and say what to do.

        Parameters
        ----------
        now : float
            Seconds on a clock that never goes back.
        """
        before = (self.applied, self.message, self.override)
        self._HANDLERS[type(event)](self, event, now)
        actions = self._decide(now)
        if (self.applied, self.message, self.override) != before:
            actions.insert(0, Remember())
        return actions

    def _on_want(self, event: Want, now: float) -> None:
        if event.wish is not self.want.wish and self._phase is not _Phase.CLOSED:
            self._forgive()
            if event.wish is Wish.OFF:
                self._quiet_until = max(self._quiet_until, now + CALM_S)
        self.want = event

    def _on_override(self, event: Override, now: float) -> None:
        self.override = event.wish
        # Whoever sets a lamp by hand has seen that it is wrong: it is sent whatever we believe.
        self.applied, self.message = Applied.UNKNOWN, None
        self._forgive()

    def _on_opened(self, event: Opened, now: float) -> None:
        if self._phase is not _Phase.OPENING:
            return  # lost again before the news came through
        self._phase = _Phase.READY
        self._forgive()
        self.hook = event.hook
        self._see(event.lamp)

    def _on_lost(self, event: Lost, now: float) -> None:
        if self._phase is _Phase.CLOSED:
            return  # a line that goes while it plays says so twice
        self._phase = _Phase.CLOSED
        self.hook = Hook.UNKNOWN
        self.applied, self.message = Applied.UNKNOWN, None
        self._fail(event.why, now)

    def _on_hook_moved(self, event: HookMoved, now: float) -> None:
        self.hook = event.hook
        if event.hook is Hook.ON:
            self._quiet_until = now + SETTLE_S

    def _on_sent(self, event: Sent, now: float) -> None:
        if self._phase is not _Phase.SENDING:
            return  # lost before the news came through
        self._phase = _Phase.READY
        self._quiet_until = max(self._quiet_until, now + GAP_S)
        self.hook = event.hook
        self._see(event.lamp)
        if event.why:
            self._fail(event.why, now)
            return
        self.message = self._sending
        if event.lamp is Lamp.UNKNOWN:
            self.applied = Applied(f"requested-{self._asked}")
        if self._shows(self._asked):
            self._forgive()
        else:
            self._fail(f"{self._asked} was sent, but the lamp shows {event.lamp}", now)

    def _on_tick(self, event: Tick, now: float) -> None:
        """Nothing but time has changed."""

    _HANDLERS: ClassVar[dict[type[Event], Callable[..., None]]] = {
        Want: _on_want,
        Override: _on_override,
        Opened: _on_opened,
        Lost: _on_lost,
        HookMoved: _on_hook_moved,
        Sent: _on_sent,
        Tick: _on_tick,
    }

    def _shows(self, wish: Wish) -> bool:
        """Say whether the lamp shows *wish*, as far as that is known."""
        return self.applied.removeprefix("requested-") == wish

    def _see(self, lamp: Lamp) -> None:
        """Believe what the line saw; a line that sees nothing leaves standing what was known."""
        if lamp is not Lamp.UNKNOWN:
            self.applied = Applied(lamp.value)

    def _fail(self, why: str, now: float) -> None:
        self._trouble = why
        self._retry_at = now + RETRY_S[min(self._failures, len(RETRY_S) - 1)]
        self._failures += 1

    def _forgive(self) -> None:
        """Start afresh: what failed before says nothing about the next try."""
        self._trouble, self._failures, self._retry_at = "", 0, 0.0

    def _due(self) -> bytes | None:
        """Give the message that the phone still has to hear, if there is one."""
        if self.wish is Wish.UNKNOWN:
            return None
        new = None if self.override else self.want.new
        message = self._indicate(waiting=self.wish is Wish.ON, new=new)
        heard = self.message in (None, message)
        return None if heard and self._shows(self.wish) else message

    def _decide(self, now: float) -> list[Action]:
        self.wake_at = None
        if self._phase is _Phase.CLOSED:
            return self._open() if self._is_time(self._retry_at, now) else []
        if self._phase is not _Phase.READY or self.hook is Hook.OFF:
            return []
        message = self._due()
        if message is None or not self._is_time(max(self._quiet_until, self._retry_at), now):
            return []
        return self._send(message)

    def _is_time(self, at: float, now: float) -> bool:
        """Say whether it is *at* yet; if not, ask to be woken then."""
        if now < at:
            self.wake_at = at
        return now >= at

    def _open(self) -> list[Action]:
        self._phase = _Phase.OPENING
        return [Open()]

    def _send(self, message: bytes) -> list[Action]:
        self._phase = _Phase.SENDING
        self._sending, self._asked = message, self.wish
        # Until the burst is through nobody can tell what the phone made of it, so a program that dies now
        # must not remember the old state as true. A lamp that can be seen will be looked at again.
        self.message = None
        if self.applied in (Applied.REQUESTED_ON, Applied.REQUESTED_OFF):
            self.applied = Applied.UNKNOWN
        return [Send(message)]
