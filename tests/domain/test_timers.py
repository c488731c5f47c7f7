"""Every time at which something happens by itself, after a survey or an alert: too early nothing does,
an hour late all of it does, the second time nothing does, and nothing where things have changed.

What is not in the table waits for nobody: a window that is looked into when a text comes is below it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kesher.domain import conversation as talks
from kesher.domain import converse, escalation, inviting, ladder, outbox
from kesher.domain import survey as surveys
from kesher.domain.alert import FOLDED, Here, Recipient
from kesher.domain.conversation import Conversation
from kesher.domain.customer import Customer
from kesher.domain.decision import NOTHING, Decision
from kesher.domain.escalation import Alerted, Escalation
from kesher.domain.ladder import WOKEN, Known
from kesher.domain.message import ConversationDue, Outbound
from kesher.domain.shop import Agent, Ladder, Limits, OnCall, OpeningHours, SurveyRules, Weekday
from kesher.domain.survey import CORRECTION, SAYS_WHY, Survey
from tests.builders import LINE, customer, house, records, voice

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
DUE = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""A Monday, at noon in Haifa."""
NIGHT = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
DAYS: list[Weekday] = ["sunday", "monday", "tuesday", "wednesday", "thursday"]
PEOPLE = [
    Agent("dana", "דנה", "שירות", phone="+972502345671"),
    Agent("shirin", "شیرین", "سرپرست", "lead", phone="+972502345672"),
    Agent("amir", "אמיר", "בעלים", "owner", phone="+972502345673"),
]
SHOP = house(
    voice(
        agents=PEOPLE,
        calendar=OpeningHours(hours={day: ["09:00-18:00"] for day in DAYS}),
        survey=SurveyRules(reminder=True),
        escalation=Ladder(resolution_hours=8, on_call=[OnCall("amir"), OnCall("shirin")]),
        limits=Limits(),
    )
)
TALK = Conversation("c1", DUE - 5 * HOUR, "waiting", DUE - 2 * HOUR, agent="dana")
CLOSED = talks.closed(replace(TALK, state="assigned"), DUE - 15 * MINUTE, "dana")
HERE = "https://kesher.keshet.example/desk"
Look = Callable[[Any, datetime], Decision]
"""What is decided on what is stored when the clock, or a queue, brings it up."""


@dataclass(frozen=True)
class Timer:
    """Something that falls due, and how it may have changed before it does."""

    stored: Any
    look: Look
    does: list[str]
    changed: tuple[Any, ...]
    due: datetime = DUE


# --- what is looked at --------------------------------------------------------------------------------


def a_survey(known: Customer, now: datetime) -> Decision:
    return inviting.decide(known, SHOP, now)


def a_conversation(known: Customer, now: datetime) -> Decision:
    due = ConversationDue("keshet", known.id, "")
    return converse.decide(converse.Situation(known), due, SHOP, now)


def an_escalation(known: Known, now: datetime) -> Decision:
    nobody: dict[str, Recipient] = {}
    return ladder.decide(ladder.step(known, SHOP, now), nobody, Here(SHOP, HERE, now))


def an_alert(text: Outbound, now: datetime) -> Decision:
    return outbox.claim((text, customer()), SHOP.voice.shop, owner="one", now=now).decision


def happened(stored: Any, decision: Decision) -> list[str]:
    """What a decision does to what was stored: whom it tells, what it raises, what becomes of it."""
    after = _after(stored, decision)
    told = [f"says {each.message_class}" for each in records(Outbound, decision) if each.is_new]
    raised = [f"raises {each.kind}" for each in records(Escalation, decision) if not each.version]
    became = [
        f"is {state}" for state, before in zip(_states(after), _states(stored), strict=True)
        if state != before
    ]  # fmt: skip
    return [*told, *raised, *became]


def _after(stored: Any, decision: Decision) -> Any:
    """As the store has it then."""
    if isinstance(stored, Known):
        matters = records(Escalation, decision)
        return replace(stored, matter=replace(matters[0], version=1)) if matters else stored
    new = [each for each in decision.records if type(each) is type(stored)]
    return replace(new[0], version=stored.version + 1) if new else stored


def _states(stored: Any) -> tuple[str, ...]:
    if isinstance(stored, Known):
        return (stored.matter.state,)
    if isinstance(stored, Outbound):
        return (stored.status,)
    talk, survey = stored.conversation, stored.survey
    snoozed = "snoozed" if talk.snoozed_until else "in sight"
    return talk.state, snoozed, survey.state if survey else "not asked"


# --- surveys ------------------------------------------------------------------------------------------


def asked(state: surveys.State, **fields: Any) -> Survey:
    known = Survey("c1", "csat", state, "dana", due_at=DUE, channel="twilio", line=LINE)
    return replace(known, **fields)


def closed(survey: Survey | None, **fields: Any) -> Customer:
    known = customer(conversation=CLOSED, survey=survey, channel="twilio", line=LINE)
    return replace(known, **({"version": 3} | fields))


PLANNED = closed(asked("planned"))
A_DAY_AGO = asked("invited", invited_at=DUE - 24 * HOUR)
THREE_DAYS_AGO = asked("invited", invited_at=DUE - 72 * HOUR, reminded=True)
GOES_ON = talks.reopened(CLOSED, DUE - MINUTE)


def rated(survey: Survey) -> Survey:
    return surveys.answered(survey, 5, DUE - MINUTE, ask_why=False)


SURVEYS = {
    "an invitation": Timer(
        PLANNED,
        a_survey,
        ["says survey", "is invited"],
        (
            replace(PLANNED, survey=None),
            replace(PLANNED, survey=asked("planned", due_at=DUE + 2 * HOUR)),
            closed(asked("invited", invited_at=DUE - MINUTE, due_at=DUE + 24 * HOUR)),
        ),
    ),
    "a reminder": Timer(
        closed(A_DAY_AGO),
        a_survey,
        ["says survey"],
        (closed(rated(A_DAY_AGO)), closed(surveys.expired(A_DAY_AGO))),
    ),
    "the end of a survey": Timer(
        closed(THREE_DAYS_AGO), a_survey, ["is expired"], (closed(rated(THREE_DAYS_AGO)),)
    ),
}


@pytest.mark.parametrize(
    "meanwhile",
    [
        {"conversation": GOES_ON},
        {"conversation": replace(CLOSED, id="c2")},
        {"stopped": frozenset({"survey"})},
        {"surveyed_at": DUE - 48 * HOUR},
    ],
    ids=["goes on", "another conversation", "wants none", "asked of another"],
)
def test_whom_there_is_a_reason_not_to_ask_is_not_asked_and_not_looked_at_again(
    meanwhile: dict[str, Any],
) -> None:
    known = replace(PLANNED, **meanwhile)

    assert a_survey(known, DUE).records == (replace(known, survey=None),)


def test_who_wants_no_texts_is_not_reminded() -> None:
    known = closed(A_DAY_AGO, stopped=frozenset({"survey"}))

    assert happened(known, a_survey(known, DUE)) == ["is expired"]


# --- conversations ------------------------------------------------------------------------------------


def talking(**fields: Any) -> Customer:
    """Whose wait somebody was told of, unless that is what falls due."""
    known: dict[str, Any] = {"waiting_since": DUE - 2 * HOUR, "resolve_by": DUE + 5 * HOUR}
    known |= {"overdue": "over_at" not in fields} | fields
    return customer(conversation=replace(TALK, **known), channel="twilio", line=LINE, version=3)


def after(known: Customer, deed: Callable[[Conversation], Conversation]) -> Customer:
    assert known.conversation
    return replace(known, conversation=deed(known.conversation))


def closing(talk: Conversation) -> Conversation:
    return talks.closed(talk, DUE - MINUTE, "dana")


def replying(talk: Conversation) -> Conversation:
    return talks.replied(replace(talk, state="assigned"))


PROMISED = talking(promised_at=DUE + talks.WARNING)
LEASED = talking(state="assigned", lease=DUE, promised_at=DUE + 9 * HOUR)
SNOOZED = talking(state="assigned", waiting_since=None, snoozed_until=DUE)
OVER = talking(over_at=DUE)
UNRESOLVED = talking(resolve_by=DUE)

CONVERSATIONS = {
    "a promise about to be missed": Timer(
        PROMISED,
        a_conversation,
        ["says conversational"],
        (
            after(PROMISED, replying),
            after(PROMISED, closing),
            talking(promised_at=DUE + talks.WARNING, told_late=True),
        ),
    ),
    "a lease": Timer(
        LEASED,
        a_conversation,
        ["is waiting"],
        (after(LEASED, replying), after(LEASED, closing), after(LEASED, talks.given_back)),
    ),
    "a snooze": Timer(
        SNOOZED,
        a_conversation,
        ["is in sight"],
        (
            after(SNOOZED, talks.woken),
            after(SNOOZED, lambda talk: talks.snoozed(talk, DUE + 2 * HOUR)),
            after(SNOOZED, closing),
        ),
    ),
    "a wait over target": Timer(
        OVER,
        a_conversation,
        ["raises waiting"],
        (after(OVER, replying), after(OVER, closing), talking(over_at=DUE, overdue=True)),
    ),
    "a conversation open too long": Timer(
        UNRESOLVED,
        a_conversation,
        ["raises resolution"],
        (after(UNRESOLVED, closing), talking(resolve_by=DUE, raised=("resolution",))),
    ),
}


# --- alerts -------------------------------------------------------------------------------------------


def matter(**fields: Any) -> Escalation:
    known = Escalation(
        "e1", "keshet", customer().id, "low_rating", DUE - HOUR, "נועה", "2", "c1",
        agent="dana", next_at=DUE, version=2,
    )  # fmt: skip
    return replace(known, **fields)


def told(**fields: Any) -> Known:
    """Of somebody who gave a low score."""
    low = surveys.answered(asked("invited", invited_at=DUE), 2, DUE, ask_why=False)
    return Known(matter(**fields), closed(low))


def ended(known: Known) -> tuple[Known, ...]:
    """Taken, given up, or closed meanwhile."""
    it = known.matter
    others = (
        escalation.taken(it, "amir", "text", DUE),
        escalation.given_up(it),
        escalation.closed(it, "dana", DUE),
    )
    return tuple(replace(known, matter=each) for each in others)


DANA_KNOWS = told(rung=1, alerted=(Alerted("dana", "a", DUE - 15 * MINUTE),))
EVERYBODY_KNOWS = told(
    rung=3, alerted=tuple(Alerted(each.id, each.id, DUE - HOUR) for each in PEOPLE)
)
WAKING = told(urgent=True, next_at=NIGHT)
AMIR_WAS_WOKEN = told(urgent=True, next_at=NIGHT + WOKEN, alerted=(Alerted("amir", "a", NIGHT),))
FOR_THE_MORNING = told(next_at=MORNING)
ALERT = Outbound(
    "a-1", "keshet", customer().id, "twilio", LINE, "+972502345671", "נועה: דירוג נמוך", "alert",
    DUE - FOLDED, DUE + 2 * HOUR, "UCS-2", 1, due_at=DUE, version=2,
)  # fmt: skip
HELD = replace(ALERT, held=True)

ALERTS = {
    "the next rung": Timer(DANA_KNOWS, an_escalation, ["says alert"], ended(DANA_KNOWS)),
    "the end of the ladder": Timer(
        EVERYBODY_KNOWS, an_escalation, ["is nobody"], ended(EVERYBODY_KNOWS)
    ),
    "waking who is on call": Timer(WAKING, an_escalation, ["says alert"], ended(WAKING), NIGHT),
    "waking the next one": Timer(
        AMIR_WAS_WOKEN, an_escalation, ["says alert"], ended(AMIR_WAS_WOKEN), NIGHT + WOKEN
    ),
    "the opening": Timer(
        FOR_THE_MORNING, an_escalation, ["says alert"], ended(FOR_THE_MORNING), MORNING
    ),
    "an alert that more is folded into": Timer(
        HELD,
        an_alert,
        ["is claimed"],
        (
            replace(HELD, status="suppressed", due_at=None),
            replace(HELD, status="sent", due_at=None),
        ),
    ),
    "an alert whose queue message was lost": Timer(
        replace(ALERT, attempt=1, error="throttled"),
        an_alert,
        ["is claimed"],
        (replace(ALERT, status="delivered", due_at=None),),
    ),
}


@pytest.mark.parametrize("settled", [5, 3])
def test_who_has_meant_a_better_score_ends_the_climb(settled: int) -> None:
    low = DANA_KNOWS.customer
    assert low
    assert low.survey
    better = replace(low, survey=surveys.answered(low.survey, settled, DUE, ask_why=False))
    known = replace(DANA_KNOWS, customer=better)

    assert happened(known, an_escalation(known, DUE)) == ["is closed"]


# --- each of them -------------------------------------------------------------------------------------

TIMERS = SURVEYS | CONVERSATIONS | ALERTS
EACH = pytest.mark.parametrize("timer", TIMERS.values(), ids=TIMERS)


@EACH
def test_a_second_early_nothing_happens(timer: Timer) -> None:
    assert timer.look(timer.stored, timer.due - SECOND) == NOTHING


@EACH
@pytest.mark.parametrize(
    "late", [timedelta(0), SECOND, HOUR], ids=["in time", "late", "an hour late"]
)
def test_in_time_and_an_hour_late_the_same_happens(timer: Timer, late: timedelta) -> None:
    decision = timer.look(timer.stored, timer.due + late)

    assert happened(timer.stored, decision) == timer.does


@EACH
@pytest.mark.parametrize("late", [timedelta(0), HOUR], ids=["in time", "an hour late"])
def test_the_second_time_nothing_happens(timer: Timer, late: timedelta) -> None:
    now = timer.due + late
    once = _after(timer.stored, timer.look(timer.stored, now))
    again = timer.look(once, now)

    assert happened(once, again) == []
    assert [each for each in again.records if isinstance(each, Outbound)] == []


@EACH
def test_where_things_have_changed_nothing_happens(timer: Timer) -> None:
    for changed in timer.changed:
        decision = timer.look(changed, timer.due)
        assert happened(changed, decision) == []


def test_whatever_the_clock_looks_for_in_a_conversation_is_in_the_table() -> None:
    looked_at = {
        each.stored.conversation.check_at for each in CONVERSATIONS.values() if each.stored
    }

    assert looked_at == {DUE}
    assert len(CONVERSATIONS) == 5, "as many as `check_at` chooses from"


# --- windows: nothing happens at their end, but what comes later is another thing ---------------------


@pytest.mark.parametrize(("window", "may"), [
    (CORRECTION, lambda it, now: it.may_correct(now)),
    (SAYS_WHY, lambda it, now: it.hears_why(now)),
], ids=["a correction", "saying why"])  # fmt: skip
def test_a_window_is_open_to_its_last_second(
    window: timedelta, may: Callable[[Survey, datetime], bool]
) -> None:
    survey = surveys.answered(asked("invited", invited_at=DUE), 2, DUE, ask_why=True)

    assert may(survey, DUE + window - SECOND)
    assert not may(survey, DUE + window)
    assert not may(survey, DUE + window + HOUR)
