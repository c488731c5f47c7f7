"""Incoming webhooks of Slack, and of what takes the same body, such as Mattermost: alerts in a room.
It only sends.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks,
https://docs.slack.dev/reference/block-kit, https://developers.mattermost.com/integrate/webhooks/incoming;
last read 2026-11-25.

- The webhook's address is the secret: whoever has it can post.
- 200 and the two letters `ok`; a refusal is a status of 4xx and a word: `no_service`,
  `channel_is_archived`, `invalid_payload`. 429 has `Retry-After`.
- `&`, `<` and `>` steer its markup and are to be escaped, or a customer could write to `<!channel>`.
  What looks like an address becomes a link by itself.
"""

import requests

from kesher.channels.base import Account, post, webhook
from kesher.domain.message import Outbound
from kesher.domain.outbox import Accepted, Refused, SendResult

CREDENTIALS = frozenset({"webhook"})
LONGEST_REASON = 60


def send(account: Account, message: Outbound, callback: str) -> SendResult:  # noqa: ARG001
    response = post(webhook(account), json={"text": escaped(message.text)})
    if not isinstance(response, requests.Response):
        return response
    if response.status_code == requests.codes.ok:
        return Accepted(message.id, known="delivered")
    reason = " ".join(response.text.split())[:LONGEST_REASON]
    return Refused(f"HTTP {response.status_code} {reason}".rstrip())


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
