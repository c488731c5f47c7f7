"""What the desk's list shows of a conversation without opening it."""

from datetime import datetime

import msgspec

from kesher.domain.conversation import Conversation, State
from kesher.domain.customer import Customer
from kesher.domain.escalation import Escalation
from kesher.domain.escalation import State as MatterState
from kesher.domain.shop import Kind

ANSWERED = '"waits":false'
"""In the card of one who waits for nobody, and in no other: in a name the quotes are escaped."""


class Card(msgspec.Struct, frozen=True, omit_defaults=True):
    """Small, since it is written to the index with every change; who and since when are its keys."""

    conversation: str
    state: State
    address: str
    waits: bool = True
    """For a person; since when is the row's place in the list."""
    name: str | None = None
    language: str | None = None
    team: str | None = None
    agent: str | None = None
    promised_at: datetime | None = None
    told_late: bool = False
    snoozed_until: datetime | None = None
    replied: bool = False
    """Whether a person has ever replied in it."""
    reopened: bool = False
    version: int = 0
    """Of its customer, who is what the desk changes."""


class Listed(msgspec.Struct, frozen=True):
    """A line of the desk's list."""

    customer: str
    since: datetime
    """When the oldest text came that nobody has answered; of one who is answered, their last."""
    card: Card


def card(customer: Customer, talk: Conversation) -> Card:
    """Of a customer as they are about to be stored."""
    return Card(
        conversation=talk.id,
        state=talk.state,
        address=customer.address,
        waits=talk.waiting_since is not None,
        name=customer.name,
        language=customer.language,
        team=talk.team,
        agent=talk.agent,
        promised_at=talk.promised_at,
        told_late=talk.told_late,
        snoozed_until=talk.snoozed_until,
        replied=talk.kept.first_reply_at is not None,
        reopened=talk.kept.reopenings > 0,
        version=customer.version + 1,
    )


class MatterCard(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the list of escalations shows of one."""

    kind: Kind
    state: MatterState
    who: str
    about: str = ""
    urgent: bool = False
    team: str | None = None
    alerted: tuple[str, ...] = ()
    """Ids of agents, and channels of rooms."""
    taken_by: str | None = None
    rung: int = 0
    """How many of the ladder were alerted or passed."""
    next_at: datetime | None = None
    version: int = 0


class ListedMatter(msgspec.Struct, frozen=True):
    """A line of that list."""

    key: str
    raised_at: datetime
    card: MatterCard


def matter_card(matter: Escalation) -> MatterCard:
    """Of one as it is about to be stored."""
    return MatterCard(
        kind=matter.kind,
        state=matter.state,
        who=matter.who,
        about=matter.about,
        urgent=matter.urgent,
        team=matter.team,
        alerted=tuple(dict.fromkeys(each.who for each in matter.alerted)),
        taken_by=matter.taken_by,
        rung=matter.rung,
        next_at=matter.next_at,
        version=matter.version + 1,
    )
