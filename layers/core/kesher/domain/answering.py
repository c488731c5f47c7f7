"""What a customer answers to the question how it was. Whatever it says is also a text: it is kept as
one, and what is no answer goes the way of every other."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from kesher.domain import escalation
from kesher.domain import survey as surveys
from kesher.domain.customer import Customer
from kesher.domain.escalation import Escalation
from kesher.domain.figures import Counted, day
from kesher.domain.message import TextReceived
from kesher.domain.scale import SCALES, Scale
from kesher.domain.scene import Scene
from kesher.domain.survey import Rating, Survey
from kesher.domain.text import fold

if TYPE_CHECKING:
    from kesher.domain.rating import Reading


@dataclass(frozen=True)
class Answer:
    survey: Survey
    records: tuple[Rating | Counted, ...] = ()
    says: tuple[str, ...] = ()
    goes_on: bool = False
    """It is for a person too."""


def heard(scene: Scene, event: TextReceived) -> Answer | None:
    """None for what answers nothing that was asked."""
    survey = scene.customer.survey
    if survey is None or not _is_asked(scene, survey, event):
        return None
    from kesher.domain.rating import read  # noqa: PLC0415 (25 ms that few texts need)

    scale = SCALES[survey.scale]
    reading = read(event.text, scale, _names(scene, survey))
    if survey.state == "answered":
        return _after_the_answer(scene, survey, event, reading)
    if reading.kind == "score":
        return _scored(scene, survey, event, reading)
    if reading.kind == "ask again" and survey.state == "invited" and not survey.asked_again:
        return Answer(surveys.asked_again(survey), says=(_again(scene, scale),))
    if reading.guess is not None and survey.state == "invited":
        return _guessed(scene, survey, event, reading)
    return None


def _names(scene: Scene, survey: Survey) -> frozenset[str]:
    """Of whoever is rated."""
    agent = scene.voice.shop.agent(survey.agent)
    return frozenset(fold(agent.name).split()) if agent else frozenset()


def _is_asked(scene: Scene, survey: Survey, event: TextReceived) -> bool:
    """By the line it comes to, of the conversation that has not gone on since."""
    talk = scene.customer.conversation
    rests = talk is not None and not talk.is_open and talk.id == survey.conversation
    return rests and survey.invited_at is not None and event.line == survey.line


def _after_the_answer(
    scene: Scene, survey: Survey, event: TextReceived, reading: "Reading"
) -> Answer | None:
    if reading.kind == "score" and survey.may_correct(scene.now):
        return _scored(scene, survey, event, reading)
    if survey.hears_why(scene.now):
        said_why = (_rating(scene, survey, event),)
        return Answer(surveys.told_why(survey), said_why, goes_on=True)
    return None


def _scored(scene: Scene, survey: Survey, event: TextReceived, reading: "Reading") -> Answer:
    scale, score = SCALES[survey.scale], reading.score or 0
    late = survey.state == "expired"
    is_low = scale.is_low(score)
    given = replace(
        _rating(scene, survey, event),
        score=score,
        replaces=survey.score,
        is_low=is_low,
        is_late=late,
        confidence=reading.confidence,
    )
    if late:
        after = surveys.answered_late(survey, score)
    else:
        ask_why = is_low and not reading.comment
        after = surveys.answered(survey, score, scene.now, ask_why=ask_why)
    word = "rated_why" if after.why_asked else "rated_sorry" if is_low else "rated_thanks"
    goes_on = reading.asks or (is_low and bool(reading.comment))
    counts = (*_counted(given, scale), *_responded(scene, survey, given))
    return Answer(after, (given, *counts), (scene.say(word),), goes_on)


def _guessed(scene: Scene, survey: Survey, event: TextReceived, reading: "Reading") -> Answer:
    """A text like any other, which may be a score: `guessing` settles it."""
    invitation = survey.asked(scene.house.calendar)
    guess = replace(
        _rating(scene, survey, event),
        guess=reading.guess,
        confidence=reading.confidence,
        asked_on=invitation.day if invitation else "",
    )
    return Answer(survey, (guess,), goes_on=True)


def tells_why(customer: Customer | None, now: datetime) -> tuple[str, ...]:
    """The key of the escalation that the next text may say more of; nearly always there is none."""
    survey = customer.survey if customer else None
    if customer is None or survey is None or not survey.hears_why(now):
        return ()
    id = escalation.id_of("low_rating", customer.id, survey.conversation)
    return (escalation.key_of(customer.id, id),)


def told_why(answer: Answer, matters: tuple[Escalation, ...], text: str) -> Iterator[Escalation]:
    """People who are alerted from now on read the customer's reason too."""
    said_why = any(isinstance(e, Rating) and e.says_why for e in answer.records)
    for each in matters if said_why else ():
        if each.state != "closed":
            yield escalation.said(each, f"{answer.survey.score}: {text}")


def _rating(scene: Scene, survey: Survey, event: TextReceived) -> Rating:
    return Rating(
        shop=event.shop,
        customer=event.customer,
        conversation=survey.conversation,
        message=event.stored_as,
        at=scene.now,
        day=day(survey.answered_at or scene.now, scene.house.calendar),
        scale=survey.scale,
        score=None,
        agent=survey.agent,
        team=survey.team,
        language=scene.customer.language,
        channel=event.channel,
    )


def _counted(given: Rating, scale: Scale) -> tuple[Counted, ...]:
    """On the day of the first answer, so that a correction corrects."""
    if given.is_late or given.score == given.replaces:
        return ()
    gone = count(given, scale, given.replaces, -1)
    return (*count(given, scale, given.score, 1), *gone)


def _responded(scene: Scene, survey: Survey, given: Rating) -> tuple[Counted, ...]:
    """The first score that comes in time is a response to the invitation."""
    invitation = survey.asked(scene.house.calendar)
    if invitation is None or given.is_late or given.replaces is not None:
        return ()
    return (invitation.counted(given.shop, "answered"),)


def count(given: Rating, scale: Scale, score: int | None, n: int) -> tuple[Counted, ...]:
    """So many more of a score, for the day and the agent of the rating."""
    if score is None:
        return ()
    alike = (given.shop, given.day, scale.name, given.agent, given.team)
    return (Counted(*alike, "score", scale.is_satisfied(score), score, n),)


def _again(scene: Scene, scale: Scale) -> str:
    low, top = scale.typed
    return scene.say("rated_again", low=str(low), top=str(top))
