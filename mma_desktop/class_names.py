"""Class names: how they are told apart, and put into a prompt template."""

from __future__ import annotations

from collections.abc import Sequence

from mma_desktop.words import tr

DEFAULT_PROMPT = "a photo of a {}."
DEFINITION = "{definition}"
DICTIONARY_PROMPT = f"{DEFAULT_PROMPT}\na photo of a {DEFINITION}."


def split_names(text: str) -> list[str]:
    """Class names typed or pasted as lines or with commas: trimmed, inner blanks joined, empty ones left out."""
    names = (" ".join(part.split()) for line in text.splitlines() for part in line.split(","))
    return [name for name in names if name]


def name_key(name: str) -> str:
    """What two class names are compared by: case, surrounding and repeated blanks do not count."""
    return " ".join(name.split()).casefold()


def duplicate_names(names: Sequence[str]) -> list[str]:
    """The names that occur more than once (by `name_key`), each once, in order of their second occurrence."""
    seen: set[str] = set()
    twice: list[str] = []
    for name in names:
        key = name_key(name)
        if key in seen and key not in {name_key(other) for other in twice}:
            twice.append(name)
        seen.add(key)
    return twice


def fill_prompt(template: str, name: str, definition: str = "") -> str:
    """A class name in its prompt template. Underscores of folder names are read as blanks.

    Only the first `{}` is filled; other braces are text, so that no template can fail. A template without `{}` is put
    before the name. `{definition}` is filled with the definition, or says that it stands for one.
    """
    readable = " ".join(name.replace("_", " ").split())
    if DEFINITION in template:
        meaning = definition or tr("{class_name}: what the dictionary says of it", class_name=readable)
        return template.replace("{}", readable, 1).replace(DEFINITION, meaning, 1)
    return template.replace("{}", readable, 1) if "{}" in template else f"{template} {readable}".strip()
