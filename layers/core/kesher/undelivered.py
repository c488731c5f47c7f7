"""A text that did not arrive is raised with the record that says so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from kesher import calendars, store
from kesher.domain import watch
from kesher.domain.decision import Decision
from kesher.domain.outbox import Loaded
from kesher.domain.shop import Shop

Decide = Callable[[Loaded], Decision]


def raising(decide: Decide, shop: Shop, now: datetime) -> Decide:
    """What is decided on a text, and the matter it makes, if it is a new one."""

    def deciding(loaded: Loaded) -> Decision:
        decision = decide(loaded)
        found = watch.undelivered(loaded, decision, shop, calendars.calendar(shop), now)
        return replace(decision, records=(*decision.records, *store.unraised(found)))

    return deciding
