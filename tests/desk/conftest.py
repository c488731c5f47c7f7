"""A text that nobody can tell about, and somebody next door."""

from dataclasses import replace

import pytest

from kesher import store
from kesher.domain.decision import Decision
from kesher.domain.escalation import Escalation
from kesher.domain.survey import Rating
from local import push
from local.machine import Machine
from tests.desk.caller import Caller, agent, nobody_can_tell


@pytest.fixture
def text(machine: Machine) -> str:
    """The id of a text that is on the list; an escalation of its customer has the same one, and so has
    a guess of how they rate Shirin."""
    (found,) = nobody_can_tell(machine)
    customer, _, id = found.id.partition("-")
    matter = Escalation(id, "demo", customer, "angry", machine.clock.now(), "נועה")
    now = machine.clock.now()
    day = "2026-11-23"
    guess = Rating("demo", customer, "c1", found.id, now, day, "csat", None, "shirin", guess=4)
    store.commit(Decision((matter, guess)), machine.shop)
    return found.id


@pytest.fixture
def neighbour(machine: Machine) -> Caller:
    """Somebody who works for another shop of the same deployment, under the same name."""
    shop = replace(machine.shop, shop="keshet", name="Keshet")
    push.push(shop)
    return Caller(
        machine, lambda: machine.world.issuer.token(agent(machine, "amir"), shop="keshet")
    )
