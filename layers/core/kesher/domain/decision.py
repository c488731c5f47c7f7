"""What a room has decided: the records to write, all or none, and the texts they owe.

The store knows how each record is guarded: an `Inbound`, a `Note`, a `ConsentChange`, an `EventSeen`
or a `Recovered` must be new, a `Customer`, an `Order`, an `Outbound` or an `Escalation` must still have
the version it was loaded with, and a `Spend` must leave its purse with no less than nothing. An `Ended`
is written over the one before. It stands beside its `Customer`, whose version guards it, as do a `Fact`,
a `Rating`, and a `Summary`, under a token that is drawn for it; what is `Counted` stands beside any
record that has a version.
"""

from dataclasses import dataclass

from kesher.domain.conversation import Ended
from kesher.domain.customer import ConsentChange, Customer, MessageClass
from kesher.domain.escalation import Escalation
from kesher.domain.figures import Counted, Fact
from kesher.domain.message import Inbound, Outbound, Recovered
from kesher.domain.note import Note
from kesher.domain.order import EventSeen, Numbered, Order, Unlisted, Unnumbered
from kesher.domain.spending import Spend
from kesher.domain.summary import Revoked, Summary
from kesher.domain.survey import Rating

Record = (
    Customer
    | ConsentChange
    | Ended
    | Inbound
    | Outbound
    | Note
    | Order
    | EventSeen
    | Unlisted
    | Numbered
    | Unnumbered
    | Spend
    | Recovered
    | Fact
    | Counted
    | Rating
    | Summary
    | Revoked
    | Escalation
)


@dataclass(frozen=True)
class MayReceive:
    """A condition of the write: this customer has not opted out of this class."""

    shop: str
    customer: str
    message_class: MessageClass


@dataclass(frozen=True)
class Decision:
    records: tuple[Record, ...] = ()
    provided: tuple[MayReceive, ...] = ()

    @property
    def owed(self) -> tuple[Outbound, ...]:
        """The new texts that the send room is to be told of."""
        return tuple(r for r in self.records if isinstance(r, Outbound) and r.is_new and not r.held)

    @property
    def raised(self) -> tuple[Escalation, ...]:
        """The new escalations that somebody is to be alerted of now."""
        return tuple(
            r
            for r in self.records
            if isinstance(r, Escalation) and r.version == 0 and r.next_at == r.raised_at
        )

    @property
    def unheard(self) -> tuple[Outbound, ...]:
        """The alerts that have come to nothing."""
        return tuple(r for r in self.records if isinstance(r, Outbound) and r.has_failed_to_alert)


NOTHING = Decision()
