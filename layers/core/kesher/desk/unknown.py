"""Texts of which nobody can tell whether they left: looked at, and settled by a person who has found
out. Numbers are shown in full: who settles one has to call the customer, or to look it up at the
provider."""

import re
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from kesher import store
from kesher.desk import cursor
from kesher.desk.route import Answered, Asked, Body, Given, Route, etag
from kesher.domain import outbox
from kesher.domain.customer import MessageClass
from kesher.domain.message import Outbound
from kesher.domain.outbox import Outcome
from kesher.errors import Changed, Conflict, NotFound

_ID = re.compile(r"[0-9a-f]{32}-[0-9a-f]{20}")


class UnknownText(Body, frozen=True):
    """A text that may have reached its customer or not."""

    id: str
    etag: Annotated[str, Meta(description="Its version, for If-Match.")]
    at: Annotated[datetime, Meta(description="When it was written.")]
    customer: str
    address: Annotated[str, Meta(description="The customer's number, in international form.")]
    channel: str
    message_class: MessageClass
    text: str
    attempts: Annotated[int, Meta(description="How often the provider was to be given it.")]
    why: Annotated[str | None, Meta(description="Why nobody can tell.")]


class UnknownTexts(Body, frozen=True):
    items: list[UnknownText]
    next: Annotated[str | None, Meta(description="The next page's cursor; null on the last one.")]


class PageWanted(Given, frozen=True):
    limit: Annotated[int, Meta(ge=1, le=100, description="How many at most.")] = 25
    cursor: Annotated[str, Meta(max_length=200, description="`next` of the page before.")] = ""


class FoundOut(Given, frozen=True):
    """What a person found out."""

    outcome: Outcome


class Settled(Body, frozen=True):
    id: str
    status: Annotated[
        Literal["delivered", "failed"],
        Meta(description="What the provider reports later may still lift it."),
    ]


def list_unknown(asked: Asked) -> Answered:
    wanted: PageWanted = asked.query
    after = cursor.read(wanted.cursor, _ID) if wanted.cursor else None
    page = store.unknown(asked.shop.shop, wanted.limit, after)
    rest = cursor.write(page.rest) if page.rest else None
    return Answered(UnknownTexts([_shown(each) for each in page.texts], rest))


def read_unknown(asked: Asked) -> Answered:
    message = _load(asked)
    if not message.nobody_can_tell:
        raise NotFound("this text is not on the list of the unknown")
    return Answered(_shown(message), etag(message.version))


@store.retried
def settle_unknown(asked: Asked) -> Answered:
    """A repetition finds its own work done, and what it saw before is then no matter."""
    found: FoundOut = asked.said
    message = _load(asked)
    decision = outbox.settled_by_hand(message, found.outcome, by=asked.agent.id, now=asked.now)
    if decision is None:
        raise Conflict("this text is not on the list of the unknown: it may have been settled")
    if decision.records:
        asked.must_have_seen(etag(message.version))
    store.commit(decision, asked.shop)
    return Answered(Settled(message.id, outbox.SETTLES[found.outcome]))


def _load(asked: Asked) -> Outbound:
    id = asked.path["message"]
    loaded = store.load_outbound(asked.shop.shop, id) if _ID.fullmatch(id) else None
    if loaded is None:
        raise NotFound("no such text")
    return loaded[0]


def _shown(message: Outbound) -> UnknownText:
    return UnknownText(
        id=message.id,
        etag=etag(message.version),
        at=message.at,
        customer=message.customer,
        address=message.address,
        channel=message.channel,
        message_class=message.message_class,
        text=message.text,
        attempts=message.attempt,
        why=message.error,
    )


ROUTES = (
    Route(
        "GET",
        "/unknown",
        "agent",
        "Texts of which nobody can tell whether they left, the oldest first",
        list_unknown,
        UnknownTexts,
        query=PageWanted,
    ),
    Route(
        "GET",
        "/unknown/{message}",
        "agent",
        "One of them",
        read_unknown,
        UnknownText,
        refuses=(NotFound,),
        versioned=True,
    ),
    Route(
        "POST",
        "/unknown/{message}/settle",
        "agent",
        "Somebody found out whether it arrived",
        settle_unknown,
        Settled,
        takes=FoundOut,
        refuses=(NotFound, Conflict, Changed),
        versioned=True,
    ),
)
