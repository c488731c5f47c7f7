"""The `escalation` of a shop file, and how its people are alerted, complained about."""

from collections.abc import Iterator

from kesher import channels, words
from kesher.domain import alert
from kesher.domain.ladder import CHAT
from kesher.domain.shop import LEVELS, Agent, Shop
from kesher.phone import e164
from local import openinghours
from local.fault import Fault, Path_

PHONE = 'Write it in quotes and in international form: "+972502345678".'
ROLES = (*LEVELS, CHAT)
_HERE = "escalation"


def faults(shop: Shop) -> list[Fault]:
    return [
        *_phone_faults(shop),
        *_channel_faults(shop),
        *_rung_faults(shop),
        *_on_call_faults(shop),
        *_target_faults(shop),
        *_anger_faults(shop),
    ]


def _phone_faults(shop: Shop) -> Iterator[Fault]:
    phones = [each.phone for each in shop.agents]
    senders = {each.sender for each in shop.channels}
    for n, agent in enumerate(shop.agents):
        where = ("agents", n, "phone")
        if agent.id in ROLES:
            mend = f"On the ladder {agent.id!r} names a role; give them another id."
            yield Fault(("agents", n, "id"), f"{agent.id!r} is no id of an agent", mend)
        if agent.phone is None:
            continue
        if e164(agent.phone, shop.country) != agent.phone:
            yield Fault(where, f"{agent.phone!r} is no phone number", PHONE)
        elif agent.phone in senders:
            mend = "An alert to it would come back as a customer's text. Give their own phone."
            yield Fault(where, "is the number the shop sends from", mend)
        elif agent.phone in phones[:n]:
            mend = "Who takes a matter is known by their phone: one each."
            yield Fault(where, "is another agent's", mend)


def _channel_faults(shop: Shop) -> Iterator[Fault]:
    rules, kinds = shop.escalation, {each.kind for each in shop.channels}
    named: list[tuple[Path_, str]] = [((_HERE, "chat", n), e) for n, e in enumerate(rules.chat)]
    named += [((_HERE, "email"), rules.email)] if rules.email else []
    for where, kind in named:
        if kind not in kinds:
            yield Fault(where, f"no channel {kind!r}", "Add it under channels, or take it out.")
        elif kind not in channels.ONLY_SEND:
            mend = f"Choose from {', '.join(sorted(channels.ONLY_SEND))}."
            yield Fault(where, f"customers write to {kind!r}", mend)
    used = {kind for _, kind in named}
    for n, channel in enumerate(shop.channels):
        if channel.kind in channels.ONLY_SEND and channel.kind not in used:
            mend = "Name it in escalation.email or escalation.chat, or take it out."
            yield Fault(("channels", n, "kind"), f"{channel.kind!r} carries nothing", mend)
    if shop.channels and not any(shop.is_for_texts(each.kind) for each in shop.channels):
        mend = "Add the one that customers write to."
        yield Fault(("channels",), "nobody can write to the shop", mend)


def _rung_faults(shop: Shop) -> Iterator[Fault]:
    """A ladder that nobody stands on is no fault of a file that says nothing of it."""
    rules = shop.escalation
    is_own = rules.rungs != type(rules)().rungs
    known = f"Choose from {', '.join([*ROLES, *(each.id for each in shop.agents)])}."
    if not rules.rungs:
        mend = "Give one at least, or take the key out to have Kesher's."
        yield Fault((_HERE, "rungs"), "empty", mend)
    for n, rung in enumerate(rules.rungs):
        where = (_HERE, "rungs", n)
        unknown = [name for name in rung.to if name not in ROLES and shop.agent(name) is None]
        yield from (
            Fault((*where, "to", rung.to.index(name)), f"no agent {name!r}", known)
            for name in unknown
        )
        if is_own and not unknown and not any(_reaches(shop, name) for name in rung.to):
            mend = "Give one of them a phone, or an email and escalation.email; or take it out."
            yield Fault(where, "there is nobody to reach", mend)
        if rung.minutes < 1:
            yield Fault((*where, "minutes"), "is no time at all", "Give a minute at least.")


def _reaches(shop: Shop, name: str) -> bool:
    """Whether anybody whom a rung may mean has a way that leads to them."""
    if name == CHAT:
        return bool(shop.escalation.chat)
    meant = [each for each in shop.agents if name in {"agent", each.level, each.id}]
    return any(_can_be_alerted(shop, each) for each in meant)


def _can_be_alerted(shop: Shop, agent: Agent) -> bool:
    return bool(shop.channels) and bool(alert.ways(shop, agent))


def _on_call_faults(shop: Shop) -> Iterator[Fault]:
    rules = shop.escalation
    for n, each in enumerate(rules.on_call):
        where, agent = (_HERE, "on_call", n), shop.agent(each.agent)
        if agent is None:
            mend = f"The agents are {', '.join(a.id for a in shop.agents) or 'none yet'}."
            yield Fault((*where, "agent"), f"no agent {each.agent!r}", mend)
        elif not _can_be_alerted(shop, agent):
            mend = "Give them a phone, or an email and escalation.email."
            yield Fault((*where, "agent"), "cannot be reached", mend)
        yield from openinghours.hours_faults((*where, "hours"), each.hours)
    if rules.urgent and not rules.on_call:
        mend = "Say who is woken in escalation.on_call; without it nobody is."
        yield Fault((_HERE, "urgent"), "nobody is on call", mend)


def _target_faults(shop: Shop) -> Iterator[Fault]:
    rules = shop.escalation
    targets = {
        "first_minutes": rules.first_minutes,
        "next_minutes": rules.next_minutes,
        "resolution_hours": rules.resolution_hours,
    }
    for name, value in targets.items():
        if value is not None and value < 1:
            yield Fault((_HERE, name), "is no time at all", "Give a whole number from 1.")


def _anger_faults(shop: Shop) -> Iterator[Fault]:
    for code in shop.escalation.angry:
        if code not in words.LANGUAGES:
            mend = f"Kesher speaks {', '.join(words.LANGUAGES)}."
            yield Fault((_HERE, "angry", code), "is not spoken", mend)
