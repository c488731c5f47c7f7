"""Whoever may post to the public door, each with the signature that opens it."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from kesher.wire import form_pairs
from local.machine import DEMO_SECRETS, secrets_in

PUBLIC_URL = "http://127.0.0.1:8080"
SECRETS = secrets_in(DEMO_SECRETS)
PATHS = {
    "twilio": "/hooks/demo/channels/twilio",
    "simulator": "/hooks/demo/channels/simulator",
    "shopify": "/hooks/demo/platforms/shopify",
    "generic": "/hooks/demo/platforms/generic",
}


@dataclass(frozen=True)
class Post:
    """A request as it stands on the wire, unsigned or signed."""

    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"
    query: str = ""

    def __str__(self) -> str:
        body = f"{self.body[:300]!r}, {len(self.body)} bytes"
        return f"{self.method} {self.path[:200]}?{self.query[:200]} {dict(self.headers)}: {body}"


def signed(sender: str, post: Post, now: datetime, secret: str | None = None) -> Post:
    """The post as that sender signs it, with the demo shop's secret unless another is given."""
    headers = _UNSIGNED[sender] | dict(post.headers)
    if sender == "generic":
        headers = {"webhook-timestamp": str(int(now.timestamp()))} | headers
    whole = replace(post, headers=headers)
    name, default = _SIGNATURES[sender]
    signature = _SIGN[sender](whole, secret or SECRETS[default])
    return replace(whole, headers=headers | {name: signature})


def signature_of(sender: str, post: Post) -> str:
    return post.headers[_SIGNATURES[sender][0]]


def resigned(sender: str, post: Post, signature: str) -> Post:
    """The same under another signature."""
    return replace(post, headers=dict(post.headers) | {_SIGNATURES[sender][0]: signature})


def _twilio(post: Post, secret: str) -> str:
    url = f"{PUBLIC_URL}{post.path}" + (f"?{post.query}" if post.query else "")
    pairs = sorted(set(form_pairs(post.body))) if post.method == "POST" else []
    message = url.encode(errors="replace") + b"".join(name + value for name, value in pairs)
    return base64.b64encode(hmac.new(secret.encode(), message, hashlib.sha1).digest()).decode()


def _simulator(post: Post, secret: str) -> str:
    return hmac.new(secret.encode(), post.body, hashlib.sha256).hexdigest()


def _shopify(post: Post, secret: str) -> str:
    digest = hmac.new(secret.encode(), post.body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _generic(post: Post, secret: str) -> str:
    said = f"{post.headers['webhook-id']}.{post.headers['webhook-timestamp']}."
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, said.encode(errors="replace") + post.body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


_SIGN: dict[str, Callable[[Post, str], str]] = {
    "twilio": _twilio,
    "simulator": _simulator,
    "shopify": _shopify,
    "generic": _generic,
}
_SIGNATURES = {
    "twilio": ("x-twilio-signature", "TWILIO_AUTH_TOKEN"),
    "simulator": ("x-simulator-signature", "SIMULATOR_SECRET"),
    "shopify": ("x-shopify-hmac-sha256", "SHOPIFY_SECRET"),
    "generic": ("webhook-signature", "GENERIC_SECRET"),
}
_UNSIGNED = {
    "twilio": {"content-type": "application/x-www-form-urlencoded"},
    "simulator": {"content-type": "application/json"},
    "shopify": {"content-type": "application/json", "x-shopify-topic": "orders/create"},
    "generic": {"content-type": "application/cloudevents+json", "webhook-id": "m"},
}
