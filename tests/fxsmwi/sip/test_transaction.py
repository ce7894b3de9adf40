"""A repetition finds the answer that was given, for 32 s, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fxsmwi.sip.message import Request, parse
from fxsmwi.sip.transaction import (
    ANSWER_LIFETIME,
    CSeqTable,
    TransactionKey,
    TransactionTable,
    transaction_key,
)

HERE = ("192.0.2.1", 5060)
ANSWER = (b"SIP/2.0 200 OK\r\n\r\n", HERE)

Notify = Callable[..., bytes]


def key_of(datagram: bytes, source: tuple[str, int] = HERE) -> TransactionKey:
    request = parse(datagram)
    assert isinstance(request, Request)
    return transaction_key(request, source)


@pytest.mark.parametrize(
    "change",
    [
        {"Via": "SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-2"},
        {"Via": "SIP/2.0/UDP 127.0.0.1:5061;branch=z9hG4bK-1"},
        {"CSeq": "2 NOTIFY"},
        {"Call-ID": "c2"},
    ],
)
def test_another_branch_or_sent_by_is_another_transaction_and_a_constant_branch_swallows_nothing(
    notify: Notify, change: dict[str, str]
) -> None:
    assert key_of(notify()) != key_of(notify(headers=change))


def test_another_method_or_source_is_another_transaction(notify: Notify) -> None:
    assert key_of(notify()) != key_of(notify(line="OPTIONS sip:501@192.0.2.7 SIP/2.0"))
    assert key_of(notify()) != key_of(notify(), ("192.0.2.2", 5060))
    assert key_of(notify()) == key_of(notify(), ("192.0.2.1", 6060))


@pytest.mark.parametrize("branch", ["", ";branch=1", ";branch=z9hG4bK"])
@pytest.mark.parametrize(
    "change",
    [
        {"Call-ID": "c2"},
        {"CSeq": "2 NOTIFY"},
        {"From": "<sip:pbx@127.0.0.1>;tag=b"},
        {"To": "<sip:501@192.0.2.7>;tag=b"},
        {"Via": "SIP/2.0/UDP 127.0.0.1:5061"},
    ],
)
def test_without_a_unique_branch_the_rules_of_rfc_2543_hold(
    notify: Notify, branch: str, change: dict[str, str]
) -> None:
    old = {"Via": f"SIP/2.0/UDP 127.0.0.1:5060{branch}"}
    assert key_of(notify(headers=old)) == key_of(notify(headers=old))
    assert key_of(notify(headers=old)) != key_of(notify(headers={**old, **change}))
    other = notify(line="NOTIFY sip:502@192.0.2.7 SIP/2.0", headers=old)
    assert key_of(notify(headers=old)) != key_of(other)


def test_an_answer_is_kept_for_64_times_t1_after_it_was_first_given() -> None:
    table = TransactionTable(limit=9)
    table.add(("a",), ANSWER, 100.0)
    assert table.find(("a",), 100.0 + ANSWER_LIFETIME - 0.1) is ANSWER
    assert table.find(("a",), 100.0 + ANSWER_LIFETIME) is None
    assert len(table) == 0
    assert ANSWER_LIFETIME == 32.0


def test_the_oldest_answers_leave_first_when_there_are_too_many() -> None:
    table = TransactionTable(limit=2)
    for name in "abc":
        table.add((name,), ANSWER, 0.0)
    assert [table.find((name,), 1.0) for name in "abc"] == [None, ANSWER, ANSWER]


def test_a_key_that_comes_again_lives_from_then_on() -> None:
    table = TransactionTable(limit=9)
    later = (b"later", HERE)
    table.add(("a",), ANSWER, 0.0)
    table.add(("b",), ANSWER, 5.0)
    table.add(("a",), later, 10.0)
    assert table.find(("b",), 37.0) is None
    assert table.find(("a",), 41.0) is later
    assert table.find(("a",), 42.0) is None


def test_the_last_cseq_of_each_dialog_is_known_until_too_many_others_were_used() -> None:
    table = CSeqTable(limit=2)
    a, b, c = (("pbx", name, None) for name in "abc")
    assert table.last(a) is None
    table.accept(a, 1)
    table.accept(b, 7)
    table.accept(a, 2)
    table.accept(c, 1)
    assert [table.last(key) for key in (a, b, c)] == [2, None, 1]
    assert len(table) == 2
