"""The messaging providers Kesher speaks with. `docs/channels.md` says what each can do."""

import importlib
from typing import cast

from kesher.channels.base import Account, Adapter, Sender
from kesher.domain.message import Outbound
from kesher.domain.outbox import CannotTell, FindResult, NoAnswer, NotAccepted, SendResult, Verb
from kesher.domain.shop import Door
from kesher.errors import Misconfigured, NotFound
from kesher.settings import secret

ONLY_SEND = frozenset({"msteams", "ses", "slack"})
"""What carries alerts to the shop's people and brings nothing back."""
NAMES = frozenset({"simulator", "twilio"}) | ONLY_SEND


def sender(kind: str) -> Sender:
    """Imported when first asked for: a room pays only for the providers its shops use."""
    if kind not in NAMES:
        raise NotFound(f"no channel {kind!r}")
    return cast("Sender", importlib.import_module(f"kesher.channels.{kind}"))


def adapter(kind: str) -> Adapter:
    """Of a provider that customers write to; raises NotFound for any other."""
    if kind in ONLY_SEND:
        raise NotFound(f"nobody writes to us through {kind!r}")
    return cast("Adapter", sender(kind))


def ask(verb: Verb, door: Door, message: Outbound, callback: str) -> SendResult | FindResult:
    """The provider is given the text, or asked whether it has it. Where the shop's account is not
    whole, the provider certainly has nothing: it may be mended before the text is too old."""
    try:
        ours = account(door, message.channel)
        if verb == "send":
            return sender(message.channel).send(ours, message, callback)
        if message.channel in ONLY_SEND:
            return CannotTell("it answers no such question")
        return adapter(message.channel).find(ours, message, callback)
    except (NotFound, Misconfigured) as error:
        return NotAccepted(str(error)) if verb == "send" else NoAnswer(str(error))


def account(door: Door, kind: str) -> Account:
    """This shop's account; raises NotFound where it has none."""
    for each in door.channels:
        if each.kind == kind:
            secrets = {name: secret(reference) for name, reference in each.credentials.items()}
            return Account(door.shop, door.country, kind, each.sender, each.base_url, secrets)
    raise NotFound(f"shop {door.shop!r} has no channel {kind!r}")
