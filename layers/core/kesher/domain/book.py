"""What a person does with a customer, measured as `figures.py` defines it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kesher.domain.conversation import Conversation
from kesher.domain.customer import Customer
from kesher.domain.figures import Counted, Fact, Figure, day
from kesher.domain.scene import House

Measured = tuple[Conversation, tuple[Fact | Counted, ...]]


@dataclass(frozen=True)
class Book:
    """What a person does with a customer is written down in it."""

    house: House
    customer: Customer
    agent: str
    now: datetime

    def replied(self, before: Conversation, after: Conversation) -> Measured:
        """A person has answered, as `after` has it."""
        kept, since = before.kept, before.waiting_since
        first = kept.first_reply_at is None
        facts = [self._fact("first response", before, before.opened_at)] if first else []
        if first and kept.handed_over_at:
            facts.append(self._fact("hand-over response", before, kept.handed_over_at))
        if since and not first:
            facts.append(self._fact("next response", before, since))
        replied_at = kept.first_reply_at or self.now
        counted = replace(kept, first_reply_at=replied_at, replies=kept.replies + 1)
        return self._waited(before, replace(after, kept=counted)), _with_counts(facts)

    def closed(self, before: Conversation, after: Conversation) -> Measured:
        """A person has ended it, as `after` has it, and may have left a text unanswered."""
        kept, since = before.kept, before.waiting_since
        facts = [self._fact("unanswered", before, since)] if since else []
        if kept.first_closed_at is None:
            facts.append(self._fact("first resolution", before, before.opened_at))
        counted = replace(kept, first_closed_at=kept.first_closed_at or self.now)
        return self._waited(before, replace(after, kept=counted)), _with_counts(facts)

    def _waited(self, before: Conversation, after: Conversation) -> Conversation:
        if before.waiting_since is None:
            return after
        waited, opened = self.now - before.waiting_since, self._open(before.waiting_since)
        kept = replace(
            after.kept,
            waited=after.kept.waited + _seconds(waited),
            waited_open=after.kept.waited_open + _seconds(opened),
        )
        return replace(after, kept=kept)

    def _fact(self, figure: Figure, talk: Conversation, since: datetime) -> Fact:
        customer, shop = self.customer, self.house.voice.shop
        opened = self._open(since)
        target = timedelta(hours=shop.service.target_hours)
        return Fact(
            shop=customer.shop,
            customer=customer.id,
            conversation=talk.id,
            figure=figure,
            since=since,
            at=self.now,
            day=day(self.now, self.house.calendar),
            open_seconds=_seconds(opened),
            in_target=_in_target(figure, opened, target),
            agent=self.agent,
            team=talk.team,
            language=customer.language,
            channel=customer.channel,
        )

    def _open(self, since: datetime) -> timedelta:
        return self.house.calendar.elapsed(since, self.now)


def _with_counts(facts: list[Fact]) -> tuple[Fact | Counted, ...]:
    return (*facts, *(each for fact in facts for each in fact.counted))


def _in_target(figure: Figure, took: timedelta, target: timedelta) -> bool | None:
    if figure == "first resolution":
        return None
    return figure != "unanswered" and took <= target


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
