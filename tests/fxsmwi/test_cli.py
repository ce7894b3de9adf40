"""The commands that need no daemon, as typed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from dsp.message import call_setup, vmwi
from fxsmwi.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line in an empty folder; give exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FXSMWI_CONFIG", raising=False)

    def run_(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(words)
        seen = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, seen.out, seen.err

    return run_


def decoded(run: Run, *files: str) -> list[dict[str, Any]]:
    code, out, _ = run("decode", *files, "--json")
    assert code == 0
    return [json.loads(line) for line in out.splitlines()]


@pytest.mark.parametrize(
    ("words", "message", "waiting", "count"),
    [
        (["vmwi-on"], vmwi(True), True, None),
        (["vmwi-off"], vmwi(False), False, None),
        (["vmwi-on", "--count", "3"], vmwi(True, count=3), True, 3),
        (["vmwi-on", "--format", "sdmf"], bytes.fromhex("060342424231"), True, None),
        (["vmwi-off", "--format", "sdmf"], bytes.fromhex("06036f6f6faa"), False, None),
        (
            ["vmwi-on", "--date", "11230200", "--number", "1234", "--name", "Alice"],
            bytes.fromhex("821a01083131323330323030020431323334070541") + b"lice" + bytes.fromhex("0b01ff0d"),
            True,
            None,
        ),
        (
            ["call", "--date", "11230200", "--number", "1234", "--name", "Alice"],
            call_setup(date="11230200", number="1234", name="Alice"),
            None,
            None,
        ),
    ],
)
@pytest.mark.parametrize("standard", [["--standard", "bellcore"], []])
def test_what_is_made_is_decoded(
    run: Run, words: list[str], message: bytes, waiting: bool | None, count: int | None, standard: list[str]
) -> None:
    code, out, err = run("wav", "make", "--message", *words, *standard, "-o", "on.wav")
    assert (code, err) == (0, "")
    assert message.hex(" ") in out
    (file,) = decoded(run, "on.wav")
    (burst,) = file["bursts"]
    assert {key: file[key] for key in ("file", "sample_rate", "tones")} == {
        "file": "on.wav",
        "sample_rate": 8000,
        "tones": None,
    }
    assert (burst["message_hex"], burst["checksum_ok"], burst["standard"]) == (
        message.hex(),
        True,
        "bellcore",
    )
    assert (burst["waiting"], burst["count"]) == (waiting, count)
    assert burst["kind"] == ("call" if waiting is None else "vmwi")
    assert burst["start_s"] == pytest.approx(0.5, abs=0.002)
    assert burst["measurements"]["level_dbm0"] == pytest.approx(-13.5, abs=0.1)


@pytest.mark.parametrize("encoding", ["pcm16", "float32", "mulaw", "alaw"])
@pytest.mark.parametrize("sample_rate", [8000, 11025, 44100, 48000])
def test_every_encoding_and_rate_is_read_back(run: Run, encoding: str, sample_rate: int) -> None:
    words = ("--sample-rate", str(sample_rate), "--encoding", encoding, "-o", "x.wav")
    assert run("wav", "make", "--message", "vmwi-on", *words)[0] == 0
    assert decoded(run, "x.wav")[0]["bursts"][0]["message_hex"] == vmwi(True).hex()


@pytest.mark.parametrize("name", ["x.ul", "x.al"])
def test_raw_g711_is_read_back(run: Run, name: str, tmp_path: Path) -> None:
    assert run("wav", "make", "--message", "vmwi-on", "-o", name)[0] == 0
    assert (tmp_path / name).stat().st_size == pytest.approx(8000 * (0.5 + 0.45 + 0.2), rel=0.05)
    assert decoded(run, name)[0]["bursts"][0]["message_hex"] == vmwi(True).hex()


def test_the_spill_of_a_real_chan_dahdi_is_read(run: Run, fixtures: Path) -> None:
    recording = fixtures / "asterisk22_mwi_on_rpas_chan6.ul"
    (burst,) = decoded(run, str(recording))[0]["bursts"]
    assert burst["message_hex"] == "821a010831313233303230300204313233340705416c6963650b01ff0d"
    assert (burst["checksum_ok"], burst["waiting"], burst["kind"], burst["count"]) == (
        True,
        True,
        "vmwi",
        None,
    )
    assert burst["parameters"] == {
        "date": "11230200",
        "number": "1234",
        "name": "Alice",
        "visual_indicator": True,
    }
    assert burst["end_s"] - burst["start_s"] == pytest.approx(0.25 + 0.17 + 29 * 10 / 1200, abs=0.005)


def test_several_files_and_channels_are_told_apart(run: Run, tmp_path: Path) -> None:
    for name, waiting in (("a.wav", "vmwi-on"), ("b.wav", "vmwi-off")):
        run("wav", "make", "--message", waiting, "-o", name)
    left, right = (soundfile.read(tmp_path / name)[0] for name in ("a.wav", "b.wav"))
    soundfile.write(tmp_path / "both.wav", np.stack([left, right], axis=1), 8000)
    files = decoded(run, "a.wav", "both.wav")
    assert [(burst.get("channel"), burst["waiting"]) for file in files for burst in file["bursts"]] == [
        (None, True),
        (0, True),
        (1, False),
    ]


def test_a_file_without_a_message_and_a_damaged_one_are_a_failed_check(run: Run, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silence.wav", np.zeros(8000), 8000)
    code, out, _ = run("decode", "silence.wav")
    assert (code, out) == (1, "silence.wav: 8000 Hz, no message(s)\n")
    from dsp.spill import render

    soundfile.write(
        tmp_path / "bad.wav", render(b"\x82\x03\x0b\x01\xff\x71", sample_rate=8000, lead_s=0.2), 8000
    )
    code, out, _ = run("decode", "bad.wav")
    assert code == 1
    assert "DAMAGED" in out


def test_an_empty_file_is_read_as_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.ul").write_bytes(b"")
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), 8000)
    assert [run("decode", name)[0] for name in ("empty.ul", "empty.wav")] == [1, 1]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["decode", "none.wav"], 4, "none.wav"),
        (["decode", "."], 3, "."),
        (["decode", "notes.txt"], 2, "notes.txt"),
        (["decode", "nan.wav"], 2, "nan.wav: some samples are no finite numbers"),
        (["decode", "slow.wav"], 2, "slow.wav: a sample rate is 8000 to 192000 Hz, not 4000"),
        (["decode"], 2, "FILES"),
        (["wav", "make", "--message", "vmwi-on"], 2, "--output"),
        (["wav", "make", "--message", "lamp", "-o", "x.wav"], 2, "lamp"),
        (["wav", "make", "--message", "vmwi-on", "-o", "x.mp3"], 2, "must end in .wav"),
        (["wav", "make", "--message", "vmwi-on", "-o", "no/x.wav"], 4, "no/x.wav"),
        (["wav", "make", "--message", "vmwi-on", "-o", "/dev/full"], 2, "/dev/full"),
        (
            ["wav", "make", "--message", "vmwi-on", "--format", "sdmf", "--count", "2", "-o", "x.wav"],
            2,
            "SDMF",
        ),
        (["wav", "make", "--message", "vmwi-on", "--count", "0", "-o", "x.wav"], 2, "0 messages"),
        (["wav", "make", "--message", "call", "--count", "2", "-o", "x.wav"], 2, "--count"),
        (["wav", "make", "--message", "call", "--date", "13320000", "-o", "x.wav"], 2, "MMDDHHMM"),
        (["wav", "make", "--message", "vmwi-on", "--level", "9", "-o", "x.wav"], 2, "full-scale"),
        (["wav", "make", "--message", "vmwi-on", "--level", "nan", "-o", "x.wav"], 2, "nan"),
        (["wav", "make", "--message", "vmwi-on", "--sample-rate", "4000", "-o", "x.wav"], 2, "8000"),
        (["wav", "make", "--message", "vmwi-on", "--sample-rate", "16000", "-o", "x.ul"], 2, "8000 Hz"),
        (["show", "lines"], 4, "fxsmwi.toml"),
        (["run"], 2, "fxsmwi.toml"),
        (["set", "mwi", "101", "maybe"], 2, "maybe"),
        (["fly"], 2, "fly"),
        (["show", "lines", "-c", "daemonless.toml"], 4, "start it with 'fxsmwi run'"),
        (["line", "101", "lift", "-c", "daemonless.toml"], 4, "start it with 'fxsmwi run'"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_an_exit_code(
    run: Run, tmp_path: Path, words: Sequence[str], code: int, said: str
) -> None:
    (tmp_path / "notes.txt").write_text("dear diary")
    soundfile.write(tmp_path / "nan.wav", np.full(8000, np.nan), 8000, subtype="FLOAT")
    soundfile.write(tmp_path / "slow.wav", np.zeros(4000), 4000)
    (tmp_path / "daemonless.toml").write_text("")
    got, out, err = run(*words)
    assert (got, out) == (code, "")
    assert said in err
    assert "Traceback" not in err
    assert not (tmp_path / "x.wav").exists()


def test_debug_shows_where_an_error_came_from(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fxsmwi", "--debug", "decode", "none.wav"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (1, True)


@pytest.mark.parametrize(
    "words", [[], ["show"], ["set", "mwi"], ["line", "101"], ["wav", "make"], ["run"], ["decode"], ["demo"]]
)
def test_every_command_has_help(run: Run, words: Sequence[str]) -> None:
    code, out, _ = run(*words, "--help")
    assert code == 0
    assert out.startswith("Usage: fxsmwi ")


def test_the_version_is_told(run: Run) -> None:
    code, out, _ = run("--version")
    assert code == 0
    assert re.fullmatch(r"fxsmwi \d+\.\d+\.\d+\n", out)


def test_help_and_questions_to_the_daemon_load_no_numpy() -> None:
    program = (
        "import sys\nfrom fxsmwi.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "sys.exit('numpy' in sys.modules)"
    )
    for words in (
        ["--help"],
        ["show", "lines", "-c", "none.toml"],
        ["set", "mwi", "1", "on", "-c", "none.toml"],
    ):
        done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path, fixtures: Path) -> None:
    command = (
        f"{sys.executable} -m fxsmwi decode {fixtures}/asterisk22*.ul {fixtures}/asterisk22*.ul | head -c 1"
    )
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
