"""Types of messages: what the first byte tells.

References
----------
[MUFFIN] themuffin.net/j/cidinfo; [MELABS] melabs.com/resources/callerid.htm; [ASTERISK] what its chan_dahdi
was recorded to send; [SPANDSP] adsi.h. Facts only.
"""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType


class Format(StrEnum):
    """The two families of messages."""

    SDMF = "sdmf"
    MDMF = "mdmf"

    @classmethod
    def of(cls, type_: int) -> "Format":
        """Return the family of a message type: its highest bit tells."""
        return cls.MDMF if type_ & 0x80 else cls.SDMF


class Kind(StrEnum):
    """What a message is about."""

    VMWI = "vmwi"
    CALL = "call"
    OTHER = "other"


class MessageType(IntEnum):
    """First byte of a message, where it is known what it stands for."""

    SDMF_CALL_SETUP = 0x04  # [MUFFIN] [MELABS]
    SDMF_MESSAGE_WAITING = 0x06  # [MUFFIN]
    SDMF_RESERVED = 0x0B  # [MUFFIN] for a message desk
    CALL_SETUP = 0x80  # [MUFFIN] [MELABS]
    CALL_SETUP_TEST = 0x81  # [MUFFIN]
    MESSAGE_WAITING = 0x82  # [MUFFIN] [ASTERISK]
    RESERVED_84 = 0x84  # [MUFFIN]
    RESERVED_85 = 0x85  # [MUFFIN]
    CHARGE = 0x86  # [SPANDSP] advice of charge
    SHORT_MESSAGE = 0x89  # [SPANDSP]

    @property
    def format(self) -> Format:
        """The family that the type belongs to."""
        return Format.of(self)

    @property
    def kind(self) -> Kind:
        """What messages of the type are about, as far as the type alone tells."""
        return KINDS.get(self, Kind.OTHER)


KINDS: Mapping[int, Kind] = MappingProxyType(
    {
        MessageType.SDMF_CALL_SETUP: Kind.CALL,
        MessageType.CALL_SETUP: Kind.CALL,
        MessageType.SDMF_MESSAGE_WAITING: Kind.VMWI,
        MessageType.MESSAGE_WAITING: Kind.VMWI,
    }
)

PARAMETRIC = frozenset(
    {
        MessageType.CALL_SETUP,
        MessageType.CALL_SETUP_TEST,
        MessageType.MESSAGE_WAITING,
        MessageType.CHARGE,
        MessageType.SHORT_MESSAGE,
    }
)
"""Types whose content is known to be a row of parameters; that of reserved ones is not known at all."""

RECEIVED_TYPES = frozenset(
    {
        MessageType.SDMF_CALL_SETUP,
        MessageType.SDMF_MESSAGE_WAITING,
        MessageType.CALL_SETUP,
        MessageType.CALL_SETUP_TEST,
        MessageType.MESSAGE_WAITING,
    }
)
"""Types that the receiver takes for a message. A checksum of one byte passes one time in 256 by chance, so
what nobody sends to a phone is not worth listening for."""
