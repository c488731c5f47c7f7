"""The other side of the `twilio` channel: the Messages resource of the demo shop's `base_url`."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from itertools import count
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from local.gateway import HttpAnswer
from local.outside.answers import answer
from local.outside.contract import Contract
from local.outside.phones import Phones, Text, our_id
from local.outside.unheard import Unheard
from local.world import World

HOST = "twilio.localhost"
_FIELDS = {
    "MessageSid": "its id; a repeated delivery has it again",
    "From": "who texts",
    "To": "the shop's number, or in a receipt the customer's",
    "Body": "the text",
    "NumMedia": "how many pictures follow, as MediaUrl0 and MediaContentType0 and so on",
    "ProfileName": "the customer's name, where the network tells it",
    "OptOutType": "STOP, START or HELP, where Twilio has answered it itself",
    "MessageStatus": "in a receipt: what became of our text",
    "ErrorCode": "in a receipt: why it failed",
}
CONTRACT = Contract(
    what="Twilio Programmable Messaging: texts and receipts",
    signature="X-Twilio-Signature",
    signed="base64 of HMAC-SHA1, with the auth token, over the public URL and the sorted form fields",
    content={
        "application/x-www-form-urlencoded": {
            "type": "object",
            "properties": {
                name: {"type": "string", "description": what} for name, what in _FIELDS.items()
            },
        }
    },
    answer="text/xml",
    also_gets=True,
    has_fallback=True,
)
_ids = count(1)


class Twilio:
    def __init__(self, world: World, phones: Phones, account_sid: str, auth_token: str) -> None:
        self.world, self.phones = world, phones
        self.account_sid, self.auth_token = account_sid, auth_token
        self.sender = next(c.sender for c in world.shop.channels if c.kind == "twilio")
        self.messages: dict[str, dict[str, str]] = {}
        """Both ways, by sid, as they are listed."""
        self.unheard = Unheard(world, world.shop.shop, "twilio")

    def __call__(self, request: requests.PreparedRequest) -> requests.Response:
        basic = base64.b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {basic}":
            return answer(401, {"code": 20003, "message": "Authenticate", "status": 401})
        if request.method == "GET":
            asked = parse_qs(urlsplit(request.url or "").query)
            return answer(200, self._listed({name: values[0] for name, values in asked.items()}))
        body = request.body.decode() if isinstance(request.body, bytes) else str(request.body)
        form = {name: values[0] for name, values in parse_qs(body).items()}
        sid = f"SM{next(_ids):032x}"
        callback = form["StatusCallback"]
        message = Text(our_id(callback), self.world.clock.now(), form["Body"])
        self.phones.receive(form["To"], message)
        self._note(sid, form, "outbound-api", "queued")
        for status in ("sent", "delivered"):
            self.world.later(lambda s=status: self._report(callback, s, sid, form["To"]))  # type: ignore[misc]
        return answer(201, {"sid": sid, "status": "queued", "error_code": None})

    def _note(self, sid: str, form: dict[str, str], direction: str, status: str) -> None:
        now = format_datetime(self.world.clock.now().replace(microsecond=0))
        self.messages[sid] = {
            "sid": sid,
            "direction": direction,
            "to": form.get("To", self.sender),
            "from": form["From"],
            "body": form["Body"],
            "num_media": form.get("NumMedia", "0"),
            "date_created": now,
            "date_sent": now,
            "status": status,
        }

    def _listed(self, asked: dict[str, str]) -> dict[str, object]:
        """A page of those to a number, or of all, the newest first."""
        since = datetime.fromisoformat(asked.get("DateSent>", "1970-01-01T00:00:00Z"))
        found = [
            each
            for each in reversed(list(self.messages.values()))
            if asked.get("To", each["to"]) == each["to"]
            and parsedate_to_datetime(each["date_sent"]) >= since.astimezone(UTC)
        ]
        size, page = int(asked.get("PageSize", "50")), int(asked.get("Page", "0"))
        start, end = page * size, (page + 1) * size
        query = urlencode(asked | {"Page": str(page + 1), "PageToken": f"PA{end}"})
        more = f"/2010-04-01/Accounts/{self.account_sid}/Messages.json?{query}"
        return {"messages": found[start:end], "next_page_uri": more if found[end:] else None}

    def lose(self, number: str, words: str, sid: str, **more: str) -> None:
        """A person at `number` texts the shop's number, and neither webhook nor fallback is called."""
        self._take({"MessageSid": sid, "From": number, "Body": words} | more)

    def _take(self, form: dict[str, str]) -> None:
        if form["MessageSid"] not in self.messages:
            self._note(form["MessageSid"], form, "inbound", "received")
            self.unheard.wrote(form["MessageSid"], form["From"])

    def text(self, number: str, words: str, sid: str, **more: str) -> HttpAnswer:
        """A person at `number` texts the shop's number."""
        form = {
            "MessageSid": sid,
            "SmsStatus": "received",
            "From": number,
            "To": self.sender,
            "Body": words,
            "NumMedia": "0",
            "FromCity": "",
        }
        return self._post(f"/hooks/{self.world.shop.shop}/channels/twilio", form | more)

    def _report(self, callback: str, status: str, sid: str, to: str) -> None:
        form = {"MessageSid": sid, "MessageStatus": status, "To": to}
        self._post(urlsplit(callback).path, form)

    def _post(self, path: str, form: dict[str, str]) -> HttpAnswer:
        headers = {
            "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
            "x-twilio-signature": signature(self.auth_token, self.world.public_url + path, form),
        }
        if "MessageStatus" not in form:
            self._take(form)
        answered = self.world.http("POST", path, headers, urlencode(form).encode())
        if answered.status < 300:
            self.unheard.heard(form["MessageSid"])
        return answered


def signature(token: str, url: str, form: dict[str, str]) -> str:
    signed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(
        hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()
    ).decode()
