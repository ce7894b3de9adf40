"""From a recipe to samples: one transmission with all that is said of it, for commands and corpora alike.

A `Recipe` is plain values, so that a command line and a sweep can hold it; `make` gives the samples and what
is true of them. The order is that of a real line: the sender's burst with its faults, the alert and the line
actions around it, the tilt of the loop, the listener's clock, noise over everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

import numpy as np

from dsp import impair, message, ntt, transmission
from dsp.arrays import BitArray, FloatArray
from dsp.errors import SignalError
from dsp.faults import DropOut, Faults
from dsp.framing import Framing, line_bits
from dsp.fsk import START, FskSpec, ModulatorState
from dsp.spill import render
from dsp.standards import DataLink, Profile, Standard, profile
from dsp.steps import Action, Burst, LineAction, Silence, Step, duration_s
from dsp.timing import AlertMode, Event, Moment
from dsp.transmission import Rendering, TimedAction, Transmission


class What(StrEnum):
    """What a message says."""

    VMWI_ON = "vmwi-on"
    VMWI_OFF = "vmwi-off"
    CALL = "call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One transmission, in plain values; None takes what the standard says.

    Attributes
    ----------
    what : What
    standard : Standard
    format : Format
        SDMF or MDMF; NTT has a frame of its own.
    dialect : Dialect
        How MDMF says that messages wait.
    count, date, number, called, name, reference
        As in `dsp.message.vmwi`; a call has no count and no reference.
    call_date : str
        Of a call where *date* is None: other messages have none then, but a call always has one.
    alert : AlertMode
        What wakes the phone.
    sample_rate : int
        In Hz.
    level_dbm0 : float, optional
        Of the burst.
    twist_db : float
        By how much the sender's mark is stronger than its space.
    seizure, mark, stop, stuffing, trailing : int, optional
        In place of the standard's framing, in bits.
    baud_error, mark_error_hz, space_error_hz : int
        The sender's faults.
    seizure_left : int, optional
        Bits that are left of the channel seizure, its beginning being cut off.
    checksum_error : int
        What is XORed into the last byte.
    drop_outs : tuple of DropOut
    tilt_db : float
        By how much the loop weakens the higher tone against the lower.
    clock_error : float
        By which fraction the listener's clock is fast, to one part in a thousand.
    snr_db : float, optional
        Noise up to 4 kHz below the burst; None is no noise.
    lead_s, trail_s : float
        Silence before and after, in seconds.
    """

    what: What
    standard: Standard = Standard.BELLCORE
    format: message.Format = message.Format.MDMF
    dialect: message.Dialect = message.Dialect.INDICATOR
    count: int | None = None
    date: str | None = None
    number: str | None = None
    called: str | None = None
    name: str | None = None
    reference: int | None = None
    call_date: str = "01011200"
    alert: AlertMode = AlertMode.NONE
    sample_rate: int = 8000
    level_dbm0: float | None = None
    twist_db: float = 0.0
    seizure: int | None = None
    mark: int | None = None
    stop: int | None = None
    stuffing: int | None = None
    trailing: int | None = None
    baud_error: int = 0
    mark_error_hz: int = 0
    space_error_hz: int = 0
    seizure_left: int | None = None
    checksum_error: int = 0
    drop_outs: tuple[DropOut, ...] = ()
    tilt_db: float = 0.0
    clock_error: float = 0.0
    snr_db: float | None = None
    lead_s: float = 0.5
    trail_s: float = 0.2

    @property
    def profile(self) -> Profile:
        """The row of the standard."""
        return profile(self.standard)

    @property
    def level(self) -> float:
        """Level of the burst in dBm0."""
        return self.profile.level_dbm0 if self.level_dbm0 is None else self.level_dbm0

    @property
    def faults(self) -> Faults:
        """What is wrong with the sender."""
        return Faults(
            checksum=self.checksum_error,
            seizure=self.seizure_left,
            drop_outs=self.drop_outs,
            baud=self.baud_error,
            mark_hz=self.mark_error_hz,
            space_hz=self.space_error_hz,
        )

    @property
    def clock_ratio(self) -> Fraction:
        """How many samples the listener takes where the sender makes one."""
        if not -0.5 <= self.clock_error <= 0.5:
            raise SignalError(f"a clock is off by half at most, not by {self.clock_error}")
        ratio = Fraction(1 + self.clock_error).limit_denominator(1000)
        if self.clock_error and ratio == 1:
            raise SignalError(f"a clock error is kept to one part in a thousand; {self.clock_error} is less")
        return ratio


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Made:
    """Samples, and what is true of them.

    Attributes
    ----------
    recipe : Recipe
    message : bytes
        As it was meant, checksum or CRC included.
    samples : ndarray of float64 [shape=(n,)]
        Full scale is 1.0.
    bits : ndarray of uint8
        Line bits as sent.
    framing : Framing
        What surrounds the bytes; a seizure cut short is still whole in it.
    fsk : FskSpec
        The modem, as sent.
    start_s, bit_s : float
        When the first bit begins, and how long each is, on the listener's clock: no edge is rounded.
    actions : tuple of TimedAction
        What the line does.
    tones : tuple of Moment
        Alert tones, and the phone's answer.
    """

    recipe: Recipe
    message: bytes
    samples: FloatArray
    bits: BitArray
    framing: Framing
    fsk: FskSpec
    start_s: float
    bit_s: float
    actions: tuple[TimedAction, ...]
    tones: tuple[Moment, ...]


def compose(recipe: Recipe) -> bytes:
    """Return the message of *recipe*, or raise `SignalError` if it cannot be sent."""
    if recipe.what is What.CALL:
        return _call(recipe)
    if recipe.profile.data_link is DataLink.NTT:
        raise SignalError("ntt knows no message that lights a lamp, only call")
    return message.vmwi(
        recipe.what is What.VMWI_ON,
        format=recipe.format,
        dialect=recipe.dialect,
        count=recipe.count,
        date=recipe.date,
        number=recipe.number,
        called=recipe.called,
        name=recipe.name,
        reference=recipe.reference,
    )


def _call(recipe: Recipe) -> bytes:
    if recipe.count is not None or recipe.reference is not None:
        raise SignalError("a call has no --count and no --reference: they go with vmwi-on and vmwi-off")
    if recipe.profile.data_link is DataLink.NTT:
        return ntt.call_setup(number=recipe.number, name=recipe.name, called=recipe.called)
    if recipe.called is not None:
        raise SignalError("a call tells the number called by ntt only")
    return message.call_setup(
        date=recipe.date or recipe.call_date,
        format=recipe.format,
        number=recipe.number,
        name=recipe.name,
    )


def make(recipe: Recipe, *, rng: np.random.Generator | None = None) -> Made:
    """Make the transmission of *recipe*.

    Parameters
    ----------
    recipe : Recipe
    rng : numpy.random.Generator, optional
        Draws the phase of the carrier, the place of the first sample in the first bit, and the noise. None
        starts at a rising zero on a bit edge, and makes no noise.

    Raises
    ------
    SignalError
        If it cannot be sent, or asks for noise without a generator.
    """
    if min(recipe.lead_s, recipe.trail_s) < 0:
        raise SignalError("a silence cannot be shorter than nothing")
    data, ratio = compose(recipe), float(recipe.clock_ratio)
    before, planned, after = _steps(recipe, data)
    sent = _send(recipe, data, planned, rng)
    head, tail = (_lay_out(recipe, steps) for steps in (before, after))
    first = head.samples.size
    whole = np.concatenate((head.samples, sent.samples, tail.samples))
    actions = _actions(recipe, (before, planned), (head, sent, tail))
    return Made(
        recipe=recipe,
        message=data,
        samples=_received(recipe, whole, slice(first, first + sent.samples.size), rng),
        bits=sent.bits,
        framing=sent.framing,
        fsk=sent.fsk,
        start_s=ratio * (first - sent.state.offset / sent.fsk.baud) / recipe.sample_rate,
        bit_s=ratio / sent.fsk.baud,
        actions=tuple(
            replace(action, start_s=ratio * action.start_s, duration_s=ratio * action.duration_s)
            for action in actions
        ),
        tones=tuple(
            replace(tone, start_s=ratio * tone.start_s, end_s=ratio * tone.end_s)
            for tone in transmission.timeline(_of(recipe, before))
            if tone.event in _TONES
        ),
    )


_TONES = {Event.SAS, Event.TONES, Event.ACK}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sent:
    """A burst as sent."""

    samples: FloatArray
    bits: BitArray
    framing: Framing
    fsk: FskSpec
    state: ModulatorState

    @property
    def duration_s(self) -> float:
        return self.bits.size / self.fsk.baud


def _steps(recipe: Recipe, data: bytes) -> tuple[tuple[Step, ...], Burst, tuple[Step, ...]]:
    """Return what comes before the burst, the burst, and what comes after it, silences included."""
    steps = transmission.plan(data, alert=recipe.alert, standard=recipe.standard).steps
    place = next(index for index, step in enumerate(steps) if isinstance(step, Burst))
    before, burst, after = steps[:place], steps[place], steps[place + 1 :]
    assert isinstance(burst, Burst)
    lead = Silence(duration_s=recipe.lead_s)
    if recipe.alert is AlertMode.NONE:  # with nothing to wake the phone the lead is all that comes before
        before = (*(step for step in before if isinstance(step, LineAction)), lead)
    else:
        before = (lead, *before)
    return before, burst, (*after, Silence(duration_s=recipe.trail_s))


def _send(recipe: Recipe, data: bytes, planned: Burst, rng: np.random.Generator | None) -> _Sent:
    faults = recipe.faults
    told = {part: getattr(recipe, part) for part in _FRAMING}
    framing = replace(planned.framing, **{part: bits for part, bits in told.items() if bits is not None})
    fsk = faults.fsk(recipe.profile.fsk)
    state = _start(fsk, recipe.sample_rate, rng)
    samples = render(
        data,
        standard=recipe.standard,
        sample_rate=recipe.sample_rate,
        level_dbm0=recipe.level_dbm0,
        twist_db=recipe.twist_db,
        framing=framing,
        state=state,
        faults=faults,
    )
    bits = faults.bits(line_bits(faults.message(data), framing), framing)
    return _Sent(samples=samples, bits=bits, framing=framing, fsk=fsk, state=state)


_FRAMING = ("seizure", "mark", "stop", "stuffing", "trailing")


def _start(fsk: FskSpec, sample_rate: int, rng: np.random.Generator | None) -> ModulatorState:
    """Draw a phase, and a place of the first sample that still lies in the first sample's time."""
    if rng is None:
        return START
    phase, offset = rng.integers((sample_rate * fsk.baud, fsk.baud)).tolist()
    return ModulatorState(phase=phase, offset=offset)


def _of(recipe: Recipe, steps: Sequence[Step]) -> Transmission:
    return Transmission(alert=recipe.alert, standard=recipe.standard, steps=tuple(steps))


def _lay_out(recipe: Recipe, steps: Sequence[Step]) -> Rendering:
    return transmission.to_samples(_of(recipe, steps), sample_rate=recipe.sample_rate)


def _actions(
    recipe: Recipe,
    planned: tuple[Sequence[Step], Burst],
    laid_out: tuple[Rendering, _Sent, Rendering],
) -> Iterator[TimedAction]:
    """Give the line's actions on the clock; what goes on during the burst is as much longer as that is."""
    (before, burst), (head, sent, tail) = planned, laid_out
    begins_s = sum(map(duration_s, before))
    growth_s = sent.duration_s - duration_s(burst)
    if recipe.alert is AlertMode.NONE:
        growth_s += recipe.lead_s - transmission.SETTLE_S
    for action in head.actions:
        goes_on = action.action is Action.TRANSMIT
        yield replace(action, duration_s=action.duration_s + growth_s) if goes_on else action
    for action in tail.actions:
        yield replace(action, start_s=begins_s + sent.duration_s + action.start_s)


def _received(
    recipe: Recipe, samples: FloatArray, burst: slice, rng: np.random.Generator | None
) -> FloatArray:
    """Return *samples*, of which *burst* is the burst, as they reach the listener."""
    tones = (recipe.profile.fsk.mark_hz, recipe.profile.fsk.space_hz)
    if recipe.tilt_db:
        samples = impair.twist(
            samples,
            twist_db=recipe.tilt_db,
            low_hz=min(tones),
            high_hz=max(tones),
            sample_rate=recipe.sample_rate,
        )
    power = float(np.mean(np.square(samples[burst])))
    if recipe.clock_error:
        samples = impair.clock_error(samples, error=recipe.clock_error)
    if recipe.snr_db is None:
        return samples
    if rng is None:
        raise SignalError("noise needs a seed")
    return impair.white_noise(
        samples, snr_db=recipe.snr_db, sample_rate=recipe.sample_rate, rng=rng, power=power
    )
