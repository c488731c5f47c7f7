"""Sees every write to the table and every text a provider takes, keeps a naive account of both, and
notes what breaks a promise."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from kesher.domain.customer import derived_id
from kesher.domain.text import fold
from local.world import Call, World
from tests.reliability.bounds import OVERTAKEN_BY, may_follow, most_deliveries

Row = dict[str, Any]

STOPS = {fold(word): True for word in ("STOP", "הסר", "لغو")}
STARTS = {fold(word): False for word in ("START", "הצטרף", "شروع")}
WISHES = STOPS | STARTS
VALID = timedelta(hours=12)


@dataclass
class Witness:
    world: World
    broken: list[str] = field(default_factory=list)
    texts: dict[str, Row] = field(default_factory=dict)
    """Our texts by id, as last written: what is nothing is not there."""
    stored: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Customers' texts: shop, channel, the provider's id."""
    taken: Counter[str] = field(default_factory=Counter)
    stopped: set[str] = field(default_factory=set)
    """Customers who want no texts, by what they wrote last and what providers said."""
    wished_at: dict[str, datetime] = field(default_factory=dict)
    claimed_stopped: set[str] = field(default_factory=set)
    """Texts whose customer wanted none when they were claimed last."""
    notices: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Id of a notice to its order and news."""
    happened: dict[tuple[str, str], datetime] = field(default_factory=dict)
    told: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """Customer and order to the news that was taken for them, in turn."""

    def __post_init__(self) -> None:
        self.world.after.insert(0, self.saw)

    def saw(self, call: Call) -> None:
        if call.service == "dynamodb":
            for row, record in _written(call):
                self._noted(row, record)
        if call.service == "sqs":
            self._announced(json.loads(call.params["MessageBody"]))

    def took(self, message: str) -> None:
        """A provider has taken this text."""
        self.taken[message] += 1
        text = self.texts[message]
        if self.taken[message] > most_deliveries(text):
            self.broken.append(f"taken {self.taken[message]} times: {text}")
        if message in self.claimed_stopped and text["message_class"] != "consent":
            self.broken.append(f"sent to one who had stopped us: {text}")
        if message in self.notices:
            order, news = self.notices[message]
            if self.taken[message] == 1 and news in self._told_of(order):
                self.broken.append(f"{news} of order {order} was told twice")
            self._told(text["customer"], order, news)

    def _told_of(self, order: str) -> set[str]:
        return {each for (_, o), told in self.told.items() if o == order for each in told}

    def _told(self, customer: str, order: str, news: str) -> None:
        kind = news.partition(":")[0]
        before = self.told.setdefault((customer, order), [])
        if OVERTAKEN_BY.get(kind, frozenset()) & {each.partition(":")[0] for each in before}:
            self.broken.append(f"{news} of order {order} was told after {before}")
        late = self.world.clock.now() - self.happened[order, news]
        if late > VALID:
            self.broken.append(f"{news} of order {order} was told {late} late")
        before.append(news)

    def _announced(self, body: Row) -> None:
        for news in body.get("news", ()) if body["kind"] == "order" else ():
            key = f"{news['kind']}:{news['subject']}" if news["subject"] else news["kind"]
            order, at = body["order"], datetime.fromisoformat(news["at"])
            self.happened[order, key] = max(at, self.happened.get((order, key), at))

    def _noted(self, row: Row, record: Row) -> None:
        shop, kind = row["pk"]["S"].partition("#")[0], row["sk"]["S"].partition("#")[0]
        if kind == "page":
            shop = record["shop"] if row["pk"]["S"] == f"t/{record['digest']}" else ""
        if record["shop"] != shop:
            self.broken.append(f"of another shop than its row {row['pk']}: {record}")
        if kind == "consent" and record["source"] != "keyword":
            self._wished(record, stop=record["action"] == "opt-out")
        if kind == "order":
            self._moved(record)
        if kind == "message" and "status" in record:
            self._climbed(record)
        elif kind == "message":
            self._arrived(record)

    def _moved(self, order: Row) -> None:
        for key in order.get("happened", ()):
            cause = f"notice/{order['platform']}/{order['id']}/{key}"
            customer = order.get("customer") or ""
            self.notices[f"{customer}-{derived_id(customer, cause)}"] = (order["id"], key)

    def _climbed(self, text: Row) -> None:
        before = self.texts.get(text["id"], text)
        if not may_follow(before["status"], text["status"]):
            self.broken.append(f"from {before['status']} to {text['status']}: {text}")
        if text["status"] == "claimed":
            self.claimed_stopped.discard(text["id"])
            if text["customer"] in self.stopped:
                self.claimed_stopped.add(text["id"])
        self.texts[text["id"]] = text

    def _arrived(self, text: Row) -> None:
        key = (text["shop"], text["channel"], text["provider_id"])
        self.stored[key] += 1
        if self.stored[key] > 1:
            self.broken.append(f"stored twice: {text}")
        wish = WISHES.get(fold(text["text"]))
        if wish is not None:
            self._wished(text, stop=wish)

    def _wished(self, said: Row, *, stop: bool) -> None:
        """A text found late may have been written before a wish that is known already."""
        customer, at = said["customer"], datetime.fromisoformat(said["at"])
        if at < self.wished_at.get(customer, at):
            return
        self.wished_at[customer] = at
        if stop:
            self.stopped.add(customer)
        else:
            self.stopped.discard(customer)


def _written(call: Call) -> Iterator[tuple[Row, Row]]:
    puts = [each.get("Put", {}) for each in call.params.get("TransactItems", ())]
    if call.operation == "PutItem":
        puts = [dict(call.params)]
    for item in (put["Item"] for put in puts if put):
        if not item["pk"]["S"].endswith("#posts"):  # what a POST was answered is no record
            yield item, json.loads(item["body"]["S"])
