"""A summary as it is kept: what its page shows, written down in the customer's language when their
conversation is closed, so that whoever serves it needs nothing else. `agreed.py` makes it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Page:
    language: str
    title: str
    text: str
    order: str | None
    """One that the text names, and how it stood; None where the text says that itself."""
    signed: str
    """The agent's name and role."""
    back: str
    """How the customer comes back to this agent."""
    later: str
    """The same, once that is over."""


@dataclass(frozen=True)
class Summary:
    shop: str
    customer: str
    conversation: str
    digest: str
    """Of the link's token, which is kept nowhere else but in the text that tells it."""
    at: datetime
    until: datetime
    """After this it is not shown."""
    reopens_until: datetime
    """Until then a text comes back to its agent."""
    page: Page


@dataclass(frozen=True)
class Revoked:
    """That a summary is no longer there, for anybody."""

    shop: str
    customer: str
    digest: str


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
