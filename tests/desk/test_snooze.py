"""Who was answered steps out of the agent's way, and comes back in time."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from kesher import store
from kesher.domain.customer import customer_id
from local.machine import Machine
from tests.desk.caller import MINUTE, NOA, Caller, said, signed_in

HERS = customer_id("demo", NOA, "")
PATH = f"/conversations/{HERS}"
HOUR = timedelta(hours=1)


@pytest.fixture
def dana(machine: Machine) -> Caller:
    """Who has just answered Noa."""
    machine.text(NOA, "The bottle came broken")
    machine.world.run()
    dana = signed_in(machine, "dana")
    dana.post(f"{PATH}/reply", {"text": "A new one is on its way"})
    machine.world.run()
    return dana


def snooze(caller: Caller, until: datetime | str, **more: Any) -> Any:
    said_until = until if isinstance(until, str) else until.isoformat()
    return caller.post(f"{PATH}/snooze", {"until": said_until}, **more)


def listed(caller: Caller, query: str = "") -> list[str]:
    return [each["address"] for each in said(caller.get("/conversations", query))["items"]]


def test_it_leaves_the_list_and_is_back_in_time(machine: Machine, dana: Caller) -> None:
    until = machine.clock.now() + 3 * HOUR
    snoozed = snooze(dana, until)
    assert (snoozed.status, said(snoozed)["state"], said(snoozed)["agent"]) == (
        200,
        "assigned",
        "dana",
    )
    assert listed(dana) == listed(dana, "mine=true") == []
    (hidden,) = said(dana.get("/conversations", "snoozed=true"))["items"]
    assert datetime.fromisoformat(hidden["snoozed_until"]) == until
    machine.world.advance(3 * HOUR + MINUTE)

    assert listed(dana, "mine=true&state=assigned") == [NOA]
    assert listed(dana, "snoozed=true") == []
    assert said(dana.get(PATH))["conversation"]["snoozed_until"] is None
    assert [*store.due(machine.clock.now() + 24 * HOUR)] == []


def test_the_list_goes_by_the_time_and_not_by_the_clock(machine: Machine, dana: Caller) -> None:
    snooze(dana, machine.clock.now() + HOUR)
    machine.clock.offset += HOUR + MINUTE

    assert listed(dana) == [NOA]
    assert said(dana.get(PATH))["conversation"]["snoozed_until"] is not None


def test_it_is_back_the_moment_the_customer_writes(machine: Machine, dana: Caller) -> None:
    snooze(dana, machine.clock.now() + 24 * HOUR)
    before = len(machine.received(NOA))
    machine.text(NOA, "When are you open?")
    machine.world.run()
    (line,) = said(dana.get("/conversations"))["items"]

    assert (line["waits"], line["agent"], line["snoozed_until"]) == (True, "dana", None)
    assert len(machine.received(NOA)) == before
    machine.world.advance(20 * MINUTE)
    assert listed(dana, "state=waiting") == [NOA]


def test_its_agent_takes_it_back_before(machine: Machine, dana: Caller) -> None:
    snooze(dana, machine.clock.now() + 24 * HOUR)
    assert dana.post(f"{PATH}/take", None).status == 200

    assert listed(dana, "mine=true") == [NOA]
    assert [*store.due(machine.clock.now() + 48 * HOUR)] == []


def test_who_waits_is_not_hidden(machine: Machine, dana: Caller) -> None:
    machine.text(NOA, "When?")
    machine.world.run()
    refused = snooze(dana, machine.clock.now() + HOUR)

    assert (refused.status, said(refused)["code"]) == (409, "conflict")
    assert "waits" in said(refused)["detail"]
    assert listed(dana) == [NOA]


def test_another_agents_is_not_hidden_and_a_lead_may(machine: Machine, dana: Caller) -> None:
    shirin = signed_in(machine, "shirin")
    dana.post(f"{PATH}/transfer", {"agent": "shirin"})
    shirin.post(f"{PATH}/reply", {"text": "Hello"})
    until = machine.clock.now() + HOUR

    assert said(snooze(dana, until))["code"] == "held"
    assert snooze(signed_in(machine, "amir"), until).status == 200
    assert said(dana.get(PATH))["conversation"]["agent"] == "shirin"


def test_the_same_request_is_done_once(machine: Machine, dana: Caller) -> None:
    until = machine.clock.now() + HOUR
    first = snooze(dana, until, key="k")

    assert said(snooze(dana, until, key="k")) == said(first)
    assert said(snooze(dana, until, key="other"))["etag"] == said(first)["etag"]


@pytest.mark.parametrize(
    "until",
    [
        *("2026-11-23T09:59:00+00:00", "2026-12-24T10:00:00+00:00", "2026-11-24T10:00:00"),
        *("tomorrow", ""),
    ],
)
def test_a_time_that_makes_no_sense_is_refused(dana: Caller, until: str) -> None:
    assert snooze(dana, until).status == 400
    assert listed(dana) == [NOA]
