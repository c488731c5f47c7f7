"""When a customer is asked how it was: a while after a person closed their conversation, in opening
hours, seldom, and never where it went on.

A reason not to ask is looked for again when the moment comes: what was true at the closing may not be
any more.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from kesher.domain import outbox, quiet
from kesher.domain import survey as surveys
from kesher.domain.calendar import NeverOpen
from kesher.domain.conversation import Conversation
from kesher.domain.customer import Customer
from kesher.domain.decision import NOTHING, Decision
from kesher.domain.scale import ScaleName
from kesher.domain.scene import House
from kesher.domain.shop import Shop, SurveyRules
from kesher.domain.survey import Asked, Survey

SILENT = timedelta(minutes=10)
"""Nobody is asked who has written so lately."""
JITTER_SECONDS = 30 * 60
"""Over so long after an opening those are asked who had to wait for it."""
VALID = timedelta(hours=12)
"""An invitation that could not leave by then is not worth sending."""
REMINDED_AFTER = timedelta(hours=24)


def planned(customer: Customer, talk: Conversation, shop: Shop, now: datetime) -> Survey | None:
    """Of a conversation that a person has closed just now; what was asked of it before stays."""
    rules, asked = shop.survey, customer.survey
    if asked and asked.conversation == talk.id and asked.state != "planned":
        return asked
    scale = _scale(rules, talk.team) if rules else None
    if rules is None or scale is None or not talk.closed_by or _is_spared(customer, rules, now):
        return None
    due_at = now + timedelta(minutes=rules.wait_minutes)
    return Survey(talk.id, scale, "planned", talk.closed_by, talk.team, due_at)


def _scale(rules: SurveyRules, team: str | None) -> ScaleName | None:
    asked = rules.teams.get(team or "", rules.scale)
    return None if asked == "none" else asked


def _is_spared(customer: Customer, rules: SurveyRules, now: datetime) -> bool:
    """Who has opted out, and who was asked lately."""
    lately = timedelta(days=rules.every_days)
    asked_at = customer.surveyed_at
    return "survey" in customer.stopped or (asked_at is not None and now - asked_at < lately)


def decide(customer: Customer | None, house: House, now: datetime) -> Decision:
    """What the clock brings up."""
    survey = customer.survey if customer else None
    if not customer or not survey or survey.due_at is None or survey.due_at > now:
        return NOTHING
    if house.voice.shop.survey is None:
        return _with(customer, None)
    if survey.state == "planned":
        return _planned(customer, survey, house, now)
    ends = _ends(survey, house, now)
    reminds = _rules(house).reminder and not survey.reminded and "survey" not in customer.stopped
    if reminds and now < ends:
        return _reminded(customer, survey, house, now)
    return _with(customer, surveys.expired(survey))


def _rules(house: House) -> SurveyRules:
    return house.voice.shop.survey or SurveyRules()


def _ends(survey: Survey, house: House, now: datetime) -> datetime:
    """When an answer comes too late; of one that is asked now, too."""
    return (survey.invited_at or now) + timedelta(hours=_rules(house).expires_hours)


def _planned(customer: Customer, survey: Survey, house: House, now: datetime) -> Decision:
    talk = customer.conversation
    went_on = talk is None or talk.is_open or talk.id != survey.conversation
    if talk is None or went_on or _is_spared(customer, _rules(house), now):
        return _with(customer, None)
    if now - talk.last_text_at < SILENT:
        return _with(customer, surveys.put_off(survey, talk.last_text_at + SILENT))
    try:
        opening = _opening(customer, house, now)
    except NeverOpen:
        return _with(customer, None)
    if opening > now:
        return _with(customer, surveys.put_off(survey, opening))
    return _invited(customer, survey, house, now)


def _opening(customer: Customer, house: House, now: datetime) -> datetime:
    """Now, or some time after the shop has opened and its quiet hours are over: who had to wait for it
    are not all asked at the stroke."""
    opening = house.calendar.next_opening(now)
    allowed = quiet.until("survey", house.voice.shop, opening) or opening
    if allowed == now:
        return now
    later = allowed + timedelta(seconds=int(customer.id[:8], 16) % JITTER_SECONDS)
    return later if house.calendar.is_open(later) else house.calendar.next_opening(allowed)


def _invited(customer: Customer, survey: Survey, house: House, now: datetime) -> Decision:
    ends = _ends(survey, house, now)
    look_at = min(now + REMINDED_AFTER, ends) if _rules(house).reminder else ends
    by = house.voice.shop.route(customer.channel, customer.line)
    asked = surveys.invited(survey, now, by, look_at)
    known = replace(customer, survey=asked, surveyed_at=now)
    invitation = asked.asked(house.calendar)
    counted = (invitation.counted(customer.shop, "asked"),) if invitation else ()
    decision = _asks(known, asked, house, now, invitation)
    return replace(decision, records=(*decision.records, *counted))


def _reminded(customer: Customer, survey: Survey, house: House, now: datetime) -> Decision:
    """Once, in the words of the invitation, in hours in which they might have been invited."""
    ends = _ends(survey, house, now)
    try:
        opening = _opening(customer, house, now)
    except NeverOpen:
        opening = ends
    if opening > now:
        return _with(customer, replace(survey, due_at=min(opening, ends)))
    asked = surveys.reminded(survey, ends)
    return _asks(replace(customer, survey=asked), asked, house, now)


def _asks(
    customer: Customer, survey: Survey, house: House, now: datetime, counts: Asked | None = None
) -> Decision:
    """The invitation, which is counted when it has arrived; a reminder is not."""
    voice, agent = house.voice, house.voice.shop.agent(survey.agent)
    name = agent.name if agent else voice.shop.name
    text = voice.say(f"survey_{survey.scale}", voice.language(customer.language), agent=name)
    cause = f"survey/{survey.conversation}/{'reminder' if survey.reminded else 'invitation'}"
    say = outbox.Say(text, "survey", cause, VALID)
    queued = outbox.queued(say, customer, voice.shop, now)
    return Decision((customer, replace(queued, invitation=counts)))


def _with(customer: Customer, survey: Survey | None) -> Decision:
    return Decision((replace(customer, survey=survey),))
