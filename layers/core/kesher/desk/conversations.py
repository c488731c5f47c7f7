"""The customers that people have to do with: who waits, the longest first; and all that is known of
one."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Annotated, Literal

from msgspec import Meta

from kesher import store, words
from kesher.desk import cursor
from kesher.desk.outcome import MatterShown, RatingGiven, matter_shown, rating_given
from kesher.desk.route import Answered, Asked, Body, Given, Route, etag
from kesher.domain import attend
from kesher.domain.conversation import Conversation, State
from kesher.domain.customer import Customer
from kesher.domain.message import Inbound, Outbound, Status
from kesher.domain.note import Note
from kesher.domain.order import Order
from kesher.errors import NotFound
from kesher.store.card import Card, Listed

READ_AT_ONCE = 100
"""Lines of the list: a page of 50 and those of other teams between."""
ID = re.compile(r"[0-9a-f]{32}")
_TEXT = re.compile(r"[0-9a-f]{20}|[0-9a-f]{32}-[0-9a-f]{20}")

Version = Annotated[str, Meta(description="Its version, for If-Match.")]
Team = Annotated[str | None, Meta(description="Whose queue it is in; every team's, where null.")]
Holder = Annotated[str | None, Meta(description="The agent who has it, or had it last.")]
Promise = Annotated[
    datetime | None, Meta(description="By when the customer was told that a person will answer.")
]
TellsLate = Annotated[bool, Meta(description="The customer knows that it will take longer.")]


Snoozed = Annotated[
    datetime | None,
    Meta(description="Out of its agent's way until then, or until the customer writes."),
]


class ListedConversation(Body, frozen=True):
    """A customer who waits for a person, or whom an agent has."""

    customer: str
    etag: Version
    conversation: str
    state: State
    waits: Annotated[bool, Meta(description="The customer has written and nobody has answered.")]
    since: Annotated[
        datetime,
        Meta(description="When their oldest unanswered text came; their last, where none is."),
    ]
    promised_at: Promise
    told_late: TellsLate
    snoozed_until: Snoozed
    address: str
    name: str | None
    language: str | None
    team: Team
    agent: Holder


class ListedConversations(Body, frozen=True):
    items: list[ListedConversation]
    next: Annotated[str | None, Meta(description="The next page's cursor; null on the last one.")]


class ListWanted(Given, frozen=True):
    limit: Annotated[int, Meta(ge=1, le=100, description="How many at most.")] = 25
    cursor: Annotated[str, Meta(max_length=200, description="`next` of the page before.")] = ""
    team: Annotated[
        str, Meta(max_length=100, description="Those of this team, and those of none.")
    ] = ""
    language: Annotated[
        str, Meta(max_length=100, description="Those who write in it, and those not known.")
    ] = ""
    state: Literal["waiting", "assigned", ""] = ""
    mine: Annotated[
        Literal["true", "false"], Meta(description="Those alone that I have, or had last.")
    ] = "false"
    snoozed: Annotated[
        Literal["true", "false"],
        Meta(description="Those that are out of sight, in place of these."),
    ] = "false"


class CustomerShown(Body, frozen=True):
    id: str
    address: str
    channel: str | None
    name: str | None
    language: str | None
    stopped: Annotated[list[str], Meta(description="Classes of texts they have opted out of.")]


class ConversationShown(Body, frozen=True):
    id: str
    state: State
    opened_at: datetime
    last_text_at: Annotated[datetime, Meta(description="When the customer last wrote.")]
    waiting_since: datetime | None
    promised_at: Promise
    told_late: TellsLate
    snoozed_until: Snoozed
    team: Team
    agent: Holder
    order: Annotated[str | None, Meta(description="The number of the order it is about.")]
    closed_at: datetime | None
    closed_by: str | None


class OrderShown(Body, frozen=True):
    id: str
    etag: Version
    platform: str
    number: str
    status: str
    placed_at: datetime | None
    expected_on: Annotated[
        date | None,
        Meta(description="As it was last said, past or not; null once it came or was called off."),
    ]


class MediaShown(Body, frozen=True):
    url: str
    content_type: str


class TextShown(Body, frozen=True):
    id: str
    direction: Annotated[
        Literal["in", "out", "note"],
        Meta(description="From the customer, to them, or between people at the desk."),
    ]
    at: datetime
    text: str
    channel: Annotated[str | None, Meta(description="Null for a note.")]
    conversation: str | None
    media: list[MediaShown]
    status: Annotated[Status | None, Meta(description="What became of one to the customer.")]
    written_by: Annotated[str | None, Meta(description="The agent; null for the script's own.")]


class WholeConversation(Body, frozen=True):
    etag: Version
    customer: CustomerShown
    conversation: Annotated[
        ConversationShown | None, Meta(description="The open one, or the last one.")
    ]
    closed: Annotated[
        list[ConversationShown], Meta(description="All that people closed, the oldest first.")
    ]
    orders: Annotated[list[OrderShown], Meta(description="The ten newest, the newest first.")]
    texts: Annotated[list[TextShown], Meta(description="And notes; the newest last.")]
    ratings: Annotated[list[RatingGiven], Meta(description="The newest last.")]
    escalations: Annotated[
        list[MatterShown], Meta(description="What people were alerted of; the newest last.")
    ]
    before: Annotated[
        str | None, Meta(description="The cursor of the texts before these; null for the first.")
    ]
    signature: Annotated[
        str, Meta(description="What will stand under the caller's next text; empty if known.")
    ]


class TextsWanted(Given, frozen=True):
    limit: Annotated[int, Meta(ge=1, le=100, description="How many texts at most.")] = 100
    before: Annotated[str, Meta(max_length=200, description="`before` of the later texts.")] = ""


def list_conversations(asked: Asked) -> Answered:
    wanted: ListWanted = asked.query
    after = cursor.read(wanted.cursor, ID) if wanted.cursor else None
    page = list(islice(_wanted(asked, after), wanted.limit + 1))
    shown = page[: wanted.limit]
    last = shown[-1] if len(page) > wanted.limit else None
    rest = cursor.write(store.Place(last.since, last.customer)) if last else None
    return Answered(ListedConversations([_line(each) for each in shown], rest))


def _wanted(asked: Asked, after: store.Place | None) -> Iterator[Listed]:
    wanted: ListWanted = asked.query
    for each in store.desk(asked.shop.shop, after, READ_AT_ONCE):
        card = each.card
        if (
            (not wanted.team or card.team in {wanted.team, None})
            and (not wanted.language or card.language in {wanted.language, None})
            and (not wanted.state or card.state == wanted.state)
            and (wanted.mine == "false" or card.agent == asked.agent.id)
            and (wanted.snoozed == "true") == _out_of_sight(card, asked.now)
        ):
            yield each


def _out_of_sight(card: Card, now: datetime) -> bool:
    """Whether or not the clock has been there yet."""
    return card.snoozed_until is not None and card.snoozed_until > now


def read_conversation(asked: Asked) -> Answered:
    id = customer_asked(asked)
    opened = store.load_opened(asked.shop.shop, id)
    if opened is None:
        raise NotFound("no such customer")
    customer = opened.customer
    texts, before = _texts(asked, (*opened.texts, *opened.notes))
    talk, version = customer.conversation, etag(customer.version)
    whole = WholeConversation(
        etag=version,
        customer=customer_shown(customer),
        conversation=_conversation(talk) if talk else None,
        closed=[_conversation(each.conversation) for each in opened.ended],
        orders=[order_shown(each) for each in opened.orders],
        texts=[_text(each) for each in texts],
        ratings=[rating_given(each) for each in opened.ratings],
        escalations=[matter_shown(each) for each in opened.matters],
        before=before,
        signature=attend.signature_of(words.voice(asked.shop), customer, asked.agent),
    )
    return Answered(whole, version)


def customer_asked(asked: Asked) -> str:
    """The id that the path names; raises NotFound for what cannot be one."""
    id = asked.path["customer"]
    if not ID.fullmatch(id):
        raise NotFound("no such customer")
    return id


Text = Inbound | Outbound | Note


def _texts(asked: Asked, history: tuple[Text, ...]) -> tuple[list[Text], str | None]:
    """The last of them before the cursor, and the cursor of those before."""
    wanted: TextsWanted = asked.query
    before = _in_thread(cursor.read(wanted.before, _TEXT)) if wanted.before else None
    thread = sorted(history, key=_in_thread)
    earlier = [each for each in thread if not before or _in_thread(each) < before]
    shown = earlier[-wanted.limit :]
    more = len(earlier) > len(shown)
    return shown, cursor.write(store.Place(shown[0].at, shown[0].id)) if more else None


def _in_thread(text: Text | store.Place) -> tuple[datetime, bool, str]:
    """Where it stands: of one instant, what came in before what it was answered with."""
    return text.at, "-" in text.id, text.id


def _line(listed: Listed) -> ListedConversation:
    card = listed.card
    return ListedConversation(
        customer=listed.customer,
        etag=etag(card.version),
        conversation=card.conversation,
        state=card.state,
        waits=card.waits,
        since=listed.since,
        promised_at=card.promised_at,
        told_late=card.told_late,
        snoozed_until=card.snoozed_until,
        address=card.address,
        name=card.name,
        language=card.language,
        team=card.team,
        agent=card.agent,
    )


def customer_shown(customer: Customer) -> CustomerShown:
    return CustomerShown(
        id=customer.id,
        address=customer.address,
        channel=customer.channel,
        name=customer.name,
        language=customer.language,
        stopped=sorted(customer.stopped),
    )


def _conversation(talk: Conversation) -> ConversationShown:
    return ConversationShown(
        id=talk.id,
        state=talk.state,
        opened_at=talk.opened_at,
        last_text_at=talk.last_text_at,
        waiting_since=talk.waiting_since,
        promised_at=talk.promised_at,
        told_late=talk.told_late,
        snoozed_until=talk.snoozed_until,
        team=talk.team,
        agent=talk.agent,
        order=talk.order,
        closed_at=talk.closed_at,
        closed_by=talk.closed_by,
    )


def order_shown(order: Order) -> OrderShown:
    return OrderShown(
        id=order.id,
        etag=etag(order.version),
        platform=order.platform,
        number=order.number,
        status=order.status,
        placed_at=order.placed_at,
        expected_on=order.awaited_on,
    )


_DIRECTIONS: dict[type[Text], Literal["in", "out", "note"]] = {
    Inbound: "in",
    Outbound: "out",
    Note: "note",
}


def _text(text: Text) -> TextShown:
    ours = text if isinstance(text, Outbound) else None
    media = text.media if isinstance(text, Inbound) else ()
    return TextShown(
        id=text.id,
        direction=_DIRECTIONS[type(text)],
        at=text.at,
        text=text.text,
        channel=None if isinstance(text, Note) else text.channel,
        conversation=text.conversation,
        media=[MediaShown(each.url, each.content_type) for each in media],
        status=ours.status if ours else None,
        written_by=None if isinstance(text, Inbound) else text.written_by,
    )


ROUTES = (
    Route(
        "GET",
        "/conversations",
        "agent",
        "Customers that people have to do with, who waits longest first",
        list_conversations,
        ListedConversations,
        query=ListWanted,
    ),
    Route(
        "GET",
        "/conversations/{customer}",
        "agent",
        "One customer: the conversation, the orders, and the texts both ways",
        read_conversation,
        WholeConversation,
        query=TextsWanted,
        refuses=(NotFound,),
        versioned=True,
    ),
)
