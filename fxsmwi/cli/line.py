"""``fxsmwi line``."""

from __future__ import annotations

from pathlib import Path

import click

from .options import ask_daemon, config_option


@click.group("line")
@click.argument("line")
@click.pass_context
def command(context: click.Context, line: str) -> None:
    """Do something to LINE's phone."""
    context.obj = line


@command.command("lift")
@config_option
@click.pass_obj
def lift(line: str, config_path: Path | None) -> None:
    """Take the phone off-hook, if it is a simulated one."""
    click.echo(ask_daemon(config_path, {"do": "move-hook", "line": line, "to": "off"}))


@command.command("hang-up")
@config_option
@click.pass_obj
def hang_up(line: str, config_path: Path | None) -> None:
    """Put the phone on-hook, if it is a simulated one."""
    click.echo(ask_daemon(config_path, {"do": "move-hook", "line": line, "to": "on"}))
