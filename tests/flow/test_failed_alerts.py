"""An alert that reaches nobody: what becomes of it is known, the next one is told, and it is counted."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

import pytest
import requests

from kesher import store
from kesher.domain.message import Status
from kesher.domain.shop import Rung
from local import push
from local.machine import Machine
from local.outside.answers import answer
from tests.flow.test_escalations import (
    AMIR,
    MINUTE,
    SHIRIN,
    alerts,
    metered,
    only_matter,
    wants_a_person,
)


@dataclass(frozen=True)
class Failure:
    breaks: Callable[[Machine], None]
    rung: Rung
    """Whom it keeps from being told."""
    by: Literal["text", "email"]
    """A way of Shirin's, or of her room."""
    at_once: Status
    """What its alert is when the next one is told."""
    at_last: Status
    why: str


def unreachable(_: requests.PreparedRequest) -> requests.Response:
    raise requests.ConnectTimeout


def slack_is_unreachable(machine: Machine) -> None:
    machine.world.hosts["slack.localhost"] = unreachable


def slack_has_no_such_room(machine: Machine) -> None:
    machine.slack.archived = True


def ses_refuses(machine: Machine) -> None:
    machine.ses.unverified.add("shirin@zayit.example")


def the_number_is_wrong(machine: Machine) -> None:
    simulator = machine.simulator

    def refusing(request: requests.PreparedRequest) -> requests.Response:
        is_hers = SHIRIN.encode() in (request.body or b"")
        return answer(400, {}) if is_hers else simulator(request)

    machine.world.hosts["simulator.localhost"] = refusing


FAILURES = {
    "an unreachable webhook": Failure(
        slack_is_unreachable, Rung(["chat"]), "text", "queued", "expired", "no longer worth telling"
    ),
    "a room that is gone": Failure(
        slack_has_no_such_room,
        Rung(["chat"]),
        "text",
        "rejected",
        "rejected",
        "channel_is_archived",
    ),
    "a mail that SES refuses": Failure(
        ses_refuses, Rung(["shirin"]), "email", "rejected", "rejected", "MessageRejected"
    ),
    "a wrong number": Failure(
        the_number_is_wrong, Rung(["shirin"]), "text", "rejected", "rejected", "400"
    ),
}


def first_alert(machine: Machine) -> tuple[Status, str]:
    """What became of it, and why."""
    first = only_matter(machine).alerted[0]
    loaded = store.load_outbound("demo", first.message)
    assert loaded
    return loaded[0].status, loaded[0].error or ""


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_its_end_is_known_the_next_one_is_told_at_once_and_it_is_counted(
    machine: Machine, failure: Failure
) -> None:
    shop = machine.shop
    people = [
        replace(each, alerts=[failure.by]) if each.id == "shirin" else each for each in shop.agents
    ]
    ladder = replace(shop.escalation, rungs=[failure.rung, Rung(["owner"], minutes=240)])
    push.push(replace(shop, agents=people, escalation=ladder))
    failure.breaks(machine)
    with metered() as counted:
        wants_a_person(machine)
        machine.world.advance(61 * MINUTE)

        assert first_alert(machine)[0] == failure.at_once
        assert len(alerts(machine, AMIR)) == 1
        assert counted.count("AlertFailed") == 1
        assert counted.count("Alerted") == 2
        machine.world.advance(timedelta(hours=3))

    status, why = first_alert(machine)
    assert (status, failure.why in why) == (failure.at_last, True), why
    assert only_matter(machine).state == "open", "the owner has four hours"
    assert len(alerts(machine, AMIR)) == 1
    assert not [queue.dead for queue in machine.world.queues.values() if queue.dead]
