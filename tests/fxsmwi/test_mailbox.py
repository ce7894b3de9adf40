from __future__ import annotations

import pytest

from fxsmwi.mailbox import MailboxId


@pytest.mark.parametrize(
    ("text", "context", "mailbox"),
    [
        ("501", "default", MailboxId("501", "default")),
        ("501@work", "default", MailboxId("501", "work")),
        ("501", "hotel", MailboxId("501", "hotel")),
        (" 501@default ", "hotel", MailboxId("501", "default")),
    ],
)
def test_a_mailbox_is_a_user_and_a_context(text: str, context: str, mailbox: MailboxId) -> None:
    assert MailboxId.parse(text, context=context) == mailbox
    assert MailboxId.parse(str(mailbox)) == mailbox


@pytest.mark.parametrize("text", ["", "@", "501@", "@default", "5 1", "501@a@b", "501,502", "5\x001", "5\n1"])
def test_what_no_mailbox_is_called_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no mailbox"):
        MailboxId.parse(text)
