"""The translation files: every text of the program, translated, with its values, its plurals and its keys."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import shutil
import string
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QLocale, QTranslator

from mma_desktop.core.class_names import NONE_NAME_KEYS, NONE_OF_THESE, name_key
from mma_desktop.core.paths import resource
from mma_desktop.core.settings import LANGUAGES
from mma_desktop.ui.shell.application import language_from

from .sources import PACKAGE, Left, modules, translated

TRANSLATED = [name for name in LANGUAGES if name != "en"]
FORMS = {"de": 2}
"""How many plural forms a language has."""


@dataclass(frozen=True)
class Message:
    source: str
    comment: str
    forms: tuple[str, ...]
    plural: bool
    kind: str

    @property
    def key(self) -> tuple[str, str, bool]:
        return self.source, self.comment, self.plural


def messages(path: Path) -> list[Message]:
    """What a translation file holds."""
    found = []
    for one in ET.parse(path).getroot().iter("message"):
        translation = one.find("translation")
        assert translation is not None
        plural = one.get("numerus") == "yes"
        forms = [form.text or "" for form in translation.iter("numerusform")] if plural else [translation.text or ""]
        kind = translation.get("type", "")
        found.append(Message(one.findtext("source", ""), one.findtext("comment", ""), tuple(forms), plural, kind))
    return found


def translations(language: str) -> list[Message]:
    """What is translated: of the rest, one test alone complains."""
    return [one for one in messages(resource("translations", f"{language}.ts")) if not one.kind]


def fields(text: str) -> set[tuple[str, str]]:
    """The values that a text names, with how they are written."""
    return {(name, form or "") for _, name, form, _ in string.Formatter().parse(text) if name is not None}


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """`packaging/translations.py`."""
    path = PACKAGE.parent / "packaging" / "translations.py"
    if not path.exists():
        pytest.skip("packaging/ is not here")
    spec = importlib.util.spec_from_file_location("translations_tool", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(params=TRANSLATED)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_no_visible_text_of_the_source_is_left_out() -> None:
    """Prompts, proper names, SQL and keys that look like words are in `not_words.json`, each read by a person once."""
    known = json.loads((Path(__file__).parent / "not_words.json").read_text("utf-8"))
    left, used = [], set()
    for module in modules():
        name = module.relative_to(PACKAGE).as_posix()
        for one in Left(module).found:
            if one.text in known.get(name, ()):
                used.add((name, one.text))
            else:
                left.append(f"{one.place}: {one.text!r}")
    hint = (
        "Put these through `tr` or `later`; what is no sentence for people belongs in not_words.json; or, if only "
        "commands use the file, add it to ENGLISH_ONLY in tests/translations/sources.py:\n"
    )
    assert not left, hint + "\n".join(left)
    assert used == {(name, text) for name, texts in known.items() for text in texts}, (
        "not_words.json names what is gone"
    )


def test_what_is_translated_is_written_out() -> None:
    """Qt's tool finds literals only; two literals and a number are a plural."""
    for module in modules():
        for call in translated(module):
            place = f"{module.relative_to(PACKAGE)}:{call.lineno}"
            texts = call.args[:2]
            assert call.args, place
            if not isinstance(call.args[0], ast.Constant):
                assert len(call.args) == 1, f"{place}: only a text that `later` marked may be a variable"
                continue
            assert all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in texts), place
            assert len(call.args) < 3 or texts[1].value, f"{place}: no English plural"  # type: ignore[attr-defined]


def test_qt_finds_every_text(tool: ModuleType, tmp_path: Path) -> None:
    """It reads over a `tr` within an f-string, for one."""
    fresh = tmp_path / "new.ts"
    tool.update([fresh])
    found = {(one.source, one.comment) for one in messages(fresh)}
    for module in modules():
        for call in translated(module):
            texts = [one.value for one in call.args[:2] if isinstance(one, ast.Constant)]
            if texts and texts[0]:
                key = (texts[0], texts[1] if len(texts) > 1 else "")
                assert key in found, f"{module.relative_to(PACKAGE)}:{call.lineno}: {texts[0]}"


def test_every_text_is_in_the_file_and_translated(language: str, tool: ModuleType, tmp_path: Path) -> None:
    kept = resource("translations", f"{language}.ts")
    fresh = tmp_path / kept.name
    shutil.copy(kept, fresh)
    tool.update([fresh])
    same = {one.key for one in messages(kept)} == {one.key for one in messages(fresh)}
    assert same, "Texts changed: run `packaging/translations.py update`, translate what is unfinished, then `release`"
    unfinished = [one.source for one in messages(kept) if one.kind or not all(one.forms)]
    assert not unfinished, f"Translate these in {kept.name}, then run `packaging/translations.py release`"


def test_translations_name_the_same_values(language: str) -> None:
    wrong = []
    for one in translations(language):
        wanted = fields(one.source) | (fields(one.comment) if one.plural else set())
        for at, form in enumerate(one.forms):
            named = fields(form)
            # A form for one thing alone may say "ein Bild".
            if named != wanted and not (one.plural and at == 0 and named | {("n", "")} == wanted):
                wrong.append(f"{one.source} -> {form}")
    assert not wrong, "\n".join(wrong)


def test_translations_keep_the_marks_of_keys_and_ends(language: str) -> None:
    """An "&" for the keyboard, "…" for more to come, and no blanks at the ends."""
    wrong = []
    for one in translations(language):
        for form in one.forms:
            keys = [text.replace("&&", "").count("&") for text in (one.source, form)]
            ends = [text.endswith("…") for text in (one.source, form)]
            if keys[0] != keys[1] or ends[0] != ends[1] or form != form.strip():
                wrong.append(f"{one.source} -> {form}")
    assert not wrong, "\n".join(wrong)


def german_forms() -> list[tuple[str, str]]:
    """Each text with each form of its German."""
    return [(one.source, form) for one in translations("de") for form in one.forms]


def test_german_says_sie() -> None:
    """No imperative of "du": of no verb that somewhere stands before "Sie", and none of its pronouns."""
    forms = german_forms()
    verbs = {verb for _, form in forms for verb in re.findall(r"\b([A-ZÄÖÜa-zäöüß]+)en Sie\b", form)}
    assert {"Schließ", "Wähl"} <= verbs
    stems = "|".join(sorted({verb.lower() for verb in verbs} - {"bitt"}))
    told = re.compile(rf"\b(?:du|dich|dir|deine?[mnrs]?|euch|eure?[mnrs]?|(?:{stems})e)\b")
    begun = re.compile(rf"(?:^|[.:!?] )(?:{stems})e (?:das|die|den|der|ein|eine|einen|es|sie)\b", re.IGNORECASE)
    wrong = [f"{source} -> {form}" for source, form in forms if told.search(form) or begun.search(form)]
    assert not wrong, "\n".join(wrong)


ONE_WORD = {
    "Bildencoder": "Bild-Encoder",
    "Rechner": "Computer",
    "Knopf": "Schaltfläche",
    "Tippen Sie": "Geben Sie … ein",
    "Strafe": "Strafterm",
    "[Aa]ngesehen": "ausgewertet",
    "Zwischenspeicher": "Caches",
    "Filme?": "Video",
    "Fremden?(?! Bilder)": "fremde Bilder",
    "abgebrochen": "gestoppt",
    "gelesen als": "liest, or erkannt als",
    "cat|dog": "Katze, Hund",
}
"""What German said beside another word for the same thing, and that word."""


def test_german_has_one_word_for_one_thing() -> None:
    wrong = [
        f"{source} -> {form} (say: {said})"
        for source, form in german_forms()
        for word, said in ONE_WORD.items()
        if re.search(rf"\b(?:{word})\b", re.sub(r"\{[^}]*\}", "", form))
    ]
    assert not wrong, "\n".join(wrong)


def test_plurals_have_all_their_forms(language: str) -> None:
    plurals = [one for one in translations(language) if one.plural]
    assert plurals
    assert {len(one.forms) for one in plurals} == {FORMS[language]}


def test_the_released_file_says_what_the_plain_one_says(language: str) -> None:
    translator = QTranslator()
    assert translator.load(str(resource("translations", f"{language}.qm")))
    lookup = language_from(translator, QLocale(language)).lookup
    assert lookup is not None
    for one in translations(language):
        for number, form in zip((1, 7) if one.plural else (-1,), one.forms, strict=True):
            assert lookup(one.source, one.comment, number) == form, "run `packaging/translations.py release`"


def test_none_of_these_is_known_in_every_language() -> None:
    called = {name_key(NONE_OF_THESE)}
    for one in TRANSLATED:
        called |= {name_key(message.forms[0]) for message in translations(one) if message.source == NONE_OF_THESE}
    assert called == NONE_NAME_KEYS
