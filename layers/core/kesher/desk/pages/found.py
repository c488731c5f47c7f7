"""Customers that were looked for, by a number."""

from kesher.desk import customers
from kesher.desk.customers import FoundCustomers
from kesher.desk.pages.page import Page, View
from kesher.desk.pages.speech import Speech
from kesher.desk.route import Asked

(FIND,) = customers.ROUTES


def found(answer: FoundCustomers, asked: Asked, speech: Speech) -> View:  # noqa: ARG001
    return View("found.html", {"items": answer.items})


PAGES = (Page(FIND, found),)
