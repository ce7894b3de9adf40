"""What several commands share: the configuration file, tables, and how values are written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

PLACES = (Path("fxsmwi.toml"), Path("/etc/fxsmwi/fxsmwi.toml"))
"""Where a configuration is looked for when none is named."""


def config_option(function: F) -> F:
    """Add ``-c FILE``."""
    return click.option(
        "-c",
        "--config",
        "config_path",
        type=click.Path(path_type=Path),
        envvar="FXSMWI_CONFIG",
        metavar="FILE",
        help=f"The configuration (else $FXSMWI_CONFIG, {PLACES[0]}, {PLACES[1]}).",
    )(function)


def json_option(function: F) -> F:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(function)


def find_config(path: Path | None) -> Path:
    """Give the named configuration, or the first one found."""
    return path or next((place for place in PLACES if place.exists()), PLACES[0])


def ask_daemon(config_path: Path | None, request: dict[str, Any]) -> Any:
    """Ask the running daemon; see `fxsmwi.control.ask`."""
    from fxsmwi.control import ask, find_socket

    return ask(find_socket(find_config(config_path)), request)


def print_json(value: object) -> None:
    """Print *value* as one JSON document."""
    click.echo(json.dumps(value, indent=2))


def print_table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print left-aligned columns as wide as they need to be; ``None`` is ``-``."""
    written = [list(heads), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[column]) for row in written) for column in range(len(heads))]
    for row in written:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _cell(value: object) -> str:
    text = "-" if value is None else str(value)
    # What a peer sent may hold anything; a terminal must not obey it.
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
