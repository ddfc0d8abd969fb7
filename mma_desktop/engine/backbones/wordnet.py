"""What a class name means: the definitions of the 21,841 nouns of ImageNet (from WordNet), which timm carries.

A text encoder that hardly knows a word knows the words that define it. "ketch" says nothing to a small one, "a sailing
vessel with two masts" does.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from mma_desktop.core.class_names import name_key

SYNSETS = "imagenet22k_synsets.txt"
LEMMAS, DEFINITIONS = "imagenet_synset_to_lemma.txt", "imagenet_synset_to_definition.txt"
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


def entries(synsets: str) -> list[tuple[str, str]]:
    """The names ("ketch", or several joined by commas) and the definition of each synset in one of timm's lists.

    The files are read by their place: importing timm for them would bring torchvision along and cost 120 MB.
    """
    package = find_spec("timm")
    assert package is not None
    assert package.submodule_search_locations
    folder = Path(package.submodule_search_locations[0], "data", "_info")
    names, meanings = (dict(csv.reader(_lines(folder / name), delimiter="\t")) for name in (LEMMAS, DEFINITIONS))
    return [(names[one], meanings[one]) for one in _lines(folder / synsets)]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


@cache
def _table() -> dict[str, tuple[str, ...]]:
    """Meanings by name. Read once, in about 0.1 s."""
    found: dict[str, tuple[str, ...]] = {}
    for synonyms, definition in entries(SYNSETS):
        meaning = f"{synonyms}: {definition}"
        for key in dict.fromkeys(map(name_key, synonyms.split(","))):
            if meaning not in found.get(key, ()):
                found[key] = (*found.get(key, ()), meaning)
    return found
