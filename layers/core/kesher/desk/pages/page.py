"""A fragment of HTML: a template over what a route of the API answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kesher.desk.pages.speech import Speech
from kesher.desk.route import Asked, Route

BASE = "/desk/pages"


@dataclass(frozen=True)
class View:
    """What a template is given. With the `etag` of what it shows, or that of the HTML it makes."""

    template: str
    values: Mapping[str, Any]
    etag: str | None = None


def _read_anyway(asked: Asked, etag: str) -> bool:  # noqa: ARG001
    return False


def done(answered: Any, asked: Asked, speech: Speech) -> View:  # noqa: ARG001
    """Of what was done nothing is shown here: the page looks again."""
    return View("", {})


@dataclass(frozen=True)
class Page:
    """One that is asked for: its route has the path below BASE."""

    route: Route
    view: Callable[[Any, Asked, Speech], View]
    """Of the route's answer."""
    is_unchanged: Callable[[Asked, str], bool] = _read_anyway
    """Whether what was shown under an ETag is still so, where one read can tell."""
