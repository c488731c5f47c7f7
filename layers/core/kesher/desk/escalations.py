"""What the shop's people are alerted of: the list of what nobody has closed, the oldest first; one with
what may be said; taken, and closed."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Annotated

from msgspec import Meta

from kesher import calendars, store, words
from kesher.desk import cursor
from kesher.desk.canned import CannedReply, shown
from kesher.desk.outcome import MatterShown, Recovered, matter_shown
from kesher.desk.route import Answered, Asked, Body, Given, Route, etag
from kesher.domain import canned, escalation, recovery
from kesher.domain.canned import Occasion
from kesher.domain.decision import Decision
from kesher.domain.escalation import Escalation, NotPossible, State, TakenByAnother, WonBack
from kesher.domain.shop import Kind, Shop
from kesher.errors import Changed, Conflict, Held, NotFound
from kesher.store.card import ListedMatter

_ID = re.compile(r"[0-9a-f]{32}-[0-9a-f]{20}")

Taker = Annotated[str | None, Meta(description="The agent who has taken it.")]


class ListedEscalation(Body, frozen=True):
    """A matter that nobody has closed yet."""

    id: str
    etag: Annotated[str, Meta(description="Its version, for If-Match.")]
    customer: str
    kind: Kind
    state: Annotated[State, Meta(description="nobody: all were alerted, and none has taken it.")]
    urgent: bool
    raised_at: datetime
    who: Annotated[str, Meta(description="The customer's first name, or the end of their number.")]
    about: Annotated[
        str, Meta(description="Their words, their rating, or our text that did not arrive.")
    ]
    team: str | None
    alerted: Annotated[
        list[str], Meta(description="Ids of agents, and channels of rooms, in their turn.")
    ]
    rung: Annotated[int, Meta(description="How many of the ladder were alerted or passed.")]
    rungs: Annotated[int, Meta(description="How many the ladder has.")]
    next_at: Annotated[
        datetime | None, Meta(description="When the next one is alerted, if nobody takes it.")
    ]
    taken_by: Taker


class ListedEscalations(Body, frozen=True):
    items: list[ListedEscalation]
    next: Annotated[str | None, Meta(description="The next page's cursor; null on the last one.")]


class EscalationsWanted(Given, frozen=True):
    limit: Annotated[int, Meta(ge=1, le=100, description="How many at most.")] = 25
    cursor: Annotated[str, Meta(max_length=200, description="`next` of the page before.")] = ""


class WholeEscalation(Body, frozen=True):
    """One matter, closed or not."""

    etag: Annotated[str, Meta(description="Its version, for If-Match.")]
    customer: Annotated[str, Meta(description="Whose thread it is about.")]
    who: Annotated[str, Meta(description="The customer's first name, or the end of their number.")]
    urgent: bool
    team: str | None
    agent: Annotated[
        str | None, Meta(description="Who had the customer when it was raised, or had them last.")
    ]
    alerted: list[str]
    escalation: MatterShown
    language: Annotated[str, Meta(description="The customer's, and that of the replies.")]
    replies: Annotated[
        list[CannedReply],
        Meta(description="What may be said to one who gave a low score; none for other kinds."),
    ]


class HowItEnded(Given, frozen=True):
    won_back: Annotated[
        WonBack | None,
        Meta(description="Of a low rating: whether they are content now. It may be said later."),
    ] = None


class EscalationState(Body, frozen=True):
    """How the matter is now."""

    id: str
    etag: Annotated[str, Meta(description="Its version, for If-Match.")]
    state: State
    taken_by: Taker
    won_back: Recovered


def list_escalations(asked: Asked) -> Answered:
    wanted: EscalationsWanted = asked.query
    after = cursor.read(wanted.cursor, _ID) if wanted.cursor else None
    page = list(islice(store.escalations(asked.shop.shop, after), wanted.limit + 1))
    shown = page[: wanted.limit]
    last = shown[-1] if len(page) > wanted.limit else None
    rest = cursor.write(store.Place(last.raised_at, last.key)) if last else None
    return Answered(ListedEscalations([_line(each, asked.shop) for each in shown], rest))


def read_escalation(asked: Asked) -> Answered:
    matter = _load(asked)
    customer, orders = store.load_customer(asked.shop.shop, matter.customer)
    if customer is None:
        raise NotFound("no such customer")
    voice = words.voice(asked.shop)
    language = voice.language(customer.language)
    occasion = Occasion(voice, asked.agent, customer, orders, language, asked.now)
    replies = canned.ready(occasion) if matter.kind == "low_rating" else ()
    whole = WholeEscalation(
        etag=etag(matter.version),
        customer=matter.customer,
        who=matter.who,
        urgent=matter.urgent,
        team=matter.team,
        agent=matter.agent,
        alerted=list(dict.fromkeys(each.who for each in matter.alerted)),
        escalation=matter_shown(matter),
        language=language,
        replies=[shown(each) for each in replies],
    )
    return Answered(whole, whole.etag)


Deed = Callable[[Escalation], Escalation]


def take_escalation(asked: Asked) -> Answered:
    return _done(asked, partial(escalation.taken, by=asked.agent.id, how="desk", now=asked.now))


def close_escalation(asked: Asked) -> Answered:
    ended: HowItEnded = asked.said
    by, now = asked.agent.id, asked.now
    return _done(asked, partial(escalation.closed, by=by, now=now, won_back=ended.won_back))


@store.retried
def _done(asked: Asked, deed: Deed) -> Answered:
    """A repetition finds its own work done, and what it saw before is then no matter."""
    matter = _load(asked)
    after = _decided(asked, deed, matter)
    if after == matter:
        return Answered(_state(matter, matter.version))
    asked.must_have_seen(etag(matter.version))
    counts = recovery.counted(matter, after, calendars.calendar(asked.shop))
    store.commit(Decision((after, *counts)), asked.shop)
    return Answered(_state(after, matter.version + 1))


def _decided(asked: Asked, deed: Deed, matter: Escalation) -> Escalation:
    try:
        return deed(matter)
    except TakenByAnother as error:
        holder = asked.shop.agent(str(error))
        who = f"{holder.name} ({holder.id})" if holder else str(error)
        raise Held(who, "matter") from error
    except NotPossible as error:
        raise Conflict(str(error)) from error


def _load(asked: Asked) -> Escalation:
    id = asked.path["escalation"]
    found = store.load_matters(asked.shop.shop, (id,)) if _ID.fullmatch(id) else ()
    if not found:
        raise NotFound("no such escalation")
    return found[0]


def _state(matter: Escalation, version: int) -> EscalationState:
    won_back = matter.recovery.won_back if matter.recovery else None
    return EscalationState(matter.key, etag(version), matter.state, matter.taken_by, won_back)


def _line(listed: ListedMatter, shop: Shop) -> ListedEscalation:
    card = listed.card
    return ListedEscalation(
        id=listed.key,
        etag=etag(card.version),
        customer=listed.key.partition("-")[0],
        kind=card.kind,
        state=card.state,
        urgent=card.urgent,
        raised_at=listed.raised_at,
        who=card.who,
        about=card.about,
        team=card.team,
        alerted=list(card.alerted),
        rung=card.rung,
        rungs=len(shop.escalation.rungs),
        next_at=card.next_at,
        taken_by=card.taken_by,
    )


def _route(
    deed: str,
    does: str,
    handler: Callable[[Asked], Answered],
    takes: type[Given] | None = None,
) -> Route:
    return Route(
        "POST",
        f"/escalations/{{escalation}}/{deed}",
        "agent",
        does,
        handler,
        EscalationState,
        takes=takes,
        refuses=(NotFound, Conflict, Held, Changed),
        versioned=True,
    )


ROUTES = (
    Route(
        "GET",
        "/escalations",
        "agent",
        "What the shop's people are alerted of and nobody has closed, the oldest first",
        list_escalations,
        ListedEscalations,
        query=EscalationsWanted,
    ),
    Route(
        "GET",
        "/escalations/{escalation}",
        "agent",
        "One of them, closed or not; of a low rating with what may be said",
        read_escalation,
        WholeEscalation,
        refuses=(NotFound,),
        versioned=True,
    ),
    _route("take", "I see to it: nobody else is alerted", take_escalation),
    _route("close", "It is done", close_escalation, HowItEnded),
)
