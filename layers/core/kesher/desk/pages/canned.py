"""Canned replies as the composer offers them, for the customer whose thread is open."""

from dataclasses import replace

import msgspec

from kesher.desk import canned
from kesher.desk.canned import CannedReplies, CannedReply, CannedSought, CannedWanted
from kesher.desk.conversations import customer_asked
from kesher.desk.pages.page import Page, View
from kesher.desk.pages.speech import Speech
from kesher.desk.route import Answered, Asked

LIST = canned.ROUTES[0]


def of_customer(asked: Asked) -> Answered:
    sought: CannedSought = asked.query
    wanted = CannedWanted(customer=customer_asked(asked), **msgspec.structs.asdict(sought))
    return canned.list_canned(replace(asked, query=wanted))


def found(replies: CannedReplies, asked: Asked, speech: Speech) -> View:
    values = {
        "customer": asked.path["customer"],
        "language": replies.language,
        "items": [(each, readable(each, speech)) for each in replies.items],
    }
    return View("canned.html", values)


def readable(reply: CannedReply, speech: Speech) -> str:
    """With blanks named as the person knows them."""
    text = reply.text
    for blank in reply.missing:
        text = text.replace(f"{{{blank}}}", f"\u2039{speech.say(f'blank_{blank}')}\u203a")
    return text


ROUTE = replace(
    LIST, path="/conversations/{customer}/canned", handler=of_customer, query=CannedSought
)
PAGES = (Page(ROUTE, found),)
