"""Who is there to answer, and when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kesher import calendars
from kesher.domain import service
from kesher.domain.duty import Duty, duty, is_here
from kesher.domain.shop import Agent, OpeningHours, Service, Shop, Team, Weekday
from tests.builders import KESHET

MINUTE = timedelta(minutes=1)
MONDAY_NINE = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def weekdays(hours: str) -> dict[Weekday, list[str]]:
    return {day: [hours] for day in ("sunday", "monday", "tuesday", "wednesday", "thursday")}


DANA = Agent("dana", "דנה", "שירות", teams=["care"], languages=["he", "en"])
AMIR = Agent("amir", "امیر", "شیرینی", teams=["care"], languages=["fa"])
YAEL = Agent("yael", "יעל", "החזרות", teams=["returns"])
MORNINGS = replace(DANA, id="noa", hours=weekdays("09:00-13:00"))
EVENINGS = replace(DANA, id="tal", hours=weekdays("16:00-22:00"))


def shop(*agents: Agent) -> Shop:
    return replace(
        KESHET,
        agents=list(agents),
        teams=[Team("care", "Care"), Team("returns", "Returns"), Team("gifts", "Gifts")],
        calendar=OpeningHours(hours=weekdays("09:00-18:00")),
        service=Service(answer_minutes=10),
    )


def there(shop: Shop, team: str | None = "care", language: str = "he") -> Duty:
    return duty(shop, calendars.calendar(shop), team, language)


@pytest.mark.parametrize(
    ("team", "language", "people"),
    [
        (None, "he", 2),  # Dana and Yael
        ("care", "he", 1),
        ("care", "fa", 1),
        ("care", "ru", 2),  # nobody in the team knows it: the team
        ("returns", "fa", 1),
        ("gifts", "he", 2),  # nobody is in the team: everybody who knows it
    ],
)
def test_those_of_the_team_who_know_the_language_are_there(
    team: str | None, language: str, people: int
) -> None:
    assert there(shop(DANA, AMIR, YAEL), team, language).people(MONDAY_NINE) == people


def test_a_shop_that_names_nobody_has_somebody() -> None:
    assert there(shop()).people(MONDAY_NINE) == 1


def test_a_queue_is_shared_among_those_who_are_there() -> None:
    twins = shop(DANA, replace(DANA, id="shir"))
    waits = [promised(twins, MONDAY_NINE, ahead) - MONDAY_NINE for ahead in range(5)]

    assert waits == [minutes * MINUTE for minutes in (10, 10, 20, 20, 30)]


def test_nothing_is_promised_for_hours_in_which_nobody_is_there() -> None:
    two = shop(MORNINGS, EVENINGS)
    noon = MONDAY_NINE + timedelta(hours=4)  # 13:00: the one has gone, the other comes at 16:00
    evening = MONDAY_NINE + timedelta(hours=9)  # 18:00: the shop closes

    assert promised(two, noon) == MONDAY_NINE + timedelta(hours=7, minutes=10)
    assert promised(two, evening) == MONDAY_NINE + timedelta(days=1, minutes=10)


def test_the_shop_s_hours_hold_where_one_of_them_names_none() -> None:
    noon = MONDAY_NINE + timedelta(hours=4)

    assert promised(shop(MORNINGS, DANA), noon) == noon + 10 * MINUTE


@pytest.mark.parametrize(
    ("person", "after", "here"),
    [
        (DANA, timedelta(0), True),
        (DANA, timedelta(hours=9), False),  # at six the shop closes
        (MORNINGS, timedelta(hours=3, minutes=59), True),
        (MORNINGS, timedelta(hours=4), False),
        (EVENINGS, timedelta(hours=10), False),  # there, and the shop is closed
    ],
)
def test_who_is_at_work_is_so_by_their_hours_and_the_shop_s(
    person: Agent, after: timedelta, here: bool
) -> None:
    assert is_here(person, calendars.calendar(shop(person)), MONDAY_NINE + after) is here


def promised(shop: Shop, now: datetime, ahead: int = 0) -> datetime:
    return service.promise(shop.service, there(shop), ahead, now)
