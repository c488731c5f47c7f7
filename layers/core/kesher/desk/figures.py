"""How long people take and how customers rate them, for whoever leads: of today and of days past. Read
from what is counted as it happens; docs/figures.md has the definitions."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated, TypedDict

from msgspec import Meta

from kesher import calendars, store
from kesher.desk import rated
from kesher.desk.present import Present, present, target_of
from kesher.desk.rated import InvitedShown, RatingShown, RecoveredShown
from kesher.desk.route import Answered, Asked, Body, Given, Route
from kesher.domain import duty
from kesher.domain.figures import BANDS, Counted, Figure, Histogram, Measure, merged
from kesher.domain.shop import Agent

SHOWN: tuple[Figure, ...] = (
    *("first response", "hand-over response", "next response", "unanswered", "first resolution"),
)
ANSWERED: tuple[Figure, ...] = ("first response", "next response")
"""Every wait for a person ends in one of these, or unanswered."""
WAITS: tuple[Figure, ...] = (*ANSWERED, "unanswered")
DAY = timedelta(days=1)

Seconds = Annotated[
    float | None, Meta(description="Seconds; at most a tenth wrong. Null of nothing.")
]


class Took(Body, frozen=True):
    p50: Seconds
    p90: Seconds


class BandShown(Body, frozen=True):
    """How many took so long in opening hours, give or take a tenth."""

    below: Annotated[int | None, Meta(description="Seconds; null for all that took longer.")]
    n: int


class StillShown(Body, frozen=True):
    """For whom it has not ended yet."""

    n: int
    over: Annotated[int | None, Meta(description="Over the target; null where there is none.")]


class FigureShown(Body, frozen=True):
    figure: Figure
    n: int
    in_target: Annotated[int | None, Meta(description="Of them; null where there is no target.")]
    wall: Annotated[Took, Meta(description="By the clock on the wall.")]
    open: Annotated[Took, Meta(description="In opening hours.")]
    bands: list[BandShown]
    still: Annotated[StillShown | None, Meta(description="Now; null where days past are asked.")]


class TargetShown(Body, frozen=True):
    """Of all who waited for a person: those who were answered, those who were left unanswered, and
    those who wait now and have waited too long already."""

    target_seconds: int
    in_target: int
    over: int


class DayShown(Body, frozen=True):
    """The waits that ended on it, answered or not."""

    day: date
    in_target: int
    over: int
    open: Annotated[Took, Meta(description="What the answers took, in opening hours.")]
    rated: int
    satisfied: int


class WorkShown(Body, frozen=True):
    holds: Annotated[int, Meta(description="Customers they have now.")]
    waits: Annotated[int, Meta(description="Customers who wait for them now.")]
    answered: Annotated[int, Meta(description="Waits that they ended with a reply.")]
    open: Annotated[Took, Meta(description="What those took, in opening hours.")]
    invited: InvitedShown
    rated: int
    satisfied: int
    recovered: RecoveredShown


class AgentShown(WorkShown, frozen=True):
    agent: str
    here: Annotated[bool, Meta(description="At work now, by their hours and the shop's.")]


class TeamShown(WorkShown, frozen=True):
    team: Annotated[str | None, Meta(description="Null for what was in no team's queue.")]


class WaitingShown(Body, frozen=True):
    """Now."""

    n: int
    oldest_since: datetime | None
    over_target: int
    over_promise: Annotated[int, Meta(description="By now they were promised an answer.")]


class EscalationsShown(Body, frozen=True):
    """Now."""

    open: Annotated[int, Meta(description="Nobody has them yet.")]
    nobody: Annotated[int, Meta(description="All were alerted, and none has taken them.")]
    taken: int


class Figures(Body, frozen=True):
    first: date
    last: date
    waiting: WaitingShown
    escalations: EscalationsShown
    target: TargetShown
    figures: list[FigureShown]
    days: list[DayShown]
    ratings: list[RatingShown]
    recovered: RecoveredShown
    agents: list[AgentShown]
    teams: list[TeamShown]


class DaysWanted(Given, frozen=True):
    last: Annotated[date | None, Meta(description="A day of the shop's calendar; today.")] = None
    days: Annotated[int, Meta(ge=1, le=31, description="How many, up to that day.")] = 1


def show_figures(asked: Asked) -> Answered:
    wanted: DaysWanted = asked.query
    last = wanted.last or today(asked)
    first = last - (wanted.days - 1) * DAY
    by_day = {day: list(store.counts(asked.shop.shop, day)) for day in days(first, last)}
    counts = [each for of_day in by_day.values() for each in of_day]
    now, is_now = present(asked), last == today(asked)
    return Answered(
        Figures(
            first,
            last,
            _waiting(now),
            _escalations(asked),
            _target(counts, now, is_now=is_now),
            [_figure(each, counts, now if is_now else None) for each in SHOWN],
            [_day(day, of_day) for day, of_day in by_day.items()],
            rated.ratings(counts),
            rated.recovered(counts),
            [_agent(each, counts, now) for each in asked.shop.agents],
            [_team(each, counts, now) for each in _teams(asked, counts)],
        )
    )


def today(asked: Asked) -> date:
    return asked.now.astimezone(calendars.calendar(asked.shop).zone).date()


def days(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]


def _waiting(now: Present) -> WaitingShown:
    waiting = now.waiting
    oldest = waiting[0].since if waiting else None
    return WaitingShown(len(waiting), oldest, now.over(waiting), len(now.late))


def _escalations(asked: Asked) -> EscalationsShown:
    states = Counter(each.card.state for each in store.escalations(asked.shop.shop))
    return EscalationsShown(states["open"], states["nobody"], states["taken"])


def _target(counts: list[Counted], now: Present, *, is_now: bool) -> TargetShown:
    waits = _measured(counts, WAITS)
    return TargetShown(
        target_seconds=int(target_of(now.shop).total_seconds()),
        in_target=_good(waits),
        over=_n(waits) - _good(waits) + (now.over(now.waiting) if is_now else 0),
    )


def _figure(figure: Figure, counts: list[Counted], now: Present | None) -> FigureShown:
    own = [each for each in counts if each.figure == figure]
    opened = _measured(own, (figure,))
    return FigureShown(
        figure=figure,
        n=_n(opened),
        in_target=None if figure == "first resolution" else _good(opened),
        wall=_took(own, "wall"),
        open=_took(own, "open"),
        bands=_bands(opened),
        still=_still(figure, now) if now else None,
    )


def _still(figure: Figure, now: Present) -> StillShown | None:
    if figure == "unanswered":
        return None
    awaiting = now.awaiting(figure)
    return StillShown(len(awaiting), None if figure == "first resolution" else now.over(awaiting))


def _bands(counts: list[Counted]) -> list[BandShown]:
    return [BandShown(*each) for each in zip((*BANDS, None), _histogram(counts).bands, strict=True)]


def _day(day: date, counts: list[Counted]) -> DayShown:
    waits, (scores, satisfied) = _measured(counts, WAITS), rated.rated(counts)
    return DayShown(
        day=day,
        in_target=_good(waits),
        over=_n(waits) - _good(waits),
        open=_took([each for each in waits if each.figure in ANSWERED], "open"),
        rated=scores,
        satisfied=satisfied,
    )


def _agent(agent: Agent, counts: list[Counted], now: Present) -> AgentShown:
    return AgentShown(
        **_work([each for each in counts if each.agent == agent.id]),
        holds=sum(each.card.agent == agent.id for each in now.held),
        waits=sum(each.card.agent == agent.id for each in now.waiting),
        agent=agent.id,
        here=duty.is_here(agent, calendars.calendar(now.shop), now.now),
    )


def _teams(asked: Asked, counts: list[Counted]) -> list[str | None]:
    """In the order of the shop file; then what was in no team's queue, if anything was."""
    nobodys = [None] if any(each.team is None for each in counts) else []
    return [*(each.id for each in asked.shop.teams), *nobodys]


def _team(team: str | None, counts: list[Counted], now: Present) -> TeamShown:
    return TeamShown(
        **_work([each for each in counts if each.team == team]),
        holds=sum(each.card.team == team for each in now.held),
        waits=sum(each.card.team == team for each in now.waiting),
        team=team,
    )


class _Work(TypedDict):
    answered: int
    open: Took
    invited: InvitedShown
    rated: int
    satisfied: int
    recovered: RecoveredShown


def _work(own: list[Counted]) -> _Work:
    answered = _measured(own, ANSWERED)
    scores, satisfied = rated.rated(own)
    return {
        "answered": _n(answered),
        "open": _took(answered, "open"),
        "invited": rated.invited(own),
        "rated": scores,
        "satisfied": satisfied,
        "recovered": rated.recovered(own),
    }


def _measured(counts: list[Counted], figures: tuple[Figure, ...]) -> list[Counted]:
    """In opening hours, so that each is there once."""
    return [each for each in counts if each.measure == "open" and each.figure in figures]


def _n(counts: list[Counted]) -> int:
    return sum(each.n for each in counts)


def _good(counts: list[Counted]) -> int:
    """In the target, or satisfied."""
    return sum(each.n for each in counts if each.in_target)


def _took(counts: Iterable[Counted], measure: Measure) -> Took:
    whole = _histogram(each for each in counts if each.measure == measure)
    return Took(whole.percentile(0.5), whole.percentile(0.9))


def _histogram(counts: Iterable[Counted]) -> Histogram:
    return merged(Histogram({each.value: each.n}) for each in counts)


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
)
