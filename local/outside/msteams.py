"""The other side of the `msteams` channel: a workflow's webhook, strict about what it is posted."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from local.outside.answers import told
from local.outside.posts import Post, Posts
from local.world import World

HOST = "msteams.localhost"
CARD = "application/vnd.microsoft.card.adaptive"


class Teams:
    def __init__(self, world: World, posts: Posts, webhook: str) -> None:
        self.world, self.posts, self.webhook = world, posts, urlsplit(webhook)
        self.is_on = True

    def __call__(self, request: requests.PreparedRequest) -> requests.Response:
        asked = urlsplit(request.url or "")
        if asked.path != self.webhook.path or parse_qs(asked.query) != parse_qs(self.webhook.query):
            return told(401, "")
        if not self.is_on:
            return told(400, "WorkflowTriggerIsNotEnabled")
        try:
            text = _read(json.loads(request.body or b""))
        except (KeyError, TypeError, ValueError):
            return told(400, "TriggerInputSchemaMismatch")
        self.posts.receive(Post(self.world.clock.now(), "msteams", text))
        return told(202, "")


def _read(said: dict[str, Any]) -> str:
    """The card's lines; raises where it is no card."""
    (attachment,) = said["attachments"]
    card = attachment["content"]
    kinds = said["type"], attachment["contentType"], card["type"], card["version"]
    if kinds != ("message", CARD, "AdaptiveCard", "1.4"):
        raise ValueError(kinds)
    lines = [block["text"] for block in card["body"] if block["type"] == "TextBlock"]
    lines += [each["url"] for each in card["actions"] if each["type"] == "Action.OpenUrl"]
    if len(lines) != len(card["body"]) + len(card["actions"]):
        raise ValueError("a part of the card is none")
    return "\n".join(lines)
