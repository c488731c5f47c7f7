"""The messaging providers Kesher speaks with. `docs/channels.md` says what each can do."""

import importlib
from typing import cast

from kesher.channels.base import Account, Adapter
from kesher.domain.message import Outbound
from kesher.domain.outbox import FindResult, NoAnswer, NotAccepted, SendResult, Verb
from kesher.domain.shop import Door
from kesher.errors import Misconfigured, NotFound
from kesher.settings import secret

NAMES = frozenset({"simulator", "twilio"})


def adapter(kind: str) -> Adapter:
    """Imported when first asked for: a room pays only for the providers its shops use."""
    if kind not in NAMES:
        raise NotFound(f"no channel {kind!r}")
    return cast("Adapter", importlib.import_module(f"kesher.channels.{kind}"))


def ask(verb: Verb, door: Door, message: Outbound, callback: str) -> SendResult | FindResult:
    """The provider is given the text, or asked whether it has it. Where the shop's account is not
    whole, the provider certainly has nothing: it may be mended before the text is too old."""
    try:
        ours = account(door, message.channel)
        act = {"send": adapter(message.channel).send, "find": adapter(message.channel).find}[verb]
    except (NotFound, Misconfigured) as error:
        return NotAccepted(str(error)) if verb == "send" else NoAnswer(str(error))
    return act(ours, message, callback)


def account(door: Door, kind: str) -> Account:
    """This shop's account; raises NotFound where it has none."""
    for each in door.channels:
        if each.kind == kind:
            secrets = {name: secret(reference) for name, reference in each.credentials.items()}
            return Account(door.shop, door.country, kind, each.sender, each.base_url, secrets)
    raise NotFound(f"shop {door.shop!r} has no channel {kind!r}")
