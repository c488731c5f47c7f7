"""The ladder: who is alerted of an open escalation, and when the next one is.

Every look at it decides on what is stored then, so one that comes twice, late, or when somebody has
taken it does nothing. An alert that failed does not wait: the next rung is told at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kesher.domain import alert, escalation
from kesher.domain.alert import Here, Recipient, Way
from kesher.domain.customer import Customer
from kesher.domain.decision import NOTHING, Decision
from kesher.domain.duty import own_hours
from kesher.domain.escalation import Alerted, Escalation
from kesher.domain.message import Outbound
from kesher.domain.scale import SCALES
from kesher.domain.scene import House
from kesher.domain.shop import Agent, OnCall, Rung, Shop

CHAT = "chat"
WOKEN = timedelta(minutes=15)
"""Whoever is woken has so long, by the clock, before the next one on call is."""


@dataclass(frozen=True)
class Known:
    """An escalation as it is stored, its customer, and what became of its alerts."""

    matter: Escalation
    customer: Customer | None = None
    sent: tuple[Outbound, ...] = ()


@dataclass(frozen=True)
class Step:
    """What is next: the escalation as it will be, and who is alerted of it. Neither, for nothing."""

    matter: Escalation | None = None
    ways: tuple[Way, ...] = ()
    counts: tuple[str, ...] = ()
    """Metrics: `Alerted`, `AlertFailed`, `NobodyTook`."""


def step(known: Known | None, house: House, now: datetime) -> Step:
    if known is None or known.matter.state != "open":
        return Step()
    matter = known.matter
    if is_settled(matter, known.customer):
        return Step(escalation.closed(matter, None, now))
    failed = has_failed(known)
    if not failed and (matter.next_at is None or matter.next_at > now):
        return Step()
    climbed = _climbed(matter, house, now)
    counts = ("AlertFailed",) * failed + climbed.counts
    return Step() if climbed.matter == matter else replace(climbed, counts=counts)


def is_settled(matter: Escalation, customer: Customer | None) -> bool:
    """Whether it came to its end by itself: who waited was answered, their conversation ended, or they
    have said that they had meant a better score."""
    talk = customer.conversation if customer else None
    if matter.kind == "low_rating":
        return customer is not None and _is_corrected(matter, customer)
    if matter.kind not in {"waiting", "resolution"}:
        return False
    if talk is None or talk.id != matter.conversation or not talk.is_open:
        return True
    return matter.kind == "waiting" and talk.waiting_since != matter.since


def _is_corrected(matter: Escalation, customer: Customer) -> bool:
    survey = customer.survey
    if survey is None or survey.conversation != matter.conversation or survey.score is None:
        return False
    return not SCALES[survey.scale].is_low(survey.score)


def has_failed(known: Known) -> bool:
    """Whether nobody can have had the last alerts, each of which failed or is held up."""
    newest = max((each.at for each in known.matter.alerted), default=None)
    last = {each.message for each in known.matter.alerted if each.at == newest}
    became = {each.id: each for each in known.sent}
    return bool(last) and all(e in became and became[e].has_failed_to_alert for e in last)


# --- who is next --------------------------------------------------------------------------------------


def _climbed(matter: Escalation, house: House, now: datetime) -> Step:
    if house.calendar.is_open(now):
        return _next_rung(matter, house, now)
    return _at_night(matter, house, now)


def _next_rung(matter: Escalation, house: House, now: datetime) -> Step:
    """The first one on which there is anybody to be told anew."""
    rungs = house.voice.shop.escalation.rungs
    for n in range(matter.rung, len(rungs)):
        if ways := tuple(_on(rungs[n], matter, house, now)):
            has = timedelta(minutes=rungs[n].minutes)
            until = now + has if matter.urgent else house.calendar.add(now, has)
            return Step(escalation.alerted(matter, n + 1, until), ways, ("Alerted",))
    return Step(escalation.given_up(matter), counts=("NobodyTook",) * _has_people(house.voice.shop))


def _has_people(shop: Shop) -> bool:
    """Whether the file has a way to anybody: where it has none, the desk alone shows what happens."""
    return bool(alert.rooms(shop)) or any(alert.ways(shop, each) for each in shop.agents)


def _at_night(matter: Escalation, house: House, now: datetime) -> Step:
    """One after another of those on call, if it is urgent; then quiet, until the shop opens."""
    shop = house.voice.shop
    for on_call in shop.escalation.on_call if matter.urgent else ():
        if ways := _woken(on_call, matter, house, now):
            woken = escalation.alerted(matter, matter.rung, now + WOKEN)
            return Step(woken, ways, ("Alerted",))
    opening = house.calendar.next_opening(now)
    return Step(escalation.alerted(matter, matter.rung, opening))


def _on(rung: Rung, matter: Escalation, house: House, now: datetime) -> Iterator[Way]:
    """Nobody is told twice of one matter, nor in hours in which they are not there."""
    shop = house.voice.shop
    named = {name for name in rung.to if name != CHAT}
    for agent in shop.agents:
        is_meant = any(_is_meant(agent, name, matter, shop) for name in named)
        if is_meant and _is_new(agent.id, matter) and own_hours(agent, house.calendar).is_open(now):
            yield from alert.ways(shop, agent)
    if CHAT in rung.to:
        yield from (each for each in alert.rooms(shop) if _is_new(each.who, matter))


def _is_meant(agent: Agent, name: str, matter: Escalation, shop: Shop) -> bool:
    if name == "agent":
        return agent.id == matter.agent
    if name == "lead":
        return agent.level == "lead" and (not _team_leads(shop, matter) or _leads(agent, matter))
    return agent.level == "owner" if name == "owner" else agent.id == name


def _team_leads(shop: Shop, matter: Escalation) -> bool:
    """Whether its team has leads of its own; the leads of all teams are meant otherwise."""
    return any(_leads(each, matter) for each in shop.agents)


def _leads(agent: Agent, matter: Escalation) -> bool:
    return agent.level == "lead" and matter.team in agent.teams


def _is_new(who: str, matter: Escalation) -> bool:
    return who not in {each.who for each in matter.alerted}


def _woken(on_call: OnCall, matter: Escalation, house: House, now: datetime) -> tuple[Way, ...]:
    shop = house.voice.shop
    agent = shop.agent(on_call.agent)
    if agent is None or not _is_new(agent.id, matter):
        return ()
    return alert.ways(shop, agent) if own_hours(on_call, house.calendar).is_open(now) else ()


# --- telling them -------------------------------------------------------------------------------------


def recipients(step: Step, shop: Shop) -> tuple[str, ...]:
    return tuple(each.recipient(shop) for each in step.ways)


def decide(step: Step, known: Mapping[str, Recipient], here: Here) -> Decision:
    if step.matter is None:
        return NOTHING
    matter = step.matter
    told = [
        alert.told(way, known.get(way.recipient(here.shop), Recipient()), matter, here)
        for way in step.ways
    ]
    new = tuple(
        Alerted(way.who, text.id, here.now) for way, (_, text) in zip(step.ways, told, strict=True)
    )
    matter = replace(matter, alerted=(*matter.alerted, *new))
    return Decision((matter, *(record for pair in told for record in pair)))
