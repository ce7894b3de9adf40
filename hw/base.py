"""What a line is: the protocol behind which every kind of interface stands, and its errors by phase.

A line belongs to one telephone. It can play samples to it, mostly knows whether the handset is lifted, and
here and there can see what the lamp shows. All calls block and may come from any thread; `Line.play` takes as
long as the samples last, and `Line.stop` or a lifted handset cut it short. What a line can't do or can't know
is said by its `Capabilities` and by the members ``UNKNOWN``, never by a guess.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FloatArray: TypeAlias = "NDArray[np.float64]"
"""Samples; full scale is 1.0."""


class Hook(enum.StrEnum):
    """Where the handset is."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"


class Lamp(enum.StrEnum):
    """What a line sees of its phone's lamp."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"


class Capability(enum.Flag):
    """What an interface can do beyond playing samples."""

    NONE = 0
    HOOK = enum.auto()
    """Tells whether the handset is lifted; playing stops the moment it is."""
    LAMP = enum.auto()
    """Sees what the lamp shows, so that an indication can be verified and not only requested."""
    HANDSET = enum.auto()
    """The handset can be lifted by a call (`Handset`): the phone is simulated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFormat:
    """How the line takes samples: at ``sample_rate`` (Hz), in steps of ``block`` samples."""

    sample_rate: int
    block: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What became of one `Line.play`.

    ``samples`` have left for the phone. ``complete`` is true if those were all; otherwise ``why`` says what
    cut it short.
    """

    samples: int
    complete: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class HookChanged:
    """The handset was lifted or put down."""

    hook: Hook


@dataclass(frozen=True, slots=True)
class LineGone:
    """The interface vanished; the line has to be opened again."""

    why: str


LineEvent = HookChanged | LineGone
OnEvent = Callable[[LineEvent], None]


class LineError(Exception):
    """Root of what can go wrong with a line; its text says what to do."""


class LineMissingError(LineError, ImportError):
    """What the backend needs to run is not installed."""


class LineNameError(LineError, ValueError):
    """A device name that no backend understands."""


class LineOpenError(LineError, OSError):
    """The line could not be opened, or is not open."""


class LineBusyError(LineError, OSError):
    """Somebody else holds the line."""


class LineGoneError(LineError, OSError):
    """The interface vanished while it was in use."""


class Line(Protocol):
    """One analog line.

    `open` is called first and `close` last; each may be called again. After `LineGone`, or an error of the
    kind `LineGoneError`, the line counts as closed and may be opened again.
    """

    @property
    def device(self) -> str:
        """The name under which the registry finds this line, such as ``virtual:101``."""
        ...

    @property
    def format(self) -> LineFormat:
        """How it takes samples."""
        ...

    @property
    def capabilities(self) -> Capability:
        """What it can do."""
        ...

    @property
    def clock(self) -> float:
        """Seconds of audio that the line has taken since it was opened, on its own clock."""
        ...

    def open(self, on_event: OnEvent) -> None:
        """Open the line; from now on *on_event* is called, from any thread, with what happens on it.

        Raises
        ------
        LineMissingError, LineOpenError, LineBusyError
        """
        ...

    def close(self) -> None:
        """Give the line back; a running `play` is cut short. Closing a closed line does nothing."""
        ...

    def hook(self) -> Hook:
        """Ask the interface now where the handset is.

        Raises
        ------
        LineOpenError, LineGoneError
        """
        ...

    def lamp(self) -> Lamp:
        """Look at the lamp; ``UNKNOWN`` on every line that can't (see `Capability.LAMP`).

        Raises
        ------
        LineOpenError, LineGoneError
        """
        ...

    def play(self, samples: FloatArray, *, while_hook: Hook = Hook.ON) -> Played:
        """Play *samples* to the phone for as long as the handset is where *while_hook* says.

        The hook is asked of the interface as the last thing before the first sample leaves, and playing ends
        at once when it changes: what was queued is thrown away. A line that does not know its hook plays on.

        Parameters
        ----------
        samples : ndarray of float64 [shape=(n,)]
            At the line's sample rate; peak 1.0 is full scale.
        while_hook : Hook
            ``ON`` for signals to a phone at rest, ``OFF`` for tones that somebody listens to.

        Returns
        -------
        Played
            How much left, and whether that was all.

        Raises
        ------
        LineOpenError, LineGoneError
        """
        ...

    def stop(self) -> None:
        """Cut a running `play` short; without one it does nothing."""
        ...


class Handset(Protocol):
    """A phone whose handset a call can lift (`Capability.HANDSET`)."""

    def lift(self) -> None:
        """Take the phone off-hook."""
        ...

    def hang_up(self) -> None:
        """Put the phone on-hook."""
        ...
