"""``fxsmwi wav tone``, ``clip`` and ``lamp``: what tells of messages, or of callers, without a modem."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .wavoptions import GroupedCommand, encoding, grouped, output, report, sample_rate

if TYPE_CHECKING:
    from dsp.tones import Tone

CLIP_DIALECTS = ("a-d-b-c", "a-hash", "d-c", "hash")
ABSENCES = ("unavailable", "restricted", "international", "technical")
LAMPS = ("neon", "hvdc", "reversal", "ringing")


@click.command("tone", cls=GroupedCommand)
@click.argument("tone")
@grouped(
    "Signal",
    "--seconds",
    type=click.FloatRange(0, 3600),
    help="Length; a tone that ends needs none, others have 3 s.",
)
@grouped("Signal", "--level", type=float, help="dBm0 of each frequency, in place of the country's.")
@sample_rate
@encoding(default="pcm16")
@output
def tone(
    tone: str,
    seconds: float | None,
    level: float | None,
    sample_rate: int,
    encoding: str,
    output: Path,
    truth: Path | None,
    as_json: bool,
) -> None:
    """Make a TONE: uk:mwi, us:dial, us:stutter:ten-bursts, an alert like dt-as-bt, or "350+440/750,440/750".

    The kinds are dial, mwi, special, recall and second; it:mwi:NAME is a variant.
    """
    from dsp.tones import LEVEL_DBM0, format_tone, render_tone
    from fxsmwi.soundfiles import write

    found, own_level, doubt = _find(tone)
    dbm0 = next(value for value in (level, own_level, LEVEL_DBM0) if value is not None)
    if seconds is None and found.duration_ms is None:
        seconds = 3.0
    samples = render_tone(found, sample_rate=sample_rate, duration_s=seconds, level_dbm0=dbm0)
    kind = write(output, samples, sample_rate=sample_rate, encoding=encoding)
    text = format_tone(found)
    line = f"{output}: {kind}, {len(samples) / sample_rate:.2f} s, {dbm0:g} dBm0 each  {text}"
    true = {
        "encoding": encoding,
        "sample_rate": sample_rate,
        "samples": len(samples),
        "tone": text,
        "asked": tone,
        "level_dbm0": dbm0,
        "doubt": doubt,
    }
    report(output, f"{line}  ({doubt})" if doubt else line, true, truth=truth, as_json=as_json)


def _find(text: str) -> tuple[Tone, float | None, str | None]:
    """Return the tone that *text* names or is, its own level if it has one, and why it may be wrong."""
    from dsp.errors import SignalError
    from dsp.tones import Alert, alert, country, parse_tone

    if text in list(Alert):
        row = alert(text)
        return row.tone, row.level_dbm0, row.note or None
    if ":" not in text:
        return parse_tone(text), None, None
    code, kind, *variant = text.split(":", 2)
    if kind == "stutter":
        return country(code).stutter(*variant), None, None
    if kind not in ("dial", "mwi", "special", "recall", "second"):
        raise SignalError(f"there is no kind of tone {kind!r}; there are: dial, mwi, special, recall, second")
    found = country(code).form(kind, *variant)
    if found is None:
        raise SignalError(f"no source gives a {kind} tone of {code}")
    return found.tone, found.level_dbm0, found.doubt


@click.command("clip", cls=GroupedCommand)
@grouped("Message", "--number", help="Calling number.")
@grouped("Message", "--redirecting", help="Number of the line that redirected the call.")
@grouped("Message", "--absence", type=click.Choice(ABSENCES), help="Why there is no number.")
@grouped("Message", "--dialect", type=click.Choice(CLIP_DIALECTS), default="a-d-b-c", show_default=True)
@grouped("Signal", "--lead", type=click.FloatRange(0, 60), default=0.5, show_default=True, help="Silence, s.")
@grouped(
    "Signal", "--trail", type=click.FloatRange(0, 60), default=0.2, show_default=True, help="Silence, s."
)
@sample_rate
@encoding(default="pcm16")
@output
def clip(
    number: str | None,
    redirecting: str | None,
    absence: str | None,
    dialect: str,
    lead: float,
    trail: float,
    sample_rate: int,
    encoding: str,
    output: Path,
    truth: Path | None,
    as_json: bool,
) -> None:
    """Make a caller's identity in DTMF digits, as some countries send it before the first ring."""
    from dsp.dtmf import DIGIT_S, PAUSE_S, Clip, ClipAbsence, tones
    from fxsmwi.soundfiles import write

    reason = None if absence is None else ClipAbsence(absence)
    digits = Clip(number=number, redirecting=redirecting, absence=reason).encode(dialect)
    samples = tones(digits, sample_rate=sample_rate, lead_s=lead, trail_s=trail)
    kind = write(output, samples, sample_rate=sample_rate, encoding=encoding)
    true = {
        "encoding": encoding,
        "sample_rate": sample_rate,
        "samples": len(samples),
        "dialect": dialect,
        "digits": digits,
        "digit_s": DIGIT_S,
        "starts_s": [round(lead + place * (DIGIT_S + PAUSE_S), 9) for place in range(len(digits))],
    }
    line = f"{output}: {kind}, {len(samples) / sample_rate:.2f} s  {digits}"
    report(output, line, true, truth=truth, as_json=as_json)


@click.command("lamp", cls=GroupedCommand)
@click.argument("kind", type=click.Choice(LAMPS))
@grouped("Signal", "--cycles", type=click.IntRange(1, 1000), default=1, show_default=True, help="How often.")
@grouped("Signal", "--volts", type=float, help="Of hvdc (90), and rms of ringing (75).")
@grouped("Signal", "--on", "on_s", type=float, help="Length of each, s.")
@grouped("Signal", "--off", "off_s", type=float, help="Pause after each, s.")
@grouped("Signal", "--reverse", "is_reverse", is_flag=True, help="Pulses against the battery's polarity.")
@sample_rate
@output
def lamp(
    kind: str,
    cycles: int,
    volts: float | None,
    on_s: float | None,
    off_s: float | None,
    is_reverse: bool,
    sample_rate: int,
    output: Path,
    truth: Path | None,
    as_json: bool,
) -> None:
    """Make the line voltage that lights a lamp: float WAV, tip minus ring, 1.0 is 200 V."""
    from fxsmwi import voltages
    from fxsmwi.soundfiles import SoundFileError, write

    if output.suffix.lower() != ".wav":
        raise SoundFileError(f"{output}: line voltage is written as float WAV; the name must end in .wav")
    what = voltages.Lamp(kind)
    made = voltages.line(
        what,
        sample_rate=sample_rate,
        cycles=cycles,
        volts=volts,
        on_s=on_s,
        off_s=off_s,
        is_reverse=is_reverse,
    )
    written = write(output, voltages.samples(made), sample_rate=sample_rate, encoding="float32")
    true = voltages.truth(what, made)
    line = (
        f"{output}: {written}, {made.duration_s:.2f} s, 1.0 is {voltages.FULL_SCALE_VOLTS:g} V  {kind}, "
        f"a neon lamp glows {len(true['glows'])} times, a bell tinkles {len(true['tinkles'])} times"
    )
    report(output, line, true, truth=truth, as_json=as_json)
