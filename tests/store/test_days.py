"""What was measured in a day: counted in the transaction that it happened in, and found again."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from kesher import store
from kesher.domain.decision import Decision
from kesher.domain.figures import Counted, Fact, Figure, bucket
from kesher.errors import LostRace
from tests.builders import KESHET, NOW, customer
from tests.store.engines import Table

MINUTE = timedelta(minutes=1)
DAY = date(2026, 11, 22)


def fact(figure: Figure, minutes: int, at: datetime = NOW, **fields: Any) -> Fact:
    noa = customer()
    known = Fact(
        shop=noa.shop,
        customer=noa.id,
        conversation="c1",
        figure=figure,
        since=at - minutes * MINUTE,
        at=at,
        day=DAY.isoformat(),
        open_seconds=minutes * 30,
        in_target=True,
        agent="dana",
        team="care",
    )
    return replace(known, **fields)


def keep(*facts: Fact) -> None:
    for each in facts:
        store.commit(Decision((each, *each.counted)), KESHET)


def counted(*alike: Any) -> Counted:
    return Counted("keshet", DAY.isoformat(), *alike)


def test_facts_are_counted_on_both_scales_and_listed_by_day_and_figure(table: Table) -> None:
    one, two = fact("next response", 4), fact("next response", 4, NOW + MINUTE)
    other = fact("unanswered", 9, in_target=False, team=None)
    keep(two, one, other)

    assert [*store.facts("keshet", DAY, "next response")] == [one, two]
    assert {*store.counts("keshet", DAY)} == {
        counted("next response", "dana", "care", "wall", True, bucket(240), 2),
        counted("next response", "dana", "care", "open", True, bucket(120), 2),
        counted("unanswered", "dana", None, "wall", False, bucket(540), 1),
        counted("unanswered", "dana", None, "open", False, bucket(270), 1),
    }


def test_another_day_and_another_shop_have_facts_of_their_own(table: Table) -> None:
    keep(fact("next response", 4))

    assert [*store.counts("keshet", DAY + timedelta(days=1))] == []
    assert [*store.counts("kikar", DAY)] == []
    assert [*store.facts("kikar", DAY, "next response")] == []


def test_what_lost_its_race_is_not_counted(table: Table) -> None:
    noa = customer(conversation=None)
    store.commit(Decision((noa,)), KESHET)
    late = fact("first response", 4)
    with pytest.raises(LostRace):
        store.commit(Decision((noa, late, *late.counted)), KESHET)

    assert [*store.counts("keshet", DAY)] == []
    assert [*store.facts("keshet", DAY, "first response")] == []
