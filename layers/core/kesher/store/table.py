"""The one table.

    partition                    sort key                        record
    {shop}#customer#{customer}   head#profile                    Customer, its open conversation inside
                                 head#order#{listed}#{order}     Order, a copy for "where is my order"
                                 message#{message}               Inbound and Outbound
                                 note#{note}                     Note
                                 conversation#{conversation}     Ended, one that a person closed
                                 summary#{digest}                Summary
                                 escalation#{escalation}         Escalation
                                 consent#{change}                ConsentChange
                                 recovered#{message}             Recovered
                                 fact#{at}#{figure}              Fact
                                 rating#{message}                Rating
    {shop}#order#{platform}#{order}
                                 order                           Order
                                 event#{event}                   EventSeen
    {shop}#number#{number}       {listed}#{platform}#{order}     Numbered
    {shop}#shop                  file                            Shop
    {shop}#spent#{day}/{number}  purse                           parts sent in a day, where limited
    {shop}#spent#{day}/code/{platform}/{order}
                                 purse                           codes texted of an order in a day
    {shop}#day#{day}             {figure}#{measure}#{agent}#{team}#{in target}#{value}
                                                                 Counted: how many of a day are alike
    t/{digest}                   page                            Summary again, for who has its link
    {shop}#posts                 post#{key}                      what a POST at the desk was answered

    index `due`, sparse, the keys and what a list shows:
    {shard}                      {due_at}        what the clock has to bring up
    unknown#{shop}               {at}            texts of which nobody can tell whether they left
    desk#{shop}                  {since}         conversations that people have to do with, who waits
                                                 longest first; `check_at` for the clock
    day#{shop}#{day}             {figure}#{at}   facts, ratings and low ratings closed
                                                 of a day
    escalations#{shop}           {raised_at}     what people are alerted of and nobody has closed;
                                                 `check_at` for the clock
    shops                        {shop}          every shop

What each costs (RU: a strongly consistent read of 4 kB; WU: a write of 1 kB, twice that in a
transaction, one more where the index changes; `tests/flow/test_costs.py` counts them):

    a text comes in     1 Query of head#, newest first, at most 11 rows     1 to 3 RU
                        1 TransactWriteItems: Inbound, Customer, Outbound         7 WU
    an order moves      1 GetItem order                                           1 RU
                        1 BatchGetItem of head#profile and overtaken notices      1 RU
                        1 TransactWriteItems: EventSeen, Order twice, Outbound    9 WU
                        (and Customer, when new)                                 +2 WU
                        (and Numbered, when its number or buyer is new)          +2 WU
    another's order     before the above: 1 Query of {shop}#number#, newest, 1 row
    is asked for        1 BatchGetItem of order, its buyer, codes of the day      4 RU
                        (and in the write, code and count, if one is texted)     +5 WU
    a text is sent      1 BatchGetItem of the message, its customer, the purse    3 RU
                        1 TransactWriteItems: claim, consent still given, parts   7 WU
                        1 PutItem: the provider's answer                          2 WU
    a receipt           1 BatchGetItem, 1 PutItem                           2 RU, 1 WU
    an invitation came  1 BatchGetItem, 1 TransactWriteItems: Outbound, Counted   2 RU, 4 WU
    a survey is due     1 BatchGetItem, 1 TransactWriteItems: Customer, Counted,
                        Outbound; 1 PutItem where it is put off             1 RU, 2 to 8 WU
    a score             with the text: Rating, Counted twice                     +7 WU
    the clock           1 Query of each of 8 shards, the shops, each desk and
                        each shop's escalations                                 5.5 RU
    one raised          in the write of what raises it: Escalation               +4 WU
    one climbs          1 BatchGetItem of it, its customer; 1 of its alerts;
                        1 of each person, 1 of their last alert                   6 RU
                        1 TransactWriteItems: it, each person, each alert  12 WU and 2 each
    one taken by text   before the text's own: 1 BatchGetItem                     1 RU
                        (and in its write)                                       +4 WU
    a text failed       1 BatchGetItem: whether the day has its matter            1 RU
    the sweep           1 BatchGetItem of each 100 texts of the last day,
                        every quarter of an hour                          0.5 RU a text
                        of those not there, 1 more of Recovered           0.5 RU a text
    a text recovered    1 PutItem: Recovered                                      1 WU
    a customer's data   1 Query of their partition
    a page of unknowns  1 Query of the index, 1 BatchGetItem
    an unknown settled  1 BatchGetItem, 1 PutItem                           2 RU, 2 WU
    a page of the desk  1 Query of the index, as far as its filters lead
    a conversation read 1 Query: conversation#, escalation#, fact#, head#, message#, note#,
                        rating#
    a look that finds   1 Query: of the index for the queue; of head# for a thread, and
    nothing new         1 BatchGetItem of its texts on their way, while there are any
    a note              1 BatchGetItem, 1 TransactWriteItems: Note, Customer      1 RU, 5 WU
    customers found     1 Query of {shop}#number#, newest, at most 5 rows
                        1 BatchGetItem of them, their orders                      4 RU
    canned replies      1 Query of head#, newest first, at most 11 rows     1 to 3 RU
    one taken, snoozed, 1 BatchGetItem, 1 PutItem; who is given one is told        2 RU, 2 WU
    given back, passed  a time, which takes how many wait: 1 Query at most
    an agent's reply    1 BatchGetItem: the customer, this reply if it is there   2 RU
                        1 TransactWriteItems: Customer, Outbound                  6 WU
                        (and where it ends a wait: Fact, and its counts twice)   +7 WU
    one closed          1 BatchGetItem, 1 TransactWriteItems: Customer, Ended,
                        and the farewell, and Facts with their counts      2 RU, 12 to 22 WU
                        with a summary: 1 Query of head# more, and it twice      1 RU, 4 WU on
    its page read       1 GetItem                                                 1 RU
    a day's figures     1 Query of {shop}#day#
    how much there is   1 Query of escalations, 1 of unknowns, 1 BatchGetItem of these
    what is behind one  1 Query of the index a day, 1 BatchGetItem of 100 customers
    any POST            1 PutItem before and 1 UpdateItem after: its answer       2 WU

A row is an envelope: keys, what conditions and indexes need, and the record as JSON in `body`.
Decision 0003 says why.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any
from zlib import crc32

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection
from pynamodb.models import Model

from kesher import sdk
from kesher.domain.message import TextReceived
from kesher.domain.summary import Revoked, Summary
from kesher.settings import settings

SHARDS = 8
SHOPS = "shops"
"""The shard that lists the shops themselves."""


class Due(GlobalSecondaryIndex["Row"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "due"
        projection = IncludeProjection(["card", "check_at"])

    due_shard = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)
    card = UnicodeAttribute(null=True)
    check_at = UnicodeAttribute(null=True)


class Row(Model):
    class Meta:
        table_name = ""
        connect_timeout_seconds = 1
        read_timeout_seconds = 2
        max_retry_attempts = 3

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    body = UnicodeAttribute()
    version = NumberAttribute(default=0)
    stopped = UnicodeSetAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    check_at = UnicodeAttribute(null=True)
    """When the clock shall bring up a conversation that stands in its shop's list."""
    card = UnicodeAttribute(null=True)
    """What that list shows of it, as JSON."""
    parts = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)
    """Seconds since 1970, for DynamoDB's TTL, which deletes late: reads check it too."""
    due_index = Due()


@lru_cache(maxsize=1)
def table() -> type[Row]:
    """The row type, bound to the table this deployment has and to the process's one session."""
    Row.Meta.table_name = settings().table_name
    connection().__dict__["_local"].session = sdk.session()
    return Row


def connect() -> None:
    table()
    _ = connection().client


def connection() -> Any:
    """PynamoDB's own connection, which it offers no public way to: transactions need it."""
    return Row._get_connection().connection


def customer_key(shop: str, customer: str) -> str:
    return f"{shop}#customer#{customer}"


def order_key(shop: str, platform: str, order: str) -> str:
    return f"{shop}#order#{platform}#{order}"


def listed_key(
    shop: str, customer: str, listed_at: datetime, platform: str, order: str
) -> tuple[str, str]:
    """Of an order in its customer's list, which is in the order of `listed_at`."""
    return customer_key(shop, customer), f"head#order#{listed_at.isoformat()}#{platform}#{order}"


def message_key(shop: str, message: str) -> tuple[str, str]:
    """Of an outbound message, whose id begins with its customer's."""
    return customer_key(shop, message.partition("-")[0]), f"message#{message}"


def numbered_key(
    shop: str, number: str, listed_at: datetime, platform: str, order: str
) -> tuple[str, str]:
    """Of the pointer to an order. Two platforms, or two years of one, may give the same number: the
    newest order stands last."""
    return number_key(shop, number), f"{listed_at.isoformat()}#{platform}#{order}"


def number_key(shop: str, number: str) -> str:
    return f"{shop}#number#{number}"


def summed_up_key(summary: Summary | Revoked) -> tuple[str, str]:
    return customer_key(summary.shop, summary.customer), f"summary#{summary.digest}"


def page_key(digest: str) -> tuple[str, str]:
    """No shop's id has a slash in it, so the room that shows pages may read these and nothing else."""
    return f"t/{digest}", "page"


def purse_key(shop: str, purse: str) -> tuple[str, str]:
    return f"{shop}#spent#{purse}", "purse"


def recovered_key(text: TextReceived) -> tuple[str, str]:
    return customer_key(text.shop, text.customer), f"recovered#{text.stored_as}"


def inbound_key(text: TextReceived) -> tuple[str, str]:
    """Of the text as it is stored, once it is."""
    return customer_key(text.shop, text.customer), f"message#{text.stored_as}"


def day_key(shop: str, day: str) -> str:
    return f"{shop}#day#{day}"


def matter_key(shop: str, escalation: str) -> tuple[str, str]:
    """Of an escalation, whose key begins with its customer's id."""
    customer, _, id = escalation.partition("-")
    return customer_key(shop, customer), f"escalation#{id}"


def posts_key(shop: str) -> str:
    return f"{shop}#posts"


def unknown_shard(shop: str) -> str:
    return f"unknown#{shop}"


def desk_shard(shop: str) -> str:
    return f"desk#{shop}"


def day_shard(shop: str, day: str) -> str:
    return f"day#{shop}#{day}"


def escalations_shard(shop: str) -> str:
    return f"escalations#{shop}"


def shard(pk: str) -> str:
    return str(crc32(pk.encode()) % SHARDS)
