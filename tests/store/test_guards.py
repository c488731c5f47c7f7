"""Every guard of `store/commit.py`: what may be written, on what condition, and that it is all or
nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from kesher import store
from kesher.domain import consent, notice, outbox
from kesher.domain.consent import Proof
from kesher.domain.conversation import Conversation, Ended
from kesher.domain.customer import STOPPABLE, Customer, MessageClass
from kesher.domain.decision import NOTHING, Decision, MayReceive, Record
from kesher.domain.message import Inbound, Outbound
from kesher.domain.notice import Situation
from kesher.domain.order import EventSeen, OrderEvent, Unlisted
from kesher.domain.outbox import Accepted, NotAccepted, Say
from kesher.domain.spending import Purse, Spend
from kesher.errors import LostRace
from kesher.store.table import connection
from tests.builders import (
    KESHET,
    LINE,
    NOA,
    NOW,
    SHIRIN,
    VOICE,
    customer,
    event,
    order,
    records,
    told,
)
from tests.store.engines import Table

OUR_ID = customer().id


def keep(*records: Record, provided: tuple[MayReceive, ...] = ()) -> None:
    store.commit(Decision(records, provided), KESHET)


def inbound(id: str = "t1", text: str = "?") -> Inbound:
    return Inbound(id, "keshet", OUR_ID, None, "twilio", NOA, LINE, text, NOW, f"SM-{id}")


def outbound(cause: str = "r1") -> Outbound:
    say = Say(cause, "informational", cause, valid=timedelta(hours=1))
    return outbox.queued(say, customer(), KESHET, NOW)


def seen(id: str = "e1") -> EventSeen:
    return EventSeen("keshet", "shopify", "7001", id, NOW)


def may_receive(what: MessageClass = "informational") -> tuple[MayReceive, ...]:
    return (MayReceive("keshet", OUR_ID, what),)


def profile() -> Customer:
    found = store.load_buyer("keshet", OUR_ID, ())[0]
    assert found
    return found


def load(text: Outbound) -> outbox.Claimed:
    found = store.load_outbound("keshet", text.id)
    assert found
    return found


# --- what a day may cost ------------------------------------------------------------------------------


def spend(parts: int, holds: int | None = 10) -> Spend:
    return Spend("keshet", "2026-11-22/0", parts, NOW, holds)


def taken() -> int:
    purse = Purse("2026-11-22/0", 10)
    return (store.load_claimable("keshet", outbound().id, purse)[1] or (purse, 0))[1]


def test_parts_are_taken_up_to_what_a_purse_holds_and_not_beyond(table: Table) -> None:
    keep(customer(), spend(7))
    keep(outbound("r2"), spend(3))
    with pytest.raises(LostRace):
        keep(outbound("r3"), spend(1))

    assert taken() == 10
    assert store.load_outbound("keshet", outbound("r3").id) is None


def test_parts_that_are_given_back_can_be_taken_again(table: Table) -> None:
    keep(customer(), spend(10))
    keep(outbound("r2"), spend(-4, holds=None))
    keep(outbound("r3"), spend(4))

    assert taken() == 10


def test_an_unwritten_purse_is_full(table: Table) -> None:
    keep(customer(), outbound())

    assert taken() == 0


# --- one request, and which ---------------------------------------------------------------------------


def test_one_record_is_one_put_and_several_are_one_transaction(table: Table) -> None:
    keep(customer())
    keep(inbound(), outbound())
    keep(replace(outbound(), version=1), provided=may_receive())
    store.commit(NOTHING, KESHET)

    assert table.operations == ["PutItem", "TransactWriteItems", "TransactWriteItems"]


def test_an_order_with_its_copy_is_a_transaction(table: Table) -> None:
    keep(order(id="1"))
    keep(order(id="2", customer=OUR_ID, listed_at=NOW))

    assert table.operations == ["PutItem", "TransactWriteItems"]


# --- once ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "marker",
    [
        inbound(),
        seen(),
        consent.change(customer(), "opt-out", Proof("keyword", "STOP", "twilio", "SM1"), NOW)[1],
    ],
    ids=lambda each: type(each).__name__,
)
@pytest.mark.parametrize("beside", [(), (customer(name="changed", version=7),)])
def test_what_was_seen_before_is_done_and_changes_nothing(
    table: Table, marker: Record, beside: tuple[Record, ...]
) -> None:
    keep(marker)
    before = table.rows()

    keep(marker, *beside)

    assert table.rows() == before


def test_a_second_text_of_one_id_does_not_replace_the_first(table: Table) -> None:
    keep(inbound(text="the first"))
    keep(inbound(text="the second"))

    assert [each.text for each in store.history("keshet", OUR_ID)] == ["the first"]


def test_where_a_new_row_is_there_already_the_race_is_lost(table: Table) -> None:
    for new in (customer(), order(), outbound()):
        keep(new)
        before = table.rows()
        with pytest.raises(LostRace):
            keep(new)
        assert table.rows() == before


# --- versions -----------------------------------------------------------------------------------------


def test_each_write_of_a_record_is_one_version_on(table: Table) -> None:
    for version in range(3):
        keep(
            customer(version=version), replace(outbound(), version=version), order(version=version)
        )

    for sk in ("head#profile", f"message#{outbound().id}", "order"):
        assert table.row(sk)["version"] == {"N": "3"}
    found = store.load_order("keshet", "shopify", "7001")
    assert found
    assert (profile().version, load(outbound())[0].version, found.version) == (3, 3, 3)


@pytest.mark.parametrize("beside", [(), (inbound(),)], ids=["alone", "in a transaction"])
@pytest.mark.parametrize(
    "stale",
    [
        customer(name="stale", version=1),
        order(name="stale", version=1),
        replace(outbound(), status="accepted", version=1),
        customer(name="from the future", version=3),
    ],
    ids=lambda each: f"{type(each).__name__} {each.version}",
)
def test_a_stale_record_is_a_lost_race_that_changes_nothing_at_all(
    table: Table, stale: Record, beside: tuple[Record, ...]
) -> None:
    for version in (0, 1):
        keep(customer(version=version), order(version=version))
        keep(replace(outbound(), version=version))
    before = table.rows()

    with pytest.raises(LostRace):
        keep(*beside, stale)

    assert table.rows() == before


@pytest.mark.parametrize("gone", [customer(version=1), order(version=1)])
def test_a_record_that_was_deleted_meanwhile_is_a_lost_race(table: Table, gone: Record) -> None:
    with pytest.raises(LostRace):
        keep(gone)
    assert table.rows() == []


def test_of_eight_writes_the_last_one_stale_none_is_made(table: Table) -> None:
    keep(customer())
    keep(customer(version=1))
    before = table.rows()
    many: list[Record] = [*(inbound(f"t{n}") for n in range(4)), seen(), outbound(), order()]

    with pytest.raises(LostRace):
        keep(*many, customer(name="stale", version=1))

    assert table.rows() == before


def test_a_closed_conversation_is_written_over_but_not_beside_a_stale_customer(
    table: Table,
) -> None:
    def closed(by: str, version: int) -> tuple[Record, Record]:
        talk = Conversation("c1", NOW, "closed", NOW, closed_by=by)
        noa = replace(customer(conversation=talk), version=version)
        return noa, Ended("keshet", OUR_ID, talk, NOW)

    keep(*closed("dana", version=0))
    keep(*closed("shirin", version=1))
    with pytest.raises(LostRace):
        keep(*closed("amir", version=1))

    opened = store.load_opened("keshet", OUR_ID)
    assert opened is not None
    (kept,) = opened.ended
    assert kept.conversation.closed_by == "shirin"


def test_a_listed_order_is_written_twice_or_not_at_all(table: Table) -> None:
    listed = order(customer=OUR_ID, listed_at=NOW, version=5)

    with pytest.raises(LostRace):
        keep(listed)
    assert table.rows() == []

    keep(replace(listed, version=0))
    assert len(table.rows()) == 2


# --- consent ------------------------------------------------------------------------------------------


def test_a_customer_without_a_set_of_stops_may_receive(table: Table) -> None:
    keep(customer(), outbound())
    assert "stopped" not in table.row("head#profile")

    keep(replace(outbound(), status="claimed", version=1), provided=may_receive())

    assert load(outbound())[0].status == "claimed"


def test_a_customer_who_stopped_another_class_may_receive_this_one(table: Table) -> None:
    keep(customer(stopped=frozenset({"promotional", "survey"})), outbound())
    assert set(table.row("head#profile")["stopped"]["SS"]) == {"promotional", "survey"}

    keep(replace(outbound(), status="claimed", version=1), provided=may_receive())
    with pytest.raises(LostRace):
        keep(replace(outbound(), version=2), provided=may_receive("survey"))

    assert load(outbound())[0].status == "claimed"


def test_a_claim_against_a_stop_is_a_lost_race_that_changes_nothing(table: Table) -> None:
    keep(customer(stopped=STOPPABLE), outbound())
    before = table.rows()

    with pytest.raises(LostRace):
        keep(replace(outbound(), status="claimed", version=1), provided=may_receive())

    assert table.rows() == before


def test_a_stop_between_load_and_claim_suppresses_the_text(table: Table) -> None:
    keep(customer(), outbound())
    loaded = load(outbound())
    stopped, entry = consent.change(
        loaded[1], "opt-out", Proof("keyword", "STOP", "twilio", "SM1"), NOW
    )
    keep(stopped, entry)

    with pytest.raises(LostRace):
        store.commit(outbox.claim(loaded, KESHET, owner="me", now=NOW).decision, KESHET)
    store.commit(outbox.claim(load(outbound()), KESHET, owner="me", now=NOW).decision, KESHET)

    assert load(outbound())[0].status == "suppressed"


def test_a_start_takes_the_set_away_again(table: Table) -> None:
    keep(customer(stopped=STOPPABLE))
    keep(replace(profile(), stopped=frozenset()))

    assert "stopped" not in table.row("head#profile")


# --- what an order leaves -----------------------------------------------------------------------------


def corrected(minute: int = 9) -> OrderEvent:
    return event(minute, address=SHIRIN)


def decided(said: OrderEvent) -> Decision:
    found = store.load_order(said.shop, said.platform, said.order)
    texts = notice.overtaken(found, said)
    buyer, overtaken = store.load_buyer(said.shop, notice.buyer(found, said), texts)
    return notice.decide(Situation(found, buyer, overtaken), said, VOICE, NOW)


def lists() -> tuple[list[str], list[str]]:
    both = (store.load_customer("keshet", customer(each).id)[1] for each in (NOA, SHIRIN))
    noas, shirins = ([each.id for each in orders] for orders in both)
    return noas, shirins


def test_a_corrected_phone_takes_the_order_out_of_the_old_list(table: Table) -> None:
    store.commit(decided(event(1, told("confirmed"))), KESHET)
    assert lists() == (["7001"], [])

    store.commit(decided(corrected()), KESHET)

    assert lists() == ([], ["7001"])


def test_taking_out_what_is_not_there_is_no_error(table: Table) -> None:
    keep(Unlisted("keshet", OUR_ID, "shopify", "7001", NOW))
    assert table.rows() == []

    keep(seen(), Unlisted("keshet", OUR_ID, "shopify", "7001", NOW))

    assert [row["sk"]["S"].split("#")[0] for row in table.rows()] == ["event"]


def test_a_repeated_correction_is_done_before(table: Table) -> None:
    store.commit(decided(event(1, told("confirmed"))), KESHET)
    twice = decided(corrected())
    assert records(Unlisted, twice)
    store.commit(twice, KESHET)
    before = table.rows()

    store.commit(twice, KESHET)

    assert table.rows() == before


def test_a_correction_that_lost_its_race_leaves_the_old_list_as_it_is(table: Table) -> None:
    store.commit(decided(event(1, told("confirmed"))), KESHET)
    late = decided(corrected())
    store.commit(decided(event(2, told("shipped", "p1"))), KESHET)
    before = table.rows()

    with pytest.raises(LostRace):
        store.commit(late, KESHET)

    assert table.rows() == before
    assert lists() == (["7001"], [])


def test_two_events_of_one_piece_of_news_are_both_absorbed(table: Table) -> None:
    """Of two decisions made on the same copy, the second has lost; it has not been done before."""
    store.commit(decided(event(1, told("confirmed"))), KESHET)
    first = decided(event(2, told("shipped", "p1")))
    second = decided(event(3, told("shipped", "p1"), name="נועה"))
    store.commit(first, KESHET)

    with pytest.raises(LostRace):
        store.commit(second, KESHET)
    store.commit(decided(event(3, told("shipped", "p1"), name="נועה")), KESHET)

    found = store.load_order("keshet", "shopify", "7001")
    assert found
    assert found.name == "נועה"
    assert len(store.history("keshet", OUR_ID)) == 2


# --- tries --------------------------------------------------------------------------------------------


def losing(times: int) -> tuple[Callable[[], str], list[int]]:
    tries: list[int] = []

    @store.retried
    def room() -> str:
        tries.append(len(tries))
        if len(tries) <= times:
            raise LostRace
        return "done"

    return room, tries


def test_a_room_that_loses_is_run_again_and_the_third_loss_is_told() -> None:
    room, tries = losing(2)
    assert (room(), len(tries)) == ("done", 3)

    room, tries = losing(3)
    with pytest.raises(LostRace):
        room()
    assert len(tries) == 3


def test_an_answer_is_recorded_on_what_the_text_has_become_since(table: Table) -> None:
    keep(customer(), replace(outbound(), status="claimed", attempt=1))
    loaded = load(outbound())
    keep(replace(loaded[0], status="delivered", due_at=None))

    store.settle(
        loaded,
        lambda each: outbox.record(each, Accepted("SM77"), attempt=1, now=NOW),
        lambda: store.load_outbound("keshet", outbound().id),
        KESHET,
    )

    assert (load(outbound())[0].status, load(outbound())[0].provider_id) == ("delivered", "SM77")


def test_a_settlement_that_keeps_losing_says_so(table: Table) -> None:
    keep(customer(), replace(outbound(), status="claimed", attempt=1))
    stale = load(outbound())
    keep(replace(stale[0], owner="another"))
    reloads: list[int] = []

    def reload() -> outbox.Claimed:
        reloads.append(1)
        return stale

    with pytest.raises(LostRace):
        store.settle(
            stale,
            lambda each: outbox.record(each, NotAccepted("throttled"), attempt=1, now=NOW),
            reload,
            KESHET,
        )
    assert len(reloads) == 2


# --- what DynamoDB says no with -----------------------------------------------------------------------


def says_no(code: str, reason: str | None = None) -> None:
    """The next write, of two rows where it has a reason for each, is refused with this error."""

    def refuse(model: object, **_: object) -> None:
        answer = {"Error": {"Code": code, "Message": "no"}}
        each = {"Code": reason, "Message": "no"}
        reasons = {"CancellationReasons": [each, each]} if reason else {}
        raise ClientError({**answer, **reasons}, "a write")  # type: ignore[typeddict-item]

    connection().client.meta.events.register("before-call.dynamodb", refuse)


def test_a_write_that_meets_a_transaction_has_lost_a_race(table: Table) -> None:
    says_no("TransactionConflictException")
    with pytest.raises(LostRace):
        keep(customer())


def test_a_transaction_that_meets_another_has_lost_a_race(table: Table) -> None:
    says_no("TransactionCanceledException", "TransactionConflict")
    with pytest.raises(LostRace):
        keep(customer(), inbound())


@pytest.mark.parametrize("records", [(customer(),), (customer(), inbound())])
def test_any_other_refusal_is_no_race(table: Table, records: tuple[Record, ...]) -> None:
    says_no("ProvisionedThroughputExceededException", "ThrottlingError")
    with pytest.raises(store.Failed):
        keep(*records)
