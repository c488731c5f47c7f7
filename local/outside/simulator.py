"""The other side of the `simulator` channel: takes texts for the phones and reports on them."""

import json
from http import HTTPStatus
from itertools import count
from urllib.parse import parse_qs, urlsplit

import requests

from kesher.channels.simulator import sign
from local.gateway import HttpAnswer
from local.outside.answers import answer
from local.outside.contract import Contract
from local.outside.phones import Phones, Text, our_id
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
    def __init__(self, world: World, phones: Phones, secret: str) -> None:
        self.world, self.phones, self.secret = world, phones, secret
        self.taken: dict[str, str] = {}
        """Callback to the id that was given."""

    def __call__(self, request: requests.PreparedRequest) -> requests.Response:
        if request.headers.get("Authorization") != f"Bearer {self.secret}":
            return answer(401, {"error": "who are you?"})
        if request.method == "GET":
            asked = parse_qs(urlsplit(request.url or "").query)["callback"][0]
            return answer(200, {"id": self.taken[asked]} if asked in self.taken else {})
        said = json.loads(request.body or b"")
        sent = f"phone-{next(_ids)}"
        message = Text(our_id(said["callback"]), self.world.clock.now(), said["text"])
        self.phones.receive(said["to"], message)
        self.taken[said["callback"]] = sent
        for receipt in ("sent", "delivered"):
            self.world.later(lambda r=receipt: self._report(said["callback"], r, sent))  # type: ignore[misc]
        return answer(200, {"id": sent})

    def text(self, number: str, words: str, media: list[str]) -> tuple[Text, HttpAnswer]:
        """A person at `number` texts the shop."""
        written = self.phones.write(number, words, self.world.clock.now())
        shown = [{"url": url, "content_type": "image/jpeg"} for url in media]
        body = {"id": written.id, "from": number, "text": words, "media": shown}
        return written, self._post(f"/hooks/{self.world.shop.shop}/channels/simulator", body)

    def _report(self, callback: str, receipt: str, sent: str) -> None:
        self._post(urlsplit(callback).path, {"receipt": receipt, "id": sent})

    def _post(self, path: str, body: object) -> HttpAnswer:
        raw = json.dumps(body).encode()
        headers = {
            "content-type": "application/json",
            "x-simulator-signature": sign(self.secret, raw),
        }
        return self.world.http("POST", path, headers, raw)
