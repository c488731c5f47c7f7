"""The desk, where the shop's people work: its API and its pages. A resource is a file with its shapes,
its handlers and its ROUTES; what all of them have in common is in `serve.py`, `identity.py` and
`problem.py`. `pages/` shows the same as HTML; `endpoints.py` is all of it."""

from kesher.desk.endpoints import ENDPOINTS, PUBLIC, ROUTES, Endpoint, broken, refused, unrouted
from kesher.desk.pages import PAGES
from kesher.desk.pages import connect as connect_pages
from kesher.desk.problem import Answer
from kesher.desk.route import BASE, Route
from kesher.desk.serve import Request

__all__ = [
    "BASE",
    "ENDPOINTS",
    "PAGES",
    "PUBLIC",
    "ROUTES",
    "Answer",
    "Endpoint",
    "Request",
    "Route",
    "broken",
    "connect_pages",
    "refused",
    "unrouted",
]
