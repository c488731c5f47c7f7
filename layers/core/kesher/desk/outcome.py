"""What came of a conversation: how its customer rated it, and what the shop's people were alerted of."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from kesher.desk.route import Body
from kesher.domain.escalation import Escalation, State, WonBack
from kesher.domain.scale import ScaleName
from kesher.domain.shop import Kind
from kesher.domain.survey import Rating, Verdict

Recovered = Annotated[
    WonBack | None,
    Meta(description="Of a low rating that was closed: whether its customer is content now."),
]


class RatingGiven(Body, frozen=True):
    """What a customer answered to the question how it was, with one text."""

    message: Annotated[str, Meta(description="The id of the text in the thread.")]
    conversation: str
    at: datetime
    scale: ScaleName
    score: Annotated[int | None, Meta(description="Null for words alone, and for a guess.")]
    guess: Annotated[
        int | None, Meta(description="What the text seems to say; not counted until confirmed.")
    ]
    verdict: Annotated[Verdict | None, Meta(description="On the guess.")]
    judged_by: str | None
    replaces: Annotated[int | None, Meta(description="The score of theirs before this one.")]
    is_low: bool
    is_late: Annotated[bool, Meta(description="It came too late to be counted.")]
    agent: Annotated[str, Meta(description="Who is rated.")]


class MatterShown(Body, frozen=True):
    """What people were alerted of, closed or not."""

    id: str
    kind: Kind
    state: State
    conversation: str | None
    raised_at: datetime
    about: str
    taken_by: str | None
    closed_by: Annotated[str | None, Meta(description="Null where it ended by itself.")]
    closed_at: datetime | None
    won_back: Recovered


def rating_given(rating: Rating) -> RatingGiven:
    return RatingGiven(
        message=rating.message,
        conversation=rating.conversation,
        at=rating.at,
        scale=rating.scale,
        score=rating.score,
        guess=rating.guess,
        verdict=rating.verdict,
        judged_by=rating.judged_by,
        replaces=rating.replaces,
        is_low=rating.is_low,
        is_late=rating.is_late,
        agent=rating.agent,
    )


def matter_shown(matter: Escalation) -> MatterShown:
    return MatterShown(
        id=matter.key,
        kind=matter.kind,
        state=matter.state,
        conversation=matter.conversation,
        raised_at=matter.raised_at,
        about=matter.about,
        taken_by=matter.taken_by,
        closed_by=matter.closed_by,
        closed_at=matter.closed_at,
        won_back=matter.recovery.won_back if matter.recovery else None,
    )
