"""Every access pattern of `store/table.py`."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from botocore.client import BaseClient

from kesher import store
from kesher.domain import outbox
from kesher.domain.conversation import Conversation
from kesher.domain.customer import Customer
from kesher.domain.decision import Decision, Record
from kesher.domain.message import (
    Inbound,
    Media,
    Outbound,
    ReceiptReceived,
    Recovered,
    TextReceived,
)
from kesher.domain.order import Money, News, Order, Shipment
from kesher.domain.outbox import Say
from kesher.domain.shop import Shop
from kesher.errors import NotFound
from kesher.store.table import SHARDS, shard
from kesher.wire import OutboxDue
from tests.builders import KESHET, LINE, NOA, NOW, SHIRIN, customer, order, received
from tests.store.engines import Table

pytestmark = pytest.mark.usefixtures("table")

HOUR = timedelta(hours=1)


def keep(*records: Record, shop: Shop = KESHET) -> None:
    store.commit(Decision(records), shop)


def inbound(id: str, at: datetime = NOW, who: Customer | None = None) -> Inbound:
    noa = who or customer()
    return Inbound(id, noa.shop, noa.id, None, "twilio", noa.address, LINE, id, at, f"SM-{id}")


def outbound(cause: str, at: datetime = NOW, who: Customer | None = None) -> Outbound:
    say = Say(cause, "conversational", cause, valid=HOUR)
    return outbox.queued(say, who or customer(), KESHET, at)


def listed(id: str, at: datetime) -> Order:
    return order(id=id, customer=customer().id, address=NOA, listed_at=at)


def test_a_customer_nobody_knows_is_none_and_has_no_orders() -> None:
    assert store.load_customer("keshet", customer().id) == (None, ())
    assert store.load_buyer("keshet", customer().id, ())[0] is None
    assert store.load_buyer("keshet", None, ())[0] is None
    assert store.history("keshet", customer().id) == ()


def test_a_customer_comes_back_as_they_were_kept() -> None:
    talk = Conversation("c1", NOW, "waiting", NOW + HOUR, waiting_since=NOW)
    noa = customer(
        channel="twilio",
        line=LINE,
        name="נועה",
        language="he",
        stopped=frozenset({"promotional"}),
        conversation=talk,
        automatic=3,
        automatic_since=NOW,
    )
    keep(noa)

    assert store.load_customer("keshet", noa.id) == (replace(noa, version=1), ())
    assert store.load_buyer("keshet", noa.id, ())[0] == replace(noa, version=1)


def test_a_customer_comes_with_the_ten_newest_orders_the_newest_first() -> None:
    keep(customer(), inbound("t1"), outbound("r1"))
    for day in (3, 9, 1, 13, 5, 2, 11, 8, 6, 12, 4, 10, 7):
        keep(listed(str(day), NOW + timedelta(days=day)))

    profile, orders = store.load_customer("keshet", customer().id)

    assert profile == customer(version=1)
    assert [each.id for each in orders] == [str(day) for day in range(13, 3, -1)]


def test_orders_are_found_though_the_customer_has_no_profile() -> None:
    keep(listed("1", NOW))

    profile, orders = store.load_customer("keshet", customer().id)

    assert (profile, [each.id for each in orders]) == (None, ["1"])


def test_the_customer_of_a_load_is_a_single_request(table: Table) -> None:
    keep(customer(), listed("1", NOW))
    table.operations.clear()

    store.load_customer("keshet", customer().id)

    assert table.operations == ["Query"]


def test_an_order_comes_back_as_it_was_kept() -> None:
    whole = order(
        "confirmed",
        "shipped",
        address=NOA,
        name="נועה",
        language="he",
        customer=customer().id,
        listed_at=NOW,
        placed_at=NOW - HOUR,
        dated={"address": NOW},
        total=Money(Decimal("249.90"), "ILS"),
        shipments=(Shipment("p1", "דואר ישראל", "RR123456785IL", "https://post.example/RR"),),
        owed=(News("refunded", NOW, "r1", Money(Decimal("25.00"), "ILS")),),
    )
    keep(whole)

    again = store.load_order("keshet", "shopify", "7001")

    assert again == replace(whole, version=1)
    assert again.dated == {"address": NOW}


@pytest.mark.parametrize(
    ("shop", "platform", "id"),
    [("keshet", "shopify", "7002"), ("keshet", "generic", "7001"), ("other", "shopify", "7001")],
)
def test_an_order_of_another_name_is_none(shop: str, platform: str, id: str) -> None:
    keep(order())
    assert store.load_order(shop, platform, id) is None


def test_a_text_is_loaded_with_its_customer_in_one_request(table: Table) -> None:
    keep(customer(), outbound("r1"))
    table.operations.clear()

    loaded = store.load_outbound("keshet", outbound("r1").id)

    assert loaded == (replace(outbound("r1"), version=1), customer(version=1))
    assert table.operations == ["BatchGetItem"]


def test_a_text_that_is_not_there_or_has_no_customer_is_none() -> None:
    keep(outbound("r1"))
    assert store.load_outbound("keshet", outbound("r1").id) is None

    keep(customer())
    assert store.load_outbound("keshet", outbound("r2").id) is None
    assert store.load_outbound("keshet", "nonsense") is None
    assert store.load_outbound("other", outbound("r1").id) is None


def test_a_receipt_finds_its_text_by_our_id_or_among_its_customers_texts() -> None:
    sent = replace(outbound("r1"), status="accepted", provider_id="SM77")
    keep(customer(), sent, outbound("r2"), inbound("t1"))
    named = ReceiptReceived("keshet", "twilio", "delivered", NOW, message=sent.id)
    stray = ReceiptReceived(
        "keshet", "twilio", "delivered", NOW, provider_id="SM77", customer=customer().id
    )

    for each in (named, stray):
        loaded = store.load_reported(each)
        assert loaded
        assert loaded[0] == replace(sent, version=1)
    for nobody in (
        replace(stray, provider_id="SM78"),
        replace(stray, provider_id="SM-t1"),
        replace(stray, customer=customer(SHIRIN).id),
        replace(stray, customer=None),
        replace(named, message="gone"),
    ):
        assert store.load_reported(nobody) is None


def test_a_history_is_the_oldest_first_and_a_question_before_its_answer() -> None:
    texts = (
        outbound("answer"),
        inbound("question"),
        inbound("earlier", NOW - HOUR),
        outbound("later", NOW + HOUR),
    )
    keep(customer(), *texts)

    said = [each.text for each in store.history("keshet", customer().id)]

    assert said == ["earlier", "question", "answer", "later"]


def test_a_picture_comes_back_with_its_address() -> None:
    picture = replace(inbound("t1"), media=(Media("https://api.example/1", "image/jpeg"),))
    keep(picture)
    assert store.history("keshet", customer().id) == (picture,)


def test_a_history_leaves_out_what_has_expired_and_is_still_there(table: Table) -> None:
    long_ago = datetime(2001, 1, 1, tzinfo=UTC)
    keep(inbound("old", long_ago), outbound("old answer", long_ago), inbound("new"))
    keep(outbound("new answer"))

    said = [each.text for each in store.history("keshet", customer().id)]

    assert said == ["new", "new answer"]
    assert len(table.rows()) == 4


def test_texts_expire_when_the_shop_says_so_and_consent_never(table: Table) -> None:
    brief = replace(KESHET, retention=replace(KESHET.retention, messages_days=7))
    keep(customer(), inbound("t1"), outbound("r1"), shop=brief)

    week = str(int((NOW + timedelta(days=7)).timestamp()))

    assert table.row("message#t1")["expires_at"] == {"N": week}
    assert table.row(f"message#{outbound('r1').id}")["expires_at"] == {"N": week}
    assert "expires_at" not in table.row("head#profile")


def test_the_clock_finds_what_is_due_in_every_shard_and_nothing_else() -> None:
    people: dict[str, Customer] = {}
    for number in range(9, 200):
        who = customer(f"+97250234{number:04d}")
        people.setdefault(shard(f"keshet#customer#{who.id}"), who)
    assert len(people) == SHARDS
    texts = [outbound("due", who=who) for who in people.values()]
    for text in texts:
        keep(text, outbound("later", NOW + HOUR, customer(text.address)))
        settled = replace(outbound("settled", who=customer(text.address)), due_at=None)
        keep(settled)

    found = [each for each in store.due(NOW + outbox.LOST_AFTER) if isinstance(each, OutboxDue)]

    assert {each.message for each in found} == {text.id for text in texts}
    assert len(found) == SHARDS
    assert {(each.shop, each.due) for each in found} == {
        ("keshet", (NOW + outbox.LOST_AFTER).isoformat())
    }
    assert list(store.due(NOW)) == []


def test_within_a_shard_the_longest_due_comes_first() -> None:
    for minute in (3, 1, 2):
        keep(outbound(str(minute), NOW + timedelta(minutes=minute)))

    due = [each.due for each in store.due(NOW + HOUR)]

    assert due == sorted(due)
    assert len(due) == 3


def test_a_text_that_is_settled_is_never_due_again() -> None:
    keep(outbound("r1"))
    keep(replace(outbound("r1"), status="accepted", due_at=None, version=1))

    assert list(store.due(NOW + HOUR)) == []


def kept_text(text: TextReceived) -> Inbound:
    return replace(inbound(text.stored_as), channel=text.channel, provider_id=text.id)


def test_a_text_is_missing_that_is_neither_stored_nor_was_recovered() -> None:
    texts = [received(str(minute), minute=minute) for minute in range(5)]
    keep(kept_text(texts[1]))
    keep(Recovered(texts[3].stored_as, "keshet", texts[3].customer, NOW))

    assert store.missing(texts) == (texts[0], texts[2], texts[4])
    assert store.missing([replace(each, shop="other") for each in texts[:2]]) == tuple(
        replace(each, shop="other") for each in texts[:2]
    )
    assert store.missing([replace(texts[1], channel="simulator")]) != ()


def test_a_text_that_is_recovered_again_stays_recovered(table: Table) -> None:
    text = received("hello")
    for hour in range(2):
        keep(Recovered(text.stored_as, "keshet", text.customer, NOW + hour * HOUR))

    assert store.missing([text]) == ()
    year = int((NOW + timedelta(days=400)).timestamp())
    assert table.row(f"recovered#{text.stored_as}")["expires_at"] == {"N": str(year)}
    assert store.history("keshet", text.customer) == ()
    assert not store.load_person("keshet", text.customer).is_known


def test_a_day_of_texts_is_looked_up_by_the_hundred(table: Table) -> None:
    texts = [received("", minute=minute) for minute in range(250)]
    for text in texts[::5]:
        keep(kept_text(text))
    table.operations.clear()

    found = store.missing(texts)

    assert found == tuple(text for n, text in enumerate(texts) if n % 5)
    assert table.operations == ["BatchGetItem"] * (3 + 2)
    table.operations.clear()
    assert store.missing([]) == store.missing(texts[::5]) == ()
    assert table.operations == ["BatchGetItem"]


def test_what_a_busy_table_leaves_for_later_is_asked_again(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [received("", minute=minute) for minute in range(8)]
    for text in texts[:6]:
        keep(kept_text(text))
    call = BaseClient._make_api_call  # type: ignore[attr-defined]

    def busy(client: BaseClient, operation: str, params: dict[str, Any]) -> Any:
        ((name, wanted),) = params["RequestItems"].items()
        first, later = wanted["Keys"][:3], wanted["Keys"][3:]
        answer = call(client, operation, {"RequestItems": {name: {**wanted, "Keys": first}}})
        left = {name: {**wanted, "Keys": later}} if later else {}
        return answer | {"UnprocessedKeys": left}

    monkeypatch.setattr(BaseClient, "_make_api_call", busy)

    assert store.missing(texts) == tuple(texts[6:])


def test_a_shop_comes_back_as_it_was_saved_and_is_kept(table: Table) -> None:
    with pytest.raises(NotFound):
        store.load_shop("keshet")
    store.save_shop(KESHET)
    table.operations.clear()

    first, second = store.load_shop("keshet"), store.load_shop("keshet")

    assert vars(first) == vars(KESHET)
    assert first is second
    assert table.operations == ["GetItem"]


def test_a_shop_that_is_saved_again_is_the_new_one_at_once() -> None:
    store.save_shop(KESHET)
    store.load_shop("keshet")
    store.save_shop(replace(KESHET, name="another name"))
    assert store.load_shop("keshet").name == "another name"


def test_one_shop_does_not_see_the_customers_of_another() -> None:
    keep(customer(), inbound("t1"), listed("1", NOW))
    for shop in ("other", "keshe", "keshet2"):
        assert store.load_customer(shop, customer().id) == (None, ())
        assert store.history(shop, customer().id) == ()


def unsettled(cause: str, minutes: int) -> Outbound:
    message = outbound(cause, NOW + timedelta(minutes=minutes))
    return replace(message, status="unknown", due_at=None, error="no answer")


def test_pages_of_the_unknown_go_on_where_the_last_one_ended() -> None:
    messages = [unsettled(f"text-{n}", n // 2) for n in range(5)]
    keep(*messages)
    keep(outbound("queued"))
    found: list[str] = []
    sizes: list[int] = []
    after: store.Place | None = None
    while after is not None or not sizes:
        page = store.unknown("keshet", 2, after)
        found += [each.id for each in page.texts]
        sizes.append(len(page.texts))
        after = page.rest
    assert sizes == [2, 2, 1]
    assert sorted(found) == sorted(each.id for each in messages)
    whole = store.unknown("keshet")
    assert [each.id for each in whole.texts] == found
    assert [each.at for each in whole.texts] == sorted(each.at for each in messages)
    assert whole.rest is None


def test_a_place_of_another_shops_list_leads_nowhere_else() -> None:
    keep(*(unsettled(f"text-{n}", n) for n in range(3)))
    place = store.unknown("keshet", 1).rest
    assert place is not None
    assert store.unknown("other", 2, place).texts == ()


def test_an_unknown_text_that_has_expired_is_on_no_list() -> None:
    old = replace(unsettled("old", 0), at=datetime(2020, 1, 1, tzinfo=UTC))
    keep(old)
    assert store.unknown("keshet").texts == ()
