"""What is where in a burst and in a transmission, as spans of time with names: for pictures of them.

>>> from dsp.message import vmwi
>>> from dsp.transmission import plan
>>> [part.text for part in ruler(vmwi(True)).parts]
['channel seizure', 'mark', '82', '03', '0B', '01', 'FF', '70', '']
>>> [bit.text for bit in ruler(vmwi(True)).bits[:10]]
['start', '0', '1', '0', '0', '0', '0', '0', '1', 'stop']
>>> [label.span.text for label in labels(plan(vmwi(True), alert="lr-dt-as", standard="bt"))]
['reverse', 'DT-AS', 'FSK', 'restore']
"""

from dataclasses import dataclass

from . import dtmf
from .framing import Framing, line_bits
from .standards import Standard, profile
from .steps import AwaitAck, Burst, LineAction, Signal, Silence, Step
from .tones import alert
from .transmission import Transmission, timeline

__all__ = ["Span", "Ruler", "ruler", "Label", "labels"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time and what to call it.

    Attributes
    ----------
    begin_s, end_s : float
    text : str
        Empty for what is too short to be named.
    """

    begin_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruler:
    """What is where in a burst.

    Attributes
    ----------
    parts : tuple of Span
        Channel seizure, mark, each character by its hex digits, and the mark-out; what a framing leaves out
        is left out.
    bits : tuple of Span
        Of the characters: start, 0 or 1, stop.
    """

    parts: tuple[Span, ...]
    bits: tuple[Span, ...]


def ruler(
    message: bytes,
    *,
    standard: Standard | str = Standard.BELLCORE,
    framing: Framing | None = None,
    start_s: float = 0.0,
) -> Ruler:
    """Return the ruler of a burst whose first bit begins at *start_s*.

    Parameters
    ----------
    message : bytes
        As it goes over the line.
    standard : Standard
        Whose speed, and whose framing on the hook unless *framing* is given.
    framing : Framing, optional
    start_s : float

    Raises
    ------
    SignalError
        If the standard is unknown.
    """
    row = profile(standard)
    around = framing or row.on_hook

    def span(first: int, count: int, text: str) -> Span:
        return Span(start_s + first / row.fsk.baud, start_s + (first + count) / row.fsk.baud, text)

    data = around.seizure + around.mark
    length, period = 9 + around.stop, 9 + around.stop + around.stuffing
    places = [data + index * period for index in range(len(message))]
    line = line_bits(message, around)
    end = line.size - around.trailing
    parts = [
        (0, around.seizure, "channel seizure"),
        (around.seizure, around.mark, "mark"),
        *((place, length, f"{octet:02X}") for place, octet in zip(places, message, strict=True)),
        (end, around.trailing, ""),
    ]
    bits = [
        span(place + index, 1, "start" if not index else "stop" if index > 8 else str(line[place + index]))
        for place in places
        for index in range(length)
    ]
    return Ruler(parts=tuple(span(*part) for part in parts if part[1]), bits=tuple(bits))


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Something to point out in a spectrogram.

    Attributes
    ----------
    span : Span
        When; what takes no time is a line.
    tones : tuple of (int, str)
        Frequencies, in Hz, and what to call each.
    """

    span: Span
    tones: tuple[tuple[int, str], ...] = ()


def labels(transmission: Transmission) -> tuple[Label, ...]:
    """Return what to point out in a rendering of *transmission*: alert, burst, what the line does."""
    events = [step for step in transmission.steps if not _is_unseen(step)]
    moments = timeline(transmission)[:-1]  # the last is the end
    return tuple(
        Label(span=Span(moment.start_s, moment.end_s, name), tones=tones)
        for moment, (name, tones) in zip(moments, map(_name, events), strict=True)
    )


def _is_unseen(step: Step) -> bool:
    return isinstance(step, Silence) or (isinstance(step, LineAction) and step.is_background)


def _name(step: Step) -> tuple[str, tuple[tuple[int, str], ...]]:
    """Return what to call a step, and its tones."""
    if isinstance(step, Signal):
        name, _, _ = step.tone.value.upper().rpartition("-")  # without whose it is
        hertz = alert(step.tone).tone.segments[0].frequencies
        return name or step.tone.value.upper(), tuple((hz, f"{hz} Hz") for hz in hertz)
    if isinstance(step, Burst):
        fsk = profile(step.standard).fsk
        tones = ((fsk.mark_hz, f"mark {fsk.mark_hz} Hz"), (fsk.space_hz, f"space {fsk.space_hz} Hz"))
        return "FSK", tones
    if isinstance(step, AwaitAck):
        return f"ACK {step.digit}", tuple((hz, f"{hz} Hz") for hz in dtmf.TONES[step.digit])
    assert isinstance(step, LineAction)
    return step.action.value, ()
