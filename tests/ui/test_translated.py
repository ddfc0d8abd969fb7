"""No text of the window is left out of the translations: in a language of brackets, all that is said has brackets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QTabWidget
from pytestqt.qtbot import QtBot

from mma_desktop.core import i18n
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import Role
from mma_desktop.engine.methods.method_table import METHODS
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.text_dialogs import AboutDialog

from ..translations.texts import marked, unreached
from .dialogs import every_dialog
from .person import LONG, Person, close, make_pages, shown_window
from .projects import trained

KNOWN = (
    r"\b(apples|boxes|clouds|stripes)\b( \d\d)?(\.jpg)?",  # what the person called them
    r"\bproject\b|\bpictures\b|test_\w+|\b[AB]: run \d",
    r"(?<!\w)/[\w./ -]+|MODEL/PRETRAINED",  # paths
    r"\b(Ctrl|Shift|Alt|Meta|Return|Enter|Esc|Escape|Space|Del|Delete|Tab|Home|End|PgUp|PgDown|Backspace|F\d+)\b",
    r"\b(Left|Right|Up|Down)\b|Scroll (Left|Right)",  # keys, and Qt's own arrows of tabs
    r"mma-desktop( \d[\w.]*)?|MMA Desktop",
    r"\bcpu\b|\bstarter\b|English|Deutsch|Python|PySide6|Qt|SQLite|SQLAlchemy|Pillow|numpy|timm|offscreen",
    r"open_clip|torch(vision)?|transformers|(Linux|Windows|macOS|Darwin)-\S+",
    *(re.escape(words) for one in METHODS for words in (one.title, one.source) if words),
    r"\bMLP\b",
    r"from mma_desktop import load_classifier[\s\S]*",
    r"(Mobile)?CLIP2?|SigLIP2?|ViT-\S+|OpenAI|LAION(-2B)?|DataComp(-XL)?|Google|Apple( ML Research)?|\d+ px",
    r"[\d.]+ MiB",  # a size, as Qt's locale writes it
    r"\d\d \w\w\w \d{4}, \d\d:\d\d",  # words.moment
    r"[^\n]*\{(definition)?\}[^\n]*|\bart of the .*|\ba photo of an? .*",  # prompts are English: CLIP has learnt them
)


@pytest.fixture(autouse=True)
def brackets() -> Iterator[None]:
    i18n.install(marked())
    yield
    i18n.install(i18n.ENGLISH)


@pytest.fixture
def trained_project(brackets: None, drawn_pictures: Path, tmp_path: Path, own_cache: None, warm_starter: None) -> Path:
    """Trained in this language: a training keeps its name."""
    (tmp_path / "made").mkdir()
    trained(tmp_path / "made" / "project.mma", drawn_pictures)
    return tmp_path / "made" / "project.mma"


@pytest.fixture
def left_out() -> Iterator[Callable[[object], None]]:
    """Collects what has no brackets; at the end there is nothing."""
    found: set[str] = set()

    def look(widget: object) -> None:
        found.update(unreached(widget, KNOWN))  # type: ignore[arg-type]

    yield look
    assert not found, "\n".join(sorted(found))


def test_the_pages(at_experiments: Person, left_out: Callable[[object], None]) -> None:
    """After a training, with every kind of list of the Find menu once."""
    person, window = at_experiments, at_experiments.window
    for shown in (True, False):  # its parts are there from then on
        person.label.preview_controller.set_shown(shown)
    for page in ("home", "label", "check", "use", "experiments"):
        window.show_page(page)
        person.until(lambda: not window.controller.bridge.jobs(), LONG)
        left_out(window)
    tabs = window.pages["experiments"].views
    for at in range(tabs.count()):
        tabs.setCurrentIndex(at)
        person.until(lambda: not window.controller.bridge.jobs(), LONG)
    left_out(window)
    for action in (window.menus.suggest, window.menus.suspects, window.menus.duplicates):
        window.show_page("label")
        action.trigger()
        person.until(lambda: not window.controller.bridge.jobs(), LONG)
        left_out(window)


def test_an_empty_window(
    controller: Controller, settings: Settings, qtbot: QtBot, left_out: Callable[[object], None]
) -> None:
    person = Person(shown_window(controller, settings, qtbot), qtbot)
    make_pages(person.window)
    left_out(person.window)
    close(person)
    person.window.deleteLater()


def test_the_dialogs(
    controller: Controller,
    settings: Settings,
    open_project: Callable[[Controller], ProjectContext],
    tmp_path: Path,
    qtbot: QtBot,
    left_out: Callable[[object], None],
) -> None:
    person = Person(shown_window(controller, settings, qtbot), qtbot)
    window = person.window
    make_pages(window)
    context = open_project(controller)
    context.project.add_classes(["apples", "boxes"], Role.BASE)
    context.project.add_classes(["clouds"], Role.NEW)
    for dialog in every_dialog(window, tmp_path, "project"):
        dialog.open()
        tabs = dialog.findChild(QTabWidget)
        for tab in range(tabs.count() if tabs is not None else 1):
            if tabs is not None:
                tabs.setCurrentIndex(tab)
            left_out(dialog)
        dialog.close()
        dialog.deleteLater()
    person.until(lambda: not controller.bridge.jobs(), LONG)
    close(person)
    window.deleteLater()


def test_what_has_no_brackets_is_found(qtbot: QtBot) -> None:
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    dialog.setToolTip("Not translated")
    assert [text for text in unreached(dialog, KNOWN) if re.search("Not translated", text)]
