"""A World with the outside around it: phones that text, shops whose orders move. `kesher run` puts
HTTP in front of it; tests use it as it is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from uuid import uuid4

from kesher import store
from kesher.domain import sms
from kesher.domain.customer import customer_id
from kesher.domain.message import MAY_HAVE_LEFT, Outbound
from kesher.domain.shop import Shop
from kesher.phone import e164
from kesher.settings import secret
from local.outside import generic, msteams, shopify, simulator, slack, twilio
from local.outside.phones import Phones
from local.outside.posts import Posts
from local.outside.ses import Ses
from local.outside.shop_events import Move, Order, Platform
from local.template import ROOT
from local.world import Clock, World

DEMO_SHOP = ROOT / "examples" / "demo-shop.yaml"
DEMO_SECRETS = ROOT / "examples" / "demo-secrets.env"
PLATFORMS: dict[str, Platform] = {"shopify": shopify.PLATFORM, "generic": generic.PLATFORM}
KINDS = ("confirmed", "shipped", "delivered", "cancelled", "refunded")


class NotPossible(ValueError):
    """What was asked of the simulated outside makes no sense; says why."""


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class Machine:
    """Use as a context manager."""

    shop: Shop
    secrets: Mapping[str, str]
    public_url: str = "http://127.0.0.1:8080"
    clock: Clock = field(default_factory=Clock)

    def __enter__(self) -> "Machine":
        self.phones = Phones()
        self.world = World(self.shop, self.secrets, self.public_url, self.clock).__enter__()
        credentials = {
            each.kind: {name: secret(ref) for name, ref in each.credentials.items()}
            for each in self.shop.channels
        }
        self.world.wanted["SweepFunction"] = []
        if "simulator" in credentials:
            self.simulator = simulator.Simulator(
                self.world, self.phones, credentials["simulator"]["secret"], self.shop.shop
            )
            self.world.hosts[simulator.HOST] = self.simulator
            self.world.wanted["SweepFunction"].append(self.simulator.unheard.first)
        if "twilio" in credentials:
            self.twilio = twilio.Twilio(self.world, self.phones, **credentials["twilio"])
            self.world.hosts[twilio.HOST] = self.twilio
            self.world.wanted["SweepFunction"].append(self.twilio.unheard.first)
        self._people(credentials)
        return self

    def _people(self, credentials: Mapping[str, Mapping[str, str]]) -> None:
        """Where the shop's own people are alerted, beside their phones."""
        self.posts = Posts()
        if "ses" in credentials:
            identity = parseaddr(self.shop.sender("ses") or "")[1].partition("@")[2]
            self.ses = Ses(self.world, self.posts, identity)
            self.world.services["sesv2"] = self.ses
        if "slack" in credentials:
            self.slack = slack.Slack(self.world, self.posts, credentials["slack"]["webhook"])
            self.world.hosts[slack.HOST] = self.slack
        if "msteams" in credentials:
            self.teams = msteams.Teams(self.world, self.posts, credentials["msteams"]["webhook"])
            self.world.hosts[msteams.HOST] = self.teams

    def __exit__(self, *exception: object) -> None:
        self.world.__exit__(*exception)

    # --- phones -----------------------------------------------------------------------------------

    def number(self, written: str) -> str:
        number = e164(written, self.shop.country)
        if number is None:
            raise NotPossible(f"{written!r} is no phone number")
        return number

    def text(self, written: str, words: str, media: list[str] | None = None) -> dict[str, Any]:
        """A phone texts the shop through the simulator; raises NotPossible where it has none."""
        if "simulator" not in {each.kind for each in self.shop.channels}:
            raise NotPossible("this shop has no simulator channel; add one to its file")
        number = self.number(written)
        sent, answer = self.simulator.text(number, words, media or [])
        if answer.status >= 400:
            raise NotPossible(f"the door answered {answer.status}: {answer.body.decode()}")
        return {"id": sent.id, "at": sent.at.isoformat()}

    def received(self, written: str) -> list[dict[str, Any]]:
        """Every text the phone got, the oldest first: as its provider delivered it, with what we
        know became of it. A text that left to a provider outside is counted by our record."""
        number = self.number(written)
        known = {each.id: each for each in self._outbound(number)}
        got = [
            self._shown(text.id, text.at, text.text, known.get(text.id))
            for text in self.phones.got.get(number, [])
        ]
        here = {each["id"] for each in got}
        got += [
            self._shown(each.id, each.at, each.text, each)
            for each in known.values()
            if each.status in MAY_HAVE_LEFT and each.id not in here
        ]
        return sorted(got, key=lambda each: str(each["at"]))

    def thread(self, written: str) -> list[dict[str, Any]]:
        """Texts both ways, from the phone's view; those still on their way included."""
        number = self.number(written)
        wrote = [
            {
                "id": each.id,
                "at": each.at.isoformat(),
                "direction": "sent",
                "text": each.text,
                "parts": None,
                "encoding": None,
                "status": None,
            }
            for each in self.phones.wrote.get(number, [])
        ]
        got = [each | {"direction": "received"} for each in self.received(number)]
        return sorted(wrote + got, key=lambda each: str(each["at"]))

    def _outbound(self, number: str) -> list[Outbound]:
        customer = customer_id(self.shop.shop, number, "")
        history = store.history(self.shop.shop, customer)
        return [each for each in history if isinstance(each, Outbound)]

    def _shown(self, id: str, at: datetime, text: str, known: Outbound | None) -> dict[str, Any]:
        plan = sms.plan(text)
        return {
            "id": id,
            "at": at.isoformat(),
            "text": text,
            "parts": plan.parts,
            "encoding": plan.encoding,
            "status": known.status if known else "unknown",
        }

    # --- shops ------------------------------------------------------------------------------------

    def ready_made(self, move: Move, delivery: str) -> Request:
        """The request a shop system would send, unsigned."""
        if move.platform not in {p.kind for p in self.shop.platforms} & set(PLATFORMS):
            raise NotPossible(f"this shop has no platform {move.platform!r}")
        if move.kind not in KINDS:
            raise NotPossible(f"kind is one of {', '.join(KINDS)}")
        far_side = PLATFORMS[move.platform]
        order = Order(move.order, self.number(move.phone), move.language, self.clock.now())
        return Request(
            "POST",
            f"/hooks/{self.shop.shop}/platforms/{move.platform}",
            far_side.headers(move.kind, order, delivery),
            far_side.body(move.kind, order, delivery),
        )

    def order_event(
        self, move: Move, body: dict[str, Any] | None = None, delivery: str | None = None
    ) -> dict[str, Any]:
        """The shop's system posts that an order moved, signed. The same delivery id again is the
        provider's own repetition."""
        delivery = delivery or str(uuid4())
        request = self.ready_made(move, delivery)
        sent = body or request.body
        raw = json.dumps(sent, ensure_ascii=False).encode()
        account = next(each for each in self.shop.platforms if each.kind == move.platform)
        headers = PLATFORMS[move.platform].sign(request.headers, raw, secret(account.secret))
        answer = self.world.http("POST", request.path, headers, raw)
        return {
            "status": answer.status,
            "answer": answer.body.decode(),
            "delivery": delivery,
            "request": {
                "method": "POST",
                "path": request.path,
                "headers": headers,
                "body": sent,
            },
        }

    def queues(self) -> dict[str, Any]:
        now = self.clock.now()
        return {
            queue.spec.label: {
                "waiting": (waiting := queue.waiting(now)),
                "in_flight": len(queue.letters) - waiting,
                "dead": len(queue.dead),
                "dead_letters": [{"body": each.body, "why": each.why} for each in queue.dead],
            }
            for queue in self.world.queues.values()
            if queue.spec.dead_letters
        }


def secrets_in(file: Path) -> dict[str, str]:
    """The `NAME=value` lines of a file."""
    lines = file.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line.strip() and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}
