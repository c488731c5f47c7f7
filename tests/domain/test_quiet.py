from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kesher.domain import outbox, quiet
from kesher.domain.customer import MessageClass
from kesher.domain.message import Outbound
from kesher.domain.shop import Limits, QuietHours, Shop
from tests.builders import KESHET, NOW, customer


def shop(start: str, end: str, timezone: str = "Asia/Jerusalem") -> Shop:
    return replace(KESHET, timezone=timezone, limits=Limits(quiet_hours=QuietHours(start, end)))


NIGHT = shop("21:00", "08:00")


@pytest.mark.parametrize(
    ("hours", "now", "leaves"),
    [
        (NIGHT, "2026-11-22T18:59", None),
        (NIGHT, "2026-11-22T19:00", "2026-11-23T06:00"),
        (NIGHT, "2026-11-22T23:30", "2026-11-23T06:00"),
        (NIGHT, "2026-11-23T05:59", "2026-11-23T06:00"),
        (NIGHT, "2026-11-23T06:00", None),
        (shop("13:00", "15:00"), "2026-11-22T11:00", "2026-11-22T13:00"),
        (shop("13:00", "15:00"), "2026-11-22T13:00", None),
        (shop("21:00", "08:00", "Asia/Tehran"), "2026-11-22T17:30", "2026-11-23T04:30"),
    ],
)
def test_a_notice_waits_for_the_morning(hours: Shop, now: str, leaves: str | None) -> None:
    found = quiet.until("informational", hours, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == (datetime.fromisoformat(leaves).replace(tzinfo=UTC) if leaves else None)


def test_the_night_the_clock_is_turned_ends_at_eight_all_the_same() -> None:
    """Israel, 2026-10-25: 02:00 comes twice."""
    late = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
    assert datetime(2026, 10, 25, 6, 0, tzinfo=UTC) == quiet.until("informational", NIGHT, late)


@pytest.mark.parametrize("kind", ["conversational", "consent"])
def test_who_has_just_written_is_answered_at_any_hour(kind: MessageClass) -> None:
    assert quiet.until(kind, NIGHT, datetime(2026, 11, 22, 23, tzinfo=UTC)) is None


def test_a_held_text_stays_queued_and_leaves_when_the_night_ends() -> None:
    night = datetime(2026, 11, 22, 23, tzinfo=UTC)
    say = outbox.Say("נמסרה", "informational", "n", timedelta(hours=12))
    message = replace(outbox.queued(say, customer(), NIGHT, night), version=1)

    held = outbox.claim((message, customer()), NIGHT, owner="s", now=night)
    (waiting,) = held.decision.records
    assert isinstance(waiting, Outbound)
    assert ((), "queued", datetime(2026, 11, 23, 6, tzinfo=UTC)) == (
        held.calls,
        waiting.status,
        waiting.due_at,
    )
    eight = datetime(2026, 11, 23, 6, tzinfo=UTC)
    morning = outbox.claim((waiting, customer()), NIGHT, owner="s", now=eight)
    assert len(morning.calls) == 1


def test_a_shop_without_quiet_hours_texts_at_any_hour() -> None:
    assert quiet.until("informational", KESHET, NOW) is None
