"""A customer who gave a low score, at the desk: what may be said, and whether they were won back."""

from datetime import date, timedelta

import pytest

from kesher import store
from kesher.domain.customer import customer_id
from local.machine import Machine
from tests.desk.caller import NOA, Caller, said, signed_in

MINUTE = timedelta(minutes=1)
THREAD = f"/conversations/{customer_id('demo', NOA, '')}"
MONDAY = date(2026, 11, 23)


def texts(machine: Machine, text: str) -> None:
    machine.text(NOA, text)
    machine.world.run()


@pytest.fixture
def dana(machine: Machine) -> Caller:
    return signed_in(machine)


@pytest.fixture
def matter(machine: Machine, dana: Caller) -> str:
    """Of somebody who was helped, asked, and not content."""
    texts(machine, "אפשר נציג?")
    dana.post(f"{THREAD}/reply", {"text": "החלפנו לכם"})
    dana.post(f"{THREAD}/close", {"farewell": False})
    machine.world.advance(16 * MINUTE)
    texts(machine, "שתיים")
    (listed,) = said(dana.get("/escalations"))["items"]
    return f"/escalations/{listed['id']}"


def recovered() -> list[tuple[str, bool | None, int]]:
    """By whom, whether won back, how many: of the day."""
    every = [each for each in store.counts("demo", MONDAY) if each.figure == "recovery"]
    return [(each.agent, each.in_target, each.n) for each in every if each.n]


def test_a_low_rating_comes_with_its_thread_and_two_answers(dana: Caller, matter: str) -> None:
    whole = said(dana.get(matter))

    assert f"/conversations/{whole['customer']}" == THREAD
    assert (whole["escalation"]["kind"], whole["escalation"]["about"]) == ("low_rating", "שתיים")
    assert (whole["language"], whole["agent"]) == ("he", "dana")
    assert [each["name"] for each in whole["replies"]] == ["low_rating_sorry", "low_rating_call"]
    assert whole["replies"][0]["text"].startswith("צר לי שזה לא היה כמו שצריך.")


def test_other_matters_come_without(machine: Machine, dana: Caller) -> None:
    texts(machine, "You are thieves")
    (listed,) = said(dana.get("/escalations"))["items"]

    assert said(dana.get(f"/escalations/{listed['id']}"))["replies"] == []
    refused = dana.post(f"/escalations/{listed['id']}/close", {"won_back": "yes"})
    assert (refused.status, said(refused)["code"]) == (409, "conflict")
    assert dana.get("/escalations/whatever").status == 404


def test_who_takes_it_has_won_them_back_when_whoever_closes_it_says_so(
    machine: Machine, dana: Caller, matter: str
) -> None:
    signed_in(machine, "amir").post(f"{matter}/take", None)
    closed = said(dana.post(f"{matter}/close", {"won_back": "yes"}))

    assert (closed["state"], closed["won_back"]) == ("closed", "yes")
    assert recovered() == [("amir", True, 1)]
    assert said(dana.get("/escalations"))["items"] == []
    assert said(dana.get(matter))["escalation"]["won_back"] == "yes"
    (shown,) = said(dana.get(THREAD))["escalations"]
    assert (shown["kind"], shown["closed_by"], shown["won_back"]) == ("low_rating", "dana", "yes")


def test_who_does_not_know_says_nothing_and_may_learn_it_later(
    machine: Machine, dana: Caller, matter: str
) -> None:
    assert said(dana.post(f"{matter}/close", {}))["won_back"] == "unknown"
    assert recovered() == [("dana", None, 1)]
    machine.world.advance(timedelta(days=2))

    for key in ("later", "later", "again"):
        assert said(dana.post(f"{matter}/close", {"won_back": "no"}, key=key))["won_back"] == "no"
    assert recovered() == [("dana", False, 1)]


def test_the_closing_of_the_conversation_says_it_too(
    machine: Machine, dana: Caller, matter: str
) -> None:
    texts(machine, "לא ענו לי שלושה ימים")
    dana.post(f"{THREAD}/reply", {"text": "צר לי. החזר מלא בדרך"})
    assert said(dana.get(matter))["escalation"]["taken_by"] == "dana"
    closing = {"farewell": True, "won_back": "yes"}
    for _ in range(2):
        assert dana.post(f"{THREAD}/close", closing, key="close").status == 200

    assert said(dana.get(matter))["escalation"]["state"] == "closed"
    assert recovered() == [("dana", True, 1)]


def test_of_who_was_never_unhappy_it_is_not_said(machine: Machine, dana: Caller) -> None:
    texts(machine, "אפשר נציג?")
    refused = dana.post(f"{THREAD}/close", {"farewell": False, "won_back": "yes"})

    assert (refused.status, said(refused)["code"]) == (409, "conflict")
    assert said(dana.get(THREAD))["conversation"]["state"] == "waiting"


def test_who_meant_a_better_score_wakes_nobody_any_more(
    machine: Machine, dana: Caller, matter: str
) -> None:
    texts(machine, "סליחה, 4")
    machine.world.advance(timedelta(hours=2))

    assert said(dana.get(matter))["escalation"]["state"] == "closed"
    assert recovered() == []
    ratings = said(dana.get(THREAD))["ratings"]
    assert [(each["score"], each["replaces"], each["is_low"]) for each in ratings] == [
        (2, None, True),
        (4, 2, False),
    ]
    (counted,) = said(signed_in(machine, "shirin").get("/figures/csat"))["items"]
    assert counted["score"] == 4
