"""The hours in which a shop's texts wait. Who has just written to us is answered at any hour."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kesher.domain.customer import MessageClass
from kesher.domain.shop import Shop

HELD: frozenset[MessageClass] = frozenset({"informational", "survey", "promotional"})


def until(message_class: MessageClass, shop: Shop, now: datetime) -> datetime | None:
    """When a text of this class may leave, if it may not leave now."""
    hours = shop.limits.quiet_hours
    if hours is None or message_class not in HELD:
        return None
    start, end = time.fromisoformat(hours.start), time.fromisoformat(hours.end)
    here = now.astimezone(ZoneInfo(shop.timezone))
    if not _within(here.time(), start, end):
        return None
    day = here.date() if here.time() < end else here.date() + timedelta(days=1)
    return datetime.combine(day, end, here.tzinfo).astimezone(UTC)


def _within(moment: time, start: time, end: time) -> bool:
    """Hours may run past midnight, and usually do."""
    if start <= end:
        return start <= moment < end
    return moment >= start or moment < end
