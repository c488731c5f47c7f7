"""Canned replies: what agents say again and again, with the blanks filled in for the customer at hand.
An agent reads it before it leaves, so a blank whose value is not known stays one, and is named."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kesher.domain import deeds, sms
from kesher.domain.customer import Customer
from kesher.domain.order import Order, at_hand
from kesher.domain.render import fields
from kesher.domain.shop import Agent, Canned
from kesher.domain.text import fold, line
from kesher.domain.voice import Voice

BLANKS = (
    *("first_name", "agent", "role", "shop"),
    *("order_number", "order_state", "expected_day", "tracking"),
)
"""What a canned reply may ask for."""
READY = ("low_rating_sorry", "low_rating_call")
"""Names under which a shop has its own answers to a low score, in place of those that Kesher ships."""


@dataclass(frozen=True)
class Occasion:
    """Who is about to say something to whom."""

    voice: Voice
    agent: Agent
    customer: Customer
    orders: tuple[Order, ...]
    """The customer's, newest first."""
    language: str
    """To be said in."""
    now: datetime
    given: Mapping[str, str] = field(default_factory=dict)
    """What the agent has put in blanks that nobody knew the value of."""

    @property
    def order(self) -> Order | None:
        """The one that the conversation is about, or else the newest."""
        talk = self.customer.conversation
        return at_hand(self.orders, talk.order if talk else None)


@dataclass(frozen=True)
class Filled:
    name: str
    title: str
    text: str
    missing: tuple[str, ...]
    """Blanks that are still in it."""
    picture: str | None
    teams: tuple[str, ...]
    parts: int
    """On SMS."""


def fitting(
    occasion: Occasion, team: str = "", sought: str = "", name: str = ""
) -> Iterator[Filled]:
    """Those in the language that are for the agent's teams, of one team where it is given, and that
    have all words of what is sought, each a part of a word at least; as the shop file orders them.
    With a name that one alone."""
    for each, reply in occasion.voice.shop.canned.items():
        if (
            (not name or each == name)
            and occasion.language in reply.text
            and _is_for(reply, occasion.agent.teams)
            and _is_for(reply, [team] if team else [])
            and _has(f"{each} {reply.title} {reply.text[occasion.language]}", sought)
        ):
            yield filled(occasion, each, reply)


def ready(occasion: Occasion) -> Iterator[Filled]:
    """What may be said to a customer who gave a low score."""
    for name in READY:
        yield filled(occasion, name, _answer(occasion, name))


def _answer(occasion: Occasion, name: str) -> Canned:
    """The shop's own in this language, or Kesher's, with a title for the agent."""
    voice, own = occasion.voice, occasion.voice.shop.canned.get(name)
    if own and occasion.language in own.text:
        return own
    title = voice.say(f"{name}_title", voice.language(*occasion.agent.languages))
    return Canned(title, {occasion.language: voice.texts[occasion.language][name]})


def filled(occasion: Occasion, name: str, reply: Canned) -> Filled:
    template, known = reply.text[occasion.language], values(occasion)
    missing = tuple(sorted(each for each in fields(template) if not known[each]))
    blanks = {each: f"{{{each}}}" for each in missing}
    said = occasion.voice.render(template, occasion.language, **(known | blanks))
    text = f"{said}\n{reply.picture}" if reply.picture else said
    parts = sms.plan(sms.plain(text)).parts
    return Filled(name, reply.title, text, missing, reply.picture, tuple(reply.teams), parts)


def values(occasion: Occasion) -> dict[str, str]:
    """Blank to what is said there; what the agent has given, where nobody knows, or nothing."""
    known, given = _known(occasion), occasion.given
    return {name: value or line(given.get(name, "")) for name, value in known.items()}


def _known(occasion: Occasion) -> dict[str, str]:
    voice, order, language = occasion.voice, occasion.order, occasion.language
    expected = deeds.expected_day(order, voice, language, occasion.now) if order else None
    return {
        "first_name": (occasion.customer.name or "").partition(" ")[0],
        "agent": occasion.agent.name,
        "role": occasion.agent.role,
        "shop": voice.shop.name,
        "order_number": deeds.number_of(order) if order else "",
        "order_state": voice.say(f"state_{order.status}", language) if order else "",
        "expected_day": expected or "",
        "tracking": (deeds.tracking_of(order) or "") if order else "",
    }


def _is_for(reply: Canned, teams: list[str]) -> bool:
    """Who is in no team answers for all of them."""
    return not reply.teams or not teams or bool({*teams} & {*reply.teams})


def _has(said: str, sought: str) -> bool:
    """Parts of words too: Hebrew and Arabic write "the" and "to" onto the word."""
    folded = fold(said)
    return all(word in folded for word in fold(sought).split())
