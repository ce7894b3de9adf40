"""``fxsmwi wav``."""

from __future__ import annotations

import enum
from datetime import datetime
from pathlib import Path

import click

from dsp.errors import SignalError


class What(enum.StrEnum):
    """What a message says."""

    VMWI_ON = "vmwi-on"
    VMWI_OFF = "vmwi-off"
    CALL = "call"


@click.group("wav")
def command() -> None:
    """Make signals as sound files."""


@command.command("make")
@click.option(
    "--message",
    "what",
    type=click.Choice([what.value for what in What]),
    required=True,
    help="What is told to the phone.",
)
@click.option("--standard", type=click.Choice(["bellcore"]), default="bellcore", show_default=True)
@click.option("--format", "format_", type=click.Choice(["mdmf", "sdmf"]), default="mdmf", show_default=True)
@click.option("--count", type=click.IntRange(0, 255), help="Number of messages (mdmf VMWI only).")
@click.option("--number", help="Calling number, up to 20 digits; a call without one is 'unavailable'.")
@click.option("--name", help="Caller's name, printable ASCII (mdmf only).")
@click.option(
    "--date", metavar="MMDDHHMM", help="Date and time; a call has the present one unless told otherwise."
)
@click.option("--level", type=float, default=-13.5, show_default=True, help="dBm0.")
@click.option("--sample-rate", type=click.IntRange(8000, 192000), default=8000, show_default=True, help="Hz.")
@click.option(
    "--lead", type=click.FloatRange(0, 60), default=0.5, show_default=True, help="Silence before, s."
)
@click.option(
    "--trail", type=click.FloatRange(0, 60), default=0.2, show_default=True, help="Silence behind, s."
)
@click.option(
    "--encoding", type=click.Choice(["pcm16", "mulaw", "alaw", "float32"]), default="pcm16", show_default=True
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help=".wav, or .ul / .al for raw G.711."
)
def make(
    what: str,
    standard: str,
    format_: str,
    count: int | None,
    number: str | None,
    name: str | None,
    date: str | None,
    level: float,
    sample_rate: int,
    lead: float,
    trail: float,
    encoding: str,
    output: Path,
) -> None:
    """Make one message: channel seizure, mark and bytes, as the exchange would send it."""
    from dsp import message, spill
    from fxsmwi.soundfiles import write

    family = message.Format(format_)
    if what == What.CALL:
        if count is not None:
            raise SignalError("a call has no --count: that goes with vmwi-on and vmwi-off")
        data = message.call_setup(
            format=family, number=number, name=name, date=date or datetime.now().strftime("%m%d%H%M")
        )
    else:
        data = message.vmwi(
            what == What.VMWI_ON, format=family, count=count, date=date, number=number, name=name
        )
    samples = spill.render(
        data, standard=standard, sample_rate=sample_rate, level_dbm0=level, lead_s=lead, trail_s=trail
    )
    kind = write(output, samples, sample_rate=sample_rate, encoding=encoding)
    click.echo(f"{output}: {kind}, {len(samples) / sample_rate:.2f} s, {level:g} dBm0  {data.hex(' ')}")
