"""A labelled corpus: every combination of some values, as sound files and what is true of each.

A `Plan` knows the recipe of any of its files by number, and each file draws what is random from the plan's
seed and its own number alone: any file can be made by itself, in any order, and comes out the same.

``manifest.jsonl`` has one object for each file, in order, written when the file is complete; whatever ends a
run early, the manifest and the files agree.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from dsp.errors import SignalError
from dsp.standards import Standard

from . import soundfiles
from .errors import FxsmwiError
from .signals import Made, Recipe, compose, make
from .truth import truth

MANIFEST = "manifest.jsonl"

SUBJECT = ("standard", "what", "format", "dialect")
"""Fields of a recipe of which some combinations are no message, or the same one twice."""


class CorpusError(FxsmwiError):
    """A corpus cannot be made; the text says why."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a corpus consists of.

    Attributes
    ----------
    subjects : tuple of Recipe
        What is told, and by which standard.
    axes : tuple of (str, tuple)
        Fields of a recipe, and the values that each takes.
    per : int
        Files for each combination, which differ in what is random.
    seed : int
    encoding : str
        A key of `fxsmwi.soundfiles.SUBTYPES`.
    left_out : tuple of str
        Why combinations of standard, message, format and dialect were left out, a sentence for each.
    """

    subjects: tuple[Recipe, ...]
    axes: tuple[tuple[str, tuple[Any, ...]], ...]
    per: int = 1
    seed: int = 0
    encoding: str = "pcm16"
    left_out: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.subjects) * math.prod(len(values) for _, values in self.axes) * self.per

    def recipe(self, index: int) -> Recipe:
        """Return the recipe of file *index*."""
        if not 0 <= index < len(self):
            raise CorpusError(f"there is no file {index}; the corpus has {len(self)}, from 0 on")
        rest = index // self.per
        chosen: dict[str, Any] = {}
        for field, values in reversed(self.axes):
            rest, place = divmod(rest, len(values))
            chosen[field] = values[place]
        return replace(self.subjects[rest], **chosen)

    def make(self, index: int) -> Made:
        """Make file *index*."""
        return make(self.recipe(index), rng=np.random.default_rng((self.seed, index)))

    def name(self, index: int) -> str:
        """Return the name of file *index*."""
        recipe = self.recipe(index)
        return f"{index:06}-{recipe.standard}-{recipe.what}.wav"

    def row(self, index: int, made: Made) -> dict[str, Any]:
        """Return the manifest's object for file *index*."""
        which = {"file": self.name(index), "index": index, "seed": self.seed, "encoding": self.encoding}
        return which | truth(made)


def plan(
    base: Recipe, axes: dict[str, tuple[Any, ...]], *, per: int = 1, seed: int = 0, encoding: str = "pcm16"
) -> Plan:
    """Plan every combination of *axes*, values by field of a recipe, with *base* for all other fields.

    Raises
    ------
    SignalError
        If a value cannot be sent, or none of the messages.
    """
    chosen = {field: axes.get(field, (getattr(base, field),)) for field in SUBJECT}
    subjects, left_out = _subjects(base, chosen)
    if not subjects:
        raise SignalError(left_out[0])
    planned = Plan(
        subjects=tuple(subjects),
        axes=tuple((field, values) for field, values in axes.items() if field not in SUBJECT),
        per=per,
        seed=seed,
        encoding=encoding,
        left_out=tuple(left_out),
    )
    _try(planned)
    return planned


def _subjects(base: Recipe, chosen: dict[str, tuple[Any, ...]]) -> tuple[list[Recipe], list[str]]:
    """Return a recipe for each message that there is, once, and why the others are none."""
    found: dict[tuple[Standard, bytes], Recipe] = {}
    left_out = []
    for values in product(*chosen.values()):
        recipe = replace(base, **dict(zip(chosen, values, strict=True)))
        try:
            found.setdefault((recipe.standard, compose(recipe)), recipe)
        except SignalError as error:
            left_out.append(f"{' '.join(values)}: {error}")
    return list(found.values()), left_out


def _try(planned: Plan) -> None:
    """Make a signal with each value once, so that what cannot be sent is told before anything is written."""
    rng = np.random.default_rng(planned.seed)
    first = {field: values[0] for field, values in planned.axes}
    for subject in planned.subjects:
        make(replace(subject, **first), rng=rng)
    for field, values in planned.axes:
        for value in values[1:]:
            make(replace(planned.subjects[0], **first | {field: value}), rng=rng)


def write(planned: Plan, folder: Path) -> Iterator[int]:
    """Write the corpus into *folder*, and give the size in bytes of each file as it is complete.

    Raises
    ------
    OSError
        If something cannot be written; the manifest then tells of all files that are there.
    CorpusError
        If the folder is there and not empty.
    SignalError
        If a combination of values cannot be sent.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise CorpusError(f"{folder}: the folder is not empty; name a new one")
    with (folder / MANIFEST).open("xb", buffering=0) as manifest:
        for index in range(len(planned)):
            yield _add(planned, index, folder, manifest)


def _add(planned: Plan, index: int, folder: Path, manifest: BinaryIO) -> int:
    """Write file *index* and its line, both or, whatever happens, neither."""
    made = planned.make(index)
    line = json.dumps(planned.row(index, made)).encode() + b"\n"
    path, end = folder / planned.name(index), manifest.tell()
    try:
        soundfiles.write(path, made.samples, sample_rate=made.recipe.sample_rate, encoding=planned.encoding)
        rest = memoryview(line)
        while rest:
            rest = rest[manifest.write(rest) :]
        return path.stat().st_size
    except BaseException as error:
        path.unlink(missing_ok=True)
        manifest.truncate(end)
        if isinstance(error, OSError):  # a full disk does not say by itself where it is
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise
