"""Which language a text is in, by its script. No model: a shop's customers write in few languages.

A text of fewer than three letters ("5", "ok", an emoji) says nothing and changes nothing; "hi" says
that it is English.
"""

import re

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

RIGHT_TO_LEFT = frozenset({"he", "fa", "ar"})


def detect(text: str, among: tuple[str, ...] = ()) -> str | None:
    """`he`, `fa`, `ar`, `ru`, `en`, or None where the text does not say. Of Persian and Arabic, where
    the letters are those of both, the first that is `among` the shop's languages."""
    letters = " ".join(word for word in _LINK.sub(" ", text).split() if _is_speech(word))
    counts = {script: len(pattern.findall(letters)) for script, pattern in _SCRIPTS.items()}
    script = max(counts, key=lambda key: counts[key])
    if counts[script] < 3 and not _HI.fullmatch(letters):
        return None
    if script != "arabic script":
        return script
    return _persian_or_arabic(letters) or next((e for e in among if e in {"fa", "ar"}), None)


def heard(text: str, kept: str | None, offered: tuple[str, ...] = ()) -> str | None:
    """The language to keep after this text. One or two words in Latin letters ("ok thanks", a
    brand, Hebrew without a Hebrew keyboard) do not make an English customer of any other."""
    among = (kept, *offered) if kept in {"fa", "ar"} else offered
    found = detect(text, tuple(each for each in among if each))
    brief = len(text.split()) < 3
    return kept if found is None or (found == "en" and kept and brief) else found


def _is_speech(word: str) -> bool:
    """Neither an address of e-mail nor a code, such as an order's. Word by word, since one pattern
    for all of it takes minutes over a long row of digits."""
    return "@" not in word and not (_DIGIT.search(word) and _LATIN.search(word))


def _persian_or_arabic(text: str) -> str | None:
    persian, arabic = len(_PERSIAN.findall(text)), len(_ARABIC.findall(text))
    if persian == arabic:
        return None
    return "fa" if persian > arabic else "ar"


def primary(locale: str | None) -> str | None:
    """`he` of `he-IL` or `he_IL`; `he` of the old `iw`."""
    code = re.split("[-_]", locale or "")[0].lower()
    return {"iw": "he", "per": "fa"}.get(code, code) or None
