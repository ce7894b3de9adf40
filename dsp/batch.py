"""Thousands of bursts at once, about as fast as memory is written.

All messages are laid out together, with no step for each message or bit::

    characters   each byte with its start and stop bits is one number, from a table of 256
    values       the bits of one piece of signal, cut out of two neighbouring characters
    states       a value, and the phase before it: a running sum over the burst
    samples      the pieces of signal that belong to the states (`dsp.tiles`), side by side

The states of seizure and mark are the same for all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import DTypeLike

from .errors import SignalError
from .formats import FormattedArray, SampleFormat, sample_format
from .framing import Framing, line_bits
from .fsk import FskSpec, check_rate
from .levels import FULL_SCALE_SINE_DBM0
from .standards import Standard, profile
from .tiles import IndexArray, phases, pieces, turns

LONGEST_CHARACTER = 31
"""Bits, stop bits and stuffing included: two of them fit an integer."""

CHUNK_SAMPLES = 1 << 21
"""About how many are made at a time, so that the work space stays small however many messages there are."""


def render_batch(
    messages: Sequence[bytes],
    *,
    standard: Standard | str = Standard.BELLCORE,
    sample_rate: int,
    dtype: SampleFormat | DTypeLike = SampleFormat.FLOAT64,
    level_dbm0: float | None = None,
    framing: Framing | None = None,
) -> tuple[FormattedArray, IndexArray]:
    """Render each of *messages* as one burst, all at once.

    Parameters
    ----------
    messages : sequence of bytes
        Messages as `dsp.spill.render` takes them, checksum included, of any lengths.
    standard : Standard
        Whose modem, framing and level to take.
    sample_rate : int
        In Hz, 8000 to 192000.
    dtype : SampleFormat
        float64, float32, int16, mulaw or alaw; a numpy type names the first three as well.
    level_dbm0 : float, optional
        Level of the tones; None takes the standard's.
    framing : Framing, optional
        In place of the standard's on-hook one.

    Returns
    -------
    samples : ndarray of float64, float32, int16 or uint8 [shape=(n, longest)]
        One burst a row, silence behind the shorter ones. Row *i* up to ``lengths[i]`` is what
        `dsp.spill.render` gives for the message: float64 within 1e-12, the other formats the same values as
        when that is written in the format.
    lengths : ndarray of intp [shape=(n,)]
        Samples in each burst.

    Raises
    ------
    SignalError
        If the standard or the format is unknown, the level above full scale, a character longer than
        `LONGEST_CHARACTER`, or if a tone does not fit the sample rate.
    """
    row = profile(standard)
    level = row.level_dbm0 if level_dbm0 is None else level_dbm0
    if not level <= FULL_SCALE_SINE_DBM0:  # NaN is refused as well
        raise SignalError(f"{level} dBm0 is more than a full-scale sine, {FULL_SCALE_SINE_DBM0} dBm0")
    check_rate(sample_rate, row.fsk)
    table = pieces(row.fsk, sample_rate, level, sample_format(dtype))
    layout = _layout(row.fsk, framing or row.on_hook, table.bits)
    sizes = np.fromiter(map(len, messages), dtype=np.intp, count=len(messages))
    bits = layout.bits(sizes)
    count = -(-int(bits.max(initial=0)) // table.bits)
    samples = np.empty((sizes.size, table.samples(count)), dtype=table.table.dtype)
    step = 1 + CHUNK_SAMPLES // (1 + samples.shape[1])
    for first in range(0, sizes.size, step):
        chunk = slice(first, first + step)
        states = _states(layout, messages[chunk], sizes[chunk], count)
        table.draw(states, bits[chunk], samples[chunk])
    lengths = -(-bits * sample_rate // row.fsk.baud)
    return samples[:, : lengths.max(initial=0)], lengths


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Layout:
    """What the line bits of all bursts of a kind have in common.

    Attributes
    ----------
    framing : Framing
    piece : int
        Bits in a piece of signal.
    phases : int
        How many there are at bit edges.
    turns : ndarray of intp [shape=(2**piece,)]
        By how many of them each value moves the phase on.
    preamble : ndarray of intp [shape=(n,)]
        States of the pieces that seizure and mark fill.
    phase : int
        Phase behind them.
    begun : int
        Bits of seizure and mark that are left for the next piece.
    lead : int
        They, as the last bits of a character, first bit lowest.
    octets : ndarray of intp [shape=(256,)]
        The character of each byte.
    """

    framing: Framing
    piece: int
    phases: int
    turns: IndexArray
    preamble: IndexArray
    phase: int
    begun: int
    lead: int
    octets: IndexArray

    @property
    def width(self) -> int:
        """Bits in a character."""
        return _width(self.framing)

    def bits(self, sizes: IndexArray) -> IndexArray:
        """Return how many line bits messages of so many bytes become."""
        body = np.maximum(sizes * self.width - self.framing.stuffing, 0)
        return self.framing.seizure + self.framing.mark + body + self.framing.trailing


def _width(framing: Framing) -> int:
    return 9 + framing.stop + framing.stuffing


@lru_cache(maxsize=8)
def _layout(fsk: FskSpec, framing: Framing, piece: int) -> _Layout:
    width = _width(framing)
    if width > LONGEST_CHARACTER:
        raise SignalError(f"characters of {width} bits are longer than {LONGEST_CHARACTER}")
    bits = line_bits(b"", replace(framing, trailing=0))
    whole, begun = bits.size // piece * piece, bits.size % piece
    values = bits[:whole].reshape(-1, piece) @ (1 << np.arange(piece))
    turn = turns(fsk, piece)
    phase = np.cumsum(turn[values]) - turn[values]
    marks = 2**width - 1
    return _Layout(
        framing=framing,
        piece=piece,
        phases=phases(fsk),
        turns=turn,
        preamble=phase % phases(fsk) << piece | values,
        phase=int(turn[values].sum()) % phases(fsk),
        begun=begun,
        lead=int(bits[whole:] @ (1 << np.arange(width - begun, width))),
        octets=np.arange(256) << 1 | marks ^ 0x1FF,  # start bit, data, and ones to the end
    )


def _states(layout: _Layout, messages: Sequence[bytes], sizes: IndexArray, count: int) -> IndexArray:
    """Return the states of *count* pieces of each burst, silence behind its end [shape=(n, count)]."""
    before = layout.preamble.size
    values = _values(layout, _characters(layout, messages, sizes, count - before), count - before)
    turns = layout.turns.take(values)
    phase = np.cumsum(turns, axis=1) - turns + layout.phase
    top = np.arange(layout.phases * (count + 1)) % layout.phases << layout.piece
    first_bit = layout.piece * np.arange(before, count)
    sounds = first_bit < layout.bits(sizes)[:, np.newaxis]
    states = np.empty((sizes.size, count), dtype=np.intp)
    states[:, :before] = layout.preamble
    states[:, before:] = np.where(sounds, top.take(phase) | values, layout.phases << layout.piece)
    return states


def _characters(layout: _Layout, messages: Sequence[bytes], sizes: IndexArray, count: int) -> IndexArray:
    """Return all that follows the preamble's pieces as characters, first bit lowest [shape=(n, columns)].

    The first ends with the lead; behind the messages are marks, enough to fill *count* pieces and one more.
    """
    marks = 2**layout.width - 1
    columns = (layout.width - layout.begun + count * layout.piece) // layout.width + 2
    characters = np.full((sizes.size, columns), marks)
    characters[:, 0] = layout.lead
    longest = int(sizes.max())
    text = np.array(messages, dtype=f"S{max(1, longest)}").view(np.uint8).reshape(sizes.size, -1)
    inside = np.arange(longest) < sizes[:, np.newaxis]
    characters[:, 1 : longest + 1] = np.where(inside, layout.octets.take(text[:, :longest]), marks)
    return characters


def _values(layout: _Layout, characters: IndexArray, count: int) -> IndexArray:
    """Cut *characters* into *count* pieces, first bit lowest [shape=(n, count)]."""
    pairs = characters[:, :-1] | characters[:, 1:] << layout.width
    first_bit = layout.width - layout.begun + layout.piece * np.arange(count)
    character, shift = np.divmod(first_bit, layout.width)
    values: IndexArray = pairs.take(character, axis=1) >> shift & 2**layout.piece - 1
    return values
