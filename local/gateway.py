"""What API Gateway makes of a request: a Lambda's event, a queue's message attributes, an answer."""

import base64
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from local import template


@dataclass(frozen=True)
class HttpRequest:
    method: str
    path: str
    query: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes


@dataclass(frozen=True)
class HttpAnswer:
    status: int
    headers: dict[str, str]
    body: bytes


def http_event(
    route: template.RouteSpec,
    match: re.Match[str],
    request: HttpRequest,
    claims: dict[str, str] | None,
) -> dict[str, Any]:
    """HTTP API payload 2.0; anything but text, JSON and XML comes as base64. `claims` are those of a
    token that an authorizer has taken."""
    query = _query(request.query)
    authorizer = {"jwt": {"claims": claims, "scopes": None}}
    text = _as_text(request)
    body = base64.b64encode(request.body).decode() if text is None else text
    return {
        "version": "2.0",
        "routeKey": route.key,
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": request.headers,
        **({"queryStringParameters": query} if query else {}),
        "pathParameters": match.groupdict(),
        "requestContext": {
            "accountId": template.ACCOUNT,
            "apiId": "local",
            **({"authorizer": authorizer} if claims is not None else {}),
            "domainName": request.headers.get("host", "127.0.0.1"),
            "http": {"method": request.method, "path": request.path, "sourceIp": "127.0.0.1"},
            "requestId": "local",
            "routeKey": route.key,
            "stage": "$default",
        },
        "isBase64Encoded": text is None,
        **({"body": body} if request.body else {}),
    }


def _query(raw: str) -> dict[str, str]:
    """Values of a repeated name are joined by commas."""
    found: dict[str, str] = {}
    for name, value in parse_qsl(raw, keep_blank_values=True):
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


def _as_text(request: HttpRequest) -> str | None:
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if not kind.startswith("text/") and kind not in {"application/json", "application/xml"}:
        return None
    try:
        return request.body.decode()
    except UnicodeDecodeError:
        return None


def http_answer(result: dict[str, Any]) -> HttpAnswer:
    if "body" not in result and result["statusCode"] == 500:
        return HttpAnswer(
            500, {"content-type": "application/json"}, b'{"message":"Internal Server Error"}'
        )
    body = result.get("body") or ""
    raw = base64.b64decode(body) if result.get("isBase64Encoded") else body.encode()
    return HttpAnswer(result["statusCode"], dict(result.get("headers") or {}), raw)


def mapped(
    mapping: str, match: re.Match[str], headers: dict[str, str]
) -> dict[str, dict[str, Any]]:
    """API Gateway's parameter mapping, as far as the template uses it."""

    def value(found: re.Match[str]) -> str:
        kind, _, name = found[1].partition(".")
        if kind == "path":
            return match[name] if name else match.string
        return headers.get(name, "")

    parsed: dict[str, dict[str, Any]] = json.loads(mapping)
    for each in parsed.values():
        each["StringValue"] = re.sub(r"\$\{request\.([\w.-]+)\}", value, each["StringValue"])
    return parsed
