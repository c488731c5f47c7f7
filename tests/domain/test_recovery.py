"""An unhappy customer was won back, or was not, or nobody knows; and how that is counted."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kesher.domain import attend, escalation, ladder, watch
from kesher.domain import survey as surveys
from kesher.domain.conversation import Conversation
from kesher.domain.customer import Customer
from kesher.domain.escalation import Escalation, NotPossible, Occasion, Recovery, WonBack
from kesher.domain.figures import Counted
from kesher.domain.ladder import Known
from kesher.domain.recovery import counted
from kesher.domain.shop import Agent
from kesher.domain.survey import Survey
from tests.builders import HOUSE, KESHET, LINE, NOW, customer, house, records, voice

DAY = timedelta(days=1)
DANA = Agent("dana", "דנה", "שירות לקוחות")
SHOP = house(voice(agents=[DANA]))


def unhappy(**talk: Any) -> Customer:
    """Whose conversation goes on after a low score."""
    goes_on = Conversation(
        "c1", NOW, "waiting", NOW, waiting_since=NOW, team="care", raised=("low_rating",)
    )
    return customer(conversation=replace(goes_on, **talk), version=4)


def matter(kind: Any = "low_rating", **fields: Any) -> Escalation:
    occasion = Occasion(kind, "c1", "2: לא ענו לי")
    (new,) = escalation.raised(occasion, unhappy(), KESHET, HOUSE.calendar, NOW)
    return replace(new, version=1, **fields)


def closed(before: Escalation, won_back: WonBack | None = None, by: str = "dana") -> Escalation:
    return escalation.closed(before, by, NOW, won_back)


def counts(before: Escalation, after: Escalation) -> list[tuple[str, bool | None, int]]:
    return [(each.agent, each.in_target, each.n) for each in counted(before, after, HOUSE.calendar)]


@pytest.mark.parametrize(("said", "in_target"), [("yes", True), ("no", False), ("unknown", None)])
def test_whoever_closes_a_low_rating_says_whether_the_customer_was_won_back(
    said: WonBack, in_target: bool | None
) -> None:
    after = closed(matter(), said)

    assert after.recovery == Recovery(said, "dana", NOW)
    assert counted(matter(), after, HOUSE.calendar) == (
        Counted("keshet", "2026-11-22", "recovery", "dana", "care", "won back", in_target, 0),
    )


def test_who_says_nothing_has_not_lied() -> None:
    after = closed(matter())

    assert after.recovery == Recovery("unknown", "dana", NOW)
    assert counts(matter(), after) == [("dana", None, 1)]


def test_what_is_said_twice_is_counted_once() -> None:
    once = closed(matter(), "yes")

    assert closed(once, "yes") == closed(once) == once
    assert counts(once, closed(once, "yes")) == []


def test_what_is_learnt_later_corrects_the_day_of_the_closing_and_whoever_had_the_matter() -> None:
    amirs = escalation.taken(matter(), "amir", "text", NOW)
    before = closed(amirs)
    after = escalation.closed(before, "shirin", NOW + 3 * DAY, "yes")

    assert after.recovery == Recovery("yes", "shirin", NOW + 3 * DAY)
    assert (after.closed_by, after.closed_at) == ("dana", NOW)
    assert counts(before, after) == [("amir", True, 1), ("amir", None, -1)]
    assert {each.day for each in counted(before, after, HOUSE.calendar)} == {"2026-11-22"}


def test_of_what_was_no_low_rating_it_is_not_said() -> None:
    assert closed(matter("angry")).recovery is None
    with pytest.raises(NotPossible, match="low rating"):
        closed(matter("angry"), "yes")


def test_what_ends_by_itself_tells_nothing() -> None:
    after = escalation.closed(matter(), None, NOW)

    assert (after.state, after.recovery) == ("closed", None)
    assert counts(matter(), after) == []


# --- with the conversation ----------------------------------------------------------------------------


def test_who_attends_to_an_unhappy_customer_has_the_matter() -> None:
    case = attend.Case(unhappy(), DANA, SHOP, NOW)
    decision = attend.take(case)
    after = watch.attended(decision, (matter(),), case)

    assert watch.touched(unhappy(), decision) == (matter().key,)
    assert [(each.state, each.taken_by) for each in records(Escalation, after)] == [
        ("taken", "dana")
    ]
    assert records(Counted, after) == []


@pytest.mark.parametrize("said", ["yes", None])
def test_with_the_conversation_the_matter_is_closed_and_counted(said: WonBack | None) -> None:
    case = attend.Case(unhappy(state="assigned", agent="dana"), DANA, SHOP, NOW)
    decision = attend.close(case, "desk/1", attend.Ending())
    after = watch.attended(decision, (matter(),), case, said)
    (ended,) = records(Escalation, after)
    recovered = [each for each in records(Counted, after) if each.figure == "recovery"]

    assert ended.recovery == Recovery(said or "unknown", "dana", NOW)
    assert [(each.agent, each.in_target) for each in recovered] == [
        ("dana", True if said else None)
    ]


def test_of_who_was_never_unhappy_it_is_not_said() -> None:
    case = attend.Case(unhappy(raised=()), DANA, SHOP, NOW)
    decision = attend.close(case, "desk/1", attend.Ending())
    with pytest.raises(NotPossible, match="nobody to be won back"):
        watch.attended(decision, (), case, "yes")


# --- by itself ----------------------------------------------------------------------------------------


def answered(*scores: int, conversation: str = "c1") -> Survey:
    asked = Survey(conversation, "csat", "planned", "dana")
    survey = surveys.invited(asked, NOW, ("twilio", LINE), NOW)
    for score in scores:
        survey = surveys.answered(survey, score, NOW, ask_why=False)
    return survey


@pytest.mark.parametrize(
    ("survey", "is_settled"),
    [
        (answered(2, 5), True),
        (answered(2, 3), True),
        (answered(2, 1), False),
        (answered(2), False),
        (answered(5, conversation="c2"), False),
        (None, False),
    ],
)
def test_who_has_meant_a_better_score_is_no_matter_any_more(
    survey: Survey | None, is_settled: bool
) -> None:
    known = Known(matter(), replace(unhappy(), survey=survey))
    after = ladder.step(known, SHOP, NOW).matter

    assert after
    assert (after.state == "closed", after.recovery) == (is_settled, None)
