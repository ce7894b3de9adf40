"""The options of ``fxsmwi wav``: one table for one signal and for sweeps, shown in groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .values import NONE, Kind, Number, Part, Values, Whole

if TYPE_CHECKING:
    from fxsmwi.signals import Recipe

F = TypeVar("F", bound=Callable[..., Any])

MESSAGES = ("vmwi-on", "vmwi-off", "call")
STANDARDS = ("bellcore", "etsi", "bt", "ntt")
FORMATS = ("mdmf", "sdmf")
DIALECTS = ("indicator", "etsi", "count", "identification", "call")
ALERTS = ("none", "osi", "rp-as", "dt-as", "lr-dt-as", "between-rings", "cas")
ENCODINGS = ("pcm16", "mulaw", "alaw", "float32")
LAWS = ENCODINGS[1:3]
"""The names are written out so that a help text loads no numpy; a test compares them with their sources."""

SAMPLE_RATES = click.IntRange(8000, 192000)

GROUPS = ("Message", "Signal", "Framing", "Faults of the sender", "Line", "File")


class GroupedOption(click.Option):
    """An option that belongs to a group of `GROUPS`."""

    def __init__(self, *args: Any, group: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group


class GroupedCommand(click.Command):
    """A command whose help shows its options by group."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a section for each group, and one for what is in none."""
        for group in (*GROUPS, None):
            rows = [
                row
                for param in self.get_params(ctx)
                if getattr(param, "group", None) == group and (row := param.get_help_record(ctx))
            ]
            if rows:
                with formatter.section(group or "Other options"):
                    formatter.write_dl(rows)


def grouped(group: str, *words: str, **settings: Any) -> Callable[[F], F]:
    """Return a decorator that adds an option of *group*."""
    return click.option(*words, cls=GroupedOption, group=group, **settings)


@dataclass(frozen=True, slots=True)
class Axis:
    """An option that a sweep varies, and the field of a recipe that it sets.

    Attributes
    ----------
    flag, field : str
    kind : Kind
        Of one value.
    group : str
    default : str, optional
        None is a value that must be given.
    help : str
    """

    flag: str
    field: str
    kind: Kind
    group: str
    default: str | None
    help: str


_BITS = Whole(0, is_optional=True)
_SENDER = "Faults of the sender"
AXES = (
    Axis("--message", "what", click.Choice(MESSAGES), "Message", None, "What is told to the phone."),
    Axis("--format", "format", click.Choice(FORMATS), "Message", "mdmf", "Family of messages."),
    Axis(
        "--dialect", "dialect", click.Choice(DIALECTS), "Message", "indicator", "How mdmf says messages wait."
    ),
    Axis("--standard", "standard", click.Choice(STANDARDS), "Signal", "bellcore", "Modem and framing."),
    Axis("--alert", "alert", click.Choice(ALERTS), "Signal", "none", "What wakes the phone."),
    Axis("--level", "level_dbm0", Number(is_optional=True), "Signal", NONE, "dBm0; none is the standard's."),
    Axis("--twist", "twist_db", Number(), "Signal", "0", "Mark above space as sent, dB."),
    Axis("--sample-rate", "sample_rate", SAMPLE_RATES, "Signal", "8000", "Hz."),
    Axis("--seizure", "seizure", _BITS, "Framing", NONE, "Bits of channel seizure; none is the standard's."),
    Axis("--mark", "mark", _BITS, "Framing", NONE, "Bits of mark before the message."),
    Axis("--stop", "stop", Whole(1, is_optional=True), "Framing", NONE, "Stop bits."),
    Axis("--stuffing", "stuffing", _BITS, "Framing", NONE, "Marks between two bytes."),
    Axis("--trailing", "trailing", _BITS, "Framing", NONE, "Marks after the last byte."),
    Axis("--baud", "baud_error", Part(1200), _SENDER, "0", "Speed error: -1%, or bits a second."),
    Axis("--mark-hz", "mark_error_hz", Whole(), _SENDER, "0", "Mark too high by, Hz."),
    Axis("--space-hz", "space_error_hz", Whole(), _SENDER, "0", "Space too high by, Hz."),
    Axis(
        "--seizure-left",
        "seizure_left",
        _BITS,
        _SENDER,
        NONE,
        "Bits left of a seizure whose start is cut off.",
    ),
    Axis("--checksum", "checksum_error", Whole(0), _SENDER, "0", "XORed into the last byte, like 0x55."),
    Axis("--tilt", "tilt_db", Number(), "Line", "0", "Low tone above high one, by the loop, dB."),
    Axis("--clock", "clock_error", Part(), "Line", "0", "Listener's clock fast by, like 0.5%."),
    Axis(
        "--snr",
        "snr_db",
        Number(is_optional=True),
        "Line",
        NONE,
        "White noise up to 4 kHz below the burst, dB.",
    ),
)
_HELP_OF_MANY = " Values and ranges: a,b or FIRST:LAST:STEP."


def axes(*, many: bool, without: tuple[str, ...] = ()) -> Callable[[F], F]:
    """Return a decorator that adds `AXES`, each for one value, or for many."""

    def decorate(function: F) -> F:
        for axis in reversed([axis for axis in AXES if axis.field not in without]):
            function = grouped(
                axis.group,
                axis.flag,
                axis.field,
                type=Values(axis.kind) if many else axis.kind,
                default=axis.default,
                required=axis.default is None,
                show_default=True,
                help=axis.help,
            )(function)
        return function

    return decorate


def wording(function: F) -> F:
    """Add what else a message tells."""
    for option in reversed(
        (
            grouped(
                "Message", "--count", type=click.IntRange(0, 255), help="Number of messages (mdmf VMWI)."
            ),
            grouped("Message", "--number", help="Calling number; a call without one is 'unavailable'."),
            grouped("Message", "--name", help="Caller's name, printable ASCII (mdmf, ntt)."),
            grouped("Message", "--called", help="Number that it is for (mdmf VMWI, ntt)."),
            grouped(
                "Message", "--reference", type=click.IntRange(0, 65535), help="Of the message (mdmf VMWI)."
            ),
            grouped(
                "Message", "--date", metavar="MMDDHHMM", help="Date and time; a call has one in any case."
            ),
        )
    ):
        function = option(function)
    return function


class Gap(Kind):
    """A drop-out as ``START:LENGTH``, in seconds from the start of the burst."""

    name = "START:LENGTH"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, ...]:
        """Read *value*."""
        try:
            start_s, duration_s = map(float, value.split(":"))
        except ValueError:
            self.fail(f"{value!r} is no drop-out; write START:LENGTH in seconds, like 0.3:0.012.", param, ctx)
        return start_s, duration_s


def around(function: F) -> F:
    """Add drop-outs and the silences before and after."""
    silence = click.FloatRange(0, 60)
    for option in (
        grouped(
            "Signal",
            "--trail",
            "trail_s",
            type=silence,
            default=0.2,
            show_default=True,
            help="Silence behind, s.",
        ),
        grouped(
            "Signal",
            "--lead",
            "lead_s",
            type=silence,
            default=0.5,
            show_default=True,
            help="Silence before, s.",
        ),
        grouped(
            _SENDER,
            "--drop-out",
            "gaps",
            type=Gap(),
            multiple=True,
            help="A silent moment in the burst, s; may be given again.",
        ),
    ):
        function = option(function)
    return function


def encoding(*, default: str, among: tuple[str, ...] = ENCODINGS) -> Callable[[F], F]:
    """Return a decorator that adds ``--encoding``."""
    return grouped(
        "File",
        "--encoding",
        type=click.Choice(among),
        default=default,
        show_default=True,
        help="Of a WAV file.",
    )


def output(function: F) -> F:
    """Add where to write the signal and what is true of it."""
    for option in (
        grouped("File", "--json", "as_json", is_flag=True, help="Print that instead of a line."),
        grouped(
            "File",
            "--truth",
            type=click.Path(path_type=Path),
            help="Write what is true of the signal, as JSON.",
        ),
        grouped(
            "File",
            "-o",
            "--output",
            type=click.Path(path_type=Path),
            required=True,
            help=".wav, or .ul / .al for raw G.711.",
        ),
    ):
        function = option(function)
    return function


def sample_rate(function: F) -> F:
    """Add ``--sample-rate`` for one value."""
    return grouped("Signal", "--sample-rate", type=SAMPLE_RATES, default=8000, show_default=True, help="Hz.")(
        function
    )


def typed(fields: dict[str, Any]) -> dict[str, Any]:
    """Return *fields* with the names of enumerations as their members."""
    from dsp.message import Dialect, Format
    from dsp.standards import Standard
    from dsp.timing import AlertMode
    from fxsmwi.signals import What

    kinds = {"what": What, "standard": Standard, "format": Format, "dialect": Dialect, "alert": AlertMode}

    def member(field: str, value: Any) -> Any:
        if field not in kinds:
            return value
        return tuple(map(kinds[field], value)) if isinstance(value, tuple) else kinds[field](value)

    return {field: member(field, value) for field, value in fields.items()}


def now() -> str:
    """Return the present date and time, MMDDHHMM."""
    return datetime.now().strftime("%m%d%H%M")


def recipe(gaps: tuple[tuple[float, float], ...] = (), **fields: Any) -> Recipe:
    """Return the recipe of what was typed."""
    from dsp.faults import DropOut
    from fxsmwi.signals import Recipe

    drop_outs = tuple(DropOut(start_s=start_s, duration_s=duration_s) for start_s, duration_s in gaps)
    return Recipe(drop_outs=drop_outs, **typed(fields))


def report(output: Path, line: str, true: dict[str, Any], *, truth: Path | None, as_json: bool) -> None:
    """Print a line about what was written, or all that is true of it, and write that where it is wanted."""
    import json

    true = {"file": str(output), **true}
    if truth is not None:
        truth.write_text(json.dumps(true, indent=2) + "\n")
    click.echo(json.dumps(true) if as_json else line)
