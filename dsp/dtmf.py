"""Caller identity by DTMF: the digits of a telephone keypad, sent to the phone before it rings.

Some countries tell the calling number without a modem, in the tones that the phone itself dials with.
Letters, which no keypad of a phone has, say what a row of digits is::

    A 1234 D 5678 C      the number 1234 calls, and was redirected from 5678
    B 10 C               no number, since the caller withholds it
    A 1234 #             the same by Denmark's older rule, where a reason is D1# to D3#
    D 1234 C             Taiwan, Kuwait, and the Dutch KPN
    1234 #               without any mark at the start

So a row of digits can be read only by one who knows the dialect: ``D1234C`` is a calling number in Taiwan
and a redirecting number in Sweden. None of the dialects knows a message that lights a lamp; networks that use
them send FSK or change the dial tone for that.

References
----------
[SPANDSP] adsi.h; [TAPI] defaults in Lantiq's drv_tapi_cid.c; [LTH] eit.lth.se, DP_dtmf, on Telia's rules;
[TUCOPS] tucops.com aoh_clip, on Denmark's; [3AM] 3amsystems' guide to signalling. Facts only.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from .arrays import FloatArray
from .errors import SignalError
from .fsk import HIGHEST_RATE, LOWEST_RATE
from .levels import FULL_SCALE_SINE_DBM0, amplitude
from .parameters import LONGEST_NUMBER

_LOW_HZ = (697, 770, 852, 941)  # ITU-T Q.23
_HIGH_HZ = (1209, 1336, 1477, 1633)  # ITU-T Q.23
_KEYS = ("123A", "456B", "789C", "*0#D")

TONES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        key: (low, high)
        for low, row in zip(_LOW_HZ, _KEYS, strict=True)
        for high, key in zip(_HIGH_HZ, row, strict=True)
    }
)
"""The two frequencies of each digit, in Hz."""

DIGIT_S, PAUSE_S = 0.07, 0.07  # [TAPI] [LTH]; a receiver has to hear 50 ms and not 20 ms [TUCOPS]
LOW_DBM0, HIGH_DBM0 = -11.0, -9.0  # [3AM]; a receiver hears -28 to -4 dBm and 8 dB of twist [TUCOPS]


class ClipDialect(StrEnum):
    """Name of a way to send a caller's identity, by its start and end codes."""

    A_D_B_C = "a-d-b-c"
    A_HASH = "a-hash"
    D_C = "d-c"
    HASH = "hash"


class ClipAbsence(StrEnum):
    """Why a number is not told."""

    UNAVAILABLE = "unavailable"
    RESTRICTED = "restricted"
    INTERNATIONAL = "international"
    TECHNICAL = "technical"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipCode:
    """The codes of a dialect.

    Attributes
    ----------
    number, redirecting : str, optional
        What stands before the calling number, and before the one that redirected the call; None where it
        cannot be told.
    absence : mapping
        What is sent in place of the calling number.
    end : str
        What ends it all.
    countries : tuple of str
        ISO 3166 codes of countries known for it.
    """

    number: str
    redirecting: str | None = None
    absence: Mapping[ClipAbsence, str] = field(default_factory=dict)
    end: str
    countries: tuple[str, ...]


CODES: Mapping[ClipDialect, ClipCode] = MappingProxyType(
    {
        ClipDialect.A_D_B_C: ClipCode(  # [SPANDSP] [TAPI]
            number="A",
            redirecting="D",
            # [SPANDSP]; its own comments contradict each other, the text on the variants was believed
            absence={ClipAbsence.UNAVAILABLE: "B00", ClipAbsence.RESTRICTED: "B10"},
            end="C",
            countries=("BE", "BR", "DK", "FI", "IN", "IS", "NL", "SA", "SE", "UY"),
        ),
        ClipDialect.A_HASH: ClipCode(  # [SPANDSP]
            number="A",
            absence={
                ClipAbsence.RESTRICTED: "D1",
                ClipAbsence.INTERNATIONAL: "D2",
                ClipAbsence.TECHNICAL: "D3",
            },
            end="#",
            countries=("DK",),  # [TUCOPS]
        ),
        ClipDialect.D_C: ClipCode(number="D", end="C", countries=("KW", "NL", "TW")),  # [SPANDSP]; NL [TAPI]
        ClipDialect.HASH: ClipCode(number="", end="#", countries=("DK", "NL")),  # [SPANDSP]
    }
)

_DIGITS = rf"[0-9]{{1,{LONGEST_NUMBER}}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """Who calls.

    Attributes
    ----------
    number : str, optional
        Digits of the caller. None: not told, and *absence* may say why.
    redirecting : str, optional
        Digits of the line that redirected the call.
    absence : ClipAbsence, optional

    Raises
    ------
    SignalError
        If nothing is told, a number and the reason for its absence are, or a number is not 1 to 20 digits.
    """

    number: str | None = None
    redirecting: str | None = None
    absence: ClipAbsence | None = None

    def __post_init__(self) -> None:
        for number in (self.number, self.redirecting):
            if number is not None and not re.fullmatch(_DIGITS, number):
                raise SignalError(f"a number is 1 to {LONGEST_NUMBER} digits, not {number!r}")
        if self.number is None and self.redirecting is None and self.absence is None:
            raise SignalError("there is nothing to tell")
        if self.number is not None and self.absence is not None:
            raise SignalError("there is a number, and a reason why there is none")

    def encode(self, dialect: ClipDialect | str) -> str:
        """Return the digits to send, or raise `SignalError` for what *dialect* cannot tell."""
        code = _code(dialect)
        if self.redirecting is not None and code.redirecting is None:
            raise SignalError(f"{dialect} cannot tell a redirecting number")
        if self.absence is not None and self.absence not in code.absence:
            raise SignalError(f"{dialect} cannot tell that a number is {self.absence}")
        number = "" if self.number is None else code.number + self.number
        redirecting = "" if self.redirecting is None else f"{code.redirecting}{self.redirecting}"
        absence = "" if self.absence is None else code.absence[self.absence]
        return number + redirecting + absence + code.end


def parse(digits: str, dialect: ClipDialect | str) -> Clip:
    """Read the *digits* of a caller's identity, or raise `SignalError` if *dialect* has no such."""
    code = _code(dialect)
    found = _pattern(code).fullmatch(digits)
    if found is None:
        raise SignalError(f"{digits!r} is no caller's identity by {dialect}")
    told = found.groupdict()
    reasons = {sent: reason for reason, sent in code.absence.items()}
    return Clip(
        number=told["number"],
        redirecting=told.get("redirecting"),
        absence=reasons.get(told.get("absence") or ""),
    )


def tones(
    digits: str,
    *,
    sample_rate: int,
    digit_s: float = DIGIT_S,
    pause_s: float = PAUSE_S,
    low_dbm0: float = LOW_DBM0,
    high_dbm0: float = HIGH_DBM0,
    lead_s: float = 0.0,
    trail_s: float = 0.0,
) -> FloatArray:
    """Render *digits* as tones.

    Parameters
    ----------
    digits : str
        Of ``0123456789ABCD*#``.
    sample_rate : int
        In Hz, 8000 to 192000.
    digit_s, pause_s : float
        How long each sounds, and the silence between two, in seconds. Every digit begins on the sample
        nearest to its time.
    low_dbm0, high_dbm0 : float
        Level of the lower and of the higher tone.
    lead_s, trail_s : float
        Silence before and after, in seconds.

    Returns
    -------
    ndarray of float64 [shape=(n,)]
        Full scale is 1.0.

    Raises
    ------
    SignalError
        If a digit has no tones, the two tones together are more than full scale, a time is negative or the
        sample rate out of range.
    """
    low, high = amplitude(low_dbm0), amplitude(high_dbm0)
    _check(digits, sample_rate, (digit_s, pause_s, lead_s, trail_s), low + high)
    lead, trail = round(lead_s * sample_rate), round(trail_s * sample_rate)
    end_s = max(0.0, len(digits) * (digit_s + pause_s) - pause_s)
    samples = np.zeros(lead + round(end_s * sample_rate) + trail)
    time = np.arange(round(digit_s * sample_rate)) * (2 * np.pi / sample_rate)
    for place, digit in enumerate(digits):
        first = lead + round(place * (digit_s + pause_s) * sample_rate)
        low_hz, high_hz = TONES[digit]
        sound = low * np.sin(low_hz * time) + high * np.sin(high_hz * time)
        samples[first : first + time.size] = sound[: samples.size - first]
    return samples


def _check(digits: str, sample_rate: int, times_s: tuple[float, ...], peak: float) -> None:
    unknown = [digit for digit in digits if digit not in TONES]
    if unknown:
        raise SignalError(f"{unknown[0]!r} has no tones; the digits are {''.join(TONES)}")
    if not LOWEST_RATE <= sample_rate <= HIGHEST_RATE:
        raise SignalError(f"a sample rate is {LOWEST_RATE} to {HIGHEST_RATE} Hz, not {sample_rate}")
    if not all(time_s >= 0 for time_s in times_s):  # NaN is refused as well
        raise SignalError("a digit or a silence cannot be shorter than nothing")
    if not peak <= 1:
        raise SignalError(f"the two tones are more than full scale, {FULL_SCALE_SINE_DBM0} dBm0 for one")


def _code(dialect: ClipDialect | str) -> ClipCode:
    try:
        return CODES[ClipDialect(dialect)]
    except ValueError as error:
        known = ", ".join(ClipDialect)
        raise SignalError(f"there is no dialect {dialect!r}; there are: {known}") from error


def _pattern(code: ClipCode) -> re.Pattern[str]:
    """Return what a caller's identity looks like; that something is told is for `Clip` to check."""
    parts = [f"({code.number}(?P<number>{_DIGITS}))?"]
    if code.redirecting is not None:
        parts.append(f"({code.redirecting}(?P<redirecting>{_DIGITS}))?")
    if code.absence:
        parts.append(f"(?P<absence>{'|'.join(code.absence.values())})?")
    return re.compile("".join(parts) + code.end)
