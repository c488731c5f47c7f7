"""HTTP in front of a Machine: the public routes, the `/local` ones, and the simulator page."""

import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

from werkzeug.exceptions import BadRequest, HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from local.issuer import VALID, NoToken
from local.machine import KINDS, PLATFORMS, Machine, NotPossible
from local.outside.shop_events import Move

WEB = Path(__file__).parent / "web"
_MOVE = {"kind", "platform", "phone", "language"}
BEAT = 0.05
"""Seconds between looks for something to work on."""
LONGEST_ADVANCE = timedelta(days=400)


class Server:
    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._stopped = threading.Event()
        self._woken = threading.Event()
        self._routes = Map(
            [
                Rule("/", endpoint=self.page, methods=["GET"]),
                Rule("/simulator/<path:name>", endpoint=self.asset, methods=["GET"]),
                Rule("/local/phones/<number>", endpoint=self.phone, methods=["GET"]),
                Rule("/local/phones/<number>/messages", endpoint=self.thread, methods=["GET"]),
                Rule("/local/phones/<number>/messages", endpoint=self.text, methods=["POST"]),
                Rule("/local/posts", endpoint=self.posts, methods=["GET"]),
                Rule("/local/orders/<order>/events", endpoint=self.ready_made, methods=["GET"]),
                Rule("/local/orders/<order>/events", endpoint=self.order_event, methods=["POST"]),
                Rule("/local/clock", endpoint=self.clock, methods=["GET"]),
                Rule("/local/clock", endpoint=self.advance, methods=["POST"]),
                Rule("/local/queues", endpoint=self.queues, methods=["GET"]),
                Rule("/local/trace", endpoint=self.trace, methods=["GET"]),
                Rule("/local/issuer", endpoint=self.who, methods=["GET"]),
                Rule("/local/issuer/tokens", endpoint=self.token, methods=["POST"]),
                Rule("/local/issuer/oauth2/authorize", endpoint=self.who, methods=["GET"]),
                Rule("/local/issuer/oauth2/authorize", endpoint=self.back, methods=["POST"]),
                Rule("/local/issuer/oauth2/token", endpoint=self.exchange, methods=["POST"]),
                Rule("/local/issuer/oauth2/revoke", endpoint=self.revoke, methods=["POST"]),
                Rule("/local/issuer/logout", endpoint=self.out, methods=["GET"]),
                Rule("/local/issuer/.well-known/jwks.json", endpoint=self.keys, methods=["GET"]),
            ]
        )

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return self._answer(Request(environ))(environ, start_response)

    def listen(self, host: str, port: int) -> BaseWSGIServer:
        """Bound and ready; `serve_forever` of what is returned serves, `stop` ends the work."""
        server = make_server(host, port, self, threaded=True, request_handler=_Quiet)
        threading.Thread(target=self._work, daemon=True).start()
        return server

    def stop(self) -> None:
        self._stopped.set()

    def _work(self) -> None:
        while not self._stopped.is_set():
            self.machine.world.run()
            self._woken.wait(BEAT)
            self._woken.clear()

    def _answer(self, request: Request) -> Response:
        if not request.path.startswith(("/local/", "/simulator/")) and request.path != "/":
            return self._public(request)
        try:
            endpoint, values = self._routes.bind_to_environ(request.environ).match()
            answer: Response = endpoint(request, **values)
        except (NotPossible, NoToken) as error:
            return _json({"error": str(error)}, 400)
        except HTTPException as error:
            return _json({"error": error.description}, error.code or 500)
        return answer

    def _public(self, request: Request) -> Response:
        raw_path = request.environ.get("RAW_URI", request.path).partition("?")[0]
        answer = self.machine.world.http(
            request.method,
            raw_path if raw_path.startswith("/") else request.path,
            dict(request.headers),
            request.get_data(),
            request.query_string.decode("latin-1"),
        )
        self._woken.set()
        return Response(answer.body, answer.status, answer.headers)

    def page(self, request: Request) -> Response:  # noqa: ARG002
        shop = self.machine.shop
        boot = {
            "shop": {
                "id": shop.shop,
                "name": shop.name,
                "languages": shop.languages,
                "timezone": shop.timezone,
            },
            "phones": ["+972502345678", "+972523456789", "+989123456789"],
            "platforms": [each.kind for each in shop.platforms if each.kind in PLATFORMS],
            "kinds": list(KINDS),
        }
        return _page("index.html", boot)

    def asset(self, request: Request, name: str) -> Response:  # noqa: ARG002
        kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
        file = (WEB / name).resolve()
        if not file.is_file() or file.parent != WEB.resolve() or file.suffix not in kinds:
            raise NotFound(f"no {name!r} here")
        return Response(file.read_bytes(), content_type=f"{kinds[file.suffix]}; charset=utf-8")

    def phone(self, request: Request, number: str) -> Response:  # noqa: ARG002
        return _json(self.machine.received(number))

    def thread(self, request: Request, number: str) -> Response:  # noqa: ARG002
        return _json(self.machine.thread(number))

    def text(self, request: Request, number: str) -> Response:
        said = _object(request)
        media = said.get("media") or []
        if not isinstance(said.get("text", ""), str) or not isinstance(media, list):
            raise BadRequest("text is a string, media a list of addresses")
        sent = self.machine.text(number, said.get("text", ""), [str(each) for each in media])
        self.machine.world.run()
        return _json(sent, 202)

    def posts(self, request: Request) -> Response:  # noqa: ARG002
        """What mailboxes and rooms of chats got: alerts to the shop's people."""
        return _json(self.machine.posts.shown())

    def ready_made(self, request: Request, order: str) -> Response:
        asked = {key: value for key, value in request.args.items() if key in _MOVE}
        move = Move(order, **{"kind": "confirmed", **asked})
        return _json(vars(self.machine.ready_made(move, "00000000-0000-4000-8000-000000000000")))

    def order_event(self, request: Request, order: str) -> Response:
        said = _object(request)
        if unknown := sorted(set(said) - _MOVE - {"body", "delivery"}):
            raise BadRequest(f"unknown: {', '.join(unknown)}")
        if "kind" not in said:
            raise BadRequest(f"kind is missing; it is one of {', '.join(KINDS)}")
        move = Move(order, **{key: str(said[key]) for key in _MOVE & set(said)})
        answer = self.machine.order_event(move, said.get("body"), said.get("delivery"))
        self.machine.world.run()
        return _json(answer)

    def clock(self, request: Request) -> Response:  # noqa: ARG002
        return _json({"now": self.machine.clock.now().isoformat()})

    def advance(self, request: Request) -> Response:
        seconds = _object(request).get("advance_seconds")
        most = LONGEST_ADVANCE.total_seconds()
        if not isinstance(seconds, int | float) or not 0 <= seconds <= most:
            raise BadRequest("advance_seconds is a number of seconds, from 0 to 400 days")
        self.machine.world.advance(timedelta(seconds=seconds))
        return self.clock(request)

    def queues(self, request: Request) -> Response:  # noqa: ARG002
        return _json(self.machine.queues())

    def trace(self, request: Request) -> Response:
        return _json(self.machine.world.trace.after(request.args.get("after", 0, type=int)))

    def who(self, request: Request) -> Response:  # noqa: ARG002
        """The page that asks who somebody is."""
        shop = self.machine.shop
        people = [
            {"id": each.id, "name": each.name, "role": each.role, "level": each.level}
            for each in shop.agents
        ]
        return _page("issuer.html", {"shop": shop.name, "people": people})

    def token(self, request: Request) -> Response:
        agent = self.machine.shop.agent(str(_object(request).get("agent")))
        if agent is None:
            known = ", ".join(each.id for each in self.machine.shop.agents) or "nobody"
            raise BadRequest(f"agent is one of the shop file's: {known}")
        token = self.machine.world.issuer.token(agent)
        return _json({"id_token": token, "expires_in": int(VALID.total_seconds())})

    def back(self, request: Request) -> Response:
        agent = str(_object(request).get("agent"))
        location = self.machine.world.issuer.back(agent, request.args.to_dict())
        return _json({"location": location})

    def exchange(self, request: Request) -> Response:
        return _json(self.machine.world.issuer.exchanged(request.form.to_dict()))

    def revoke(self, request: Request) -> Response:
        self.machine.world.issuer.revoked(request.form.to_dict())
        return Response(status=200)

    def out(self, request: Request) -> Response:
        return redirect(self.machine.world.issuer.out(request.args.to_dict()))

    def keys(self, request: Request) -> Response:  # noqa: ARG002
        return _json(self.machine.world.issuer.keys())


class _Quiet(WSGIRequestHandler):
    """The page polls: a line a request would hide what matters."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def _object(request: Request) -> dict[str, Any]:
    said = request.get_json(force=True)
    if not isinstance(said, dict):
        raise BadRequest("the body is a JSON object")
    return said


def _page(name: str, boot: dict[str, Any]) -> Response:
    """With what it begins with, where no text in it can end its script."""
    safe = json.dumps(boot).replace("<", "\\u003c")
    html = (WEB / name).read_text(encoding="utf-8").replace("__BOOT__", safe)
    return Response(html, content_type="text/html; charset=utf-8")


def _json(body: object, status: int = 200) -> Response:
    text = json.dumps(body, ensure_ascii=True)
    return Response(text, status, content_type="application/json")
