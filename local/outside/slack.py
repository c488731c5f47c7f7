"""The other side of the `slack` channel: one incoming webhook, strict about what it is posted."""

import json
import re
from urllib.parse import urlsplit

import requests

from local.outside.answers import answer, told
from local.outside.posts import Post, Posts
from local.world import World

HOST = "slack.localhost"
_UNESCAPED = re.compile(r"&(?!amp;|lt;|gt;)|[<>]")


class Slack:
    def __init__(self, world: World, posts: Posts, webhook: str) -> None:
        self.world, self.posts = world, posts
        self.path = urlsplit(webhook).path
        self.archived = False

    def __call__(self, request: requests.PreparedRequest) -> requests.Response:
        if urlsplit(request.url or "").path != self.path:
            return told(404, "no_service")
        if self.archived:
            return told(410, "channel_is_archived")
        said = json.loads(request.body or b"")
        text = said.get("text")
        if set(said) != {"text"} or not isinstance(text, str) or not text:
            return told(400, "invalid_payload")
        if _UNESCAPED.search(text):
            return answer(400, {"error": "markup in what is said"})
        plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        self.posts.receive(Post(self.world.clock.now(), "slack", plain))
        return told(200, "ok")
