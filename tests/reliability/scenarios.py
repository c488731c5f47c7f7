"""What happens in a shop's day, each a short play. What disturbs it is put in from outside."""

import secrets as randomness
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import requests

from kesher import store
from kesher.domain.customer import customer_id
from kesher.domain.escalation import Escalation
from kesher.domain.message import Inbound, Outbound
from kesher.domain.shop import Rung, Shop
from kesher.store import table as tables
from local import push, shopfile
from local.gateway import HttpAnswer
from local.machine import DEMO_SECRETS, DEMO_SHOP, Machine, secrets_in
from local.outside.answers import answer
from local.outside.phones import Text
from local.outside.shop_events import Move
from local.outside.simulator import HOST as SIMULATOR
from local.outside.simulator import Simulator
from local.outside.twilio import Twilio
from local.queue import Letter
from local.world import Clock
from tests.desk.caller import Caller, signed_in

NOA = "+972502345678"
MONDAY_NOON = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SOMEBODY = "+972523456789"
LEAD, OWNER = "+972502345672", "+972502345673"
CODE = "048213"
"""Every code that is drawn."""
TOKEN = "k3-kesher-summary_tokA"
"""Every link that is drawn."""
REPEATS = 3
"""How often a provider repeats a webhook that got no 2xx."""


@dataclass
class Stage:
    """A machine on which a scenario is played, and what the outside knows of it."""

    machine: Machine
    phone: str = NOA
    can_be_asked: bool = True
    """Whether the provider can tell if it has a text."""
    accepted: list[str] = field(default_factory=list)
    """The provider's ids of the texts that the door answered with 2xx."""
    poisons: list[str] = field(default_factory=list)
    """Bodies of queue messages that nobody can read: each must end among the dead letters."""
    against_their_wish: list[Text] = field(default_factory=list)
    """Texts that reached a phone whose owner had opted out of their class."""

    @property
    def customer(self) -> str:
        return customer_id(self.machine.shop.shop, self.phone, "")

    def run(self) -> None:
        self.machine.world.run()

    def wait(self, minutes: int) -> None:
        self.machine.world.advance(timedelta(minutes=minutes))

    def simulated(self, words: str) -> None:
        self.accepted.append(self.machine.text(self.phone, words)["id"])

    def twilio(self, words: str, sid: str, **more: str) -> None:
        if self.machine.twilio.text(self.phone, words, sid, **more).status == 200:
            self.accepted.append(sid)

    def lost(self, words: str, sid: str) -> None:
        """A text of which only the provider knows. It counts as accepted: it will be found."""
        self.machine.twilio.lose(self.phone, words, sid)
        self.accepted.append(sid)

    def moves(self, kind: str, order: str = "1001") -> None:
        delivery = f"{order}-{kind}"
        move = Move(order, kind, "generic", self.phone, "en")
        assert self.machine.order_event(move, delivery=delivery)["status"] == 200

    def history(self) -> tuple[Inbound | Outbound, ...]:
        return store.history(self.machine.shop.shop, self.customer)

    def received(self) -> list[Inbound]:
        return [each for each in self.history() if isinstance(each, Inbound)]

    def ours(self) -> list[Outbound]:
        return [each for each in self.history() if isinstance(each, Outbound)]

    def matters(self) -> list[Escalation]:
        return list(store.load_person(self.machine.shop.shop, self.customer).escalations)

    def alerts(self) -> list[Outbound]:
        """To the shop's people, of this customer."""
        shop = self.machine.shop.shop
        sent = [each.message for matter in self.matters() for each in matter.alerted]
        loaded = (store.load_outbound(shop, each) for each in dict.fromkeys(sent))
        return [each[0] for each in loaded if each]

    def got(self) -> list[Text]:
        return self.machine.phones.got.get(self.phone, [])


@contextmanager
def staged(machine: Machine) -> Iterator[Stage]:
    """With an outside that repeats webhooks until they are taken, and sees what reaches phones."""
    stage = Stage(machine)
    receive, post = machine.phones.receive, machine.world.http

    def watched(number: str, text: Text) -> None:
        if _unwanted(machine, text):
            stage.against_their_wish.append(text)
        receive(number, text)

    def insistent(*request: Any, **more: Any) -> HttpAnswer:
        for _ in range(REPEATS):
            answered = post(*request, **more)
            if answered.status < 500:
                break
        return answered

    with (
        _one_report_a_text(machine.simulator),
        _one_report_a_text(machine.twilio),
        mock.patch.object(machine.phones, "receive", watched),
        mock.patch.object(machine.world, "http", insistent),
        mock.patch.object(randomness, "randbelow", return_value=int(CODE)),
        mock.patch.object(randomness, "token_urlsafe", return_value=TOKEN),
    ):
        yield stage


def _one_report_a_text(provider: Simulator | Twilio) -> AbstractContextManager[Any]:
    """That it was sent says nothing new of a text that is also reported delivered."""
    report = provider._report

    def delivered(callback: str, status: str, *more: str) -> None:
        if status == "delivered":
            report(callback, status, *more)

    return mock.patch.object(provider, "_report", delivered)


def _unwanted(machine: Machine, text: Text) -> bool:
    """Whether its customer has opted out of its class, read past the faults."""
    pk, sk = tables.message_key(machine.shop.shop, text.id)
    message = machine.world.stored({"pk": {"S": pk}, "sk": {"S": sk}})
    profile = machine.world.stored({"pk": {"S": pk}, "sk": {"S": "head#profile"}})
    stopped = profile.get("stopped", {}).get("SS", [])
    return any(f'"message_class":"{each}"' in message["body"]["S"] for each in stopped)


_read: dict[str, tuple[Shop, dict[str, str]]] = {}


@contextmanager
def demo() -> Iterator[Stage]:
    """The demo shop on a machine of its own, on a Monday at noon. Nothing alerts its people, unless a
    scenario is about that."""
    if not _read:
        _read["demo"] = shopfile.read(DEMO_SHOP), secrets_in(DEMO_SECRETS)
    shop, secrets = _read["demo"]
    quiet = replace(shop, escalation=replace(shop.escalation, kinds=[]))
    with (
        Machine(quiet, secrets, clock=Clock(fixed=MONDAY_NOON)) as machine,
        staged(machine) as stage,
    ):
        yield stage


Scenario = Callable[[Stage], None]


def a_text_through_the_simulator(stage: Stage) -> None:
    stage.simulated("When are you open?")
    stage.run()


def a_text_through_twilio(stage: Stage) -> None:
    stage.twilio("The bottle came broken", "SM1")
    stage.run()


def a_text_through_a_provider_that_cannot_tell(stage: Stage) -> None:
    stage.can_be_asked = False
    twilio = stage.machine.twilio

    def forgetful(request: requests.PreparedRequest) -> requests.Response:
        return twilio(request) if request.method == "POST" else answer(403, {})

    stage.machine.world.hosts["twilio.localhost"] = forgetful
    stage.twilio("When are you open?", "SM1")
    stage.run()


def an_orders_whole_life(stage: Stage) -> None:
    for kind in ("confirmed", "shipped", "delivered"):
        stage.moves(kind)
        stage.run()


def stop_while_a_notice_is_queued(stage: Stage) -> None:
    """The provider has no time for the notice, and then the customer wants none."""
    hosts = dict(stage.machine.world.hosts)
    stage.machine.world.hosts.update(dict.fromkeys(hosts, _busy))
    stage.moves("confirmed")
    stage.run()
    stage.machine.world.hosts.update(hosts)
    stage.simulated("STOP")
    stage.run()
    stage.wait(minutes=10)


def a_late_and_a_second_receipt(stage: Stage) -> None:
    stage.twilio("Is anyone there?", "SM1")
    stage.run()
    stage.wait(minutes=10)
    told = {each.id for each in stage.got()}
    for message in (each for each in stage.ours() if each.id in told):
        path = f"/hooks/demo/channels/twilio/receipts/{message.id}"
        for status in ("delivered", "sent", "read"):
            form = {"MessageSid": message.provider_id or "SM0", "MessageStatus": status}
            stage.machine.twilio._post(path, form | {"To": stage.phone})
            stage.run()


def a_text_through_the_fallback(stage: Stage) -> None:
    path = "/hooks/demo/channels/twilio/fallback"
    form = {"MessageSid": "SM1", "From": stage.phone, "To": "+972552345678", "Body": "Hello"}
    if stage.machine.twilio._post(path, form).status == 200:
        stage.accepted.append("SM1")
    stage.run()


def a_repeated_webhook(stage: Stage) -> None:
    for minutes in (0, 0, 10, 600):
        stage.wait(minutes)
        stage.twilio("When are you open?", "SM1")
        stage.run()


def a_lost_announcement(stage: Stage) -> None:
    """The clock finds the text."""
    outbox = stage.machine.world.queues["OutboxQueue"]
    stage.simulated("When are you open?")
    while not outbox.letters and stage.machine.world._deliver():
        pass
    outbox.letters.clear()
    stage.wait(minutes=10)


def texts_that_nobody_can_read(stage: Stage) -> None:
    """In each queue, before a good text."""
    stage.simulated("When are you open?")
    for queue in stage.machine.world.queues.values():
        if queue.spec.dead_letters and queue.spec.label != "fallback":
            now = stage.machine.world.clock.now()
            body = f'{{"kind": "from tomorrow", "queue": "{queue.spec.label}"}}'
            queue.letters.insert(0, Letter(body, "poisoned", now, now, {}, ""))
            stage.poisons.append(body)
    stage.run()


def a_text_that_came_by_no_webhook(stage: Stage) -> None:
    """The sweep finds it, and the one that came by its webhook is left alone."""
    stage.twilio("When are you open?", "SM1")
    stage.run()
    stage.lost("The bottle came broken", "SM2")
    stage.wait(minutes=20)


def an_agent_finds_out(stage: Stage) -> None:
    """What a provider that breaks twice cannot tell of, an agent settles, asking until it is done."""
    hosts = stage.machine.world.hosts
    simulator = stage.machine.simulator

    def breaking(request: requests.PreparedRequest) -> requests.Response:
        return simulator(request) if request.method == "GET" else answer(502, {})

    hosts[SIMULATOR] = breaking
    stage.simulated("When are you open?")
    stage.wait(minutes=60)
    hosts[SIMULATOR] = simulator
    dana = signed_in(stage.machine)
    for each in store.unknown("demo").texts:
        path, key = f"/unknown/{each.id}/settle", f"found-out-{each.id}"
        while dana.post(path, {"outcome": "did-not-arrive"}, key=key).status != 200:
            stage.wait(minutes=1)


def a_code_for_another(stage: Stage) -> None:
    """Somebody else asks for an order that has long been told: a code comes to its phone, and goes back
    from theirs."""
    stage.moves("confirmed")
    stage.wait(minutes=20)
    for words in ("order 1001", "111111", CODE):
        stage.machine.text(SOMEBODY, words)
        stage.run()


def an_agent_answers(stage: Stage) -> None:
    """Asking until it is done, each time under the same key, and never before what was said last has
    come to its end. Then the customer is asked how it was, the owner reads that they are not content,
    and Dana closes the matter with them won back."""
    ladder = replace(
        stage.machine.shop.escalation, kinds=["low_rating"], rungs=[Rung(["owner"], minutes=240)]
    )
    push.push(replace(stage.machine.shop, escalation=ladder))
    stage.simulated("When are you open?")
    stage.wait(minutes=60)
    dana, path = signed_in(stage.machine), f"/conversations/{stage.customer}"
    for deed, body in (
        ("reply", {"text": "And on Friday until one"}),
        ("close", {"farewell": True}),
    ):
        _insist(stage, dana, f"{path}/{deed}", body)
        stage.wait(minutes=60)
    stage.simulated("2")
    while not stage.machine.phones.got.get(OWNER):
        stage.wait(minutes=10)
    (matter,) = stage.matters()
    _insist(stage, dana, f"/escalations/{matter.key}/close", {"won_back": "yes"})


def an_agent_notes_and_snoozes(stage: Stage) -> None:
    """Who was answered is out of sight for two hours, and writes again when they are back."""
    stage.simulated("The bottle came broken")
    stage.wait(minutes=60)
    dana, path = signed_in(stage.machine), f"/conversations/{stage.customer}"
    until = stage.machine.world.clock.now() + timedelta(hours=5)
    for deed, body in (
        ("reply", {"text": "A new one is on its way"}),
        ("note", {"text": "Ask her tomorrow whether it came"}),
        ("snooze", {"until": until.isoformat()}),
    ):
        while dana.post(f"{path}/{deed}", body, key=deed).status != 200:
            stage.wait(minutes=1)
        stage.wait(minutes=60)
    stage.wait(minutes=180)


def an_agent_sums_up(stage: Stage) -> None:
    """And the customer reads what was agreed, trying until the page is there."""
    stage.simulated("The bottle came broken")
    stage.wait(minutes=60)
    dana, path = signed_in(stage.machine), f"/conversations/{stage.customer}"
    said = {"farewell": True, "summary": "We send a new one, at our cost"}
    while dana.post(f"{path}/close", said, key="close").status != 200:
        stage.wait(minutes=1)
    stage.wait(minutes=60)
    while stage.machine.world.http("GET", f"/t/{TOKEN}", {}, b"").status != 200:
        stage.wait(minutes=1)


def a_wait_that_the_owner_ends(stage: Stage) -> None:
    """A customer waits over target: the room of the chat is told, then the lead by text and mail, then
    the owner, who takes it by a text."""
    shop = stage.machine.shop
    push.push(replace(shop, escalation=replace(shop.escalation, kinds=["waiting"])))
    stage.simulated("I want to talk to a person")
    stage.wait(minutes=95)
    while not stage.machine.phones.got.get(OWNER):
        stage.wait(minutes=10)
    stage.machine.text(OWNER, "TAKEN")
    stage.run()


def _insist(stage: Stage, caller: Caller, path: str, body: dict[str, Any]) -> None:
    """Asking until it is done, each time under the same key."""
    while caller.post(path, body, key=path).status != 200:
        stage.wait(minutes=1)


def _busy(_: requests.PreparedRequest) -> requests.Response:
    return answer(429, {"code": 20429})


OUTSIDE: tuple[Scenario, ...] = (
    a_text_through_the_simulator,
    a_text_through_twilio,
    a_text_through_a_provider_that_cannot_tell,
    an_orders_whole_life,
    stop_while_a_notice_is_queued,
    a_late_and_a_second_receipt,
    a_text_through_the_fallback,
    a_repeated_webhook,
    a_lost_announcement,
    texts_that_nobody_can_read,
    a_text_that_came_by_no_webhook,
    a_code_for_another,
)
"""What customers and shops do."""
PEOPLE: tuple[Scenario, ...] = (
    an_agent_finds_out,
    an_agent_answers,
    an_agent_notes_and_snoozes,
    an_agent_sums_up,
    a_wait_that_the_owner_ends,
)
"""What the shop's people do."""
