"""Which tone a country uses, who says so, and how far to believe it.

The facts are in countries.toml; what they mean is told at its head. A tone that no source gives is None;
where a message-waiting tone has to be assumed (ten bursts on the national dial tone), the answer says that it
is.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, TypeAlias

from ..confidence import Confidence
from ..errors import SignalError
from .grammar import Tone, parse_tone
from .styles import Stutter, stutter

Row: TypeAlias = Mapping[str, Any]
"""A table of countries.toml, as tomllib reads it."""


class Kind(StrEnum):
    """What a tone tells."""

    DIAL = "dial"
    MWI = "mwi"
    """A message waits; in most networks the special dial tone."""
    SPECIAL = "special"
    """A special dial tone other than the one taken for message waiting."""
    RECALL = "recall"
    """After a hook flash."""
    SECOND = "second"
    """A second dial tone, after a prefix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalTone:
    """One form of one tone of a country.

    Attributes
    ----------
    country : str
        Code, as in `country`.
    kind : Kind
    variant : str, optional
        Name of a form other than the first; None is the one to use.
    tone : Tone
    level : str, optional
        What the source says of the level; None if no source says anything.
    level_dbm0 : float, optional
        The same as a number, for each frequency, where the source gives one.
    sources : tuple of str
        Keys of `sources`.
    confidence : Confidence
    is_assumed : bool
        No source was found; the tone is a guess.
    note : str
    """

    country: str
    kind: Kind
    variant: str | None = None
    tone: Tone
    level: str | None = None
    level_dbm0: float | None = None
    sources: tuple[str, ...]
    confidence: Confidence
    is_assumed: bool = False
    note: str = ""

    @property
    def doubt(self) -> str | None:
        """Why the tone may be wrong, as a sentence for people; None if its confidence is A or B."""
        if self.confidence is not Confidence.C:
            return None
        why = "assumed, no source was found" if self.is_assumed else f"uncertain, from {self._sources}"
        note = f" ({self.note})" if self.note else ""
        return f"the {self.kind} tone of {self.country} is {why}{note}"

    @property
    def _sources(self) -> str:
        return " and ".join(self.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """What is wrong, or open, in the zone tables that are in use.

    Attributes
    ----------
    tones : tuple of str
        By the names of those tables.
    problem : str
    better : str, optional
        The value to use; None if nobody knows.
    source : str, optional
        None is our own reading.
    confidence : Confidence
    """

    tones: tuple[str, ...]
    problem: str
    better: str | None = None
    source: str | None = None
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """The tones of a country.

    Attributes
    ----------
    code, name : str
    aliases : tuple of str
        Other codes of the country.
    tones : tuple of NationalTone
        All forms of all kinds; of each kind the first is the one to use.
    defects : tuple of Defect
        Of other tables, in what concerns this country.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    tones: tuple[NationalTone, ...]
    defects: tuple[Defect, ...] = ()

    def forms(self, kind: Kind | str) -> tuple[NationalTone, ...]:
        """Return every form of a tone, the one to use first; none if no source gives any."""
        return tuple(tone for tone in self.tones if tone.kind == Kind(kind))

    def form(self, kind: Kind | str, variant: str | None = None) -> NationalTone | None:
        """Return the form named *variant*, or the one to use; None if no source gives any.

        Raises
        ------
        SignalError
            If there are forms, but none of that name.
        """
        forms = self.forms(kind)
        if variant is None:
            return forms[0] if forms else None
        for tone in forms:
            if tone.variant == variant:
                return tone
        known = ", ".join(tone.variant for tone in forms if tone.variant) or "none"
        raise SignalError(f"{self.code} has no {kind} tone {variant!r}; variants: {known}")

    @property
    def dial(self) -> NationalTone | None:
        """Dial tone."""
        return self.form(Kind.DIAL)

    @property
    def mwi(self) -> NationalTone:
        """The tone for a waiting message: known, or assumed (see its ``is_assumed`` and ``doubt``)."""
        return self.forms(Kind.MWI)[0]

    @property
    def recall(self) -> NationalTone | None:
        """Recall dial tone."""
        return self.form(Kind.RECALL)

    @property
    def special(self) -> NationalTone | None:
        """Special dial tone, where it is another than that for messages."""
        return self.form(Kind.SPECIAL)

    @property
    def second(self) -> NationalTone | None:
        """Second dial tone."""
        return self.form(Kind.SECOND)

    def stutter(self, style: Stutter | str = "ten-bursts") -> Tone:
        """Return the national dial tone, interrupted in a *style* of `styles`.

        Whether anybody there does so is another question: see `mwi`.

        Raises
        ------
        SignalError
            If the style is unknown, or no source gives the dial tone.
        """
        if self.dial is None:
            raise SignalError(f"no source gives the dial tone of {self.code}")
        return stutter(self.dial.tone, style if isinstance(style, Stutter) else stutter_style(style))


@cache
def sources() -> Mapping[str, str]:
    """Return what the keys in `NationalTone.sources` stand for."""
    return MappingProxyType(_data()["sources"])


@cache
def styles() -> Mapping[str, Stutter]:
    """Return the ways in which switches interrupt a dial tone, by name."""
    return MappingProxyType({name: _style(name, row) for name, row in _data()["styles"].items()})


@cache
def countries() -> Mapping[str, Country]:
    """Return every country by its code."""
    return MappingProxyType({code: _country(code, row) for code, row in _data()["countries"].items()})


def country(code: str) -> Country:
    """Return the row of a country by its code as zone tables have it ("uk", "us-old"), or an alias ("gb").

    Raises
    ------
    SignalError
        If the table has no such country.
    """
    for row in countries().values():
        if code.lower() in (row.code, *row.aliases):
            return row
    raise SignalError(f"there are no tones for {code!r}; there are: {', '.join(countries())}")


def stutter_style(name: str) -> Stutter:
    """Return a row of `styles`, or raise `SignalError` for a name that is none."""
    try:
        return styles()[name]
    except KeyError as error:
        raise SignalError(f"there is no stutter style {name!r}; there are: {', '.join(styles())}") from error


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "countries.toml").read_text(encoding="utf-8"))


def _style(name: str, row: Row) -> Stutter:
    pattern = tuple((on, off) for on, off in row["pattern"])
    return Stutter(
        name=name, pattern=pattern, times=row.get("times"), where=row["where"], source=row["source"]
    )


def _country(code: str, row: Row) -> Country:
    """Build the row of a country; the dial tone comes first, since styles are played on it."""
    first = row["dial"][0]["spec"] if "dial" in row else None
    tones = tuple(_tone(code, kind, form, first) for kind in Kind for form in row.get(kind, ()))
    return Country(
        code=code,
        name=row["name"],
        aliases=tuple(row.get("aliases", ())),
        tones=tones,
        defects=_defects(code),
    )


def _tone(code: str, kind: Kind, row: Row, dial: str | None) -> NationalTone:
    return NationalTone(
        country=code,
        kind=kind,
        variant=row.get("variant"),
        tone=parse_tone(row["spec"]) if dial is None or "spec" in row else _interrupted(dial, row["style"]),
        level=row.get("level"),
        level_dbm0=row.get("level_dbm0"),
        sources=tuple(row.get("source", ("GEN",))),
        confidence=Confidence(row.get("confidence", "C")),
        is_assumed=row.get("assumed", False),
        note=row.get("note", ""),
    )


def _interrupted(dial: str, style: str) -> Tone:
    return stutter(parse_tone(dial), styles()[style])


def _defects(code: str) -> tuple[Defect, ...]:
    rows = [row for row in _data()["defects"] if {code, "all"} & set(row["countries"])]
    return tuple(
        Defect(
            tones=tuple(row["tones"]),
            problem=row["problem"],
            better=row.get("better"),
            source=row.get("source"),
            confidence=Confidence(row["confidence"]),
        )
        for row in rows
    )
