"""Stutter: a dial tone interrupted for a while, or for ever, to say that a message waits."""

from dataclasses import dataclass, replace

from ..errors import SignalError
from .grammar import Segment, Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Stutter:
    """How a dial tone is interrupted.

    Attributes
    ----------
    name : str
    pattern : tuple of (int, int)
        Tone and pause in ms, one pair after the other.
    times : int, optional
        How often the pattern is played before the dial tone comes steady; None goes on for ever.
    where : str
        Which network or switch does so.
    source : str
        Who says so.

    Raises
    ------
    SignalError
        If there is no pattern, or it is played less than once. What is wrong with a length, `stutter` tells.
    """

    name: str
    pattern: tuple[tuple[int, int], ...]
    times: int | None = None
    where: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if not self.pattern or (self.times is not None and self.times < 1):
            raise SignalError("a stutter has at least one burst")


def stutter(dial: Tone, style: Stutter) -> Tone:
    """Return *dial* interrupted in *style*.

    The bursts are the first sound of the dial tone, and then comes all of it, with the cadence that it has in
    some countries.

    Raises
    ------
    SignalError
        If the dial tone is silent, or a burst or pause shorter than 1 ms.
    """
    sound = next((segment for segment in dial.segments if segment.frequencies), None)
    if sound is None:
        raise SignalError("a silent dial tone cannot stutter")
    is_once = style.times is not None
    bursts = [
        segment
        for on, off in style.pattern
        for segment in (
            replace(sound, duration_ms=on, is_once=is_once),
            Segment(duration_ms=off, is_once=is_once),
        )
    ]
    return Tone((*bursts * (style.times or 1), *(dial.segments if is_once else ())))
