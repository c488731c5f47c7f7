"""A shop's budget of SMS parts: taken at the claim, given back where nothing left."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesher.domain import outbox
from kesher.domain.message import Outbound
from kesher.domain.outbox import (
    Accepted,
    CannotTell,
    FindResult,
    NoAnswer,
    NotAccepted,
    NotFound,
    Refused,
    Say,
    SendResult,
)
from kesher.domain.shop import Limits, Shop
from kesher.domain.spending import LOOK_AGAIN, MOST_PURSES, Purse, Spend, purse
from tests.builders import KESHET, NOW, customer, only, records

LONG = "x" * 161
"""Two parts."""


def shop(budget: int | None) -> Shop:
    return replace(KESHET, limits=Limits(parts_per_day=budget))


def text(**fields: object) -> Outbound:
    say = Say(LONG, "informational", "cause", valid=timedelta(hours=12))
    queued = outbox.queued(say, customer(), KESHET, NOW)
    return replace(queued, version=1, **fields)  # type: ignore[arg-type]


def claimed(taken: int, holds: int = 10) -> outbox.Claim:
    budget = (Purse("2026-11-22/0", holds), taken)
    return outbox.claim((text(), customer()), KESHET, owner="s", now=NOW, budget=budget)


def test_a_shop_without_a_budget_has_no_purse() -> None:
    assert purse(shop(None), customer().id, NOW) is None


@given(st.integers(0, 100_000))
def test_the_purses_of_a_day_hold_the_budget_and_no_more(budget: int) -> None:
    found = {purse(shop(budget), f"{n:08x}", NOW) for n in range(MOST_PURSES)}

    assert budget == sum(each.holds for each in found if each)
    assert len(found) <= MOST_PURSES


@given(st.uuids(version=5))
def test_a_customers_texts_come_out_of_one_purse_whichever_text_it_is(id: object) -> None:
    customer = str(id).replace("-", "")

    assert purse(shop(9000), customer, NOW) == purse(shop(9000), f"{customer}-0123456789", NOW)


def test_a_small_budget_is_one_purse_and_a_large_one_is_spread() -> None:
    small = {purse(shop(999), f"{n:08x}", NOW) for n in range(64)}
    large = {purse(shop(50_000), f"{n:08x}", NOW) for n in range(64)}

    assert (len(small), len(large)) == (1, MOST_PURSES)


def test_a_day_begins_at_midnight_where_the_shop_is() -> None:
    before = purse(shop(5), customer().id, datetime(2026, 11, 22, 21, 59, tzinfo=UTC))
    after = purse(shop(5), customer().id, datetime(2026, 11, 22, 22, 0, tzinfo=UTC))

    assert (before, after) == (Purse("2026-11-22/0", 5), Purse("2026-11-23/0", 5))


def test_a_claim_takes_its_parts_in_the_same_write() -> None:
    claim = claimed(taken=8)

    assert only(Spend, claim.decision) == Spend("keshet", "2026-11-22/0", 2, NOW, holds=10)
    assert only(Outbound, claim.decision).paid_from == "2026-11-22/0"
    ((taken, whose),) = claim.calls
    assert (taken.owner, whose) == ("s", customer())


@pytest.mark.parametrize("holds", [0, 1, 9])
def test_a_text_over_the_budget_waits_and_is_told_of(holds: int) -> None:
    claim = claimed(taken=max(holds - 1, 0), holds=holds)
    waiting = only(Outbound, claim.decision)

    assert waiting.error == "over the budget"
    assert (claim.calls, claim.held) == ((), ("OverBudget",))
    assert (waiting.status, waiting.due_at) == ("queued", NOW + LOOK_AGAIN)
    assert records(Spend, claim.decision) == []


def test_a_text_over_the_budget_expires_when_it_is_no_longer_true() -> None:
    late = text(due_at=NOW, error="over the budget")
    budget = (Purse("2026-11-22/0", 0), 0)
    claim = outbox.claim(
        (late, customer()), KESHET, owner="s", now=NOW + timedelta(hours=13), budget=budget
    )

    assert only(Outbound, claim.decision).status == "expired"


@pytest.mark.parametrize(
    ("status", "result", "back"),
    [
        ("claimed", NotAccepted("throttled"), True),
        ("claimed", Refused("21211"), True),
        ("unknown", NotFound(), True),
        ("claimed", NoAnswer("it broke"), False),
        ("unknown", NoAnswer("it is down"), False),
        ("unknown", CannotTell("HTTP 403"), False),
        ("claimed", Accepted("SM1"), False),
    ],
)
def test_only_what_certainly_did_not_leave_is_given_back(
    status: str, result: SendResult | FindResult, back: bool
) -> None:
    paid = text(status=status, attempt=1, doubts=1, paid_from="2026-11-22/0", claimed_at=NOW)
    decision = outbox.record((paid, customer()), result, attempt=1, now=NOW)

    assert records(Spend, decision) == ([Spend("keshet", "2026-11-22/0", -2, NOW)] if back else [])
    assert only(Outbound, decision).paid_from == (None if back else "2026-11-22/0")


def test_what_was_never_paid_for_is_not_given_back() -> None:
    free = text(status="claimed", attempt=1)
    decision = outbox.record((free, customer()), NotAccepted("x"), attempt=1, now=NOW)

    assert records(Spend, decision) == []
