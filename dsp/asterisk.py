"""The burst of Asterisk's chan_dahdi, octet for octet.

Asterisk lights the lamps of DAHDI channels with a burst of its own making. It is Bell 202 whatever the
channel is set to, at a peak of 8192 (-8.9 dBm0), and it is made at 8 kHz with bits of 7, 7 and 6 samples: on
the average as long as they should be, each up to two thirds of a sample late. `dsp.spill.render` does better.

What needs *these* octets is the Astribank. With ``vmwi_ioctl=0``, the older of its driver's two settings, the
driver does not wait for an ioctl; it compares the octets that are sent, eight at a time, with those that it
knows from the burst `82 03 0B 01 FF` or `82 03 0B 01 00`. `astribank` says what it makes of a burst:

* of these two messages (`dsp.message.vmwi` without anything else) the right thing;
* of the message with date, number and name that chan_dahdi has been sending for long, on, off or nothing, by
  what the digits of the date look like, whatever the message says;
* of SDMF, the opposite.

So to an Astribank with that setting send the short message through this module.

What is proven: all 5694 octets that Asterisk 22 put on a channel (``fixtures/asterisk22_mwi_on_rpas_chan6``)
come out of `spill`, mu-law. What is derived, from Asterisk's codec tables (main/alaw.c and main/ulaw.c as
built by default) and not recorded: the A-law octets. Asterisk's carrier is a single-precision rotation; over
20000 samples it strays by 3e-5 radians from the exact one here, and the octet nearest to a decision value
(1281.5 against 1280 in the A-law) takes 18e-5 to change.

References
----------
Asterisk main/callerid.c:952-1045, include/asterisk/callerid.h (PUT_CLID and its kin), main/alaw.c; DAHDI
drivers/dahdi/xpp/card_fxs.c, detect_vmwi. Facts only.
"""

import numpy as np

from .arrays import OctetArray
from .framing import Framing, line_bits
from .fsk import BELL_202
from .levels import Law, encode

SAMPLE_RATE = 8000

LEAD = 4000
"""Octets before the burst; a multiple of eight, so that the burst begins with a chunk of DAHDI's."""

IDLE = 0x7F
"""What they are, in either law: a mu-law zero, and in the A-law, by oversight, an offset of -848."""

PEAK = 8192
SEIZURE_BITS = 300
MARK_SAMPLES = 1360  # 170 ms, without a part in the rhythm of the bits
TRAILING_SAMPLES = 400  # 50 ms
BIT_SAMPLES = (7, 7, 6)
TURN = 40
"""Both tones turn by whole fortieths of a cycle in a sample: 1200 Hz by 6, 2200 Hz by 11."""

_LOW_BITS = {Law.MULAW: 3, Law.ALAW: 7}
"""Asterisk's codec tables have one entry for each 4 or 8 values: what the highest of them would get."""

CHUNK = 8
"""Octets that DAHDI hands a driver at a time (DAHDI_CHUNKSIZE)."""

_HERALD = bytes.fromhex("A849223B9FFF1FBB")
_VERDICTS = {bytes.fromhex("A22C1F2CBBA1A5FF"): True, bytes.fromhex("A22C28A5B121499F"): False}


def spill(message: bytes, *, law: Law = Law.MULAW) -> OctetArray:
    """Render *message* as chan_dahdi does.

    Parameters
    ----------
    message : bytes
        The message, checksum included.
    law : Law
        Of the channel.

    Returns
    -------
    ndarray of uint8 [shape=(n,)]
        8000 octets a second: half a second of `IDLE`, channel seizure, mark, message, mark. A multiple of
        eight of them written before, they reach an Astribank in the chunks that it looks for.
    """
    bits = line_bits(message, Framing(seizure=SEIZURE_BITS, mark=0, trailing=0))
    samples = np.resize(BIT_SAMPLES, bits.size)
    tone = np.repeat(bits, samples)
    seizure = int(samples[:SEIZURE_BITS].sum())
    tone = np.insert(tone, seizure, np.ones(MARK_SAMPLES, dtype=np.uint8))
    tone = np.concatenate((tone, np.ones(TRAILING_SAMPLES, dtype=np.uint8)))
    step = np.where(tone, BELL_202.mark_hz, BELL_202.space_hz) * TURN // SAMPLE_RATE
    linear = np.rint(PEAK * np.cos(2 * np.pi / TURN * np.arange(TURN))).astype(np.int16)
    burst = encode(linear | _LOW_BITS[law], law)[np.cumsum(step) % TURN]
    return np.concatenate((np.full(LEAD, IDLE, dtype=np.uint8), burst))


def astribank(octets: OctetArray) -> bool | None:
    """Return what an Astribank that listens for a lamp (``vmwi_ioctl=0``) makes of mu-law *octets*.

    True and False are on and off. None means that it leaves the lamp as it is. It stops listening at the
    first burst that it thinks it knows.
    """
    chunks = [octets[at : at + CHUNK].tobytes() for at in range(0, octets.size, CHUNK)]
    at = chunks.index(_HERALD) + 1 if _HERALD in chunks else len(chunks)
    return _VERDICTS.get(chunks[at]) if at < len(chunks) else None
