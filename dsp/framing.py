"""From message bytes to line bits, and back.

A phone's receiver sleeps until something on the idle line wakes it, then it must learn two things before the
first byte: that this is data, and where a bit begins. The line bits of one transmission are laid out for
that::

    0 1 0 1 ... 0 1   channel seizure: 300 alternating bits (250 ms). Nothing else on a telephone line changes
                      tone 1200 times a second, so it wakes the receiver, and every edge shows it the bit
                      clock.
    1 1 1 ... 1       mark: 180 ones (150 ms). A steady tone, in which the next 0 can only be a start bit. 0
    d0 ... d7 1     each byte: a start bit, eight data bits with the least significant first, a stop bit. 1 1
    mark-out: a little more mark, so that no receiver loses the last stop bit in its filters.

A receiver takes its timing anew from every start bit, so a sender may put marks between two bytes ("mark
stuffing") and still be understood. Off the hook, with the receiver already awake, the seizure is left out and
80 marks are enough. The other standards differ in these numbers only; NTT has no seizure at all, because its
phones are woken by a ring of their own and answer it.

References
----------
[TAPI] comments in Lantiq's drv_tapi_cid.c, which cite GR-30-CORE; [MT43] Mitel MT8843 data sheet, timing
figures; [RAVEN] gbppr.net/crossbar/btclid.txt, a summary of SIN 227; [SPANDSP] what its documentation says
and its transmitter sends. Facts only.
"""

from dataclasses import dataclass

import numpy as np

from .arrays import BitArray
from .errors import SignalError


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """What surrounds the bytes of a message on the line; all in bits.

    Attributes
    ----------
    seizure : int
        Alternating bits, the first 0; an even number, so that the last is 1 like the mark after it.
    mark : int
        Ones between the seizure and the first start bit.
    stop : int
        Stop bits that end each byte, at least one.
    stuffing : int
        Ones put between two bytes besides the stop bits.
    trailing : int
        Ones after the last stop bit.
    """

    seizure: int = 300
    mark: int = 180
    stop: int = 1
    stuffing: int = 0
    trailing: int = 2

    def __post_init__(self) -> None:
        if min(self.seizure, self.mark, self.stuffing, self.trailing) < 0 or self.stop < 1:
            raise SignalError("no part of a framing is shorter than nothing, and a byte ends in a stop bit")
        if self.seizure % 2:
            raise SignalError(f"a channel seizure of {self.seizure} bits would not end with a 1")


ON_HOOK = Framing(
    seizure=300,  # [TAPI], and the 1991 Rockwell sheet's 30 bytes of 55h
    mark=180,  # [TAPI] [SPANDSP]
    trailing=2,  # [SPANDSP]: the checksum is followed by at least two stop bits
)
"""A Bellcore transmission to a phone whose receiver is on the hook."""

OFF_HOOK = Framing(seizure=0, mark=80)  # [TAPI]; [MT43] shows 70 to 90
"""A Bellcore transmission during a call, after the alerting tone was answered."""

ETSI_ON_HOOK = Framing(
    seizure=300,  # [TAPI] EN 300 659-1
    mark=180,  # +-25; [TAPI] [SPANDSP]
    trailing=2,  # 1 to 10 stop bits end the checksum, by code that cites EN 300 659-1
)
"""A transmission by EN 300 659-1 to a phone whose receiver is on the hook."""

ETSI_SHORT_MARK = Framing(seizure=300, mark=80)  # +-25; [TAPI]: the operator's option
"""The same with the shorter mark that EN 300 659-1 leaves to the operator."""

ETSI_OFF_HOOK = Framing(seizure=0, mark=80)  # +-25, by [TAPI] and code that cites EN 300 778-2
"""A transmission by EN 300 659-2, during a call."""

BT_ON_HOOK = Framing(
    seizure=300,  # 96 to 315 [RAVEN] [TAPI]; enough for a receiver that asks for 200 as well
    mark=80,  # at least 55 [TAPI], 55 to 90 [RAVEN]
)
"""A transmission by BT's SIN 227, idle state."""

BT_OFF_HOOK = Framing(seizure=0, mark=80)  # [TAPI]
"""A transmission by BT's SIN 227, loop state."""

NTT = Framing(
    seizure=0,
    mark=75,  # [SPANDSP]; 72 to 78 with [TAPI]
    stop=4,  # what [SPANDSP] sends
)
"""A transmission by NTT's rules, to a phone that has answered the alert by itself, or during a call."""


def line_bits(message: bytes, framing: Framing = ON_HOOK) -> BitArray:
    """Lay out *message* as the bits of one transmission.

    Parameters
    ----------
    message : bytes
        Any bytes; a message has its checksum in it already.
    framing : Framing
        What surrounds them.

    Returns
    -------
    ndarray of uint8 [shape=(n,)]
        Line bits in sending order, 1 is mark.
    """
    octets = np.frombuffer(message, dtype=np.uint8)
    characters = np.ones((octets.size, 9 + framing.stop + framing.stuffing), dtype=np.uint8)
    characters[:, 0] = 0
    characters[:, 1:9] = np.unpackbits(octets[:, np.newaxis], axis=1, bitorder="little")
    body = characters.ravel()[: characters.size - framing.stuffing]  # stuffing stands between bytes only
    return np.concatenate(
        (
            np.arange(framing.seizure, dtype=np.uint8) % 2,
            np.ones(framing.mark, dtype=np.uint8),
            body,
            np.ones(framing.trailing, dtype=np.uint8),
        )
    )
