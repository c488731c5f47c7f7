"""A customer as the desk opens them: all it shows of one, in one query."""

from dataclasses import dataclass
from operator import attrgetter

from kesher.domain.conversation import Ended
from kesher.domain.customer import Customer
from kesher.domain.escalation import Escalation
from kesher.domain.message import Inbound, Outbound
from kesher.domain.note import Note
from kesher.domain.order import Order
from kesher.domain.survey import Rating
from kesher.store.load import ORDERS_LOADED, is_kept, read, read_message, under
from kesher.store.table import Row, customer_key, table


@dataclass(frozen=True)
class Opened:
    customer: Customer
    orders: tuple[Order, ...]
    """The ten newest, the newest first."""
    ended: tuple[Ended, ...]
    """The conversations that people closed, the oldest first."""
    texts: tuple[Inbound | Outbound, ...]
    """Every one that is still kept."""
    notes: tuple[Note, ...]
    ratings: tuple[Rating, ...]
    """The oldest first."""
    matters: tuple[Escalation, ...]
    """What people were alerted of, the oldest first."""


def load_opened(shop: str, customer: str) -> Opened | None:
    """None where there is no such customer. What is read lies side by side, between `conversation#`
    and `rating#`."""
    key = customer_key(shop, customer)
    rows = table().query(key, Row.sk.between("conversation#", "rating$"), consistent_read=True)
    kept = [row for row in rows if is_kept(row)]
    profiles = under("head#profile", kept)
    if not profiles:
        return None
    ended = [read(row, Ended) for row in under("conversation#", kept)]
    ratings = [read(row, Rating) for row in under("rating#", kept)]
    matters = [read(row, Escalation) for row in under("escalation#", kept)]
    newest = reversed(under("head#order#", kept)[-ORDERS_LOADED:])
    return Opened(
        customer=read(profiles[0], Customer),
        orders=tuple(read(row, Order) for row in newest),
        ended=tuple(sorted(ended, key=lambda each: each.conversation.opened_at)),
        texts=tuple(read_message(row) for row in under("message#", kept)),
        notes=tuple(read(row, Note) for row in under("note#", kept)),
        ratings=tuple(sorted(ratings, key=attrgetter("turn"))),
        matters=tuple(sorted(matters, key=lambda each: each.raised_at)),
    )
