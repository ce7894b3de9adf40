"""Labelled corpora, and the golden set."""

from __future__ import annotations

import errno
import importlib.util
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest
import soundfile

from dsp.message import vmwi
from dsp.receiver import receive
from dsp.standards import Standard
from fxsmwi import corpus, soundfiles
from fxsmwi.cli import main
from fxsmwi.cli.values import Number, Part, Values, Whole
from fxsmwi.signals import Recipe, What

WORDS = ("--message", "vmwi-on,vmwi-off,call", "--standard", "bellcore,etsi,bt", "--snr", "none,25")
FILES = 18


def sweep(folder: Path, *words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(("wav", "sweep", *words, "-o", str(folder)))
    assert isinstance(ended.value.code, int)
    return ended.value.code


def manifest(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / corpus.MANIFEST).read_text().splitlines()]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_combination_is_there_and_the_manifest_true(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "corpus"
    assert sweep(folder, *WORDS, "--twist", "-3:3:3", "--clock", "0,0.5%") == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"{FILES * 6} files, ")
    assert err == ""
    rows = manifest(folder)
    assert {row["file"] for row in rows} | {corpus.MANIFEST} == set(contents(folder))
    told = {
        (row["message"], row["standard"], row["snr_db"], row["twist_db"], row["clock_error"]) for row in rows
    }
    assert len(told) == len(rows) == FILES * 6
    for row in rows:
        samples, sample_rate = soundfile.read(folder / row["file"])
        assert (len(samples), sample_rate) == (row["samples"], row["sample_rate"])
        (burst,) = receive(samples, sample_rate=sample_rate, standards=[row["standard"]])
        assert burst.message.hex() == row["message_hex"]
        assert (burst.waiting, burst.kind) == (row["waiting"], row["kind"])
        assert burst.start_s == pytest.approx(row["start_s"], abs=0.001)
        assert burst.end_s == pytest.approx(row["end_s"], abs=3 / sample_rate)


def test_the_same_seed_makes_the_same_corpus_and_another_another(tmp_path: Path) -> None:
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        assert sweep(tmp_path / name, *WORDS, "--encoding", "float32", "--seed", seed) == 0
    a, b, c = (contents(tmp_path / name) for name in "abc")
    assert a == b
    assert a.keys() == c.keys()
    assert not any(a[name] == c[name] for name in a)


def test_files_of_one_combination_differ_in_what_is_random(tmp_path: Path) -> None:
    assert sweep(tmp_path / "a", "--message", "vmwi-on", "--per", "5") == 0
    rows = manifest(tmp_path / "a")
    assert len({(tmp_path / "a" / row["file"]).read_bytes() for row in rows}) == 5
    assert {row["message_hex"] for row in rows} == {vmwi(True).hex()}


def test_any_file_can_be_made_alone_in_any_order() -> None:
    planned = corpus.plan(
        Recipe(what=What.CALL), {"snr_db": (None, 20.0), "twist_db": (0.0, 3.0)}, per=3, seed=7
    )
    order = list(range(len(planned)))
    whole = [planned.make(index).samples.tobytes() for index in order]
    random.Random(1).shuffle(order)
    assert all(planned.make(index).samples.tobytes() == whole[index] for index in order)
    assert len(set(whole)) == len(planned) == 12
    with pytest.raises(corpus.CorpusError, match="there is no file 12"):
        planned.recipe(12)


def test_what_is_no_message_is_left_out_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--message", "vmwi-on,call", "--standard", "bellcore,ntt", "--format", "mdmf,sdmf")
    assert sweep(tmp_path / "a", *words) == 0
    assert "left out: ntt vmwi-on mdmf indicator: ntt knows no message" in capsys.readouterr().err
    rows = manifest(tmp_path / "a")
    assert [(row["standard"], row["message"], row["format"]) for row in rows] == [
        ("bellcore", "vmwi-on", "mdmf"),
        ("bellcore", "vmwi-on", "sdmf"),
        ("bellcore", "call", "mdmf"),
        ("bellcore", "call", "sdmf"),
        ("ntt", "call", "ntt"),  # once: its frame is neither
    ]
    assert sweep(tmp_path / "b", "--message", "vmwi-on", "--standard", "ntt") == 2
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("words", [("--level", "-10,9"), ("--snr", "nan"), ("--seizure-left", "400")])
def test_a_sweep_that_cannot_be_sent_is_refused_before_anything_is_written(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    assert sweep(tmp_path / "a", "--message", "vmwi-on", *words) == 2
    assert not (tmp_path / "a").exists()


def test_a_folder_with_something_in_it_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert sweep(tmp_path, "--message", "vmwi-on") == 2
    assert "the folder is not empty" in capsys.readouterr().err
    assert contents(tmp_path) == {"mine.txt": b"mine"}


@pytest.mark.parametrize(
    ("error", "code"), [(OSError(errno.ENOSPC, "No space left on device"), 3), (KeyboardInterrupt(), 130)]
)
def test_whatever_ends_a_sweep_the_manifest_and_the_files_agree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    write, left = soundfiles.write, iter(range(5))

    def failing(path: Path, *args: Any, **kwargs: Any) -> str:
        if next(left, None) is None:
            path.write_bytes(b"half a file")
            raise error
        return write(path, *args, **kwargs)

    monkeypatch.setattr(soundfiles, "write", failing)
    assert sweep(tmp_path / "a", *WORDS) == code
    rows = manifest(tmp_path / "a")
    assert len(rows) == 5
    assert {row["file"] for row in rows} | {corpus.MANIFEST} == set(contents(tmp_path / "a"))


def test_a_bar_is_shown_on_a_terminal_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    assert sweep(tmp_path / "a", "--message", "vmwi-on", "--per", "3") == 0
    out, err = capsys.readouterr()
    assert out.startswith("3 files, ")
    assert "3/3" in err


@pytest.mark.parametrize(
    ("kind", "text", "values"),
    [
        (Number(), "-12:-18:2", (-12.0, -14.0, -16.0, -18.0)),
        (Number(), "-6:6:4", (-6.0, -2.0, 2.0, 6.0)),
        (Number(), "30,20,15", (30.0, 20.0, 15.0)),
        (Number(is_optional=True), "none,30:10:-10", (None, 30.0, 20.0, 10.0)),
        (Number(), "0:0.3:0.1", (0.0, 0.1, 0.2, 0.3)),
        (Part(1200), "-1%:1%:0.5%", (-12, -6, 0, 6, 12)),
        (Part(1200), "-3,3", (-3, 3)),
        (Part(), "0.5%,-0.01", (0.005, -0.01)),
        (Whole(), "0x55,7", (0x55, 7)),
        (click.Choice(["a", "b"]), "b,a", ("b", "a")),
    ],
)
def test_lists_and_ranges_are_read(kind: Any, text: str, values: tuple[Any, ...]) -> None:
    assert Values(kind).convert(text, None, None) == values


@pytest.mark.parametrize(
    "text",
    ["", "1:2", "1:2:0", "1,1", "a", "nan", "inf", "1:2:nan", "1:inf:1", "0:1:1e-9", "none", "1:2:3:4"],
)
def test_what_is_no_list_of_numbers_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        Values(Number()).convert(text, None, None)


@pytest.fixture
def golden(fixtures: Path) -> Path:
    return fixtures / "golden"


def nearly(value: Any) -> Any:
    """Let numbers differ by what another processor's sine does to them."""
    if isinstance(value, float):
        return pytest.approx(value, rel=1e-9, abs=1e-9)
    if isinstance(value, list):
        return [nearly(each) for each in value]
    return {key: nearly(each) for key, each in value.items()} if isinstance(value, dict) else value


def test_the_golden_set_is_made_again(golden: Path, tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("golden_make", golden / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    make: Callable[[Path], None] = module.make
    make(tmp_path)
    told, made = manifest(golden), manifest(tmp_path)
    assert made == nearly(told)
    assert {path.name for path in tmp_path.iterdir()} == {
        path.name for path in golden.iterdir() if path.suffix in (".wav", ".jsonl")
    }
    for path in golden.glob("*.wav"):
        (old, rate), (new, new_rate) = soundfile.read(path), soundfile.read(tmp_path / path.name)
        assert (old.shape, rate) == (new.shape, new_rate)
        differs = np.abs(old - new)
        # A sample on the edge of a mu-law step may fall to its other side; a step is 1/128 at this level.
        assert (differs.max() < 0.01, np.mean(differs > 1e-6) < 1e-3) == (True, True), path.name


def test_the_golden_set_has_every_standard_and_is_decoded(golden: Path) -> None:
    rows = manifest(golden)
    assert {row["standard"] for row in rows if "standard" in row} == set(Standard)
    read = [row for row in rows if row.get("standard", "ntt") != "ntt"]
    for row in read:
        samples, _ = soundfile.read(golden / row["file"])
        (burst,) = receive(samples, sample_rate=8000, standards=[row["standard"]], damaged=True)
        assert burst.message.hex() == row.get("sent_hex", row["message_hex"])
