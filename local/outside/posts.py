"""The rooms of chats, and the mailboxes, that alerts are posted to on one machine: what they got."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Post:
    at: datetime
    where: str
    """A mailbox's address, or the provider of a room."""
    text: str
    subject: str | None = None


@dataclass
class Posts:
    """In the order they came in."""

    got: list[Post] = field(default_factory=list)

    def receive(self, post: Post) -> None:
        self.got.append(post)

    def shown(self) -> list[dict[str, Any]]:
        return [vars(each) | {"at": each.at.isoformat()} for each in self.got]
