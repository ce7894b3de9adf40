"""Mailboxes, and what is known of one.

A mailbox is named as everywhere in Asterisk: ``501@default``, a user and a voicemail context; without ``@``
the context is ``default``. What a source says of it follows RFC 3842: whether messages wait, which alone
decides about the lamp, and, where the source tells them, how many are new and old. A count that was not
told is ``None``, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

DEFAULT_CONTEXT = "default"
"""The context of a mailbox that is written without one, as in voicemail.conf and chan_dahdi.conf."""


@dataclass(frozen=True, slots=True, order=True)
class MailboxId:
    """The name of a mailbox, ``user@context``."""

    user: str
    context: str = DEFAULT_CONTEXT

    def __post_init__(self) -> None:
        both = self.user + self.context
        is_plain = both.isprintable() and not (" " in both or "@" in both or "," in both)
        if not (is_plain and self.user and self.context):  # of all white space only " " is printable
            raise ValueError(f"{self.user}@{self.context} is no mailbox: write user or user@context")

    @classmethod
    def parse(cls, text: str, *, context: str = DEFAULT_CONTEXT) -> Self:
        """Read ``user`` or ``user@context``; *context* is taken where the text names none.

        Raises
        ------
        ValueError
            If a part is empty, or holds white space, a comma, a second ``@`` or a control character.
        """
        user, at, named = text.strip().partition("@")
        return cls(user, named if at else context)

    def __str__(self) -> str:
        return f"{self.user}@{self.context}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxState:
    """What one source says of one mailbox (RFC 3842 section 5.2).

    ``new`` counts the urgent ones too; ``None`` is a count that was not told.
    """

    waiting: bool
    new: int | None = None
    old: int | None = None
    new_urgent: int | None = None
    old_urgent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxReport:
    """A source tells the state of a mailbox.

    ``source`` names who said it (``sip:pbx``), ``detail`` how, for the people who ask why a lamp is on.
    """

    mailbox: MailboxId
    state: MailboxState
    source: str
    detail: str = ""
