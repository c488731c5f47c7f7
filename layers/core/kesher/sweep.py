"""What providers have of the last day and we have not: texts that came by neither webhook nor fallback.

They go where the door would have put them, and are answered however late. What is stored by then, or
was recovered before, is left alone; what only seemed missing its seen-marker makes one text.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError

from kesher import channels, queues, shops, store
from kesher.channels.base import Account, Page
from kesher.domain.decision import Decision
from kesher.domain.message import Recovered, TextReceived
from kesher.domain.outbox import NoAnswer
from kesher.domain.shop import Door
from kesher.errors import KesherError

EVERY = timedelta(minutes=15)
WINDOW = timedelta(hours=24)
ON_ITS_WAY = timedelta(minutes=2)
"""What is younger is not missing yet: its webhook, its fallback or its queue may still bring it."""
PAGES = 20
SPARE = timedelta(seconds=30)
"""With less time left nothing is begun: a provider may take 13 seconds, the table some more."""
NO_TIME = "no time left"

TimeLeft = Callable[[], int]
"""In milliseconds."""


@dataclass(frozen=True)
class Swept:
    """One channel of one shop, and why it was not swept to its end, if it was not."""

    shop: str
    channel: str
    recovered: int = 0
    trouble: str | None = None


def sweep(now: datetime, time_left: TimeLeft) -> Iterator[Swept]:
    """Channel by channel; one in trouble holds up no other."""
    for door in _in_turn(shops.every(), now):
        for channel in door.channels:
            if channel.kind not in channels.ONLY_SEND:
                yield _swept(door, channel.kind, now, time_left)


def _in_turn(doors: tuple[Door, ...], now: datetime) -> tuple[Door, ...]:
    """Each sweep begins with another shop, lest it always be the same ones that time is short for."""
    first = int(now.timestamp() // EVERY.total_seconds()) % max(len(doors), 1)
    return doors[first:] + doors[:first]


def _swept(door: Door, kind: str, now: datetime, time_left: TimeLeft) -> Swept:
    if _is_short(time_left):
        return Swept(door.shop, kind, trouble=NO_TIME)
    recovered = 0
    try:
        pages = tuple(_pages(channels.account(door, kind), now, time_left))
        for text in store.missing(_texts(pages, now)):
            if not _is_short(time_left):
                _recover(text, now)
                recovered += 1
    except (KesherError, GetParameterError) as error:
        return Swept(door.shop, kind, recovered, f"{type(error).__name__}: {error}")
    troubles = [page.why for page in pages if isinstance(page, NoAnswer)]
    if _is_short(time_left):
        troubles.append(NO_TIME)
    return Swept(door.shop, kind, recovered, troubles[0] if troubles else None)


def _pages(account: Account, now: datetime, time_left: TimeLeft) -> Iterator[Page]:
    pages = channels.adapter(account.kind).recent(account, now - WINDOW)
    for _ in range(PAGES):
        if _is_short(time_left):
            return
        page = next(pages, None)
        if page is None:
            return
        yield page
    yield NoAnswer(f"not read beyond {PAGES} pages")


def _texts(pages: tuple[Page, ...], now: datetime) -> list[TextReceived]:
    """Each once, the oldest first, as they are to be answered."""
    listed = (each for page in pages if not isinstance(page, NoAnswer) for each in page)
    oldest, newest = now - WINDOW, now - ON_ITS_WAY
    found = {each.id: each for each in listed if oldest <= each.received_at <= newest}
    return sorted(found.values(), key=lambda each: each.received_at)


def _recover(text: TextReceived, now: datetime) -> None:
    """Noted only when the queue has it: dying in between recovers it again, which does no harm."""
    shop = store.load_shop(text.shop)
    queues.send(text)
    store.commit(Decision((Recovered(text.stored_as, text.shop, text.customer, now),)), shop)


def _is_short(time_left: TimeLeft) -> bool:
    return timedelta(milliseconds=time_left()) < SPARE
