"""What people type, made safe to store and possible to compare."""

import re
import unicodedata

# Marks that steer the direction of text: invisible, copied along with phone numbers, abused to
# spoof. Kept in what is stored, ignored in what is compared.
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_NEVER_STORED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_IGNORED = re.compile(f"[{_BIDI}\u0640\u200b-\u200d\u2060\ufeff\u00ad]")
_APOSTROPHES = re.compile("['’‘`´׳״\"“”]")
LONGEST_LINE = 100
"""An order's number or a carrier's name is shorter; without a bound, one hostile value would make a
text of hundreds of parts."""
_ONE_LETTER = str.maketrans(
    {"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ё": "е", "أ": "ا", "إ": "ا", "آ": "ا"}
)


def clean(text: str) -> str:
    """The text without what queues and tables refuse: C0 controls, U+FFFE, U+FFFF; a lone
    surrogate becomes U+FFFD and CRLF a line feed. Everything a person can see is kept."""
    text = _SURROGATES.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _NEVER_STORED.sub("", text)


def line(text: str) -> str:
    """A value fit to stand inside a text of ours: one line of at most LONGEST_LINE characters, no
    marks that turn what follows."""
    return _plain(text)[:LONGEST_LINE].rstrip()


def name(text: str) -> str:
    """A person's name, which is a line of at most 40 characters."""
    return line(text)[:40]


def link(url: str | None) -> str | None:
    """The address of a page, or None where it is anything else."""
    address = _plain(url or "")
    return address if re.fullmatch(r"https?://[^\s]{3,500}", address) else None


def _plain(text: str) -> str:
    return " ".join(re.sub(f"[{_BIDI}]", "", clean(text)).split())


class _Folded(dict[int, str]):
    """Code point to what it is compared as; of the scripts of the shops' languages worked out once."""

    def __missing__(self, code: int) -> str:
        folded = _folded(chr(code))
        if code < 0x3000:
            self[code] = folded
        return folded


_FOLDED = _Folded()


def fold(text: str) -> str:
    """The text as it is compared: compatibility forms, case, points, marks, punctuation, emoji and
    the Arabic and Persian shapes of one letter made alike, digits ASCII, words one space apart."""
    text = unicodedata.normalize("NFKC", _IGNORED.sub("", clean(text))).casefold()
    text = _APOSTROPHES.sub("", text).translate(_ONE_LETTER)
    return " ".join(text.translate(_FOLDED).split())


def _folded(char: str) -> str:
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(char)
    if category[0] == "L":
        return char
    return "" if category[0] == "M" else " "


def contains(folded: str, phrase: str) -> bool:
    """Whether the folded text holds the folded phrase as whole words."""
    return f" {phrase} " in f" {folded} "
