"""What is behind each number of the figures: the same conversations that it counts."""

from datetime import timedelta
from typing import Any

import pytest

from kesher.desk import behind
from local.machine import Machine
from tests.desk.caller import NOA, Caller, said, signed_in
from tests.desk.test_figures import DANIEL, MINUTE, SHIRA, asks


@pytest.fixture
def dana(machine: Machine) -> Caller:
    return signed_in(machine)


@pytest.fixture
def shirin(machine: Machine) -> Caller:
    """A lead."""
    return signed_in(machine, "shirin")


def answers(machine: Machine, dana: Caller, phone: str = NOA, minutes: int = 0) -> str:
    path = asks(machine, phone)
    machine.world.advance(minutes * MINUTE)
    dana.post(f"{path}/reply", {"text": "הנה"})
    return path


def rates(machine: Machine, dana: Caller, phone: str, *scores: str) -> None:
    dana.post(f"{answers(machine, dana, phone)}/close", {"farewell": False})
    machine.world.advance(16 * MINUTE)
    for score in scores:
        machine.text(phone, score)
        machine.world.run()
        machine.world.advance(MINUTE)


def ends(caller: Caller, won_back: str | None) -> str:
    """Closes the one matter that there is; its id."""
    (matter,) = said(caller.get("/escalations"))["items"]
    caller.post(f"/escalations/{matter['id']}/close", {"won_back": won_back})
    id: str = matter["id"]
    return id


def listed(caller: Caller, name: str, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = said(caller.get(f"/figures/{name}", query))["items"]
    return found


def phones(caller: Caller, name: str, query: str = "") -> list[Any]:
    return [each["address"] for each in listed(caller, name, query)]


def test_a_line_says_whose_it_is_and_how_long_it_took(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    path = answers(machine, dana, minutes=5)
    for figure in ("first-response", "hand-over-response", "answered", "waits"):
        (line,) = listed(shirin, figure)
        assert (line["customer"], line["seconds"]) == (path.split("/")[2], 300)
        assert (line["address"], line["agent"], line["in_target"]) == (NOA, "dana", True)
    assert listed(shirin, "next-response") == []
    assert shirin.get("/figures/speed").status == 404


def test_the_list_is_as_long_as_its_number(machine: Machine, dana: Caller, shirin: Caller) -> None:
    """Of every figure, agent, team and band that the manager's view has a link for."""
    for phone, minutes in ((NOA, 2), (DANIEL, 40), (SHIRA, 70)):
        answers(machine, dana, phone, minutes)
    figures = said(shirin.get("/figures"))
    for each in figures["figures"]:
        name = each["figure"].replace(" ", "-")
        assert len(listed(shirin, name)) == each["n"]
        for band, shown in enumerate(each["bands"]):
            assert len(listed(shirin, name, f"band={band}")) == shown["n"]
    for each in figures["agents"]:
        assert len(listed(shirin, "answered", f"agent={each['agent']}")) == each["answered"]
        assert len(listed(shirin, "held", f"agent={each['agent']}")) == each["holds"]
    for each in figures["teams"]:
        team = each["team"] or behind.NO_TEAM
        assert len(listed(shirin, "answered", f"team={team}")) == each["answered"]


def test_who_waits_now_is_listed_and_who_waits_too_long_alone(
    machine: Machine, shirin: Caller
) -> None:
    asks(machine)
    machine.world.advance(timedelta(hours=27, minutes=1))
    asks(machine, DANIEL)

    assert phones(shirin, "waiting") == [NOA, DANIEL]
    assert phones(shirin, "waiting", "in_target=false") == [NOA]
    assert phones(shirin, "late") == [NOA]
    assert phones(shirin, "still-first-response") == [NOA, DANIEL]
    assert phones(shirin, "still-next-response") == []


def test_scores_are_listed_by_score_and_a_corrected_one_once(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    rates(machine, dana, NOA, "2", "5")
    rates(machine, dana, DANIEL, "1")
    (rating,) = said(shirin.get("/figures"))["ratings"]

    assert rating["scores"] == {"1": 1, "5": 1}
    assert phones(shirin, "csat") == [DANIEL, NOA]
    assert phones(shirin, "csat", "score=5") == phones(shirin, "rated", "in_target=true") == [NOA]
    assert phones(shirin, "csat", "score=2") == []
    assert phones(shirin, "rated", "in_target=false&agent=dana") == [DANIEL]


def test_low_ratings_are_listed_by_what_came_of_them_on_the_day_they_were_closed(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    for phone, won_back in ((NOA, "yes"), (DANIEL, None)):
        rates(machine, dana, phone, "1")
        ends(shirin, won_back)
    machine.world.advance(timedelta(days=1))

    assert phones(shirin, "recovered") == []
    (daniel, noa) = listed(shirin, "recovered", "day=2026-11-23")
    assert (noa["address"], noa["agent"], noa["won_back"]) == (NOA, "shirin", "yes")
    assert (daniel["address"], daniel["won_back"]) == (DANIEL, "unknown")
    assert phones(shirin, "recovered", "day=2026-11-23&won_back=yes&team=-") == [NOA]
    assert phones(shirin, "recovered", "day=2026-11-23&won_back=no") == []


def test_what_is_learnt_later_of_an_unhappy_customer_takes_the_place_of_the_former(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    rates(machine, dana, NOA, "1")
    matter = ends(shirin, None)
    machine.world.advance(timedelta(days=2))
    shirin.post(f"/escalations/{matter}/close", {"won_back": "no"})
    (noa,) = listed(shirin, "recovered", "first=2026-11-20")

    assert (noa["won_back"], noa["at"][:10]) == ("no", "2026-11-23")


def test_a_span_is_listed_from_its_last_day_a_page_ending_with_a_day(
    machine: Machine, dana: Caller, shirin: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(behind, "PAGE", 2)
    for phone in (NOA, DANIEL):
        answers(machine, dana, phone, minutes=1)
    machine.world.advance(timedelta(days=1))
    for phone in (SHIRA, "+972541111111"):
        answers(machine, dana, phone, minutes=1)
    page = said(shirin.get("/figures/first-response", "first=2026-11-20"))
    assert [each["address"] for each in page["items"]] == ["+972541111111", SHIRA]
    assert page["next"] == "2026-11-23"
    rest = said(shirin.get("/figures/first-response", "first=2026-11-20&day=2026-11-23"))
    assert [each["address"] for each in rest["items"]] == [DANIEL, NOA]
    assert rest["next"] == "2026-11-22"


@pytest.mark.parametrize(
    "query",
    ["first=2026-11-24", "first=2026-10-01", "in_target=perhaps", "band=x", "day=2026-02-30"],
)
def test_a_span_that_makes_no_sense_is_refused(shirin: Caller, query: str) -> None:
    assert shirin.get("/figures/first-response", query).status == 400
