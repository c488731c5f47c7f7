"""The queue: who waits longest first."""

from kesher.desk import conversations
from kesher.desk.conversations import ListedConversations, ListWanted
from kesher.desk.pages.page import Page, View
from kesher.desk.pages.speech import Speech
from kesher.desk.route import Asked

LIST = conversations.ROUTES[0]


def queue(listed: ListedConversations, asked: Asked, speech: Speech) -> View:  # noqa: ARG001
    return View("queue.html", values(listed, asked))


def values(listed: ListedConversations, asked: Asked) -> dict[str, object]:
    wanted: ListWanted = asked.query
    return {
        "items": listed.items,
        "next": listed.next,
        "wanted": wanted,
        "agent_id": asked.agent.id,
        "is_whole": wanted == ListWanted(limit=wanted.limit, cursor=wanted.cursor),
    }


PAGES = (Page(LIST, queue),)
