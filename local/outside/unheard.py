"""The texts a provider has had of which our door knows nothing: what a sweep is there to find."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kesher.domain.customer import customer_id, derived_id
from kesher.store.table import customer_key
from kesher.sweep import ON_ITS_WAY, WINDOW
from local.world import World


@dataclass(frozen=True)
class Wrote:
    at: datetime
    key: dict[str, Any]
    """Of the row that keeps it, once it is stored."""


@dataclass
class Unheard:
    """Of one provider and one shop."""

    world: World
    shop: str
    channel: str
    texts: dict[str, Wrote] = field(default_factory=dict)
    """By the provider's id."""

    def wrote(self, id: str, number: str) -> None:
        pk = customer_key(self.shop, customer_id(self.shop, number, self.channel))
        sk = f"message#{derived_id('text', self.channel, id)}"
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        self.texts.setdefault(id, Wrote(self.world.clock.now(), key))

    def heard(self, id: str) -> None:
        self.texts.pop(id, None)

    def first(self) -> datetime | None:
        """Since when a sweep would find one; those that are stored or too old are forgotten."""
        oldest = self.world.clock.now() - WINDOW
        for id, text in list(self.texts.items()):
            if text.at < oldest or self.world.stored(text.key):
                self.heard(id)
        first = min((text.at for text in list(self.texts.values())), default=None)
        return first and first + ON_ITS_WAY
