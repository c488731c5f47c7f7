"""What is promised whatever breaks once, checked when everything has come to rest."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from kesher import store
from kesher.domain.customer import MessageClass
from kesher.domain.message import Inbound, Outbound, Status
from kesher.domain.waiting import WORTH_TELLING
from kesher.store import Person
from kesher.store import table as tables
from kesher.store.table import Row
from local.queue import Queue
from tests.reliability import bounds
from tests.reliability.scenarios import MONDAY_NOON, Stage
from tests.reliability.summary import Harm, harmed

TOLD: frozenset[Status] = frozenset({"delivered", "read"})


def most_sends(message_class: MessageClass, can_be_asked: bool) -> int:
    """How often one text of this class may reach a phone, by a provider that can or cannot be asked
    whether it has it: the bound of the README."""
    return 1 if can_be_asked else 1 + (message_class in bounds.SENT_AGAIN)


@dataclass(frozen=True)
class Rest:
    """How a scenario ended."""

    stage: Stage
    received: list[Inbound]
    ours: list[Outbound]
    told: list[str]
    """What the phone got, in order."""
    alerts: list[Outbound] = field(default_factory=list)
    """Of the shop's people."""


def kept(stage: Stage) -> Rest:
    """Fails with every promise that was not."""
    history = stage.history()
    rest = Rest(
        stage,
        received=[each for each in history if isinstance(each, Inbound)],
        ours=[each for each in history if isinstance(each, Outbound)],
        told=[untimed(each.text) for each in stage.got()],
        alerts=stage.alerts(),
    )
    check([*lost(rest), *doubled(rest), *unrest(rest), *miscounted(rest)])
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
    set_aside = {each.body for queue in queues(rest) for each in queue.dead}
    broken += [("lost", body) for body in rest.stage.poisons if body not in set_aside]
    broken += [
        ("lost", f"{e.status}: {e.text}") for e in rest.ours if e.status not in bounds.AT_REST
    ]
    broken += [
        ("lost", f"{each.status}: {each.text}")
        for each in rest.alerts
        if each.status not in bounds.AT_REST_UNHEARD
    ]
    broken += [("lost", f"open: {each}") for each in rest.stage.matters() if each.state == "open"]
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
    phones = rest.stage.machine.phones.got
    alerted = Counter(text.id for got in phones.values() for text in got)
    broken += [
        ("doubled", f"{alerted[each.id]} times on the phone: {each.text}")
        for each in rest.alerts
        if alerted[each.id] > most_sends(each.message_class, rest.stage.can_be_asked)
    ]
    return broken


def miscounted(rest: Rest) -> Broken:
    """Of the days that a scenario may take."""
    shop = rest.stage.machine.shop.shop
    person = store.load_person(shop, rest.stage.customer)
    wrong = figures_wrong(shop, [person], MONDAY_NOON.date() + timedelta(days=2))
    return _broken("counted", wrong)


def figures_wrong(shop: str, people: list[Person], last: date) -> list[str]:
    """Scores, invitations that arrived, answers to them and customers won back that the figures up to a
    day have more or fewer of than there are."""
    scores = [each for person in people for each in person.ratings if each.is_counted]
    texts = [each for person in people for each in person.messages if isinstance(each, Outbound)]
    matters = [each for person in people for each in person.escalations]
    there = {
        "score": len(scores) - sum(each.replaces is not None for each in scores),
        "answered": len({each.conversation for each in scores}),
        "delivered": sum(each.invitation is not None and each.has_arrived for each in texts),
        "won back": sum(each.recovery is not None for each in matters),
    }
    counts: Counter[str] = Counter()
    first = MONDAY_NOON.date()
    for n in range((last - first).days + 1):
        for each in store.counts(shop, first + timedelta(days=n)):
            counts[each.measure] += each.n
    return [
        f"{counts[measure]} of {n}: {measure}"
        for measure, n in there.items()
        if counts[measure] != n
    ]


def unrest(rest: Rest) -> Broken:
    """Texts against a customer's wish, records that contradict the phone, and anything that waits."""
    dead = [each for queue in queues(rest) for each in queue.dead]
    got = {each.id for each in rest.stage.got()}
    index = list(tables.table().due_index.scan())
    unknown = tables.unknown_shard(rest.stage.machine.shop.shop)
    listed = {row.sk for row in index if row.due_shard == unknown}
    return [
        *_broken("after the opt-out", [each.text for each in rest.stage.against_their_wish]),
        *_broken("unknown to us", sorted(got - {each.id for each in rest.ours})),
        *_broken(
            "not as the phone has it",
            [each.text for each in rest.ours if (each.id in got) != (each.status in TOLD)],
        ),
        *_broken("dead letter", [e.why for e in dead if e.body not in rest.stage.poisons]),
        *_broken("still queued", [each.body for queue in queues(rest) for each in queue.letters]),
        *_broken("still due", [row.sk or "" for row in index if is_due(row)]),
        *_broken(
            "unknown, and on no list",
            [
                each.text
                for each in rest.ours
                if each.status == "unknown" and f"message#{each.id}" not in listed
            ],
        ),
    ]


def is_due(row: Row) -> bool:
    """Whether the clock will bring it up soon; the index also lists what people look at, and a survey
    that nobody has answered yet."""
    in_time = str(row.due_shard).isdecimal() and row.sk != "head#profile"
    return in_time or row.check_at is not None


def untimed(text: str) -> str:
    """What is worked on later promises a later hour."""
    return re.sub(r"\b\d{1,2}:\d{2}\b", "...", text)


def queues(rest: Rest) -> list[Queue]:
    return list(rest.stage.machine.world.queues.values())


def undisturbed(rest: Rest, statuses: dict[str, Status], told: list[str]) -> None:
    """Fails unless the same texts came to the same end and none was told before its turn. Excused are
    one that is unknown, news and promises overtaken on their way, and what left before an opt-out that
    came late; and one of doubt comes when its fate is known."""
    ended = {untimed(each.text): each.status for each in rest.ours}
    others = {text for text in ended.keys() & statuses.keys() if ended[text] != statuses[text]}
    excused = {untimed(e.text) for e in rest.ours if _excused(e, statuses.get(untimed(e.text)))}
    unknown = {untimed(each.text) for each in rest.ours if each.status == "unknown"}
    wrong = others - excused or (unknown if len(unknown) > 1 else set())
    turns = iter(told)
    first = dict.fromkeys(text for text in rest.told if text in told)
    in_doubt = {untimed(each.text) for each in rest.ours if each.doubts}
    late = [text for text in first if text not in in_doubt and text not in turns]
    check(
        [
            *(("lost", text) for text in sorted(statuses.keys() - ended.keys())),
            *_broken("never said before", sorted(ended.keys() - statuses.keys())),
            *_broken("another end", sorted(wrong)),
            *_broken("told out of turn", late),
        ]
    )


def _excused(message: Outbound, undisturbed: Status | None) -> bool:
    overtaken = message.message_class == "informational" or _promises(message)
    expired = message.status == "expired" and overtaken
    return message.status == "unknown" or expired or undisturbed == "suppressed"


def _promises(message: Outbound) -> bool:
    """A promise is worth telling until it would be owned up to."""
    return message.valid_until - message.at < WORTH_TELLING


def _broken(what: str, those: list[str]) -> Broken:
    return [("broken promises", f"{what}: {each}") for each in those]
