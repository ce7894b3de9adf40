"""Pictures: what is drawn, and where."""

import re
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from dsp.errors import SignalError
from dsp.framing import OFF_HOOK
from dsp.lamp import NE_2, NeonLamp, battery, glows, hvdc, neon_burst, reversals, ringing
from dsp.levels import amplitude
from dsp.message import vmwi
from dsp.plot import (
    MOST_COLUMNS,
    QUIETEST_DBM0,
    READABLE_BITS,
    PlotMissingError,
    cadence,
    lamp_voltage,
    levels,
    spectrogram,
    waveform,
)
from dsp.ruler import Label, Span, labels, ruler
from dsp.spill import render
from dsp.tones import country, parse_tone
from dsp.transmission import plan, to_samples

pytest.importorskip("matplotlib", reason="pictures need matplotlib (the extra plot)")

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

DOCUMENT = Path(__file__).parents[2] / "docs" / "signals.md"
MESSAGE = vmwi(True)
BAUD = 1200


@pytest.fixture(autouse=True)
def pyplot_knows_nothing():
    """Pictures are drawn to the end, and nothing of them stays behind."""
    before = set(sys.modules)
    yield
    assert "matplotlib.pyplot" not in set(sys.modules) - before


def drawn(axes):
    """Return *axes* after drawing, which is when matplotlib finds what it does not like."""
    figure = axes.figure
    figure.canvas.draw()
    return axes


def boxes(axes, bottom, top):
    """Return where the spans between two heights of the picture begin and end."""
    found = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    pairs = [
        (patch.get_x(), patch.get_x() + patch.get_width())
        for patch in found
        if patch.get_y() == bottom and patch.get_height() == pytest.approx(top - bottom)
    ]
    return np.array(pairs).reshape(-1, 2)


def texts(axes):
    return [text.get_text() for text in axes.texts]


def near(pairs):
    return pytest.approx(np.array(pairs).reshape(-1, 2))


def spans(found):
    return near([(span.begin_s, span.end_s) for span in found])


def sine(hz, sample_rate, peak, duration_s=0.5):
    return peak * np.sin(2 * np.pi * hz * np.arange(round(duration_s * sample_rate)) / sample_rate)


def test_a_waveform_is_its_samples():
    samples = render(MESSAGE, sample_rate=8000)
    axes = drawn(waveform(samples, sample_rate=8000))
    (line,) = axes.lines
    assert np.array_equal(line.get_xdata(), np.arange(samples.size) / 8000)
    assert np.array_equal(line.get_ydata(), samples)
    assert axes.get_xlim() == (0.0, samples.size / 8000)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("time, s", "amplitude\n(full scale 1)")
    assert not axes.patches


def test_int16_samples_are_drawn_on_the_same_scale():
    axes = waveform(np.array([0, 16384, -16384], dtype=np.int16), sample_rate=8000)
    assert axes.lines[0].get_ydata().tolist() == [0.0, 0.5, -0.5]


def test_silence_can_be_drawn():
    assert drawn(waveform(np.zeros(80), sample_rate=8000)).get_ylim() == (-1.15, 1.15)


@pytest.mark.parametrize("framing", [None, OFF_HOOK])
def test_the_ruler_lies_where_the_bits_are(framing):
    samples = render(MESSAGE, sample_rate=8000, framing=framing, lead_s=0.1)
    axes = drawn(waveform(samples, sample_rate=8000, message=MESSAGE, framing=framing, start_s=0.1))
    told = ruler(MESSAGE, framing=framing, start_s=0.1)
    assert boxes(axes, 0.87, 0.98) == spans(told.parts)
    assert boxes(axes, 0.75, 0.86) == spans(told.bits)
    assert texts(axes) == [part.text for part in told.parts]


def test_close_up_every_bit_is_named_and_the_spaces_are_shaded():
    view_s = (480 / BAUD, 490 / BAUD)
    axes = drawn(
        waveform(render(MESSAGE, sample_rate=8000), sample_rate=8000, message=MESSAGE, view_s=view_s)
    )
    bits = ruler(MESSAGE).bits[:10]
    assert axes.get_xlim() == view_s
    assert boxes(axes, 0.75, 0.86) == spans(bits)
    assert texts(axes) == ["82", *(bit.text for bit in bits)]
    spaces = [bit for bit in bits if bit.text in ("start", "0")]
    assert boxes(axes, 0, 0.75) == spans(spaces)


def test_a_name_stands_in_the_middle_of_what_is_seen_of_its_span():
    samples = render(MESSAGE, sample_rate=8000)
    axes = waveform(samples, sample_rate=8000, message=MESSAGE, view_s=(0.3, 0.4))
    (mark,) = axes.texts
    assert (mark.get_text(), mark.get_position()[0]) == ("mark", pytest.approx(0.35))


def test_too_many_bits_are_not_named():
    for count, is_named in ((READABLE_BITS, True), (READABLE_BITS + 1, False)):
        view_s = (480 / BAUD + 1e-6, (480 + count) / BAUD - 1e-6)
        samples = render(MESSAGE, sample_rate=8000)
        axes = waveform(samples, sample_rate=8000, message=MESSAGE, view_s=view_s)
        assert ("start" in texts(axes)) is is_named


@pytest.mark.parametrize("hz", [400, 1000, 2000])
@pytest.mark.parametrize("sample_rate", [8000, 44100, 48000])
def test_levels_of_a_sine_are_its_own(hz, sample_rate):
    dbm0, frequencies, time_s = levels(sine(hz, sample_rate, amplitude(-10.0)), sample_rate=sample_rate)
    steady = dbm0[:, (0.1 < time_s) & (time_s < 0.4)]
    place = int(np.abs(frequencies - hz).argmin())
    assert steady[place] == pytest.approx(-10.0, abs=0.05)  # 44.1 kHz: a bin beside
    assert set(steady.argmax(axis=0).tolist()) == {place}


def test_silence_is_as_quiet_as_the_scale():
    dbm0, frequencies, time_s = levels(np.zeros(800), sample_rate=8000)
    assert dbm0.shape == (frequencies.size, time_s.size)
    assert dbm0 == pytest.approx(QUIETEST_DBM0)
    assert (frequencies[0], frequencies[-1], time_s[0]) == (0.0, 4000.0, 0.0)


def test_hours_have_no_more_columns_than_a_screen():
    _, _, time_s = levels(np.zeros(8000 * 600), sample_rate=8000)
    assert time_s.size <= MOST_COLUMNS
    assert time_s[-1] < 600 <= time_s[-1] + time_s[1]


def test_the_marks_of_a_spectrogram_lie_where_alert_and_burst_are():
    planned = plan(MESSAGE, alert="lr-dt-as", standard="bt")
    samples = to_samples(planned, sample_rate=8000).samples
    axes = drawn(spectrogram(samples, sample_rate=8000, marks=labels(planned)))
    told = labels(planned)
    lines = [(*line.get_xdata(), *line.get_ydata()) for line in axes.lines]
    edges = [line[0] for line in lines if line[2:] == (0, 1)]
    assert edges == [edge for label in told for edge in sorted({label.span.begin_s, label.span.end_s})]
    tones = [line for line in lines if line[2:] != (0, 1)]
    expected = [(label.span.begin_s, label.span.end_s, hz, hz) for label in told for hz, _ in label.tones]
    assert tones == expected
    assert texts(axes) == [
        "reverse",
        *("DT-AS", "2130 Hz", "2750 Hz"),
        *("FSK", "mark 1300 Hz", "space 2100 Hz"),
        "restore",
    ]
    sides = [note.get_ha() for note in axes.texts if note.get_text() in ("reverse", "FSK", "restore")]
    assert sides == ["left", "center", "right"]


def test_what_is_marked_is_what_is_loud():
    planned = plan(MESSAGE, alert="dt-as", standard="etsi")
    dbm0, frequencies, time_s = levels(to_samples(planned, sample_rate=8000).samples, sample_rate=8000)
    tones, burst = labels(planned)
    for label in (tones, burst):
        within = (label.span.begin_s + 0.01 < time_s) & (time_s < label.span.end_s - 0.01)
        assert dbm0[:, within].max(axis=0).min() > -30
    between = (tones.span.end_s + 0.01 < time_s) & (time_s < burst.span.begin_s - 0.01)
    assert dbm0[:, between].max() == pytest.approx(QUIETEST_DBM0)
    for hz, _ in tones.tones:
        within = (tones.span.begin_s + 0.02 < time_s) & (time_s < tones.span.end_s - 0.02)
        row = int(np.abs(frequencies - hz).argmin())
        assert dbm0[row, within].min() > -18


def test_a_picture_of_one_column_can_be_drawn():
    axes = drawn(spectrogram(np.zeros(1), sample_rate=8000))
    assert axes.get_xlim() == (0.0, 1 / 8000)


def test_a_spectrogram_has_units_and_ends_where_it_is_told_to():
    axes = spectrogram(np.zeros(800), sample_rate=48000, highest_hz=3000.0)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("time, s", "frequency, Hz")
    assert axes.get_ylim() == (0.0, 3000.0)
    assert axes.images[0].colorbar.ax.get_ylabel() == "level, dBm0"


@pytest.mark.parametrize(
    "line",
    [
        neon_burst(sample_rate=8000, cycles=4),
        hvdc(sample_rate=8000, volts=150, on_s=0.9, off_s=0.1),
        ringing(sample_rate=8000, rms_volts=90, on_s=0.5, off_s=0.5),
        reversals(1.0, sample_rate=8000, at_s=(0.25, 0.5, 0.75)),
        battery(1.0, sample_rate=8000),
    ],
    ids=["neon", "hvdc", "ringing", "reversals", "battery"],
)
def test_a_lamp_glows_in_the_picture_when_it_glows(line):
    lit = glows(line)
    axes = drawn(lamp_voltage(line, lit))
    assert boxes(axes, 0, 1) == near([(glow.begin_s, glow.end_s) for glow in lit])
    assert [bool(patch.get_hatch()) for patch in axes.patches] == [glow.polarity < 0 for glow in lit]
    voltage = axes.lines[0]
    assert np.array_equal(voltage.get_ydata(), line.volts)
    assert np.array_equal(voltage.get_xdata(), np.arange(line.volts.size) / 8000)
    assert ("glows" in texts(axes)) is bool(lit)
    lowest, highest = axes.get_ylim()
    assert lowest < line.volts.min() <= line.volts.max() < highest


def test_the_voltages_of_the_lamp_are_drawn():
    lamp = NeonLamp(strike_volts=90.0)
    line = battery(0.1, sample_rate=8000)
    for row in (NE_2, lamp):
        axes = drawn(lamp_voltage(line, (), lamp=row))
        heights = {level.get_ydata()[0] for level in axes.lines[1:]}
        volts = (row.strike_volts, row.extinguish_volts)
        assert heights == {sign * volt for volt in volts for sign in (1, -1)}
        assert texts(axes) == [f"strikes, {volts[0]:g} V", f"goes out, {volts[1]:g} V"]


def bars(axes):
    """Return when each row of a cadence sounds."""
    rows = {place: [] for place in range(len(axes.get_yticklabels()))}
    for collection in axes.collections:
        for path in collection.get_paths():
            (left, bottom), (right, top) = path.get_extents().get_points()
            rows[round((bottom + top) / 2)].append((left, right))
    names = [label.get_text() for label in axes.get_yticklabels()]
    return {name: rows[place] for place, name in enumerate(names)}


def test_the_british_tone_keeps_440_hz():
    found = bars(drawn(cadence(country("uk").mwi.tone, duration_s=2.5)))
    assert found["350 Hz"] == near([(0, 0.75), (1.5, 2.25)])
    assert found["440 Hz"] == near([(0, 0.75), (0.75, 1.5), (1.5, 2.25), (2.25, 2.5)])


def test_ten_bursts_and_then_the_steady_tone():
    found = bars(drawn(cadence(country("us").mwi.tone, duration_s=3.0)))
    expected = [(0.2 * index, 0.2 * index + 0.1) for index in range(10)] + [(2.0, 3.0)]
    assert found == {"350 Hz": near(expected), "440 Hz": near(expected)}


def test_a_tone_that_is_over_is_over():
    assert bars(cadence(parse_tone("!440/300"), duration_s=1.0)) == {"440 Hz": near([(0, 0.3)])}


def test_a_round_repeats_all_that_follows_its_first_element():
    found = bars(cadence(parse_tone("!300/100,440/100,!500/100"), duration_s=0.6))
    assert found == {
        "300 Hz": near([(0, 0.1)]),
        "440 Hz": near([(0.1, 0.2), (0.3, 0.4), (0.5, 0.6)]),
        "500 Hz": near([(0.2, 0.3), (0.4, 0.5)]),
    }


def test_a_modulated_tone_has_a_row_and_an_attenuated_one_is_lighter():
    axes = drawn(cadence(parse_tone("400*25/100,400@/100"), duration_s=0.2))
    assert bars(axes) == {"400 Hz": near([(0.1, 0.2)]), "400*25 Hz": near([(0, 0.1)])}
    modulated, attenuated = (collection.get_facecolor()[0] for collection in axes.collections)
    assert sum(attenuated[:3]) > sum(modulated[:3])


DRAWINGS = {
    "waveform": lambda ax: waveform(np.ones(80), sample_rate=8000, ax=ax),
    "spectrogram": lambda ax: spectrogram(
        np.ones(80), sample_rate=8000, marks=[Label(span=Span(0.0, 0.01, "x"))], ax=ax
    ),
    "lamp_voltage": lambda ax: lamp_voltage(battery(0.1, sample_rate=8000), (), ax=ax),
    "cadence": lambda ax: cadence(parse_tone("440"), duration_s=1.0, ax=ax),
}


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
def test_pictures_are_drawn_on_the_axes_that_are_given(draw):
    given = Figure().subplots()
    assert draw(given) is given


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
def test_every_picture_without_axes_has_a_figure_of_its_own(draw):
    figures = [draw(None).figure for _ in range(3)]
    assert all(one is not other for one, other in pairwise(figures))


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
def test_without_matplotlib_there_is_one_clear_sentence(draw, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(PlotMissingError, match=r"^pictures need matplotlib: .*pip install 'fxsmwi\[plot\]'$"):
        draw(None)


@pytest.mark.parametrize(
    ("draw", "problem"),
    [
        (lambda: waveform(np.zeros(0), sample_rate=8000), "needs samples"),
        (lambda: waveform(np.ones(8), sample_rate=0), "and a sample rate"),
        (lambda: waveform(np.ones(8), sample_rate=8000, view_s=(1.0, 1.0)), "nothing to see"),
        (lambda: waveform(np.ones(8), sample_rate=8000, message=b"\x82", standard="x"), "no standard 'x'"),
        (lambda: spectrogram(np.ones(80), sample_rate=8000, window_s=0.0001), "too short"),
        (lambda: lamp_voltage(battery(0, sample_rate=8000), ()), "needs samples"),
        (lambda: cadence(parse_tone("440"), duration_s=0.0), "nothing to see"),
        (lambda: cadence(parse_tone("440"), duration_s=float("inf")), "nothing to see"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, problem):
    with pytest.raises(SignalError, match=problem):
        draw()


def test_the_examples_of_the_document_run_as_they_stand(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"^```python\n(.*?)^```$", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL)
    names = {}
    for example in examples:
        exec(compile(example, DOCUMENT.name, "exec"), names)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("burst.svg", "lamp.svg", "tone.svg", "transmission.svg")
    ]
