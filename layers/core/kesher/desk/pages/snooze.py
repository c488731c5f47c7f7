"""Until when a conversation may be out of the way: what is offered, and what is chosen on the shop's
wall clock."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta

from kesher import calendars, store, words
from kesher.desk import attend
from kesher.desk.attend import Snoozing
from kesher.desk.conversations import customer_asked
from kesher.desk.pages.page import Page, View
from kesher.desk.pages.speech import Speech
from kesher.desk.route import Answered, Asked, Body, Given, Route
from kesher.domain.attend import LONGEST_SNOOZE
from kesher.domain.calendar import wall
from kesher.domain.order import at_hand
from kesher.domain.scene import House
from kesher.domain.snoozing import OfferKind, offers
from kesher.errors import NotFound, Unreadable

PATH = "/conversations/{customer}/snooze"


class Offered(Body, frozen=True):
    kind: OfferKind
    until: datetime


class Offers(Body, frozen=True):
    items: list[Offered]


class Chosen(Given, frozen=True):
    until: Annotated[str, Meta(max_length=40)]
    """ISO 8601; without an offset it is the shop's local time."""


def offer(asked: Asked) -> Answered:
    shop = asked.shop
    customer, orders = store.load_customer(shop.shop, customer_asked(asked))
    if customer is None or customer.conversation is None:
        raise NotFound("no such customer, or they have not written yet")
    order = at_hand(orders, customer.conversation.order)
    house = House(words.voice(shop), calendars.calendar(shop))
    found = offers(house, asked.now, order.awaited_on if order else None)
    return Answered(Offers([Offered(each.kind, each.until) for each in found]))


def offered(found: Offers, asked: Asked, speech: Speech) -> View:  # noqa: ARG001
    zone = ZoneInfo(asked.shop.timezone)
    values = {
        "customer": asked.path["customer"],
        "offers": found.items,
        "earliest": _field(asked.now, zone),
        "latest": _field(asked.now + LONGEST_SNOOZE, zone),
        "zone": asked.shop.timezone,
    }
    return View("snooze.html", values)


def _field(at: datetime, zone: ZoneInfo) -> str:
    """As a field for date and time has it: local, to the minute."""
    return f"{at.astimezone(zone):%Y-%m-%dT%H:%M}"


def snooze(asked: Asked) -> Answered:
    chosen: Chosen = asked.said
    until = _instant(chosen.until, ZoneInfo(asked.shop.timezone))
    return attend.snooze_conversation(replace(asked, said=Snoozing(until)))


def _instant(said: str, zone: ZoneInfo) -> datetime:
    try:
        at = datetime.fromisoformat(said)
    except ValueError as error:
        raise Unreadable("the form: until is no time") from error
    return at if at.tzinfo else wall(at.date(), at.hour * 60 + at.minute, zone)


(_API,) = (each for each in attend.ROUTES if each.takes is Snoozing)
SNOOZE = replace(_API, takes=Chosen, handler=snooze)
PAGES = (
    Page(Route("GET", PATH, "agent", "Until when", offer, Offers, refuses=(NotFound,)), offered),
)
