"""What was received."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..message import Kind, Message, parse
from ..parameters import Readable
from ..standards import Standard


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """One burst found in a recording.

    Attributes
    ----------
    message : bytes
        As received, checksum included; of a damaged burst what could be read of it.
    checksum_ok : bool
        Whether the checksum is right and the structure legal: whether `dsp.message.parse` accepts the
        message.
    standard : Standard
    start_s : float
        Start of the channel seizure, or of the mark where there is none, in seconds from the first sample.
        Within half a millisecond on a clean line, within 2 ms at 10 dB SNR; 0.0 for a burst that was under
        way already.
    end_s : float
        End of the last character's stop bit. Within a quarter of a millisecond on a clean line.
    """

    message: bytes
    checksum_ok: bool
    standard: Standard
    start_s: float
    end_s: float

    @property
    def kind(self) -> Kind:
        """What the message is about; `Kind.OTHER` if it is damaged."""
        return Kind.OTHER if self._parsed is None else self._parsed.kind

    @property
    def waiting(self) -> bool | None:
        """Whether messages wait; None unless this is an undamaged message-waiting message."""
        return None if self._parsed is None else self._parsed.waiting

    @property
    def count(self) -> int | None:
        """Number of messages; None if it is not told."""
        return None if self._parsed is None else self._parsed.count

    @property
    def parameters(self) -> Mapping[str, Readable]:
        """The message's parameters by name, with values that JSON can hold; none if it is damaged."""
        return {} if self._parsed is None else self._parsed.parameters

    @property
    def _parsed(self) -> Message | None:
        return parse(self.message) if self.checksum_ok else None
