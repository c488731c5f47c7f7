"""What `kesher shop check` says of a calendar: the line, the key, and the mend."""

from pathlib import Path
from textwrap import dedent, indent

import pytest

from local import shopfile

SHOP = """\
shop: demo
name: Zayit
languages: [en]
country: IL
timezone: {zone}
channels:
  - kind: simulator
    sender: "+972552345678"
    credentials: {{secret: "env:SIMULATOR_SECRET"}}
calendar:
"""
FIRST = SHOP.count("\n") + 1
"""The line after `calendar:`."""


def said(tmp_path: Path, calendar: str, zone: str = "Asia/Jerusalem", *, people: str = "") -> str:
    """What is wrong with a shop of this calendar; nothing where nothing is."""
    file = tmp_path / "shop.yaml"
    opening = indent(dedent(calendar), "  ")
    file.write_text(f"{SHOP.format(zone=zone)}{opening}\n{people}", encoding="utf-8")
    try:
        shopfile.read(file)
    except shopfile.BadShopFile as error:
        return str(error).replace(f"{file}:", "")
    return ""


@pytest.mark.parametrize(
    ("calendar", "line", "what", "mend"),
    [
        (
            'hours:\n  sunday: ["9-18"]',
            1,
            "calendar.hours.sunday.0: '9-18' is no time of day",
            '"20:00-02:00" past midnight',
        ),
        (
            'hours:\n  sunday: ["09:00-13:00", "12:00-18:00"]',
            1,
            "calendar.hours.sunday.1: sunday 12:00-18:00 overlaps sunday 09:00-13:00",
            "one window of the two",
        ),
        (
            'hours:\n  monday: ["01:00-05:00"]\n  sunday: ["20:00-02:00"]',
            1,
            "calendar.hours.monday.0: monday 01:00-05:00 overlaps sunday 20:00-02:00",
            "one window of the two",
        ),
        (
            'hours:\n  sunday: ["22:00-03:00"]\n  monday: ["02:00-04:00"]',
            2,
            "monday 02:00-04:00 overlaps sunday 22:00-03:00",
            "one window of the two",
        ),
        ("hours:\n  funday: []", 1, "calendar.hours.funday: input should be 'monday'", "funday"),
        ("hours: {}", -1, "calendar: the shop never opens", "at least one window"),
        (
            'hours:\n  saturday: ["09:00-12:00"]\nshabbat: {city: Jerusalem}',
            -1,
            "calendar: the shop never opens",
            "that nothing else closes",
        ),
        ("closed:\n  - {first: 2020-01-01, last: 2099-01-01}", -1, "never opens", "at least one"),
        (
            "shabbat:\n  city: Tel Avive",
            1,
            "calendar.shabbat.city: no city 'Tel Avive'",
            "Did you mean Tel Aviv?",
        ),
        ("shabbat:\n  city: jerusalem", 1, "no city 'jerusalem'", "Did you mean Jerusalem?"),
        ("shabbat:\n  city: Ulan Ude", 1, "no city 'Ulan Ude'", "latitude and longitude"),
        ("shabbat: {}", 0, "calendar.shabbat: has no place", "Give a city, or both"),
        ("shabbat: {latitude: 32.1}", 0, "calendar.shabbat: has no place", "Give a city, or both"),
        (
            "shabbat: {city: Haifa, latitude: 32.1, longitude: 34.8}",
            0,
            "calendar.shabbat: is at two places",
            "Give a city, or latitude",
        ),
        (
            "shabbat: {latitude: 40.7, longitude: -74.0}",
            0,
            "calendar.shabbat.longitude: -74.0 is far from Asia/Jerusalem",
            "exchanged with the latitude",
        ),
        (
            "shabbat:\n  city: Haifa\n  before_minutes: -5",
            2,
            "calendar.shabbat.before_minutes: -5 is too much or too little",
            "Give minutes from 0 to 720.",
        ),
        (
            "holidays:\n  - country: XX",
            1,
            "calendar.holidays.0.country: no holidays of 'XX' are known",
            "such as IL",
        ),
        (
            "holidays:\n  - {country: US, region: XX}",
            1,
            "calendar.holidays.0.region: US has no part 'XX'",
            "Choose from AK,",
        ),
        (
            "holidays:\n  - {country: IL, region: XX}",
            1,
            "calendar.holidays.0.region: IL has no part 'XX'",
            "it has no parts",
        ),
        (
            "holidays:\n  - country: US\n    without: [Thanksgiving]",
            2,
            "calendar.holidays.0.without.0: no holiday 'Thanksgiving'",
            "Did you mean Thanksgiving Day",
        ),
        (
            "holidays:\n  - country: IL\n    only: [Passover]",
            2,
            "calendar.holidays.0.only.0: no holiday 'Passover'",
            "The names are",
        ),
        (
            "holidays:\n  - {country: IL, only: [פורים], without: [פסח]}",
            1,
            "calendar.holidays.0.without: is there beside `only`",
            "Remove one",
        ),
        (
            'holidays:\n  - {country: IL, close_at: "25:00"}',
            1,
            "calendar.holidays.0.close_at: '25:00' is no hour",
            'such as "13:00"',
        ),
        ('eves_close_at: "1 pm"', 0, "calendar.eves_close_at: '1 pm' is no hour", '"13:00"'),
        (
            "eves_close_at: 13:00",
            0,
            "calendar.eves_close_at: input should be a valid string",
            "Quote it: YAML reads a number here, 780.",
        ),
        (
            "closed:\n  - first: 2026-12-31\n    last: 2026-12-30",
            2,
            "calendar.closed.0.last: 2026-12-30 is before 2026-12-31",
            "Exchange them.",
        ),
        (
            "closed:\n  - {first: 2026-12-31, hours: noon}",
            1,
            "calendar.closed.0.hours: 'noon' is no time of day",
            '"24h"',
        ),
        (
            "closed:\n  - {first: 31.12.2026}",
            1,
            "calendar.closed.0.first: input should be",
            "It is",
        ),
        ("open: always", 0, "calendar.open: unknown key", "docs/shop-file.md"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_mend(
    tmp_path: Path, calendar: str, line: int, what: str, mend: str
) -> None:
    (fault, remedy) = said(tmp_path, calendar).splitlines()
    number, text = fault.split(": ", 1)
    assert (int(number), what in text) == (FIRST + line, True), fault
    assert mend in remedy


@pytest.mark.parametrize(
    "calendar",
    [
        'hours:\n  sunday: ["24h"]',
        'hours:\n  saturday: ["20:00-02:00"]\n  sunday: ["02:00-04:00", "09:00-18:00"]',
        'hours:\n  sunday: ["09:00-18:00"]\n  monday: []',
        "shabbat: {city: Jerusalem}",
        "shabbat: {latitude: 31.8, longitude: 35.2, diaspora: true, havdalah_minutes: 42}",
        "holidays:\n  - country: IL\n  - {country: IL, only: [תשעה באב], close_at: '13:00'}",
        "holidays:\n  - {country: IR, without: [روز طبیعت]}",
        "closed:\n  - {first: 2026-12-31, last: 2027-01-02, label: Stocktaking}",
    ],
)
def test_a_good_calendar_is_a_good_shop_file(tmp_path: Path, calendar: str) -> None:
    assert said(tmp_path, calendar) == ""


@pytest.mark.parametrize(
    ("place", "what"),
    [
        ("latitude: 59.9, longitude: 30.3", "has nights without stars"),
        ("latitude: 68.9, longitude: 33.1, havdalah_minutes: 60", "has days without sunset"),
        ("latitude: 59.9, longitude: 30.3, havdalah_minutes: 60", ""),
        ("latitude: 55.8, longitude: 37.6", ""),
    ],
)
def test_a_place_too_far_north_is_refused(tmp_path: Path, place: str, what: str) -> None:
    """The library answers there with times of the day before."""
    found = said(tmp_path, f"shabbat: {{{place}}}", "Europe/Moscow")
    assert what in found
    assert bool(what) == bool(found)


@pytest.mark.parametrize(
    ("hours", "what"),
    [
        ('{monday: ["9-18"]}', "agents.0.hours.monday.0: '9-18' is no time of day"),
        ('{friday: ["18:00-20:00"]}', "agents.0.hours: are never hours in which the shop is open"),
    ],
)
def test_an_agent_s_hours_are_windows_in_which_the_shop_is_open(
    tmp_path: Path, hours: str, what: str
) -> None:
    people = f"agents:\n  - {{id: dana, name: Dana, role: care, hours: {hours}}}\n"

    assert what in said(tmp_path, 'hours: {monday: ["09:00-18:00"]}', people=people)
