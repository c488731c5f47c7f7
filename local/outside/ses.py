"""The other side of the `ses` channel: Amazon SES, in its sandbox until told otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from itertools import count
from typing import Any

from local.outside.posts import Post, Posts
from local.strict import Refused
from local.world import World

_ids = count(1)
_STATUS = {"ResponseMetadata": {"HTTPStatusCode": 400}}


@dataclass
class Ses:
    world: World
    posts: Posts
    identity: str
    """A domain or an address: who mails are from."""
    unverified: set[str] = field(default_factory=set)
    """Addresses that the sandbox refuses to send to."""

    def __call__(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        if operation != "SendEmail":
            raise NotImplementedError(f"sesv2 {operation}: no room calls it")
        self._check_sender(params["FromEmailAddress"])
        (to,) = params["Destination"]["ToAddresses"]
        if "@" not in to or to in self.unverified:
            raise _rejected(to)
        simple = params["Content"]["Simple"]
        subject, body = simple["Subject"], simple["Body"]["Text"]
        for part in (subject, body):
            _check_charset(part)
        if "\n" in subject["Data"] or not subject["Data"]:
            raise Refused("A subject is one line.", "BadRequestException", **_STATUS)
        self.posts.receive(Post(self.world.clock.now(), to, body["Data"], subject["Data"]))
        return {"MessageId": f"0100018f{next(_ids):08x}-000000"}

    def _check_sender(self, sender: str) -> None:
        _, address = parseaddr(sender)
        if self.identity not in {address, address.partition("@")[2]}:
            raise _rejected(address)


def _check_charset(part: Mapping[str, str]) -> None:
    """What no charset is given for is ASCII."""
    if part.get("Charset") != "UTF-8" and not part["Data"].isascii():
        raise Refused("Not in the charset that is given.", "BadRequestException", **_STATUS)


def _rejected(address: str) -> Refused:
    what = "Email address is not verified. The following identities failed the check"
    return Refused(f"{what}: {address}", "MessageRejected", **_STATUS)
