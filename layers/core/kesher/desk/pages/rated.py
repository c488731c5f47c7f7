"""How the customer of a thread has rated us, and what came of a low score."""

from dataclasses import dataclass

from kesher.desk.conversations import WholeConversation
from kesher.desk.outcome import MatterShown, RatingGiven
from kesher.domain.shop import Agent


@dataclass(frozen=True)
class Score:
    """The one that holds of a conversation."""

    rating: RatingGiven
    matter: MatterShown | None = None
    """Of a low one: what people were alerted of."""


def by_text(whole: WholeConversation) -> dict[str, RatingGiven]:
    """Scores, and guesses that nobody has said anything to, by the texts that they stand in."""
    given = {each.message: each for each in whole.ratings if each.score is not None}
    return given | {each.message: each for each in _guesses(whole)}


def _guesses(whole: WholeConversation) -> list[RatingGiven]:
    """Where the customer has given a score in time, that one counts, and no guess is asked about."""
    scored = {e.conversation for e in whole.ratings if e.score is not None and not e.is_late}
    return [
        each
        for each in whole.ratings
        if each.guess is not None and not each.verdict and each.conversation not in scored
    ]


def judges(rating: RatingGiven, agent: Agent) -> bool:
    """Who is rated does not judge it themselves, unless they lead."""
    return rating.agent != agent.id or agent.may("lead")


def scores(whole: WholeConversation) -> list[Score]:
    """The newest first; what was corrected is not among them."""
    last = {each.conversation: each for each in whole.ratings if each.score is not None}
    matters = {e.conversation: e for e in whole.escalations if e.kind == "low_rating"}
    return [
        Score(each, matters.get(each.conversation) if each.is_low else None)
        for each in reversed(last.values())
    ]
