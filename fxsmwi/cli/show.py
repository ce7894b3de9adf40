"""``fxsmwi show``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .options import ask_daemon, config_option, json_option, print_json, print_table


@click.group("show")
def command() -> None:
    """Show what the running daemon knows."""


def _ask(config_path: Path | None, what: str) -> list[dict[str, Any]]:
    """Ask for *what*; what troubles the daemon itself is told as well, apart from the answer."""
    for fault in ask_daemon(config_path, {"do": "show-faults"}):
        click.echo(f"fxsmwi: {fault}", err=True)
    rows: list[dict[str, Any]] = ask_daemon(config_path, {"do": f"show-{what}"})
    return rows


@command.command("lines")
@config_option
@json_option
def lines(config_path: Path | None, as_json: bool) -> None:
    """Every line: what its lamp should show, what it shows, and why.

    APPLIED is 'on' or 'off' where the lamp was seen, 'requested-on' or 'requested-off' where it was only
    signalled, and 'unknown' where it can't be known.
    """
    rows = _ask(config_path, "lines")
    if as_json:
        print_json(rows)
        return
    print_table(
        ("LINE", "DEVICE", "MAILBOX", "NEW/OLD", "DESIRED", "APPLIED", "LAMP", "HOOK", "SINCE", "WHY"),
        (
            (
                row["name"],
                row["device"],
                ",".join(row["mailboxes"]),
                counts(row),
                row["desired"],
                row["applied"],
                row.get("lamp"),
                row["hook"],
                row["since"][11:19],
                row["why"],
            )
            for row in rows
        ),
    )


@command.command("mailboxes")
@config_option
@json_option
def mailboxes(config_path: Path | None, as_json: bool) -> None:
    """Every mailbox: whether messages wait, who says so, and the lines that show it."""
    rows = _ask(config_path, "mailboxes")
    if as_json:
        print_json(rows)
        return
    waiting = {True: "yes", False: "no", None: "unknown"}
    print_table(
        ("MAILBOX", "WAITING", "NEW/OLD", "LINES", "WHY"),
        ((r["mailbox"], waiting[r["waiting"]], counts(r), ",".join(r["lines"]), r["why"]) for r in rows),
    )


def counts(row: dict[str, int | None]) -> str:
    """Write ``new/old``; ``-`` stands for a count that nobody told."""
    return "/".join("-" if row[key] is None else str(row[key]) for key in ("new", "old"))
