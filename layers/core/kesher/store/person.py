"""Everything of one customer: to be handed out, or to be erased."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from pynamodb.exceptions import PutError

from kesher.domain import erasure
from kesher.domain.conversation import Ended
from kesher.domain.customer import ConsentChange, Customer
from kesher.domain.decision import Decision, Record
from kesher.domain.escalation import Escalation
from kesher.domain.figures import Fact
from kesher.domain.message import Inbound, Outbound
from kesher.domain.note import Note
from kesher.domain.order import Order
from kesher.domain.shop import Shop
from kesher.domain.summary import Revoked, Summary
from kesher.domain.survey import Rating
from kesher.errors import LostRace
from kesher.store.commit import commit, retried
from kesher.store.load import load_order, load_outbound, read, read_message, under
from kesher.store.table import Row, customer_key, table


@dataclass(frozen=True)
class Person:
    profile: Customer | None = None
    consent: tuple[ConsentChange, ...] = ()
    messages: tuple[Inbound | Outbound, ...] = ()
    orders: tuple[Order, ...] = ()
    conversations: tuple[Ended, ...] = ()
    facts: tuple[Fact, ...] = ()
    ratings: tuple[Rating, ...] = ()
    notes: tuple[Note, ...] = ()
    summaries: tuple[Summary, ...] = ()
    escalations: tuple[Escalation, ...] = ()

    @property
    def is_known(self) -> bool:
        return self != Person()


def load_person(shop: str, customer: str) -> Person:
    """The whole partition, in one query; texts that have expired and are still there included."""
    rows = list(table().query(customer_key(shop, customer), consistent_read=True))
    profiles = [read(row, Customer) for row in under("head#profile", rows)]
    consent = [read(row, ConsentChange) for row in under("consent#", rows)]
    messages = [read_message(row) for row in under("message#", rows)]
    notes = [read(row, Note) for row in under("note#", rows)]
    summaries = [read(row, Summary) for row in under("summary#", rows)]
    return Person(
        profile=profiles[0] if profiles else None,
        consent=tuple(sorted(consent, key=lambda each: each.at)),
        messages=tuple(sorted(messages, key=lambda each: (each.at, isinstance(each, Outbound)))),
        orders=tuple(read(row, Order) for row in under("head#order#", rows)),
        conversations=tuple(read(row, Ended) for row in under("conversation#", rows)),
        facts=tuple(read(row, Fact) for row in under("fact#", rows)),
        ratings=tuple(read(row, Rating) for row in under("rating#", rows)),
        notes=tuple(sorted(notes, key=lambda each: each.at)),
        summaries=tuple(sorted(summaries, key=lambda each: each.at)),
        escalations=tuple(read(row, Escalation) for row in under("escalation#", rows)),
    )


@retried
def erase(shop: Shop, customer: str, token: str) -> Person:
    """Replaces what the customer said and who they are, record by record; what was erased before is
    left as it is, so it may be done again at any time. Returns what is left. Raises LostRace while a
    text to them is leaving."""
    found = load_person(shop.shop, customer)
    if any(erasure.is_leaving(each) for each in found.messages):
        raise LostRace("a text is leaving")
    for message in found.messages:
        if isinstance(message, Outbound):
            _commit_changed(message, erasure.outbound(message, token), shop)
        else:
            _overwrite(f"message#{message.id}", message, erasure.inbound(message, token))
    for note in found.notes:
        _overwrite(f"note#{note.id}", note, erasure.note(note))
    for each in found.summaries:
        commit(Decision((Revoked(shop.shop, customer, each.digest),)), shop)
    for order in _own(found.orders, customer):
        _commit_changed(order, erasure.order(order), shop)
    for matter in found.escalations:
        _erase_alerts(matter, shop)
        _commit_changed(matter, erasure.escalation(matter), shop)
    if found.profile:
        _commit_changed(found.profile, erasure.customer(found.profile, token), shop)
    return load_person(shop.shop, customer)


def _erase_alerts(matter: Escalation, shop: Shop) -> None:
    """They lie with those whom they went to. One that tells of others too loses all of its words."""
    for each in matter.alerted:
        if loaded := load_outbound(matter.shop, each.message):
            alert, _ = loaded
            if erasure.is_leaving(alert):
                raise LostRace("an alert is leaving")
            _commit_changed(alert, erasure.alert(alert), shop)


def _own(listed: tuple[Order, ...], customer: str) -> Iterator[Order]:
    """The orders themselves, of which the list holds copies; committing one writes its copy too."""
    for copy in listed:
        order = load_order(copy.shop, copy.platform, copy.id)
        if order and order.customer == customer:
            yield order


def _commit_changed(record: Record, erased: Record, shop: Shop) -> None:
    if erased != record:
        commit(Decision((erased,)), shop)


def _overwrite(sk: str, record: Inbound | Note, erased: Inbound | Note) -> None:
    """Nothing else ever changes a text that came in, or a note; it may have expired meanwhile."""
    if erased == record:
        return
    pk = customer_key(record.shop, record.customer)
    try:
        row = table().get(pk, sk, consistent_read=True)
        row.body = msgspec.json.encode(erased).decode()
        row.save(condition=Row.pk.exists())
    except table().DoesNotExist:
        return
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
