"""Decisions, written whole or not at all."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from kesher.domain.decision import Decision, MayReceive
from kesher.domain.outbox import Loaded
from kesher.domain.shop import Shop
from kesher.errors import LostRace
from kesher.store.rows import Write, written
from kesher.store.table import Row, connection, customer_key, table

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 3
RACES = frozenset({"ConditionalCheckFailed", "TransactionConflict"})


def commit(decision: Decision, shop: Shop) -> None:
    """All records of the decision, or none. Nothing happens where the event has had its effect
    before. Raises LostRace where a record, or the customer's consent, is no longer what the decision
    was made on."""
    writes = [write for record in decision.records for write in written(record, shop)]
    try:
        if len(writes) == 1 and not decision.provided and writes[0].is_put:
            writes[0].row.save(condition=writes[0].guard)
        elif writes:
            _transact(writes, decision.provided)
    except PutError as error:
        code = str(error.cause_response_code).removesuffix("Exception")
        if code not in RACES:
            raise
        _refuse(writes, [code], error)
    except TransactWriteError as error:
        codes = [reason.code if reason else "None" for reason in error.cancellation_reasons]
        if not RACES & set(codes):
            raise
        _refuse(_as_sent(writes), codes[len(decision.provided) :], error)


def retried(room: Callable[P, R]) -> Callable[P, R]:
    """Runs the function again, from its loading on, when it lost a race."""

    @wraps(room)
    def trying(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(TRIES - 1):
            try:
                return room(*args, **kwargs)
            except LostRace:
                continue
        return room(*args, **kwargs)

    return trying


def settle(
    loaded: Loaded, decide: Callable[[Loaded], Decision], reload: Callable[[], Loaded], shop: Shop
) -> Decision:
    """Commits what is decided on what was loaded; on what is loaded anew, if that lost a race."""
    for _ in range(TRIES - 1):
        decision = decide(loaded)
        try:
            commit(decision, shop)
        except LostRace:
            loaded = reload()
        else:
            return decision
    decision = decide(loaded)
    commit(decision, shop)
    return decision


def _transact(writes: list[Write], provided: tuple[MayReceive, ...]) -> None:
    with TransactWrite(connection=connection()) as transaction:
        for write in writes:
            _act(transaction, write)
        for each in provided:
            transaction.condition_check(
                table(),
                customer_key(each.shop, each.customer),
                "head#profile",
                condition=_may_receive(each),
            )


def _act(transaction: TransactWrite, write: Write) -> None:
    if write.gone:
        transaction.delete(write.row, condition=write.guard)
    elif write.parts is None:
        transaction.save(write.row, condition=write.guard)
    else:
        counted: list[Action] = [Row.parts.add(write.parts)]
        counted += [Row.expires_at.set(write.row.expires_at)]
        transaction.update(write.row, counted, condition=write.guard)


def _as_sent(writes: list[Write]) -> list[Write]:
    """In the order DynamoDB answers in, which is PynamoDB's: checks, deletions, puts, updates."""
    return sorted(writes, key=lambda write: (not write.gone, write.parts is not None))


def _may_receive(each: MayReceive) -> Condition:
    """`stopped` is a set, and DynamoDB keeps no empty ones."""
    given: Condition = Row.stopped.does_not_exist() | ~Row.stopped.contains(each.message_class)
    return given


def _refuse(writes: list[Write], codes: list[str], error: Exception) -> None:
    """The reasons come in the order PynamoDB sends, less those of the conditions."""
    pairs = zip(writes, codes, strict=True)
    if not any(write.marks and code == "ConditionalCheckFailed" for write, code in pairs):
        raise LostRace(str(codes)) from error
