"""Which language the window speaks, and how it then writes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from mma_desktop.core import i18n
from mma_desktop.core.i18n import moment, number, tr
from mma_desktop.ui.shell import application


@pytest.fixture
def spoken(qapp: QApplication) -> Iterator[QApplication]:
    """The application, which speaks English again after the test."""
    former = QLocale()
    yield qapp
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(former)
    i18n.install(i18n.ENGLISH)


@pytest.mark.parametrize(
    ("setting", "system", "texts", "numbers"),
    [
        ("system", "de_AT", "de", "de_AT"),
        ("system", "fr_FR", "en", "fr_FR"),
        ("system", "en_GB", "en", "en_GB"),
        ("system", "C", "en", "C"),
        ("de", "de_CH", "de", "de_CH"),
        ("de", "en_US", "de", "de_DE"),
        ("en", "de_DE", "en", "en_US"),
        ("en", "en_GB", "en", "en_GB"),
    ],
)
def test_texts_and_numbers_of_a_setting(setting: str, system: str, texts: str, numbers: str) -> None:
    assert application.language_of(setting, QLocale(system)) == texts
    assert application.locale_of(setting, QLocale(system)).name() == numbers


def test_the_window_speaks_german(spoken: QApplication) -> None:
    application.install_language(spoken, "de")
    assert tr("Cancel") == "Abbrechen"
    counted = [tr("{n} picture", "{n} pictures", count) for count in (0, 1, 1200)]
    assert counted == ["0 Bilder", "1 Bild", "1.200 Bilder"]
    assert tr("{n} picture", "{n} pictures", 2**40).endswith(" Bilder")
    assert number(79.33, ".1f") == "79,3"
    assert "2025" in moment(1_750_000_000) or "25" in moment(1_750_000_000)
    assert moment(1_750_000_000).startswith("15.06.")
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == "Abbrechen"


def test_a_file_that_is_replaced_changes_no_text(
    spoken: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "translations").mkdir()
    file = tmp_path / "translations" / "de.qm"
    shutil.copy(application.resources_dir() / "translations" / "de.qm", file)
    monkeypatch.setattr(application, "resources_dir", lambda: tmp_path)
    application.install_language(spoken, "de")
    file.write_bytes(b"\0" * file.stat().st_size)
    assert tr("Cancel") == "Abbrechen"


def test_english_in_another_country_writes_its_numbers(spoken: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "locale_of", lambda _setting: QLocale("fr_FR"))
    application.install_language(spoken, "en")
    assert tr("{n} image", "{n} images", 2000) == "2\u202f000 images"
    assert number(79.33, ".1f") == "79,3"


def test_a_language_whose_file_is_missing_is_english(spoken: QApplication, caplog: pytest.LogCaptureFixture) -> None:
    application.install_language(spoken, "xx")
    assert tr("{n} image", "{n} images", 2) == "2 images"
    assert "no translation" in caplog.text
