"""Class names: comparing them, and inserting them into prompt templates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from mma_desktop.core.i18n import later, number, shortened, tr

ClassNames = Sequence[str] | Mapping[str, str]
"""Class names; a mapping also gives the text that the model reads for each, "" for its usual one."""

DEFAULT_PROMPT = "a photo of a {}."
DEFINITION = "{definition}"
DICTIONARY_PROMPT = f"{DEFAULT_PROMPT}\na photo of a {DEFINITION}."

MAX_NAMES = 3_000  # per adapter: ImageNet has 1,000, and the confusion matrix has a cell for each pair
LONGEST_NAME = 200  # letters; the constraint of the table `class` has it too
MAX_TEMPLATES = 100  # CLIP's longest published ensemble has 80
LONGEST_TEMPLATE = 300  # letters; about the 77 tokens that CLIP reads
# Between several texts that the model reads for one class; the mean of their features counts.
READINGS = "; "
# Before a text of them that is a name in another language: not a prompt, but for an encoder of many languages.
FOREIGN = "\u2248"
_NAMED = 40  # letters of a name in a message
NONE_OF_THESE = later("None of these")  # shown in place of a rejected class
# Its keys in the languages of the window, which are read in any.
NONE_NAME_KEYS = frozenset({"none of these", "keine davon"})
# Of the class "None of these".
NONE_KEY, NONE_COLOUR = "0", "#7f7f7f"
# Keys used by the window itself, which no class can have: unlabel, skip, next, previous, same as last, by name.
WINDOW_KEYS = frozenset("usjk./")
NAMES_SHOWN = 6  # in one sentence
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NO_TEXT = re.compile(r"[\ud800-\udfff]")  # bytes of another encoding, and halves of signs
_WORD = re.compile(r"[^\W\d_]+|\d+")
_QUOTED = re.compile("^([\"'\u201c\u201e\u2018])(.*)[\"'\u201d\u201c\u2019]$")
_COMMA = re.compile("[,\uff0c\u3001\uff1b\u060c]")


def listed(names: Sequence[str], most: int = NAMES_SHOWN) -> str:
    """Quote and join names; a long list is shortened."""
    quoted = [tr("'{name}'", name=name) for name in names[: most + 1]]
    return shortened([*quoted, *names[most + 1 :]], most)


def split_names(text: str) -> list[str]:
    """Split typed or pasted class names at line breaks and commas; without quotes around each, and empty names."""
    # Commas are also those of other scripts, and the wide semicolon; the plain one is in what the model reads.
    names = (" ".join(part.split()) for line in text.splitlines() for part in _COMMA.split(line))
    return [bare for name in names if (bare := _QUOTED.sub(r"\2", name).strip())]


def split_reading(typed: str) -> tuple[str, str]:
    """Split a typed "Kohlmeise = great tit" into the class name and what the model reads, "" for the name itself."""
    name, _, reads = (" ".join(part.split()) for part in typed.partition("="))
    return (name, reads) if name else (" ".join(typed.split()), "")


def split_readings(reads: str) -> list[str]:
    """Split what is read for a class into its texts: "dandelion; hawkweed" has two. Returns at least one."""
    return [text for part in reads.split(READINGS.strip()) if (text := part.strip())] or [reads]


def as_one_reading(name: str) -> str:
    """Make a class name a single text to read, even if it contains the signs that several have."""
    return name.replace(READINGS.strip(), ",").removeprefix(FOREIGN)


def shown_reading(reads: str) -> str:
    """What is read for a class as it is shown: without the name in its own language."""
    return READINGS.join(text for text in split_readings(reads) if not text.startswith(FOREIGN)) or reads


@lru_cache(maxsize=4096)  # the same few names are looked up for every block of images
def name_key(name: str) -> str:
    """Key for comparing class names: ignores case, extra whitespace and how accents are encoded."""
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


def folded(text: str) -> str:
    """Text for searching: without case, accents and extra whitespace, so that "lowe" is found in "Löwe"."""
    return unaccented(" ".join(text.split()).casefold())


class _Plain(dict[int, str]):
    """Each letter's code in its plainest form, made when it is first asked for."""

    def __missing__(self, code: int) -> str:
        apart = unicodedata.normalize("NFKD", chr(code))
        plain = unicodedata.normalize("NFC", "".join(sign for sign in apart if unicodedata.category(sign) != "Mn"))
        self[code] = plain
        return plain


_PLAIN = _Plain()


def unaccented(text: str) -> str:
    """A text without accents, each letter in its plainest form: "ö" as "o", a ligature as its letters."""
    return text if text.isascii() else unicodedata.normalize("NFC", text).translate(_PLAIN)


def words_of(name: str) -> list[str]:
    """The words and numbers of a name, in lower case, split at underscores, hyphens and case changes."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFC", name))
    return [word.casefold() for word in _WORD.findall(parted)]


def is_none_of_these(name: str) -> bool:
    """Whether a class name, folder or label stands, in a language of the window, for images of none of the classes."""
    return name_key(name) in NONE_NAME_KEYS


def untranslated(name: str) -> str:
    """A class name as it is kept: "None of these" in English."""
    return NONE_OF_THESE if is_none_of_these(name) else name


def duplicate_names(names: Sequence[str]) -> list[str]:
    """Names that occur more than once (by `name_key`), each once, in order of their second occurrence."""
    seen: set[str] = set()
    twice: dict[str, str] = {}
    for name in names:
        key = name_key(name)
        if key in seen:
            twice.setdefault(key, name)
        seen.add(key)
    return list(twice.values())


def same_text(texts: Mapping[str, str], among: Collection[str] | None = None) -> str:
    """Error message if the model would read the same text (by `name_key`) for two classes, else "".

    `texts` has what the model reads by class name. With `among`, only clashes with these class names count.
    """
    first: dict[str, str] = {}
    for name, text in texts.items():
        other = first.setdefault(name_key(text), name)
        if other != name and (among is None or name in among or other in among):
            return tr(
                "The model would read '{text}' for both '{class_name}' and '{other_class}'. Let it read another text "
                "for one of them.",
                text=texts[other],
                class_name=other,
                other_class=name,
            )
    return ""


def too_many_names(count: int) -> str:
    """Error message if there are too many class names for one adapter, else ""."""
    if count <= MAX_NAMES:
        return ""
    return tr(
        "There is {n} class name; a model takes at most {most}.",
        "There are {n} class names; a model takes at most {most}.",
        count,
        most=number(MAX_NAMES),
    )


def name_too_long(name: str) -> str:
    """Error message if a class name is too long, else ""."""
    if len(name) <= LONGEST_NAME:
        return ""
    return tr(
        "The class name '{start}…' is too long ({found} characters). Use at most {limit} characters.",
        start=name[:_NAMED],
        found=number(len(name)),
        limit=number(LONGEST_NAME),
    )


def is_text(text: str) -> bool:
    """Whether a text can be written as UTF-8; what was typed or read in another encoding may not."""
    return text.isascii() or not _NO_TEXT.search(text)


def unfit_name(name: str) -> str:
    """Error message if a class name is empty, too long, or holds what nobody can read, else ""."""
    text = " ".join(name.split())
    if not text:
        return tr("A class needs a name. Type at least one character.")
    if trouble := name_too_long(text):
        return trouble
    if _UNPRINTABLE.search(text):
        return tr(
            "The class name '{class_name}' holds control characters. Type it again without them.",
            class_name=_UNPRINTABLE.sub("?", text),
        )
    if not is_text(text):
        return tr("The class name '{class_name}' is not UTF-8. Type it again.", class_name=_NO_TEXT.sub("?", text))
    return ""


def unfit_names(names: Sequence[str]) -> str:
    """Error message if there are too many class names or one is unfit, else ""."""
    return too_many_names(len(names)) or next(filter(None, map(unfit_name, names)), "")


def split_templates(text: str) -> list[str]:
    """Split a prompt template into templates: one per line for an ensemble; always at least one."""
    # A single line is kept verbatim, so that existing adapters get exactly the prompts they were trained with.
    lines = text.splitlines()
    if len(lines) > 1:
        lines = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    return lines or [""]


def unfit_templates(text: str) -> str:
    """Error message if there are too many prompt templates, or one is too long or not UTF-8, else ""."""
    templates = split_templates(text)
    if not is_text(text):
        return tr("The prompt template '{template}' is not UTF-8. Type it again.", template=_NO_TEXT.sub("?", text))
    if len(templates) > MAX_TEMPLATES:
        return tr(
            "This is {n} template; at most {most} are possible.",
            "These are {n} templates; at most {most} are possible.",
            len(templates),
            most=number(MAX_TEMPLATES),
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
    """Insert a class name into a prompt template. Underscores, common in folder names, become spaces."""
    # Only the first `{}` and `{definition}` are replaced, so no template can fail. One without `{}` is a prefix.
    readable = " ".join(name.replace("_", " ").split())
    if DEFINITION in template:
        return template.replace("{}", readable, 1).replace(DEFINITION, definition, 1)
    return template.replace("{}", readable, 1) if "{}" in template else f"{template} {readable}".strip()
