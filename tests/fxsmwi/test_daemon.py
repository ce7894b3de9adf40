"""The daemon in this very process, on lines that the test holds in its hands."""

from __future__ import annotations

import asyncio
import random
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from fxsmwi.config import parse
from fxsmwi.daemon import Daemon
from fxsmwi.driver import Applied, Wish
from fxsmwi.mailbox import MailboxId
from hw.base import Hook, Lamp
from hw.virtual import VirtualLine

from .conftest import Pbx


class Rig:
    """A daemon with its lines; the phones' clocks run as fast as samples come."""

    def __init__(self, folder: Path, text: str) -> None:
        self.lines: dict[str, VirtualLine] = {}
        self.daemon = Daemon(parse(text, where="test", folder=folder), create_line=self._create)

    def _create(self, device: str) -> VirtualLine:
        line = VirtualLine(device.partition(":")[2])
        self.lines[device] = line
        return line

    @property
    def port(self) -> int:
        return self.daemon.transports[0].bound[1]

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not is_so():
                await asyncio.sleep(0.01)


@asynccontextmanager
async def running(folder: Path, pbx: Pbx, lines: str, *, sip: str = "") -> AsyncIterator[Rig]:
    peer = f'[[sip.peer]]\nname = "pbx"\naddress = "127.0.0.1:{pbx.port}"\n'
    rig = Rig(folder, '[sip]\nlisten = ["udp:127.0.0.1:0"]\n' + sip + peer + lines)
    ready = asyncio.Event()
    task = asyncio.create_task(rig.daemon.run(ready.set))
    await ready.wait()
    try:
        yield rig
    finally:
        rig.daemon.stop()
        await task


def line(name: str, mailbox: str, extra: str = "") -> str:
    return f'[[line]]\nname = "{name}"\ndevice = "virtual:{name}"\nmailbox = "{mailbox}"\n{extra}'


async def notify(rig: Rig, pbx: Pbx, user: str, counts: str) -> int:
    return await asyncio.to_thread(pbx.notify, user, counts, to=rig.port)


def test_two_lines_of_one_mailbox_both_light_up(tmp_path: Path, pbx: Pbx) -> None:
    async def play() -> None:
        async with running(tmp_path, pbx, line("101", "501") + line("102", "501,502")) as rig:
            assert await notify(rig, pbx, "501", "1/0") == 200
            await rig.until(lambda: all(each.phone.lamp is Lamp.ON for each in rig.lines.values()))
            assert await notify(rig, pbx, "501", "0/0") == 200
            await rig.until(lambda: rig.lines["virtual:101"].phone.lamp is Lamp.OFF)
            other = rig.daemon.runners["102"].driver
            # Nobody has told of 502, so that its line must not go dark: that would say "none".
            assert (other.wish, other.applied) == (Wish.UNKNOWN, Applied.ON)
            assert await notify(rig, pbx, "502", "0/0") == 200
            await rig.until(lambda: rig.lines["virtual:102"].phone.lamp is Lamp.OFF)

    asyncio.run(play())


def test_the_count_goes_along_where_the_phone_understands_it(tmp_path: Path, pbx: Pbx) -> None:
    async def play() -> None:
        async with running(tmp_path, pbx, line("101", "501", "send_count = true\n")) as rig:
            phone = rig.lines["virtual:101"].phone
            for counts, heard in (("3/0", 3), ("700/0", 255), ("0/1", 0)):
                assert await notify(rig, pbx, "501", counts) == 200
                await rig.until(lambda heard=heard: phone.heard is not None and phone.heard.count == heard)
            assert phone.lamp is Lamp.OFF

    asyncio.run(play())


def test_a_contradicting_count_is_left_out(tmp_path: Path, pbx: Pbx) -> None:
    async def play() -> None:
        async with running(tmp_path, pbx, line("101", "501", "send_count = true\n")) as rig:
            phone = rig.lines["virtual:101"].phone
            assert await asyncio.to_thread(pbx.notify, "501", "0/0", to=rig.port, waiting=True) == 200
            await rig.until(lambda: phone.lamp is Lamp.ON)
            assert phone.heard is not None
            assert phone.heard.count is None

    asyncio.run(play())


def test_a_card_that_is_pulled_and_returned_gets_its_lamps_back(tmp_path: Path, pbx: Pbx) -> None:
    async def play() -> None:
        async with running(tmp_path, pbx, line("101", "501")) as rig:
            card, driver = rig.lines["virtual:101"], rig.daemon.runners["101"].driver
            await notify(rig, pbx, "501", "1/0")
            await rig.until(lambda: driver.applied is Applied.ON)
            card.vanish("the card was pulled")
            await rig.until(lambda: driver.applied is Applied.UNKNOWN)
            assert (driver.hook, driver.why) == (Hook.UNKNOWN, "the card was pulled")
            card.phone.lamp = Lamp.OFF  # it had no power
            card.reappear()
            await rig.until(lambda: driver.applied is Applied.ON)
            assert card.phone.lamp is Lamp.ON

    asyncio.run(play())


def test_a_phone_that_does_not_react_is_not_called_lit(tmp_path: Path, pbx: Pbx) -> None:
    async def play() -> None:
        async with running(tmp_path, pbx, line("101", "501")) as rig:
            card, driver = rig.lines["virtual:101"], rig.daemon.runners["101"].driver
            card.phone.hear = lambda samples: None  # type: ignore[method-assign]
            await notify(rig, pbx, "501", "1/0")
            await rig.until(lambda: driver.why.startswith("on was sent, but the lamp shows off"))
            assert (driver.wish, driver.applied) == (Wish.ON, Applied.OFF)

    asyncio.run(play())


def test_a_backend_with_a_mistake_of_its_own_costs_one_line(tmp_path: Path, pbx: Pbx) -> None:
    async def play() -> None:
        async with running(tmp_path, pbx, line("101", "501") + line("102", "502")) as rig:
            broken = rig.lines["virtual:101"]
            broken.play = lambda samples: 1 // 0  # type: ignore[method-assign, assignment, misc]
            await notify(rig, pbx, "501", "1/0")
            await notify(rig, pbx, "502", "1/0")
            await rig.until(lambda: rig.lines["virtual:102"].phone.lamp is Lamp.ON)
            driver = rig.daemon.runners["101"].driver
            await rig.until(lambda: "ZeroDivisionError" in driver.why)
            assert driver.applied is Applied.UNKNOWN

    asyncio.run(play())


@pytest.mark.parametrize(("unknown_peer", "answer"), [("forbid", 403), ("ignore", None)])
def test_a_stranger_moves_nothing(tmp_path: Path, pbx: Pbx, unknown_peer: str, answer: int | None) -> None:
    stranger = Pbx()

    async def play() -> None:
        sip = f'unknown_peer = "{unknown_peer}"\n'
        async with running(tmp_path, pbx, line("101", "501"), sip=sip) as rig:
            datagram = stranger.write("501", "Messages-Waiting: yes\r\n")
            if answer is None:
                stranger._socket.sendto(datagram, ("127.0.0.1", rig.port))
            else:
                assert await asyncio.to_thread(stranger.send, datagram, to=rig.port) == answer
            assert await notify(rig, pbx, "501", "0/0") == 200  # has come through behind it
            entries = rig.daemon.board.entries()[MailboxId("501")]
            assert [entry.report.source for entry in entries] == ["sip:pbx"]
            assert rig.lines["virtual:101"].phone.lamp is Lamp.OFF

    asyncio.run(play())
    stranger.close()


def test_garbage_from_a_peer_moves_nothing_and_stops_nothing(tmp_path: Path, pbx: Pbx) -> None:
    noise = random.Random(1)

    async def play() -> None:
        async with running(tmp_path, pbx, line("101", "501")) as rig:
            good = pbx.write("501", "Messages-Waiting: yes\r\n")
            for _ in range(300):
                bad = bytearray(good[: noise.randrange(len(good))])
                for _ in range(noise.randrange(8)):
                    bad.insert(noise.randrange(len(bad) + 1), noise.randrange(256))
                pbx._socket.sendto(bytes(bad), ("127.0.0.1", rig.port))
                await asyncio.sleep(0)
            pbx._socket.setblocking(False)
            await asyncio.sleep(0.2)
            while True:
                try:
                    assert not pbx._socket.recv(65535).startswith(b"SIP/2.0 200")
                except BlockingIOError:
                    break
            pbx._socket.settimeout(5)
            assert rig.daemon.board.entries() == {MailboxId("501"): ()}
            assert await notify(rig, pbx, "501", "1/0") == 200
            await rig.until(lambda: rig.lines["virtual:101"].phone.lamp is Lamp.ON)

    asyncio.run(play())


def test_a_storm_over_ten_thousand_mailboxes_settles_without_a_loss(tmp_path: Path, pbx: Pbx) -> None:
    boxes = [str(number) for number in range(10_000, 20_000)]

    def storm(port: int) -> int:
        """Send one NOTIFY a mailbox, at most 64 unanswered (what a receive buffer holds); count the 200s."""
        answered, pending = 0, 0
        for number, box in enumerate(boxes):
            body = f"Messages-Waiting: {'no' if number % 2 else 'yes'}\r\n"
            pbx._socket.sendto(pbx.write(box, body), ("127.0.0.1", port))
            pending += 1
            while pending >= 64 or (number == len(boxes) - 1 and pending):
                answered += pbx._socket.recv(65535).startswith(b"SIP/2.0 200")
                pending -= 1
        return answered

    async def play() -> None:
        lines = line("101", ",".join(boxes[::2])) + line("102", ",".join(boxes[1::2]))
        async with running(tmp_path, pbx, lines) as rig:
            started = time.monotonic()
            assert await asyncio.to_thread(storm, rig.port) == len(boxes)
            assert time.monotonic() - started < 60
            told = {
                str(box.user): rows[0].report.state.waiting
                for box, rows in rig.daemon.board.entries().items()
            }
            assert told == {box: not number % 2 for number, box in enumerate(boxes)}
            await rig.until(lambda: rig.lines["virtual:101"].phone.lamp is Lamp.ON)
            await rig.until(lambda: rig.daemon.runners["102"].driver.applied is Applied.OFF)

    asyncio.run(play())


def test_what_a_removed_peer_said_is_forgotten(tmp_path: Path, pbx: Pbx) -> None:
    async def play() -> None:
        async with running(tmp_path, pbx, line("101", "501")) as rig:
            await notify(rig, pbx, "501", "1/0")
        other = Rig(tmp_path, '[sip]\nlisten = ["udp:127.0.0.1:0"]\n' + line("101", "501"))
        task = asyncio.create_task(other.daemon.run())
        await other.until(lambda: bool(other.daemon.runners))
        assert other.daemon.board.entries() == {MailboxId("501"): ()}
        other.daemon.stop()
        await task
        async with running(tmp_path, pbx, line("101", "501")) as again:
            assert again.daemon.board.entries() == {MailboxId("501"): ()}

    asyncio.run(play())


def test_an_ipv6_peer_is_served(tmp_path: Path, pbx: Pbx) -> None:
    async def play() -> None:
        sip = '[[sip.peer]]\nname = "six"\naddress = "::1"\n'
        text = '[sip]\nlisten = ["udp:[::1]:0"]\n' + sip + line("101", "501")
        rig = Rig(tmp_path, text)
        ready = asyncio.Event()
        task = asyncio.create_task(rig.daemon.run(ready.set))
        await ready.wait()
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as six:
            six.settimeout(5)
            six.sendto(pbx.write("501", "Messages-Waiting: yes\r\n"), ("::1", rig.port))
            answer = await asyncio.to_thread(six.recv, 65535)
        assert answer.startswith(b"SIP/2.0 200")
        await rig.until(lambda: rig.lines["virtual:101"].phone.lamp is Lamp.ON)
        rig.daemon.stop()
        await task

    if not socket.has_ipv6 or not Path("/proc/net/if_inet6").read_text().strip():
        pytest.skip("no IPv6 on this host")
    asyncio.run(play())


def test_news_refusals_and_repetitions_are_logged_by_their_weight(
    tmp_path: Path, pbx: Pbx, caplog: pytest.LogCaptureFixture
) -> None:
    async def play() -> None:
        async with running(tmp_path, pbx, line("101", "501")) as rig:
            good = pbx.write("501", "Messages-Waiting: yes\r\n")
            for datagram, answer in (
                (good, 200),
                (good, 200),
                (pbx.write("502", "Messages-Waiting: yes\r\n"), 404),
            ):
                assert await asyncio.to_thread(pbx.send, datagram, to=rig.port) == answer

    caplog.set_level("DEBUG", logger="fxsmwi.daemon")
    asyncio.run(play())
    assert [record.levelname for record in caplog.records if record.name == "fxsmwi.daemon"] == [
        "INFO",
        "DEBUG",
        "WARNING",
    ]


def test_a_flood_is_not_a_flood_of_log(tmp_path: Path, pbx: Pbx, caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        async with running(tmp_path, pbx, line("101", "501")) as rig:
            for _ in range(500):
                await asyncio.to_thread(pbx.send, pbx.write("502", "Messages-Waiting: yes\r\n"), to=rig.port)

    asyncio.run(play())
    notes = [record for record in caplog.records if "502" in record.getMessage()]
    assert 20 <= len(notes) <= 100
