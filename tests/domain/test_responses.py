"""How many answer when they are asked: invitations sent, delivered and answered, case by case."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from kesher.domain import outbox
from kesher.domain.decision import Decision
from kesher.domain.figures import Counted
from kesher.domain.message import Outbound, ReceiptReceived, Status
from kesher.domain.outbox import Accepted
from kesher.domain.survey import Asked
from tests.builders import NOW, customer, records
from tests.domain.test_survey import DAY, HOUR, MINUTE, Story, a_shop

SENT_ON = "2026-11-22"


def responses(story: Story) -> list[tuple[str, str, str, int]]:
    return [
        (each.day, each.agent, each.measure, each.n)
        for each in story.counted
        if each.measure in {"asked", "delivered", "answered"}
    ]


def test_an_answer_counts_for_the_day_on_which_it_was_asked_for() -> None:
    story = Story().asked().after(DAY).texts("4")

    assert responses(story) == [(SENT_ON, "dana", "asked", 1), (SENT_ON, "dana", "answered", 1)]
    assert [each.day for each in story.counted if each.measure == "score"] == ["2026-11-23"]


@pytest.mark.parametrize(
    "answers",
    [
        lambda story: story.texts("2").after(5 * MINUTE).texts("4"),
        lambda story: story.texts("7").texts("4"),
        lambda story: story.texts("2").texts("לא ענו לי"),
    ],
    ids=["corrected", "asked once more", "says why"],
)
def test_one_invitation_is_answered_once(answers: Callable[[Story], Story]) -> None:
    assert responses(answers(Story().asked()))[1:] == [(SENT_ON, "dana", "answered", 1)]


@pytest.mark.parametrize(
    "answers",
    [
        lambda story: story.texts("איפה ההזמנה שלי?"),
        lambda story: story.texts("STOP"),
        lambda story: story.after(30 * HOUR).texts("5"),
    ],
    ids=["something else", "stop", "too late"],
)
def test_what_is_no_score_in_time_is_no_response(answers: Callable[[Story], Story]) -> None:
    story = Story(a_shop(expires_hours=24)).asked()

    assert responses(answers(story))[1:] == []


def test_a_reminder_is_no_second_invitation() -> None:
    story = Story(a_shop(reminder=True)).helped().after(26 * HOUR).texts("5")

    assert [measure for _, _, measure, _ in responses(story)] == ["asked", "answered"]
    first, second = (each for each in story.sent if each.message_class == "survey")
    assert (first.invitation, second.invitation) == (Asked(SENT_ON, "csat", "dana"), None)


# --- delivered ----------------------------------------------------------------------------------------


def invitation(status: Status = "accepted") -> Outbound:
    say = outbox.Say("איך היה?", "survey", "survey/c1/invitation", timedelta(hours=12))
    text = outbox.queued(say, customer(), a_shop().voice.shop, NOW)
    return replace(text, status=status, invitation=Asked(SENT_ON, "nps", "dana", "care"))


def reported(text: Outbound, status: Status) -> Decision:
    return outbox.receipt(
        (text, customer()), ReceiptReceived("keshet", "twilio", status, NOW), NOW + 2 * DAY
    )


ARRIVED = Counted("keshet", SENT_ON, "nps", "dana", "care", "delivered", None, 0)


@pytest.mark.parametrize(
    ("before", "report", "counts"),
    [
        ("accepted", "sent", []),
        ("accepted", "delivered", [ARRIVED]),
        ("sent", "read", [ARRIVED]),
        ("undelivered", "delivered", [ARRIVED]),
        ("sent", "undelivered", []),
        ("delivered", "delivered", []),
        ("delivered", "read", []),
        ("read", "delivered", []),
        ("delivered", "failed", []),
    ],
)
def test_an_invitation_that_arrives_counts_once_for_the_day_it_was_sent_on(
    before: Status, report: Status, counts: list[Counted]
) -> None:
    assert records(Counted, reported(invitation(before), report)) == counts


def test_what_else_arrives_is_not_counted() -> None:
    notice = replace(invitation(), invitation=None)

    assert records(Counted, reported(notice, "delivered")) == []


def test_what_the_provider_says_at_once_counts_and_what_a_person_finds_out_too() -> None:
    claimed = replace(invitation("claimed"), attempt=1)
    at_once = outbox.record((claimed, customer()), Accepted("p1", "delivered"), attempt=1, now=NOW)
    lost = replace(invitation("unknown"), due_at=None)
    arrived = outbox.settled_by_hand(lost, "arrived", by="dana", now=NOW)
    failed = outbox.settled_by_hand(lost, "did-not-arrive", by="dana", now=NOW)

    assert arrived
    assert failed
    assert [records(Counted, each) for each in (at_once, arrived, failed)] == [
        [ARRIVED],
        [ARRIVED],
        [],
    ]
