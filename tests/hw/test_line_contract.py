"""What every line must do, whatever is behind it. A backend joins by a maker in `MAKERS`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from dsp.message import vmwi
from dsp.spill import render
from hw.base import Capability, Hook, HookChanged, Lamp, Line, LineEvent, LineOpenError
from hw.virtual import VirtualLine
from hw.wavfile import WavLine

MAKERS: dict[str, Callable[[Path], Line]] = {
    "virtual": lambda folder: VirtualLine("101", memory=folder / "phone"),
    "virtual, paced": lambda folder: VirtualLine("101", paced=True),
    "wav": lambda folder: WavLine(folder / "line.wav"),
}


@pytest.fixture(params=MAKERS)
def line(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Line]:
    made = MAKERS[request.param](tmp_path)
    yield made
    made.close()
    with pytest.raises(LineOpenError):
        made.hook()


@pytest.fixture
def events() -> list[LineEvent]:
    return []


@pytest.fixture
def opened(line: Line, events: list[LineEvent]) -> Line:
    line.open(events.append)
    return line


def burst(line: Line, *, waiting: bool = True) -> np.ndarray:
    return render(vmwi(waiting), sample_rate=line.format.sample_rate)


class TestLineContract:
    def test_its_device_names_its_kind(self, line: Line) -> None:
        kind, colon, name = line.device.partition(":")
        assert (kind in ("virtual", "wav"), colon, bool(name)) == (True, ":", True)

    def test_nothing_works_before_it_is_open(self, line: Line) -> None:
        for call in (line.hook, line.lamp, lambda: line.play(np.zeros(8))):
            with pytest.raises(LineOpenError):
                call()

    def test_a_burst_leaves_whole_and_moves_the_clock_by_its_length(self, opened: Line) -> None:
        samples = burst(opened)
        played = opened.play(samples)
        assert (played.samples, played.complete, played.why) == (len(samples), True, "")
        assert opened.clock == pytest.approx(len(samples) / opened.format.sample_rate)

    def test_bursts_of_any_length_are_taken(self, opened: Line) -> None:
        for length in (0, 1, opened.format.block, opened.format.block + 1):
            assert opened.play(np.zeros(length)).samples == length

    def test_a_line_that_sees_its_lamp_sees_it_change(self, opened: Line) -> None:
        opened.play(burst(opened, waiting=True))
        on = opened.lamp()
        opened.play(burst(opened, waiting=False))
        off = opened.lamp()
        sees = Capability.LAMP in opened.capabilities
        assert (on, off) == ((Lamp.ON, Lamp.OFF) if sees else (Lamp.UNKNOWN, Lamp.UNKNOWN))

    def test_a_line_that_knows_its_hook_plays_only_while_it_is_as_asked(self, opened: Line) -> None:
        if Capability.HOOK not in opened.capabilities:
            assert opened.hook() is Hook.UNKNOWN
            assert opened.play(burst(opened), while_hook=Hook.OFF).complete
            return
        assert opened.hook() is Hook.ON
        played = opened.play(burst(opened), while_hook=Hook.OFF)
        assert (played.samples, played.complete, played.why) == (0, False, "the phone is on-hook")

    def test_it_can_be_closed_twice_and_opened_again(self, line: Line, events: list[LineEvent]) -> None:
        for _ in range(2):
            line.open(events.append)
            assert line.clock == 0
            assert line.play(burst(line)).complete
            line.close()
            line.close()

    def test_stopping_a_line_that_does_not_play_does_nothing(self, opened: Line) -> None:
        opened.stop()
        assert opened.play(burst(opened)).complete

    def test_what_is_played_is_left_as_it_was(self, opened: Line) -> None:
        samples = burst(opened)
        samples.setflags(write=False)
        before = samples.copy()
        opened.play(samples)
        assert np.array_equal(samples, before)

    def test_a_handset_moved_by_call_is_told_once_and_seen(
        self, opened: Line, events: list[LineEvent]
    ) -> None:
        if Capability.HANDSET not in opened.capabilities:
            assert not hasattr(opened, "lift")
            return
        opened.lift()  # type: ignore[attr-defined]
        opened.lift()  # type: ignore[attr-defined]
        assert (opened.hook(), events) == (Hook.OFF, [HookChanged(Hook.OFF)])
        assert opened.play(burst(opened)).samples == 0
        opened.hang_up()  # type: ignore[attr-defined]
        assert (opened.hook(), events[1:]) == (Hook.ON, [HookChanged(Hook.ON)])

    def test_two_who_play_at_once_take_turns(self, opened: Line) -> None:
        samples = burst(opened)
        threads = [threading.Thread(target=opened.play, args=(samples,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert opened.clock == pytest.approx(2 * len(samples) / opened.format.sample_rate)
