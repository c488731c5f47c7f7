"""What the shop's people are told of escalations: by which ways, in which words. The first matter is
told at once; what arises for the same person within FOLDED of an alert waits, and is told in one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kesher.domain import sms
from kesher.domain.customer import Customer, customer_id
from kesher.domain.escalation import Escalation
from kesher.domain.message import Outbound
from kesher.domain.outbox import LOST_AFTER, text_id
from kesher.domain.scene import House
from kesher.domain.shop import Agent, Shop
from kesher.domain.when import when

FOLDED = timedelta(minutes=3)
VALID = timedelta(hours=2)
"""What is older has climbed the ladder long ago."""
LONGEST_QUOTE = 60
MOST_LINES = 5
MOST_MATTERS = 20
"""In one alert, and so taken by one reply."""


@dataclass(frozen=True)
class Way:
    """One way to one person, or to the room of a chat."""

    who: str
    """An agent's id, or the channel of a room."""
    channel: str
    line: str
    address: str
    language: str | None = None
    is_text: bool = False
    """It is answered by a text, and costs what a text costs."""

    def recipient(self, shop: Shop) -> str:
        """In whose partition its alerts lie: their own, as if they were a customer."""
        return customer_id(shop.shop, self.address, self.channel)


@dataclass(frozen=True)
class Here:
    """The shop, the address of its desk, and what time it is."""

    house: House
    desk: str
    now: datetime

    @property
    def shop(self) -> Shop:
        return self.house.voice.shop


@dataclass(frozen=True)
class Recipient:
    """What is known of somebody before they are told."""

    profile: Customer | None = None
    last: Outbound | None = None
    """The last alert they had."""
    matters: tuple[Escalation, ...] = ()
    """What that one was about."""


def ways(shop: Shop, agent: Agent) -> tuple[Way, ...]:
    """To one person, as they want it and as the file has addresses."""
    language = next(iter(agent.languages), None)
    found: list[Way] = []
    if "text" in agent.alerts and agent.phone:
        channel, line = shop.route(None, None)
        found.append(Way(agent.id, channel, line, agent.phone, language, is_text=True))
    mail, sender = shop.escalation.email, shop.sender(shop.escalation.email)
    if "email" in agent.alerts and agent.email and mail and sender:
        found.append(Way(agent.id, mail, sender, agent.email, language))
    return tuple(found)


def rooms(shop: Shop) -> tuple[Way, ...]:
    """Each is addressed by its channel: where that leads is in the address of its webhook."""
    named = ((each, shop.sender(each)) for each in shop.escalation.chat)
    return tuple(Way(kind, kind, sender, kind) for kind, sender in named if sender)


def told(way: Way, known: Recipient, matter: Escalation, here: Here) -> tuple[Customer, Outbound]:
    """Their profile and the alert: one of its own, or the one that still waits, with this in it."""
    last, recipient = known.last, way.recipient(here.shop)
    if last and _waits(last, here.now) and len(last.matters) < MOST_MATTERS:
        alert = _worded(last, (*known.matters, matter), way, here)
    else:
        alert = _worded(_new(way, matter, here), (matter,), way, here)
        if last and here.now - last.at < FOLDED:
            alert = replace(alert, held=True, due_at=last.at + FOLDED)
    profile = known.profile or Customer(recipient, here.shop.shop, way.address)
    return replace(profile, address=way.address, alert=alert.id, matters=alert.matters), alert


def _waits(alert: Outbound, now: datetime) -> bool:
    is_due = alert.due_at is None or alert.due_at <= now
    return alert.held and alert.status == "queued" and not alert.attempt and not is_due


def _new(way: Way, matter: Escalation, here: Here) -> Outbound:
    recipient = way.recipient(here.shop)
    return Outbound(
        id=text_id(recipient, f"alert/{matter.key}/{len(matter.alerted)}"),
        shop=here.shop.shop,
        customer=recipient,
        channel=way.channel,
        line=way.line,
        address=way.address,
        text="",
        message_class="alert",
        at=here.now,
        valid_until=here.now + VALID,
        encoding="",
        parts=0,
        due_at=here.now + LOST_AFTER,
    )


def _worded(alert: Outbound, matters: tuple[Escalation, ...], way: Way, here: Here) -> Outbound:
    text = words(matters, way, here)
    plan = sms.plan(text)
    return replace(
        alert,
        text=text,
        encoding=plan.encoding,
        parts=plan.parts if way.is_text else 0,
        matters=tuple(dict.fromkeys((*alert.matters, matters[-1].key))),
    )


def words(matters: tuple[Escalation, ...], way: Way, here: Here) -> str:
    """What happened to whom, in their words, where to see it and how to take it."""
    voice = here.house.voice
    language = voice.language(way.language)
    answer = (voice.say("alert_take", language),) if way.is_text else ()
    if len(matters) == 1:
        (matter,) = matters
        told = voice.render("{shop}: {told}", language, told=_sentence(matter, language, here))
        link = f"{here.desk}/{matter.customer}"
        return sms.plain("\n".join([told, *_quote(matter), link, *answer]))
    head = voice.say("alert_many", language, count=str(len(matters)))
    lines = [f"- {_sentence(each, language, here)}" for each in matters[:MOST_LINES]]
    return sms.plain("\n".join([head, *lines, here.desk, *answer]))


def _sentence(matter: Escalation, language: str, here: Here) -> str:
    voice = here.house.voice
    since = when(matter.since or matter.raised_at, here.now, here.house.calendar.zone)
    told = voice.when(since, language)
    return voice.say(f"alert_{matter.kind}", language, name=matter.who, when=told)


def _quote(matter: Escalation) -> tuple[str, ...]:
    if not matter.about:
        return ()
    cut = len(matter.about) > LONGEST_QUOTE
    return (f'"{matter.about[:LONGEST_QUOTE].rstrip()}{"..." if cut else ""}"',)


def names(matters: Iterable[Escalation]) -> str:
    return ", ".join(dict.fromkeys(each.who for each in matters))
