"""The template and the code agree."""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from kesher import store, sweep
from kesher.channels.base import TIMEOUT
from kesher.desk import PUBLIC
from kesher.domain import outbox
from kesher.domain.customer import customer_id
from kesher.domain.message import Outbound
from kesher.domain.shop import LEVELS
from kesher.settings import Settings
from kesher.store.table import day_key, page_key, posts_key
from local import faults, issuer, shopfile, template
from local.machine import DEMO_SECRETS, DEMO_SHOP, Machine, secrets_in
from local.needs import Need
from local.outside.answers import answer
from local.outside.shop_events import Move
from local.outside.twilio import signature
from local.queue import Letter
from local.template import Allowed
from local.world import Call, Clock
from tests.conftest import MONDAY_NOON
from tests.desk.caller import nobody_can_tell, said, signed_in
from tests.house.sources import FUNCTIONS

SOURCE = template.source()
RESOURCES: dict[str, dict[str, Any]] = SOURCE["Resources"]
GLOBALS: dict[str, Any] = SOURCE["Globals"]["Function"]
OTHERS = {"POWERTOOLS_LOG_LEVEL", "PYTHONTZPATH"}
"""Settings of libraries and of Python itself."""
CLOUD = template.read("-")


def of(kind: str) -> dict[str, dict[str, Any]]:
    return {
        name: resource["Properties"]
        for name, resource in RESOURCES.items()
        if resource["Type"] == kind
    }


FUNCTION_RESOURCES = of("AWS::Serverless::Function")
QUEUES = of("AWS::SQS::Queue")
WORKED = {name: each for name, each in QUEUES.items() if "RedrivePolicy" in each}


def events(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, function in FUNCTION_RESOURCES.items():
        for event in function.get("Events", {}).values():
            if event["Type"] == kind:
                yield name, event["Properties"]


def referred(value: Any) -> str:
    """The logical name behind `!Ref X` or `!GetAtt X.Y`."""
    inner = next(iter(value.values()))
    return str(inner[0] if isinstance(inner, list) else inner).split(".")[0]


def test_every_room_has_its_function_and_every_function_its_room() -> None:
    rooms = {each.parent.name for each in FUNCTIONS.glob("*/app.py")}
    assert {f"functions/{room}/" for room in rooms} == {
        each["CodeUri"] for each in FUNCTION_RESOURCES.values()
    }


def test_every_setting_stands_in_both() -> None:
    variables = set(GLOBALS["Environment"]["Variables"])
    assert {field.name.upper() for field in fields(Settings)} == variables - OTHERS


def test_every_queue_is_listened_to() -> None:
    assert set(WORKED) == {referred(each["Queue"]) for _, each in events("SQS")}


@pytest.mark.parametrize("name", WORKED)
def test_every_queue_has_dead_letters_of_its_own_kind_and_an_alarm(name: str) -> None:
    policy = WORKED[name]["RedrivePolicy"]
    letters = referred(policy["deadLetterTargetArn"])
    alarmed = {
        referred(each["Dimensions"][0]["Value"])
        for each in of("AWS::CloudWatch::Alarm").values()
        if each["MetricName"] == "ApproximateNumberOfMessagesVisible" and each["Threshold"] == 1
    }
    assert letters in alarmed
    assert policy["maxReceiveCount"] >= 5
    assert WORKED[name].get("FifoQueue") == QUEUES[letters].get("FifoQueue")


@pytest.mark.parametrize("name", WORKED)
def test_dead_letters_are_named_after_their_queue(name: str) -> None:
    """`queues.setting_aside` and `kesher redrive` find the one by the other's name."""
    letters = referred(WORKED[name]["RedrivePolicy"]["deadLetterTargetArn"])
    bare, fifo, _ = template.read("").queues[name].label.partition(".fifo")
    assert f"{bare}-dead{fifo}" == template.read("").queues[letters].label


@pytest.mark.parametrize("name", QUEUES)
def test_every_queue_is_encrypted_and_keeps_two_weeks(name: str) -> None:
    assert QUEUES[name]["SqsManagedSseEnabled"] is True
    assert timedelta(days=14).total_seconds() == QUEUES[name]["MessageRetentionPeriod"]


def test_every_trigger_reports_partial_failures() -> None:
    for name, event in events("SQS"):
        assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"], name


def test_a_deploy_that_changes_only_the_layers_goes_live() -> None:
    """All our logic is in a layer, and SAM publishes a version only when what it looks at changes."""
    versions = [
        {
            name
            for name, each in template.translated(layers=content)["Resources"].items()
            if each["Type"] == "AWS::Lambda::Version"
        }
        for content in ("before", "after")
    ]
    assert len(versions[0]) == len(FUNCTION_RESOURCES)
    assert not versions[0] & versions[1]


def routes(beginning: str) -> dict[str, dict[str, Any]]:
    """By route key, those whose path begins so."""
    found = {each["RouteKey"]: each for each in of("AWS::ApiGatewayV2::Route").values()}
    return {key: each for key, each in found.items() if key.split(" ")[1].startswith(beginning)}


def test_every_route_of_the_desk_asks_for_a_token_but_what_has_no_data() -> None:
    """A public route has as many segments as it says: none of them leads past the authorizer."""
    desk = routes("/desk")
    public = {f"{each.method} {each.path}" for each in PUBLIC}
    assert public <= set(desk)
    for key, route in desk.items():
        if key in public:
            assert route["AuthorizationType"] == "NONE"
            assert "+}" not in key
        else:
            assert route["AuthorizationType"] == "JWT", key
            assert referred(route["AuthorizerId"]) == "DeskAuthorizer", key


def test_the_pages_sign_in_as_the_client_whose_tokens_are_taken() -> None:
    variables = GLOBALS["Environment"]["Variables"]
    assert referred(variables["DESK_CLIENT_ID"]) == "DeskClient"
    assert SOURCE["Outputs"]["SignIn"]["Value"] == variables["SIGN_IN_URL"]


def test_the_desk_takes_the_tokens_of_its_own_pool_and_client() -> None:
    (authorizer,) = of("AWS::ApiGatewayV2::Authorizer").values()
    assert authorizer["AuthorizerType"] == "JWT"
    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]
    assert [referred(each) for each in authorizer["JwtConfiguration"]["Audience"]] == ["DeskClient"]
    assert authorizer["JwtConfiguration"]["Issuer"]["Fn::Sub"].endswith("/${People}")


def test_nobody_signs_themselves_up_or_says_which_shop_they_work_for() -> None:
    (pool,) = of("AWS::Cognito::UserPool").values()
    (client,) = of("AWS::Cognito::UserPoolClient").values()
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    own = {f"custom:{each['Name']}": each for each in pool["Schema"]}
    assert set(own) == {"custom:shop", "custom:agent"}
    assert all(each["Mutable"] is False for each in own.values())
    assert client["WriteAttributes"], "none given means all that are standard"
    assert not set(own) & set(client["WriteAttributes"])
    assert set(own) <= set(client["ReadAttributes"])


def test_a_page_signs_in_by_code_without_a_secret_and_for_a_short_time() -> None:
    (client,) = of("AWS::Cognito::UserPoolClient").values()
    assert client["GenerateSecret"] is False
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["AllowedOAuthScopes"] == ["openid"], "more would let a token change its user"
    assert client["TokenValidityUnits"]["IdToken"] == "minutes"
    assert timedelta(minutes=client["IdTokenValidity"]) == issuer.VALID
    assert timedelta(hours=client["RefreshTokenValidity"]) == issuer.REFRESH_VALID


def test_the_pool_has_a_group_for_every_level() -> None:
    groups = {each["GroupName"] for each in of("AWS::Cognito::UserPoolGroup").values()}
    assert set(LEVELS) == groups


def test_the_desk_changes_in_place_answers_of_posts_and_counts_and_deletes_the_former() -> None:
    allowed = {
        (action, key)
        for statement in statements(FUNCTION_RESOURCES["DeskFunction"])
        for action in listed(statement["Action"])
        if action in {"dynamodb:UpdateItem", "dynamodb:DeleteItem"}
        for key in statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    }
    assert allowed == {
        ("dynamodb:UpdateItem", posts_key("*")),
        ("dynamodb:DeleteItem", posts_key("*")),
        ("dynamodb:UpdateItem", day_key("*", "*")),
    }


def test_who_shows_pages_may_read_what_has_a_link_and_nothing_else() -> None:
    (statement,) = statements(FUNCTION_RESOURCES["SummaryFunction"])
    key, _ = page_key("*")
    assert listed(statement["Action"]) == ["dynamodb:GetItem"]
    assert statement["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [key]}}
    assert not re.fullmatch(shopfile.ID, key.partition("*")[0]), "no shop's keys begin so"


def test_timeouts_chain() -> None:
    batch = {referred(each["Queue"]): each["BatchSize"] for _, each in events("SQS")}
    assert 2 * sum(TIMEOUT) * batch["OutboxQueue"] < GLOBALS["Timeout"]
    assert timedelta(seconds=GLOBALS["Timeout"]) < outbox.LEASE
    for name, queue in WORKED.items():
        assert 6 * GLOBALS["Timeout"] <= queue["VisibilityTimeout"], name
        assert timedelta(seconds=queue["VisibilityTimeout"]) > outbox.LEASE


def test_a_sweep_is_over_before_the_next_and_begins_nothing_it_has_no_time_for() -> None:
    (rate,) = (each.every for each in CLOUD.schedules if each.function == "SweepFunction")
    assert rate == sweep.EVERY
    assert timedelta(seconds=CLOUD.functions["SweepFunction"].timeout) < rate
    assert timedelta(seconds=sum(TIMEOUT)) < sweep.SPARE


def test_every_schedule_is_one_that_world_fires() -> None:
    started = {each.function: each.label for each in CLOUD.schedules}
    assert started == {"ClockFunction": "a minute", "SweepFunction": "15 minutes"}
    assert {name for name, _ in events("Schedule")} == set(started)


def test_the_table_survives_its_stack_and_can_be_wound_back() -> None:
    (table,) = of("AWS::DynamoDB::Table").values()
    assert RESOURCES["Table"]["DeletionPolicy"] == "Retain"
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_nothing_is_allowed_to_everyone_or_everywhere() -> None:
    for name, function in FUNCTION_RESOURCES.items():
        for statement in statements(function):
            for action in listed(statement["Action"]):
                assert "*" not in action, name
            assert statement["Resource"] != "*", name


# What each room does, seen while a whole life of texts and orders runs through World, is exactly what
# its role allows: no action on a resource missing, none unused.


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements(function: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for policy in function["Policies"] for each in policy["Statement"]]


SECRETS = f"/kesher/{template.STACK}/demo"


@pytest.fixture
def cloudlike(tmp_path: Path) -> Iterator[Machine]:
    """The demo shop as it is pushed to AWS, where its secrets are in Parameter Store; and every room
    starts anew each time."""
    file = tmp_path / "shop.yaml"
    file.write_text(DEMO_SHOP.read_text("utf-8").replace("env:", f"ssm:{SECRETS}/"), "utf-8")
    secrets = {f"{SECRETS}/{name}": value for name, value in secrets_in(DEMO_SECRETS).items()}
    with Machine(shopfile.read(file), secrets, clock=Clock(fixed=MONDAY_NOON)) as running:
        running.world.always_cold = True
        yield running


def a_whole_life(machine: Machine) -> None:
    noa = "+972502345678"
    machine.text(noa, "שלום")
    machine.twilio.text(noa, "STOP", "SM1")
    machine.twilio.text(noa, "START", "SM2")
    machine.world.run()
    for kind in ("confirmed", "shipped", "delivered"):
        machine.order_event(Move("1001", kind))
        machine.world.run()
    machine.text("+972541111111", "order 1001")
    machine.world.run()
    corrected = machine.ready_made(Move("1001", "cancelled", phone="+972523456789"), "d").body
    corrected["updated_at"] = "2026-11-24T00:00:00Z"
    machine.order_event(Move("1001", "cancelled"), body=corrected)
    path = "/hooks/demo/channels/twilio"
    stray = {"MessageSid": "SM9", "MessageStatus": "delivered", "To": noa}
    machine.twilio._post(path, stray)
    unreadable = {"From": noa, "Body": "a text without an id"}
    for form in ({"MessageSid": "SM4", "From": noa, "Body": "?"}, stray, unreadable):
        signed = signature(machine.twilio.auth_token, f"{machine.public_url}{path}/fallback", form)
        headers = {"x-twilio-signature": signed}
        machine.world.http("POST", f"{path}/fallback", headers, urlencode(form).encode())
    queues = (
        *("MessagesQueue", "OrdersQueue", "SurveysQueue", "OutboxQueue", "ReceiptsQueue"),
        "EscalationsQueue",
    )
    for queue in queues:
        now = machine.world.clock.now()
        machine.world.queues[queue].send(Letter("{}", "group", now, now, {}, ""))
    machine.world.run()
    faults.killed_before(faults.in_room("converse", "sqs")).install(machine.world)
    machine.text(noa, "מישהו?")
    machine.twilio.lose(noa, "הלו?", "SM5")
    machine.world.advance(timedelta(minutes=18))
    at_the_desk(machine)
    nobody_answers(machine)


def nobody_answers(machine: Machine) -> None:
    """One waits until the ladder is at its end; what the lead is told by text does not arrive, nor what
    one who asks is."""
    hosts = machine.world.hosts
    machine.text("+972541111111", "I want to talk to a person")
    machine.world.advance(timedelta(minutes=62))
    hosts["simulator.localhost"] = lambda _: answer(400, {})
    machine.text("+972541111111", "When are you open?")
    machine.world.advance(timedelta(hours=1))
    shirin = customer_id("demo", "+972502345672", "")
    history = [each for each in store.history("demo", shirin) if isinstance(each, Outbound)]
    alert = next(each for each in history if each.status == "rejected")
    path = f"/hooks/demo/channels/simulator/receipts/{alert.id}"
    machine.simulator._post(path, {"receipt": "undelivered", "id": "phone-1"})
    machine.world.run()


def at_the_desk(machine: Machine) -> None:
    """One who looks at what nobody can tell, settles it, and says otherwise afterwards."""
    dana = signed_in(machine)
    (text,) = nobody_can_tell(machine, "+972523456789")
    customer = f"/conversations/{text.customer}"
    for path in ("/me", "/unknown", f"/unknown/{text.id}", "/conversations", customer):
        dana.get(path)
    machine.text("+972541111111", "You are thieves")
    machine.world.run()
    matter, *_ = said(dana.get("/escalations"))["items"]
    dana.post(f"/escalations/{matter['id']}/take", None)
    dana.post(f"{customer}/reply", {"text": "We will see to it"})
    dana.post(f"{customer}/give-back", None)
    dana.post(f"{customer}/close", {"farewell": True, "summary": "A new one is on its way"})
    (summary,) = store.load_person("demo", text.customer).summaries
    machine.world.http("GET", f"/t/{summary.digest[:22]}", {}, b"")
    for outcome in ("arrived", "did-not-arrive"):
        dana.post(f"/unknown/{text.id}/settle", {"outcome": outcome})
    machine.world.advance(timedelta(minutes=10))
    machine.text(text.address, "תודה")  # so that the survey is put off
    machine.world.advance(timedelta(minutes=15))
    machine.text(text.address, "5")
    machine.world.run()
    seems_unhappy(machine)


def seems_unhappy(machine: Machine) -> None:
    """One says so with a number among other words, and somebody confirms it."""
    phone = "+972549999999"
    dana, path = signed_in(machine), f"/conversations/{customer_id('demo', phone, '')}"
    machine.text(phone, "I want to talk to a person")
    machine.world.run()
    dana.post(f"{path}/close", {"farewell": False})
    machine.world.advance(timedelta(minutes=16))
    machine.text(phone, "The driver just threw the parcel, 1")
    machine.world.run()
    (guess,) = said(dana.get(path))["ratings"]
    judge = f"{path}/guesses/{guess['message']}/judge"
    signed_in(machine, "shirin").post(judge, {"verdict": "confirmed"})


def test_each_room_is_allowed_exactly_what_it_does(cloudlike: Machine) -> None:
    calls: set[Call] = set()
    cloudlike.world.before.append(calls.add)
    a_whole_life(cloudlike)

    for name, function in cloudlike.world.cloud.functions.items():
        room = name.removesuffix("Function").lower()
        done = {
            n for each in calls if each.room == room and each.service != "http" for n in each.needs
        }
        covered = {need: {each for each in function.allowed if covers(each, need)} for need in done}
        missing = {need for need, by in covered.items() if not by}
        unused = function.allowed - set().union(*covered.values())
        assert not missing, room
        assert not unused, room


def covers(allowed: Allowed, need: Need) -> bool:
    """Only what a shop file may name is allowed by pattern."""
    if need.action in {"ssm:GetParameter", "ses:SendEmail"} and need.action == allowed.action:
        return fnmatchcase(need.resource, allowed.resource)
    return tuple(allowed) == tuple(need)
