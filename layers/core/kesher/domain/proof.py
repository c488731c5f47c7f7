"""Another's order. Who asks for one from a number that is not on it proves that its phone is at hand:
a code of six digits is texted to that phone, and has to come back.

Whether there is such an order is never said. The same words answer a number that is nobody's, an
order whose buyer wants no texts, and one that was asked for too often today: all that differs is
whether a code leaves, and that only its buyer sees. Guessing is bounded from both sides: MOST_TRIES a
code, TEXTED_A_DAY codes an order, ASKED_AN_HOUR questions an asking customer, which makes 9 guesses
of a million a day at any one order.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kesher.domain import language, outbox
from kesher.domain.conversation import Conversation, Proof
from kesher.domain.customer import Customer
from kesher.domain.message import Outbound
from kesher.domain.order import Order
from kesher.domain.shop import Shop
from kesher.domain.spending import Purse, Spend
from kesher.domain.voice import Voice

DIGITS = 6
VALID = timedelta(minutes=10)
MOST_TRIES = 3
TEXTED_A_DAY = 3
"""Codes of one order, in a day of the shop's time zone: its buyer has not asked for them."""
ASKED_AN_HOUR = 3
_AN_HOUR = timedelta(hours=1)

_CODE = re.compile(r"(?<!\d)(?<!\d )(\d{3}) ?(\d{3})(?! ?\d)")
_NEARLY = re.compile(r"\d{5,7}")


@dataclass(frozen=True)
class Sought:
    """The newest order of a number, and its buyer."""

    order: Order
    buyer: Customer
    texted: int = 0
    """Codes of it today."""

    @property
    def is_reachable(self) -> bool:
        """Whether its phone is known and may be texted: an erased buyer's is not."""
        return (
            self.buyer.address == self.order.address
            and "informational" not in self.buyer.stopped
            and self.texted < TEXTED_A_DAY
        )


@dataclass(frozen=True)
class CodeText:
    """A code that its order's buyer is to be texted."""

    sought: Sought
    code: str


def drawn(draw: Callable[[int], int]) -> str:
    """A code; `draw` gives a whole number below its argument that nobody can foresee."""
    return f"{draw(10**DIGITS):0{DIGITS}}"


def asked(
    talk: Conversation, number: str, sought: Sought | None, code: str | None, now: datetime
) -> tuple[Conversation, CodeText | None]:
    """The conversation that waits for a code, and the code, if one is to be texted. A code that it
    waited for before is right no more."""
    until = now + VALID
    if not sought or not code or not sought.is_reachable:
        return replace(talk, proof=Proof(number, until)), None
    digest = _digest(sought.order, code, _salt(talk, until))
    return replace(talk, proof=Proof(number, until, digest)), CodeText(sought, code)


def said(folded: str, *, awaited: bool) -> str | None:
    """The code that a folded text says: six digits that stand alone. Where a code is awaited, one digit
    more or less is a code mistyped and no order's number."""
    found = _CODE.search(folded)
    if found:
        return found[1] + found[2]
    bare = folded.replace(" ", "")
    return bare if awaited and _NEARLY.fullmatch(bare) else None


def is_right(talk: Conversation, sought: Sought | None, code: str) -> bool:
    """Whether the code is the one that was texted of this very order; compared in constant time."""
    proof = talk.proof
    if proof is None or proof.digest is None or sought is None or sought.order.address is None:
        return False
    digest = _digest(sought.order, code, _salt(talk, proof.until))
    return hmac.compare_digest(digest, proof.digest)


def _salt(talk: Conversation, until: datetime) -> str:
    return f"{talk.id}/{until.isoformat()}"


def _digest(order: Order, code: str, salt: str) -> str:
    """Salted, so that no two conversations' are alike. It keeps a code from whoever sees the row by
    chance; for ten minutes a million codes are no secret from one who means to try them all."""
    said = f"{salt}/{order.platform}/{order.id}/{code}"
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


# --- how often ----------------------------------------------------------------------------------------


def too_often(customer: Customer, now: datetime) -> bool:
    since = customer.sought_since
    return since is not None and now - since < _AN_HOUR and customer.sought >= ASKED_AN_HOUR


def counted(customer: Customer, now: datetime) -> Customer:
    """With one more question for another's order, whether or not there was one."""
    since = customer.sought_since
    if since is None or now - since >= _AN_HOUR:
        return replace(customer, sought=1, sought_since=now)
    return replace(customer, sought=customer.sought + 1)


def purse(shop: Shop, platform: str, order: str, now: datetime) -> Purse:
    """Out of which an order's codes of today are taken, one at a time."""
    day = now.astimezone(ZoneInfo(shop.timezone)).date()
    return Purse(f"{day.isoformat()}/code/{platform}/{order}", TEXTED_A_DAY)


# --- what its buyer reads -----------------------------------------------------------------------------


def texts(due: CodeText, cause: str, voice: Voice, now: datetime) -> tuple[Outbound, Spend]:
    """The code on its way to the buyer, in their language, and its place among those of the day."""
    order, buyer = due.sought.order, due.sought.buyer
    speech = voice.language(language.primary(order.language), buyer.language)
    text = voice.say("code", speech, order=order.number or order.id, code=due.code)
    out_of = purse(voice.shop, order.platform, order.id, now)
    return (
        outbox.queued(outbox.Say(text, "informational", cause, VALID), buyer, voice.shop, now),
        Spend(voice.shop.shop, out_of.name, 1, now, out_of.holds),
    )
