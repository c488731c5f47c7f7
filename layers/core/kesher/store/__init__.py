"""State, in one table that only this package knows. `table.py` lists its access patterns."""

from pynamodb.exceptions import PynamoDBException as Failed

from kesher.store.commit import commit, retried, settle
from kesher.store.days import counts, facts, outcomes, ratings
from kesher.store.found import Found, find
from kesher.store.load import (
    Place,
    Unknown,
    count_waiting,
    desk,
    due,
    history,
    load_buyer,
    load_claimable,
    load_customer,
    load_order,
    load_outbound,
    load_profiles,
    load_reported,
    load_shop,
    load_sought,
    load_summary,
    missing,
    save_shop,
    unknown,
)
from kesher.store.matters import (
    escalations,
    load_known,
    load_matters,
    load_recipients,
    unraised,
)
from kesher.store.opened import Opened, load_opened
from kesher.store.person import Person, erase, load_person
from kesher.store.table import connect

__all__ = [
    "Failed",
    "Found",
    "Opened",
    "Person",
    "Place",
    "Unknown",
    "commit",
    "connect",
    "count_waiting",
    "counts",
    "desk",
    "due",
    "erase",
    "escalations",
    "facts",
    "find",
    "history",
    "load_buyer",
    "load_claimable",
    "load_customer",
    "load_known",
    "load_matters",
    "load_opened",
    "load_order",
    "load_outbound",
    "load_person",
    "load_profiles",
    "load_recipients",
    "load_reported",
    "load_shop",
    "load_sought",
    "load_summary",
    "missing",
    "outcomes",
    "ratings",
    "retried",
    "save_shop",
    "settle",
    "unknown",
    "unraised",
]
