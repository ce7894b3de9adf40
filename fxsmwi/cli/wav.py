"""``fxsmwi wav``: signals as sound files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .sweep import sweep
from .wavoptions import (
    LAWS,
    MESSAGES,
    GroupedCommand,
    around,
    axes,
    encoding,
    grouped,
    now,
    output,
    recipe,
    report,
    wording,
)
from .wavothers import clip, lamp, tone


@click.group("wav")
def command() -> None:
    """Make signals as sound files."""


@command.command("make", cls=GroupedCommand)
@axes(many=False)
@wording
@around
@grouped("Line", "--seed", type=click.IntRange(0), help="Draw phase, bit offset and noise from it.")
@encoding(default="pcm16")
@output
def make(
    seed: int | None, encoding: str, output: Path, truth: Path | None, as_json: bool, **fields: Any
) -> None:
    """Make one message as a whole transmission: alert, channel seizure, mark and bytes.

    A RING or a reversal is no audio: there the file is silent, and --truth says what the line does when.
    """
    import numpy as np

    from fxsmwi import signals
    from fxsmwi import truth as truths
    from fxsmwi.soundfiles import write

    chosen = recipe(call_date=now(), **fields)
    if seed is None and chosen.snr_db is not None:
        seed = 0
    rng = None if seed is None else np.random.default_rng(seed)
    made = signals.make(chosen, rng=rng)
    kind = write(output, made.samples, sample_rate=chosen.sample_rate, encoding=encoding)
    true = truths.truth(made)
    alert = "" if chosen.alert == "none" else f"  alert {chosen.alert}"
    seconds = len(made.samples) / chosen.sample_rate
    sent = chosen.faults.message(made.message).hex(" ")
    line = f"{output}: {kind}, {seconds:.2f} s, {chosen.level:g} dBm0  {sent}{alert}"
    report(output, line, {"encoding": encoding, "seed": seed, **true}, truth=truth, as_json=as_json)


@command.command("chan-dahdi", cls=GroupedCommand)
@grouped("Message", "--message", "what", type=click.Choice(MESSAGES), required=True, help="What is told.")
@wording
@encoding(default="mulaw", among=LAWS)
@output
def chan_dahdi(encoding: str, output: Path, truth: Path | None, as_json: bool, **fields: Any) -> None:
    """Make the burst of Asterisk's chan_dahdi, octet for octet, 8 kHz G.711.

    The truth says, too, what an Astribank with vmwi_ioctl=0 takes it for.
    """
    from fxsmwi.asteriskburst import make as make_burst
    from fxsmwi.signals import compose
    from fxsmwi.soundfiles import law_of, write

    message = compose(recipe(call_date=now(), **fields))
    law = law_of(output) or encoding
    samples, true = make_burst(message, law=law)
    kind = write(output, samples, sample_rate=8000, encoding=encoding)
    line = f"{output}: {kind}, {len(samples) / 8000:.2f} s, chan_dahdi's  {message.hex(' ')}"
    report(output, line, true, truth=truth, as_json=as_json)


for also in (sweep, tone, clip, lamp):
    command.add_command(also)
