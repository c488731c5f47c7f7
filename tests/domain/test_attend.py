"""What a person at the desk may do with a customer, and what it leaves."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from kesher.domain import attend, converse
from kesher.domain import conversation as talks
from kesher.domain.attend import Case, Ending, HeldByAnother, NotHere, NotThen, WantsNoTexts
from kesher.domain.conversation import Conversation, Ended, NotNow, State
from kesher.domain.customer import STOPPABLE, Customer
from kesher.domain.decision import NOTHING, Decision
from kesher.domain.message import ConversationDue, Outbound
from kesher.domain.shop import Agent, Team
from tests.builders import (
    HOUSE,
    KESHET,
    LINE,
    NOW,
    customer,
    house,
    only,
    received,
    records,
    stored,
    texts,
    voice,
)

MINUTE = timedelta(minutes=1)
TOMORROW = NOW + timedelta(days=1)
DANA = Agent("dana", "דנה", "שירות לקוחות", teams=["care"])
YAEL = Agent("yael", "Yael", "returns", teams=["returns"])
RUTH = Agent("ruth", "רות", "ראש צוות", level="lead")
PEOPLE = house(
    voice(
        agents=[DANA, YAEL, RUTH],
        teams=[Team("care", "Care"), Team("returns", "Returns")],
    )
)
SHOP = PEOPLE.voice.shop


def talk(state: State, **fields: Any) -> Conversation:
    waits = NOW if state == "waiting" else None
    known = Conversation("c1", NOW, state, last_text_at=NOW, waiting_since=waits)
    return replace(known, **fields)


def case(
    talk: Conversation | None, agent: Agent = DANA, *, after: timedelta = MINUTE, **known: Any
) -> Case:
    noa = customer(conversation=talk, channel="twilio", line=LINE, language="he", version=3)
    return Case(replace(noa, **known), agent, PEOPLE, NOW + after)


def after(decision: Decision) -> Conversation:
    changed = only(Customer, decision).conversation
    assert changed is not None
    return changed


DEEDS = {
    "take": attend.take,
    "reply": lambda it: attend.reply(it, "כן", "k"),
    "snooze": lambda it: attend.snooze(it, TOMORROW),
    "give back": lambda it: attend.give_back(it, 0),
    "transfer": lambda it: attend.transfer(it, "returns", None, 0),
    "close": lambda it: attend.close(it, "k", Ending(farewell=False)),
    "reopen": attend.reopen,
}


# --- whose it is -----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["scripted", "waiting"])
def test_who_takes_a_customer_has_them(state: State) -> None:
    taken = after(attend.take(case(talk(state))))

    assert (taken.state, taken.agent) == ("assigned", "dana")
    assert taken.check_at == (NOW + MINUTE + talks.LEASE if state == "waiting" else None)


@pytest.mark.parametrize("deed", ["take", "reply", "snooze", "give back", "transfer", "close"])
def test_another_is_told_who_has_them(deed: str) -> None:
    with pytest.raises(HeldByAnother, match=r"דנה \(dana\)"):
        DEEDS[deed](case(talk("assigned", agent="dana"), YAEL))


@pytest.mark.parametrize("deed", ["take", "give back", "transfer", "close"])
def test_a_lead_may_do_what_another_began(deed: str) -> None:
    changed = after(DEEDS[deed](case(talk("assigned", agent="dana"), RUTH)))

    assert (changed.state, changed.agent) != ("assigned", "dana")


def test_a_lead_takes_a_customer_before_answering_them() -> None:
    with pytest.raises(HeldByAnother):
        DEEDS["reply"](case(talk("assigned", agent="dana"), RUTH))


@pytest.mark.parametrize("deed", DEEDS)
def test_nothing_can_be_done_with_who_has_not_written(deed: str) -> None:
    with pytest.raises(NotNow, match="has not written"):
        DEEDS[deed](case(None))


@pytest.mark.parametrize("deed", ["take", "reply", "snooze", "give back", "transfer"])
def test_nothing_but_to_reopen_it_can_be_done_with_what_is_closed(deed: str) -> None:
    with pytest.raises(NotNow, match="closed"):
        DEEDS[deed](case(talk("closed", closed_at=NOW)))


@pytest.mark.parametrize(
    ("deed", "before"),
    [
        ("take", talk("assigned", agent="dana")),
        ("snooze", talk("assigned", agent="dana", snoozed_until=TOMORROW)),
        ("give back", talk("waiting", agent="dana")),
        ("transfer", talk("waiting", team="returns")),
        ("close", talk("closed", agent="yael", closed_by="dana", closed_at=NOW)),
        ("reopen", talk("assigned", agent="dana")),
    ],
)
def test_a_deed_finds_what_it_has_done_before(deed: str, before: Conversation) -> None:
    assert DEEDS[deed](case(before)) == NOTHING


# --- a reply ---------------------------------------------------------------------------------------


def test_the_first_text_of_an_agent_says_who_they_are_and_the_next_does_not() -> None:
    first = attend.reply(case(talk("waiting")), "החלפנו לכם", "k1")
    known = case(after(first))
    second = attend.reply(known, "יש עוד משהו?", "k2")
    other = attend.reply(
        replace(known, customer=stored(attend.take(replace(known, agent=RUTH))), agent=RUTH),
        "שלום",
        "k3",
    )

    assert texts(first) == ["החלפנו לכם\nדנה, שירות לקוחות"]
    assert texts(second) == ["יש עוד משהו?"]
    assert texts(other) == ["שלום\nרות, ראש צוות"]


def test_a_reply_takes_who_waits_and_ends_their_wait() -> None:
    waiting = talks.promised(talk("waiting"), NOW + 10 * MINUTE)
    decision = attend.reply(case(waiting), "כן", "k")
    said, left = only(Outbound, decision), after(decision)

    assert (left.state, left.agent) == ("assigned", "dana")
    assert (left.waiting_since, left.promised_at, left.check_at) == (None, None, None)
    assert (said.message_class, said.written_by, said.line) == ("conversational", "dana", LINE)
    assert said.valid_until == said.at + attend.REPLY_VALID
    assert said.conversation == "c1"


def test_what_an_agent_writes_is_said_as_it_was_written_whatever_the_direction() -> None:
    (said,) = texts(attend.reply(case(talk("waiting"), language="fa"), "{name} is 5 {", "k"))

    assert said.startswith("{name} is 5 {\n")


@pytest.mark.parametrize("stopped", [STOPPABLE, frozenset({"conversational"})])
def test_who_wants_no_texts_gets_none_and_the_agent_is_told(stopped: frozenset[str]) -> None:
    it = case(talk("assigned", agent="dana"), stopped=stopped)
    with pytest.raises(WantsNoTexts, match="call them"):
        attend.reply(it, "כן", "k")
    with pytest.raises(WantsNoTexts):
        attend.close(it, "k", Ending(farewell=True))
    assert texts(attend.close(it, "k", Ending(farewell=False))) == []


# --- back, on, and to its end ----------------------------------------------------------------------


def test_who_is_given_back_keeps_their_place_and_their_promise() -> None:
    waiting = talks.promised(talk("waiting"), NOW + 30 * MINUTE)
    back = after(attend.give_back(case(after(attend.take(case(waiting)))), 4))

    assert (back.state, back.agent) == ("waiting", "dana")
    assert (back.waiting_since, back.promised_at) == (NOW, NOW + 30 * MINUTE)
    assert back.check_at == NOW + 30 * MINUTE - talks.WARNING


def test_who_was_answered_and_is_given_back_was_promised_nothing() -> None:
    back = after(attend.give_back(case(talk("assigned", agent="dana")), 0))

    assert (back.state, back.waiting_since) == ("waiting", NOW)
    assert (back.promised_at, back.check_at) == (None, None)


@pytest.mark.parametrize(
    ("team", "agent"), [("returns", None), (None, "yael"), ("returns", "yael")]
)
def test_who_is_passed_on_is_in_the_other_queue_and_looked_at_in_time(
    team: str | None, agent: str | None
) -> None:
    it = case(talk("assigned", team="care", agent="dana"))
    passed = after(attend.transfer(it, team, agent, ahead=0))

    assert (passed.state, passed.team, passed.agent) == ("waiting", team or "care", agent)
    assert passed.waiting_since == it.now
    assert passed.promised_at is not None
    assert passed.check_at is not None
    assert it.now <= passed.check_at < passed.promised_at


@pytest.mark.parametrize(
    ("team", "agent"), [("nobody", None), (None, "nobody"), ("care", "nobody")]
)
def test_whom_the_shop_does_not_know_nobody_is_passed_on_to(
    team: str | None, agent: str | None
) -> None:
    with pytest.raises(NotHere, match="nobody"):
        attend.transfer(case(talk("waiting")), team, agent, ahead=0)


def test_what_is_closed_is_remembered_with_its_farewell() -> None:
    decision = attend.close(case(talk("assigned", agent="dana")), "k", Ending(farewell=True))
    ended = only(Ended, decision)

    assert "תודה" in texts(decision)[0]
    assert texts(decision)[0].endswith("\nדנה, שירות לקוחות")
    assert ended.conversation.id == "c1"
    assert (ended.conversation.closed_by, ended.conversation.closed_at) == ("dana", ended.at)
    assert after(decision).state == "closed"


def test_who_closes_what_nobody_had_is_who_the_customer_comes_back_to() -> None:
    closed = attend.close(case(talk("waiting", team="care")), "k", Ending(farewell=False))
    known = converse.Situation(stored(closed))
    again = after(
        converse.decide(known, received("ועוד משהו", minute=60), HOUSE, NOW + 60 * MINUTE)
    )

    assert (again.id, again.state) == ("c1", "waiting")
    assert (again.team, again.agent, again.closed_by) == ("care", "dana", None)


def test_what_was_closed_lately_is_reopened_and_what_was_long_ago_is_not() -> None:
    window = timedelta(hours=SHOP.service.reopen_hours)
    closed = talk("closed", agent="yael", closed_by="yael", closed_at=NOW, signed="yael")
    again = after(attend.reopen(case(closed, after=window - MINUTE)))

    assert (again.id, again.state, again.agent) == ("c1", "assigned", "dana")
    assert (again.closed_at, again.closed_by, again.signed) == (None, None, None)
    assert (again.waiting_since, again.last_text_at) == (None, NOW)
    with pytest.raises(NotNow, match="72 hours"):
        attend.reopen(case(closed, after=window))


@pytest.mark.parametrize("state", ["scripted", "waiting"])
def test_what_is_open_is_not_reopened(state: State) -> None:
    with pytest.raises(NotNow, match=state):
        attend.reopen(case(talk(state)))


def test_who_waits_longer_than_the_lease_is_back_in_the_queue_with_the_promise_they_have() -> None:
    promise = NOW + timedelta(hours=2)
    taken = after(attend.take(case(talks.promised(talk("waiting"), promise))))
    silent = converse.Situation(customer(conversation=taken, version=4))
    assert taken.lease is not None
    decision = converse.decide(silent, due_of(taken), HOUSE, taken.lease)
    back = after(decision)

    assert (back.state, back.waiting_since, back.promised_at) == ("waiting", NOW, promise)
    assert back.warn_at == promise - talks.WARNING
    assert records(Outbound, decision) == []


def test_who_is_back_in_the_queue_without_a_promise_is_told_one() -> None:
    held = talks.waits_for_agent(talk("assigned", agent="dana"), NOW, NOW + talks.LEASE)
    silent = converse.Situation(customer(conversation=held, language="en", version=4))
    decision = converse.decide(silent, due_of(held), HOUSE, NOW + talks.LEASE)
    back = after(decision)

    assert (back.state, back.promised_at) == ("waiting", NOW + 25 * MINUTE)
    assert texts(decision) == ["A person will answer you here, today at 11:25 at the latest."]


def test_an_agent_who_has_taken_a_customer_is_still_held_to_the_promise() -> None:
    waiting = talks.promised(talk("waiting"), NOW + 10 * MINUTE)
    held = after(attend.take(case(waiting)))
    known = converse.Situation(customer(conversation=held, language="en", version=4))
    decision = converse.decide(known, due_of(held), HOUSE, NOW + 8 * MINUTE)
    late = after(decision)

    assert held.check_at == NOW + 8 * MINUTE
    assert (late.state, late.agent, late.told_late) == ("assigned", "dana", True)
    assert late.check_at == held.lease
    assert "taking longer than we said" in texts(decision)[0]


def due_of(talk: Conversation) -> ConversationDue:
    assert talk.check_at is not None
    return ConversationDue(KESHET.shop, customer().id, talk.check_at.isoformat())


# --- out of the way --------------------------------------------------------------------------------

MINE = talk("assigned", agent="dana", team="care")
SNOOZED = after(attend.snooze(case(MINE), TOMORROW))


def due(talk: Conversation, now: datetime) -> Decision:
    known = converse.Situation(customer(conversation=talk, version=4))
    looked_at = ConversationDue(KESHET.shop, customer().id, (talk.check_at or now).isoformat())
    return converse.decide(known, looked_at, HOUSE, now)


def test_who_was_answered_is_snoozed_and_stays_with_their_agent() -> None:
    assert replace(MINE, snoozed_until=TOMORROW) == SNOOZED


def test_the_clock_brings_a_snoozed_conversation_back_into_sight_in_time_and_once() -> None:
    assert due(SNOOZED, TOMORROW - MINUTE) == NOTHING
    woken = due(SNOOZED, TOMORROW + MINUTE)

    assert after(woken) == MINE
    assert texts(woken) == []
    assert due(after(woken), TOMORROW + MINUTE) == NOTHING


def test_a_text_ends_a_snooze_and_its_customer_waits() -> None:
    known = converse.Situation(customer(conversation=SNOOZED, language="he", version=4))
    heard = after(converse.decide(known, received("ועוד משהו", minute=5), HOUSE, NOW + 5 * MINUTE))

    assert (heard.state, heard.agent, heard.snoozed_until) == ("assigned", "dana", None)
    assert heard.waiting_since == NOW + 5 * MINUTE
    assert heard.check_at == NOW + 5 * MINUTE + talks.LEASE


@pytest.mark.parametrize("state", ["assigned", "waiting"])
def test_who_waits_for_an_answer_is_not_snoozed(state: State) -> None:
    with pytest.raises(NotNow, match="waits"):
        attend.snooze(case(talk(state, agent="dana", waiting_since=NOW)), TOMORROW)


@pytest.mark.parametrize("state", ["scripted", "closed"])
def test_what_nobody_has_is_not_snoozed(state: State) -> None:
    with pytest.raises(NotNow, match=state):
        attend.snooze(case(talk(state)), TOMORROW)


@pytest.mark.parametrize(
    "until", [NOW, NOW + MINUTE, NOW + 2 * MINUTE + attend.LONGEST_SNOOZE, NOW - attend.REPLY_VALID]
)
def test_a_snooze_ends_ahead_of_now_and_within_a_month(until: datetime) -> None:
    with pytest.raises(NotThen, match="30 days"):
        attend.snooze(case(MINE), until)


@pytest.mark.parametrize("deed", ["take", "reply", "give back", "transfer", "close"])
def test_whatever_is_done_with_a_snoozed_conversation_wakes_it(deed: str) -> None:
    woken = after(DEEDS[deed](case(SNOOZED)))

    assert woken.snoozed_until is None
    assert woken.check_at != TOMORROW


def test_a_snooze_is_moved_by_another() -> None:
    later = TOMORROW + MINUTE
    moved = after(attend.snooze(case(SNOOZED), later))

    assert (moved.snoozed_until, moved.check_at) == (later, later)
