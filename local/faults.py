"""What goes wrong with a call on its way: to be installed on a World, before the n-th call that matches.

Retries of the SDK happen below the point where World sees a call, so an error raised here is one that
is left when they are used up; `repeated` is the retry that follows a lost answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import requests
from botocore.exceptions import ClientError, ConnectionClosedError

from local.outside.answers import answer
from local.world import Call, Killed, World

Match = Callable[[Call], bool]

_THROTTLED = {
    "dynamodb": "ProvisionedThroughputExceededException",
    "sqs": "RequestThrottled",
    "ssm": "ThrottlingException",
}


@dataclass(frozen=True)
class Moment:
    """A call on its way."""

    world: World
    call: Call
    going_on: Callable[[Call], Any]

    def proceed(self, **params: Any) -> Any:
        params = {**self.call.params, **params}
        return self.going_on(replace(self.call, params=params))


Deed = Callable[[Moment], Any]


@dataclass
class Planned:
    """A fault that hits the n-th matching call and the `times` - 1 after it."""

    match: Match
    deed: Deed = field(repr=False)
    nth: int = 1
    times: int = 1
    seen: int = 0
    """Matching calls so far."""

    def install(self, world: World) -> None:
        def around(call: Call, proceed: Callable[[Call], Any]) -> Any:
            if self._due(call):
                return self.deed(Moment(world, call, proceed))
            return proceed(call)

        world.around.append(around)

    @property
    def hit(self) -> bool:
        """Whether there was such a call at all."""
        return self.seen >= self.nth

    def _due(self, call: Call) -> bool:
        if not self.match(call):
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times


def in_room(room: str, service: str = "", operation: str = "") -> Match:
    """Calls of a room: all of them, those to one service, or those of one operation."""

    def match(call: Call) -> bool:
        return (
            call.room == room
            and service in ("", call.service)
            and operation in ("", call.operation)
        )

    return match


def killed_before(match: Match, nth: int = 1) -> Planned:
    """The function dies and the call is not made."""

    def deed(_: Moment) -> Any:
        raise Killed

    return Planned(match, deed, nth)


def killed_after(match: Match, nth: int = 1) -> Planned:
    """The call takes effect, and the function dies before it learns of that."""

    def deed(moment: Moment) -> Any:
        moment.proceed()
        raise Killed

    return Planned(match, deed, nth)


def lost_response(match: Match, nth: int = 1) -> Planned:
    """The call takes effect, and the caller sees its connection break."""

    def deed(moment: Moment) -> Any:
        moment.proceed()
        if moment.call.service == "http":
            raise requests.ConnectionError("Connection aborted: the answer never came")
        raise ConnectionClosedError(endpoint_url=f"https://{moment.call.service}.amazonaws.com")

    return Planned(match, deed, nth)


def repeated(match: Match, nth: int = 1) -> Planned:
    """The call takes effect, its answer is lost, and the SDK makes it again: the caller sees what came
    of the second. A transaction carries a token by which DynamoDB knows it again."""

    def deed(moment: Moment) -> Any:
        transaction = moment.call.operation == "TransactWriteItems"
        token = {"ClientRequestToken": str(uuid4())} if transaction else {}
        moment.proceed(**token)
        return moment.proceed(**token)

    return Planned(match, deed, nth)


def throttled(match: Match, nth: int = 1, times: int = 1) -> Planned:
    """Refused for want of capacity; a provider answers 429. Nothing takes effect."""

    def deed(moment: Moment) -> Any:
        if moment.call.service == "http":
            return answer(429, {"message": "too many requests"})
        raise refusal(
            moment.call, _THROTTLED[moment.call.service], "The rate of requests is too high."
        )

    return Planned(match, deed, nth, times)


def conflict(match: Match, nth: int = 1, times: int = 1) -> Planned:
    """Someone else is just writing the same item. Nothing takes effect."""

    def deed(moment: Moment) -> Any:
        raise _conflicting(moment.call)

    return Planned(match, deed, nth, times)


def slow(match: Match, seconds: float, nth: int = 1) -> Planned:
    """The call takes effect at once, and its answer takes as long as this."""

    def deed(moment: Moment) -> Any:
        given = moment.proceed()
        moment.world.clock.offset += timedelta(seconds=seconds)
        return given

    return Planned(match, deed, nth)


def refusal(call: Call, code: str, message: str, **more: Any) -> ClientError:
    """What botocore raises for an error that a service answers with."""
    response: Any = {"Error": {"Code": code, "Message": message}, **more}
    return ClientError(response, call.operation)


def _conflicting(call: Call) -> ClientError:
    if call.operation != "TransactWriteItems":
        return refusal(call, "TransactionConflictException", "Transaction is ongoing for the item")
    _, *others = call.params["TransactItems"]
    reasons = [
        {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"},
        *({"Code": "None"} for _ in others),
    ]
    codes = ", ".join(each["Code"] for each in reasons)
    return refusal(
        call,
        "TransactionCanceledException",
        f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
        CancellationReasons=reasons,
    )
