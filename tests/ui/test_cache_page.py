"""The caches in the settings: what they take is told, and clearing one leaves the others."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mma_desktop.core import paths
from mma_desktop.core.jobs import Lanes
from mma_desktop.core.settings import Settings
from mma_desktop.services.project_factory import caches
from mma_desktop.ui.base.bridge import Bridge
from mma_desktop.ui.dialogs.settings_dialog import CachePage, SettingsDialog


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "cache_dir", lambda: tmp_path / "cache")


def put(folder: Path, size: int) -> None:
    (folder / "ab").mkdir(parents=True, exist_ok=True)
    (folder / "ab" / "one").write_bytes(bytes(size))


def opened(settings: Settings, bridge: Bridge, qtbot: QtBot) -> tuple[SettingsDialog, CachePage]:
    dialog = SettingsDialog(settings, None, bridge)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.tabs.setCurrentIndex(dialog.tabs.count() - 1)
    page = dialog.findChild(CachePage)
    assert isinstance(page, CachePage)
    qtbot.waitUntil(lambda: not any("Working" in label.text() for label in page.sizes.values()))
    return dialog, page


def test_one_is_cleared_and_the_others_stay(settings: Settings, bridge: Bridge, qtbot: QtBot) -> None:
    thumbnails, embeddings, _prepared = caches()
    put(thumbnails.folder, 3000)
    _, page = opened(settings, bridge, qtbot)
    assert page.sizes["Small copies of pictures"].text().startswith("2.9")
    assert embeddings.size_bytes() == 0
    assert not page.buttons["What commands learned of pictures"].isEnabled()
    put(embeddings.folder, 2000)
    page.buttons["Small copies of pictures"].click()
    qtbot.waitUntil(lambda: page.sizes["Small copies of pictures"].text().startswith("0"))
    assert thumbnails.size_bytes() == 0
    assert embeddings.size_bytes() == 2000
    assert not page.buttons["Small copies of pictures"].isEnabled()


def test_what_cannot_be_cleared_is_told(
    settings: Settings, bridge: Bridge, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    thumbnails = caches()[0]
    put(thumbnails.folder, 10)
    dialog, page = opened(settings, bridge, qtbot)

    def refuse(_path: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(shutil, "rmtree", refuse)
    page.buttons["Small copies of pictures"].click()
    qtbot.waitUntil(lambda: not dialog.bar.isHidden())
    assert str(thumbnails.folder) in dialog.bar.text
    assert thumbnails.size_bytes() == 10
    qtbot.waitUntil(page.buttons["Small copies of pictures"].isEnabled)


def test_a_dialog_closed_while_it_measures(settings: Settings, qtbot: QtBot) -> None:
    lanes = Lanes()
    bridge = Bridge(lanes)
    dialog = SettingsDialog(settings, None, bridge)
    dialog.show()
    dialog.tabs.setCurrentIndex(dialog.tabs.count() - 1)
    dialog.deleteLater()
    qtbot.wait(100)
    assert lanes.close()
