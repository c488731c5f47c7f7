"""What was agreed with a customer, for them to read again. It is proposed from what is known, changed by
the agent as they like, and told by a link when the conversation is closed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kesher.domain import deeds
from kesher.domain.customer import Customer
from kesher.domain.message import Inbound, Outbound
from kesher.domain.order import Order, at_hand, known_by
from kesher.domain.shop import Agent
from kesher.domain.summary import Page, Summary, digest
from kesher.domain.text import contains, fold
from kesher.domain.voice import Voice

VALID = timedelta(days=30)
"""Or as long as the shop keeps texts, if that is shorter."""
LONGEST_QUOTE = 200


@dataclass(frozen=True)
class Link:
    """Where a page is: an address that nobody can guess."""

    public_url: str
    token: str = field(repr=False)
    """128 random bits, in characters of a URL."""

    @property
    def url(self) -> str:
        return f"{self.public_url}/t/{self.token}"


@dataclass(frozen=True)
class Agreed:
    """What an agent wrote of it, and where it is to be read."""

    text: str
    link: Link
    orders: tuple[Order, ...] = ()
    """The customer's, newest first."""


@dataclass(frozen=True)
class Author:
    """Whose summary it is, and how the shop speaks."""

    agent: Agent
    """Who has had the conversation."""
    voice: Voice


def kept(agreed: Agreed, author: Author, customer: Customer, now: datetime) -> Summary:
    """Of the conversation that is just closed."""
    shop, talk = author.voice.shop, customer.conversation
    return Summary(
        shop=customer.shop,
        customer=customer.id,
        conversation=talk.id if talk else "",
        digest=digest(agreed.link.token),
        at=now,
        until=now + min(VALID, timedelta(days=shop.retention.messages_days)),
        reopens_until=now + timedelta(hours=shop.service.reopen_hours),
        page=_page(agreed, author, customer),
    )


def _page(agreed: Agreed, author: Author, customer: Customer) -> Page:
    voice, agent = author.voice, author.agent
    language = voice.language(customer.language)
    _, sender = voice.shop.route(customer.channel, customer.line)
    return Page(
        language=language,
        title=voice.say("summary_title", language),
        text=agreed.text,
        order=_order_named(agreed, voice, language),
        signed=voice.say("signature", language, name=agent.name, role=agent.role),
        back=voice.say("summary_back", language, sender=sender, agent=agent.name),
        later=voice.say("summary_later", language, sender=sender),
    )


def _order_named(agreed: Agreed, voice: Voice, language: str) -> str | None:
    """The agent's own words decide which it is: a guess would have them agree on another."""
    said = fold(agreed.text)
    lines = (
        order_told(each, voice, language)
        for each in agreed.orders
        if contains(said, known_by(each))
    )
    line = next(lines, None)
    return None if line is None or contains(said, fold(line)) else line


def proposed(
    customer: Customer,
    orders: tuple[Order, ...],
    thread: Iterable[Inbound | Outbound],
    author: Author,
) -> str:
    """For the agent to change: the order, what the customer asked, and what they were answered last.
    A line each, of what there is."""
    voice, language = author.voice, author.voice.language(customer.language)
    talk = customer.conversation
    this = [each for each in thread if talk and each.conversation == talk.id]
    order = at_hand(orders, talk.order if talk else None)
    lines = [order_told(order, voice, language)] if order else []
    lines += [voice.say("summary_asked", language, asked=each) for each in _asked(this)]
    lines += [
        voice.say("summary_answered", language, answer=each) for each in _answered(this, author)
    ]
    return "\n".join(lines)


def order_told(order: Order, voice: Voice, language: str) -> str:
    state = voice.say(f"state_{order.status}", language)
    return voice.say("summary_order", language, order=deeds.number_of(order), state=state)


def _asked(thread: list[Inbound | Outbound]) -> Iterator[str]:
    """The longest of the customer's texts: a greeting, or a number out of a menu, is short."""
    said = [each.text for each in thread if isinstance(each, Inbound) and each.text.strip()]
    if said:
        yield _quoted(max(said, key=len))


def _answered(thread: list[Inbound | Outbound], author: Author) -> Iterator[str]:
    """The last text of a person's, without what stands below it."""
    ours = [each for each in thread if isinstance(each, Outbound) and each.written_by]
    if ours:
        last = max(ours, key=lambda each: each.at)
        yield _quoted(last.text.removesuffix(_signature(last, author.voice)))


def _signature(text: Outbound, voice: Voice) -> str:
    """As it is in any of the shop's languages; nothing where there is none."""
    agent = voice.shop.agent(text.written_by or "")
    if agent is None:
        return ""
    signed = (
        f"\n{voice.say('signature', code, name=agent.name, role=agent.role)}"
        for code in voice.shop.languages
    )
    return next((each for each in signed if text.text.endswith(each)), "")


def _quoted(text: str) -> str:
    """In one line, and not too long."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1].rstrip()}…"
