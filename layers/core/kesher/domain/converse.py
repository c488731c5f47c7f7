"""A customer's text comes in and is answered: by the words of consent, by the script, or by the
honest word when a person will. Every text is kept, whatever it says. While a person works with the
customer the script is silent."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kesher.domain import (
    answering,
    consent,
    language,
    outbox,
    proof,
    script,
    taking,
    waiting,
    watch,
)
from kesher.domain import conversation as talks
from kesher.domain import survey as surveys
from kesher.domain.answering import Answer
from kesher.domain.conversation import Conversation
from kesher.domain.customer import Customer, MessageClass, derived_id
from kesher.domain.decision import NOTHING, Decision, Record
from kesher.domain.escalation import Escalation
from kesher.domain.message import ConversationDue, Inbound, TextReceived
from kesher.domain.order import Order
from kesher.domain.proof import Sought
from kesher.domain.scene import House, Scene, Turn
from kesher.domain.spoken import order_number, sign
from kesher.domain.text import fold
from kesher.domain.voice import Voice

REPLY_VALID = timedelta(hours=1)
ACKNOWLEDGED_EVERY = timedelta(minutes=15)
"""Who waits and writes on is told so often that it was noted, and no oftener."""
_AN_HOUR = timedelta(hours=1)

Event = TextReceived | ConversationDue


@dataclass(frozen=True)
class Situation:
    """What is known before the text: all of it may be new to us."""

    customer: Customer | None = None
    orders: tuple[Order, ...] = ()
    """The customer's own, newest first."""
    ahead: int = 0
    """How many customers wait for a person already."""
    sought: Sought | None = None
    """The order whose number the text `seeks`."""
    code: str | None = None
    """Drawn for this text, should it need one."""
    matters: tuple[Escalation, ...] = ()
    """What the text takes, where it is an agent's answer to an alert."""
    rated: tuple[Escalation, ...] = ()
    """What people are alerted of, where the text may say why a score was low."""


def decide(known: Situation, event: Event, house: House, now: datetime) -> Decision:
    """The decision, with what it raises."""
    return watch.noticed(known.customer, event, _decided(known, event, house, now), house, now)


def _decided(known: Situation, event: Event, house: House, now: datetime) -> Decision:
    if isinstance(event, ConversationDue):
        return _looked_at(known, house, now)
    customer = _heard(known.customer, event, house.voice)
    wish = event.provider_consent or consent.wish(customer, event.text)
    if wish and consent.overtaken(customer, wish, event.received_at):
        return Decision((_kept(customer, event), customer))
    if wish:
        return _consented(customer, wish, event, house.voice, now)
    if known.matters:
        return _took(known.matters, customer, event, house.voice, now)
    scene = _scene(known, customer, event, house, now)
    answer = answering.heard(scene, event)
    if answer:
        return _rated(scene, answer, event, known.rated)
    return _answered(_going_on(scene), event, customer.conversation)


def _scene(
    known: Situation, customer: Customer, event: TextReceived, house: House, now: datetime
) -> Scene:
    talk = _continued(customer.conversation, event, house, now)
    return Scene(customer, talk, known.orders, known.ahead, house, now, known.sought, known.code)


def _heard(customer: Customer | None, received: TextReceived, voice: Voice) -> Customer:
    """The customer with what this text tells of them: where they write from, in which language. One
    who was erased has their address again."""
    known = customer or Customer(received.customer, received.shop, received.address)
    heard = language.heard(received.text, known.language, tuple(voice.shop.languages))
    return replace(
        known,
        address=received.address,
        channel=received.channel,
        line=received.line,
        name=known.name or received.name,
        language=heard if heard in voice.shop.languages else known.language,
    )


# --- consent ------------------------------------------------------------------------------------------


def _consented(
    customer: Customer,
    wish: consent.Wish,
    received: TextReceived,
    voice: Voice,
    now: datetime,
) -> Decision:
    """One confirmation, unless the provider has given its own; of a stop only the first."""
    changed, records = _changed(customer, wish, received)
    word = {"opt-out": "opted_out", "opt-in": "opted_in", "help": "help"}[wish]
    first_stop = wish == "opt-out" and not customer.opted_out
    silent = received.provider_consent or (
        not first_stop and (wish == "opt-out" or _too_many(customer, voice, now))
    )
    text = voice.say(word, voice.language(customer.language))
    says = () if silent else (_say(text, "consent", received),)
    return Decision(
        (
            _kept(customer, received),
            _counted(changed, len(says), now),
            *records,
            *(outbox.queued(each, customer, voice.shop, now) for each in says),
        )
    )


def _changed(
    customer: Customer, wish: consent.Wish, received: TextReceived
) -> tuple[Customer, tuple[Record, ...]]:
    """As of when they wrote: a later word of theirs counts, whichever is worked on first."""
    if wish == "help":
        return customer, ()
    source: consent.Source = "provider" if received.provider_consent else "keyword"
    evidence = consent.Proof(source, received.text, received.channel, received.id)
    changed, entry = consent.change(customer, wish, evidence, received.received_at)
    return changed, (entry,)


# --- alerts -------------------------------------------------------------------------------------------


def _took(
    matters: tuple[Escalation, ...],
    customer: Customer,
    received: TextReceived,
    voice: Voice,
    now: datetime,
) -> Decision:
    """One of the shop's people has answered an alert: it is theirs, or they are told whose it is."""
    after, text = taking.taken(matters, customer, voice, now)
    reply = outbox.queued(_say(text, "alert", received), customer, voice.shop, now)
    return Decision((_kept(customer, received), customer, *after, reply))


# --- answers ------------------------------------------------------------------------------------------


def _answered(
    scene: Scene,
    received: TextReceived,
    before: Conversation | None,
    says_first: tuple[str, ...] = (),
) -> Decision:
    if scene.conversation.state == "assigned":
        return _for_the_agent(scene, received)
    if scene.conversation.state == "closed":
        return _thanked(scene, received)
    turn = _with_people(scene, _turn(scene, received, before))
    silent = scene.customer.opted_out or _too_many(scene.customer, scene.house.voice, scene.now)
    greeting = _greeting(scene) if before is None or before.id != turn.conversation.id else ()
    says = "" if silent else "\n".join(_spaced((*says_first, *greeting, *turn.says)))
    valid = waiting.promise_valid(turn.conversation, scene.now) if turn.promises else REPLY_VALID
    decision = _talked(_counting(scene, turn), received, turn.conversation, says, valid)
    return _with_code(decision, turn, received, scene)


def _talked(
    scene: Scene,
    received: TextReceived,
    talk: Conversation,
    says: str,
    valid: timedelta = REPLY_VALID,
) -> Decision:
    customer = replace(scene.customer, conversation=talk)
    texts = (_say(says, "conversational", received, valid),) if says else ()
    return Decision(
        (
            _kept(customer, received),
            _counted(customer, len(texts), scene.now),
            *(outbox.queued(each, customer, scene.house.voice.shop, scene.now) for each in texts),
        )
    )


def _spaced(says: tuple[str, ...]) -> list[str]:
    """Sentences go into one line, up to one that has lines of its own."""
    lines: list[str] = []
    for each in says:
        if lines and "\n" not in lines[-1] + each:
            lines[-1] = f"{lines[-1]} {each}"
        else:
            lines.append(each)
    return lines


def _continued(
    before: Conversation | None, received: TextReceived, house: House, now: datetime
) -> Conversation:
    """The one conversation there is, the last one reopened, or a new one."""
    if before and before.is_open and not _rested(before, now):
        return talks.heard(before, now)
    window = timedelta(hours=house.voice.shop.service.reopen_hours)
    if before and before.agent and before.closed_at and now - before.closed_at < window:
        is_word = _courtesy(received, house.voice) in {"thanks", "yes"}
        return talks.noted(before, now) if is_word else talks.reopened(before, now)
    opened = derived_id("conversation", received.customer, received.channel, received.id)
    return Conversation(opened, opened_at=now, state="scripted", last_text_at=now)


def _rested(talk: Conversation, now: datetime) -> bool:
    """A conversation with the script alone that has rested is over."""
    return talk.state == "scripted" and talk.has_rested(now)


def _for_the_agent(scene: Scene, received: TextReceived) -> Decision:
    """Stored, and nothing said: one speaker at a time. Thanks wait for no answer."""
    if _courtesy(received, scene.voice) == "thanks":
        return _talked(scene, received, scene.conversation, "")
    until = scene.house.calendar.add(scene.now, talks.LEASE)
    talk = talks.waits_for_agent(scene.conversation, scene.now, until)
    return _talked(scene, received, talk, "")


def _thanked(scene: Scene, received: TextReceived) -> Decision:
    silent = scene.customer.opted_out or _too_many(scene.customer, scene.voice, scene.now)
    return _talked(scene, received, scene.conversation, "" if silent else scene.say("welcome"))


def _courtesy(received: TextReceived, voice: Voice) -> str | None:
    """What the text asks, or says with a sign alone."""
    if received.media:
        return None
    return voice.topic(fold(received.text)) or sign(received.text)


def _turn(scene: Scene, received: TextReceived, before: Conversation | None) -> Turn:
    """What the script makes of it. A reopened conversation goes back to the people it was with."""
    talk = scene.conversation
    if before and not before.is_open and before.id == talk.id:
        return Turn(talk, wants="person")
    word = _nothing_to_read(received)
    if word:
        said = scene.house.voice.say(word, scene.speech)
        return Turn(talks.answered(talk), (said,), "person")
    return script.hear(scene, received.text)


def _nothing_to_read(received: TextReceived) -> str | None:
    if received.media and not received.text.strip():
        return "picture"
    return None if received.text.strip(" \n\t\ufffd") else "unreadable"


def _with_people(scene: Scene, turn: Turn) -> Turn:
    """The turn with what it wants of people done: handed over and promised, or closed."""
    silenced = turn.wants == "more" and _too_many(scene.customer, scene.house.voice, scene.now)
    if turn.wants == "person" or silenced or scene.customer.opted_out:
        return _handed_over(scene, replace(turn, lost="limit" if silenced else turn.lost))
    if turn.wants == "end" and turn.conversation.state == "scripted":
        return replace(turn, conversation=talks.closed(turn.conversation, scene.now))
    return turn


def _handed_over(scene: Scene, turn: Turn) -> Turn:
    """Who waits already keeps the promise they have, and hears now and then that it was noted."""
    talk = talks.handed_over(turn.conversation, turn.team, scene.now)
    if scene.conversation.state == "scripted":
        talk = replace(talk, lost=turn.lost)
    if talk.promised_at is None:
        talk = waiting.promised(scene, talk)
        says = (*turn.says, *waiting.promise(scene, talk, thanks=not turn.says))
        return Turn(replace(talk, acknowledged_at=scene.now), says, promises=True)
    if not turn.says and not turn.insists and _acknowledged_lately(talk, scene.now):
        return Turn(talk)
    noted = turn.says or (scene.house.voice.say("added", scene.speech),)
    kept, talk = waiting.promise_kept(scene, talk), replace(talk, acknowledged_at=scene.now)
    return Turn(talk, (*noted, *kept), promises=bool(kept))


def _acknowledged_lately(talk: Conversation, now: datetime) -> bool:
    return now - (talk.acknowledged_at or talk.opened_at) < ACKNOWLEDGED_EVERY


def _greeting(scene: Scene) -> tuple[str, ...]:
    first = (scene.customer.name or "").partition(" ")[0]
    return (scene.house.voice.say("hello", scene.speech, name=first),) if first else ()


# --- how it was --------------------------------------------------------------------------------------


def _rated(
    scene: Scene, answer: Answer, received: TextReceived, matters: tuple[Escalation, ...]
) -> Decision:
    """An answer to a survey, which may be for a person too, and says more of what they are alerted
    of."""
    before = scene.customer.conversation
    known = replace(scene, customer=replace(scene.customer, survey=answer.survey))
    if answer.goes_on or before is None:
        decision = _answered(_going_on(known), received, before, answer.says)
    else:
        silent = known.customer.opted_out or _too_many(known.customer, known.voice, known.now)
        says = "" if silent else " ".join(answer.says)
        decision = _talked(known, received, talks.noted(before, known.now), says)
    told = answering.told_why(answer, matters, received.text)
    return replace(decision, records=(*decision.records, *answer.records, *told))


def _going_on(scene: Scene) -> Scene:
    """What was to be asked of a conversation is not, where it goes on."""
    if not scene.conversation.is_open:
        return scene
    survey = surveys.goes_on(scene.customer.survey, scene.conversation.id)
    return replace(scene, customer=replace(scene.customer, survey=survey))


# --- orders of others ---------------------------------------------------------------------------------


def seeks(known: Situation, event: Event, house: House, now: datetime) -> str | None:
    """The number of an order that the customer's own do not tell of and that this text turns on, to be
    loaded as `sought` before it is decided upon. Nearly always there is none."""
    if isinstance(event, ConversationDue) or not _may_seek(known.customer, event):
        return None
    customer = _heard(known.customer, event, house.voice)
    scene = _scene(known, customer, event, house, now)
    if customer.opted_out or scene.conversation.state in {"assigned", "closed"}:
        return None
    return _turn(scene, event, customer.conversation).seeks


def _may_seek(customer: Customer | None, received: TextReceived) -> bool:
    talk = customer.conversation if customer else None
    return bool(talk and talk.proof) or order_number(received.text) is not None


def _counting(scene: Scene, turn: Turn) -> Scene:
    if not turn.asks_code:
        return scene
    return replace(scene, customer=proof.counted(scene.customer, scene.now))


def _with_code(decision: Decision, turn: Turn, received: TextReceived, scene: Scene) -> Decision:
    if turn.code is None:
        return decision
    cause = f"code/{received.channel}/{received.id}"
    texts = proof.texts(turn.code, cause, scene.house.voice, scene.now)
    return replace(decision, records=(*decision.records, *texts))


# --- what the clock brings up -------------------------------------------------------------------------


def _looked_at(known: Situation, house: House, now: datetime) -> Decision:
    """A customer whose agent has fallen silent goes back to the queue; a promise that is about to be
    missed, whoever is to keep it, is owned up to; one who was snoozed is back in their agent's sight."""
    customer = known.customer
    talk = customer.conversation if customer else None
    if not customer or not talk or talk.check_at is None or talk.check_at > now:
        return NOTHING
    scene = Scene(customer, talk, known.orders, known.ahead, house, now)
    if talk.snoozed_until and talk.snoozed_until <= now:
        return Decision((replace(customer, conversation=talks.woken(talk)),))
    if talk.lease and talk.lease <= now:
        return waiting.back_in_queue(scene, talks.given_back(talk))
    return waiting.owned_up(scene) if talk.warn_at and talk.warn_at <= now else NOTHING


# --- how much is said ---------------------------------------------------------------------------------


def _too_many(customer: Customer, voice: Voice, now: datetime) -> bool:
    """Two machines that answer each other must come to rest."""
    recent = customer.automatic_since and now - customer.automatic_since < _AN_HOUR
    return bool(recent) and customer.automatic >= voice.shop.limits.automatic_replies_per_hour


def _counted(customer: Customer, says: int, now: datetime) -> Customer:
    if not says:
        return customer
    since = customer.automatic_since
    if since is None or now - since >= _AN_HOUR:
        return replace(customer, automatic=says, automatic_since=now)
    return replace(customer, automatic=customer.automatic + says)


def _kept(customer: Customer, received: TextReceived) -> Inbound:
    conversation = customer.conversation
    return Inbound(
        id=received.stored_as,
        shop=received.shop,
        customer=received.customer,
        conversation=conversation.id if conversation else None,
        channel=received.channel,
        address=received.address,
        line=received.line,
        text=received.text,
        at=received.received_at,
        provider_id=received.id,
        media=received.media,
    )


def _say(
    text: str,
    message_class: MessageClass,
    received: TextReceived,
    valid: timedelta = REPLY_VALID,
) -> outbox.Say:
    return outbox.Say(text, message_class, f"reply/{received.channel}/{received.id}", valid)
