"""The one table of what can happen to a conversation, and what each happening leaves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesher.domain import conversation as talks
from kesher.domain.conversation import TRANSITIONS, Conversation, Happening, NotNow, State
from tests.builders import NOW

MINUTE = timedelta(minutes=1)
UNTIL = NOW + talks.LEASE


def talk(state: State = "scripted", **fields: object) -> Conversation:
    known = Conversation("c1", opened_at=NOW, state=state, last_text_at=NOW)
    return replace(known, **fields)  # type: ignore[arg-type]


DEEDS: dict[Happening, Callable[[Conversation], Conversation]] = {
    "text": lambda it: talks.heard(it, NOW + MINUTE),
    "hand over": lambda it: talks.handed_over(it, "service", NOW + MINUTE),
    "take": lambda it: talks.taken(it, "dana", UNTIL),
    "reply": talks.replied,
    "snooze": lambda it: it if it.waiting_since else talks.snoozed(it, UNTIL),
    "wake": talks.woken,
    "give back": talks.given_back,
    "transfer": lambda it: talks.transferred(it, "returns", None, NOW + MINUTE),
    "close": lambda it: talks.closed(it, NOW + MINUTE),
    "reopen": lambda it: talks.reopened(it, NOW + MINUTE),
}
STATES: tuple[State, ...] = get_args(State)


def test_every_happening_has_a_deed_and_every_state_is_reached() -> None:
    assert set(DEEDS) == set(get_args(Happening)) == {happening for _, happening in TRANSITIONS}
    assert {"waiting", "assigned", "closed", "scripted"} == set(TRANSITIONS.values()) | {"scripted"}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("happening", DEEDS)
def test_what_the_table_does_not_allow_is_refused(state: State, happening: Happening) -> None:
    if (state, happening) in TRANSITIONS:
        assert DEEDS[happening](talk(state)).state == TRANSITIONS[state, happening]
    else:
        with pytest.raises(NotNow, match=state):
            DEEDS[happening](talk(state))


@given(st.lists(st.sampled_from([*DEEDS]), max_size=12))
def test_whatever_happens_in_whatever_order_what_is_known_agrees(happened: list[Happening]) -> None:
    it = talk()
    for each in happened:
        if (it.state, each) in TRANSITIONS:
            it = DEEDS[each](it)
        assert it.is_open == (it.closed_at is None)
        assert it.agent is not None or it.state != "assigned"
        assert it.snoozed_until is None or (it.state, it.waiting_since) == ("assigned", None)
        assert it.waiting_since is not None or it.state != "waiting"
        assert it.waiting_since is None or it.state in {"waiting", "assigned"}
        assert it.step is None or it.state == "scripted"
        assert it.opened_at <= it.last_text_at


def test_several_texts_are_one_wait() -> None:
    waiting = talks.handed_over(talk(), None, NOW)
    again = talks.handed_over(talks.heard(waiting, NOW + MINUTE), None, NOW + MINUTE)

    assert (again.waiting_since, again.last_text_at) == (NOW, NOW + MINUTE)


def test_a_reply_ends_the_wait_and_the_next_text_begins_another() -> None:
    taken = talks.taken(talks.handed_over(talk(), None, NOW), "dana", UNTIL)
    replied = talks.replied(taken)
    asked = talks.waits_for_agent(talks.heard(replied, NOW + MINUTE), NOW + MINUTE, UNTIL)

    assert (taken.check_at, replied.check_at, asked.check_at) == (UNTIL, None, UNTIL)
    assert (replied.waiting_since, asked.waiting_since) == (None, NOW + MINUTE)
    assert talks.waits_for_agent(asked, NOW + 2 * MINUTE, UNTIL + MINUTE) == asked


def test_what_was_transferred_keeps_its_place_in_the_queue() -> None:
    taken = talks.taken(talks.handed_over(talk(), "service", NOW), "dana", UNTIL)
    moved = talks.transferred(taken, "returns", None, NOW + MINUTE)

    assert (moved.waiting_since, moved.team, moved.agent) == (NOW, "returns", None)


def test_what_comes_back_knows_who_had_it() -> None:
    taken = talks.taken(talks.handed_over(talk(), None, NOW), "dana", UNTIL)

    assert talks.given_back(taken).agent == "dana"
    assert talks.reopened(talks.closed(taken, NOW), NOW + MINUTE).agent == "dana"


def test_a_question_is_counted_until_it_is_answered() -> None:
    asked = talks.asked(talks.asked(talk(), "start", ("a", "b")), "which", ("c",))

    assert (asked.step, asked.options, asked.asked) == ("which", ("c",), 2)
    assert talks.answered(asked) == talk()
