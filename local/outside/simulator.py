"""The other side of the `simulator` channel: takes texts for the phones and reports on them."""

import json
from datetime import datetime
from http import HTTPStatus
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from kesher.channels.simulator import sign
from local.gateway import HttpAnswer
from local.outside.answers import answer
from local.outside.contract import Contract
from local.outside.phones import Phones, Text, our_id
from local.outside.unheard import Unheard
from local.world import World

HOST = "simulator.localhost"
_STRING = {"type": "string"}
CONTRACT = Contract(
    what="The simulated phones of the local run: texts and receipts. Not for AWS.",
    signature="X-Simulator-Signature",
    signed="HMAC-SHA256 over the body, in hexadecimal",
    content={
        "application/json": {
            "anyOf": [
                {
                    "title": "A text",
                    "type": "object",
                    "required": ["id", "from"],
                    "properties": {
                        "id": _STRING | {"minLength": 1},
                        "from": _STRING | {"minLength": 1, "description": "a phone number"},
                        "to": _STRING,
                        "text": _STRING,
                        "media": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "properties": {"url": _STRING, "content_type": _STRING},
                            },
                        },
                    },
                },
                {
                    "title": "A receipt",
                    "type": "object",
                    "required": ["receipt"],
                    "properties": {"receipt": _STRING, "id": _STRING},
                },
            ]
        }
    },
    taken=HTTPStatus.NO_CONTENT,
)
_ids = count(1)


class Simulator:
    def __init__(self, world: World, phones: Phones, secret: str, shop: str) -> None:
        self.world, self.phones, self.secret = world, phones, secret
        self.hook = f"/hooks/{shop}/channels/simulator"
        self.taken: dict[str, str] = {}
        """Callback to the id that was given."""
        self.wrote: dict[str, dict[str, Any]] = {}
        """What phones wrote, by id, as it is listed."""
        self.unheard = Unheard(world, shop, "simulator")

    def __call__(self, request: requests.PreparedRequest) -> requests.Response:
        if request.headers.get("Authorization") != f"Bearer {self.secret}":
            return answer(401, {"error": "who are you?"})
        if request.method == "GET":
            ((name, (asked,)),) = parse_qs(urlsplit(request.url or "").query).items()
            return answer(200, self._found(asked) if name == "callback" else self._since(asked))
        said = json.loads(request.body or b"")
        sent = f"phone-{next(_ids)}"
        message = Text(our_id(said["callback"]), self.world.clock.now(), said["text"])
        self.phones.receive(said["to"], message)
        self.taken[said["callback"]] = sent
        for receipt in ("sent", "delivered"):
            self.world.later(lambda r=receipt: self._report(said["callback"], r, sent))  # type: ignore[misc]
        return answer(200, {"id": sent})

    def _found(self, callback: str) -> dict[str, Any]:
        return {"id": self.taken[callback]} if callback in self.taken else {}

    def _since(self, instant: str) -> dict[str, Any]:
        since = datetime.fromisoformat(instant)
        return {
            "texts": [e for e in self.wrote.values() if datetime.fromisoformat(e["at"]) >= since]
        }

    def text(self, number: str, words: str, media: list[str]) -> tuple[Text, HttpAnswer]:
        """A person at `number` texts the shop."""
        written = self.phones.write(number, words, self.world.clock.now())
        shown = [{"url": url, "content_type": "image/jpeg"} for url in media]
        return written, self.deliver(self.take(written.id, number, words, shown))

    def lose(self, number: str, words: str) -> Text:
        """A person at `number` texts the shop, and neither webhook nor fallback is ever called."""
        written = self.phones.write(number, words, self.world.clock.now())
        self.take(written.id, number, words)
        return written

    def take(
        self, id: str, number: str, words: str, media: list[dict[str, str]] | None = None
    ) -> dict[str, Any]:
        """A text comes to the shop's number: what its webhook will say."""
        body = {"id": id, "from": number, "text": words, "media": media or []}
        self.wrote[id] = body | {"at": self.world.clock.now().isoformat()}
        self.unheard.wrote(id, number)
        return body

    def deliver(self, body: dict[str, Any]) -> HttpAnswer:
        answered = self._post(self.hook, body)
        if answered.status < 300:
            self.unheard.heard(body["id"])
        return answered

    def _report(self, callback: str, receipt: str, sent: str) -> None:
        self._post(urlsplit(callback).path, {"receipt": receipt, "id": sent})

    def _post(self, path: str, body: object) -> HttpAnswer:
        raw = json.dumps(body).encode()
        headers = {
            "content-type": "application/json",
            "x-simulator-signature": sign(self.secret, raw),
        }
        return self.world.http("POST", path, headers, raw)
