"""Texts of which nobody can tell whether they left, for whoever finds out."""

from kesher.desk import unknown
from kesher.desk.pages.page import Page, View, done
from kesher.desk.pages.speech import Speech
from kesher.desk.route import Asked
from kesher.desk.unknown import UnknownTexts

LIST, _, SETTLE = unknown.ROUTES


def texts(listed: UnknownTexts, asked: Asked, speech: Speech) -> View:  # noqa: ARG001
    values = {"items": listed.items, "next": listed.next, "cursor": asked.query.cursor}
    return View("unknown.html", values)


PAGES = (Page(LIST, texts), Page(SETTLE, done))
