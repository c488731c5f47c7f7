"""The desk, where the shop's people work: its API. A resource is a file with its shapes, its handlers
and its ROUTES; what all of them have in common is in `serve.py`, `identity.py` and `problem.py`."""

from kesher.desk import attend, conversations, escalations, me, problem, unknown
from kesher.desk.problem import Answer
from kesher.desk.route import BASE, Route
from kesher.desk.serve import Request, serve, unrouted

ROUTES: tuple[Route, ...] = (
    *me.ROUTES,
    *conversations.ROUTES,
    *attend.ROUTES,
    *escalations.ROUTES,
    *unknown.ROUTES,
)

__all__ = ["BASE", "ROUTES", "Answer", "Request", "Route", "problem", "serve", "unrouted"]
