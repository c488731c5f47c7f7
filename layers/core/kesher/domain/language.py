"""Which language a text is in, by its script. No model: a shop's customers write in few languages.

A text of fewer than three letters ("5", "ok", an emoji) says nothing and changes nothing; "hi" says
that it is English. Persian and Arabic are told apart by the letters that only one of them has, and
where there are none by common words.
"""

import re

from kesher.domain.stem import words
from kesher.domain.text import fold

_SCRIPTS = {
    "he": re.compile("[\u05d0-\u05ea]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "arabic script": re.compile("[\u0621-\u064a\u066e-\u06d3]"),
    "en": re.compile("[A-Za-z\u00c0-\u024f]"),
}
_PERSIAN = re.compile("[پچژگکی\u200c۰-۹]")
_ARABIC = re.compile(r"[ةىكيأإؤئ٠-٩]|\bال")
_HI = re.compile(r"\W*hi\W*", re.IGNORECASE)
_LINK = re.compile(r"https?://\S+")
_DIGIT = re.compile(r"\d")
_LATIN = re.compile("[A-Za-z]")

OWN_WORDS: dict[str, frozenset[str]] = {
    code: frozenset(map(fold, common.split()))
    for code, common in {
        "fa": "سلام درود ممنون ممنونم بله آره نه باشه شما است از سفارش هستم دارم ندارم خوبه",
        "ar": "مرحبا اهلا هلا هلو نعم عفوا تسلم هل هذا انا انت موظف حلو",
    }.items()
}
"""Folded words in letters of both. A bare "سلام" is Persian: Arabic says more ("السلام عليكم")."""
RIGHT_TO_LEFT = frozenset({"he", "fa", "ar"})


def detect(text: str, among: tuple[str, ...] = ()) -> str | None:
    """`he`, `fa`, `ar`, `ru`, `en`, or None where the text does not say. Of Persian and Arabic, where
    the letters are those of both, the one `among` the shop's languages that has its words, or the
    first."""
    letters = " ".join(word for word in _LINK.sub(" ", text).split() if _is_speech(word))
    counts = {script: len(pattern.findall(letters)) for script, pattern in _SCRIPTS.items()}
    script = max(counts, key=lambda key: counts[key])
    if counts[script] < 3 and not _HI.fullmatch(letters):
        return None
    if script != "arabic script":
        return script
    return _by_letters(letters) or _by_words(letters, among)


def heard(text: str, kept: str | None, offered: tuple[str, ...] = ()) -> str | None:
    """The language to keep after this text. One or two words in Latin letters ("ok thanks", a
    brand, Hebrew without a Hebrew keyboard) do not make an English customer of any other, and what
    Persian and Arabic write alike takes neither for the other."""
    found = detect(text, (kept,) if kept in OWN_WORDS else offered)
    brief = len(text.split()) < 3
    return kept if found is None or (found == "en" and kept and brief) else found


def _is_speech(word: str) -> bool:
    """Neither an address of e-mail nor a code, such as an order's. Word by word, since one pattern
    for all of it takes minutes over a long row of digits."""
    return "@" not in word and not (_DIGIT.search(word) and _LATIN.search(word))


def _by_letters(text: str) -> str | None:
    persian, arabic = len(_PERSIAN.findall(text)), len(_ARABIC.findall(text))
    if persian == arabic:
        return None
    return "fa" if persian > arabic else "ar"


def _by_words(text: str, among: tuple[str, ...]) -> str | None:
    said = set(words(fold(text)))
    spoken = [each for each in among if each in OWN_WORDS]
    return max(spoken, key=lambda code: len(said & OWN_WORDS[code]), default=None)


def primary(locale: str | None) -> str | None:
    """`he` of `he-IL` or `he_IL`; `he` of the old `iw`."""
    code = re.split("[-_]", locale or "")[0].lower()
    return {"iw": "he", "per": "fa"}.get(code, code) or None
