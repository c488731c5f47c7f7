"""What a person at the desk does with a customer: takes them, answers, gives them back, passes them on,
and comes to an end with them.

Who has a conversation speaks in it, and nobody else does. A request may come twice, so each deed
finds what it has done before, and then decides nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kesher.domain import conversation as talks
from kesher.domain import inviting, outbox, waiting
from kesher.domain import survey as surveys
from kesher.domain.agreed import Agreed, Author
from kesher.domain.agreed import kept as summed_up
from kesher.domain.book import Book
from kesher.domain.conversation import Conversation, Ended, NotNow
from kesher.domain.customer import Customer
from kesher.domain.decision import NOTHING, Decision, Record
from kesher.domain.scene import House, Scene
from kesher.domain.shop import Agent, Shop
from kesher.domain.summary import Summary
from kesher.domain.voice import Voice

REPLY_VALID = timedelta(hours=24)
"""What a person wrote is worth telling for longer than what the script did."""
LONGEST_SNOOZE = timedelta(days=30)


class HeldByAnother(ValueError):
    """Another agent has the conversation."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"{holder} has this conversation")
        self.holder = holder


class WantsNoTexts(ValueError):
    """The customer has opted out: a text would never leave."""


class NotHere(ValueError):
    """The shop file has no such team, or no such agent."""


class NotThen(ValueError):
    """A time that has passed, or is too far away."""


@dataclass(frozen=True)
class Case:
    """A customer, and the person at the desk who attends to them."""

    customer: Customer
    agent: Agent
    house: House
    now: datetime

    @property
    def conversation(self) -> Conversation:
        """Raises NotNow for a customer who has never written."""
        if self.customer.conversation is None:
            raise NotNow("this customer has not written yet")
        return self.customer.conversation

    @property
    def shop(self) -> Shop:
        return self.house.voice.shop

    @property
    def is_theirs(self) -> bool:
        talk = self.conversation
        return talk.state == "assigned" and talk.agent == self.agent.id


def take(case: Case) -> Decision:
    """From the queue or from the script; from another agent for leads and owners alone; what is theirs
    and snoozed, back into sight. Raises HeldByAnother, NotNow."""
    if case.is_theirs and not case.conversation.snoozed_until:
        return NOTHING
    return _left(case, _taken(case, _within_reach(case)))


def reply(case: Case, text: str, cause: str) -> Decision:
    """The agent's words to the customer, with their name and role under the first of them. Who
    answers a customer whom nobody has takes them. Raises HeldByAnother, WantsNoTexts, NotNow."""
    talk = case.conversation
    if talk.state == "assigned" and not case.is_theirs:
        raise _held(case)
    _may_be_told(case)
    replied = talks.replied(talk if case.is_theirs else _taken(case, talk))
    measured, facts = _book(case).replied(talk, replied)
    return _with(_told(case, measured, _signed(case, text), cause), *facts)


def snooze(case: Case, until: datetime) -> Decision:
    """Out of the agent's way until then, or until the customer writes. Raises NotThen, HeldByAnother,
    NotNow."""
    if case.conversation.snoozed_until == until:
        return NOTHING
    if not case.now < until <= case.now + LONGEST_SNOOZE:
        raise NotThen(f"until lies ahead, and no more than {LONGEST_SNOOZE.days} days")
    return _left(case, talks.snoozed(_within_reach(case), until))


def give_back(case: Case, ahead: int) -> Decision:
    """To the queue, before whoever has waited less; `ahead` wait already. Raises HeldByAnother,
    NotNow."""
    talk = case.conversation
    if talk.state == "waiting":
        return NOTHING
    back = talks.given_back(_within_reach(case))
    return _queued(case, back, ahead) if talk.waiting_since else _left(case, back)


def transfer(case: Case, team: str | None, agent: str | None, ahead: int) -> Decision:
    """To a team's queue, or to an agent's place in it; `ahead` wait already. Raises NotHere,
    HeldByAnother, NotNow."""
    _are_here(case.shop, team, agent)
    talk = case.conversation
    if talk.state == "waiting" and (talk.team, talk.agent) == (team or talk.team, agent):
        return NOTHING
    passed = talks.transferred(_within_reach(case), team, agent, case.now)
    return _queued(case, passed, ahead)


@dataclass(frozen=True)
class Ending:
    """How a conversation is closed."""

    farewell: bool = False
    """With thanks and an invitation to come back."""
    rate: bool = True
    """Its customer may be asked how it was."""
    agreed: Agreed | None = None
    """What the customer gets a link to."""


def close(case: Case, cause: str, ending: Ending) -> Decision:
    """Ended, measured and remembered. Raises HeldByAnother, WantsNoTexts, NotNow."""
    talk, agreed = case.conversation, ending.agreed
    if talk.closed_by == case.agent.id:
        return NOTHING
    closed = talks.closed(_within_reach(case), case.now, case.agent.id)
    ended, facts = _book(case).closed(talk, closed)
    case = replace(case, customer=_to_be_asked(case, ended, rate=ending.rate))
    summary = (_summed_up(case, ended, agreed),) if agreed else ()
    row = Ended(case.customer.shop, case.customer.id, ended, case.now)
    kept: tuple[Record, ...] = (row, *facts, *summary)
    words = last_words(case, ending)
    if not words:
        return _with(_left(case, ended), *kept)
    _may_be_told(case)
    return _with(_told(case, ended, words, cause), *kept)


def last_words(case: Case, ending: Ending) -> str:
    """What the customer reads when it is closed so; nothing where it is closed quietly."""
    voice, agreed = case.house.voice, ending.agreed
    language = voice.language(case.customer.language)
    thanks = voice.say("goodbye", language) if ending.farewell else ""
    below = f"{voice.say('summary_link', language)}\n{agreed.link.url}" if agreed else ""
    words = (_signed(case, thanks), below) if thanks or below else ()
    return "\n".join(each for each in words if each)


def _to_be_asked(case: Case, ended: Conversation, *, rate: bool) -> Customer:
    planned = inviting.planned(case.customer, ended, case.shop, case.now) if rate else None
    return replace(case.customer, survey=planned or case.customer.survey)


def reopen(case: Case) -> Decision:
    """What was closed within the shop's window, and is the agent's from now on. Raises NotNow."""
    if case.is_theirs:
        return NOTHING
    talk = case.conversation
    hours = case.shop.service.reopen_hours
    if talk.closed_at and case.now - talk.closed_at >= timedelta(hours=hours):
        raise NotNow(f"it was closed more than {hours} hours ago: the next text begins another")
    survey = surveys.goes_on(case.customer.survey, talk.id)
    case = replace(case, customer=replace(case.customer, survey=survey))
    return _left(case, talks.resumed(talk, case.agent.id))


def signature_of(voice: Voice, customer: Customer, agent: Agent) -> str:
    """Under the words of a person whom the customer does not know yet stands who they are; nothing
    under those of one they know."""
    talk = customer.conversation
    if talk and talk.signed == agent.id:
        return ""
    language = voice.language(customer.language)
    return voice.say("signature", language, name=agent.name, role=agent.role)


def _within_reach(case: Case) -> Conversation:
    talk = case.conversation
    if talk.state == "assigned" and not (case.is_theirs or case.agent.may("lead")):
        raise _held(case)
    return talk


def _held(case: Case) -> HeldByAnother:
    id = case.conversation.agent or ""
    holder = case.shop.agent(id)
    who = f"{holder.name} ({id})" if holder else id
    return HeldByAnother(who)


def _are_here(shop: Shop, team: str | None, agent: str | None) -> None:
    if team and team not in {each.id for each in shop.teams}:
        raise NotHere(f"the shop has no team {team!r}")
    if agent and shop.agent(agent) is None:
        raise NotHere(f"the shop has no agent {agent!r}")


def _may_be_told(case: Case) -> None:
    if "conversational" in case.customer.stopped:
        raise WantsNoTexts("this customer has asked for no more texts; call them")


def _taken(case: Case, talk: Conversation) -> Conversation:
    return talks.taken(talk, case.agent.id, case.house.calendar.add(case.now, talks.LEASE))


def _queued(case: Case, talk: Conversation, ahead: int) -> Decision:
    scene = Scene(case.customer, case.conversation, (), ahead, case.house, case.now)
    return waiting.back_in_queue(scene, talk)


def _told(case: Case, talk: Conversation, words: str, cause: str) -> Decision:
    """One text of the agent's; the same cause is the same text."""
    said = outbox.Say(words, "conversational", cause, REPLY_VALID)
    customer = replace(case.customer, conversation=replace(talk, signed=case.agent.id))
    queued = outbox.queued(said, customer, case.shop, case.now)
    return Decision((customer, replace(queued, written_by=case.agent.id)))


def _signed(case: Case, text: str) -> str:
    signature = signature_of(case.house.voice, case.customer, case.agent)
    return f"{text}\n{signature}".strip() if signature else text


def _left(case: Case, talk: Conversation) -> Decision:
    return Decision((replace(case.customer, conversation=talk),))


def _book(case: Case) -> Book:
    return Book(case.house, case.customer, case.agent.id, case.now)


def _with(decision: Decision, *records: Record) -> Decision:
    return replace(decision, records=(*decision.records, *records))


def _summed_up(case: Case, ended: Conversation, agreed: Agreed) -> Summary:
    """In the name of whom the customer comes back to."""
    agent = case.shop.agent(ended.agent or "") or case.agent
    customer = replace(case.customer, conversation=ended)
    return summed_up(agreed, Author(agent, case.house.voice), customer, case.now)
