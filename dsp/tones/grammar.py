"""The language in which tone tables are written, parsed and formatted.

Exchanges make every supervisory tone from a few frequencies and a cadence. The telephony servers of this
world agreed on one notation for it, which their zone tables (indications.conf and its kin) are written in:

    tone     = element *( "," element )
    element  = [ "!" ] pitch [ "@" ] [ "/" duration ]
    pitch    = "0" / hz *( "+" hz ) / hz "*" hz     ; silence, frequencies together, one modulated by another
    duration = 1*DIGIT                              ; ms; without it the element never ends

``!`` marks an element that is played once: when the last element is over, the tone goes back to the first one
without it, and if there is none the tone is over. ``@`` sends the element attenuated. Spaces are allowed
anywhere between signs.

Two things that tables need and some parsers do not do: any number of frequencies may sound together (the
Hungarian special dial tone has three; dahdi-tools keeps two), and ``@`` and ``*`` hold for their own element
only (dahdi-tools never resets them).
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from ..errors import SignalError

HIGHEST_HZ = 96_000
"""Half of the highest sample rate of the package."""

LONGEST_MS = 24 * 3600 * 1000

_UNHEARD = "nothing is heard after an element that never ends"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One element of a tone.

    Attributes
    ----------
    frequencies : tuple of int
        Hz; none is silence. A modulated element has two: the carrier, and what modulates it.
    is_modulated, is_attenuated, is_once : bool
        Whether ``*``, ``@`` and ``!`` were written.
    duration_ms : int, optional
        None never ends.

    Raises
    ------
    SignalError
        If a frequency or the duration is out of range, or the signs contradict each other.
    """

    frequencies: tuple[int, ...] = ()
    is_modulated: bool = False
    is_attenuated: bool = False
    duration_ms: int | None = None
    is_once: bool = False

    def __post_init__(self) -> None:
        if any(not 1 <= hz <= HIGHEST_HZ for hz in self.frequencies):
            raise SignalError(f"a frequency is 1 to {HIGHEST_HZ} Hz; silence is a single 0")
        if len(set(self.frequencies)) < len(self.frequencies):
            raise SignalError("a frequency stands there twice")
        if self.is_modulated and (len(self.frequencies) != 2 or self.frequencies[0] < self.frequencies[1]):
            raise SignalError("a modulated tone has a carrier, and a lower frequency that modulates it")
        if self.is_attenuated and not self.frequencies:
            raise SignalError("silence cannot be attenuated")
        if self.duration_ms is not None and not 1 <= self.duration_ms <= LONGEST_MS:
            raise SignalError(f"a duration is 1 to {LONGEST_MS} ms; without one the element never ends")

    def __str__(self) -> str:
        pitch = ("*" if self.is_modulated else "+").join(map(str, self.frequencies)) or "0"
        length = "" if self.duration_ms is None else f"/{self.duration_ms}"
        return f"{'!' * self.is_once}{pitch}{'@' * self.is_attenuated}{length}"


@dataclass(frozen=True, slots=True)
class Tone:
    """A tone: its elements in the order of playing.

    Raises
    ------
    SignalError
        If there is no element, or if one comes after an element that never ends.
    """

    segments: tuple[Segment, ...]

    def __post_init__(self) -> None:
        if not self.segments:
            raise SignalError("a tone has at least one element")
        if any(before.duration_ms is None for before, _ in pairwise(self.segments)):
            raise SignalError(_UNHEARD)

    @property
    def loop_start(self) -> int | None:
        """Index of the element that the tone goes back to; None if its end is reached but once, or never."""
        if self.segments[-1].duration_ms is None:
            return None
        return next((index for index, segment in enumerate(self.segments) if not segment.is_once), None)

    @property
    def duration_ms(self) -> int | None:
        """How long the tone lasts; None if it goes on until somebody stops it."""
        lengths = [segment.duration_ms for segment in self.segments]
        if self.loop_start is not None or lengths[-1] is None:
            return None
        return sum(filter(None, lengths))

    def __str__(self) -> str:
        return format_tone(self)


def parse_tone(text: str) -> Tone:
    """Return the tone that *text* describes.

    Raises
    ------
    SignalError
        Naming what is wrong and the place, counted in characters from 1.
    """
    scanner = _Scanner(text)
    segments = [_element(scanner)]
    while scanner.takes(","):
        if segments[-1].duration_ms is None:
            raise scanner.fault(_UNHEARD)
        segments.append(_element(scanner))
    if not scanner.is_done():
        raise scanner.fault("',' or the end is expected")
    return Tone(tuple(segments))


def format_tone(tone: Tone) -> str:
    """Return *tone* in normal form: what `parse_tone` reads, without spaces and leading zeros."""
    return ",".join(map(str, tone.segments))


def _element(scanner: "_Scanner") -> Segment:
    """Read one element; a fault within it that only the whole shows points to its beginning."""
    begin = scanner.skip()
    is_once = scanner.takes("!")
    frequencies, is_modulated = _pitch(scanner)
    is_attenuated = scanner.takes("@")
    duration_ms = scanner.number("a duration in ms") if scanner.takes("/") else None
    try:
        return Segment(
            frequencies=frequencies,
            is_modulated=is_modulated,
            is_attenuated=is_attenuated,
            duration_ms=duration_ms,
            is_once=is_once,
        )
    except SignalError as error:
        raise scanner.fault(str(error), begin) from error


def _pitch(scanner: "_Scanner") -> tuple[tuple[int, ...], bool]:
    """Read the frequencies of an element, and whether the second modulates the first."""
    hertz = [scanner.number("a frequency in Hz")]
    if scanner.takes("*"):
        return (*hertz, scanner.number("a modulating frequency in Hz")), True
    while scanner.takes("+"):
        hertz.append(scanner.number("a frequency in Hz"))
    return (() if hertz == [0] else tuple(hertz)), False


class _Scanner:
    """A text and the place reached in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def skip(self) -> int:
        """Pass spaces and return the place."""
        while self._text[self._at : self._at + 1].isspace():
            self._at += 1
        return self._at

    def is_done(self) -> bool:
        return self.skip() == len(self._text)

    def takes(self, sign: str) -> bool:
        """Pass *sign* if it comes next."""
        found = self._text.startswith(sign, self.skip())
        self._at += found
        return found

    def number(self, what: str) -> int:
        """Pass a number, which is *what*."""
        found = _NUMBER.match(self._text, self.skip())
        if found is None:
            raise self.fault(f"{what} is expected")
        self._at = found.end()
        return int(found[0])

    def fault(self, problem: str, at: int | None = None) -> SignalError:
        """Return the error that says *problem* about the place reached, or about *at*."""
        place = self.skip() if at is None else at
        rest = self._text[place : place + 12] or "the end"
        return SignalError(f"tone {self._text!r}, character {place + 1} ({rest!r}): {problem}")


_NUMBER = re.compile("[0-9]{1,9}")  # longer ones are out of every range anyway
