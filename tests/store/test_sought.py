"""An order is found by the number its buyer knows, and its codes are counted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kesher import store
from kesher.domain import notice, proof
from kesher.domain.conversation import Conversation, Proof
from kesher.domain.decision import Decision
from kesher.domain.order import OrderEvent
from kesher.domain.proof import CodeText, Sought
from kesher.errors import LostRace
from tests.builders import KESHET, NOA, NOW, SHIRIN, VOICE, customer, event, told, voice
from tests.store.engines import Table

pytestmark = pytest.mark.usefixtures("table")


def moves(said: OrderEvent) -> None:
    order = store.load_order(said.shop, said.platform, said.order)
    buyer, _ = store.load_buyer(said.shop, notice.buyer(order, said), ())
    known = notice.Situation(order, buyer)
    store.commit(notice.decide(known, said, voice(shop=said.shop), NOW), KESHET)


def found(number: str | None = "1042", shop: str = "keshet") -> Sought | None:
    return store.load_sought(replace(KESHET, shop=shop), number, NOW)


def keys() -> list[str]:
    found_by = ("1042", "1043", "7001")
    return [number for number in found_by if found(number)]


def texted() -> None:
    sought = found()
    assert sought
    outgoing, spend = proof.texts(CodeText(sought, "048213"), f"code/{NOW}", VOICE, NOW)
    store.commit(Decision((replace(outgoing, id=f"{outgoing.id}{sought.texted}"), spend)), KESHET)


def test_an_order_is_found_with_its_buyer_by_its_number() -> None:
    moves(event(0, told("confirmed"), name="Noa"))

    sought = found()
    assert sought
    assert (sought.order.number, sought.buyer.id, sought.texted) == ("#1042", customer().id, 0)
    assert sought.is_reachable
    assert found("١٠٤٢") == sought


@pytest.mark.parametrize("number", [None, "1043", "7001", "104", ""])
def test_nothing_else_is_found(number: str | None) -> None:
    moves(event(0, told("confirmed")))

    assert found(number or None) is None


def test_one_shop_does_not_find_the_orders_of_another() -> None:
    moves(event(0, told("confirmed"), shop="kikar"))

    assert found() is None
    assert found(shop="kikar") is not None


def test_of_two_platforms_orders_of_one_number_the_newest_is_found() -> None:
    moves(event(0, told("confirmed"), placed_at=NOW))
    older = NOW - timedelta(days=1)
    moves(event(1, told("confirmed"), platform="generic", placed_at=older, address=SHIRIN))
    sought = found()
    assert sought
    assert sought.order.platform == "shopify"

    newer = NOW + timedelta(minutes=1)
    moves(event(2, told("confirmed"), platform="generic", order="9", placed_at=newer))
    sought = found()
    assert sought
    assert (sought.order.platform, sought.order.id) == ("generic", "9")


def test_a_changed_number_is_found_and_the_old_one_is_not() -> None:
    moves(event(0, told("confirmed"), number=None))
    assert keys() == ["7001"]

    moves(event(1))
    assert keys() == ["1042"]

    moves(event(2, number="#1043"))
    assert keys() == ["1043"]


def test_a_corrected_phone_is_found_with_its_new_buyer() -> None:
    moves(event(0, told("confirmed")))
    moves(event(1, address=SHIRIN))

    sought = found()
    assert sought
    assert (sought.buyer.address, sought.is_reachable) == (SHIRIN, True)


def test_a_pointer_without_its_order_or_its_buyer_finds_nothing(table: Table) -> None:
    moves(event(0, told("confirmed")))
    for sk in ("order", "head#profile"):
        row = table.row(sk)
        table.client.delete_item(TableName=table.name, Key={"pk": row["pk"], "sk": row["sk"]})
        assert found() is None
        table.client.put_item(TableName=table.name, Item=row)
        assert found() is not None


def test_an_orders_fourth_code_of_a_day_is_a_lost_race_that_texts_nobody() -> None:
    moves(event(0, told("confirmed")))
    before = len(store.history("keshet", customer().id))
    for already in range(3):
        sought = found()
        assert sought
        assert (sought.texted, sought.is_reachable) == (already, True)
        texted()
    sought = found()
    assert sought
    assert (sought.texted, sought.is_reachable) == (3, False)

    with pytest.raises(LostRace):
        texted()
    assert len(store.history("keshet", customer().id)) == before + 3


def test_the_next_day_an_order_has_codes_again() -> None:
    moves(event(0, told("confirmed")))
    texted()

    tomorrow = store.load_sought(KESHET, "1042", NOW + timedelta(days=1))
    assert tomorrow
    assert tomorrow.texted == 0


def test_an_erased_buyer_can_be_texted_no_code() -> None:
    """The pointer stays, as the order does: ids and the order's number."""
    moves(event(0, told("confirmed"), name="Noa"))
    store.erase(KESHET, customer().id, "erased:1")

    sought = found()
    assert sought
    assert not sought.is_reachable
    assert NOA not in str(sought)


def test_a_conversation_that_waits_for_a_code_comes_back_as_it_was_kept() -> None:
    for digest, tries in ((None, 0), ("ab" * 16, 2)):
        waits = Proof("1042", NOW + timedelta(minutes=10), digest, tries)
        talk = Conversation("c1", NOW, "scripted", NOW, step="a code", asked=1, proof=waits)
        who = customer(f"+97250000000{tries}", conversation=talk, sought=1, sought_since=NOW)
        store.commit(Decision((who,)), KESHET)

        assert store.load_customer("keshet", who.id)[0] == replace(who, version=1)
