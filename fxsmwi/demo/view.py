"""How the demo looks: a live table of lines and what just happened, or the script's results as a table."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable

from rich import box
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from fxsmwi.status import LineStatus, line_status

from .script import LINES
from .stage import Result, Stage

COLUMNS = {"KEY": 3, "LINE": 4, "LAMP": 4, "MAILBOX": 13, "NEW/OLD": 7, "DESIRED": 7, "APPLIED": 7, "HOOK": 8}
"""Heads and widths that fit a terminal of 80 columns, with the rest for the last burst."""
APPLIED_STYLE = {"on": "bold red", "off": "dim", "unknown": "bold yellow"}


class Log:
    """The last things that happened, newest last."""

    height = 11

    def __init__(self) -> None:
        self._rows: deque[Text] = deque(maxlen=self.height - 2)

    def add(self, text: str, style: str = "") -> None:
        """Note that something happened just now."""
        row = Text.assemble(
            (time.strftime("%H:%M:%S  "), "dim"), (text, style), overflow="ellipsis", no_wrap=True
        )
        self._rows.append(row)

    def add_result(self, result: Result) -> None:
        """Note what came of a step."""
        answer = "" if result.answer is None else f"  -> {result.answer}"
        otherwise = f" (not as scripted: {'; '.join(result.faults)})" if result.faults else ""
        self.add(result.step.title + answer + otherwise, "yellow" if otherwise else "")

    def rows(self) -> list[Text]:
        """Give the lines to show."""
        return list(self._rows)


class Glyphs:
    """Lamp and hook as signs, in plain ASCII where the terminal knows no more."""

    def __init__(self, console: Console) -> None:
        rich = console.encoding.startswith("utf")
        self.lamp = {"on": "●" if rich else "(*)", "off": "○" if rich else "( )"}

    def lamps(self, lit: tuple[str, ...]) -> str:
        """Write all lamps in a row."""
        return " ".join(self.lamp["on" if line in lit else "off"] for line in LINES)


def live(stage: Stage, log: Log, glyphs: Glyphs) -> Group:
    """Show the lines as they are this moment, and the last events."""
    table = Table(box=box.SIMPLE_HEAD, expand=True, show_edge=False, padding=(0, 1, 0, 0))
    for head, width in COLUMNS.items():
        table.add_column(head, no_wrap=True, min_width=width)
    table.add_column("LAST BURST", no_wrap=True, ratio=1)
    reasons = []
    for key, line in enumerate(LINES, start=1):
        status = line_status(stage.runner(line), stage.daemon.board)
        table.add_row(str(key), *_cells(status, glyphs))
        reasons.append(Text.assemble((f"{line}  ", "bold"), status["why"], overflow="ellipsis", no_wrap=True))
    return Group(
        table,
        Panel(Group(*reasons), title="why", title_align="left"),
        Panel(Group(*log.rows()), title="what happened", title_align="left", height=log.height),
        Text("keys 1-4 lift a handset or hang up, q quits", style="dim"),
    )


def _cells(status: LineStatus, glyphs: Glyphs) -> Iterable[Text | str]:
    lamp, hook = status["lamp"], status["hook"]
    yield status["name"]
    yield Text(glyphs.lamp.get(lamp, "?"), style="bold red" if lamp == "on" else "dim")
    yield ",".join(status["mailboxes"])
    yield "/".join("-" if count is None else str(count) for count in (status["new"], status["old"]))
    yield status["desired"]
    yield Text(status["applied"], style=APPLIED_STYLE.get(status["applied"], ""))
    yield Text(f"{hook}-hook", style="bold yellow" if hook == "off" else "")
    yield (status["last_sent_hex"] or "-").replace(" ", "")


def report(results: list[Result], glyphs: Glyphs) -> Table:
    """Write what was expected and what each lamp showed, one row a step."""
    table = Table(box=box.SIMPLE_HEAD, caption=f"lamps of the lines {', '.join(LINES)}", show_edge=False)
    table.add_column("#", justify="right")
    table.add_column("what happens", overflow="fold")
    for head in ("answer", "expected", "lamps", "expected"):
        table.add_column(head, no_wrap=True)
    table.add_column("")
    for number, result in enumerate(results, start=1):
        step = result.step
        verdict = (
            Text("; ".join(result.faults), style="bold red") if result.faults else Text("ok", style="green")
        )
        got, expected = ("-" if answer is None else str(answer) for answer in (result.answer, step.answer))
        shown, due = (glyphs.lamps(lit) for lit in (result.lit, step.lit))
        table.add_row(str(number), step.title, got, expected, shown, due, verdict)
    return table
