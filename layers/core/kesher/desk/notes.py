"""A note in a customer's thread, for the people at the desk alone."""

from typing import Annotated

from msgspec import Meta

from kesher import store
from kesher.desk.attend import SOMETHING_TO_READ
from kesher.desk.conversations import customer_asked
from kesher.desk.route import Answered, Asked, Body, Given, Route
from kesher.domain.decision import Decision
from kesher.domain.note import noted
from kesher.domain.text import clean
from kesher.errors import NotFound

LONGEST_NOTE = 2000
"""Characters."""


class NoteWritten(Given, frozen=True):
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_NOTE, pattern=SOMETHING_TO_READ)]


class NoteKept(Body, frozen=True):
    customer: str
    note: Annotated[str, Meta(description="Its id in the thread.")]


@store.retried
def write_note(asked: Asked) -> Answered:
    """A repetition finds it there, and leaves it as it is. The customer's version goes on with it, so
    that whoever looks at them sees that there is something new."""
    written: NoteWritten = asked.said
    customer, _ = store.load_buyer(asked.shop.shop, customer_asked(asked), ())
    if customer is None:
        raise NotFound("no such customer")
    text = clean(written.text).strip()
    note = noted(customer, asked.agent, text, asked.key, asked.now)
    store.commit(Decision((note, customer)), asked.shop)
    return Answered(NoteKept(customer.id, note.id))


ROUTES = (
    Route(
        "POST",
        "/conversations/{customer}/note",
        "agent",
        "A note in the thread, which no customer ever sees",
        write_note,
        NoteKept,
        takes=NoteWritten,
        refuses=(NotFound,),
    ),
)
