"""The body of a message-waiting NOTIFY, ``application/simple-message-summary`` (RFC 3842 section 5).

::

    Messages-Waiting: yes                     mandatory, and the only line that decides about the lamp
    Message-Account: sip:501@pbx.example      whose mailbox
    Voice-Message: 2/8 (0/2)                  new/old, and how many of those are urgent: new/old
    Fax-Message: 0/1                          one line per class of RFC 3458; the urgent part may be absent

After an empty line headers of single messages may follow, which are not for a lamp.

What is done about faults:

* Messages-Waiting absent, or neither ``yes`` nor ``no``: the whole summary is refused.
* A count line that cannot be read, is negative or beyond 2**32 - 1 (section 5.2): the line is ignored, its
  counts are unknown, and a fault is noted. (``Voice-Message: 4``, without a slash, ends the process of
  Asterisk 16's chan_sip.)
* The same line twice: the first one holds, a fault is noted.
* Messages-Waiting against the counts: Messages-Waiting holds, a fault is noted. ``yes`` beside
  ``Voice-Message: 0/0`` alone is what a PBX sends when a fax waits.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import NamedTuple

from fxsmwi.errors import NotifyError

from .uri import printable

CONTENT_TYPE = "application/simple-message-summary"
MAX_COUNT = 2**32 - 1  # RFC 3842 5.2
MAX_FAULTS = 8
"""A summary has no more sentences than this about what is wrong with it."""


class MessageClass(enum.Enum):
    """The message context classes of RFC 3458, as RFC 3842 writes them."""

    VOICE = "voice-message"
    FAX = "fax-message"
    PAGER = "pager-message"
    MULTIMEDIA = "multimedia-message"
    TEXT = "text-message"
    NONE = "none"


class Counts(NamedTuple):
    """How many messages of one class; the urgent ones are counted in ``new`` and ``old`` as well."""

    new: int
    old: int
    new_urgent: int | None = None
    old_urgent: int | None = None

    def __str__(self) -> str:
        total = f"{self.new}/{self.old}"
        return total if self.new_urgent is None else f"{total} ({self.new_urgent}/{self.old_urgent})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What one NOTIFY says.

    ``account`` is Message-Account as written, ``None`` where it is absent or empty. ``counts`` has the
    classes that were told, in their order; ``faults`` has a sentence per thing that is wrong but did not
    matter.
    """

    waiting: bool
    account: str | None = None
    counts: tuple[tuple[MessageClass, Counts], ...] = ()
    faults: tuple[str, ...] = ()

    def of(self, kind: MessageClass) -> Counts | None:
        """Return the counts of one class, ``None`` where they are unknown."""
        return next((counts for told, counts in self.counts if told is kind), None)


class MalformedSummaryError(NotifyError):
    """A body that does not say whether messages wait (400)."""


_CLASSES = {kind.value: kind for kind in MessageClass}
_WAITING = {"yes": True, "no": False}

# HCOLON may be followed by a folded line, as in any header
_FOLD = re.compile(r"\r?\n[ \t]++")
# msg-summary-line = message-context-class HCOLON newmsgs SLASH oldmsgs
#                    [ LPAREN new-urgentmsgs SLASH old-urgentmsgs RPAREN ]
# newmsgs = msgcount, msgcount = 1*DIGIT; SLASH, LPAREN and RPAREN allow white space around them
_COUNTS = re.compile(
    r"([0-9]++)[ \t]*+/[ \t]*+([0-9]++)(?:[ \t]*+\([ \t]*+([0-9]++)[ \t]*+/[ \t]*+([0-9]++)[ \t]*+\))?+"
)


def parse_summary(body: bytes) -> Summary:
    """Read a summary.

    Parameters
    ----------
    body : bytes
        With CRLF or LF line ends; the last one may be missing.

    Raises
    ------
    MalformedSummaryError
        If Messages-Waiting is absent, or neither ``yes`` nor ``no``.
    """
    faults: list[str] = []
    lines = _read_lines(body, faults)
    status = lines.pop("messages-waiting", None)
    if status is None:
        raise MalformedSummaryError("the body has no Messages-Waiting")
    waiting = _WAITING.get(status.lower())
    if waiting is None:
        raise MalformedSummaryError(f"Messages-Waiting: {printable(status)} is neither yes nor no")
    counts = []
    for name, value in lines.items():
        kind = _CLASSES.get(name)
        if kind is not None and (told := _read_counts(name, value, faults)) is not None:
            counts.append((kind, told))
    _note_contradictions(waiting, counts, faults)
    return Summary(
        waiting=waiting,
        account=lines.get("message-account") or None,
        counts=tuple(counts),
        faults=tuple(faults[:MAX_FAULTS]),
    )


def _read_lines(body: bytes, faults: list[str]) -> dict[str, str]:
    """Return the lines up to the first empty one by name, in lower case, the first of each name."""
    text = body.lstrip(b"\r\n").decode("utf-8", "surrogateescape")
    if "\n " in text or "\n\t" in text:
        text = _FOLD.sub(" ", text)
    found: dict[str, str] = {}
    for line in text.split("\n"):
        name, colon, value = line.strip(" \t\r").partition(":")
        if not name and not colon:
            break
        name = name.rstrip(" \t").lower()
        if not colon:
            faults.append(f"{printable(line)} is no line of a summary")
        elif name in found:
            faults.append(f"{printable(name)} is there twice, the first one holds")
        else:
            found[name] = value.lstrip(" \t")
    return found


def _read_counts(name: str, value: str, faults: list[str]) -> Counts | None:
    match = _COUNTS.fullmatch(value)
    if match is None:
        faults.append(f"{name}: {printable(value)} is no count")
        return None
    numbers = [_read_number(digits) for digits in match.groups() if digits is not None]
    if max(numbers) > MAX_COUNT:
        faults.append(f"{name}: {printable(value)} is more than {MAX_COUNT}")
        return None
    return Counts(*numbers)


def _read_number(digits: str) -> int:
    """Read a number of any length; int() sees eleven digits at most, one more than MAX_COUNT has."""
    return int(digits.lstrip("0")[:11] or "0")


def _note_contradictions(waiting: bool, counts: list[tuple[MessageClass, Counts]], faults: list[str]) -> None:
    new = 0
    for kind, told in counts:
        new += told.new
        if (told.new_urgent or 0) > told.new or (told.old_urgent or 0) > told.old:
            faults.append(f"{kind.value}: more are urgent than there are")
    if waiting and counts and not new:
        faults.append("Messages-Waiting is yes, but nothing told is new")
    if not waiting and new:
        faults.append(f"Messages-Waiting is no, but {new} are new")
