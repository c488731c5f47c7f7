"""What the public door does with a webhook: believe it, understand it, put it on its queue.

Meaning is worked out behind the queue, so the answer waits for nothing that can be slow.
"""

from kesher import channels, instant, platforms, queues, shops
from kesher.channels.base import Answer
from kesher.domain import outbox
from kesher.errors import NotFound
from kesher.wire import Request


def take_channel(request: Request, shop: str, channel: str, message: str | None = None) -> Answer:
    """A provider's webhook, or its receipt for our own `message`; raises Refusal."""
    account = channels.account(shops.door(shop), channel)
    adapter = channels.adapter(channel)
    adapter.verify(request, account)
    if message is not None and not outbox.may_be_text_id(message):
        raise NotFound("no text has such an id")
    for event in adapter.parse(request, account, instant.now(), message):
        queues.send(event)
    return adapter.answer(request)


def take_platform(request: Request, shop: str, platform: str) -> Answer:
    """A shop platform's webhook; raises Refusal."""
    account = platforms.account(shops.door(shop), platform)
    adapter = platforms.adapter(platform)
    now = instant.now()
    adapter.verify(request, account, now)
    for event in adapter.parse(request, account, now):
        queues.send(event)
    return Answer()
