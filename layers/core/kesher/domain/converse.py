"""A customer's text comes in and is answered: by the words of consent, by the script, or by the
honest word that a person will. Every text is kept, whatever it says."""

from dataclasses import replace
from datetime import datetime, timedelta

from kesher.domain import consent, language, outbox, text
from kesher.domain.conversation import Conversation
from kesher.domain.customer import Customer, MessageClass, derived_id
from kesher.domain.decision import Decision, Record
from kesher.domain.message import Inbound, TextReceived
from kesher.domain.order import Order, Shipment
from kesher.domain.voice import Voice

SHOWN_ORDERS = 3
REPLY_VALID = timedelta(hours=1)
_AN_HOUR = timedelta(hours=1)


def decide(
    customer: Customer | None,
    orders: tuple[Order, ...],
    received: TextReceived,
    voice: Voice,
    now: datetime,
) -> Decision:
    """`orders` are the customer's own, newest first."""
    known = _heard(customer, received, voice)
    wish = received.provider_consent or consent.wish(known, received.text)
    if wish and consent.overtaken(known, wish, received.received_at):
        return Decision((_kept(known, received), known))
    if wish:
        return _consented(known, wish, received, voice, now)
    return _answered(known, orders, received, voice, now)


def _heard(customer: Customer | None, received: TextReceived, voice: Voice) -> Customer:
    """The customer with what this text tells of them: where they write from, in which language. One
    who was erased has their address again."""
    known = customer or Customer(received.customer, received.shop, received.address)
    heard = language.heard(received.text, known.language)
    return replace(
        known,
        address=received.address,
        channel=received.channel,
        line=received.line,
        name=known.name or received.name,
        language=heard if heard in voice.shop.languages else known.language,
    )


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
    proof = consent.Proof(source, received.text, received.channel, received.id)
    changed, entry = consent.change(customer, wish, proof, received.received_at)
    return changed, (entry,)


def _answered(
    customer: Customer,
    orders: tuple[Order, ...],
    received: TextReceived,
    voice: Voice,
    now: datetime,
) -> Decision:
    talking = replace(customer, conversation=_continued(customer.conversation, received, now))
    speech = voice.language(customer.language)
    answer = _scripted(received, orders, voice, speech)
    if answer is None:
        answer = _acknowledgement(talking, received, voice, speech)
        talking = _handed_over(talking, now)
    silent = talking.opted_out or _too_many(talking, voice, now)
    if silent:
        talking = _handed_over(talking, now)
    says = () if silent else (_say(answer, "conversational", received),)
    return Decision(
        (
            _kept(talking, received),
            _counted(talking, len(says), now),
            *(outbox.queued(each, talking, voice.shop, now) for each in says),
        )
    )


def _scripted(
    received: TextReceived,
    orders: tuple[Order, ...],
    voice: Voice,
    speech: str,
) -> str | None:
    topic = voice.topic(text.fold(received.text))
    if topic == "order":
        return orders_told(orders, voice, speech) if orders else None
    question = voice.shop.bot.questions.get(topic or "")
    answers = question.answer if question else voice.shop.bot.answers.get(topic or "", {})
    return answers.get(speech) or answers.get(voice.shop.languages[0])


def orders_told(orders: tuple[Order, ...], voice: Voice, speech: str) -> str:
    """One line an order, the newest first, and the newest parcel's link at the end."""
    shown = orders[:SHOWN_ORDERS]
    lines = [voice.say("orders", speech)]
    lines += [_order_line(order, voice, speech) for order in shown]
    links = [parcel.url for order in shown for parcel in _on_their_way(order) if parcel.url]
    return "\n".join([*lines, *links[:1]])


def _order_line(order: Order, voice: Voice, speech: str) -> str:
    number = order.number or order.id
    for parcel in _on_their_way(order):
        if parcel.tracking:
            tracking = f"{parcel.carrier or ''} {parcel.tracking}".strip()
            return voice.say("order_tracked", speech, order=number, tracking=tracking)
    return voice.say(f"order_{order.status}", speech, order=number)


def _on_their_way(order: Order) -> tuple[Shipment, ...]:
    """The parcels of an order that is under way, the newest first."""
    return order.shipments[::-1] if order.status == "shipped" else ()


def _acknowledgement(customer: Customer, received: TextReceived, voice: Voice, speech: str) -> str:
    """Says what was understood of the text, which is little, and that a person will answer."""
    waiting = customer.conversation is not None and customer.conversation.waiting_since is not None
    word = "added" if waiting else "handed_over"
    if received.media and not received.text.strip():
        word = "picture"
    elif not received.text.strip(" \n\t\ufffd"):
        word = "unreadable"
    elif voice.topic(text.fold(received.text)) == "order":
        word = "no_orders"
    return voice.say(word, speech)


def _continued(
    conversation: Conversation | None, received: TextReceived, now: datetime
) -> Conversation:
    if conversation is None:
        opened = derived_id("conversation", received.customer, received.channel, received.id)
        return Conversation(opened, opened_at=now, state="scripted", last_text_at=now)
    return replace(conversation, last_text_at=now)


def _handed_over(customer: Customer, now: datetime) -> Customer:
    conversation = customer.conversation
    if conversation is None or conversation.waiting_since:
        return customer
    waiting = replace(conversation, state="waiting", waiting_since=now)
    return replace(customer, conversation=waiting)


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


def _say(text: str, message_class: MessageClass, received: TextReceived) -> outbox.Say:
    return outbox.Say(text, message_class, f"reply/{received.channel}/{received.id}", REPLY_VALID)
