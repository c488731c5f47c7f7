"""Who waits for a person is told by when one will answer, and if that will be missed, is told so before
it is, once."""

from dataclasses import replace
from datetime import datetime, timedelta

from kesher.domain import conversation as talks
from kesher.domain import outbox, service
from kesher.domain.conversation import Conversation
from kesher.domain.decision import Decision
from kesher.domain.duty import duty
from kesher.domain.scene import Scene
from kesher.domain.when import when

WORTH_TELLING = timedelta(hours=1)


def promised(scene: Scene, talk: Conversation) -> Conversation:
    """The conversation with a promise."""
    return talks.promised(talk, _by(scene, talk, scene.ahead, scene.now))


def promise(scene: Scene, talk: Conversation, *, thanks: bool = False) -> tuple[str, ...]:
    """What has been promised, in sentences; after thanks, where nothing else is said before."""
    closed = () if scene.house.calendar.is_open(scene.now) else (scene.say("closed_now"),)
    by = scene.say("handed_over" if thanks else "promise", when=_when(scene, talk))
    return (by, *closed) if thanks else (*closed, by)


def promise_kept(scene: Scene, talk: Conversation) -> tuple[str, ...]:
    """Said again while it is still ahead."""
    if talk.promised_at is None or talk.promised_at <= scene.now:
        return ()
    return (scene.say("promise", when=_when(scene, talk)),)


def back_in_queue(scene: Scene, talk: Conversation) -> Decision:
    """Who was with an agent waits again: with the promise they have, or one that they are told."""
    if talk.promised_at is not None:
        return Decision((replace(scene.customer, conversation=talk),))
    waits = promised(scene, talk)
    return _told(scene, waits, " ".join(promise(scene, waits)), f"promise/{talk.id}")


def owned_up(scene: Scene) -> Decision:
    """It says a new time, and says it once: after that a person has to see to it."""
    before = scene.conversation
    missed = max(scene.now, before.promised_at or scene.now)
    others = max(scene.ahead - 1, 0)
    late = talks.promised(before, _by(scene, before, others, missed), late=True)
    return _told(scene, late, scene.say("late", when=_when(scene, late)), f"late/{before.id}")


def _by(scene: Scene, talk: Conversation, ahead: int, now: datetime) -> datetime:
    shop = scene.voice.shop
    there = duty(shop, scene.house.calendar, talk.team, scene.speech)
    return service.promise(shop.service, there, ahead, now)


def _when(scene: Scene, talk: Conversation) -> str:
    by = when(talk.promised_at or scene.now, scene.now, scene.house.calendar.zone)
    return scene.voice.when(by, scene.speech)


def promise_valid(talk: Conversation, now: datetime) -> timedelta:
    """For how long it is worth telling: until it would be owned up to, or it might come behind that."""
    ends = talk.warn_at - now if talk.warn_at else WORTH_TELLING
    return min(ends, WORTH_TELLING) if ends > timedelta(0) else WORTH_TELLING


def _told(scene: Scene, talk: Conversation, text: str, what: str) -> Decision:
    """One text of a wait: what is decided twice is told once."""
    told = replace(scene.customer, conversation=talk)
    if scene.customer.opted_out:
        return Decision((told,))
    cause = f"{what}/{(talk.waiting_since or scene.now).isoformat()}"
    say = outbox.Say(text, "conversational", cause, promise_valid(talk, scene.now))
    return Decision((told, outbox.queued(say, told, scene.voice.shop, scene.now)))
