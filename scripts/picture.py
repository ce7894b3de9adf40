"""Draw the demo as it looks in a terminal of 100 columns, for the README: ``make picture``."""

from __future__ import annotations

import asyncio
import io
import re
import sys
import tempfile
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from fxsmwi.demo.script import SCRIPT
from fxsmwi.demo.stage import open_stage
from fxsmwi.demo.view import Glyphs, Log, live

STEPS = 7
"""How far the script is played: one lamp lit by each sender, one phone off-hook in mid-burst."""
WITHOUT_FONTS = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
"""The picture loads nothing from anywhere."""


async def draw(path: Path) -> None:
    """Play the script's first steps, and write what the screen shows then."""
    console = Console(record=True, width=100, file=io.StringIO(), force_terminal=True)
    log = Log()
    with tempfile.TemporaryDirectory() as folder:
        async with open_stage(Path(folder)) as stage:
            for step in SCRIPT[:STEPS]:
                log.add_result(await stage.play(step))
            console.print(live(stage, log, Glyphs(console)))
    path.write_text(console.export_svg(title="fxsmwi demo", code_format=WITHOUT_FONTS, unique_id="demo"))


asyncio.run(draw(Path(sys.argv[1])))
