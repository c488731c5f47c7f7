"""What whoever leads sees: who waits, how long it takes, how it was rated, and what is behind it."""

from datetime import timedelta

import pytest

from kesher.domain.customer import customer_id
from local.machine import Machine
from tests.desk.caller import NOA, Caller, said, signed_in

MINUTE = timedelta(minutes=1)
DANIEL, SHIRA, GALI = "+972523456789", "+989123456789", "+972541111111"


@pytest.fixture
def dana(machine: Machine) -> Caller:
    return signed_in(machine)


@pytest.fixture
def shirin(machine: Machine) -> Caller:
    """A lead."""
    return signed_in(machine, "shirin")


def asks(machine: Machine, phone: str = NOA, text: str = "אפשר נציג?") -> str:
    """The customer's place at the desk."""
    machine.text(phone, text)
    machine.world.run()
    return f"/conversations/{customer_id('demo', phone, '')}"


def by_name(figures: list[dict[str, object]]) -> dict[object, dict[str, object]]:
    return {each["figure"]: each for each in figures}


def test_who_waits_now_and_how_long(machine: Machine, shirin: Caller) -> None:
    asks(machine)
    machine.world.advance(30 * MINUTE)
    asks(machine, DANIEL)
    waiting = said(shirin.get("/figures"))["waiting"]

    assert (waiting["n"], waiting["over_target"], waiting["over_promise"]) == (2, 0, 1)
    assert waiting["oldest_since"] == "2026-11-23T10:00:00Z"


def test_who_waits_over_the_target_counts_as_over_it(machine: Machine, shirin: Caller) -> None:
    """Twelve opening hours from Monday noon: Tuesday at three in the afternoon."""
    asks(machine)
    machine.world.advance(timedelta(hours=27, minutes=1))
    asks(machine, DANIEL)
    figures = said(shirin.get("/figures"))

    assert figures["waiting"]["over_target"] == 1
    assert figures["target"] == {"target_seconds": 43_200, "in_target": 0, "over": 1}


def test_what_was_answered_is_told_in_percentiles_and_by_agent(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    for phone, minutes in ((NOA, 1), (DANIEL, 4)):
        path = asks(machine, phone)
        machine.world.advance(minutes * MINUTE)
        dana.post(f"{path}/reply", {"text": "הנה"})
    figures = said(shirin.get("/figures"))
    first = by_name(figures["figures"])["first response"]
    holds = {each["agent"]: (each["holds"], each["answered"]) for each in figures["agents"]}

    assert (first["n"], first["in_target"]) == (2, 2)
    assert 54 < first["open"]["p50"] < 66  # type: ignore[index]
    assert 216 < first["open"]["p90"] < 264  # type: ignore[index]
    assert figures["target"]["in_target"] == 2
    assert holds == {"dana": (2, 2), "shirin": (0, 0), "amir": (0, 0)}


def test_ratings_are_shown_with_how_many_were_asked(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    path = asks(machine)
    dana.post(f"{path}/close", {"farewell": True})
    machine.world.advance(16 * MINUTE)
    machine.text(NOA, "4")
    machine.world.run()
    figures = said(shirin.get("/figures"))
    (rating,), agents = figures["ratings"], {each["agent"]: each for each in figures["agents"]}
    (listed,) = said(shirin.get("/figures/csat"))["items"]
    invited = {"asked": 1, "delivered": 1, "answered": 1, "response_rate": 1.0}

    assert rating == {
        "scale": "csat",
        "invited": invited,
        "answered": 1,
        "satisfied": 1,
        "low": 0,
        "scores": {"4": 1},
    }
    assert (agents["dana"]["invited"], agents["dana"]["satisfied"]) == (invited, 1)
    assert (agents["amir"]["invited"]["asked"], agents["amir"]["rated"]) == (0, 0)
    assert [each["team"] for each in figures["teams"]] == ["care", "persian", None]
    assert figures["teams"][-1]["invited"] == invited
    assert (listed["customer"], listed["score"], listed["agent"]) == (path.split("/")[2], 4, "dana")


def test_the_share_won_back_is_of_those_of_whom_it_is_known(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    for phone, won_back in ((NOA, "yes"), (DANIEL, "no"), (GALI, "unknown")):
        dana.post(f"{asks(machine, phone)}/close", {"farewell": False})
        machine.world.advance(16 * MINUTE)
        machine.text(phone, "1")
        machine.world.run()
        (matter,) = said(dana.get("/escalations"))["items"]
        shirin.post(f"/escalations/{matter['id']}/close", {"won_back": won_back})
    figures = said(shirin.get("/figures"))
    expected = {"won_back": 1, "lost": 1, "unknown": 1, "share": 0.5}

    assert figures["recovered"] == figures["teams"][-1]["recovered"] == expected
    by_agent = {each["agent"]: each["recovered"] for each in figures["agents"]}
    assert by_agent["shirin"] == expected
    assert by_agent["dana"] == {"won_back": 0, "lost": 0, "unknown": 0, "share": None}


def test_who_still_waits_is_counted_by_what_they_wait_for(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    path = asks(machine)
    asks(machine, DANIEL)
    dana.post(f"{path}/reply", {"text": "הנה"})
    machine.world.advance(5 * MINUTE)
    asks(machine, NOA, "ומתי זה יגיע?")
    machine.world.advance(timedelta(hours=27))
    figures = by_name(said(shirin.get("/figures"))["figures"])

    assert figures["first response"]["still"] == {"n": 1, "over": 1}
    assert figures["next response"]["still"] == {"n": 1, "over": 0}
    assert figures["first resolution"]["still"] == {"n": 2, "over": None}
    assert figures["unanswered"]["still"] is None
    before = by_name(said(shirin.get("/figures", "last=2026-11-23"))["figures"])
    assert before["first response"]["still"] is None


def test_what_took_about_as_long_is_in_one_band(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    for phone, minutes in ((NOA, 2), (DANIEL, 40)):
        path = asks(machine, phone)
        machine.world.advance(minutes * MINUTE)
        dana.post(f"{path}/reply", {"text": "הנה"})
    first = by_name(said(shirin.get("/figures"))["figures"])["first response"]

    assert [each["n"] for each in first["bands"]] == [0, 1, 0, 1, 0, 0, 0]  # type: ignore[attr-defined]
    assert first["bands"][-1] == {"below": None, "n": 0}  # type: ignore[index]


def test_each_day_of_a_span_has_its_own_numbers(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    path = asks(machine)
    dana.post(f"{path}/reply", {"text": "הנה"})
    machine.world.advance(timedelta(days=1))
    dana.post(f"{path}/close", {"farewell": False})
    machine.world.advance(timedelta(days=1))
    days = said(shirin.get("/figures", "days=3"))["days"]

    assert [each["day"] for each in days] == ["2026-11-23", "2026-11-24", "2026-11-25"]
    assert [each["in_target"] for each in days] == [1, 0, 0]
    assert [each["open"]["p50"] for each in days] == [0.0, None, None]


def test_agents_and_teams_are_told_with_who_is_there_and_whom_they_have(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    path = asks(machine, SHIRA, "می‌خواهم با یک نفر صحبت کنم")
    shirin.post(f"{path}/transfer", {"team": "persian"})
    asks(machine)
    dana.post(f"/conversations/{customer_id('demo', NOA, '')}/take", None)
    figures = said(shirin.get("/figures"))
    people = {each["agent"]: each for each in figures["agents"]}
    teams = {each["team"]: (each["holds"], each["waits"]) for each in figures["teams"]}

    assert [each["here"] for each in people.values()] == [True, True, True]
    assert (people["dana"]["holds"], people["dana"]["waits"]) == (1, 1)
    assert teams == {"care": (0, 0), "persian": (0, 1)}
    machine.world.advance(timedelta(hours=7))
    assert {each["here"] for each in said(shirin.get("/figures"))["agents"]} == {False}


def test_what_people_are_alerted_of_is_counted_by_who_has_it(
    machine: Machine, shirin: Caller
) -> None:
    asks(machine, NOA, "You are thieves")
    asks(machine, DANIEL, "You are thieves")
    (first, _) = said(shirin.get("/escalations"))["items"]
    shirin.post(f"/escalations/{first['id']}/take", None)

    assert said(shirin.get("/figures"))["escalations"] == {"open": 1, "nobody": 0, "taken": 1}


def test_days_are_added_up(machine: Machine, dana: Caller, shirin: Caller) -> None:
    for phone in (NOA, DANIEL):
        dana.post(f"{asks(machine, phone)}/reply", {"text": "הנה"})
        machine.world.advance(timedelta(days=1))
    figures = said(shirin.get("/figures", "days=3"))
    yesterday = said(shirin.get("/figures", "last=2026-11-23"))

    assert (figures["first"], figures["last"]) == ("2026-11-23", "2026-11-25")
    assert by_name(figures["figures"])["first response"]["n"] == 2
    assert by_name(yesterday["figures"])["first response"]["n"] == 1


def test_it_is_for_whoever_leads(dana: Caller) -> None:
    assert dana.get("/figures").status == dana.get("/figures/csat").status == 403
