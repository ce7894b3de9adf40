"""The command line. Each command's module is imported when it is used, so that ``--help`` stays quick."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

import click

from fxsmwi.errors import ConfigError, FxsmwiError

OK, CHECK_FAILED, USAGE, HARDWARE, NOT_FOUND, INTERRUPTED = 0, 1, 2, 3, 4, 130
"""What a command exits with: all is well, a check failed, it was called or configured wrongly, hardware,
permission or a resource is missing, what it is about was not found, it was interrupted."""

COMMANDS = {
    "decode": ("decode", "What is on the line: find and decode messages in sound files."),
    "demo": ("demo", "The daemon on four simulated lines, fed by real SIP NOTIFYs."),
    "line": ("line", "Do something to one line's phone."),
    "run": ("run", "Run the daemon."),
    "set": ("set", "Set a lamp by hand."),
    "show": ("show", "Show what the running daemon knows."),
    "wav": ("wav", "Make signals as sound files."),
}


class _Lazy(click.Group):
    """Knows every command's name and first sentence, and imports what it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f".{COMMANDS[cmd_name][0]}", __name__)
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="fxsmwi", message="fxsmwi %(version)s")
@click.option("--debug", is_flag=True, help="Show where an error came from.")
def cli(debug: bool) -> None:
    """Keep the message-waiting lamp of every analog phone true.

    Exit codes: 0 ok, 1 a check failed, 2 usage or configuration, 3 hardware, permission or a resource that is
    missing, 4 not found.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command line, and exit as it went."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        code = cli.main(args=arguments, prog_name="fxsmwi", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python must not try to flush the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(OK)
    except Exception as error:
        if "--debug" in arguments or not _is_for_the_user(error):
            raise
        click.echo(f"fxsmwi: {error}", err=True)
        sys.exit(_exit_code(error))
    sys.exit(code or OK)


def _is_for_the_user(error: Exception) -> bool:
    from dsp.errors import SignalError
    from hw.base import LineError

    return isinstance(error, FxsmwiError | LineError | SignalError | OSError)


def _exit_code(error: Exception) -> int:
    from dsp.errors import SignalError

    if isinstance(error, ConfigError | SignalError):
        return USAGE
    if isinstance(error, FileNotFoundError):
        return NOT_FOUND
    return int(getattr(error, "exit_code", HARDWARE))
