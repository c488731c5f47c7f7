"""The desk's pages: HTML that is rendered here and put into the page by the browser, piece by piece.
A page is a template over an answer of the API; what it takes, who may ask and what is refused are its
route's. Decision 0014.

Nothing here imports Jinja before the first page is asked for: the API answers without it."""

from kesher.desk import attend, guesses, notes
from kesher.desk.attend import Snoozing
from kesher.desk.pages import (
    canned,
    closing,
    doubt,
    found,
    listed,
    matters,
    numbers,
    places,
    queue,
    snooze,
    thread,
    whole,
)
from kesher.desk.pages.page import BASE, Page, done
from kesher.desk.pages.shell import asset, frame
from kesher.desk.pages.show import broken, connect, refused, show

DEEDS = (
    *(each for each in attend.ROUTES if each.takes is not Snoozing),
    snooze.SNOOZE,
    *notes.ROUTES,
    *guesses.ROUTES,
)
PAGES: tuple[Page, ...] = (
    *whole.PAGES,
    *queue.PAGES,
    *found.PAGES,
    *thread.PAGES,
    *canned.PAGES,
    *snooze.PAGES,
    *closing.PAGES,
    *(Page(each, done) for each in DEEDS),
    *places.PAGES,
    *matters.PAGES,
    *doubt.PAGES,
    *numbers.PAGES,
    *listed.PAGES,
)

__all__ = ["BASE", "PAGES", "Page", "asset", "broken", "connect", "frame", "refused", "show"]
