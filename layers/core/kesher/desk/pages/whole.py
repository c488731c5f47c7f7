"""The desk itself, as it is when it is opened: who I am, and the queue."""

from typing import cast

from kesher.desk import conversations
from kesher.desk import me as persons
from kesher.desk.conversations import ListedConversations, ListWanted
from kesher.desk.me import Me
from kesher.desk.pages import queue
from kesher.desk.pages.page import Page, View
from kesher.desk.pages.speech import Speech
from kesher.desk.route import Answered, Asked, Body, Route
from kesher.desk.words import LANGUAGES


class Desk(Body, frozen=True):
    me: Me
    queue: ListedConversations


def desk(asked: Asked) -> Answered:
    me, listed = persons.me(asked), conversations.list_conversations(asked)
    return Answered(Desk(cast(Me, me.body), cast(ListedConversations, listed.body)))


def whole(desk: Desk, asked: Asked, speech: Speech) -> View:  # noqa: ARG001
    lines = queue.values(desk.queue, asked)
    leads = asked.agent.may("lead")
    return View("whole.html", {"me": desk.me, "languages": LANGUAGES, "leads": leads, **lines})


ROUTE = Route("GET", "/whole", "agent", "The desk as it is opened", desk, Desk, query=ListWanted)
PAGES = (Page(ROUTE, whole),)
