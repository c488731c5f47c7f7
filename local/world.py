"""World: the template, run on one machine, in one process, on one clock.

Routes come in as API Gateway would pass them on; queue messages go to the real `lambda_handler`s with
the semantics of an event source mapping; schedules fire. One event is worked on at a time and in a
fixed order, so the same events make the same run. Every AWS call passes one point (`_aws`): SQS is
answered by `local.queue`, Parameter Store by a dictionary, DynamoDB by moto; what AWS would refuse,
`local.strict` refuses first. Every provider call passes another (`_http`): hosts of the simulated
outside are answered there, any other host for real. Tests put faults at both.
"""

import datetime as datetime_module
import importlib
import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from types import SimpleNamespace
from typing import Any, Protocol
from unittest import mock
from urllib.parse import urlsplit

import botocore.client
import botocore.exceptions
import requests
from aws_lambda_powertools.utilities.idempotency import base
from aws_lambda_powertools.utilities.idempotency.persistence import base as persistence_base
from aws_lambda_powertools.utilities.idempotency.persistence import datarecord, dynamodb
from botocore.validate import ParamValidator
from moto import mock_aws

from kesher import instant, parameters, sdk, settings, shops, telemetry
from kesher.domain.shop import Shop
from kesher.store import load as loading
from local import authorizer, push, template
from local.gateway import HttpAnswer, HttpRequest, http_answer, http_event, mapped
from local.issuer import Issuer
from local.mototable import lying_in, quick_transactions
from local.needs import Need, needs
from local.queue import Letter, Queue
from local.strict import Refused, Strict, check_message
from local.trace import Place, Step, Trace, current

_CLIENT: Any = botocore.client.BaseClient
_API = _CLIENT._make_api_call
_SEND = requests.Session.send

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Killed(BaseException):
    """The function dies here: what it has done stays done, what it had not is not."""


@dataclass(frozen=True)
class Call:
    """An AWS or provider call about to be made, or just made, in a room."""

    room: str
    service: str
    operation: str
    params: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    needs: frozenset[Need] = frozenset()
    """What the room's role must allow; one call may need several actions."""


Fault = Callable[[Call], None]


class Around(Protocol):
    """Goes on with a call, as it is or as another; changes its answer, or answers itself."""

    def __call__(self, call: Call, proceed: Callable[[Call], Any]) -> Any: ...


@dataclass
class Clock:
    """Real time and an offset, or a fixed instant where `fixed` is given."""

    fixed: datetime | None = None
    offset: timedelta = timedelta(0)

    def now(self) -> datetime:
        return (self.fixed or datetime.now(UTC)) + self.offset


Host = Callable[[requests.PreparedRequest], requests.Response]


@dataclass
class World:
    """Use as a context manager: outside it nothing is mocked."""

    shop: Shop
    secrets: Mapping[str, str]
    """For the environment; those whose names begin with a slash are in Parameter Store."""
    public_url: str = "http://127.0.0.1:8080"
    clock: Clock = field(default_factory=Clock)
    hosts: dict[str, Host] = field(default_factory=dict)
    """The simulated outside: host name to what answers there."""
    before: list[Fault] = field(default_factory=list)
    after: list[Fault] = field(default_factory=list)
    around: list[Around] = field(default_factory=list)
    """The first is the outermost."""
    trace: Trace = field(default_factory=Trace)
    deliver_twice: bool = False
    """Every batch is handed over a second time, as a queue may do any time."""
    always_cold: bool = False
    """No room remembers anything from one invocation to the next."""
    wanted: dict[str, list[Callable[[], datetime | None]]] = field(default_factory=dict)
    """A function that a schedule starts, to what knows since when there is something for it to find.
    A tick before that only reads, and is skipped. A function that is not named here skips none."""

    def __enter__(self) -> "World":
        self.cloud = template.read(self.public_url)
        self.queues = {name: Queue(spec) for name, spec in self.cloud.queues.items()}
        self._by_url = {queue.spec.url: queue for queue in self.queues.values()}
        self._buries = {
            self.queues[each.spec.dead_letters].spec.url: each
            for each in self.queues.values()
            if each.spec.dead_letters
        }
        """Of dead letters the queue they belong to."""
        self._labels = {each.spec.url: each.spec.label for each in self.queues.values()}
        tokens, callbacks = self._spec_of_tokens(), self.cloud.callbacks
        self.issuer = Issuer(tokens, callbacks, self.shop, self.clock.now)
        self._strict = Strict(self.cloud, self.clock.now)
        self._outside: list[tuple[str, Callable[[], None]]] = []
        self._because = ""
        self.services: dict[str, Callable[..., Any]] = {"sqs": self._sqs, "ssm": self._ssm}
        self._parameters = {k: v for k, v in self.secrets.items() if k.startswith("/")}
        self.wanted["ClockFunction"] = [self._first_due]
        now = self.clock.now()
        self._ticks = {each: self._tick_after(each, now) for each in self.cloud.schedules}
        self._pumping = threading.RLock()
        self._calling = threading.RLock()
        self._rooms = {name: threading.RLock() for name in self.cloud.functions}
        self._closing = self._opened()
        self._closing.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self._closing.__exit__(None, None, None)

    @contextmanager
    def _opened(self) -> Iterator[None]:
        variables = {
            "AWS_DEFAULT_REGION": template.REGION,
            "POWERTOOLS_METRICS_DISABLED": "true",
            "POWERTOOLS_METRICS_NAMESPACE": "Kesher",
            **{k: v for each in self.cloud.functions.values() for k, v in each.environment.items()},
            "SIGN_IN_URL": f"{self.public_url}/local/issuer",
            "POWERTOOLS_LOG_LEVEL": os.environ.get("POWERTOOLS_LOG_LEVEL", "CRITICAL"),
            **{k: v for k, v in self.secrets.items() if not k.startswith("/")},
        }
        world = self

        def api(client: Any, operation: str, params: dict[str, Any]) -> Any:
            return world._aws(client, operation, params)

        def send(session: requests.Session, request: requests.PreparedRequest, **kw: Any) -> Any:
            return world._http(session, request, **kw)

        with (
            mock.patch.dict(os.environ, variables),
            mock_aws(),
            quick_transactions(),
            mock.patch.object(_CLIENT, "_make_api_call", api),
            mock.patch.object(requests.Session, "send", send),
            mock.patch.object(instant, "source", self.clock.now),
            _powertools_asks(self.clock.now),
        ):
            _forget()
            telemetry.logger.setLevel(variables["POWERTOOLS_LOG_LEVEL"])
            self.create_table(self.table_name)
            push.push(self.shop)
            yield
        _forget()

    def _spec_of_tokens(self) -> template.AuthorizerSpec:
        """There is one authorizer."""
        (spec,) = {each.authorizer for each in self.cloud.routes if each.authorizer}
        return spec

    @property
    def table_name(self) -> str:
        return self.cloud.functions["InboundFunction"].environment["TABLE_NAME"]

    def create_table(self, name: str) -> None:
        """One such as the template's."""
        wanted = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
        sdk.client("dynamodb").create_table(
            TableName=name, **{key: self.cloud.table[key] for key in wanted}
        )

    # --- coming in --------------------------------------------------------------------------------

    def http(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, query: str = ""
    ) -> HttpAnswer:
        """A request from the public internet, through the template's routes."""
        lower = {name.lower(): value for name, value in headers.items()}
        request = HttpRequest(method, path, query, lower, body)
        for route in self.cloud.routes:
            match = route.pattern.match(path)
            if match and route.method in (method, "ANY"):
                return self._routed(route, match, request)
        return HttpAnswer(404, {"content-type": "application/json"}, b'{"message":"Not Found"}')

    def _routed(
        self, route: template.RouteSpec, match: re.Match[str], request: HttpRequest
    ) -> HttpAnswer:
        label = f"{request.method} {request.path}"
        if route.queue:
            return self._to_queue(route, match, request, label)
        claims = None
        if route.authorizer:
            keys, now = self.issuer.keys(), self.clock.now()
            try:
                claims = authorizer.claims(route.authorizer, request.headers, keys, now)
            except authorizer.Unauthorized:
                return self._unauthorized(label)
        step = self._step("door", str(route.function), label, self._because)
        event = http_event(route, match, request, claims)
        result = self._invoke(str(route.function), event, step) or {"statusCode": 500}
        step.failed = step.failed or result["statusCode"] >= 400
        step.outcome = step.outcome if step.outcome != "ok" else str(result["statusCode"])
        step.running = False
        if _is_a_look(request, step):
            self.trace.drop(step)
        return http_answer(result)

    def _unauthorized(self, label: str) -> HttpAnswer:
        """No function is called."""
        step = self._step("door", "API Gateway", label, self._because)
        step.outcome, step.failed = "401", True
        self.trace.add(step)
        headers = {"content-type": "application/json", "www-authenticate": "Bearer"}
        return HttpAnswer(401, headers, b'{"message":"Unauthorized"}')

    def _to_queue(
        self, route: template.RouteSpec, match: re.Match[str], request: HttpRequest, label: str
    ) -> HttpAnswer:
        """API Gateway's own integration: a mapped value that is missing makes SQS refuse."""
        step = self._step("door", "API Gateway", label, self._because)
        self.trace.add(step)
        queue = self.queues[str(route.queue)]
        attributes = mapped(route.parameters["MessageAttributes"], match, request.headers)
        body = request.body.decode(errors="replace")
        try:
            check_message(queue.spec, {"MessageBody": body, "MessageAttributes": attributes})
        except Refused:
            step.outcome, step.failed = "400", True
            return HttpAnswer(400, {}, b"")
        queue.send(self._letter(body, "", attributes, step.trace))
        return HttpAnswer(200, {"content-type": "text/xml"}, b"<SendMessageResponse/>")

    def later(self, happening: Callable[[], None]) -> None:
        """Something the outside will do, because of what happens now, once that has come to rest."""
        step = current.get()
        self._outside.append((step.trace if step else "", happening))

    # --- running ----------------------------------------------------------------------------------

    def run(self) -> None:
        """Works on everything that can be worked on now, one event at a time, until idle."""
        with self._pumping:
            while self._tick() or self._happen() or self._deliver():
                pass

    def advance(self, duration: timedelta) -> None:
        """Moves the clock, stopping wherever something falls due."""
        with self._pumping:
            self.run()
            until = self.clock.now() + duration
            while (moment := self._next_moment()) and moment <= until:
                self.clock.offset += max(moment - self.clock.now(), timedelta(0))
                self.run()
            self.clock.offset += max(until - self.clock.now(), timedelta(0))
            self.run()

    def _next_moment(self) -> datetime | None:
        """The next instant at which anything can happen. A tick that would find nothing due is
        skipped: it only reads."""
        now = self.clock.now()
        visible = [queue.next_visible(now) for _, queue in self._sources()]
        ticks = map(self._worthwhile, self.cloud.schedules)
        later = [at for at in (*visible, *ticks) if at and at > now]
        return min(later, default=None)

    def _worthwhile(self, schedule: template.ScheduleSpec) -> datetime | None:
        """The next tick that may find something; None where none will."""
        wanted = self._first_wanted(schedule)
        return wanted and max(self._ticks[schedule], self._tick_after(schedule, wanted))

    def _first_wanted(self, schedule: template.ScheduleSpec) -> datetime | None:
        if schedule.function not in self.wanted:
            return self.clock.now()
        moments = (first() for first in self.wanted[schedule.function])
        return min(filter(None, moments), default=None)

    def _tick_after(self, schedule: template.ScheduleSpec, at: datetime) -> datetime:
        return EPOCH + ((at - EPOCH) // schedule.every + 1) * schedule.every

    def _first_due(self) -> datetime | None:
        """Past what is in the index to be listed only."""
        listed = (row for row in lying_in(self.table_name) if "due_shard" in row)
        dues = (
            at
            for row in listed
            if (at := row.get("due_at" if row["due_shard"].isdecimal() else "check_at"))
        )
        return min((datetime.fromisoformat(at) for at in dues), default=None)

    def _tick(self) -> bool:
        now = self.clock.now()
        striking = [each for each in self.cloud.schedules if self._ticks[each] <= now]
        for each in striking:
            self._ticks[each] = self._tick_after(each, now)
            if self._first_wanted(each):
                step = self._step("clock", each.function, each.label)
                self._invoke(each.function, {"source": "aws.events"}, step)
                step.running = False
        return bool(striking)

    def _happen(self) -> bool:
        if not self._outside:
            return False
        self._because, happening = self._outside.pop(0)
        try:
            happening()
        finally:
            self._because = ""
        return True

    def _deliver(self) -> bool:
        for source, queue in self._sources():
            with self._calling:
                dead = len(queue.dead)
                batch = queue.receive(source.batch_size, self.clock.now())
                for letter in queue.dead[dead:]:
                    self._died(queue, letter)
            if batch:
                self._hand_over(source, queue, batch)
                return True
        return False

    def _sources(self) -> list[tuple[template.SourceSpec, Queue]]:
        return [(source, self.queues[source.queue]) for source in self.cloud.sources]

    def _hand_over(self, source: template.SourceSpec, queue: Queue, batch: list[Letter]) -> None:
        """One record at a time where the path is watched would not be what AWS does: a batch is one
        invocation, whose step belongs to the trace of its first record."""
        event = {"Records": [letter.record(queue.spec) for letter in batch]}
        step = self._step("room", source.function, queue.spec.label, batch[0].trace)
        if self.deliver_twice:
            first = replace(step, label=f"{step.label}, first of two")
            self._invoke(source.function, event, first)
            first.running = False
        result = self._invoke(source.function, event, step)
        failed = _failures(result, batch, partial=source.partial)
        if failed:
            step.outcome, step.failed = f"failed: {step.outcome}", True
        step.running = False
        with self._calling:
            queue.finish(batch, dict.fromkeys(failed, step.outcome))

    def _died(self, queue: Queue, letter: Letter) -> None:
        step = self._step("dead", queue.spec.label, "given up", letter.trace)
        step.outcome, step.failed = letter.why or "received too often", True
        self.trace.add(step)

    def _invoke(self, function: str, event: dict[str, Any], step: Step) -> Any:
        """The handler's answer, or None where it raised or was killed."""
        spec = self.cloud.functions[function]
        step.name, step.running = spec.module.split(".")[1], True
        self.trace.add(step)
        with self._rooms[function]:
            if self.always_cold:
                _forget()
            handler = getattr(importlib.import_module(spec.module), spec.handler)
            token, started = current.set(step), time.perf_counter()
            try:
                return handler(event, _Context(function, self._time_left(spec.timeout)))
            except Killed:
                step.outcome, step.failed = "killed", True
            except Exception as error:
                step.outcome, step.failed = f"{type(error).__name__}: {error}", True
            finally:
                step.ms = round((time.perf_counter() - started) * 1000)
                current.reset(token)
                telemetry.metrics.clear_metrics()
            return None

    def _time_left(self, seconds: int) -> Callable[[], timedelta]:
        ends = self.clock.now() + timedelta(seconds=seconds)
        return lambda: ends - self.clock.now()

    def _step(self, place: Place, name: str, label: str, trace: str = "") -> Step:
        return Step(trace or self.trace.begin(), self.clock.now(), place, name, label)

    def stored(self, key: Mapping[str, Any]) -> dict[str, Any]:
        """The row under a key, read past everything that watches or counts; {} where there is none."""
        answer = self.unwatched("GetItem", TableName=self.table_name, Key=key)
        row: dict[str, Any] = answer.get("Item", {})
        return row

    def unwatched(self, operation: str, **params: Any) -> dict[str, Any]:
        """DynamoDB itself, without anything that stands between."""
        answer: dict[str, Any] = _API(sdk.client("dynamodb"), operation, params)
        return answer

    # --- the two points all calls pass ------------------------------------------------------------

    def _aws(self, client: Any, operation: str, params: dict[str, Any]) -> Any:
        _validate(client, operation, params)
        service = client.meta.service_model.service_name
        self._note(service, operation, params)
        needed = needs(service, operation, params, self._labels)
        call = Call(_room(), service, operation, params, needed)
        for fault in self.before:
            fault(call)
        answer = self._through(call, lambda inner: self._answered(client, inner))
        for fault in self.after:
            fault(call)
        return answer

    def _answered(self, client: Any, call: Call) -> Any:
        api = self.services.get(call.service, partial(_API, client))
        with self._calling:
            return self._strict.answered(call.service, call.operation, call.params, api)

    def _through(self, call: Call, answered: Callable[[Call], Any]) -> Any:
        for each in reversed(self.around):
            answered = partial(each, proceed=answered)
        return answered(call)

    def _note(self, service: str, operation: str, params: dict[str, Any]) -> None:
        step = current.get()
        if step:
            label = self._labels.get(params.get("QueueUrl", ""))
            where = f" {label}" if label else ""
            step.calls.append(f"{service} {operation}{where}")

    def _sqs(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        if operation != "SendMessage":
            raise NotImplementedError(f"sqs {operation}: no room calls it")
        queue = self._by_url[params["QueueUrl"]]
        step, attributes = current.get(), params.get("MessageAttributes", {})
        letter = self._letter(
            params["MessageBody"],
            params.get("MessageGroupId", ""),
            attributes,
            step.trace if step else self.trace.begin(),
        )
        buried_in = self._buries.get(queue.spec.url)
        if not queue.takes(letter, params.get("MessageDeduplicationId", "")):
            pass
        elif buried_in:
            letter.why = attributes.get("why", {}).get("StringValue", "")
            buried_in.dead.append(letter)
            self._died(buried_in, letter)
        else:
            queue.letters.append(letter)
        return {"MessageId": letter.id}

    def _ssm(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        if operation == "GetParametersByPath":
            return self._under(**params)
        name = params["Name"]
        if operation == "PutParameter":
            self._parameters[name] = params["Value"]
            return {"Version": 1}
        if operation != "GetParameter":
            raise NotImplementedError(f"ssm {operation}: no room calls it")
        if name not in self._parameters:
            raise Refused(name, "ParameterNotFound")
        return {"Parameter": self._parameter(name)}

    def _parameter(self, name: str) -> dict[str, str]:
        return {"Name": name, "Value": self._parameters[name], "Type": "String"}

    def _under(self, Path: str, NextToken: str = "0", **_: Any) -> dict[str, Any]:  # noqa: N803
        """Those directly under the path, ten at a time."""
        names = sorted(each for each in self._parameters if each.rpartition("/")[0] == Path)
        start, end = int(NextToken), int(NextToken) + 10
        more = {"NextToken": str(end)} if names[end:] else {}
        return {"Parameters": [self._parameter(each) for each in names[start:end]], **more}

    def _letter(
        self, body: str, group: str, attributes: dict[str, dict[str, Any]], trace: str
    ) -> Letter:
        now = self.clock.now()
        return Letter(body, group, now, now, attributes, trace)

    def _http(self, session: requests.Session, request: requests.PreparedRequest, **kw: Any) -> Any:
        host = urlsplit(request.url or "").netloc
        outer = current.get()
        step = self._step("provider", host, str(request.method), outer.trace if outer else "")
        needed = frozenset({Need(f"http:{request.method}", host)})
        call = Call(_room(), "http", str(request.method), needs=needed)
        for fault in self.before:
            fault(call)
        step.running = True
        self.trace.add(step)
        if outer:
            outer.calls.append(f"http {request.method} {host}")
        started = time.perf_counter()
        try:
            answer = self._through(call, lambda _: self._provider(host, session, request, **kw))
        except (requests.RequestException, Killed) as error:
            step.outcome, step.failed = type(error).__name__, True
            raise
        else:
            step.outcome, step.failed = str(answer.status_code), not answer.ok
        finally:
            step.ms = round((time.perf_counter() - started) * 1000)
            step.running = False
        for fault in self.after:
            fault(call)
        return answer

    def _provider(
        self, host: str, session: requests.Session, request: requests.PreparedRequest, **kw: Any
    ) -> requests.Response:
        if host in self.hosts:
            return self.hosts[host](request)
        answer: requests.Response = _SEND(session, request, **kw)
        return answer


@dataclass
class _Context:
    function_name: str
    time_left: Callable[[], timedelta]
    memory_limit_in_mb: int = 1024
    aws_request_id: str = "00000000-0000-4000-8000-000000000000"
    function_version: str = "1"

    @property
    def invoked_function_arn(self) -> str:
        return f"arn:aws:lambda:{template.REGION}:{template.ACCOUNT}:function:{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        return max(self.time_left() // timedelta(milliseconds=1), 0)


def _validate(client: Any, operation: str, params: Mapping[str, Any]) -> None:
    """As botocore does before it sends anything."""
    model = client.meta.service_model.operation_model(operation)
    report = ParamValidator().validate(params, model.input_shape)
    if report.has_errors():
        raise botocore.exceptions.ParamValidationError(report=report.generate_report())


def _is_a_look(request: HttpRequest, step: Step) -> bool:
    """The desk's pages ask every two seconds, which would leave nothing else to be seen."""
    return request.method == "GET" and request.path.startswith("/desk") and not step.failed


def _room() -> str:
    step = current.get()
    return step.name if step else ""


@contextmanager
def _powertools_asks(now: Callable[[], datetime]) -> Iterator[None]:
    """Its idempotency reads the machine's clock by itself, in four modules."""

    class Datetime(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return now().astimezone(tz)

    told = SimpleNamespace(**{**vars(datetime_module), "datetime": Datetime})
    with ExitStack() as stack:
        for module in (base, persistence_base, dynamodb, datarecord):
            stack.enter_context(mock.patch.object(module, "dt", told))
        yield


def _forget() -> None:
    """What rooms remember between invocations belongs to one World; their clients may stay."""
    settings.settings.cache_clear()
    loading._shops.clear()
    loading._waiting.clear()
    shops._known.clear()
    parameters.provider().clear_cache()  # type: ignore[no-untyped-call]


def _failures(result: Any, batch: list[Letter], *, partial: bool) -> list[str]:
    """Ids to keep. An answer that is not what the service understands fails the whole batch."""
    everything = [letter.id for letter in batch]
    if result is None:
        return everything
    if not partial:
        return []
    failed = [each.get("itemIdentifier") for each in result.get("batchItemFailures", [])]
    return failed if set(failed) <= set(everything) else everything
