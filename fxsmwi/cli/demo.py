"""``fxsmwi demo``."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import tempfile
import termios
import tty
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from fxsmwi.demo.stage import Stage
    from fxsmwi.demo.view import Log

PAUSE_S = 3.0
"""Seconds between two steps of the live demo, to look at the lamps."""
FRAMES_PER_S = 10


@click.command("demo")
@click.option("--once", is_flag=True, help="Play the script without a terminal, check every lamp, and end.")
def command(once: bool) -> None:
    """Run the daemon on four simulated lines, fed by real SIP NOTIFYs through a real UDP socket.

    The NOTIFYs are those of a real Asterisk 22, Asterisk 16 and Kamailio. Keys 1 to 4 lift a handset or hang
    up, q quits. With --once, or without a terminal, the script is played once; the exit code is 0 only if
    every answer and every lamp came out as expected, and 1 otherwise.
    """
    from rich.console import Console

    for name in ("fxsmwi", "hw"):  # the table says it all
        logging.getLogger(name).addHandler(logging.NullHandler())
    console = Console()
    with tempfile.TemporaryDirectory(prefix="fxsmwi-demo-") as folder:
        if once or not (console.is_terminal and sys.stdin.isatty()):
            all_well = asyncio.run(_play_once(console, Path(folder)))
            sys.exit(0 if all_well else 1)
        with _raw_keys(sys.stdin.fileno()):
            asyncio.run(_play_live(console, Path(folder)))


async def _play_once(console: Console, folder: Path) -> bool:
    from fxsmwi.demo.script import SCRIPT
    from fxsmwi.demo.stage import open_stage
    from fxsmwi.demo.view import Glyphs, report

    async with open_stage(folder) as stage:
        results = [await stage.play(step) for step in SCRIPT]
    console.print(report(results, Glyphs(console)))
    wrong = sum(bool(result.faults) for result in results)
    console.print(f"{len(results) - wrong} steps right, {wrong} wrong")
    return not wrong


async def _play_live(console: Console, folder: Path) -> None:
    from rich.live import Live

    from fxsmwi.demo.stage import open_stage
    from fxsmwi.demo.view import Glyphs, Log, live

    log, glyphs, done = Log(), Glyphs(console), asyncio.Event()
    async with open_stage(folder) as stage:
        asyncio.get_running_loop().add_reader(sys.stdin, _take_key, stage, log, done)
        playing = asyncio.create_task(_repeat_script(stage, log))
        with Live(console=console, screen=True, auto_refresh=False) as screen:
            while not done.is_set() and not playing.done():
                screen.update(live(stage, log, glyphs), refresh=True)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(done.wait(), 1 / FRAMES_PER_S)
        asyncio.get_running_loop().remove_reader(sys.stdin)
        if playing.done():
            playing.result()  # raises what ended it
        playing.cancel()


async def _repeat_script(stage: Stage, log: Log) -> None:
    from fxsmwi.demo.script import SCRIPT

    turn = 0
    while True:
        for step in SCRIPT:
            log.add_result(await stage.play(step, turn=turn, patience_s=PAUSE_S))
            await asyncio.sleep(PAUSE_S)
        turn += 1


def _take_key(stage: Stage, log: Log, done: asyncio.Event) -> None:
    from fxsmwi.demo.script import LINES

    key = sys.stdin.read(1)
    if key in ("q", "\x03", "\x04", ""):
        done.set()
    elif key.isdigit() and 0 < int(key) <= len(LINES):
        line = LINES[int(key) - 1]
        stage.toggle_hook(line)
        log.add(f"you moved the handset of {line}", "bold")


@contextlib.contextmanager
def _raw_keys(terminal: int) -> Iterator[None]:
    """Take keys one by one, unechoed, and give the terminal back as it was."""
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
