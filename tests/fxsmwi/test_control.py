from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from fxsmwi.control import LONGEST_REQUEST, ControlError, ControlServer, ask, find_socket


def answer(request: dict[str, Any]) -> object:
    if "line" not in request:
        raise ControlError("which line?", exit_code=4)
    return {"heard": request}


@asynccontextmanager
async def serving(path: Path) -> AsyncIterator[None]:
    server = ControlServer(path, answer)
    await server.open()
    try:
        yield
    finally:
        await server.close()


def while_serving(path: Path, call: Callable[[], Any]) -> Any:
    """Run a blocking call beside a server."""

    async def both() -> Any:
        async with serving(path):
            return await asyncio.to_thread(call)

    return asyncio.run(both())


def talk(path: Path, data: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(os.fspath(path))
        connection.sendall(data)
        with connection.makefile("rb") as stream:
            return stream.readline()


def test_a_question_is_answered(tmp_path: Path) -> None:
    path = tmp_path / "s"
    assert while_serving(path, lambda: ask(path, {"line": "101"})) == {"heard": {"line": "101"}}


def test_a_no_comes_with_its_exit_code(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with pytest.raises(ControlError, match=r"which line\?") as caught:
        while_serving(path, lambda: ask(path, {}))
    assert caught.value.exit_code == 4


@pytest.mark.parametrize("line", [b"hello\n", b"[]\n", b'"\xff"\n', b"[" * 20000 + b"\n", b"\n"])
def test_garbage_is_answered_with_an_error(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "s"
    assert json.loads(while_serving(path, lambda: talk(path, line)))["exit"] == 2


def test_too_much_is_cut_off_and_the_next_is_served(tmp_path: Path) -> None:
    path = tmp_path / "s"

    def flood_then_ask() -> Any:
        with contextlib.suppress(ConnectionError):  # the server may hang up before all is sent
            assert talk(path, b"x" * (4 * LONGEST_REQUEST)) == b""
        return ask(path, {"line": "101"})

    assert while_serving(path, flood_then_ask) == {"heard": {"line": "101"}}


def test_the_socket_belongs_to_its_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "s"
    assert stat.S_IMODE(while_serving(path, path.stat).st_mode) == 0o600
    assert not path.exists()


def test_a_socket_left_by_a_killed_daemon_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(os.fspath(path))
    assert while_serving(path, lambda: ask(path, {"line": 1})) == {"heard": {"line": 1}}


def test_a_socket_that_answers_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "s"

    async def second() -> None:
        async with serving(path):
            with pytest.raises(ControlError, match="another fxsmwi listens"):
                await ControlServer(path, answer).open()
            assert await asyncio.to_thread(ask, path, {"line": 1}) == {"heard": {"line": 1}}

    asyncio.run(second())


def test_a_file_of_that_name_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "s"
    path.write_text("dear diary")
    with pytest.raises(ControlError, match="something else"):
        while_serving(path, lambda: None)
    assert path.read_text() == "dear diary"


@pytest.mark.parametrize("left", [False, True])
def test_without_a_daemon_the_way_to_start_one_is_told(tmp_path: Path, left: bool) -> None:
    path = tmp_path / "s"
    if left:
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(os.fspath(path))
    with pytest.raises(ControlError, match="start it with 'fxsmwi run'") as caught:
        ask(path, {})
    assert caught.value.exit_code == 4


def test_the_socket_is_found_in_a_configuration_that_is_being_edited(tmp_path: Path) -> None:
    config = tmp_path / "fxsmwi.toml"
    config.write_text("[[line]]\n")
    assert find_socket(config) == tmp_path / "fxsmwi.sock"
    config.write_text('[control]\nsocket = "run/x"\n')
    assert find_socket(config) == tmp_path / "run" / "x"


@pytest.mark.parametrize(
    ("text", "exit_code"), [(None, 4), ("[control", 2), ("control = 5", 2), ("[control]\nsocket = 5", 2)]
)
def test_a_configuration_without_a_socket_is_refused(
    tmp_path: Path, text: str | None, exit_code: int
) -> None:
    config = tmp_path / "fxsmwi.toml"
    if text is not None:
        config.write_text(text)
    with pytest.raises(ControlError) as caught:
        find_socket(config)
    assert caught.value.exit_code == exit_code
