"""Microsoft Teams: a workflow that posts what its webhook is sent, an Adaptive Card, to a channel or a
chat. It only sends.

https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using,
https://adaptivecards.io/explorer; last read 2026-11-25.

- The connectors of Office 365, which took message cards at `webhook.office.com`, are retired. A workflow
  is made in Teams by "Post to a channel when a webhook request is received".
- The webhook's address is the secret: its query has the signature.
- 202 means that the workflow has begun, and no more: a workflow that then fails says so to its owner
  only. A workflow that is switched off or has lost its owner answers 4xx.
- A text block reads Markdown. A line break in it is two, or the lines run together; so each line is a
  block of its own.
"""

import re
from urllib.parse import urlsplit

import requests

from kesher.channels.base import Account, post, webhook
from kesher.domain.message import Outbound
from kesher.domain.outbox import Accepted, Refused, SendResult

CREDENTIALS = frozenset({"webhook"})
CARD = "application/vnd.microsoft.card.adaptive"
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
VERSION = "1.4"


def send(account: Account, message: Outbound, callback: str) -> SendResult:  # noqa: ARG001
    attachment = {"contentType": CARD, "contentUrl": None, "content": card(message.text)}
    response = post(webhook(account), json={"type": "message", "attachments": [attachment]})
    if not isinstance(response, requests.Response):
        return response
    if response.ok and response.status_code < requests.codes.multiple_choices:
        return Accepted(message.id, known="sent")
    return Refused(f"HTTP {response.status_code}")


def card(text: str) -> dict[str, object]:
    """Its links are buttons: a customer's words are never one."""
    lines = [line for line in text.split("\n") if line]
    blocks = [
        {"type": "TextBlock", "text": plain(line), "wrap": True}
        for line in lines
        if not _is_link(line)
    ]
    actions = [
        {"type": "Action.OpenUrl", "title": urlsplit(line).netloc, "url": line}
        for line in lines
        if _is_link(line)
    ]
    return {
        "$schema": SCHEMA,
        "type": "AdaptiveCard",
        "version": VERSION,
        "body": blocks,
        "actions": actions,
    }


def plain(line: str) -> str:
    """Without what Markdown would take for its own."""
    return re.sub(r"([\\`*_\[\]()#])", r"\\\1", line)


def _is_link(line: str) -> bool:
    return re.fullmatch(r"https?://\S+", line) is not None
