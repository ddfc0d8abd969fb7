"""Language of the window: our texts and Qt's, and the locale of numbers and dates."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

from PySide6.QtCore import QDateTime, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from mma_desktop.core import i18n
from mma_desktop.core.paths import resources_dir
from mma_desktop.core.settings import LANGUAGES, SYSTEM

log = logging.getLogger(__name__)
ENGLISH = "en"
MOST = 2**31 - 1  # Qt counts with 32 bits
CONTEXTS = ("", "UserError", "DamagedError", "RowError")
"""Qt files the texts of `UserError.tr` under the name before the dot."""


def language_of(setting: str, system: QLocale | None = None) -> str:
    """Return the language of the texts: "en", "de", ...

    Args:
        setting: A language, or "system": the first of the system's languages with a translation.
        system: The system's locale; by default that of this computer.
    """
    if setting != SYSTEM:
        return setting
    wanted = [name.split("-")[0] for name in (system or QLocale.system()).uiLanguages()]
    return next((name for name in wanted if name in LANGUAGES), ENGLISH)


def locale_of(setting: str, system: QLocale | None = None) -> QLocale:
    """Return the locale of numbers and dates: the system's, unless another language was chosen."""
    system = system or QLocale.system()
    chosen = QLocale(setting) if setting != SYSTEM else system
    return system if chosen.language() == system.language() else chosen


def speak(app: QApplication, setting: str) -> None:
    """Install the language for all widgets created later, in place of a former one."""
    name, locale = language_of(setting), locale_of(setting)
    QLocale.setDefault(locale)
    for former in app.findChildren(QTranslator):
        app.removeTranslator(former)
        former.deleteLater()
    ours = QTranslator(app)
    if name != ENGLISH:
        _load(ours, resources_dir() / "translations" / f"{name}.qm")
        theirs = QTranslator(app)
        if _load(theirs, Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath), f"qtbase_{name}.qm")):
            app.installTranslator(theirs)
    i18n.install(spoken(ours, locale))
    log.info("language %s, numbers as in %s", name, locale.name())


def spoken(translator: QTranslator, locale: QLocale) -> i18n.Language:
    """Return a language with a translator's texts and a locale's formats; an empty translator means English."""

    def lookup(text: str, other: str, number: int) -> str:
        found = (translator.translate(context, text, other, min(number, MOST)) for context in CONTEXTS)
        return next(filter(None, found), "")

    def moment(seconds: float) -> str:
        return locale.toString(QDateTime.fromSecsSinceEpoch(int(seconds)), QLocale.FormatType.ShortFormat)

    return i18n.Language(
        lookup=None if translator.isEmpty() else lookup,
        group=locale.groupSeparator(),
        decimal=locale.decimalPoint(),
        moment=i18n.ENGLISH.moment if locale.language() == QLocale.Language.C else moment,
        tag=i18n.ENGLISH.tag if translator.isEmpty() else locale.name()[:2],
    )


def _load(translator: QTranslator, path: Path) -> bool:
    texts = _texts(path)
    if translator.load(texts):
        return True
    log.warning("there is no translation %s", path)
    return False


@cache
def _texts(path: Path) -> bytes:
    """Return a file of translations. Qt maps files, so that a replaced one changes its texts, and copies no bytes."""
    return path.read_bytes() if path.is_file() else b""
