"""Faults made on purpose: what to send to learn whether a phone, or our own receiver, copes with it.

What a line does to a signal stands in `dsp.impair`; these are faults of the sender.
"""

from dataclasses import dataclass, replace

from .arrays import BitArray, FloatArray
from .errors import SignalError
from .framing import Framing
from .fsk import FskSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class DropOut:
    """A moment without any signal; the modem goes on underneath.

    Attributes
    ----------
    start_s : float
        From the first sample of the burst, in seconds.
    duration_s : float
        In seconds.
    """

    start_s: float
    duration_s: float

    def __post_init__(self) -> None:
        if not (self.start_s >= 0 and self.duration_s >= 0):  # NaN is refused as well
            raise SignalError("a drop-out neither begins before the burst nor lasts less than no time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What is wrong with a burst.

    Attributes
    ----------
    checksum : int
        What is XORed into the last byte, 0..255; 0 leaves it as it is.
    seizure : int, optional
        Bits that are left of the channel seizure, the beginning being cut off. None leaves all of them.
    drop_outs : tuple of DropOut
    baud : int
        Bits a second too many.
    mark_hz, space_hz : int
        By how much a tone is too high.
    """

    checksum: int = 0
    seizure: int | None = None
    drop_outs: tuple[DropOut, ...] = ()
    baud: int = 0
    mark_hz: int = 0
    space_hz: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.checksum <= 0xFF:
            raise SignalError(f"what is wrong with a checksum is 0 to 255, not {self.checksum}")
        if self.seizure is not None and self.seizure < 0:
            raise SignalError(f"a channel seizure cannot have {self.seizure} bits")

    def message(self, message: bytes) -> bytes:
        """Return *message* as it is sent."""
        return message[:-1] + bytes(octet ^ self.checksum for octet in message[-1:])

    def bits(self, bits: BitArray, framing: Framing) -> BitArray:
        """Return the line *bits*, laid out by *framing*, that are sent."""
        if self.seizure is None:
            return bits
        if self.seizure > framing.seizure:
            raise SignalError(f"the channel seizure has {framing.seizure} bits, not {self.seizure} to leave")
        return bits[framing.seizure - self.seizure :]

    def fsk(self, spec: FskSpec) -> FskSpec:
        """Return the modem in place of *spec*."""
        return replace(
            spec,
            baud=spec.baud + self.baud,
            mark_hz=spec.mark_hz + self.mark_hz,
            space_hz=spec.space_hz + self.space_hz,
        )

    def burst(self, burst: FloatArray, *, sample_rate: int) -> FloatArray:
        """Return the samples of *burst* with its drop-outs."""
        sent = burst.copy()
        for gap in self.drop_outs:
            start, end = (round(time * sample_rate) for time in (gap.start_s, gap.start_s + gap.duration_s))
            sent[start:end] = 0
        return sent


FAULTLESS = Faults()
"""Nothing is wrong."""
