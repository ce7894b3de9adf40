from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from dsp.message import call_setup, vmwi
from dsp.spill import render
from hw.base import Hook, HookChanged, Lamp, LineEvent, LineGone, LineGoneError, LineOpenError, Played
from hw.virtual import BLOCK, SAMPLE_RATE, VirtualLine

ON = render(vmwi(True), sample_rate=SAMPLE_RATE)
OFF = render(vmwi(False), sample_rate=SAMPLE_RATE)


def ignore(event: LineEvent) -> None:
    pass


@pytest.fixture
def line() -> VirtualLine:
    made = VirtualLine("101")
    made.open(ignore)
    return made


def play_in_thread(line: VirtualLine, samples: np.ndarray) -> tuple[threading.Thread, list[object]]:
    outcome: list[object] = []

    def play() -> None:
        try:
            outcome.append(line.play(samples))
        except LineGoneError as error:
            outcome.append(error)

    thread = threading.Thread(target=play)
    thread.start()
    while line.clock < 0.1:
        time.sleep(0.001)
    return thread, outcome


def test_the_phone_decodes_what_it_hears(line: VirtualLine) -> None:
    line.play(ON)
    assert line.phone.lamp is Lamp.ON
    assert line.phone.heard is not None
    assert line.phone.heard.message == vmwi(True)


def test_a_call_set_up_never_moves_the_lamp(line: VirtualLine) -> None:
    line.play(ON)
    line.play(render(call_setup(date="11230200", number="1234"), sample_rate=SAMPLE_RATE))
    assert line.phone.lamp is Lamp.ON


def test_the_last_of_two_messages_counts(line: VirtualLine) -> None:
    line.play(np.concatenate([ON, np.zeros(2000), OFF]))
    assert line.phone.lamp is Lamp.OFF


def test_a_burst_with_a_wrong_checksum_moves_nothing(line: VirtualLine) -> None:
    broken = bytearray(vmwi(True))
    broken[-1] ^= 1
    line.play(render(bytes(broken), sample_rate=SAMPLE_RATE))
    assert line.phone.lamp is Lamp.OFF


def test_paced_playing_takes_as_long_as_the_samples_last() -> None:
    line = VirtualLine("101", paced=True)
    line.open(ignore)
    start = time.monotonic()
    line.play(np.zeros(SAMPLE_RATE // 5))
    assert time.monotonic() - start >= 0.2 - BLOCK / SAMPLE_RATE


def test_lifting_the_handset_in_mid_burst_ends_it_within_50_ms_and_the_lamp_stays() -> None:
    line, events = VirtualLine("101", paced=True), []
    line.open(events.append)
    thread, outcome = play_in_thread(line, ON)
    before = line.clock
    line.lift()
    thread.join(0.3)  # well before the burst would have ended by itself
    assert not thread.is_alive()
    assert line.clock - before <= 0.05
    (played,) = outcome
    assert isinstance(played, Played)
    assert (played.complete, played.why) == (False, "the phone went off-hook")
    assert 0 < played.samples < len(ON)
    assert (line.phone.lamp, events) == (Lamp.OFF, [HookChanged(Hook.OFF)])


@pytest.mark.parametrize(("end", "why"), [("stop", "stopped"), ("close", "the line was closed")])
def test_stopping_or_closing_cuts_a_burst_short(end: str, why: str) -> None:
    line = VirtualLine("101", paced=True)
    line.open(ignore)
    thread, outcome = play_in_thread(line, ON)
    getattr(line, end)()
    thread.join()
    (played,) = outcome
    assert isinstance(played, Played)
    assert (played.complete, played.why) == (False, why)


def test_a_vanished_line_says_so_and_can_be_opened_when_it_is_back() -> None:
    line, events = VirtualLine("101", paced=True), []
    line.open(events.append)
    thread, outcome = play_in_thread(line, ON)
    line.vanish("pulled out")
    thread.join()
    assert isinstance(outcome[0], LineGoneError)
    assert events == [LineGone("pulled out")]
    with pytest.raises(LineOpenError, match="pulled out"):
        line.open(ignore)
    with pytest.raises(LineGoneError, match="pulled out"):
        line.lamp()
    line.reappear()
    line.open(ignore)
    assert line.lamp() is Lamp.OFF


def test_the_phone_remembers_lamp_and_hook_as_a_real_one_does(tmp_path: Path) -> None:
    memory = tmp_path / "phones" / "101"
    first = VirtualLine("101", memory=memory)
    first.open(ignore)
    first.play(ON)
    first.lift()
    second = VirtualLine("101", memory=memory)
    assert (second.phone.lamp, second.phone.hook) == (Lamp.ON, Hook.OFF)


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", "{}", '{"lamp": "on"}', '{"lamp": 1, "hook": "on"}', "\x00"]
)
def test_a_damaged_memory_is_a_new_phone(tmp_path: Path, damage: str) -> None:
    memory = tmp_path / "101"
    memory.write_text(damage)
    assert VirtualLine("101", memory=memory).phone.lamp is Lamp.OFF


def test_a_memory_that_cannot_be_written_costs_a_warning_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    line = VirtualLine("101", memory=tmp_path / "file" / "101")
    line.open(ignore)
    line.play(ON)
    assert line.phone.lamp is Lamp.ON
    assert "forgets its lamp" in caplog.text
