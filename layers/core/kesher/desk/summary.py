"""What an agent might say was agreed with a customer, put together from what is known. They change it
as they like, and close the conversation with it."""

from typing import Annotated

from msgspec import Meta

from kesher import store, words
from kesher.desk.conversations import customer_asked
from kesher.desk.route import Answered, Asked, Body, Route
from kesher.domain.agreed import Author, proposed
from kesher.errors import NotFound


class ProposedSummary(Body, frozen=True):
    language: str
    text: Annotated[str, Meta(description="A line for each thing that is known; may be empty.")]
    agent: Annotated[str, Meta(description="The name of whom the customer comes back to.")]
    role: str


def propose_summary(asked: Asked) -> Answered:
    shop, id = asked.shop, customer_asked(asked)
    customer, orders = store.load_customer(shop.shop, id)
    if customer is None or customer.conversation is None:
        raise NotFound("no such customer, or they have not written yet")
    agent = shop.agent(customer.conversation.agent or "") or asked.agent
    author = Author(agent, words.voice(shop))
    text = proposed(customer, orders, store.history(shop.shop, id), author)
    language = author.voice.language(customer.language)
    return Answered(ProposedSummary(language, text, agent.name, agent.role))


ROUTES = (
    Route(
        "GET",
        "/conversations/{customer}/summary",
        "agent",
        "A proposal of what was agreed, for `close`",
        propose_summary,
        ProposedSummary,
        refuses=(NotFound,),
    ),
)
