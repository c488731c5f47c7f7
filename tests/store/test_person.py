"""Everything of one customer, handed out and erased."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kesher import store
from kesher.domain import consent, converse, erasure, notice, outbox
from kesher.domain.agreed import Agreed, Author, Link, kept
from kesher.domain.consent import Proof
from kesher.domain.conversation import Conversation, Ended
from kesher.domain.customer import STOPPABLE
from kesher.domain.decision import Decision, Record
from kesher.domain.erasure import ERASED
from kesher.domain.message import Inbound, Media, Outbound
from kesher.domain.note import Note
from kesher.domain.notice import Situation
from kesher.domain.order import EventSeen, OrderEvent, Shipment
from kesher.domain.outbox import Accepted, Say
from kesher.domain.shop import Agent
from kesher.errors import LostRace
from kesher.store import Person
from tests.builders import (
    HOUSE,
    KESHET,
    LINE,
    NOA,
    NOW,
    SHIRIN,
    VOICE,
    customer,
    event,
    order,
    received,
    records,
    told,
)
from tests.store.engines import Table

OUR_ID = customer().id
NAME, WORDS, TRACKING = "נועה-קנרית", "my canary sings at night", "RR123456785IL"
CANARIES = (NOA, NOA[4:], NAME, json.dumps(NAME)[1:-1], "canary", "קנרית", TRACKING)
TOKEN = erasure.token("a key", "keshet", NOA)


def keep(*records: Record) -> None:
    store.commit(Decision(records), KESHET)


def outbound(cause: str, **fields: Any) -> Outbound:
    say = Say(f"{NAME}: {WORDS}", "informational", cause, valid=timedelta(hours=1))
    return replace(outbox.queued(say, customer(), KESHET, NOW), **fields)


def heard(id: str = "t1") -> Inbound:
    picture = Media(f"https://api.example/{NOA}/canary.jpg", "image/jpeg")
    sent = received(WORDS)
    return Inbound(
        id, "keshet", OUR_ID, "c1", "twilio", NOA, LINE, WORDS, NOW, sent.id, media=(picture,)
    )


def remark(id: str = "n1") -> Note:
    return Note(id, "keshet", OUR_ID, "c1", f"{NAME}: {WORDS}", NOW, "dana")


def a_life(*, stopped: bool = True) -> None:
    """A customer with two orders who wrote, was told, and had enough of it."""
    noa = customer(name=NAME, language="he", channel="twilio", line=LINE)
    parcel = (Shipment("p1", "דואר ישראל", TRACKING, f"https://post.example/{TRACKING}"),)
    listed = {"customer": OUR_ID, "address": NOA, "name": NAME, "language": "he"}
    keep(noa)
    keep(heard(), outbound("waiting"), outbound("told", status="delivered", due_at=None))
    keep(remark())
    keep(Ended("keshet", OUR_ID, Conversation("c0", NOW, "closed", NOW, closed_by="dana"), NOW))
    keep(order("shipped", id="1", listed_at=NOW, shipments=parcel, **listed))
    keep(order("confirmed", id="2", listed_at=NOW + timedelta(days=1), **listed))
    keep(EventSeen("keshet", "shopify", "1", "e1", NOW))
    if stopped:
        keep(*consent.change(profile(), "opt-out", Proof("keyword", "הסר", "twilio", "SM1"), NOW))


def profile() -> Any:
    return store.load_buyer("keshet", OUR_ID, ())[0]


def erase() -> Person:
    return store.erase(KESHET, OUR_ID, TOKEN)


def everything(table: Table) -> str:
    return json.dumps(table.rows(), ensure_ascii=False)


def decided(said: OrderEvent) -> Decision:
    found = store.load_order(said.shop, said.platform, said.order)
    texts = notice.overtaken(found, said)
    buyer, overtaken = store.load_buyer(said.shop, notice.buyer(found, said), texts)
    return notice.decide(Situation(found, buyer, overtaken), said, VOICE, NOW)


def test_a_person_is_everything_in_one_request(table: Table) -> None:
    a_life()
    table.operations.clear()

    person = store.load_person("keshet", OUR_ID)

    assert table.operations == ["Query"]
    assert person.profile
    assert (person.profile.name, person.profile.stopped) == (NAME, STOPPABLE)
    assert [each.evidence for each in person.consent] == ["הסר"]
    assert person.messages[0].text == WORDS
    assert [each.conversation.id for each in person.conversations] == ["c0"]
    assert person.notes == (remark(),)
    assert (len(person.messages), [each.id for each in person.orders]) == (3, ["1", "2"])


def test_nobody_is_nothing(table: Table) -> None:
    assert not store.load_person("keshet", OUR_ID).is_known
    assert not erase().is_known
    assert table.rows() == []


def test_after_an_erasure_no_row_of_the_table_knows_the_customer(table: Table) -> None:
    a_life()
    before = everything(table)
    assert all(canary in before for canary in (NOA, NAME, WORDS, TRACKING))

    erase()

    after = everything(table)
    assert [canary for canary in CANARIES if canary in after] == []


def test_counts_ids_times_classes_and_consent_stay(table: Table) -> None:
    a_life()
    before, keys = store.load_person("keshet", OUR_ID), [(r["pk"], r["sk"]) for r in table.rows()]

    after = erase()

    assert [(row["pk"], row["sk"]) for row in table.rows()] == keys
    assert after.consent == before.consent
    assert [(m.id, m.at) for m in after.messages] == [(m.id, m.at) for m in before.messages]
    assert {each.text for each in after.messages} == {ERASED}
    assert {each.address for each in after.messages} == {TOKEN}
    assert after.notes == (replace(remark(), text=ERASED),)
    told = [each for each in after.messages if isinstance(each, Outbound)]
    assert {(each.message_class, each.status) for each in told} == {
        ("informational", "delivered"),
        ("informational", "suppressed"),
    }
    assert after.profile
    assert (after.profile.address, after.profile.stopped) == (TOKEN, STOPPABLE)
    assert [(each.number, each.status, each.happened) for each in after.orders] == [
        (each.number, each.status, each.happened) for each in before.orders
    ]


def test_a_summary_is_handed_out_and_erased_whole_with_its_page(table: Table) -> None:
    a_life()
    before = table.rows()
    link = Link("https://keshet.example", "k3-kesher-summary_tokA")
    told = Author(Agent("dana", "Dana", "care"), VOICE)
    summary = kept(Agreed(f"{NAME}: {WORDS}", link), told, customer(language="he"), NOW)
    keep(summary)

    assert store.load_person("keshet", OUR_ID).summaries == (summary,)
    assert store.load_summary(summary.digest) == summary
    assert link.token not in everything(table)
    assert erase().summaries == ()
    assert store.load_summary(summary.digest) is None
    assert len(table.rows()) == len(before)
    assert "canary" not in everything(table)


def test_an_erased_text_expires_when_it_would_have(table: Table) -> None:
    a_life()
    before = [table.row(each)["expires_at"] for each in ("message#t1", "note#n1")]
    erase()
    assert [table.row(each)["expires_at"] for each in ("message#t1", "note#n1")] == before


def test_an_erasure_done_again_writes_nothing(table: Table) -> None:
    a_life()
    erase()
    before = table.rows()
    table.operations.clear()

    erase()

    assert table.rows() == before
    assert {"PutItem", "TransactWriteItems", "DeleteItem"}.isdisjoint(table.operations)


def test_an_erasure_leaves_everybody_else_alone(table: Table) -> None:
    shirin = customer(SHIRIN, name="Shirin")
    sold_on = order(id="3", customer=shirin.id, address=SHIRIN, name="Shirin", listed_at=NOW)
    keep(shirin, sold_on)
    a_life()
    before = store.load_customer("keshet", shirin.id)

    erase()

    assert store.load_customer("keshet", shirin.id) == before


def test_a_text_that_waits_to_leave_never_does(table: Table) -> None:
    a_life(stopped=False)
    erase()

    assert outbox.claim(
        store.load_outbound("keshet", outbound("waiting").id), KESHET, owner="me", now=NOW
    ) == outbox.Claim(Decision())
    assert list(store.due(NOW + timedelta(days=1))) == []


def test_while_a_text_is_leaving_nobody_is_erased(table: Table) -> None:
    a_life()
    text = outbound("waiting")
    keep(replace(text, status="claimed", attempt=1, version=1))
    before = table.rows()

    with pytest.raises(LostRace):
        erase()
    assert table.rows() == before

    loaded = store.load_outbound("keshet", text.id)
    store.commit(outbox.record(loaded, Accepted("SM77"), attempt=1, now=NOW), KESHET)
    erase()
    assert "canary" not in everything(table)


def test_a_stop_outlives_the_erasure(table: Table) -> None:
    """A later order of the same number, however it comes in, is told to nobody."""
    a_life()
    erase()

    told_again = decided(event(59, told("confirmed"), order="9", name="Noa"))
    store.commit(told_again, KESHET)

    (text,) = records(Outbound, told_again)
    assert text.address == NOA
    claimed = outbox.claim(store.load_outbound("keshet", text.id), KESHET, owner="me", now=NOW)
    assert claimed.calls == ()
    assert [each.status for each in records(Outbound, claimed.decision)] == ["suppressed"]


def test_an_erased_order_goes_on_and_tells_nobody(table: Table) -> None:
    a_life(stopped=False)
    erase()

    store.commit(decided(event(59, told("delivered", "p1"), order="1", address=None)), KESHET)

    found = store.load_order("keshet", "shopify", "1")
    assert found
    assert (found.status, found.address) == ("delivered", None)
    assert "canary" not in everything(table)


def test_who_writes_again_is_known_by_their_number_again(table: Table) -> None:
    a_life()
    erase()
    text = received("START", minute=5)
    known, orders = store.load_customer("keshet", text.customer)

    decision = converse.decide(converse.Situation(known, orders), text, HOUSE, NOW)
    store.commit(decision, KESHET)

    assert [each.address for each in records(Outbound, decision)] == [NOA]
    assert (profile().address, profile().stopped) == (NOA, frozenset())


def test_whose_an_erased_ledger_is_can_be_proved_with_the_key_only() -> None:
    assert erasure.token("a key", "keshet", NOA) == TOKEN
    others = {("another key", "keshet", NOA), ("a key", "demo", NOA), ("a key", "keshet", SHIRIN)}
    assert TOKEN not in {erasure.token(*each) for each in others}
    assert not TOKEN.startswith("+")
