"""What is promised whatever breaks once, checked when everything has come to rest."""

from collections import Counter
from dataclasses import dataclass

from kesher.domain import outbox
from kesher.domain.customer import MessageClass
from kesher.domain.message import Inbound, Outbound, Status
from kesher.store import table as tables
from tests.reliability.scenarios import Stage
from tests.reliability.summary import Harm, harmed

FINAL: frozenset[Status] = frozenset(
    {"rejected", "suppressed", "expired", "undelivered", "failed", "delivered", "read"}
)
TOLD: frozenset[Status] = frozenset({"delivered", "read"})
AT_REST = FINAL | {"unknown"}


def most_sends(message_class: MessageClass, can_be_asked: bool) -> int:
    """How often one text of this class may reach a phone, by a provider that can or cannot be asked
    whether it has it: the bound of the README."""
    return 1 if can_be_asked else 1 + outbox.RESENDS[message_class]


@dataclass(frozen=True)
class Rest:
    """How a scenario ended."""

    stage: Stage
    received: list[Inbound]
    ours: list[Outbound]
    told: list[str]
    """What the phone got, in order."""


def kept(stage: Stage) -> Rest:
    """Fails with every promise that was not."""
    history = stage.history()
    rest = Rest(
        stage,
        received=[each for each in history if isinstance(each, Inbound)],
        ours=[each for each in history if isinstance(each, Outbound)],
        told=[each.text for each in stage.got()],
    )
    check([*lost(rest), *doubled(rest), *unrest(rest)])
    return rest


Broken = list[tuple[Harm, str]]


def check(broken: Broken) -> None:
    for harm, _ in broken:
        harmed(harm)
    assert not broken, "\n".join(f"{harm}: {what}" for harm, what in broken)


def lost(rest: Rest) -> Broken:
    """Texts the door took that are not stored; texts of ours that ended nowhere."""
    stored = {each.provider_id for each in rest.received}
    broken: Broken = [("lost", f"text {id}") for id in set(rest.stage.accepted) - stored]
    broken += [("lost", f"{e.status}: {e.text}") for e in rest.ours if e.status not in AT_REST]
    return broken


def doubled(rest: Rest) -> Broken:
    stored = Counter(each.provider_id for each in rest.received)
    broken: Broken = [("doubled", f"text {id}") for id, n in stored.items() if n > 1]
    got = Counter(each.id for each in rest.stage.got())
    broken += [
        ("doubled", f"{got[each.id]} times on the phone: {each.text}")
        for each in rest.ours
        if got[each.id] > most_sends(each.message_class, rest.stage.can_be_asked)
    ]
    return broken


def unrest(rest: Rest) -> Broken:
    """Texts against a customer's wish, records that contradict the phone, and anything that waits."""
    queues = rest.stage.machine.world.queues.values()
    got = {each.id for each in rest.stage.got()}
    return [
        *_broken("after the opt-out", [each.text for each in rest.stage.against_their_wish]),
        *_broken("unknown to us", sorted(got - {each.id for each in rest.ours})),
        *_broken(
            "not as the phone has it",
            [each.text for each in rest.ours if (each.id in got) != (each.status in TOLD)],
        ),
        *_broken("dead letter", [each.why for queue in queues for each in queue.dead]),
        *_broken("still queued", [each.body for queue in queues for each in queue.letters]),
        *_broken("still due", [row.sk or "" for row in tables.table().due_index.scan()]),
    ]


def undisturbed(rest: Rest, statuses: dict[str, Status], told: list[str]) -> None:
    """Fails unless the same texts came to the same end, but for at most one: it may be unknown, or
    have left before an opt-out that came late. And none may have been told before its turn."""
    ended = {each.text: each.status for each in rest.ours}
    others = {text for text in ended.keys() & statuses.keys() if ended[text] != statuses[text]}
    wrong = {text for text in others if ended[text] != "unknown" and statuses[text] != "suppressed"}
    turns = iter(told)
    first = dict.fromkeys(text for text in rest.told if text in told)
    late = [text for text in first if text not in turns]
    check(
        [
            *(("lost", text) for text in sorted(statuses.keys() - ended.keys())),
            *_broken("never said before", sorted(ended.keys() - statuses.keys())),
            *_broken("another end", sorted(wrong or (others if len(others) > 1 else ()))),
            *_broken("told out of turn", late),
        ]
    )


def _broken(what: str, those: list[str]) -> Broken:
    return [("broken promises", f"{what}: {each}") for each in those]
