"""What the state machine and its like have found, each as it was found. None may come back."""

from collections.abc import Iterator

import pytest

from tests.reliability.life import CUSTOMERS, Life

NOA = CUSTOMERS[0]


@pytest.fixture
def life() -> Iterator[Life]:
    living = Life()
    yield living
    living.end()


def test_news_told_late_by_its_shop_expires_with_the_news_and_not_with_our_text(life: Life) -> None:
    life.provider_turns("throttles")
    life.order("1003", "confirmed", NOA, hours_old=11)
    life.advance(2 * 3600)
    life.provider_turns("fine")
    life.advance(5 * 3600)
    life.check()
    assert [each["status"] for each in life.witness.texts.values()] == ["expired"]


def test_a_text_nobody_can_read_takes_no_good_text_of_its_customer_with_it(life: Life) -> None:
    life.poison(NOA)
    life.text(NOA, "hello")
    life.advance(3600)
    life.check()
    assert [each["status"] for each in life.witness.texts.values()] == ["delivered"]


def test_an_order_event_nobody_can_read_takes_no_good_event_of_its_order_with_it(
    life: Life,
) -> None:
    life.order("1001", "confirmed", NOA)
    queue = life.world.queues["OrdersQueue"]
    queue.letters[0].body = '{"kind": "order", "version": 99}'
    life.poisons += 1
    life.order("1001", "shipped", NOA)
    life.advance(3600)
    life.check()
    assert [each["status"] for each in life.witness.texts.values()] == ["delivered"]


def test_a_notice_that_was_overtaken_while_its_provider_throttled_is_not_told(life: Life) -> None:
    life.provider_turns("throttles")
    life.order("1001", "confirmed", NOA)
    life.advance(300)
    life.provider_turns("fine")
    life.order("1001", "shipped", NOA)
    life.advance(3600)
    life.check()
    assert sorted(each["status"] for each in life.witness.texts.values()) == [
        "delivered",
        "expired",
    ]
