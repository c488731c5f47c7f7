"""Answers of servers that do not exist."""

import json
from http import HTTPStatus

import requests


def answer(status: int, body: object) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.reason = HTTPStatus(status).phrase
    response.headers["Content-Type"] = "application/json"
    response._content = json.dumps(body).encode()
    return response


def told(status: int, words: str) -> requests.Response:
    """In plain text."""
    response = answer(status, "")
    response.headers["Content-Type"] = "text/plain"
    response._content = words.encode()
    return response
