from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesher.domain.order import (
    MOST_SHIPMENTS,
    Money,
    NoticeKind,
    Order,
    OrderEvent,
    Shipment,
    absorb,
    worth_telling,
)
from tests.builders import NOA, NOW, event, life, order, told

LIFE = life()
A_DAY = timedelta(hours=24)
KINDS: tuple[NoticeKind, ...] = ("confirmed", "shipped", "delivered", "cancelled", "refunded")


def after(events: tuple[OrderEvent, ...] | list[OrderEvent], first: Order | None = None) -> Order:
    known = reduce(lambda known, each: absorb(known, each)[0], events, first)
    assert known is not None
    return known


def facts(known: Order) -> Order:
    """All that is known, whichever parcel was heard of first."""
    return replace(known, shipments=tuple(sorted(known.shipments, key=lambda each: each.id)))


@given(st.permutations(LIFE), st.lists(st.sampled_from(LIFE)))
@settings(deadline=None, max_examples=300)
def test_events_in_any_order_and_number_end_in_the_same_facts(
    shuffled: list[OrderEvent], again: list[OrderEvent]
) -> None:
    assert facts(after(LIFE)) == facts(after(again + shuffled))
    assert facts(after(LIFE)) == facts(after(shuffled + again))


@given(st.lists(st.sampled_from(LIFE), min_size=1), st.data())
@settings(deadline=None, max_examples=200)
def test_what_has_happened_is_never_forgotten(
    events: list[OrderEvent], data: st.DataObject
) -> None:
    known = after(events)
    more, _ = absorb(known, data.draw(st.sampled_from(LIFE)))

    assert known.happened <= more.happened
    assert {each.id for each in known.shipments} <= {each.id for each in more.shipments}
    assert known.facts_at <= more.facts_at


@given(st.lists(st.sampled_from(LIFE), min_size=1))
@settings(deadline=None, max_examples=200)
def test_an_event_is_news_once(events: list[OrderEvent]) -> None:
    known, fresh = None, []
    for each in events:
        known, new = absorb(known, each)
        fresh += [news.key for news in new]

    assert sorted(fresh) == sorted({news.key for each in events for news in each.news})


@pytest.mark.parametrize(
    "shuffled", [*permutations((0, 1, 2))], ids=lambda way: "".join(map(str, way))
)
def test_a_corrected_tracking_number_wins_however_late_the_wrong_one_comes(
    shuffled: tuple[int, ...],
) -> None:
    events = (
        event(1, shipments=(Shipment("p1", tracking="RR111111111IL"),)),
        event(2, shipments=(Shipment("p1", tracking="RR222222222IL"),)),
        event(3, told("delivered", "p1")),
    )
    known = after([events[each] for each in shuffled])

    assert Shipment("p1", tracking="RR222222222IL") == known.shipment("p1")


@pytest.mark.parametrize(
    "shuffled", [*permutations((0, 1, 2))], ids=lambda way: "".join(map(str, way))
)
def test_a_corrected_phone_wins_however_late_the_wrong_one_comes(shuffled: tuple[int, ...]) -> None:
    events = (
        event(1, address="+972501111111"),
        event(2, address=NOA),
        event(3, told("shipped", "p1"), address=None),
    )

    assert after([events[each] for each in shuffled]).address == NOA


def test_an_event_adds_to_what_is_known_and_never_takes_away() -> None:
    first = event(1, name="נועה", language="he", total=Money(Decimal("249.90"), "ILS"))
    later = event(2, number=None, address=None)
    known = after([first, later])

    assert ("#1042", NOA, "נועה", "he", first.total) == (
        known.number,
        known.address,
        known.name,
        known.language,
        known.total,
    )


def test_older_facts_fill_only_what_is_missing() -> None:
    newer = event(5, number="#1042", name=None)
    older = event(1, number="#1041", name="נועה")
    known = after([newer, older])

    assert ("#1042", "נועה", newer.at) == (known.number, known.name, known.facts_at)


@pytest.mark.parametrize(
    ("happened", "status"),
    [
        ((), "confirmed"),
        (("confirmed",), "confirmed"),
        (("confirmed", "shipped"), "shipped"),
        (("shipped", "confirmed"), "shipped"),
        (("delivered", "shipped", "confirmed"), "delivered"),
        (("delivered", "cancelled"), "cancelled"),
        (("cancelled", "confirmed"), "cancelled"),
        (("cancelled", "refunded"), "cancelled"),
        (("confirmed", "refunded"), "refunded"),
        (("refunded", "shipped"), "shipped"),
    ],
)
def test_the_status_is_the_furthest_the_order_came(
    happened: tuple[NoticeKind, ...], status: NoticeKind
) -> None:
    known = after([event(n, told(kind)) for n, kind in enumerate(happened)] or [event(0)])

    assert status == known.status


TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 11, day) for day in (24, 25, 26))


@pytest.mark.parametrize(
    "shuffled", [*permutations((0, 1, 2, 3))], ids=lambda way: "".join(map(str, way))
)
def test_the_newest_word_says_when_a_parcel_is_expected(shuffled: tuple[int, ...]) -> None:
    events = (
        event(1, told("shipped", "p1")),
        event(2, shipments=(Shipment("p1", expected_on=TUESDAY),)),
        event(3, shipments=(Shipment("p1", expected_on=WEDNESDAY),)),
        event(4, shipments=(Shipment("p1", tracking="RR111111111IL"),)),
    )

    assert after([events[each] for each in shuffled]).awaited_on == WEDNESDAY


@pytest.mark.parametrize(
    ("happened", "awaited"),
    [
        ((), THURSDAY),
        (("confirmed",), THURSDAY),
        (("confirmed", "shipped"), TUESDAY),
        (("confirmed", "shipped", "refunded"), TUESDAY),
        (("confirmed", "shipped", "delivered"), None),
        (("shipped", "cancelled"), None),
        (("refunded",), None),
    ],
)
def test_an_order_is_expected_until_it_came_or_was_called_off(
    happened: tuple[NoticeKind, ...], awaited: date | None
) -> None:
    parcels = (Shipment("p1", expected_on=TUESDAY),)
    said = event(0, expected_on=THURSDAY, shipments=parcels)

    assert after([said, *(event(1, told(kind, "p1")) for kind in happened)]).awaited_on == awaited


@pytest.mark.parametrize(
    ("parcels", "awaited"),
    [
        ((Shipment("p1", expected_on=TUESDAY), Shipment("p2", expected_on=WEDNESDAY)), WEDNESDAY),
        ((Shipment("p1", tracking="RR1", expected_on=TUESDAY), Shipment("p2")), TUESDAY),
        ((Shipment("p1", expected_on=TUESDAY), Shipment("p2", tracking="RR2")), THURSDAY),
        ((Shipment("p1"),), THURSDAY),
        ((), THURSDAY),
    ],
)
def test_of_several_parcels_the_one_that_is_told_of_says_when(
    parcels: tuple[Shipment, ...], awaited: date
) -> None:
    assert order("shipped", shipments=parcels, expected_on=THURSDAY).awaited_on == awaited


def test_a_shipment_nobody_spoke_of_has_only_its_id() -> None:
    assert Shipment("p9") == order().shipment("p9")


@pytest.mark.parametrize(
    ("kind", "subject", "happened", "worth"),
    [
        ("confirmed", "", (), True),
        ("confirmed", "", ("shipped:p1",), False),
        ("confirmed", "", ("delivered:p1",), False),
        ("confirmed", "", ("cancelled",), False),
        ("confirmed", "", ("refunded:r1",), False),
        ("shipped", "p1", ("confirmed",), True),
        ("shipped", "p1", ("delivered:p1",), False),
        ("shipped", "p1", ("delivered:p2",), True),
        ("shipped", "p1", ("cancelled",), False),
        ("shipped", "", ("delivered:p1",), True),
        ("delivered", "p1", ("shipped:p1", "shipped:p2"), True),
        ("delivered", "p1", ("cancelled",), False),
        ("cancelled", "", ("confirmed", "shipped:p1", "delivered:p1"), True),
        ("refunded", "r1", ("cancelled", "refunded:r0"), True),
    ],
)
def test_news_that_was_overtaken_is_not_told(
    kind: NoticeKind, subject: str, happened: tuple[str, ...], worth: bool
) -> None:
    news = told(kind, subject)
    known = replace(order(), happened=frozenset(happened) | {news.key})

    assert ((news,) if worth else ()) == worth_telling(known, (news,), NOW, A_DAY)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("at", "worth"),
    [
        (NOW, True),
        (NOW - A_DAY, True),
        (NOW - A_DAY - timedelta(seconds=1), False),
        (NOW - timedelta(days=400), False),
        (NOW + timedelta(minutes=5), True),
    ],
)
def test_late_news_is_not_told(kind: NoticeKind, at: datetime, worth: bool) -> None:
    news = told(kind, "x", at=at)

    assert ((news,) if worth else ()) == worth_telling(order(), (news,), NOW, A_DAY)


def test_an_order_of_thousands_of_parcels_keeps_the_first_and_their_newest_facts() -> None:
    parcels = tuple(Shipment(f"p{n}", carrier="Cheetah") for n in range(5000))
    known = after([event(0, shipments=parcels), event(1, shipments=parcels[::-1])])
    assert [each.id for each in known.shipments] == [f"p{n}" for n in range(MOST_SHIPMENTS)]
    assert len(known.dated) < 2 * MOST_SHIPMENTS
    moved = after([event(2, shipments=(Shipment("p0", carrier="Post"),))], known)
    assert moved.shipment("p0").carrier == "Post"
