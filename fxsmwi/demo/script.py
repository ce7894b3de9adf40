"""What the demo plays: who sends what, how it is answered, and what every lamp shows then."""

from __future__ import annotations

import enum
from dataclasses import dataclass

LINES = ("101", "102", "103", "104")


class Sender(enum.StrEnum):
    """Who sends a NOTIFY."""

    ASTERISK_22 = "asterisk22"
    ASTERISK_16 = "asterisk16"
    KAMAILIO = "kamailio"
    STRANGER = "stranger"


PEERS = (Sender.ASTERISK_22, Sender.ASTERISK_16, Sender.KAMAILIO)
"""The senders that the configuration names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happens.

    ``notify`` is a file in ``notifies/``, ``answer`` the status that it gets. ``again`` says that it is the
    datagram of the step before. ``lift`` and ``hang_up`` name a line whose phone is moved: lifted before the
    NOTIFY is sent or, with ``in_burst``, once the burst that it causes has begun. ``lit`` are the lamps that
    are on when all has settled.
    """

    title: str
    notify: str = ""
    sender: Sender = Sender.ASTERISK_22
    answer: int | None = None
    again: bool = False
    lift: str = ""
    in_burst: bool = False
    hang_up: str = ""
    lit: tuple[str, ...]


SCRIPT = (
    Step(
        title="Asterisk 22, chan_pjsip: 2 new for lamp1 (Request-URI)",
        notify="asterisk22-lamp1-on",
        answer=200,
        lit=("101",),
    ),
    Step(
        title="the same datagram again: same answer, no second burst",
        notify="asterisk22-lamp1-on",
        again=True,
        answer=200,
        lit=("101",),
    ),
    Step(
        title="Asterisk 16, chan_sip: 2 new (fixed mailbox 7000)",
        notify="asterisk16-on",
        sender=Sender.ASTERISK_16,
        answer=200,
        lit=("101", "102"),
    ),
    Step(
        title="Kamailio, presence_mwi: 2 new for alice (To)",
        notify="kamailio-alice-on",
        sender=Sender.KAMAILIO,
        answer=200,
        lit=("101", "102", "103"),
    ),
    Step(
        title="104 is lifted, then 3 new for lamp4: it waits",
        notify="asterisk22-lamp4-on",
        lift="104",
        answer=200,
        lit=("101", "102", "103"),
    ),
    Step(
        title="104 hangs up: what waited is sent",
        hang_up="104",
        lit=("101", "102", "103", "104"),
    ),
    Step(
        title="lamp1 has none, 101 is lifted in mid-burst: cut short",
        notify="asterisk22-lamp1-off",
        lift="101",
        in_burst=True,
        answer=200,
        lit=("101", "102", "103", "104"),
    ),
    Step(
        title="101 hangs up: sent again, whole",
        hang_up="101",
        lit=("102", "103", "104"),
    ),
    Step(
        title="Kamailio without a body: takes no state away",
        notify="kamailio-alice-empty",
        sender=Sender.KAMAILIO,
        answer=200,
        lit=("102", "103", "104"),
    ),
    Step(
        title="Kamailio, an older CSeq comes late: refused",
        notify="kamailio-alice-off",
        sender=Sender.KAMAILIO,
        answer=500,
        lit=("102", "103", "104"),
    ),
    Step(
        title="Asterisk 16: none new",
        notify="asterisk16-off",
        sender=Sender.ASTERISK_16,
        answer=200,
        lit=("103", "104"),
    ),
    Step(
        title="a stranger says 2 new for lamp1: forbidden",
        notify="asterisk22-lamp1-on",
        sender=Sender.STRANGER,
        answer=403,
        lit=("103", "104"),
    ),
    Step(
        title="lamp5 is no mailbox of ours",
        notify="asterisk22-lamp5-on",
        answer=404,
        lit=("103", "104"),
    ),
    Step(title="another event package", notify="wrong-event-489", answer=489, lit=("103", "104")),
    Step(title="another content type", notify="wrong-ctype-415", answer=415, lit=("103", "104")),
    Step(title="a body that is no message summary", notify="wrong-body-400", answer=400, lit=("103", "104")),
)


def configuration(ports: dict[Sender, int]) -> str:
    """Write the demo's configuration; peers are told apart by the *ports* that they send from."""
    return f"""
[sip]
listen = ["udp:127.0.0.1:0"]

[[sip.peer]]
name = "asterisk22"
address = "127.0.0.1:{ports[Sender.ASTERISK_22]}"

[[sip.peer]]
name = "asterisk16"
address = "127.0.0.1:{ports[Sender.ASTERISK_16]}"
mailbox = "7000@default"

[[sip.peer]]
name = "kamailio"
address = "127.0.0.1:{ports[Sender.KAMAILIO]}"
mailbox_from = ["To"]
unknown_dialog = "accept"

[[line]]
name = "101"
device = "virtual:101"
mailbox = "lamp1"

[[line]]
name = "102"
device = "virtual:102"
mailbox = "7000"
format = "sdmf"

[[line]]
name = "103"
device = "virtual:103"
mailbox = "alice"
send_count = true

[[line]]
name = "104"
device = "virtual:104"
mailbox = "lamp4"
"""
