"""What a class name means: the definitions of the 21,841 nouns of ImageNet (from WordNet), which timm carries.

A text encoder that hardly knows a word knows the words that define it. "ketch" says nothing to a small one, "a sailing
vessel with two masts" does.
"""

from __future__ import annotations

from functools import cache

from mma_desktop.class_names import name_key

LIST = "imagenet-22k"
PLURALS = (
    ("ies", "y"),
    ("ves", "f"),
    ("ses", "s"),
    ("xes", "x"),
    ("zes", "z"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("men", "man"),
    ("s", ""),
)
"""Endings of plurals and of what they are plurals of: WordNet's own rules for nouns (morphy)."""


def definitions(name: str) -> tuple[str, ...]:
    """Every meaning of a class name, as "its synonyms: its definition"; none where the dictionary lacks it.

    Case, blanks and underscores do not count. Of a plural, the meanings of its singular.
    """
    known, key = _table(), name_key(name.replace("_", " "))
    if key in known:
        return known[key]
    singulars = (key.removesuffix(end) + start for end, start in PLURALS if key.endswith(end))
    return next((known[one] for one in singulars if one in known), ())


@cache
def _table() -> dict[str, tuple[str, ...]]:
    """Meanings by name. Read once, in about 0.1 s."""
    from timm.data import ImageNetInfo

    info = ImageNetInfo(LIST)
    found: dict[str, list[str]] = {}
    pairs = zip(info.label_descriptions(), info.label_descriptions(detailed=True), strict=True)
    for synonyms, meaning in pairs:
        for name in synonyms.split(","):
            found.setdefault(name_key(name), []).append(meaning)
    return {name: tuple(dict.fromkeys(meanings)) for name, meanings in found.items()}
