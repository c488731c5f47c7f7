"""Words by which a customer stops us, starts us again, or asks for help.

Only a whole text counts here: "cancel" stops, "cancel order 1234" is a request to a person. Sources,
read 2026-11: CTIA's set as Twilio and AWS list it; 30A of Israel's Communications Law in practice;
the Iranian service lines' 11 and 12; the commonest words of Arabic and Russian senders.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from kesher.domain.customer import STOPPABLE, ConsentChange, Customer, derived_id
from kesher.domain.text import fold

Wish = Literal["opt-out", "opt-in", "help"]
Source = Literal["keyword", "provider", "receipt"]


def _words(*phrases: str) -> frozenset[str]:
    return frozenset(fold(phrase) for phrase in phrases)


_OPT_OUT = _words(
    *("STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"),
    *("OPT-OUT", "REMOVE", "ARRET", "ARRÊT"),
    *("הסר", "הסרה", "להסרה", "הסירו", "הסירו אותי", "עצור", "עצרו", "די", "ביטול"),
    *("لغو", "لغو۱۱", "لغو ۱۱", "انصراف", "توقف"),
    *("إلغاء", "إيقاف", "الغاء الاشتراك", "إلغاء الاشتراك"),
    *("СТОП", "ОТПИСАТЬСЯ", "ОТПИСКА", "ОТПИШИТЕ"),
)
_OPT_IN = _words(
    *("START", "UNSTOP", "SUBSCRIBE", "הצטרף", "הצטרפות", "شروع", "عضویت", "اشتراك", "ابدأ"),
    *("СТАРТ", "ПОДПИСАТЬСЯ"),
)
_YES = _words("YES", "כן", "بله", "نعم", "да")
_HELP = _words("HELP", "INFO", "עזרה", "מידע", "راهنما", "کمک", "مساعدة", "ПОМОЩЬ", "СПРАВКА")


def wish(customer: Customer, text: str) -> Wish | None:
    """What the whole text asks for, if it is one of the words. "Yes" starts us again only for a
    customer who had stopped us; 11 and 12 are words in Iran and numbers elsewhere."""
    folded = fold(text)
    iran = customer.address.startswith("+98")
    if folded in _OPT_OUT or (iran and folded == "11"):
        return "opt-out"
    if folded in _OPT_IN or (customer.opted_out and (folded in _YES or (iran and folded == "12"))):
        return "opt-in"
    return "help" if folded in _HELP else None


def overtaken(customer: Customer, wish: Wish, said_at: datetime) -> bool:
    """Whether the customer has stopped or started us since: a text may come long after it was
    written, and the last word counts."""
    return wish != "help" and customer.consent_at is not None and said_at < customer.consent_at


@dataclass(frozen=True)
class Proof:
    source: Source
    evidence: str
    """The customer's own words, or the provider's code."""
    channel: str
    message: str
    """The channel's id of the message that carried it; a proof is used once."""


def change(
    customer: Customer, action: Literal["opt-out", "opt-in"], proof: Proof, at: datetime
) -> tuple[Customer, ConsentChange]:
    """The customer as they have wanted it since then, and the line that proves it."""
    stopped = STOPPABLE if action == "opt-out" else frozenset()
    entry = ConsentChange(
        id=derived_id("consent", customer.id, proof.channel, proof.message),
        shop=customer.shop,
        customer=customer.id,
        at=at,
        action=action,
        source=proof.source,
        evidence=proof.evidence,
        message=proof.message,
    )
    return replace(customer, stopped=stopped, consent_at=at), entry
