"""`template.yaml` as World runs it: translated by SAM's own translator, its references resolved."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parent.parent
REGION, ACCOUNT, STACK = "eu-central-1", "123456789012", "kesher"
_PSEUDO = {
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::StackName": STACK,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::NoValue": None,
}


@dataclass(frozen=True)
class QueueSpec:
    name: str
    label: str
    """Its name in the cloud without the stack's: `messages.fifo`."""
    url: str
    fifo: bool
    visibility: int
    """Seconds."""
    per_group: bool
    """Deduplication counts within a group only."""
    dead_letters: str | None
    max_receives: int


class Allowed(NamedTuple):
    action: str
    resource: str
    """Of an ARN the part that tells: a table or `table/index/name`, a queue's label, a parameter's
    name with `*`."""


@dataclass(frozen=True)
class FunctionSpec:
    name: str
    module: str
    handler: str
    timeout: int
    environment: dict[str, str] = field(repr=False)
    allowed: frozenset["Allowed"] = frozenset()
    """What its role says beside the managed policies that SAM attaches."""


@dataclass(frozen=True)
class SourceSpec:
    """A queue whose messages a function is given."""

    queue: str
    function: str
    batch_size: int
    partial: bool
    """The function reports which messages failed."""


@dataclass(frozen=True)
class ScheduleSpec:
    """A function that is started at a fixed rate."""

    function: str
    every: timedelta

    @property
    def label(self) -> str:
        minutes = self.every // timedelta(minutes=1)
        return "a minute" if minutes == 1 else f"{minutes} minutes"


@dataclass(frozen=True)
class AuthorizerSpec:
    """Whose tokens API Gateway takes."""

    issuer: str
    audience: tuple[str, ...]
    header: str
    """Where the token is, in lower case."""


@dataclass(frozen=True)
class RouteSpec:
    method: str
    """Or ANY."""
    pattern: re.Pattern[str]
    key: str
    function: str | None = None
    authorizer: AuthorizerSpec | None = None
    queue: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def vagueness(self) -> tuple[bool, bool]:
        """API Gateway takes the route that says most: a whole path before the beginning of one, a
        method before any."""
        return "+}" in self.key, self.method == "ANY"


@dataclass(frozen=True)
class Cloud:
    """All that World runs; functions and queues by name."""

    table: dict[str, Any]
    queues: dict[str, QueueSpec]
    functions: dict[str, FunctionSpec]
    sources: tuple[SourceSpec, ...]
    routes: tuple[RouteSpec, ...]
    schedules: tuple[ScheduleSpec, ...]
    callbacks: tuple[str, ...]
    """Where people may be sent back to once they have signed in."""


def read(public_url: str) -> Cloud:
    return _Reader(translated(), {"PublicUrl": public_url}).cloud()


@lru_cache(maxsize=1)
def source() -> dict[str, Any]:
    """The template as it is written."""
    return _parsed()


@lru_cache(maxsize=4)
def translated(layers: str = "") -> dict[str, Any]:
    """The template as CloudFormation gets it, of layers with this content; beside its resources it
    has the folders that code and layers come from."""
    template = _parsed()
    folders = {}
    for name, resource in template["Resources"].items():
        for key in ("CodeUri", "ContentUri"):
            if key in resource.get("Properties", {}):
                folders[name] = resource["Properties"][key]
                content = layers if key == "ContentUri" else ""
                resource["Properties"][key] = f"s3://local/{name}{content}"

    session: Any = SimpleNamespace(region_name=REGION)
    translator = Translator({}, Parser(), boto_session=session)
    plain: dict[str, Any] = translator.translate(template, {})
    plain["Folders"] = folders
    return plain


def _parsed() -> dict[str, Any]:
    text = (ROOT / "template.yaml").read_text(encoding="utf-8")
    parsed: dict[str, Any] = yaml_parse(text)  # type: ignore[no-untyped-call]
    return parsed


class _Reader:
    """Resolves what CloudFormation would: references become the names and URLs used here."""

    def __init__(self, template: dict[str, Any], parameters: dict[str, str]) -> None:
        self.resources: dict[str, dict[str, Any]] = template["Resources"]
        self.folders: dict[str, str] = template["Folders"]
        defaults = {name: each.get("Default") for name, each in template["Parameters"].items()}
        self.parameters: dict[str, Any] = defaults | parameters | _PSEUDO
        self.conditions: dict[str, Any] = template.get("Conditions", {})

    def cloud(self) -> Cloud:
        return Cloud(
            table=self._of("AWS::DynamoDB::Table")["Table"],
            queues={
                name: self._queue(name, properties)
                for name, properties in self._of("AWS::SQS::Queue").items()
            },
            functions={
                name: self._function(name, properties)
                for name, properties in self._of("AWS::Lambda::Function").items()
            },
            sources=tuple(map(self._source, self._of("AWS::Lambda::EventSourceMapping").values())),
            routes=tuple(
                sorted(
                    map(self._route, self._of("AWS::ApiGatewayV2::Route").values()),
                    key=lambda each: each.vagueness,
                )
            ),
            schedules=tuple(
                ScheduleSpec(self._function_named(target["Arn"]), _rate(rule["ScheduleExpression"]))
                for rule in self._of("AWS::Events::Rule").values()
                for target in rule["Targets"]
            ),
            callbacks=tuple(
                url
                for client in self._of("AWS::Cognito::UserPoolClient").values()
                for url in client["CallbackURLs"]
            ),
        )

    def _of(self, kind: str) -> dict[str, dict[str, Any]]:
        return {
            name: self.resolve(resource["Properties"])
            for name, resource in self.resources.items()
            if resource["Type"] == kind
        }

    def _queue(self, name: str, properties: dict[str, Any]) -> QueueSpec:
        redrive = properties.get("RedrivePolicy", {})
        return QueueSpec(
            name=name,
            label=self._label(properties),
            url=self._url(name),
            fifo=bool(properties.get("FifoQueue")),
            visibility=properties.get("VisibilityTimeout", 30),
            per_group=properties.get("DeduplicationScope") == "messageGroup",
            dead_letters=self._last(redrive["deadLetterTargetArn"]) if redrive else None,
            max_receives=redrive.get("maxReceiveCount", 0),
        )

    def _function(self, name: str, properties: dict[str, Any]) -> FunctionSpec:
        module, handler = properties["Handler"].split(".")
        folder = self.folders[name].strip("/").replace("/", ".")
        return FunctionSpec(
            name,
            f"{folder}.{module}",
            handler,
            properties["Timeout"],
            properties["Environment"]["Variables"],
            frozenset(self._allowed(self._last(properties["Role"]))),
        )

    def _allowed(self, role: str) -> Iterator[Allowed]:
        """By the role that SAM makes of a function's policies."""
        for policy in self.resolve(self.resources[role]["Properties"]["Policies"]):
            for statement in policy["PolicyDocument"]["Statement"]:
                for action, arn in product(
                    *map(_listed, (statement["Action"], statement["Resource"]))
                ):
                    yield Allowed(action, self._told(arn))

    def _told(self, arn: str) -> str:
        resource = self._last(arn)
        if self.resources.get(resource, {}).get("Type") == "AWS::SQS::Queue":
            return self._label(self.resolve(self.resources[resource]["Properties"]))
        return resource.removeprefix("parameter")

    def _label(self, queue: dict[str, Any]) -> str:
        return str(queue["QueueName"]).removeprefix(f"{STACK}-")

    def _source(self, properties: dict[str, Any]) -> SourceSpec:
        return SourceSpec(
            queue=self._last(properties["EventSourceArn"]),
            function=self._function_named(properties["FunctionName"]),
            batch_size=properties["BatchSize"],
            partial="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", []),
        )

    def _route(self, properties: dict[str, Any]) -> RouteSpec:
        method, path = properties["RouteKey"].split(" ")
        named = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
        pattern = re.compile(re.sub(r"\{(\w+)\+\}", r"(?P<\1>.+)", named) + "$")
        integration = self.resources[properties["Target"].removeprefix("integrations/")]
        target = self.resolve(integration["Properties"])
        if target.get("IntegrationSubtype") == "SQS-SendMessage":
            parameters = target["RequestParameters"]
            urls = {self._url(name): name for name in self._of("AWS::SQS::Queue")}
            queue = urls[parameters["QueueUrl"]]
            return RouteSpec(
                method, pattern, properties["RouteKey"], queue=queue, parameters=parameters
            )
        function = self._function_named(target["IntegrationUri"])
        authorizer = self._authorizer(properties)
        return RouteSpec(method, pattern, properties["RouteKey"], function, authorizer)

    def _authorizer(self, route: dict[str, Any]) -> AuthorizerSpec | None:
        if route.get("AuthorizationType", "NONE") == "NONE":
            return None
        properties = self.resolve(self.resources[route["AuthorizerId"]]["Properties"])
        tokens = properties["JwtConfiguration"]
        (source,) = properties["IdentitySource"]
        header = source.removeprefix("$request.header.").lower()
        return AuthorizerSpec(tokens["Issuer"], tuple(tokens["Audience"]), header)

    def resolve(self, node: Any) -> Any:
        if isinstance(node, list):
            return [self.resolve(each) for each in node]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            key, value = next(iter(node.items()))
            if key in _INTRINSICS:
                return _INTRINSICS[key](self, value)
        return {key: self.resolve(value) for key, value in node.items()}

    def ref(self, name: str) -> Any:
        if name in self.parameters:
            return self.parameters[name]
        return self._url(name) if self.resources[name]["Type"] == "AWS::SQS::Queue" else name

    def get_att(self, value: Any) -> str:
        name, attribute = value if isinstance(value, list) else value.split(".", 1)
        return name if attribute == "QueueName" else f"arn:aws:local:{REGION}:{ACCOUNT}:{name}"

    def sub(self, value: Any) -> str:
        text, given = value if isinstance(value, list) else (value, {})
        names = {name: self.resolve(each) for name, each in given.items()}

        def replaced(match: re.Match[str]) -> str:
            name = match[1]
            if name in names:
                return str(names[name])
            return self.get_att(name) if "." in name else str(self.ref(name))

        return re.sub(r"\$\{([\w:.]+)\}", replaced, text)

    def choose(self, value: list[Any]) -> Any:
        condition, when_true, when_false = value
        return self.resolve(when_true if self.holds(self.conditions[condition]) else when_false)

    def holds(self, condition: Any) -> bool:
        key, value = next(iter(condition.items()))
        if key == "Fn::Not":
            return not self.holds(value[0])
        left, right = self.resolve(value)
        return bool(left == right)

    def join(self, value: list[Any]) -> str:
        return str(value[0]).join(map(str, self.resolve(value[1])))

    def _url(self, name: str) -> str:
        queue = self.resolve(self.resources[name]["Properties"]["QueueName"])
        return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{queue}"

    def _last(self, arn: str) -> str:
        return arn.rpartition(":")[2]

    def _function_named(self, reference: str) -> str:
        """Of an alias, which SAM names `{function}Alias{alias}`, or an ARN of either."""
        return re.sub(r"Alias\w+$", "", self._last(reference))


def _rate(expression: str) -> timedelta:
    """`rate(1 minute)`, `rate(15 minutes)`."""
    found = re.fullmatch(r"rate\(([1-9]\d*) minutes?\)", expression)
    if not found:
        raise NotImplementedError(f"{expression}: no schedule of ours")
    return timedelta(minutes=int(found[1]))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


_INTRINSICS: dict[str, Callable[[_Reader, Any], Any]] = {
    "Ref": _Reader.ref,
    "Fn::GetAtt": _Reader.get_att,
    "Fn::Sub": _Reader.sub,
    "Fn::If": _Reader.choose,
    "Fn::Join": _Reader.join,
}
