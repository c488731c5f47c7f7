"""A survey: one question about one conversation.

    planned     a person closed the conversation; it is asked when its customer has been silent a while
    invited     it was asked
    answered    a score has come: another soon after takes its place, words after a low one say why
    expired     nothing came in time: what comes now is kept, and not counted

A conversation that goes on takes what was planned with it, and ends what was asked. `TRANSITIONS` is
all that can happen.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from kesher.domain.calendar import Calendar
from kesher.domain.figures import Counted, day
from kesher.domain.scale import ScaleName

State = Literal["planned", "invited", "answered", "expired"]
Happening = Literal[
    "put off", "invite", "remind", "ask again", "answer", "confirm", "answer late", "expire"
]
Verdict = Literal["confirmed", "dismissed"]

TRANSITIONS: dict[tuple[State, Happening], State] = {
    ("planned", "put off"): "planned",
    ("planned", "invite"): "invited",
    ("invited", "remind"): "invited",
    ("invited", "ask again"): "invited",
    ("invited", "answer"): "answered",
    ("invited", "confirm"): "answered",
    ("invited", "expire"): "expired",
    ("answered", "answer"): "answered",
    ("expired", "answer late"): "expired",
    ("expired", "confirm"): "answered",
}

CORRECTION = timedelta(minutes=15)
"""Another score so soon after the first takes its place."""
SAYS_WHY = timedelta(hours=24)
"""Words so soon after a low score say why it is."""


@dataclass(frozen=True)
class Asked:
    """An invitation as it is counted: that it was sent, that it arrived and that it was answered all
    count for the day on which it was sent, so that their shares are of the same customers."""

    day: str
    scale: ScaleName
    agent: str
    team: str | None = None

    def counted(self, shop: str, what: Literal["asked", "delivered", "answered"]) -> Counted:
        return Counted(shop, self.day, self.scale, self.agent, self.team, what, None, 0)


class CannotHappen(ValueError):
    """The survey is not in a state in which this can happen."""


@dataclass(frozen=True)
class Survey:
    conversation: str
    scale: ScaleName
    state: State
    agent: str
    """Who closed it, and is rated, whoever works for the shop when the answer comes."""
    team: str | None = None
    due_at: datetime | None = None
    """When the clock shall look at it."""
    invited_at: datetime | None = None
    channel: str | None = None
    line: str | None = None
    """Our sender that asked, which alone is answered."""
    reminded: bool = False
    asked_again: bool = False
    scores: tuple[int, ...] = ()
    """In the order they came: the last one counts."""
    answered_at: datetime | None = None
    """When the first of them came."""
    why_asked: bool = False
    """What went wrong was asked, and not answered yet."""

    @property
    def score(self) -> int | None:
        return self.scores[-1] if self.scores else None

    def asked(self, calendar: Calendar) -> Asked | None:
        """None before it was."""
        if self.invited_at is None:
            return None
        return Asked(day(self.invited_at, calendar), self.scale, self.agent, self.team)

    def may_correct(self, now: datetime) -> bool:
        return self.answered_at is not None and now - self.answered_at < CORRECTION

    def hears_why(self, now: datetime) -> bool:
        return self.why_asked and self.answered_at is not None and now < self.answered_at + SAYS_WHY


@dataclass(frozen=True)
class Rating:
    """What a customer made of a conversation, with one text of theirs."""

    shop: str
    customer: str
    conversation: str
    message: str
    """The `Inbound` that says it."""
    at: datetime
    day: str
    scale: ScaleName
    score: int | None
    """None for words alone, which say why the score was low, and while there is but a guess."""
    agent: str
    team: str | None = None
    language: str | None = None
    channel: str | None = None
    replaces: int | None = None
    """The score of theirs that it takes the place of."""
    is_low: bool = False
    is_late: bool = False
    """It came too late to be counted."""
    confidence: Literal["exact", "leading", "inferred"] | None = None
    guess: int | None = None
    """What the text seems to say; it counts once a person has confirmed it."""
    asked_on: str = ""
    """The day of the invitation that is guessed to be answered."""
    verdict: Verdict | None = None
    judged_by: str | None = None
    judged_at: datetime | None = None

    @property
    def is_counted(self) -> bool:
        return self.score is not None and not self.is_late

    @property
    def says_why(self) -> bool:
        return self.score is None and self.guess is None

    @property
    def turn(self) -> tuple[datetime, bool]:
        """Its place among others: of one instant, after the one that it takes the place of."""
        return self.at, self.replaces is not None


def moved(survey: Survey, happening: Happening) -> Survey:
    """Raises CannotHappen."""
    try:
        return replace(survey, state=TRANSITIONS[survey.state, happening])
    except KeyError:
        raise CannotHappen(f"{happening!r} cannot happen to a survey {survey.state}") from None


def put_off(survey: Survey, until: datetime) -> Survey:
    return replace(moved(survey, "put off"), due_at=until)


def invited(
    survey: Survey, now: datetime, by: tuple[str | None, str | None], look_at: datetime
) -> Survey:
    """Asked by a channel and a line of it."""
    channel, line = by
    asked = moved(survey, "invite")
    return replace(asked, invited_at=now, channel=channel, line=line, due_at=look_at)


def reminded(survey: Survey, look_at: datetime) -> Survey:
    return replace(moved(survey, "remind"), reminded=True, due_at=look_at)


def asked_again(survey: Survey) -> Survey:
    return replace(moved(survey, "ask again"), asked_again=True)


def answered(survey: Survey, score: int, now: datetime, *, ask_why: bool) -> Survey:
    return replace(
        moved(survey, "answer"),
        scores=(*survey.scores, score),
        answered_at=survey.answered_at or now,
        why_asked=ask_why,
        due_at=None,
    )


def confirmed(survey: Survey, score: int, at: datetime) -> Survey:
    """A person has found that it was answered then."""
    scores = (*survey.scores, score)
    return replace(moved(survey, "confirm"), scores=scores, answered_at=at, due_at=None)


def answered_late(survey: Survey, score: int) -> Survey:
    return replace(moved(survey, "answer late"), scores=(*survey.scores, score))


def told_why(survey: Survey) -> Survey:
    return replace(survey, why_asked=False)


def expired(survey: Survey) -> Survey:
    return replace(moved(survey, "expire"), due_at=None)


def goes_on(survey: Survey | None, conversation: str) -> Survey | None:
    """What becomes of it when its customer's conversation goes on, or another begins."""
    if survey is None or survey.state == "planned":
        return None
    if survey.state == "invited":
        return expired(survey)
    return survey if survey.conversation == conversation else None
