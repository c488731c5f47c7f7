"""What a number of the figures counts: each conversation, with whose it is; the newest first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter, methodcaller
from typing import Annotated, Literal

from msgspec import Meta, structs

from kesher import store
from kesher.desk.figures import ANSWERED, SHOWN, WAITS, days, today
from kesher.desk.outcome import Recovered
from kesher.desk.present import Present, present
from kesher.desk.route import Answered, Asked, Body, Given, Route
from kesher.domain.customer import Customer
from kesher.domain.escalation import WonBack
from kesher.domain.figures import Fact, Figure, band, bucket
from kesher.domain.recovery import Outcome
from kesher.domain.scale import SCALES, ScaleName
from kesher.domain.survey import Rating
from kesher.errors import NotFound, Unreadable
from kesher.store.card import Listed

MEASURED: dict[str, tuple[Figure, ...]] = {
    **{each.replace(" ", "-"): (each,) for each in SHOWN},
    "answered": ANSWERED,
    "waits": WAITS,
}
RATED: dict[str, tuple[ScaleName, ...]] = {
    **{each: (each,) for each in SCALES},
    "rated": tuple(SCALES),
}
NOW: dict[str, Callable[[Present], list[Listed]]] = {
    "waiting": attrgetter("waiting"),
    "late": attrgetter("late"),
    "held": attrgetter("held"),
    **{
        f"still-{each.replace(' ', '-')}": methodcaller("awaiting", each)
        for each in SHOWN
        if each != "unanswered"
    },
}
RECOVERED = "recovered"
NAMES = (*MEASURED, *RATED, RECOVERED, *NOW)
"""In addresses."""
NO_TEAM = "-"
"""In addresses, the team of what was in no team's queue. No id is that."""
PAGE = 100
"""A page ends with the day on which it has so many."""
MOST_DAYS = 31


class ListedFact(Body, frozen=True):
    """One thing that was measured, one score, one low rating that was closed, or one customer of now."""

    customer: str
    conversation: str | None
    at: Annotated[datetime, Meta(description="When it ended; of now, since when.")]
    agent: str | None
    team: str | None
    name: Annotated[str | None, Meta(description="The customer's.")] = None
    address: Annotated[str | None, Meta(description="Null of who is not kept any more.")] = None
    figure: Figure | None = None
    seconds: int | None = None
    open_seconds: int | None = None
    in_target: Annotated[
        bool | None, Meta(description="Null without a target; of a score, whether it is satisfied.")
    ] = None
    won_back: Recovered = None
    score: int | None = None
    scale: ScaleName | None = None
    message: Annotated[str | None, Meta(description="The id of the text that has the score.")] = (
        None
    )


class ListedFacts(Body, frozen=True):
    items: list[ListedFact]
    next: Annotated[date | None, Meta(description="`day` of the next page; null on the last one.")]


class FactsWanted(Given, frozen=True):
    day: Annotated[date | None, Meta(description="A day of the shop's calendar; today.")] = None
    first: Annotated[
        date | None, Meta(description="From this day up to that one, at most 31; that one alone.")
    ] = None
    agent: Annotated[str, Meta(max_length=100, description="Theirs alone.")] = ""
    team: Annotated[
        str,
        Meta(
            max_length=100,
            description=f"Theirs alone; `{NO_TEAM}` for what was in no team's queue.",
        ),
    ] = ""
    in_target: Annotated[
        Literal["true", "false", ""], Meta(description="Of a score: satisfied ones alone, or not.")
    ] = ""
    band: Annotated[
        int | None, Meta(description="Which of the figure's `bands` it is in, from 0.")
    ] = None
    score: int | None = None
    won_back: Annotated[
        WonBack | Literal[""], Meta(description="Of low ratings that were closed: those alone.")
    ] = ""


@dataclass(frozen=True)
class Span:
    first: date
    last: date


def list_facts(asked: Asked) -> Answered:
    """Of now in one page: no more than the desk's list has."""
    name = asked.path["figure"]
    if name in NOW:
        now = present(asked)
        items = [_of_now(each, now) for each in NOW[name](now)]
        return Answered(ListedFacts([e for e in items if _is_wanted(e, asked.query)], None))
    if name not in NAMES:
        raise NotFound("no such figure")
    return Answered(_page(asked, name, _span(asked)))


def _span(asked: Asked) -> Span:
    wanted: FactsWanted = asked.query
    last = wanted.day or today(asked)
    first = wanted.first or last
    if not 0 <= (last - first).days < MOST_DAYS:
        raise Unreadable(f"the query: from `first` to `day` are 1 to {MOST_DAYS} days")
    return Span(first, last)


def _page(asked: Asked, name: str, span: Span) -> ListedFacts:
    found: list[ListedFact] = []
    for day in reversed(days(span.first, span.last)):
        if len(found) >= PAGE:
            return ListedFacts(_with_names(asked, found), day)
        of_day = _of_day(asked, name, day)
        found += sorted(
            (each for each in of_day if _is_wanted(each, asked.query)),
            key=lambda each: each.at,
            reverse=True,
        )
    return ListedFacts(_with_names(asked, found), None)


def _of_day(asked: Asked, name: str, day: date) -> Iterator[ListedFact]:
    shop = asked.shop.shop
    for figure in MEASURED.get(name, ()):
        yield from map(_measured, store.facts(shop, day, figure))
    for scale in RATED.get(name, ()):
        yield from map(_rated, _counted(store.ratings(shop, day, scale)))
    if name == RECOVERED:
        yield from map(_came_of, store.outcomes(shop, day))


def _counted(ratings: Iterator[Rating]) -> list[Rating]:
    """Of each conversation the last score that came in time."""
    in_turn = sorted(ratings, key=attrgetter("turn"))
    return list({each.conversation: each for each in in_turn if each.is_counted}.values())


def _is_wanted(fact: ListedFact, wanted: FactsWanted) -> bool:
    return (
        wanted.agent in {"", fact.agent}
        and wanted.team in {"", fact.team or NO_TEAM}
        and wanted.in_target in {"", str(bool(fact.in_target)).lower()}
        and wanted.score in {None, fact.score}
        and wanted.won_back in {"", fact.won_back}
        and wanted.band in {None, band(bucket(fact.open_seconds or 0))}
    )


def _measured(fact: Fact) -> ListedFact:
    return ListedFact(
        fact.customer,
        fact.conversation,
        fact.at,
        fact.agent,
        fact.team,
        figure=fact.figure,
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
        in_target=SCALES[rating.scale].is_satisfied(rating.score or 0),
        score=rating.score,
        scale=rating.scale,
        message=rating.message,
    )


def _came_of(outcome: Outcome) -> ListedFact:
    return ListedFact(
        outcome.customer,
        outcome.conversation,
        outcome.at,
        outcome.agent,
        outcome.team,
        won_back=outcome.won_back,
    )


def _of_now(listed: Listed, now: Present) -> ListedFact:
    card = listed.card
    return ListedFact(
        listed.customer,
        card.conversation,
        listed.since,
        card.agent,
        card.team,
        name=card.name,
        address=card.address,
        seconds=int((now.now - listed.since).total_seconds()),
        open_seconds=int(now.open_time(listed).total_seconds()),
        in_target=not now.is_over(listed) if card.waits else None,
    )


def _with_names(asked: Asked, facts: list[ListedFact]) -> list[ListedFact]:
    known = store.load_profiles(asked.shop.shop, {each.customer for each in facts})
    return [_named(each, known.get(each.customer)) for each in facts]


def _named(fact: ListedFact, customer: Customer | None) -> ListedFact:
    if customer is None:
        return fact
    return structs.replace(fact, name=customer.name, address=customer.address)


ROUTES = (
    Route(
        "GET",
        "/figures/{figure}",
        "lead",
        f"The conversations behind a number, the newest first: {', '.join(NAMES)}",
        list_facts,
        ListedFacts,
        query=FactsWanted,
        refuses=(NotFound,),
    ),
)
