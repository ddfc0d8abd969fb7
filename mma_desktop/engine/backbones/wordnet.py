"""Definitions of class names: ImageNet's 21,841 nouns from WordNet, as shipped with timm.

A text encoder that hardly knows a word may know the words of its definition: "ketch" means nothing to a small one, "a
sailing vessel with two masts" does.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from mma_desktop.core.class_names import name_key

SYNSETS = "imagenet22k_synsets.txt"
LEMMAS, DEFINITIONS = "imagenet_synset_to_lemma.txt", "imagenet_synset_to_definition.txt"
# WordNet's rules for the singular of nouns (morphy): plural ending, singular ending.
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


def definitions(name: str) -> tuple[str, ...]:
    """All meanings of a class name, as "its synonyms: its definition"; empty if it is not in the dictionary."""
    # Case, spaces and underscores are ignored; a plural falls back to its singular.
    (first, more, listed), key = _table(), name_key(name.replace("_", " "))
    singulars = (key.removesuffix(end) + start for end, start in PLURALS if key.endswith(end))
    word = next((spelling for spelling in (key, *singulars) if spelling in first), None)
    places = () if word is None else (first[word], *more.get(word, ()))
    return tuple(dict.fromkeys(f"{listed[at][0]}: {listed[at][1]}" for at in places))


def entries(synsets: str) -> list[tuple[str, str]]:
    """The names ("ketch", or several joined by commas) and the definition of each synset in one of timm's lists."""
    # Importing timm would also import torchvision, which costs 120 MB.
    package = find_spec("timm")
    assert package is not None
    assert package.submodule_search_locations
    folder = Path(package.submodule_search_locations[0], "data", "_info")
    names, meanings = (dict(line.split("\t", 1) for line in _lines(folder / name)) for name in (LEMMAS, DEFINITIONS))
    return [(names[line], meanings[line]) for line in _lines(folder / synsets)]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


@cache
def _table() -> tuple[dict[str, int], dict[str, list[int]], list[tuple[str, str]]]:
    """The first place of each name, its others, and what is there: synonyms and their definition."""
    # A list for each name would take the garbage collector 0.06 s, where reading takes 0.02 s.
    listed = entries(SYNSETS)
    first: dict[str, int] = {}
    more: dict[str, list[int]] = {}
    for at, line in enumerate(name_key("\0".join(names for names, _ in listed)).split("\0")):
        for key in line.split(", "):
            if first.setdefault(key, at) != at:
                more.setdefault(key, []).append(at)
    return first, more, listed
