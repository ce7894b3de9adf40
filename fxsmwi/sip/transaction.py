"""What the receiver of requests remembers: its last answers, and how far each sender has counted.

Over UDP a sender repeats a request until it is answered: after 0.5, 1.5, 3.5, 7.5 s and every 4 s to
31.5 s. Asterisk 22 does so to the digit, and a late repetition may arrive after newer news. So an answer is
kept for 64*T1 after it was first given (RFC 3261 17.2.2), and a repetition gets the same bytes again without
being looked at.

Both tables are bounded in count, the oldest entries leave first, and the clock is a parameter.
"""

from __future__ import annotations

from collections import OrderedDict

from .message import Request
from .uri import Address

T1 = 0.5  # RFC 3261 17.1.1.1, in seconds
ANSWER_LIFETIME = 64 * T1
"""Timer J over UDP, in seconds (RFC 3261 17.2.2)."""

TransactionKey = tuple[str, ...]
Answer = tuple[bytes, Address]
"""The bytes of a response and where they go."""


def transaction_key(request: Request, source: Address) -> TransactionKey:
    """Return what a repetition of *request* has in common with it, and no other request.

    Notes
    -----
    RFC 3261 17.2.3 compares the top Via's branch, its sent-by and the method. Call-ID and CSeq are compared
    too: a true repetition has the same ones, while a sender with a constant branch would otherwise see its
    second NOTIFY swallowed. Without a branch that starts with the magic cookie and goes on after it, the
    rules of RFC 2543 hold: Request-URI, From, To, Call-ID, CSeq and the whole top Via. The address it came
    from is part of either key, so that nobody is answered with somebody else's transaction.
    """
    envelope = request.envelope
    via = envelope.via
    same = (source[0], request.method, envelope.call_id, str(request.cseq))
    if via.has_unique_branch:
        return (*same, via.branch, via.sent)
    return (*same, request.uri, envelope.from_, envelope.to, envelope.vias[0])


class TransactionTable:
    """The answers that repetitions get.

    Parameters
    ----------
    limit : int
        How many answers are kept; one to a NOTIFY of Asterisk 22 takes 1.2 kB, its key included.
    lifetime : float
        For how long, in seconds.
    """

    def __init__(self, *, limit: int, lifetime: float = ANSWER_LIFETIME) -> None:
        self._limit = limit
        self._lifetime = lifetime
        # All live equally long, so the order of coming is the order of leaving
        self._answers: OrderedDict[TransactionKey, tuple[float, Answer]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._answers)

    def find(self, key: TransactionKey, now: float) -> Answer | None:
        """Return the answer that *key* got, ``None`` if there was none or its time is over."""
        while self._answers and next(iter(self._answers.values()))[0] <= now:
            self._answers.popitem(last=False)
        kept = self._answers.get(key)
        return kept and kept[1]

    def add(self, key: TransactionKey, answer: Answer, now: float) -> None:
        """Keep *answer*; the time of a key that is there already starts anew."""
        self._answers[key] = (now + self._lifetime, answer)
        self._answers.move_to_end(key)
        if len(self._answers) > self._limit:
            self._answers.popitem(last=False)


DialogKey = tuple[str, str, str | None]
"""Peer name, Call-ID and From-tag."""


class CSeqTable:
    """The highest CSeq that was accepted in each dialog, or what takes its place without one.

    Parameters
    ----------
    limit : int
        How many are kept, 0.3 kB each; the longest unused ones leave first.
    """

    def __init__(self, *, limit: int) -> None:
        self._limit = limit
        self._last: OrderedDict[DialogKey, int] = OrderedDict()

    def __len__(self) -> int:
        return len(self._last)

    def last(self, key: DialogKey) -> int | None:
        """Return the highest number accepted, ``None`` if nothing is known."""
        return self._last.get(key)

    def accept(self, key: DialogKey, cseq: int) -> None:
        """Take note of a number that was accepted."""
        self._last[key] = cseq
        self._last.move_to_end(key)
        if len(self._last) > self._limit:
            self._last.popitem(last=False)
