"""Every icon is there, draws something in both themes, and follows the theme."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap
from PySide6.QtWidgets import QApplication

from mma_desktop.core.paths import resources_dir
from mma_desktop.ui.widgets import painting, theme

NAMES = sorted(path.stem for path in (resources_dir() / "icons").glob("*.svg"))
NEEDED = {
    "error",
    "add",
    "folder",
    "info",
    "star",
    "home",
    "label",
    "redo",
    "stop",
    "undo",
    "check",
    "close",
    "trash",
    "down",
    "search",
    "help",
    "new",
    "image",
    "chart",
    "up",
    "base",
    "filter",
    "sample",
    "open",
    "train",
    "sun",
    "settings",
    "play",
    "eye",
    "refresh",
    "zoom-in",
    "key",
    "export",
    "pause",
    "edit",
    "zoom-out",
    "warning",
    "grid",
    "app",
    "use",
    "copy",
}


def painted(image: QImage) -> list[QColor]:
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return [colour for colour in pixels if colour.alpha() > 200]


def test_the_set_is_complete() -> None:
    assert set(NAMES) >= NEEDED, f"draw {sorted(NEEDED - set(NAMES))} in resources/icons, or need them no more"


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_draws_in_both_themes(qapp: QApplication, name: str, look: str) -> None:
    theme.apply_theme(qapp, look)
    colours = painted(painting.icon(name).pixmap(QSize(24, 24)).toImage())
    assert len(colours) >= 8, "blank"
    if name != "app":
        ground = QColor(theme.tokens().surface)
        strongest = max(abs(colour.lightness() - ground.lightness()) for colour in colours)
        assert strongest > 150, "not visible on its surface"


def test_one_icon_follows_the_theme(qapp: QApplication) -> None:
    icon = painting.icon("label")
    light = painted(icon.pixmap(QSize(24, 24)).toImage())
    theme.apply_theme(qapp, "dark")
    dark = painted(icon.pixmap(QSize(24, 24)).toImage())
    assert max(c.lightness() for c in light) < 120
    assert min(c.lightness() for c in dark) > 120


def test_disabled_is_dimmer(qapp: QApplication) -> None:
    icon = painting.icon("label")
    usual = painted(icon.pixmap(QSize(24, 24)).toImage())
    off = painted(icon.pixmap(QSize(24, 24), QIcon.Mode.Disabled).toImage())
    assert min(c.lightness() for c in off) > min(c.lightness() for c in usual) + 60


def test_sharp_on_a_dense_screen(qapp: QApplication) -> None:
    picture = painting.icon("label").pixmap(QSize(24, 24), 2.0)
    assert picture.size() == QSize(48, 48)
    assert picture.devicePixelRatio() == 2.0


def test_a_copy_may_be_changed(qapp: QApplication) -> None:
    copy = QIcon(painting.icon("label"))
    copy.addPixmap(QPixmap(8, 8))
    assert not copy.pixmap(QSize(24, 24)).isNull()


def test_unknown_name() -> None:
    with pytest.raises(FileNotFoundError, match="no-such-icon"):
        painting.icon("no-such-icon")
