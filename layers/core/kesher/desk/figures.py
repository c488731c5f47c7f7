"""How long people take and how customers rate them, for whoever leads: of today and of days past. Read
from what is counted as it happens; docs/figures.md has the definitions."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from msgspec import Meta

from kesher import calendars, store
from kesher.desk import rated
from kesher.desk.rated import InvitedShown, RatingShown, RecoveredShown, TeamShown
from kesher.desk.route import Answered, Asked, Body, Given, Route
from kesher.domain.figures import Counted, Fact, Figure, Histogram, Measure, merged
from kesher.domain.scale import SCALES
from kesher.domain.survey import Rating
from kesher.errors import NotFound
from kesher.store.card import Listed

SHOWN: tuple[Figure, ...] = (
    *("first response", "hand-over response", "next response", "first resolution"),
)
ANSWERED: frozenset[str] = frozenset({"first response", "next response"})
"""Every wait for a person ends in one of these, or unanswered."""
NAMED: dict[str, Figure] = {each.replace(" ", "-"): each for each in (*SHOWN, "unanswered")}
"""In addresses."""
DAY = timedelta(days=1)

Seconds = Annotated[
    float | None, Meta(description="Seconds; at most a tenth wrong. Null of nothing.")
]


class Took(Body, frozen=True):
    p50: Seconds
    p90: Seconds


class FigureShown(Body, frozen=True):
    figure: Figure
    n: int
    in_target: Annotated[int | None, Meta(description="Of them; null where there is no target.")]
    wall: Annotated[Took, Meta(description="By the clock on the wall.")]
    open: Annotated[Took, Meta(description="In opening hours.")]


class TargetShown(Body, frozen=True):
    """Of all who waited for a person: those who were answered, those who were left unanswered, and
    those who wait now and have waited too long already."""

    target_seconds: int
    in_target: int
    over: int


class AgentShown(Body, frozen=True):
    agent: str
    holds: Annotated[int, Meta(description="Customers they have now.")]
    answered: Annotated[int, Meta(description="Waits that they ended with a reply.")]
    open: Annotated[Took, Meta(description="What those took, in opening hours.")]
    invited: InvitedShown
    rated: int
    satisfied: int
    recovered: RecoveredShown


class WaitingShown(Body, frozen=True):
    """Now."""

    n: int
    oldest_since: datetime | None
    over_target: int
    over_promise: Annotated[int, Meta(description="By now they were promised an answer.")]


class Figures(Body, frozen=True):
    first: date
    last: date
    waiting: WaitingShown
    target: TargetShown
    figures: list[FigureShown]
    ratings: list[RatingShown]
    recovered: RecoveredShown
    agents: list[AgentShown]
    teams: list[TeamShown]


class DaysWanted(Given, frozen=True):
    last: Annotated[date | None, Meta(description="A day of the shop's calendar; today.")] = None
    days: Annotated[int, Meta(ge=1, le=31, description="How many, up to that day.")] = 1


class ListedFact(Body, frozen=True):
    """One thing that was measured, or one score."""

    customer: str
    conversation: str
    at: datetime
    agent: str
    team: str | None
    seconds: int | None = None
    open_seconds: int | None = None
    in_target: bool | None = None
    score: int | None = None
    message: Annotated[str | None, Meta(description="The id of the text that has the score.")] = (
        None
    )


class ListedFacts(Body, frozen=True):
    items: list[ListedFact]


class DayWanted(Given, frozen=True):
    day: Annotated[date | None, Meta(description="A day of the shop's calendar; today.")] = None
    agent: Annotated[str, Meta(max_length=100, description="Theirs alone.")] = ""


@dataclass(frozen=True)
class _Now:
    """Who has to do with people at this moment."""

    waiting: list[Listed]
    """Who has waited longest first."""
    holds: Counter[str]


def show_figures(asked: Asked) -> Answered:
    wanted: DaysWanted = asked.query
    last = wanted.last or _today(asked)
    first = last - (wanted.days - 1) * DAY
    days = [first + n * DAY for n in range(wanted.days)]
    counts = [each for day in days for each in store.counts(asked.shop.shop, day)]
    now = _now(asked)
    waiting = _waiting(asked, now)
    is_now = last == _today(asked)
    return Answered(
        Figures(
            first,
            last,
            waiting,
            _target(asked, counts, waiting.over_target if is_now else 0),
            [_figure(each, counts) for each in SHOWN],
            rated.ratings(counts),
            rated.recovered(counts),
            [_agent(each.id, counts, now) for each in asked.shop.agents],
            rated.teams([each.id for each in asked.shop.teams], counts),
        )
    )


def list_facts(asked: Asked) -> Answered:
    wanted: DayWanted = asked.query
    figure, day = asked.path["figure"], wanted.day or _today(asked)
    if figure in SCALES:
        items = [_rated(each) for each in store.ratings(asked.shop.shop, day, figure)]
    elif figure in NAMED:
        items = [_measured(each) for each in store.facts(asked.shop.shop, day, NAMED[figure])]
    else:
        raise NotFound("no such figure")
    return Answered(ListedFacts([e for e in items if wanted.agent in {"", e.agent}]))


def _today(asked: Asked) -> date:
    return asked.now.astimezone(calendars.calendar(asked.shop).zone).date()


def _now(asked: Asked) -> _Now:
    listed = list(store.desk(asked.shop.shop))
    holds = Counter(e.card.agent or "" for e in listed if e.card.state == "assigned")
    return _Now([each for each in listed if each.card.waits], holds)


def _waiting(asked: Asked, now: _Now) -> WaitingShown:
    """Of those in order of their waiting, only some are measured to find who are over the target."""
    opening, target = calendars.calendar(asked.shop), _target_of(asked)
    over = bisect_left(
        now.waiting, True, key=lambda each: opening.elapsed(each.since, asked.now) <= target
    )
    missed = sum(bool(e.card.promised_at and e.card.promised_at < asked.now) for e in now.waiting)
    oldest = now.waiting[0].since if now.waiting else None
    return WaitingShown(len(now.waiting), oldest, over, missed)


def _target_of(asked: Asked) -> timedelta:
    return timedelta(hours=asked.shop.service.target_hours)


def _target(asked: Asked, counts: list[Counted], waiting: int) -> TargetShown:
    ended = [e for e in counts if e.measure == "open" and e.figure in ANSWERED | {"unanswered"}]
    return TargetShown(
        target_seconds=int(_target_of(asked).total_seconds()),
        in_target=sum(each.n for each in ended if each.in_target),
        over=sum(each.n for each in ended if not each.in_target) + waiting,
    )


def _figure(figure: Figure, counts: list[Counted]) -> FigureShown:
    own = [each for each in counts if each.figure == figure]
    opened = [each for each in own if each.measure == "open"]
    in_target = sum(each.n for each in opened if each.in_target)
    return FigureShown(
        figure=figure,
        n=sum(each.n for each in opened),
        in_target=None if figure == "first resolution" else in_target,
        wall=_took(own, "wall"),
        open=_took(own, "open"),
    )


def _took(counts: Iterable[Counted], measure: Measure) -> Took:
    whole = merged(Histogram({e.value: e.n}) for e in counts if e.measure == measure)
    return Took(whole.percentile(0.5), whole.percentile(0.9))


def _agent(agent: str, counts: list[Counted], now: _Now) -> AgentShown:
    own = [each for each in counts if each.agent == agent]
    ended = [each for each in own if each.figure in ANSWERED]
    scores, satisfied = rated.rated(own)
    return AgentShown(
        agent=agent,
        holds=now.holds[agent],
        answered=sum(each.n for each in ended if each.measure == "open"),
        open=_took(ended, "open"),
        invited=rated.invited(own),
        rated=scores,
        satisfied=satisfied,
        recovered=rated.recovered(own),
    )


def _measured(fact: Fact) -> ListedFact:
    return ListedFact(
        fact.customer,
        fact.conversation,
        fact.at,
        fact.agent,
        fact.team,
        seconds=fact.seconds,
        open_seconds=fact.open_seconds,
        in_target=fact.in_target,
    )


def _rated(rating: Rating) -> ListedFact:
    return ListedFact(
        rating.customer,
        rating.conversation,
        rating.at,
        rating.agent,
        rating.team,
        score=rating.score,
        message=rating.message,
    )


ROUTES = (
    Route(
        "GET",
        "/figures",
        "lead",
        "How long people take, how they are rated, and who waits now",
        show_figures,
        Figures,
        query=DaysWanted,
    ),
    Route(
        "GET",
        "/figures/{figure}",
        "lead",
        "What a day's number counts: first-response, hand-over-response, next-response, unanswered,"
        " first-resolution, csat, nps, thumbs",
        list_facts,
        ListedFacts,
        query=DayWanted,
        refuses=(NotFound,),
    ),
)
