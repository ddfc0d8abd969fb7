"""The colours keep their contrast, and the theme can be changed while the program runs."""

from __future__ import annotations

import re
from pathlib import Path
from unittest.mock import Mock

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QSpinBox,
    QTableWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mma_desktop.core.paths import resource
from mma_desktop.core.types import ImageClass, Role
from mma_desktop.ui.grid.label_controller import ClassPicker
from mma_desktop.ui.home.home_page import RecentList
from mma_desktop.ui.widgets import theme
from mma_desktop.ui.widgets.text_labels import ElidedLabel
from mma_desktop.ui.widgets.theme import DARK, LIGHT, Tokens

SURFACES = ("window", "surface", "raised")


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours from 1 to 21 (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        c = QColor(colour)
        linear = [
            v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (c.redF(), c.greenF(), c.blueF())
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("text", ["text", "dim", "accent", "good", "warn", "bad"])
@pytest.mark.parametrize("surface", SURFACES)
def test_text_contrast(tokens: Tokens, text: str, surface: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, surface)) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast_of_pairs(tokens: Tokens) -> None:
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5
    assert contrast(tokens.text, tokens.accent_soft) >= 4.5
    assert contrast(tokens.dim, tokens.accent_soft) >= 4.5
    for surface in SURFACES:
        assert contrast(tokens.focus, getattr(tokens, surface)) >= 3.0, "a focus ring needs 3:1"


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit, QComboBox])
def test_what_a_field_asks_for_can_be_read(name: str, kind: type[QWidget], qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply_theme(qapp, name)
    field = kind()
    qtbot.addWidget(field)
    field.setPlaceholderText("\u2588" * 12)  # full blocks: no pixel of them is mixed with what is behind
    field.resize(200, 40)
    field.show()
    picture = field.grab().toImage()
    seen = {picture.pixelColor(x, y).name() for x in range(8, 150) for y in range(10, 24)}
    surface = theme.tokens().surface
    assert max(contrast(one, surface) for one in seen) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit, QComboBox, QSpinBox, QCheckBox, QSlider])
def test_what_bounds_a_field_is_seen(name: str, kind: type[QWidget], qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply_theme(qapp, name)
    field = kind()
    if isinstance(field, QSlider):
        field.setOrientation(Qt.Orientation.Horizontal)
    qtbot.addWidget(field)
    field.resize(200, 40)
    field.show()
    picture, middle = field.grab().toImage(), field.rect().center().y()
    part = picture.width() - 8 if isinstance(field, QSlider) else 0  # the groove beyond the handle
    places = range(part, part + 5), range(middle - 3, middle + 3)
    seen = {picture.pixelColor(x, y).name() for x in places[0] for y in places[1]}
    for surface in SURFACES:
        assert max(contrast(one, getattr(theme.tokens(), surface)) for one in seen) >= 3.0


def test_contrast_is_the_standard_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_sheet_has_no_open_token_and_finds_its_pictures(tokens: Tokens) -> None:
    sheet = theme.style_sheet(tokens)
    assert "@" not in sheet
    names = set(re.findall(r"url\(controls:([^)]+)\)", sheet))
    assert len(names) >= 5
    for name in names:
        assert resource("icons", "controls", name).is_file()


def test_theme_changes_live(qapp: QApplication, qtbot: QtBot) -> None:
    button = QPushButton("Label")
    qtbot.addWidget(button)
    button.resize(120, 40)
    before = QColor(button.grab().toImage().pixel(60, 5))
    with qtbot.waitSignal(theme.watcher().changed):
        theme.apply_theme(qapp, "dark")
    after = QColor(button.grab().toImage().pixel(60, 5))
    assert theme.tokens() is DARK
    assert before.lightness() > 200 > 80 > after.lightness()


def test_applying_the_same_theme_again_is_quiet(qapp: QApplication, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(theme.watcher().changed):
        theme.apply_theme(qapp, "light")


def test_the_focus_frame_of_a_table_is_drawn_whole(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply_theme(qapp, "light")
    table = QTableWidget(4, 1)
    qtbot.addWidget(table)
    table.setAlternatingRowColors(True)
    table.resize(200, 160)
    table.setProperty("ring", True)
    table.show()
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)
    picture = table.grab().toImage()
    for x in (0, 1, 198, 199):
        assert {picture.pixelColor(x, y).name() for y in range(10, 150)} == {LIGHT.focus}


def test_what_paints_itself_is_painted_again_in_another_theme(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[str] = []
    monkeypatch.setattr(ElidedLabel, "paintEvent", lambda _self, _event: painted.append(theme.tokens().name))
    theme.apply_theme(qapp, "light")
    line = ElidedLabel()
    qtbot.addWidget(line)
    line.show()
    qtbot.waitUntil(lambda: painted[-1:] == ["light"])
    theme.apply_theme(qapp, "dark")
    qtbot.waitUntil(lambda: painted[-1:] == ["dark"])


def test_the_icons_of_recent_projects_follow_the_theme(qapp: QApplication, qtbot: QtBot) -> None:
    recent = RecentList()
    qtbot.addWidget(recent)
    recent.resize(400, 200)
    recent.show_projects([Path("birds.mma")])
    recent.show()
    qtbot.waitExposed(recent)
    for name, tokens in (("light", LIGHT), ("dark", DARK)):
        theme.apply_theme(qapp, name)
        drawn = recent.itemWidget(recent.item(0)).grab().toImage()
        places = ((x, y) for x in range(drawn.width()) for y in range(drawn.height()))
        assert QColor(tokens.accent).name() in {drawn.pixelColor(*place).name() for place in places}


def test_the_chips_of_classes_follow_the_theme(qapp: QApplication, qtbot: QtBot) -> None:
    def picker() -> ClassPicker:
        made = ClassPicker([ImageClass(1, "cup", Role.BASE, 0, "#cc3311")], Mock(), 1)
        qtbot.addWidget(made)
        return made

    def chip(of: ClassPicker) -> QImage:
        return of.list.item(0).icon().pixmap(16).toImage()

    theme.apply_theme(qapp, "light")
    filled = picker()
    light = chip(filled)
    theme.apply_theme(qapp, "dark")
    assert chip(filled) != light
    assert chip(filled) == chip(picker())
    large = QSize(24, 24)
    assert filled.list.item(0).icon().actualSize(large) == QSize(16, 16), "no larger than the words beside it"


def test_a_recent_project_is_found_by_its_letter_which_is_not_drawn_twice(qapp: QApplication, qtbot: QtBot) -> None:
    recent = RecentList()
    qtbot.addWidget(recent)
    recent.resize(400, 200)
    recent.show_projects([Path("birds.mma"), Path("slides.mma")])
    recent.show()
    qtbot.waitExposed(recent)
    QTest.keyClick(recent, Qt.Key.Key_S)
    assert recent.currentRow() == 1
    drawn = recent.grab().toImage()
    for row in range(2):
        recent.item(row).setText("")
    assert recent.grab().toImage() == drawn
