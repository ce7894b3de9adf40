"""Draw the pictures of docs/signals.md into a folder: ``make picture``."""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dsp.lamp import glows, hvdc, neon_burst, reversals
from dsp.message import vmwi
from dsp.plot import WIDTH, cadence, lamp_voltage, spectrogram, waveform
from dsp.ruler import labels
from dsp.spill import render
from dsp.tones import country
from dsp.transmission import plan, to_samples

LEAD_S = 0.02
CLOSER_S = (LEAD_S + 477 / 1200, LEAD_S + 501 / 1200)
"""Two characters, the first of which begins after 300 bits of seizure and 180 of mark."""
REPRODUCIBLE = {"svg.hashsalt": "fxsmwi", "svg.fonttype": "path", "font.size": 9, "axes.titlesize": 9}
COUNTRIES = ("us", "uk", "au", "de", "se")


def panels(count: int, height: float) -> tuple[Figure, list[Axes]]:
    """Return a figure with *count* axes, one below the other."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    axes = [figure.add_subplot(count, 1, index + 1) for index in range(count)]
    return figure, axes


def burst() -> Figure:
    """Draw a burst as a whole, and two characters of it bit by bit."""
    figure, (whole, closer) = panels(2, 4.6)
    message = vmwi(True)
    for axes, sample_rate, view_s in ((whole, 16000, None), (closer, 48000, CLOSER_S)):
        samples = render(message, sample_rate=sample_rate, lead_s=LEAD_S, trail_s=LEAD_S)
        waveform(samples, sample_rate=sample_rate, message=message, start_s=LEAD_S, view_s=view_s, ax=axes)
    whole.set(title="A Bellcore burst that lights a lamp: 82 03 0B 01 FF 70")
    closer.set(
        title="Its first two characters, least significant bit first; shaded: 0, 2200 Hz; white: 1, 1200 Hz"
    )
    return figure


def transmission() -> Figure:
    """Draw a transmission by BT's rules, which wake the phone before the burst."""
    planned = plan(vmwi(True), alert="lr-dt-as", standard="bt")
    rendering = to_samples(planned, sample_rate=8000)
    figure, (axes,) = panels(1, 3.1)
    spectrogram(rendering.samples, sample_rate=8000, marks=labels(planned), ax=axes)
    axes.set_title("BT: the polarity is reversed, the alert tones wake the phone, the burst follows")
    return figure


def lamp() -> Figure:
    """Draw three line voltages and what a neon lamp makes of them."""
    rows = {
        "Neon bursts of a line card's ring generator, as DAHDI's drivers set it": neon_burst(
            sample_rate=8000, cycles=4
        ),
        "High DC voltage of a PBX, 150 V, at 0.9 s on and 0.1 s off": hvdc(
            sample_rate=8000, volts=150, on_s=0.9, off_s=0.1
        ),
        "Reversals of a 48 V battery: never enough for neon": reversals(
            1.0, sample_rate=8000, at_s=(0.25, 0.5, 0.75)
        ),
    }
    figure, every = panels(3, 5.4)
    for axes, (title, line) in zip(every, rows.items(), strict=True):
        lamp_voltage(line, glows(line), ax=axes)
        axes.set_title(title)
        axes.label_outer()
    return figure


def tones() -> Figure:
    """Draw the message-waiting tones of some countries."""
    figure, every = panels(len(COUNTRIES), 5.0)
    for axes, code in zip(every, COUNTRIES, strict=True):
        row = country(code)
        cadence(row.mwi.tone, duration_s=4.0, ax=axes)
        elements = str(row.mwi.tone).split(",")
        short = elements if len(elements) < 8 else [*elements[:4], "...", elements[-1]]
        axes.set_title(f"{row.name}: {','.join(short)}", loc="left")
        axes.label_outer()
    return figure


def draw(folder: Path) -> None:
    """Write every picture."""
    with mpl.rc_context(REPRODUCIBLE):
        for picture in (burst, transmission, lamp, tones):
            picture().savefig(folder / f"signals-{picture.__name__}.svg", metadata={"Date": None})


draw(Path(sys.argv[1]))
