"""Values as typed: numbers, fractions, and for a sweep lists and ranges of them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeAlias

import click

if TYPE_CHECKING:
    Kind: TypeAlias = click.ParamType[Any]
else:
    Kind = click.ParamType  # generic for type checkers, but not in every version when it runs

MOST = 10_000
"""Values in one range."""

NONE = "none"
"""Takes what the standard says, or leaves a fault away."""


class Number(Kind):
    """A finite number; ``none`` is None where something may be left open."""

    name = "number"

    def __init__(self, *, is_optional: bool = False) -> None:
        self.is_optional = is_optional

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float | None:
        """Read *value*."""
        if not isinstance(value, str):
            return float(value)
        if self.is_optional and value == NONE:
            return None
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.fail(f"{value!r} is no number.", param, ctx)
        return number


class Whole(Kind):
    """A whole number, at least *least*; ``none`` is None where something may be left open."""

    name = "integer"

    def __init__(self, least: int | None = None, *, is_optional: bool = False) -> None:
        self.least = least
        self.is_optional = is_optional

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | None:
        """Read *value*."""
        if self.is_optional and value == NONE:
            return None
        try:
            number = int(value, 0) if isinstance(value, str) else int(value)
        except ValueError:
            self.fail(f"{value!r} is no whole number.", param, ctx)
        if self.least is not None and number < self.least:
            self.fail(f"{number} is less than {self.least}.", param, ctx)
        return number


class Part(Kind):
    """A part in per cent (``-0.5%``) or as a fraction (``-0.005``); of a whole, if there is one, in units."""

    name = "percent"

    def __init__(self, whole: int | None = None) -> None:
        self.whole = whole

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float | int:
        """Read *value*."""
        if not isinstance(value, str):
            return float(value) if self.whole is None else int(value)
        try:
            part = Decimal(value.removesuffix("%")) / (100 if value.endswith("%") else 1)
        except InvalidOperation:
            part = Decimal("nan")
        if not part.is_finite():
            self.fail(f"{value!r} is neither per cent nor a number.", param, ctx)
        if self.whole is None:
            return float(part)
        units = part * self.whole if value.endswith("%") else part
        if units != int(units):
            self.fail(f"{value} of {self.whole} is {units}; only whole ones can be sent.", param, ctx)
        return int(units)


@dataclass(frozen=True, slots=True)
class _Range:
    """``first:last:step`` as typed."""

    first: Decimal
    last: Decimal
    step: Decimal
    unit: str

    def __iter__(self) -> Iterator[str]:
        towards = self.step if self.last >= self.first else -self.step
        for place in range(len(self)):
            yield f"{self.first + place * towards}{self.unit}"

    def __len__(self) -> int:
        return int(abs(self.last - self.first) / self.step) + 1


class Values(Kind):
    """A list of values and of ranges: ``30,20,15``, ``-12:-40:2`` (both ends included), ``none,30:10:5``."""

    def __init__(self, each: Kind) -> None:
        self.each = each
        self.name = f"{each.name},..."

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Any, ...]:
        """Read *value*."""
        if isinstance(value, tuple):
            return value
        words = [word for piece in value.split(",") for word in self._words(piece.strip(), param, ctx)]
        if len(set(words)) < len(words):
            self.fail(f"a value occurs twice in {value!r}.", param, ctx)
        return tuple(self.each.convert(word, param, ctx) for word in words)

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str | None:
        """Return what stands for the value in a help text."""
        if isinstance(self.each, click.Choice):
            return f"[{'|'.join(self.each.choices)}],..."
        return f"{self.each.name.upper()},..."

    def _words(self, piece: str, param: click.Parameter | None, ctx: click.Context | None) -> Iterator[str]:
        if ":" not in piece or isinstance(self.each, click.Choice):
            yield piece
            return
        ends = piece.split(":")
        unit = "%" if any(end.endswith("%") for end in ends) else ""
        try:
            first, last, step = (Decimal(end.removesuffix("%")) for end in ends)
            whole = _Range(first, last, abs(step), unit)
            count = len(whole)
        except (ValueError, ArithmeticError):
            self.fail(f"{piece!r} is no range; write FIRST:LAST:STEP, like -12:-40:2.", param, ctx)
        if count > MOST:
            self.fail(f"{piece!r} has {count} values, more than {MOST}.", param, ctx)
        yield from whole
