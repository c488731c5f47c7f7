"""What whoever leads sees: who waits, how long it takes, how it was rated, and what is behind it."""

from datetime import timedelta

import pytest

from kesher.domain.customer import customer_id
from local.machine import Machine
from tests.desk.caller import NOA, Caller, said, signed_in

MINUTE = timedelta(minutes=1)
DANIEL, GALI = "+972523456789", "+972541111111"


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


def test_each_number_opens_its_conversations(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    path = asks(machine)
    machine.world.advance(5 * MINUTE)
    dana.post(f"{path}/reply", {"text": "הנה"})
    for figure in ("first-response", "hand-over-response"):
        (listed,) = said(shirin.get(f"/figures/{figure}"))["items"]
        assert (listed["customer"], listed["seconds"]) == (path.split("/")[2], 300)
    assert said(shirin.get("/figures/first-response", "agent=amir"))["items"] == []
    assert said(shirin.get("/figures/next-response"))["items"] == []
    assert shirin.get("/figures/speed").status == 404


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
