"""Canned replies, with their blanks filled in for one customer: an agent changes one as they like, and
sends it as their reply."""

from typing import Annotated

from msgspec import Meta

from kesher import store, words
from kesher.desk.conversations import ID
from kesher.desk.route import Answered, Asked, Body, Given, Route
from kesher.domain.canned import BLANKS, Filled, Occasion, fitting
from kesher.errors import NotFound


class CannedReply(Body, frozen=True):
    name: Annotated[str, Meta(description="As the shop file has it.")]
    title: str
    text: Annotated[str, Meta(description="Blanks without a value stand in it in braces.")]
    missing: Annotated[list[str], Meta(description="Those blanks.")]
    picture: Annotated[str | None, Meta(description="Its address is the text's last line.")]
    teams: Annotated[list[str], Meta(description="Whom it is for; everybody, where empty.")]
    parts: Annotated[int, Meta(description="On SMS, without a signature.")]


class CannedReplies(Body, frozen=True):
    language: str
    items: Annotated[list[CannedReply], Meta(description="In the order of the shop file.")]


Blank = Annotated[str, Meta(max_length=100)]


class Blanks(Given, frozen=True, kw_only=True):
    """What is to stand in a blank whose value nobody knows."""

    first_name: Blank = ""
    agent: Blank = ""
    role: Blank = ""
    shop: Blank = ""
    order_number: Blank = ""
    order_state: Blank = ""
    expected_day: Blank = ""
    tracking: Blank = ""


class CannedSought(Blanks, frozen=True, kw_only=True):
    q: Annotated[
        str, Meta(max_length=200, description="Words, or parts of words, that all are in it.")
    ] = ""
    language: Annotated[str, Meta(max_length=100, description="The customer's, unless given.")] = ""
    team: Annotated[
        str, Meta(max_length=100, description="Those of this team, and those of everybody.")
    ] = ""
    name: Annotated[str, Meta(max_length=100, description="That one alone.")] = ""


class CannedWanted(CannedSought, frozen=True, kw_only=True):
    customer: Annotated[str, Meta(max_length=100, description="Whom it will be said to.")]


def list_canned(asked: Asked) -> Answered:
    wanted: CannedWanted = asked.query
    known = ID.fullmatch(wanted.customer)
    customer, orders = store.load_customer(asked.shop.shop, known[0]) if known else (None, ())
    if customer is None:
        raise NotFound("no such customer")
    voice = words.voice(asked.shop)
    language = wanted.language or voice.language(customer.language)
    given = {blank: getattr(wanted, blank) for blank in BLANKS}
    occasion = Occasion(voice, asked.agent, customer, orders, language, asked.now, given)
    found = fitting(occasion, wanted.team, wanted.q, wanted.name)
    items = [shown(each) for each in found]
    return Answered(CannedReplies(language, items))


def shown(reply: Filled) -> CannedReply:
    return CannedReply(
        name=reply.name,
        title=reply.title,
        text=reply.text,
        missing=list(reply.missing),
        picture=reply.picture,
        teams=list(reply.teams),
        parts=reply.parts,
    )


ROUTES = (
    Route(
        "GET",
        "/canned",
        "agent",
        "Canned replies that fit, filled in for a customer",
        list_canned,
        CannedReplies,
        query=CannedWanted,
        refuses=(NotFound,),
    ),
)
