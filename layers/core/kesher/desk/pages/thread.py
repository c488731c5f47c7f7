"""One customer: the texts both ways, what an agent may do, and all that is known of them."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from msgspec import Meta

from kesher import store
from kesher.desk import conversations
from kesher.desk.conversations import (
    ConversationShown,
    TextShown,
    TextsWanted,
    WholeConversation,
    customer_asked,
)
from kesher.desk.pages import lines, rated
from kesher.desk.pages.page import Page, View
from kesher.desk.pages.speech import Speech
from kesher.desk.route import Asked, etag
from kesher.domain.conversation import TRANSITIONS, Happening
from kesher.domain.message import Status
from kesher.domain.shop import Agent

READ = conversations.ROUTES[1]
ON_THE_WAY: frozenset[Status | None] = frozenset(
    {"queued", "claimed", "unknown", "accepted", "sent"}
)
MOST_ON_THE_WAY = 20
DEEDS: tuple[Happening, ...] = ("take", "give back", "transfer", "snooze", "close", "reopen")


class Watched(TextsWanted, frozen=True):
    leaving: Annotated[
        str, Meta(max_length=2000, description="Ids of texts on their way, with commas between.")
    ] = ""


def opened(whole: WholeConversation, asked: Asked, speech: Speech) -> View:
    return replace(live(whole, asked, speech), template="thread.html")


def live(whole: WholeConversation, asked: Asked, speech: Speech) -> View:
    """The same without what an agent writes in."""
    talk, leaving = whole.conversation, on_their_way(whole.texts)
    shown = mark(whole, leaving)
    values = {
        "whole": whole,
        "customer": whole.customer,
        "talk": talk,
        "lines": lines.lines(whole, speech),
        "leaving": ",".join(each.id for each in leaving),
        "may": may(whole, asked.agent, asked.now),
        "mark": shown,
        "scores": rated.scores(whole),
        "judges": partial(rated.judges, agent=asked.agent),
        "agent_id": asked.agent.id,
    }
    return View("live.html", values, shown)


def earlier(whole: WholeConversation, asked: Asked, speech: Speech) -> View:
    values = {
        "whole": whole,
        "lines": lines.lines(whole, speech),
        "judges": partial(rated.judges, agent=asked.agent),
    }
    return View("earlier.html", values)


def may(whole: WholeConversation, agent: Agent, now: datetime) -> frozenset[str]:
    """What the agent is offered: what can happen now, of what is theirs to do; and to write."""
    talk = whole.conversation
    if talk is None:
        return frozenset()
    can = {each for each in DEEDS if (talk.state, each) in TRANSITIONS}
    can -= {"snooze"} if talk.waiting_since else set()
    if talk.state != "assigned":
        return frozenset(can | _write(whole, talk))
    if talk.agent == agent.id:
        return frozenset(can - {"take"} | _write(whole, talk) | _wake(talk, now))
    return frozenset(can if agent.may("lead") else ())


def _wake(talk: ConversationShown, now: datetime) -> set[str]:
    return {"wake"} if talk.snoozed_until and talk.snoozed_until > now else set()


def _write(whole: WholeConversation, talk: ConversationShown) -> set[str]:
    heard = talk.state != "closed" and "conversational" not in whole.customer.stopped
    return {"write"} if heard else set()


def on_their_way(texts: list[TextShown]) -> list[TextShown]:
    """The newest of those that nobody knows the end of."""
    return [each for each in texts if each.status in ON_THE_WAY][-MOST_ON_THE_WAY:]


def is_unchanged(asked: Asked, seen: str) -> bool:
    """By the customer and their newest orders, in one read; in two while texts are on their way."""
    id, shop = customer_asked(asked), asked.shop.shop
    customer, orders = store.load_customer(shop, id)
    if customer is None:
        return False
    ids = _leaving(asked.query.leaving, id)
    _, texts = store.load_buyer(shop, id, ids) if ids else (None, ())
    return seen == _mark(
        etag(customer.version),
        [(each.id, etag(each.version)) for each in orders],
        [(each.id, each.status) for each in texts],
    )


def _leaving(named: str, customer: str) -> tuple[str, ...]:
    """Those that can be texts to this customer, whatever else a caller names."""
    found = re.findall(rf"\b{customer}-[0-9a-f]{{20}}\b", named)
    return tuple(dict.fromkeys(found))[:MOST_ON_THE_WAY]


def mark(whole: WholeConversation, leaving: list[TextShown]) -> str:
    orders = [(each.id, each.etag) for each in whole.orders]
    return _mark(whole.etag, orders, [(each.id, each.status) for each in leaving])


def _mark(version: str, orders: Iterable[Any], texts: Iterable[Any]) -> str:
    seen = json.dumps([version, list(orders), sorted(texts)])
    return f'"{hashlib.sha256(seen.encode()).hexdigest()[:24]}"'


PAGES = (
    Page(READ, opened),
    Page(replace(READ, path=f"{READ.path}/live", query=Watched), live, is_unchanged),
    Page(replace(READ, path=f"{READ.path}/earlier"), earlier),
)
