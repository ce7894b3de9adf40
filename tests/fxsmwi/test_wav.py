"""`fxsmwi wav` besides what test_cli.py shows: everything that it makes is what it says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from dsp import asterisk, dtmf, ntt
from dsp.dialects import Dialect
from dsp.levels import Law, amplitude
from dsp.message import Format, vmwi
from dsp.receiver import receive
from dsp.spill import render
from dsp.standards import Standard
from dsp.timing import AlertMode, check
from dsp.tones import Alert, alert, country, render_tone
from dsp.transmission import plan, timeline
from fxsmwi.cli import main, wavoptions, wavothers
from fxsmwi.signals import What
from fxsmwi.soundfiles import SUBTYPES
from fxsmwi.voltages import Lamp

Run = Callable[..., tuple[int, str, str]]
SAMPLE_S = 1 / 8000


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``fxsmwi wav`` in an empty folder; give exit code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def run_(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(("wav", *map(str, words)))
        seen = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, seen.out, seen.err

    return run_


def made(run: Run, *words: str) -> dict[str, Any]:
    """Make ``x.wav`` and return what is true of it."""
    code, out, err = run(*words, "--json", "-o", "x.wav")
    assert (code, err) == (0, "")
    true: dict[str, Any] = json.loads(out)
    return true


@pytest.mark.parametrize("standard", ["bellcore", "etsi", "bt"])
@pytest.mark.parametrize("mode", list(AlertMode))
@pytest.mark.parametrize("line", [(), ("--clock", "0.4%", "--snr", "25", "--seed", "3")])
def test_a_transmission_is_decoded_and_its_times_are_true(
    run: Run, standard: str, mode: AlertMode, line: tuple[str, ...]
) -> None:
    true = made(run, "make", "--message", "vmwi-on", "--standard", standard, "--alert", mode, *line)
    samples, _ = soundfile.read("x.wav")
    assert len(samples) == true["samples"]
    (burst,) = receive(samples, sample_rate=8000, standards=[standard])
    assert burst.message.hex() == true["message_hex"] == true["sent_hex"] == vmwi(True).hex()
    assert burst.start_s == pytest.approx(true["start_s"], abs=0.001)  # the receiver's own promise is 0.5 ms
    assert burst.end_s == pytest.approx(true["end_s"], abs=3 * SAMPLE_S)


@pytest.mark.parametrize("standard", ["bellcore", "etsi", "bt", "ntt"])
def test_bits_are_where_the_truth_has_them(run: Run, standard: str) -> None:
    what = "call" if standard == "ntt" else "vmwi-on"
    true = made(
        run, "make", "--message", what, "--standard", standard, "--encoding", "float32", "--seed", "5"
    )
    samples, _ = soundfile.read("x.wav")
    assert true["bit_s"] == 1 / 1200
    first = np.flatnonzero(samples)[0]
    assert -1e-9 <= first * SAMPLE_S - true["start_s"] <= SAMPLE_S + 1e-9
    # In a byte's first bit, a start bit, there is the space tone.
    space = {"bellcore": 2200, "etsi": 2100, "bt": 2100, "ntt": 2100}[standard]
    for start_s in true["byte_s"]:
        place = round((start_s - true["start_s"]) / true["bit_s"])
        assert true["bits"][place - 1 : place + 1] == "10"
        at = np.arange(int(np.ceil(start_s * 8000)), int(start_s * 8000 + 6.6))
        turn = 2 * np.cos(2 * np.pi * space / 8000)  # a sine obeys x[n+1] = turn x[n] - x[n-1]
        assert samples[at[2:]] == pytest.approx(turn * samples[at[1:-1]] - samples[at[:-2]], abs=1e-5)


def test_the_plain_burst_is_the_reference_one(run: Run) -> None:
    made(run, "make", "--message", "vmwi-on", "--encoding", "float32", "--twist", "2", "--level", "-20")
    samples, _ = soundfile.read("x.wav", dtype="float32")
    reference = render(vmwi(True), sample_rate=8000, level_dbm0=-20, twist_db=2, lead_s=0.5, trail_s=0.2)
    assert np.array_equal(samples, reference.astype(np.float32))


@pytest.mark.parametrize("mode", list(AlertMode))
def test_the_line_does_what_was_planned_when_it_was_planned(run: Run, mode: AlertMode) -> None:
    true = made(run, "make", "--message", "vmwi-on", "--standard", "bt", "--alert", mode)
    planned = timeline(plan(vmwi(True), alert=mode, standard="bt"))
    assert all(finding.is_met for finding in check(planned, alert=mode, standard="bt"))
    told = sorted(
        (
            *(action["start_s"] for action in true["actions"] if action["action"] not in _NO_EVENT),
            *(tone["start_s"] for tone in true["tones"]),
            true["start_s"],
        )
    )
    lead = 0.0 if mode is AlertMode.NONE else 0.5
    assert told == pytest.approx([moment.start_s + lead for moment in planned[:-1]], abs=SAMPLE_S)


_NO_EVENT = ("transmit", "await-ack")


def test_framing_and_faults_are_sent_and_told(run: Run) -> None:
    words = ("--seizure", "200", "--mark", "100", "--stuffing", "3", "--seizure-left", "151")
    true = made(run, "make", "--message", "vmwi-on", *words, "--checksum", "0x55", "--baud", "-1%")
    assert (true["seizure_bits"], true["mark_bits"], true["stuffing_bits"]) == (151, 100, 3)
    assert len(true["bits"]) == 151 + 100 + 6 * 13 - 3 + 2
    assert (true["baud"], true["checksum_ok"], true["sent_hex"]) == (1188, False, "82030b01ff25")
    samples, _ = soundfile.read("x.wav")
    (burst,) = receive(samples, sample_rate=8000, damaged=True)
    assert (burst.message.hex(), burst.checksum_ok) == ("82030b01ff25", False)


def test_a_drop_out_is_silent(run: Run) -> None:
    made(run, "make", "--message", "vmwi-on", "--drop-out", "0.1:0.01")
    samples, _ = soundfile.read("x.wav")
    assert not samples[4800:4880].any()
    assert samples[4790:4800].any()


def test_ntt_tells_of_calls(run: Run) -> None:
    true = made(run, "make", "--message", "call", "--standard", "ntt", "--number", "5551234")
    assert true["message_hex"] == ntt.call_setup(number="5551234").hex()
    code, _, err = run("make", "--message", "vmwi-on", "--standard", "ntt", "-o", "y.wav")
    assert (code, err) == (2, "fxsmwi: ntt knows no message that lights a lamp, only call\n")


@pytest.mark.parametrize("dialect", list(Dialect))
def test_every_dialect_can_be_asked_for(run: Run, dialect: Dialect) -> None:
    true = made(run, "make", "--message", "vmwi-on", "--dialect", dialect, "--count", "2")
    assert true["message_hex"] == vmwi(True, dialect=dialect, count=2).hex()
    assert (true["waiting"], true["count"]) == (True, 2)


@pytest.mark.parametrize("law", list(Law))
@pytest.mark.parametrize("kind", ["raw", "wav"])
def test_the_burst_of_chan_dahdi_is_octet_for_octet_its_own(
    run: Run, law: Law, kind: str, tmp_path: Path
) -> None:
    name = {"raw": {"mulaw": "x.ul", "alaw": "x.al"}[law], "wav": "x.wav"}[kind]
    assert run("chan-dahdi", "--message", "vmwi-on", "--encoding", law, "-o", name)[0] == 0
    octets = asterisk.spill(vmwi(True), law=law).tobytes()
    assert (tmp_path / name).read_bytes()[-len(octets) :] == octets


def test_a_file_with_truth_beside_it_is_told_in_a_line(run: Run, tmp_path: Path) -> None:
    words = ("--message", "vmwi-on", "--alert", "rp-as", "--truth", "x.json", "-o", "x.wav")
    code, out, _ = run("make", *words)
    assert (code, out) == (0, "x.wav: 8 kHz pcm16 WAV, 2.30 s, -13.5 dBm0  82 03 0b 01 ff 70  alert rp-as\n")
    true = json.loads((tmp_path / "x.json").read_text())
    assert (true["file"], true["alert"], true["message_hex"]) == ("x.wav", "rp-as", "82030b01ff70")


@pytest.mark.parametrize(
    ("asked", "tone", "level"),
    [
        ("uk:mwi", country("uk").mwi.tone, country("uk").mwi.level_dbm0 or -13.0),
        ("us:stutter:ten-bursts", country("us").stutter("ten-bursts"), -13.0),
        ("dt-as-bt", alert("dt-as-bt").tone, -15.0),
    ],
)
def test_a_tone_is_the_one_asked_for(run: Run, asked: str, tone: Any, level: float) -> None:
    true = made(run, "tone", asked, "--encoding", "float32")
    samples, _ = soundfile.read("x.wav", dtype="float32")
    seconds = None if tone.duration_ms is not None else 3.0
    reference = render_tone(tone, sample_rate=8000, duration_s=seconds, level_dbm0=level)
    assert true["tone"] == str(tone)
    assert np.array_equal(samples, reference.astype(np.float32))


@pytest.mark.parametrize("asked", ["xx:mwi", "us:ring", "us:stutter:none", "350++440", "us:mwi:none"])
def test_a_tone_that_there_is_not_is_one_sentence(run: Run, asked: str, tmp_path: Path) -> None:
    code, out, err = run("tone", asked, "-o", "x.wav")
    assert (code, out) == (2, "")
    assert err.startswith("fxsmwi: ")
    assert not list(tmp_path.iterdir())


def test_a_caller_is_told_in_digits(run: Run) -> None:
    true = made(run, "clip", "--number", "1234", "--redirecting", "56", "--encoding", "float32")
    assert (true["digits"], true["starts_s"][:2]) == ("A1234D56C", [0.5, 0.64])
    samples, _ = soundfile.read("x.wav", dtype="float32")
    reference = dtmf.tones("A1234D56C", sample_rate=8000, lead_s=0.5, trail_s=0.2)
    assert np.array_equal(samples, reference.astype(np.float32))


@pytest.mark.parametrize(
    ("words", "highest", "lowest", "glows"),
    [
        (("neon",), 91.5, 3.7, 1),
        (("hvdc", "--volts", "110", "--cycles", "3"), 110.0, 48.0, 3),
        (("reversal",), 48.0, -48.0, 0),
        (("ringing", "--on", "0.5", "--off", "0.5"), 48 + 75 * 2**0.5, 48 - 75 * 2**0.5, 10),
    ],
)
def test_line_voltage_is_written_in_parts_of_200_volts(
    run: Run, words: tuple[str, ...], highest: float, lowest: float, glows: int
) -> None:
    true = made(run, "lamp", *words)
    volts = 200 * soundfile.read("x.wav")[0]
    assert (volts[0], soundfile.info("x.wav").subtype) == (pytest.approx(48, abs=1e-4), "FLOAT")
    assert (volts.max(), volts.min()) == pytest.approx((highest, lowest), abs=0.2)
    assert len(true["glows"]) == glows


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("lamp", "hvdc", "--volts", "201", "-o", "x.wav"), "201 V is more than the 200 V"),
        (("lamp", "neon", "--volts", "90", "-o", "x.wav"), "no voltage to choose"),
        (("lamp", "neon", "--on", "1", "-o", "x.wav"), "cadence of its ring generator"),
        (("lamp", "neon", "-o", "x.ul"), "float WAV"),
        (("clip", "-o", "x.wav"), "nothing to tell"),
        (("make", "--message", "vmwi-on", "--twist", "none", "-o", "x.wav"), "'none' is no number"),
        (("make", "--message", "vmwi-on", "--clock", "0.01%", "-o", "x.wav"), "one part in a thousand"),
        (("make", "--message", "vmwi-on", "--baud", "0.1%", "-o", "x.wav"), "only whole ones"),
        (("make", "--message", "vmwi-on", "--drop-out", "1", "-o", "x.wav"), "START:LENGTH"),
        (("make", "--message", "vmwi-on", "--seizure", "3", "-o", "x.wav"), "would not end with a 1"),
        (("make", "--message", "vmwi-on", "--stop", "0", "-o", "x.wav"), "less than 1"),
        (("make", "--message", "call", "--called", "1", "-o", "x.wav"), "ntt only"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(
    run: Run, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert not list(tmp_path.iterdir())


def test_the_same_seed_makes_the_same_file_and_another_another(run: Run, tmp_path: Path) -> None:
    def noisy(seed: str) -> bytes:
        made(run, "make", "--message", "vmwi-on", "--snr", "20", "--encoding", "float32", "--seed", seed)
        return (tmp_path / "x.wav").read_bytes()

    assert noisy("1") == noisy("1") != noisy("2")


def test_noise_is_as_strong_as_it_says(run: Run) -> None:
    made(run, "make", "--message", "vmwi-on", "--snr", "10", "--lead", "20", "--encoding", "float32")
    noise = soundfile.read("x.wav")[0][: 8000 * 19]
    assert np.mean(noise**2) == pytest.approx(amplitude(-13.5) ** 2 / 2 / 10, rel=0.02)


def test_the_names_on_the_command_line_are_those_of_the_library() -> None:
    assert wavoptions.MESSAGES == tuple(What)
    assert wavoptions.STANDARDS == tuple(Standard)
    assert set(wavoptions.FORMATS) == set(Format)
    assert wavoptions.DIALECTS == tuple(Dialect)
    assert wavoptions.ALERTS == tuple(AlertMode)
    assert set(wavoptions.ENCODINGS) == set(SUBTYPES)
    assert wavoptions.LAWS == tuple(Law)
    assert wavothers.CLIP_DIALECTS == tuple(dtmf.ClipDialect)
    assert wavothers.ABSENCES == tuple(dtmf.ClipAbsence)
    assert wavothers.LAMPS == tuple(Lamp)
    assert all(not name.count(":") for name in Alert)


@pytest.mark.parametrize("command", ["make", "chan-dahdi", "tone", "clip", "lamp", "sweep"])
def test_help_is_in_groups(run: Run, command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    assert "\nSignal:\n" in out or "\nMessage:\n" in out
    assert "\nFile:\n" in out
