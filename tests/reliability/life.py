"""The whole system with the outside around it, and what must hold of it at every moment."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from kesher import queues, store
from kesher.domain.customer import customer_id
from kesher.domain.message import Inbound, Outbound
from local import push, shopfile
from local.gateway import HttpAnswer
from local.machine import DEMO_SECRETS, DEMO_SHOP, Machine, secrets_in
from local.outside.phones import Phones
from local.outside.shop_events import Move
from local.outside.simulator import HOST, Simulator
from local.queue import Letter
from local.world import Call, Clock, Killed
from tests.conftest import MONDAY_NOON
from tests.desk.caller import signed_in
from tests.reliability import promises
from tests.reliability.bounds import AT_REST
from tests.reliability.providers import FINE, MOODS, Provider, in_front_of
from tests.reliability.witness import Witness

CUSTOMERS = ("+972502345678", "+972523456789", "+989123456789")
PEOPLE = ("+972502345671", "+972502345672", "+972502345673")
"""The phones of those whom alerts go to."""
ORDERS = {"1001": "shopify", "1002": "shopify", "1003": "generic"}
NEIGHBOUR, NEIGHBOURS_SECRET = "kikar", "kikar-secret"
"""A second shop, whom the same customers text."""

A_SURVEY_ENDS = 4 * 86_400
"""Seconds; what nobody answered is asked no more."""
SLACK = timedelta(minutes=6)
"""What is due is looked at within this, once nothing is wrong: two visibility timeouts."""


@dataclass
class Webhook:
    """A request that a provider or a shop has made, and may make again."""

    post: Callable[[], HttpAnswer]
    text: tuple[str, str, str] | None = None
    """Shop, channel and the provider's id, if it carried a customer's text."""


class Life:
    """Use `end` when done: outside it nothing is mocked."""

    def __init__(self, customers: tuple[str, ...] = CUSTOMERS) -> None:
        self.customers = customers
        shop = shopfile.read(DEMO_SHOP)
        secrets = secrets_in(DEMO_SECRETS) | {"KIKAR_SECRET": NEIGHBOURS_SECRET}
        self.machine = Machine(shop, secrets, clock=Clock(fixed=MONDAY_NOON)).__enter__()
        self.world = self.machine.world
        self._open_neighbour()
        self.provider: Provider = in_front_of(self.machine)
        self.witness = Witness(self.world)
        self.provider.on_taken, self.provider.on_trouble = self.witness.took, self._troubled
        self.webhooks: list[Webhook] = []
        self.promised: set[tuple[str, str, str]] = set()
        self.lost: dict[tuple[str, str, str], Any] = {}
        """Texts that no webhook will ever carry, and when they were written."""
        self.moves: list[dict[str, Any]] = []
        self.poisons = 0
        self._quiet_since = self._now()
        self._steps_seen = 0

    def _open_neighbour(self) -> None:
        """One simulated provider for two shops: who asks is told by the secret."""
        (mine,) = (each for each in self.machine.shop.channels if each.kind == "simulator")
        channel = replace(mine, credentials={"secret": "env:KIKAR_SECRET"})
        shop = replace(
            self.machine.shop, shop=NEIGHBOUR, name="Kikar", channels=[channel], platforms=[]
        )
        push.push(shop)
        self.neighbour = Simulator(self.world, Phones(), NEIGHBOURS_SECRET, NEIGHBOUR)
        self.world.wanted["SweepFunction"].append(self.neighbour.unheard.first)
        ours, theirs = self.machine.simulator, self.neighbour
        self.world.hosts[HOST] = lambda request: (
            theirs if NEIGHBOURS_SECRET in str(request.headers) else ours
        )(request)

    def _now(self) -> Any:
        return self.world.clock.now()

    def _troubled(self) -> None:
        self._quiet_since = self._now()

    # --- what may happen --------------------------------------------------------------------------

    def text(self, customer: str, words: str, channel: str = "simulator", **more: str) -> None:
        sent = f"{channel}-{len(self.webhooks)}"
        if channel == "twilio":
            post = lambda: self.machine.twilio.text(customer, words, sent, **more)  # noqa: E731
        else:
            post = _simulated(self.machine.simulator, customer, words, sent)
        self._hook(Webhook(post, ("demo", channel, sent)))

    def lose(self, customer: str, words: str, channel: str = "simulator") -> None:
        """Neither webhook nor fallback is ever called for this text."""
        sent = f"{channel}-lost-{len(self.lost)}"
        if channel == "twilio":
            self.machine.twilio.lose(customer, words, sent)
        else:
            self.machine.simulator.take(sent, customer, words)
        self.lost["demo", channel, sent] = self._now()

    def text_the_neighbour(self, customer: str, words: str) -> None:
        sent = f"simulator-{len(self.webhooks)}"
        post = _simulated(self.neighbour, customer, words, sent)
        self._hook(Webhook(post, (NEIGHBOUR, "simulator", sent)))

    def again(self, nth: int) -> None:
        """The provider repeats an earlier webhook."""
        if self.webhooks:
            self._hook(self.webhooks[nth % len(self.webhooks)], new=False)

    def _hook(self, webhook: Webhook, *, new: bool = True) -> None:
        if new:
            self.webhooks.append(webhook)
        if webhook.post().status < 300 and webhook.text:
            self.promised.add(webhook.text)

    def order(
        self,
        order: str,
        kind: str,
        customer: str | None = CUSTOMERS[0],
        hours_old: int = 0,
        name: str = "Noa",
    ) -> None:
        """An order moves; its event may name no phone, and the generic platform may say that it
        happened some time ago."""
        move = Move(order, kind, ORDERS.get(order, "shopify"), customer or CUSTOMERS[0])
        delivery = f"delivery-{len(self.webhooks)}"
        body = _said_otherwise(self.machine.ready_made(move, delivery).body, customer, name)
        if move.platform == "generic":
            body["time"] = (self._now() - timedelta(hours=hours_old)).isoformat()
        self._hook(Webhook(lambda: self._moved(move, body, delivery)))

    def _moved(self, move: Move, body: dict[str, Any], delivery: str) -> HttpAnswer:
        posted = self.machine.order_event(move, body, delivery)
        return HttpAnswer(posted["status"], {}, b"")

    def attended(self, customer: str, agent: str, deed: str) -> None:
        """An agent does something with a customer: it is done, or refused because nobody knows them,
        another has them, they want no texts, or there is nothing to do it to."""
        later = self._now() + timedelta(hours=3)
        bodies: dict[str, dict[str, Any]] = {
            "reply": {"text": "A new one is on its way"},
            "note": {"text": "She has asked before"},
            "snooze": {"until": later.isoformat()},
            "close": {"farewell": True, "summary": "A new one is on its way"},
        }
        path = f"/conversations/{customer_id('demo', customer, '')}/{deed}"
        answered = signed_in(self.machine, agent).post(path, bodies.get(deed))
        assert answered.status in {200, 404, 409} or self._was_killed()

    def _was_killed(self) -> bool:
        """Whether the desk died just now: API Gateway answers for it."""
        step = self.world.trace._steps[-1]
        return step.outcome == "killed"

    def receipt(self, nth: int, status: str) -> None:
        """A provider reports on a text it once took, whatever it has said of it before."""
        if self.provider.receipts:
            every = self.provider.receipts
            self._report(self.world.shop.shop, every[nth % len(every)].message, status)

    def receipt_for_nothing(self, status: str) -> None:
        nobody = customer_id("demo", "+972500000000", "")
        self._report("demo", f"{nobody}-{'0' * 20}", status)

    def receipt_from_the_neighbour(self, nth: int) -> None:
        """Rightly signed for one shop, about a text of the other."""
        every = [each for each, text in self.witness.texts.items() if text["shop"] == "demo"]
        if every:
            self._report(NEIGHBOUR, every[nth % len(every)], "read")

    def _report(self, shop: str, message: str, status: str) -> None:
        simulator = self.neighbour if shop == NEIGHBOUR else self.machine.simulator
        path = f"/hooks/{shop}/channels/simulator/receipts/{message}"
        before = self.witness.texts.get(message)
        simulator._post(path, {"receipt": status, "id": "phone-0"})
        if shop == NEIGHBOUR and before and before["shop"] != NEIGHBOUR:
            self.run()
            assert store.load_outbound(NEIGHBOUR, message) is None

    def release_receipts(self, *, backwards: bool, twice: bool) -> None:
        held, self.provider.held = self.provider.held, []
        for each in (held[::-1] if backwards else held) * (2 if twice else 1):
            self.provider.release(each)

    def crash(self, room: str, service: str, nth: int, moment: str) -> None:
        """The room dies at its n-th call of the service from now on, once."""
        calls: list[Call] = []

        def fault(call: Call) -> None:
            if (call.room, call.service) == (room, service):
                calls.append(call)
                if len(calls) == nth:
                    self._troubled()
                    raise Killed

        getattr(self.world, moment).append(fault)

    def poison(self, customer: str) -> None:
        """A text from a release yet to come."""
        queue, now = self.world.queues["MessagesQueue"], self._now()
        group = queues._id(f"demo/{customer_id('demo', customer, '')}")
        self.poisons += 1
        body = f'{{"kind": "text", "version": 99, "number": {self.poisons}}}'
        queue.send(Letter(body, group, now, now, {}, "poison"))

    def provider_turns(self, mood: str) -> None:
        self.provider.mood = MOODS[mood]

    def run(self) -> None:
        self.world.run()

    def advance(self, seconds: float) -> None:
        self.world.advance(timedelta(seconds=seconds))

    # --- what must hold ---------------------------------------------------------------------------

    def check(self) -> None:
        for wrong in (self.witness.broken, self._escaped(), self._orphans()):
            assert not wrong, wrong
        if not any(queue.letters for queue in self.world.queues.values()):
            self._check_stored()

    def forgive(self) -> None:
        """What rooms have raised so far was meant to be."""
        self._escaped()

    def _escaped(self) -> list[str]:
        """What rooms raised, but for being killed and for poison. What status a caller got is theirs to
        judge."""
        new = [each for each in self.world.trace._steps if each.n > self._steps_seen]
        self._steps_seen = max((each.n for each in new), default=self._steps_seen)
        rooms = [each for each in new if each.place in {"door", "room", "clock"} and each.failed]
        words = ("killed", "version 99") if self.poisons else ("killed",)
        return [
            f"{each.name}: {each.outcome}"
            for each in rooms
            if not any(word in each.outcome for word in words) and not each.outcome.isdecimal()
        ]

    def _orphans(self) -> list[dict[str, Any]]:
        """Texts that are on their way, and that nothing will bring up again or has for long."""
        late = (self._now() - SLACK).isoformat()
        quiet = max(self._quiet_since, MONDAY_NOON).isoformat()
        return [
            text
            for text in self.witness.texts.values()
            if text["status"] in {"queued", "claimed"}
            and ("due_at" not in text or max(text["due_at"].replace("Z", "+00:00"), quiet) < late)
        ]

    def _check_stored(self) -> None:
        lost = self.promised - set(self.witness.stored)
        assert not lost, lost
        for shop in ("demo", NEIGHBOUR):
            stored = [each for id in self._everybody(shop) for each in store.history(shop, id)]
            arrived = [each for each in stored if isinstance(each, Inbound)]
            known = [key for key in self.witness.stored if key[0] == shop]
            assert sorted(known) == sorted((e.shop, e.channel, e.provider_id) for e in arrived)
            sent = {each.id: each.status for each in stored if isinstance(each, Outbound)}
            ours = {i: t["status"] for i, t in self.witness.texts.items() if t["shop"] == shop}
            assert ours == sent

    def _everybody(self, shop: str) -> set[str]:
        """Who writes to the shop, and who was written to."""
        texting = {customer_id(shop, each, "") for each in (*self.customers, *PEOPLE)}
        return texting | {e["customer"] for e in self.witness.texts.values() if e["shop"] == shop}

    def end(self) -> None:
        """Days pass in which nothing goes wrong; then everything has come to rest."""
        try:
            self._settle()
            self.check()
            moving = [t for t in self.witness.texts.values() if not _is_at_rest(t)]
            assert not moving, moving
            queues = self.world.queues.values()
            assert not any(queue.letters for queue in queues), "a queue is not empty"
            dead = {each.body for queue in queues for each in queue.dead}
            assert len(dead) == self.poisons, dead
            assert self.world._first_due() is None
            people = [store.load_person("demo", each) for each in self._everybody("demo")]
            assert promises.figures_wrong("demo", people, self._now().date()) == []
        finally:
            self.machine.__exit__(None, None, None)

    def _settle(self) -> None:
        self.provider.mood, self.provider.holds_receipts = FINE, False
        self.world.before.clear()
        self.world.after[1:] = []
        self.world.deliver_twice = False
        self._troubled()
        self.run()
        findable = self._now() - timedelta(hours=23)
        self.promised |= {text for text, at in self.lost.items() if at > findable}
        self.advance(86_400)
        self.advance(3 * 86_400)
        for each in self.provider.receipts:
            if self.witness.texts[each.message]["status"] not in AT_REST - {"unknown"}:
                self.provider.release(each)
        self.advance(A_SURVEY_ENDS)


def _is_at_rest(text: dict[str, Any]) -> bool:
    """Nobody reports that a mail came."""
    return text["status"] in AT_REST or (text["status"] == "sent" and "@" in text["address"])


def _simulated(
    simulator: Simulator, customer: str, words: str, sent: str
) -> Callable[[], HttpAnswer]:
    body = simulator.take(sent, customer, words)
    return lambda: simulator.deliver(body)


def _said_otherwise(body: dict[str, Any], phone: str | None, name: str) -> dict[str, Any]:
    """The body with the buyer's name, and without a phone where there is none."""

    def changed(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        hidden = {"phone": None} if phone is None else {}
        named = {"first_name": name} | ({"name": name} if ("name", "Noa") in pairs else {})
        return {key: (hidden | named).get(key, value) for key, value in pairs}

    said: dict[str, Any] = json.loads(json.dumps(body), object_pairs_hook=changed)
    return said
