"""``fxsmwi run``."""

from __future__ import annotations

import asyncio
import logging
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import config_option, find_config

if TYPE_CHECKING:
    from fxsmwi.daemon import Daemon


@click.command("run")
@config_option
@click.option("-v", "--verbose", is_flag=True, help="Log every NOTIFY, also those that change nothing.")
def command(config_path: Path | None, verbose: bool) -> None:
    """Run the daemon until SIGTERM or Ctrl-C; lamps stay as they are then."""
    from fxsmwi.config import load
    from fxsmwi.daemon import Daemon

    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    asyncio.run(_run(Daemon(load(find_config(config_path)))))


async def _run(daemon: Daemon) -> None:
    from fxsmwi.sip.uri import format_address

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, daemon.stop)

    def say() -> None:
        lines = len(daemon.config.line)
        places = ", ".join(f"udp:{format_address(transport.bound)}" for transport in daemon.transports)
        logging.getLogger("fxsmwi").info("ready: %d lines, listening on %s", lines, places)

    await daemon.run(on_ready=say)
