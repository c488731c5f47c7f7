"""One of the shop's people answers an alert: "taken". Who says so is known by their phone, what they
take by the last alert they had."""

from datetime import datetime

from kesher.domain import alert, escalation
from kesher.domain.customer import Customer
from kesher.domain.escalation import Escalation, NotPossible, TakenByAnother
from kesher.domain.message import ConversationDue, TextReceived
from kesher.domain.shop import Agent, Shop
from kesher.domain.voice import Voice


def agent_at(shop: Shop, address: str) -> Agent | None:
    """Whose phone it is."""
    return next((each for each in shop.agents if each.phone == address), None)


def takes(
    customer: Customer | None, said: TextReceived | ConversationDue, voice: Voice
) -> tuple[str, ...]:
    """The keys of the escalations that a text takes, to be loaded before it is decided upon. Nearly
    always there are none."""
    if customer is None or not customer.matters or isinstance(said, ConversationDue):
        return ()
    if not voice.takes(said.text):
        return ()
    return customer.matters if agent_at(voice.shop, said.address) else ()


def taken(
    matters: tuple[Escalation, ...], customer: Customer, voice: Voice, now: datetime
) -> tuple[tuple[Escalation, ...], str]:
    """The escalations that are theirs now, and what they are told: which those are, who has the
    others, or that there is nothing left to take."""
    agent = agent_at(voice.shop, customer.address)
    by = agent.id if agent else ""
    language = voice.language(*(agent.languages[:1] if agent else ()))
    theirs: list[Escalation] = []
    others: dict[str, None] = {}
    for each in matters:
        try:
            theirs.append(escalation.taken(each, by, "text", now))
        except TakenByAnother as error:
            holder = voice.shop.agent(str(error))
            others[holder.name if holder else str(error)] = None
        except NotPossible:
            continue
    told = [voice.say("alert_yours", language, name=alert.names(theirs))] if theirs else []
    told += [voice.say("alert_had", language, name=each) for each in others]
    new = tuple(one for one in theirs if one not in matters)
    return new, "\n".join(told) or voice.say("alert_over", language)
