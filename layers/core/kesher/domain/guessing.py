"""A score that a text only seems to give: it counts once a person has confirmed it, as if it had been
read at once, for the day on which it was written. Dismissed, it never counts."""

from dataclasses import dataclass, replace
from datetime import datetime

from kesher.domain import answering, escalation
from kesher.domain import survey as surveys
from kesher.domain.customer import Customer
from kesher.domain.decision import NOTHING, Decision
from kesher.domain.escalation import Escalation, Occasion
from kesher.domain.figures import Counted
from kesher.domain.scale import SCALES
from kesher.domain.scene import House
from kesher.domain.shop import Agent
from kesher.domain.survey import Asked, Rating, Verdict


class NotAGuess(ValueError):
    """There is nothing to be confirmed, or no more."""


class OwnRating(ValueError):
    """Who is rated does not judge it, unless they lead."""


@dataclass(frozen=True)
class Doubt:
    """What may be a score, and what else is known of its customer."""

    rating: Rating
    text: str
    """In the customer's words."""
    customer: Customer
    others: tuple[Rating, ...] = ()
    """Of this customer."""
    matters: tuple[Escalation, ...] = ()
    """What people were alerted of already."""


def judged(doubt: Doubt, verdict: Verdict, by: Agent, house: House, now: datetime) -> Decision:
    """Raises NotAGuess, OwnRating. The same verdict again changes nothing."""
    rating = doubt.rating
    if rating.guess is None:
        raise NotAGuess("nothing was guessed from this text")
    if rating.verdict == verdict:
        return NOTHING
    if rating.verdict:
        raise NotAGuess(f"{rating.judged_by} has {rating.verdict} it")
    if rating.agent == by.id and not by.may("lead"):
        raise OwnRating("somebody else confirms or dismisses what you are rated with")
    after = replace(rating, verdict=verdict, judged_by=by.id, judged_at=now)
    if verdict == "dismissed":
        return Decision((doubt.customer, after))
    return _confirmed(replace(doubt, rating=after), rating.guess, house, now)


def _confirmed(doubt: Doubt, score: int, house: House, now: datetime) -> Decision:
    rating, scale = doubt.rating, SCALES[doubt.rating.scale]
    same = (each for each in doubt.others if each.conversation == rating.conversation)
    if any(each.is_counted for each in same):
        raise NotAGuess("the customer has given a score since")
    given = replace(rating, score=score, is_low=scale.is_low(score))
    new = _raised(doubt, house, now) if given.is_low else ()
    customer = _known(doubt, score, is_raised=bool(new))
    return Decision((customer, given, *_counts(given, score), *new))


def _counts(given: Rating, score: int) -> tuple[Counted, ...]:
    invitation = Asked(given.asked_on, given.scale, given.agent, given.team)
    counts = answering.count(given, SCALES[given.scale], score, 1)
    return (*counts, invitation.counted(given.shop, "answered"))


def _raised(doubt: Doubt, house: House, now: datetime) -> tuple[Escalation, ...]:
    """As it would have been at once; of the conversation that was rated, whichever is open now."""
    rating = doubt.rating
    occasion = Occasion("low_rating", rating.conversation, doubt.text)
    new = escalation.raised(occasion, doubt.customer, house.voice.shop, house.calendar, now)
    known = {each.id for each in doubt.matters}
    return tuple(
        replace(each, conversation=rating.conversation, team=rating.team, agent=rating.agent)
        for each in new
        if each.id not in known
    )


def _known(doubt: Doubt, score: int, *, is_raised: bool) -> Customer:
    """The customer, whose survey is answered now, if it is still the one."""
    customer, rating = doubt.customer, doubt.rating
    survey, talk = customer.survey, customer.conversation
    if survey and survey.conversation == rating.conversation:
        survey = surveys.confirmed(survey, score, rating.at)
    if talk and is_raised and talk.id == rating.conversation:
        talk = replace(talk, raised=(*talk.raised, "low_rating"))
    return replace(customer, survey=survey, conversation=talk)
