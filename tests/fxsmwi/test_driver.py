from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from fxsmwi.driver import (
    CALM_S,
    GAP_S,
    RETRY_S,
    SETTLE_S,
    Action,
    Applied,
    HookMoved,
    LineDriver,
    Lost,
    Open,
    Opened,
    Override,
    Remember,
    Send,
    Sent,
    Tick,
    Want,
    Wish,
)
from hw.base import Hook, Lamp

ON, OFF = b"on", b"off"


def indicate(*, waiting: bool, new: int | None) -> bytes:
    return ON if waiting else OFF


def indicate_counts(*, waiting: bool, new: int | None) -> bytes:
    return b"%d" % (new or 0)


def ready(
    driver: LineDriver, *, hook: Hook = Hook.ON, lamp: Lamp = Lamp.UNKNOWN, now: float = 0.0
) -> list[Action]:
    """Open the line, and give what the driver then wants."""
    assert driver.handle(Tick(), now)[-1] == Open()
    return driver.handle(Opened(hook, lamp), now)


def sent(lamp: Lamp = Lamp.UNKNOWN, hook: Hook = Hook.ON) -> Sent:
    return Sent("", hook, lamp)


def test_nothing_is_sent_before_a_source_has_told() -> None:
    driver = LineDriver(indicate)
    assert ready(driver) == []
    assert (driver.wish, driver.applied, driver.why) == (Wish.UNKNOWN, Applied.UNKNOWN, "")


def test_a_message_that_waits_is_sent_and_only_requested_where_the_lamp_cannot_be_seen() -> None:
    driver = LineDriver(indicate)
    ready(driver)
    assert driver.handle(Want(Wish.ON), 1.0) == [Send(ON)]
    assert (driver.applied, driver.why) == (Applied.UNKNOWN, "sending on")
    assert driver.handle(sent(), 2.0) == [Remember()]
    assert (driver.applied, driver.message, driver.why) == (Applied.REQUESTED_ON, ON, "")


def test_a_lamp_that_was_seen_is_called_on() -> None:
    driver = LineDriver(indicate)
    ready(driver, lamp=Lamp.OFF)
    driver.handle(Want(Wish.ON), 1.0)
    driver.handle(sent(Lamp.ON), 2.0)
    assert (driver.applied, driver.why) == (Applied.ON, "")


def test_what_the_phone_already_has_is_not_sent_again() -> None:
    driver = LineDriver(indicate)
    ready(driver)
    driver.handle(Want(Wish.ON, 1), 1.0)
    driver.handle(sent(), 2.0)
    assert driver.handle(Want(Wish.ON, 2), 3.0) == []
    assert driver.handle(Tick(), 1000.0) == []


def test_a_changed_count_is_sent_where_the_message_carries_it() -> None:
    driver = LineDriver(indicate_counts)
    ready(driver)
    driver.handle(Want(Wish.ON, 1), 1.0)
    driver.handle(sent(), 2.0)
    assert driver.handle(Want(Wish.ON, 2), 3.0) == [Remember(), Send(b"2")]


def test_a_lamp_seen_right_after_a_restart_is_left_alone() -> None:
    driver = LineDriver(indicate, applied=Applied.ON, message=ON)
    driver.handle(Want(Wish.ON), 0.0)
    assert driver.handle(Opened(Hook.ON, Lamp.ON), 0.1) == []


def test_a_lamp_seen_wrong_after_a_restart_is_mended() -> None:
    driver = LineDriver(indicate, applied=Applied.ON, message=ON)
    driver.handle(Want(Wish.ON), 0.0)
    assert driver.handle(Opened(Hook.ON, Lamp.OFF), 0.1) == [Remember(), Send(ON)]


def test_what_was_requested_before_a_restart_is_not_requested_again() -> None:
    driver = LineDriver(indicate, applied=Applied.REQUESTED_ON, message=ON)
    driver.handle(Want(Wish.ON), 0.0)
    assert driver.handle(Opened(Hook.UNKNOWN, Lamp.UNKNOWN), 0.1) == []
    assert driver.applied is Applied.REQUESTED_ON


def test_while_a_burst_is_under_way_nothing_is_remembered_as_true() -> None:
    driver = LineDriver(indicate, applied=Applied.REQUESTED_OFF, message=OFF)
    ready(driver)
    assert driver.handle(Want(Wish.ON), 1.0) == [Remember(), Send(ON)]
    assert (driver.applied, driver.message) == (Applied.UNKNOWN, None)


def test_nothing_is_sent_off_hook_and_the_newest_state_once_on_hook_has_settled() -> None:
    driver = LineDriver(indicate)
    ready(driver, hook=Hook.OFF)
    assert driver.handle(Want(Wish.OFF), 1.0) == []
    assert driver.handle(Want(Wish.ON), 2.0) == []
    assert driver.why == "on waits: the phone is off-hook"
    assert driver.wake_at is None
    assert driver.handle(HookMoved(Hook.ON), 10.0) == []
    assert driver.wake_at == 10.0 + SETTLE_S
    assert driver.handle(Tick(), 10.0 + SETTLE_S) == [Send(ON)]


def test_a_flash_of_the_hook_starts_the_wait_anew() -> None:
    driver = LineDriver(indicate)
    ready(driver, hook=Hook.OFF)
    driver.handle(Want(Wish.ON), 1.0)
    driver.handle(HookMoved(Hook.ON), 10.0)
    driver.handle(HookMoved(Hook.OFF), 10.5)
    assert driver.handle(Tick(), 10.0 + SETTLE_S) == []
    driver.handle(HookMoved(Hook.ON), 20.0)
    assert driver.handle(Tick(), 20.0 + SETTLE_S) == [Send(ON)]


def test_a_burst_cut_short_is_unknown_and_sent_again_after_on_hook() -> None:
    driver = LineDriver(indicate)
    ready(driver)
    driver.handle(Want(Wish.ON), 1.0)
    assert driver.handle(Sent("the phone went off-hook", Hook.OFF, Lamp.UNKNOWN), 1.2) == []
    assert driver.applied is Applied.UNKNOWN
    driver.handle(HookMoved(Hook.ON), 30.0)
    assert driver.handle(Tick(), 30.0 + SETTLE_S) == [Send(ON)]


def test_what_changes_in_mid_burst_is_sent_behind_it_after_a_gap() -> None:
    driver = LineDriver(indicate)
    ready(driver)
    driver.handle(Want(Wish.ON), 1.0)
    assert driver.handle(Want(Wish.OFF), 1.2) == []
    assert driver.handle(sent(), 2.0) == [Remember()]
    assert driver.wake_at == pytest.approx(2.0 + GAP_S)
    assert driver.handle(Tick(), 2.0 + GAP_S) == [Remember(), Send(OFF)]


def test_a_phone_that_does_not_react_is_told_again_ever_more_rarely_and_reported() -> None:
    driver = LineDriver(indicate)
    ready(driver, lamp=Lamp.OFF)
    now, waits = 0.0, []
    driver.handle(Want(Wish.ON), now)
    for _ in range(5):
        driver.handle(sent(Lamp.OFF), now)
        assert (driver.applied, driver.why) == (Applied.OFF, "on was sent, but the lamp shows off")
        assert driver.wake_at is not None
        waits.append(driver.wake_at - now)
        now = driver.wake_at
        assert driver.handle(Tick(), now)[-1] == Send(ON)
    assert waits == [*RETRY_S, RETRY_S[-1]]


def test_news_for_a_phone_that_did_not_react_is_sent_without_waiting() -> None:
    driver = LineDriver(indicate)
    ready(driver, lamp=Lamp.OFF)
    driver.handle(Want(Wish.ON), 1.0)
    driver.handle(sent(Lamp.OFF), 2.0)
    driver.handle(Want(Wish.OFF), 2.1)
    assert driver.handle(Want(Wish.ON), 2.9)[-1] == Send(ON)


def test_off_waits_for_a_correction_so_that_the_lamp_does_not_blink() -> None:
    driver = LineDriver(indicate)
    ready(driver, lamp=Lamp.ON)
    assert driver.handle(Want(Wish.OFF), 1.0) == []
    assert (driver.wake_at, driver.why) == (1.0 + CALM_S, "off is about to be sent")
    assert driver.handle(Want(Wish.ON), 1.01) == []
    assert driver.handle(Tick(), 100.0) == []
    driver.handle(Want(Wish.OFF), 200.0)
    assert driver.handle(Tick(), 200.0 + CALM_S)[-1] == Send(OFF)


def test_a_line_that_goes_leaves_nothing_known_and_is_opened_again() -> None:
    driver = LineDriver(indicate)
    ready(driver)
    driver.handle(Want(Wish.ON), 1.0)
    driver.handle(sent(), 2.0)
    assert driver.handle(Lost("pulled out"), 3.0) == [Remember()]
    assert (driver.applied, driver.hook, driver.why) == (Applied.UNKNOWN, Hook.UNKNOWN, "pulled out")
    assert driver.wake_at == 3.0 + RETRY_S[0]
    assert driver.handle(Tick(), 3.0 + RETRY_S[0]) == [Open()]
    assert driver.handle(Opened(Hook.ON, Lamp.UNKNOWN), 4.5)[-1] == Send(ON)


def test_a_line_that_goes_while_it_plays_counts_as_one_failure() -> None:
    driver = LineDriver(indicate)
    ready(driver)
    driver.handle(Want(Wish.ON), 1.0)
    driver.handle(Lost("pulled out"), 1.1)
    assert driver.handle(Lost("pulled out (0 samples)"), 1.2) == []
    assert (driver.why, driver.wake_at) == ("pulled out", 1.1 + RETRY_S[0])


def test_news_from_before_a_loss_is_old() -> None:
    driver = LineDriver(indicate)
    ready(driver)
    driver.handle(Want(Wish.ON), 1.0)
    driver.handle(Lost("pulled out"), 1.1)
    driver.handle(sent(Lamp.ON), 1.2)
    driver.handle(Opened(Hook.ON, Lamp.ON), 1.2)
    assert driver.applied is Applied.UNKNOWN


def test_a_hand_overrules_the_mailboxes_until_it_lets_go() -> None:
    driver = LineDriver(indicate)
    ready(driver)
    driver.handle(Want(Wish.OFF), 1.0)
    assert driver.handle(Tick(), 1.5) == [Send(OFF)]
    driver.handle(sent(), 2.0)
    assert driver.handle(Override(Wish.ON), 3.0) == [Remember(), Send(ON)]
    driver.handle(sent(), 4.0)
    assert driver.handle(Want(Wish.OFF, 0), 5.0) == []
    assert driver.wish is Wish.ON
    assert driver.handle(Override(None), 6.0) == [Remember(), Send(OFF)]


def test_a_hand_sends_even_what_is_believed_to_be_right() -> None:
    driver = LineDriver(indicate)
    ready(driver)
    driver.handle(Want(Wish.ON), 1.0)
    driver.handle(sent(), 2.0)
    assert driver.handle(Override(Wish.ON), 3.0) == [Remember(), Send(ON)]


def test_a_hand_outlives_a_restart() -> None:
    driver = LineDriver(indicate, override=Wish.ON)
    driver.handle(Want(Wish.OFF), 0.0)
    assert driver.handle(Opened(Hook.ON, Lamp.UNKNOWN), 0.1) == [Send(ON)]


@dataclass
class Phone:
    """What the line under the driver really is."""

    hook: Hook = Hook.ON
    lamp: Lamp = Lamp.OFF
    here: bool = True
    waiting_actions: list[Action] = field(default_factory=list)


class AnyOrder(RuleBasedStateMachine):
    """Whatever happens in whatever order, nothing is sent off-hook, and in the end the lamp is right."""

    sees = True

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.phone = Phone()
        self.driver = LineDriver(indicate)
        self.wish = Wish.UNKNOWN
        self.feed(Tick())

    def feed(self, event: object) -> None:
        actions = self.driver.handle(event, self.now)  # type: ignore[arg-type]
        begun = [action for action in actions if isinstance(action, Open | Send)]
        assert len(self.phone.waiting_actions) + len(begun) <= 1
        if any(isinstance(action, Send) for action in begun):
            assert self.driver.hook is Hook.ON
        self.phone.waiting_actions += begun

    def lamp(self) -> Lamp:
        return self.phone.lamp if self.sees else Lamp.UNKNOWN

    @rule(wish=st.sampled_from([Wish.ON, Wish.OFF]))
    def mailbox_tells(self, wish: Wish) -> None:
        self.wish = wish
        self.feed(Want(wish))

    @rule(hook=st.sampled_from([Hook.ON, Hook.OFF]))
    def handset_moves(self, hook: Hook) -> None:
        if self.phone.hook is not hook and self.phone.here:
            self.phone.hook = hook
            self.feed(HookMoved(hook))
        self.phone.hook = hook

    @rule(seconds=st.floats(0.01, 400.0))
    def time_passes(self, seconds: float) -> None:
        end = self.now + seconds
        while self.driver.wake_at is not None and self.driver.wake_at <= end:
            self.now = max(self.now, self.driver.wake_at)
            self.feed(Tick())
            if self.phone.waiting_actions:
                break
        self.now = max(self.now, end)

    @precondition(lambda self: self.phone.waiting_actions)
    @rule(whole=st.booleans())
    def line_does_as_told(self, whole: bool) -> None:
        action = self.phone.waiting_actions.pop()
        if not self.phone.here:
            self.feed(Lost("gone"))
        elif isinstance(action, Open):
            self.feed(Opened(self.phone.hook, self.lamp()))
        elif self.phone.hook is Hook.OFF or not whole:
            self.feed(Sent("cut short", self.phone.hook, self.lamp()))
        else:
            assert isinstance(action, Send)
            self.phone.lamp = Lamp.ON if action.message == ON else Lamp.OFF
            self.feed(Sent("", Hook.ON, self.lamp()))

    @rule()
    def card_is_pulled_or_returned(self) -> None:
        self.phone.here = not self.phone.here
        if not self.phone.here:
            self.feed(Lost("pulled out"))
            self.phone.waiting_actions.clear()

    @rule(wish=st.sampled_from([Wish.ON, Wish.OFF, None]))
    def hand_sets(self, wish: Wish | None) -> None:
        self.feed(Override(wish))

    @invariant()
    def a_lamp_called_on_or_off_is(self) -> None:
        if self.sees and self.phone.here and not self.phone.waiting_actions:
            assert self.driver.applied in (Applied.UNKNOWN, Applied(self.phone.lamp.value))
        if not self.sees and self.driver.applied is not Applied.UNKNOWN:
            assert self.driver.applied == f"requested-{self.phone.lamp}"

    def teardown(self) -> None:
        """Leave the phone at rest for a while: the lamp must come out right."""
        if not self.phone.here:
            self.card_is_pulled_or_returned()
        self.handset_moves(Hook.ON)
        for _ in range(20):
            while self.phone.waiting_actions:
                self.line_does_as_told(True)
            self.time_passes(RETRY_S[-1])
        if self.driver.wish is not Wish.UNKNOWN:
            assert self.phone.lamp.value == self.driver.wish.value
            assert self.driver.why == ""


class AnyOrderUnseen(AnyOrder):
    """The same on a line that can't see its lamp."""

    sees = False


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestAnyOrderUnseen = AnyOrderUnseen.TestCase
TestAnyOrderUnseen.settings = TestAnyOrder.settings
