"""What a text, the clock, an agent or a provider raises, and what it does not."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from kesher.domain import attend, escalation, outbox, watch
from kesher.domain import conversation as talks
from kesher.domain.conversation import Conversation
from kesher.domain.converse import Situation, decide
from kesher.domain.customer import STOPPABLE, Customer
from kesher.domain.decision import NOTHING, Decision
from kesher.domain.escalation import Escalation, Occasion
from kesher.domain.message import ConversationDue, Outbound, ReceiptReceived, Status
from kesher.domain.outbox import Accepted, Refused
from kesher.domain.scene import House
from kesher.domain.shop import Agent, Ladder, Limits
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

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DANA = Agent("dana", "דנה", "שירות לקוחות")
DUE = ConversationDue("keshet", customer().id, "")
PERSON = "I want to talk to a person"
NONSENSE = "qwrt zxpl"


def kinds(decision: Decision) -> list[str]:
    return [each.kind for each in records(Escalation, decision)]


def writes(
    words: str, known: Customer | None = None, *, minute: int = 0, shop: House = HOUSE
) -> Decision:
    text = received(words, minute=minute)
    return decide(Situation(known), text, shop, NOW + minute * MINUTE)


def due(known: Customer, at: datetime, shop: House = HOUSE) -> Decision:
    return decide(Situation(known), DUE, shop, at)


def talk(known: Customer) -> Conversation:
    assert known.conversation is not None
    return known.conversation


# --- who waits ----------------------------------------------------------------------------------------


def test_who_is_handed_over_has_a_target_and_the_clock_shall_look_then() -> None:
    waits = stored(writes(PERSON))

    assert talk(waits).over_at == NOW + 60 * MINUTE
    assert talk(waits).miss_at == NOW + 60 * MINUTE
    assert talk(waits).check_at == talk(waits).warn_at, "the promise comes first"


def test_a_wait_over_target_is_raised_once() -> None:
    waits = stored(writes(PERSON))
    early = due(waits, NOW + 59 * MINUTE)
    told = stored(early, waits)
    assert kinds(early) == [], "the missed promise was owned up to, and no more"

    over = due(told, NOW + HOUR)
    matter = only(Escalation, over)
    assert (matter.kind, matter.since) == ("waiting", NOW)
    assert talk(stored(over)).overdue
    assert talk(stored(over)).check_at is None
    assert due(stored(over), NOW + 2 * HOUR) == NOTHING


def test_the_next_answer_has_a_target_of_its_own() -> None:
    shop = house(voice(agents=[DANA], escalation=Ladder(first_minutes=10, next_minutes=30)))
    first = stored(writes(PERSON, shop=shop))
    assert talk(first).over_at == NOW + 10 * MINUTE

    case = attend.Case(replace(first, version=2), DANA, shop, NOW + 5 * MINUTE)
    answered = stored(watch.timed(attend.reply(case, "שלום", "desk/1"), shop, NOW))
    assert (talk(answered).over_at, talk(answered).overdue) == (None, False)

    again = stored(writes("and on Friday?", answered, minute=20, shop=shop))
    assert talk(again).over_at == NOW + 50 * MINUTE
    matter = only(Escalation, due(again, NOW + 50 * MINUTE, shop))
    assert matter.agent == "dana"


def test_two_waits_of_one_conversation_are_two_matters() -> None:
    one, two = (
        watch.wait_of(Conversation("c1", NOW, "waiting", NOW, waiting_since=NOW + n * MINUTE))
        for n in range(2)
    )
    assert one != two


def test_a_kind_that_is_off_costs_no_look_of_the_clock() -> None:
    off = house(voice(escalation=Ladder(kinds=["angry"])))
    assert talk(stored(writes(PERSON, shop=off))).over_at is None


def test_a_conversation_open_for_too_long_is_raised_once() -> None:
    shop = house(voice(escalation=Ladder(kinds=["resolution"], resolution_hours=8)))
    waits = stored(writes(PERSON, shop=shop))
    assert talk(waits).resolve_by == NOW + 8 * HOUR

    told = stored(due(waits, NOW + 11 * MINUTE, shop), waits)
    over = due(told, NOW + 8 * HOUR, shop)
    assert kinds(over) == ["resolution"]
    assert due(stored(over), NOW + 9 * HOUR, shop) == NOTHING


# --- what is written ----------------------------------------------------------------------------------


def test_anger_is_raised_with_its_words_and_once_a_conversation() -> None:
    first = writes("אתם נוכלים!")
    again = writes("נמאס לי, נוכלים", stored(first), minute=1)

    assert only(Escalation, first).about == "אתם נוכלים!"
    assert kinds(again) == []
    assert len(records(Customer, first)) == 1


def test_anger_is_heard_while_an_agent_has_the_customer() -> None:
    has = Conversation("c1", NOW, "assigned", NOW, agent="dana")
    raised = writes("This is outrageous", customer(conversation=has, version=3), minute=1)

    assert (only(Escalation, raised).agent, texts(raised)) == ("dana", [])


def test_a_calm_complaint_is_not_raised() -> None:
    assert kinds(writes("The bottle came broken, and my order is late")) == []


def test_a_script_that_loses_a_customer_twice_in_a_week_is_raised() -> None:
    first = writes(NONSENSE)
    lost = stored(first)
    assert (kinds(first), lost.lost_at, talk(lost).lost) == ([], NOW, "words")
    assert kinds(writes("still here?", lost, minute=1)) == [], "it waits for a person already"

    ended = talks.closed(talk(lost), NOW + HOUR)
    back = replace(lost, conversation=ended)
    assert kinds(writes(NONSENSE, back, minute=24 * 60)) == ["script_failing"]
    assert kinds(writes(NONSENSE, back, minute=8 * 24 * 60)) == []


@pytest.mark.parametrize("words", [PERSON, "The bottle came broken"])
def test_who_asks_for_a_person_or_tells_of_trouble_was_not_lost(words: str) -> None:
    assert talk(stored(writes(words))).lost is None


def test_a_customer_whom_the_script_falls_silent_for_is_raised() -> None:
    shop = house(voice(limits=Limits(automatic_replies_per_hour=2)))
    asks = "When are you open?"
    known = stored(writes(asks, shop=shop))
    known = stored(writes(asks, known, minute=1, shop=shop))
    silenced = writes(asks, known, minute=2, shop=shop)

    assert (kinds(silenced), texts(silenced)) == (["script_failing"], [])


def test_a_stop_raises_nothing() -> None:
    assert kinds(writes("STOP")) == []


# --- at the desk --------------------------------------------------------------------------------------


def overdue() -> Customer:
    waits = Conversation(
        "c1", NOW, "waiting", NOW, waiting_since=NOW, overdue=True, raised=("angry",)
    )
    return customer(conversation=waits, version=4)


def case(known: Customer) -> attend.Case:
    shop = house(voice(agents=[DANA]))
    return attend.Case(known, DANA, shop, NOW + 2 * HOUR)


def matter(kind: Any, name: str, since: datetime | None = NOW) -> Escalation:
    occasion = Occasion(kind, name, "", since)
    (new,) = escalation.raised(occasion, overdue(), KESHET, HOUSE.calendar, NOW)
    return replace(new, version=1)


WAIT, ANGER = matter("waiting", watch.wait_of(talk(overdue()))), matter("angry", "c1")


def test_an_answer_settles_the_wait_and_makes_the_anger_theirs() -> None:
    decision = attend.reply(case(overdue()), "סליחה", "desk/1")
    assert watch.touched(overdue(), decision) == (WAIT.key, ANGER.key)

    after = watch.attended(decision, (WAIT, ANGER), case(overdue()))
    wait, anger = records(Escalation, after)
    assert (wait.state, wait.closed_by) == ("closed", "dana")
    assert (anger.state, anger.taken_by, anger.how) == ("taken", "dana", "conversation")


def test_taking_a_customer_does_not_end_their_wait() -> None:
    assert watch.touched(overdue(), attend.take(case(overdue()))) == (ANGER.key,)


def test_with_the_conversation_all_of_it_ends() -> None:
    decision = attend.close(case(overdue()), "desk/1", attend.Ending(farewell=False))
    after = watch.attended(decision, (WAIT, ANGER), case(overdue()))
    assert [each.state for each in records(Escalation, after)] == ["closed", "closed"]


def test_whose_it_is_already_keeps_it() -> None:
    amirs = escalation.taken(ANGER, "amir", "text", NOW)
    after = watch.attended(attend.take(case(overdue())), (amirs,), case(overdue()))
    assert records(Escalation, after) == []


def test_most_of_what_is_done_at_the_desk_settles_nothing() -> None:
    calm = customer(conversation=Conversation("c1", NOW, "waiting", NOW, waiting_since=NOW))
    assert watch.touched(calm, attend.take(case(calm))) == ()
    assert watch.touched(None, NOTHING) == ()


# --- what did not arrive ------------------------------------------------------------------------------


def text(**fields: Any) -> Outbound:
    said = outbox.Say("ההזמנה בדרך", "informational", "notice/1", 12 * HOUR)
    accepted = replace(outbox.queued(said, customer(), KESHET, NOW), status="accepted")
    return replace(accepted, **fields)


def failing(
    message: Outbound, status: Status = "undelivered", *, known: Customer | None = None
) -> tuple[Escalation, ...]:
    loaded = message, known or customer(name="Noa")
    report = ReceiptReceived("keshet", "twilio", status, NOW, message.id, code="30005")
    decision = outbox.receipt(loaded, report, NOW)
    return watch.undelivered(loaded, decision, KESHET, HOUSE.calendar, NOW)


def test_a_text_that_did_not_arrive_is_raised_with_its_words() -> None:
    (new,) = failing(text())
    assert (new.kind, new.who, new.about) == ("undeliverable", "Noa", "ההזמנה בדרך")
    assert failing(text(), "failed") != ()


def test_two_of_one_day_are_the_same_matter() -> None:
    other = replace(text(), id=f"{customer().id}-{'0' * 20}")
    assert failing(text())[0].id == failing(other)[0].id


@pytest.mark.parametrize(
    "message",
    [
        text(message_class="promotional"),
        text(message_class="survey"),
        text(message_class="alert"),
        text(status="undelivered"),
        text(status="delivered"),
    ],
    ids=lambda each: f"{each.message_class} {each.status}",
)
def test_what_nobody_misses_or_is_known_is_not_raised(message: Outbound) -> None:
    assert failing(replace(message)) == ()


def test_that_a_customer_wants_none_is_no_matter() -> None:
    claimed = replace(text(), status="claimed", attempt=1)
    loaded = claimed, customer()
    stopped = outbox.record(loaded, Refused("21610", opted_out=True), attempt=1, now=NOW)
    wrong = outbox.record(loaded, Refused("21211"), attempt=1, now=NOW)
    fine = outbox.record(loaded, Accepted("SM1"), attempt=1, now=NOW)

    def found(decision: Decision) -> int:
        return len(watch.undelivered(loaded, decision, KESHET, HOUSE.calendar, NOW))

    assert [found(each) for each in (stopped, wrong, fine, NOTHING)] == [0, 1, 0, 0]
    assert failing(text(), known=customer(stopped=STOPPABLE)) == ()
    assert watch.undelivered(None, NOTHING, KESHET, HOUSE.calendar, NOW) == ()
    assert text().line == LINE
