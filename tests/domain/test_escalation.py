from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesher.domain import escalation
from kesher.domain.conversation import Conversation
from kesher.domain.escalation import (
    TRANSITIONS,
    Escalation,
    Happening,
    NotPossible,
    Occasion,
    TakenByAnother,
    alerted,
    closed,
    given_up,
    raised,
    taken,
)
from kesher.domain.shop import KINDS, Kind, Ladder, OpeningHours
from tests.builders import HOUSE, KESHET, NOW, customer, house, voice

MINUTE = timedelta(minutes=1)
ANGRY = Occasion("angry", "c1", "אתם  נוכלים\nותו לא!", NOW)
STATES = ("open", "taken", "nobody", "closed")
RANK = {state: n for n, state in enumerate(("open", "nobody", "taken", "closed"))}


def matter(**fields: Any) -> Escalation:
    (new,) = raised(ANGRY, customer(name="נועה לוי"), KESHET, HOUSE.calendar, NOW)
    return replace(new, **fields)


def test_a_matter_is_what_happened_to_whom_with_whom_and_when() -> None:
    talk = Conversation("c1", NOW, "assigned", NOW, team="care", agent="dana")
    (new,) = raised(ANGRY, customer(conversation=talk), KESHET, HOUSE.calendar, NOW)

    assert (new.kind, new.state, new.rung, new.urgent) == ("angry", "open", 0, False)
    assert (new.who, new.about) == ("5678", "אתם נוכלים ותו לא!")
    assert (new.conversation, new.team, new.agent, new.since) == ("c1", "care", "dana", NOW)
    assert (new.raised_at, new.next_at, new.version) == (NOW, NOW, 0)


def test_the_same_occasion_is_the_same_matter() -> None:
    again = raised(ANGRY, customer(), KESHET, HOUSE.calendar, NOW + MINUTE)
    other = raised(Occasion("angry", "c2"), customer(), KESHET, HOUSE.calendar, NOW)
    kind = raised(Occasion("waiting", "c1"), customer(), KESHET, HOUSE.calendar, NOW)
    whose = raised(ANGRY, customer("+989123456789"), KESHET, HOUSE.calendar, NOW)

    assert [each.id for each in again] == [matter().id]
    assert len({matter().id, *(each.id for (each,) in (other, kind, whose))}) == 4


def test_what_is_quoted_has_an_end() -> None:
    told = replace(ANGRY, about="נוכלים " * 100)
    (new,) = raised(told, customer(), KESHET, HOUSE.calendar, NOW)
    assert len(new.about) <= escalation.LONGEST_ABOUT


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_that_the_shop_does_not_want_is_not_raised(kind: Kind) -> None:
    others = [each for each in KINDS if each != kind]
    shop = voice(escalation=Ladder(kinds=others)).shop
    occasion = Occasion(kind, "c1")

    assert raised(occasion, customer(), shop, HOUSE.calendar, NOW) == ()
    assert len(raised(occasion, customer(), KESHET, HOUSE.calendar, NOW)) == 1


def test_at_night_only_what_is_urgent_is_looked_at_before_the_opening() -> None:
    shut = house(
        voice(
            calendar=OpeningHours(hours={"monday": ["09:00-18:00"]}),
            escalation=Ladder(urgent=["angry"]),
        )
    )
    sunday, monday = NOW, NOW + timedelta(hours=22)
    for occasion, expected in ((ANGRY, sunday), (Occasion("waiting", "c1"), monday)):
        (new,) = raised(occasion, customer(), shut.voice.shop, shut.calendar, sunday)
        assert new.next_at == expected


def test_taken_stops_the_ladder() -> None:
    has = taken(matter(), "dana", "text", NOW + MINUTE)

    assert (has.state, has.taken_by, has.how) == ("taken", "dana", "text")
    assert (has.taken_at, has.next_at) == (NOW + MINUTE, None)
    assert taken(has, "dana", "desk", NOW + 2 * MINUTE) == has
    with pytest.raises(TakenByAnother, match="dana"):
        taken(has, "amir", "desk", NOW)


def test_what_nobody_took_can_still_be_taken() -> None:
    left = given_up(matter())
    assert (left.state, left.next_at) == ("nobody", None)
    assert taken(left, "amir", "desk", NOW).state == "taken"


def test_closed_is_closed() -> None:
    done = closed(matter(), "dana", NOW + MINUTE)

    assert (done.state, done.closed_by, done.closed_at) == ("closed", "dana", NOW + MINUTE)
    assert closed(done, "amir", NOW + 2 * MINUTE) == done
    with pytest.raises(NotPossible):
        taken(done, "dana", "desk", NOW)


@pytest.mark.parametrize("state", ["taken", "nobody", "closed"])
def test_nobody_is_alerted_of_what_is_not_open(state: str) -> None:
    with pytest.raises(NotPossible):
        alerted(matter(state=state), 1, NOW)


@given(st.lists(st.sampled_from(["alert", "take", "give up", "close"]), max_size=6))
def test_it_only_goes_upwards(happenings: list[Happening]) -> None:
    now = matter()
    for each in happenings:
        before = now
        try:
            now = escalation.moved(now, each)
        except NotPossible:
            continue
        assert RANK[now.state] >= RANK[before.state]


def test_the_table_names_every_state_and_no_other() -> None:
    named = {state for state, _ in TRANSITIONS} | {*TRANSITIONS.values()}
    assert named == set(STATES)
    assert [state for state, _ in TRANSITIONS if state == "closed"] == []


@pytest.mark.parametrize(
    ("name", "called"), [("נועה לוי", "נועה"), ("Noa", "Noa"), (None, "5678"), ("", "5678")]
)
def test_a_customer_is_called_by_their_first_name_or_the_end_of_their_number(
    name: str | None, called: str
) -> None:
    assert escalation.called(customer(name=name)) == called
