"""``fxsmwi set``."""

from __future__ import annotations

from pathlib import Path

import click

from .options import ask_daemon, config_option


@click.group("set")
def command() -> None:
    """Set a lamp by hand."""


@command.command("mwi")
@click.argument("line")
@click.argument("to", type=click.Choice(["on", "off", "reset"]))
@config_option
def mwi(line: str, to: str, config_path: Path | None) -> None:
    """Set LINE's lamp on or off, whatever its mailboxes say, until it is reset.

    It is sent even if the lamp is believed to be right; 'reset' gives the lamp back to the mailboxes and
    sends what they say. The words are those of Asterisk's 'dahdi set mwi'.
    """
    click.echo(ask_daemon(config_path, {"do": "set-mwi", "line": line, "to": to}))
