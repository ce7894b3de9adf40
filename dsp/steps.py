"""The steps that a transmission consists of."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from .framing import Framing, line_bits
from .standards import Standard, profile
from .tones import Alert, alert
from .tones.render import EDGE_S

ACK_LIMIT_S = 0.160
"""How long after the tones an answer is waited for (drv_tapi_cid.c's default)."""


class Action(StrEnum):
    """What a line can do besides passing audio."""

    RING = "ring"
    OPEN = "open"
    """Take the battery off."""
    REVERSE = "reverse"
    RESTORE = "restore"
    """Put the polarity back to normal."""
    TRANSMIT = "transmit"
    """Pass audio to a phone that is on the hook."""
    AWAIT_ACK = "await-ack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Nothing, for so long."""

    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAction:
    """Something that the line does.

    Attributes
    ----------
    action : Action
    duration_s : float
        How long; zero for what stays as it is until the next action.
    is_background : bool
        Whether the next step begins at once, while this goes on.
    """

    action: Action
    duration_s: float = 0.0
    is_background: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitAck:
    """Wait for the phone's answer to the tones; without one the transmission ends here.

    Attributes
    ----------
    digit : str
        The DTMF digit that is the answer.
    limit_s : float
        It has to begin within that time.
    begins_s, lasts_s : float
        When a good phone's does, and for how long; this is what the rest of a rendering reckons with. On a
        line, what follows counts from the end of the real one.
    """

    digit: str = "D"
    limit_s: float = ACK_LIMIT_S
    begins_s: float
    lasts_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """An alert tone, once."""

    tone: Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """A message as `dsp.spill.render` sends it.

    Attributes
    ----------
    message : bytes
    standard : Standard
    is_off_hook : bool
        Whether it is framed for a phone in use.
    level_dbm0 : float, optional
        None takes the standard's.
    """

    message: bytes
    standard: Standard
    is_off_hook: bool = False
    level_dbm0: float | None = None

    @property
    def framing(self) -> Framing:
        """What surrounds the bytes."""
        row = profile(self.standard)
        return row.off_hook if self.is_off_hook else row.on_hook


Step: TypeAlias = Silence | LineAction | AwaitAck | Signal | Burst


def duration_s(step: Step) -> float:
    """Return how long *step* keeps the next one waiting."""
    if isinstance(step, LineAction) and step.is_background:
        return 0.0
    if isinstance(step, AwaitAck):
        return step.begins_s + step.lasts_s
    if isinstance(step, Signal):
        return tone_s(step.tone) + EDGE_S
    if isinstance(step, Burst):
        return line_bits(step.message, step.framing).size / profile(step.standard).fsk.baud
    return step.duration_s


def tone_s(name: Alert) -> float:
    """Return how long an alert tone is, from half of its amplitude to half of its amplitude."""
    return (alert(name).tone.duration_ms or 0) / 1000
