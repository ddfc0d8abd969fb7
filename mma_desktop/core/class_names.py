"""Class names: how they are told apart, and put into a prompt template."""

from __future__ import annotations

from collections.abc import Sequence

from mma_desktop.core.i18n import number, tr

DEFAULT_PROMPT = "a photo of a {}."
DEFINITION = "{definition}"
DICTIONARY_PROMPT = f"{DEFAULT_PROMPT}\na photo of a {DEFINITION}."

MOST_NAMES = 3_000  # of an adapter: ImageNet has 1,000, and what is measured has a cell for each pair
LONGEST_NAME = 200
MOST_TEMPLATES = 100  # CLIP's longest published ensemble has 80
LONGEST_TEMPLATE = 300
_NAMED = 40
NAMES_SHOWN = 6


def listed(names: Sequence[str]) -> str:
    """Names in quotes, the first few of a long list."""
    shown = ", ".join(tr("'{name}'", name=name) for name in names[:NAMES_SHOWN])
    left = len(names) - NAMES_SHOWN
    return tr("{names} and {n} more", "{names} and {n} more", left, names=shown) if left > 0 else shown


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
    twice: dict[str, str] = {}
    for name in names:
        key = name_key(name)
        if key in seen:
            twice.setdefault(key, name)
        seen.add(key)
    return list(twice.values())


def too_many_names(count: int) -> str:
    """What is wrong with so many class names for one adapter, as a sentence; "" where nothing is."""
    if count <= MOST_NAMES:
        return ""
    return tr(
        "There is {n} class name; an adapter takes at most {most}.",
        "There are {n} class names; an adapter takes at most {most}.",
        count,
        most=number(MOST_NAMES),
    )


def name_too_long(name: str) -> str:
    """What is wrong with the length of a class name, as a sentence; "" where nothing is."""
    if len(name) <= LONGEST_NAME:
        return ""
    return tr(
        "The class name '{start}…' is too long ({found} characters). Use at most {limit} characters.",
        start=name[:_NAMED],
        found=number(len(name)),
        limit=number(LONGEST_NAME),
    )


def unfit_names(names: Sequence[str]) -> str:
    """What is wrong with the number of class names, or the length of one, as a sentence; "" where nothing is."""
    return too_many_names(len(names)) or name_too_long(max(names, key=len, default=""))


def split_templates(text: str) -> list[str]:
    """The templates of a prompt template: one, or one a line for an ensemble of them; at least one.

    Of several lines, empty and repeated ones are left out. A single line is taken as it is, so that its prompts are
    exactly those that were always made of it.
    """
    lines = text.splitlines()
    if len(lines) > 1:
        lines = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    return lines or [""]


def unfit_templates(text: str) -> str:
    """What is wrong with the number of prompt templates, or the length of one, as a sentence; "" where nothing is."""
    templates = split_templates(text)
    if len(templates) > MOST_TEMPLATES:
        return tr(
            "This is {n} template; at most {most} are possible.",
            "These are {n} templates; at most {most} are possible.",
            len(templates),
            most=number(MOST_TEMPLATES),
        )
    longest = max(map(len, templates))
    if longest > LONGEST_TEMPLATE:
        return tr(
            "A prompt template has {found} characters; at most {longest} are possible.",
            found=number(longest),
            longest=number(LONGEST_TEMPLATE),
        )
    return ""


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
