"""Class names as words: which are none, which are the same but for spelling, which is a part of another. No encoder."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

LEFT_OVER = frozenset({"misc", "miscellaneous", "other", "others", "unknown", "none", "nothing", "background", "rest",
                       "various"})  # fmt: skip
"""Words that mean: none of the other classes."""
GENERIC = LEFT_OVER | {
    "class", "classes", "label", "labels", "category", "categories", "img", "image", "images", "picture", "pictures",
    "pic", "photo", "photos", "dsc", "dscn", "folder", "untitled", "new", "test", "train", "object", "objects",
    "thing", "things", "item", "items", "group", "type", "kind", "sample", "data", "file", "temp", "tmp", "undefined",
    "null", "na", "unnamed", "default",
}  # fmt: skip
"""Words that say nothing of what is on a picture."""
NEGATIONS = frozenset({"no", "not", "without", "non", "never"})
_WORD = re.compile(r"[^\W\d_]+|\d+")


def words(name: str) -> list[str]:
    """The words and numbers of a name, in lower case; underscores, hyphens and case changes divide."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return [word.casefold() for word in _WORD.findall(parted)]


def stem(word: str) -> str:
    """An English word without its plural ending, roughly: "berries", "boxes" and "cars" lose theirs, "glass" does not.

    Only compared with other stems, so that a wrong one (of "species") does no harm unless two words meet in it.
    """
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "xes", "sses", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def stems(name: str) -> tuple[str, ...]:
    """The stems of a name's words."""
    return tuple(stem(word) for word in words(name))


def is_wordless(name: str) -> bool:
    """Whether a name holds only numbers, signs, single letters and words that say nothing ("class_01", "IMG")."""
    return not any(
        (len(word) > 1 or not word.isascii()) and not word.isdigit() and word not in GENERIC for word in words(name)
    )


def is_left_over(name: str) -> bool:
    """Whether a wordless name means "none of the others"."""
    return any(word in LEFT_OVER for word in words(name))


def negation(name: str) -> str:
    """The word of a name that denies something, "" for none."""
    return next((word for word in words(name) if word in NEGATIONS), "")


def foreign_letters(name: str) -> str:
    """The letters of a name that are not Latin."""
    return "".join(one for one in name if one.isalpha() and not unicodedata.name(one, "LATIN").startswith("LATIN"))


def same_but_spelling(names: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of names (i < j) that differ only by case, plural, blanks, hyphens or underscores."""
    first: dict[str, int] = {}
    pairs = []
    for at, name in enumerate(names):
        key = "".join(stems(name)) or name
        if key in first:
            pairs.append((first[key], at))
        else:
            first[key] = at
    return pairs


def parts(names: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs (whole, part): each word of the first name ("guitar") is one of the second's ("electric guitar")."""
    sets = [frozenset(stems(name)) for name in names]
    holders: dict[str, set[int]] = {}
    for at, one in enumerate(sets):
        for word in one:
            holders.setdefault(word, set()).add(at)
    pairs = []
    for at, one in enumerate(sets):
        if not one or is_wordless(names[at]):
            continue
        rarest, *more = sorted((holders[word] for word in one), key=len)  # a word of every name costs nothing then
        inside = rarest.intersection(*more)
        pairs += [(at, other) for other in sorted(inside) if len(sets[other]) > len(one)]
    return pairs
