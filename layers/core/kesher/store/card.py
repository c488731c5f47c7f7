"""What the desk's list shows of a conversation without opening it."""

from dataclasses import dataclass
from datetime import datetime

from kesher.domain.conversation import Conversation, State
from kesher.domain.customer import Customer


@dataclass(frozen=True)
class Card:
    """Small: it is written to an index with every change."""

    customer: str
    conversation: str
    state: State
    since: datetime
    """Since when the customer waits; of one who does not, when they last wrote."""
    waits: bool
    address: str
    name: str | None = None
    language: str | None = None
    team: str | None = None
    agent: str | None = None
    promised_at: datetime | None = None
    told_late: bool = False


def card(customer: Customer, talk: Conversation) -> Card:
    return Card(
        customer=customer.id,
        conversation=talk.id,
        state=talk.state,
        since=talk.waiting_since or talk.last_text_at,
        waits=talk.waiting_since is not None,
        address=customer.address,
        name=customer.name,
        language=customer.language,
        team=talk.team,
        agent=talk.agent,
        promised_at=talk.promised_at,
        told_late=talk.told_late,
    )
