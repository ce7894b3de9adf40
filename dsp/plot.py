"""Pictures of signals: a burst under a ruler of its bits, a spectrogram, a lamp's voltage, a tone's cadence.

Every function draws on the axes that it is given, or on those of a new figure, and returns them; it shows and
keeps nothing, and pyplot with its figures that somebody has to close is not involved. What is laid over a
picture is computed apart from the drawing (`dsp.ruler`).

matplotlib is imported when the first figure is made: ``pip install 'fxsmwi[plot]'``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from .arrays import FloatArray, SampleArray
from .errors import SignalError
from .framing import Framing
from .lamp import NE_2, Glow, LineVoltage, NeonLamp, Polarity
from .levels import FULL_SCALE_SINE_DBM0, to_float
from .ruler import Label, Ruler, Span, ruler
from .standards import Standard
from .tones import Segment, Tone

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "PlotMissingError",
    "waveform",
    "levels",
    "spectrogram",
    "lamp_voltage",
    "cadence",
]

WIDTH = 9.0
"""Of a new figure, in inches: at 96 dots an inch what a README has room for."""

READABLE_BITS = 32
"""Up to so many bits in view each is named; of more, only the start and stop bits are coloured."""

QUIETEST_DBM0 = -60.0
"""Of a spectrogram: all that is below looks like silence."""

MOST_COLUMNS = 1500

# Each pair that has to be told apart differs in lightness, not in hue alone.
_INK, _PAPER, _GREY = "#14304f", "#ffffff", "#c9ced6"
_SEIZURE, _MARK, _STOP, _GLOW = "#7fb0d8", "#dbe9f5", "#f2a65a", "#ffd166"


class PlotMissingError(ImportError):
    """matplotlib is not installed; the text says how to get it."""


def waveform(
    samples: SampleArray,
    *,
    sample_rate: int,
    message: bytes | None = None,
    standard: Standard | str = Standard.BELLCORE,
    framing: Framing | None = None,
    start_s: float = 0.0,
    view_s: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw *samples* over time, and over them, if there is a *message*, the ruler of its bits.

    Parameters
    ----------
    samples : ndarray [shape=(n,)]
    sample_rate : int
        In Hz.
    message : bytes, optional
        That the samples carry; None draws no ruler.
    standard, framing, start_s
        Of the burst, as in `dsp.ruler.ruler`; *start_s* counts from the first sample.
    view_s : (float, float), optional
        What to show, in seconds; None is everything. With `READABLE_BITS` or fewer in view each bit is named
        and the spaces are shaded.
    ax : Axes, optional
        To draw on; None makes a figure.

    Raises
    ------
    PlotMissingError
        If a figure has to be made without matplotlib.
    SignalError
        If there are no samples, the view has no length, or the standard is unknown.
    """
    wave = _checked(samples, sample_rate)
    left, right = view_s or (0.0, wave.size / sample_rate)
    if not left < right:
        raise SignalError(f"there is nothing to see from {left} s to {right} s")
    marks = None if message is None else ruler(message, standard=standard, framing=framing, start_s=start_s)
    axes = ax or _new_axes(2.4)
    first = max(0, int(left * sample_rate) - 1)
    shown = wave[first : int(right * sample_rate) + 2]
    axes.plot((first + np.arange(shown.size)) / sample_rate, shown, color=_INK, linewidth=0.8)
    peak = float(np.abs(wave).max()) or 1.0
    axes.set(xlim=(left, right), ylim=(-1.15 * peak, (1.15 if marks is None else 2.1) * peak))
    axes.set(xlabel="time, s", ylabel="amplitude\n(full scale 1)", yticks=(-peak, 0, peak))
    axes.yaxis.set_major_formatter("{x:.2g}")
    if marks is not None:
        _draw_ruler(axes, marks, Span(left, right, ""))
    return axes


_PARTS_ROW, _BITS_ROW = (0.87, 0.98), (0.75, 0.86)
"""Heights, as parts of the picture."""

_COLORS = {"channel seizure": _SEIZURE, "mark": _MARK, "": _MARK, "start": _INK, "stop": _STOP}


def _draw_ruler(axes: Axes, marks: Ruler, view: Span) -> None:
    in_view = [bit for bit in marks.bits if view.begin_s < bit.end_s and bit.begin_s < view.end_s]
    is_readable = len(in_view) <= READABLE_BITS
    for part in marks.parts:
        size = 8 if is_readable or part.text in _COLORS else 6.5
        _box(axes, part, view, row=_PARTS_ROW, color=_COLORS.get(part.text, _PAPER), size=size, is_named=True)
    for bit in in_view:
        color = _COLORS.get(bit.text, _PAPER)
        _box(axes, bit, view, row=_BITS_ROW, color=color, size=7, is_named=is_readable)
        if is_readable and bit.text in ("start", "0"):
            axes.axvspan(bit.begin_s, bit.end_s, 0, _BITS_ROW[0], color=_GREY, alpha=0.45, linewidth=0)


def _box(
    axes: Axes, span: Span, view: Span, *, row: tuple[float, float], color: str, size: float, is_named: bool
) -> None:
    """Draw *span* in a row of the ruler, its name in the middle of what can be seen of it."""
    edge = dict(edgecolor=_INK, linewidth=0.5) if is_named else dict(linewidth=0)
    axes.axvspan(span.begin_s, span.end_s, *row, facecolor=color, **edge)
    left, right = max(span.begin_s, view.begin_s), min(span.end_s, view.end_s)
    if is_named and left < right:
        axes.text(
            (left + right) / 2,
            sum(row) / 2,
            span.text,
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="center",
            fontsize=size,
            color=_PAPER if color == _INK else _INK,
            clip_on=True,
        )


def levels(
    samples: SampleArray, *, sample_rate: int, window_s: float = 0.010
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return how loud each frequency is over time.

    Parameters
    ----------
    samples : ndarray [shape=(n,)]
    sample_rate : int
        In Hz.
    window_s : float
        Length of the Hann window. Shorter ones tell times better, longer ones frequencies.

    Returns
    -------
    dbm0 : ndarray of float64 [shape=(frequencies, times)]
        What a sine would have there; no less than `QUIETEST_DBM0`.
    hz : ndarray of float64 [shape=(frequencies,)]
    time_s : ndarray of float64 [shape=(times,)]
        In the middle of the window, from 0 on.

    Raises
    ------
    SignalError
        If there are no samples, or too few in a window to tell frequencies.
    """
    wave = _checked(samples, sample_rate)
    size = round(window_s * sample_rate) // 2 * 2
    if size < 8:
        raise SignalError(f"a window of {window_s} s is too short to tell frequencies at {sample_rate} Hz")
    window = np.sin(np.pi * (np.arange(size) + 0.5) / size) ** 2
    hop = max(1, size // 8, -(-wave.size // MOST_COLUMNS))
    padded = np.pad(wave, size // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[: wave.size : hop] * window
    peak = np.abs(np.fft.rfft(frames, axis=1)).T * (2 / window.sum())
    quietest = 10 ** ((QUIETEST_DBM0 - FULL_SCALE_SINE_DBM0) / 20)
    dbm0: FloatArray = 20 * np.log10(np.maximum(peak, quietest)) + FULL_SCALE_SINE_DBM0
    hz: FloatArray = np.arange(size // 2 + 1, dtype=np.float64) * (sample_rate / size)
    time_s: FloatArray = np.arange(len(frames), dtype=np.float64) * (hop / sample_rate)
    return dbm0, hz, time_s


def spectrogram(
    samples: SampleArray,
    *,
    sample_rate: int,
    marks: Sequence[Label] = (),
    highest_hz: float = 4000.0,
    window_s: float = 0.010,
    ax: Axes | None = None,
) -> Axes:
    """Draw the frequencies of *samples* over time, with what *marks* says pointed out.

    Parameters
    ----------
    samples : ndarray [shape=(n,)]
    sample_rate : int
        In Hz.
    marks : sequence of Label
        `dsp.ruler.labels` has those of a transmission.
    highest_hz : float
        Up to where to draw.
    window_s : float
        See `levels`.
    ax : Axes, optional
        To draw on; None makes a figure.

    Raises
    ------
    PlotMissingError
        If a figure has to be made without matplotlib.
    SignalError
        As `levels`.
    """
    dbm0, hz, time_s = levels(samples, sample_rate=sample_rate, window_s=window_s)
    axes = ax or _new_axes(2.9)
    end_s = len(samples) / sample_rate
    half_bin, half_hop = hz[1] / 2, (time_s[1] if time_s.size > 1 else end_s) / 2
    image = axes.imshow(
        dbm0,
        extent=(-half_hop, time_s[-1] + half_hop, -half_bin, hz[-1] + half_bin),
        origin="lower",
        aspect="auto",
        cmap="Blues",
        vmin=QUIETEST_DBM0,
        vmax=0.0,
        interpolation="nearest",
    )
    axes.set(xlim=(0, end_s), ylim=(0, highest_hz), xlabel="time, s", ylabel="frequency, Hz")
    axes.figure.colorbar(image, ax=axes, label="level, dBm0", pad=0.01)
    for mark in marks:
        _draw_label(axes, mark, highest_hz)
    return axes


def _draw_label(axes: Axes, mark: Label, highest_hz: float) -> None:
    span, top = mark.span, 0.93 * highest_hz
    right_s = axes.get_xlim()[1]
    middle = (span.begin_s + span.end_s) / 2
    # A name in the middle of its span; at the margins it stays inside.
    side: Any = "left" if middle < 0.05 * right_s else "right" if middle > 0.95 * right_s else "center"
    backing: dict[str, Any] = dict(facecolor=_PAPER, edgecolor="none", pad=0.8, alpha=0.85)
    for edge in sorted({span.begin_s, span.end_s}):
        axes.axvline(edge, color=_INK, linewidth=0.9, linestyle=(0, (4, 2)), clip_on=False)
    shift = {"left": 5, "right": -5, "center": 0}[side]
    _note(axes, span.text, (middle, top), shift, ha=side, bbox=backing)
    for hz, text in mark.tones:
        _note(axes, text, (span.end_s, hz), 5, bbox=backing)
        axes.plot([span.begin_s, span.end_s], [hz, hz], color=_INK, linewidth=0.6, linestyle=":")


def lamp_voltage(
    line: LineVoltage, lit: Sequence[Glow], *, lamp: NeonLamp = NE_2, ax: Axes | None = None
) -> Axes:
    """Draw the voltage of *line* over time, and when the lamp glows.

    Parameters
    ----------
    line : LineVoltage
    lit : sequence of Glow
        From `dsp.lamp.glows`; hatched where the line's polarity is reversed, since the other electrode glows.
    lamp : NeonLamp
        Whose voltages to draw.
    ax : Axes, optional
        To draw on; None makes a figure.

    Raises
    ------
    PlotMissingError
        If a figure has to be made without matplotlib.
    SignalError
        If the line has no length.
    """
    volts = _checked(line.volts, line.sample_rate)
    axes = ax or _new_axes(2.4)
    for glow in lit:
        hatch = "" if glow.polarity is Polarity.FORWARD else "///"
        axes.axvspan(glow.begin_s, glow.end_s, facecolor=_GLOW, edgecolor=_STOP, linewidth=0, hatch=hatch)
    axes.plot(np.arange(volts.size) / line.sample_rate, volts, color=_INK, linewidth=1.2)
    highest = 1.15 * max(float(np.abs(volts).max()), lamp.strike_volts)
    lowest = -highest if volts.min() < 0 else -0.05 * highest
    axes.set(xlim=(0, line.duration_s), ylim=(lowest, highest))
    axes.set(xlabel="time, s", ylabel="tip minus ring, V")
    for volts_, style in ((lamp.strike_volts, "--"), (lamp.extinguish_volts, ":")):
        for sign in Polarity:
            axes.axhline(sign * volts_, color=_INK, linewidth=0.8, linestyle=style)
    margin: dict[str, Any] = dict(xycoords=axes.get_yaxis_transform())
    _note(axes, f"strikes, {lamp.strike_volts:g} V", (1, lamp.strike_volts), 4, va="bottom", **margin)
    _note(axes, f"goes out, {lamp.extinguish_volts:g} V", (1, lamp.extinguish_volts), 4, va="top", **margin)
    if lit:
        _note(axes, "glows", (1, 0.1), 6, xycoords="axes fraction", bbox=dict(facecolor=_GLOW, linewidth=0))
    return axes


def cadence(tone: Tone, *, duration_s: float, ax: Axes | None = None) -> Axes:
    """Draw when each frequency of *tone* sounds, for *duration_s* from its beginning.

    An attenuated element is a lighter bar; a modulated one stands in a row of its own.

    Raises
    ------
    PlotMissingError
        If a figure has to be made without matplotlib.
    SignalError
        If there is nothing to see in that time.
    """
    if not 0 < duration_s < inf:
        raise SignalError(f"there is nothing to see of a tone in {duration_s} s")
    axes = ax or _new_axes(1.2)
    rows = sorted({pitch for segment in tone.segments for pitch in _pitches(segment)})
    for span, segment in _played(tone, duration_s):
        for _, name in _pitches(segment):
            place = [row for _, row in rows].index(name)
            color = _SEIZURE if segment.is_attenuated else _INK
            axes.broken_barh([(span[0], span[1] - span[0])], (place - 0.3, 0.6), facecolors=color)
    axes.set(xlim=(0, duration_s), ylim=(-0.6, len(rows) - 0.4), xlabel="time, s")
    axes.set_yticks(range(len(rows)), [f"{name} Hz" for _, name in rows])
    return axes


def _pitches(segment: Segment) -> list[tuple[int, str]]:
    """Return the rows in which an element stands."""
    if segment.is_modulated:
        return [(segment.frequencies[0], "*".join(map(str, segment.frequencies)))]
    return [(hz, str(hz)) for hz in segment.frequencies]


def _played(tone: Tone, duration_s: float) -> Iterator[tuple[tuple[float, float], Segment]]:
    """Give the elements that are heard and when, until the tone is over or the time up."""
    now_ms = 0
    for segment in _order(tone):
        if now_ms >= 1000 * duration_s:
            return
        end_ms = inf if segment.duration_ms is None else now_ms + segment.duration_ms
        yield (now_ms / 1000, min(end_ms / 1000, duration_s)), segment
        if end_ms == inf:
            return
        now_ms = int(end_ms)


def _order(tone: Tone) -> Iterator[Segment]:
    """Give the elements in the order of playing: all, and again those that are repeated."""
    yield from tone.segments
    if tone.loop_start is not None:
        yield from cycle(tone.segments[tone.loop_start :])


def _note(axes: Axes, text: str, at: tuple[float, float], shift: float, **how: Any) -> None:
    """Write *text* so many points right of a place."""
    how = {"va": "center", "fontsize": 8, "color": _INK, **how}
    axes.annotate(text, at, (shift, 0), textcoords="offset points", **how)


def _checked(samples: SampleArray, sample_rate: int) -> FloatArray:
    if not samples.size or sample_rate <= 0:
        raise SignalError("a picture needs samples and a sample rate")
    return to_float(samples)


def _new_axes(height: float) -> Axes:
    """Return the axes of a new figure, which pyplot does not know of."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise PlotMissingError("pictures need matplotlib: python -m pip install 'fxsmwi[plot]'") from error
    axes: Axes = Figure(figsize=(WIDTH, height), layout="constrained").subplots()
    return axes
