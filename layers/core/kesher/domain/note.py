"""What people at the desk tell each other of a customer. It stands in the thread, and no customer ever
sees it."""

from dataclasses import dataclass
from datetime import datetime

from kesher.domain.customer import Customer, derived_id
from kesher.domain.shop import Agent


@dataclass(frozen=True)
class Note:
    id: str
    shop: str
    customer: str
    conversation: str | None
    """The one that was open, or the last one; None where they have not written yet."""
    text: str
    at: datetime
    written_by: str


def noted(customer: Customer, agent: Agent, text: str, key: str, now: datetime) -> Note:
    """Anybody's, whoever has the conversation. The same agent, key and words are the same note."""
    talk = customer.conversation
    return Note(
        id=derived_id("note", agent.id, key, text),
        shop=customer.shop,
        customer=customer.id,
        conversation=talk.id if talk else None,
        text=text,
        at=now,
        written_by=agent.id,
    )
