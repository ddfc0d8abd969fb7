"""Compare class names as words, without an encoder: wordless names, spelling variants, names within names."""

from __future__ import annotations

from collections.abc import Sequence

from mma_desktop.core.class_names import words_of

LEFT_OVER = frozenset({"misc", "miscellaneous", "other", "others", "unknown", "none", "nothing", "background", "rest",
                       "various"})  # fmt: skip
"""Words that mean "none of the other classes"."""
GENERIC = LEFT_OVER | {
    "class", "classes", "label", "labels", "category", "categories", "img", "image", "images", "picture", "pictures",
    "pic", "photo", "photos", "dsc", "dscn", "folder", "untitled", "new", "test", "train", "object", "objects",
    "thing", "things", "item", "items", "group", "type", "kind", "sample", "data", "file", "temp", "tmp", "undefined",
    "null", "na", "unnamed", "default",
}  # fmt: skip
"""Words that do not describe a picture."""


def stem(word: str) -> str:
    """An English word without its plural ending, roughly: "berries", "boxes" and "cars", but not "glass".

    Stems are only compared with other stems, so a wrong one (of "species") is harmless unless two words share it.
    """
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "xes", "sses", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def stems(name: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words_of(name))


def is_wordless(name: str) -> bool:
    """Whether a name holds only numbers, symbols, single letters and generic words ("class_01", "IMG")."""
    return not any(
        (len(word) > 1 or not word.isascii()) and not word.isdigit() and word not in GENERIC for word in words_of(name)
    )


def is_left_over(name: str) -> bool:
    """Whether a wordless name means "none of the others"."""
    return any(word in LEFT_OVER for word in words_of(name))


def same_but_spelling(names: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of names (i < j) that differ only in case, plural, blanks, hyphens or underscores."""
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
    """Pairs (i, j): every word of name i ("guitar") occurs in name j ("electric guitar"), which has more."""
    sets = [frozenset(stems(name)) for name in names]
    holders: dict[str, set[int]] = {}
    for at, words in enumerate(sets):
        for word in words:
            holders.setdefault(word, set()).add(at)
    pairs = []
    for at, words in enumerate(sets):
        if not words or is_wordless(names[at]):
            continue
        # Starting with the rarest word keeps a word shared by every name cheap.
        rarest, *more = sorted((holders[word] for word in words), key=len)
        inside = rarest.intersection(*more)
        pairs += [(at, other) for other in sorted(inside) if len(sets[other]) > len(words)]
    return pairs
