"""The local control socket: how `fxsmwi show` and `fxsmwi set` talk to the running daemon.

A request is one line of JSON, ``{"do": "set-mwi", "line": "101", "to": "on"}``; so is the answer,
``{"ok": value}`` or ``{"error": text, "exit": code}``. The socket belongs to the daemon's user alone.
"""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import os
import socket
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .errors import FxsmwiError

log = logging.getLogger(__name__)

DEFAULT_SOCKET = "fxsmwi.sock"
"""The socket's name where [control] gives none; it lies beside the configuration."""
LONGEST_REQUEST = 65536
PATIENCE_S = 5.0
"""Seconds that a request may take to arrive, and an answer to come."""

Handle = Callable[[dict[str, Any]], object]


class ControlError(FxsmwiError):
    """The daemon can't be asked, or says no.

    Parameters
    ----------
    exit_code : int
        What the command exits with: 2 usage, 3 permission, 4 not found.
    """

    def __init__(self, text: str, *, exit_code: int) -> None:
        self.exit_code = exit_code
        super().__init__(text)


class ControlServer:
    """Listens on the control socket.

    Parameters
    ----------
    path : Path
    handle : callable
        Gets a request and gives what is answered, or raises `ControlError`.
    """

    def __init__(self, path: Path, handle: Handle) -> None:
        self._path = path
        self._handle = handle
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Take the socket; one that a killed daemon left behind is removed.

        Raises
        ------
        ControlError
            If a daemon answers there, or the socket can't be made.
        """
        if _answers(self._path):
            raise ControlError(f"{self._path}: another fxsmwi listens there; stop it first", exit_code=3)
        try:
            if self._path.exists() and not self._path.is_socket():
                raise FileExistsError(errno.EEXIST, "there is something else of that name")
            self._path.unlink(missing_ok=True)
            before = os.umask(0o177)
            try:
                self._server = await asyncio.start_unix_server(self._serve, self._path, limit=LONGEST_REQUEST)
            finally:
                os.umask(before)
        except OSError as error:
            raise ControlError(
                f"{self._path}: {error.strerror}. Name a socket that you may make in [control].",
                exit_code=3,
            ) from error

    async def close(self) -> None:
        """Stop listening, and take the socket away."""
        if self._server is not None:
            self._server.close()
            self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                line = await reader.readuntil(b"\n")
                writer.write(json.dumps(self._answer(line)).encode() + b"\n")
                await writer.drain()
        except (
            TimeoutError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
            ConnectionError,
        ) as error:
            log.debug("control: %s", error)
        finally:
            writer.close()

    def _answer(self, line: bytes) -> dict[str, object]:
        try:
            request = json.loads(line)
            if not isinstance(request, dict):
                raise ControlError("a request is a JSON object", exit_code=2)
            return {"ok": self._handle(request)}
        except ControlError as error:
            return {"error": str(error), "exit": error.exit_code}
        except (ValueError, RecursionError) as error:
            return {"error": f"not JSON: {error}", "exit": 2}


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(PATIENCE_S)
        try:
            probe.connect(os.fspath(path))
        except OSError:
            return False
        return True


def find_socket(config: Path) -> Path:
    """Give the control socket that a configuration file names.

    No more of the file is looked at: a daemon can be asked while its configuration is being edited, and the
    question is not kept waiting by all the checks that `fxsmwi.config.load` makes.

    Raises
    ------
    ControlError
        If the file can't be read, or is not TOML.
    """
    try:
        control = tomllib.loads(config.read_text(encoding="utf-8")).get("control", {})
        return Path(config.absolute().parent, control.get("socket", DEFAULT_SOCKET))
    except OSError as error:
        raise ControlError(
            f"{config}: {error.strerror}: name the daemon's file with -c", exit_code=4
        ) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise ControlError(f"{config}: no configuration: {error}", exit_code=2) from error


def ask(path: Path, request: dict[str, Any]) -> Any:
    """Send *request* to the daemon at *path*, and give its answer.

    Raises
    ------
    ControlError
        If no daemon answers there, or it says no.
    """
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PATIENCE_S)
        try:
            connection.connect(os.fspath(path))
            connection.sendall(json.dumps(request).encode() + b"\n")
            with connection.makefile("rb") as stream:
                line = stream.readline()
        except (FileNotFoundError, ConnectionRefusedError) as error:
            raise ControlError(
                f"no fxsmwi runs at {path}: start it with 'fxsmwi run'", exit_code=4
            ) from error
        except PermissionError as error:
            raise ControlError(f"{path}: only the user that runs fxsmwi may ask it", exit_code=3) from error
        except OSError as error:
            raise ControlError(f"{path}: {error}", exit_code=3) from error
    if not line:
        raise ControlError(f"{path}: the daemon closed the connection", exit_code=3)
    answer = json.loads(line)
    if "error" in answer:
        raise ControlError(answer["error"], exit_code=answer["exit"])
    return answer["ok"]
