"""``fxsmwi wav sweep``."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from .wavoptions import AXES, GroupedCommand, around, axes, encoding, grouped, recipe, typed, wording


@click.command("sweep", cls=GroupedCommand)
@axes(many=True)
@wording
@around
@grouped(
    "Line", "--per", type=click.IntRange(1), default=1, show_default=True, help="Files of each combination."
)
@grouped("Line", "--seed", type=click.IntRange(0), default=0, show_default=True, help="All that is random.")
@encoding(default="pcm16")
@grouped(
    "File", "-o", "--output", type=click.Path(path_type=Path), required=True, help="A new or empty folder."
)
def sweep(per: int, seed: int, encoding: str, output: Path, **fields: Any) -> None:
    """Make a labelled corpus: every combination of the values, and manifest.jsonl with what is true of each.

    A value is a list or a range: --level -12:-40:2 --snr none,30,20 --baud -1%:1%:0.5%. The same seed makes
    the same files, and each file is made of the seed and its own number alone.
    """
    from fxsmwi.corpus import MANIFEST, plan, write

    chosen = typed({axis.field: fields.pop(axis.field) for axis in AXES})
    first = {field: values[0] for field, values in chosen.items()}
    base = recipe(**first, **fields)
    planned = plan(base, chosen, per=per, seed=seed, encoding=encoding)
    for why in planned.left_out:
        click.echo(f"left out: {why}", err=True)
    began, count, size = time.monotonic(), 0, 0
    with _progress(len(planned)) as show:
        for octets in show(write(planned, output)):
            count, size = count + 1, size + octets
    took_s = time.monotonic() - began
    click.echo(
        f"{count} files, {size / 1e6:.1f} MB, {output / MANIFEST}"
        f"  ({took_s:.1f} s, {60 * count / max(took_s, 1e-9):.0f} files a minute)"
    )


@contextmanager
def _progress(total: int) -> Iterator[Any]:
    """Give a function that shows on a terminal how far an iterable has come, and elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda files: files
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)

        def show(files: Iterable[int]) -> Iterator[int]:
            for octets in files:
                bar.advance(task)
                yield octets

        yield show
