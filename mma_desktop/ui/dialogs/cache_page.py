"""Settings page that shows the size of the caches and clears them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.services.cache_usage import Cache, caches
from mma_desktop.ui.base.bridge import Bridge
from mma_desktop.ui.widgets.controls import SPACE, InfoBar, Row, button, hint, in_column, in_form
from mma_desktop.ui.widgets.text_format import in_sentence

ABOUT = later("Kept for speed alone: no label, project or model is in them, and each is made again when it is needed.")


class CachePage(QWidget):
    def __init__(self, bridge: Bridge, bar: InfoBar) -> None:
        super().__init__()
        self._bridge = bridge
        self._bar = bar
        self.sizes: dict[str, QLabel] = {}
        self.buttons: dict[str, QPushButton] = {}
        form = in_form(*map(self._row, caches()))
        form.setVerticalSpacing(2 * SPACE)
        margins = (3 * SPACE, 3 * SPACE, 3 * SPACE, 2 * SPACE)
        in_column(hint(tr(ABOUT)), form, None, inside=self, margins=margins, spacing=2 * SPACE)

    def _row(self, cache: Cache) -> Row:
        size = self.sizes[cache.name] = QLabel(tr("Working"))
        size.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        clear = self.buttons[cache.name] = button(tr("Clear"), "trash", clicked=lambda: self._clear(cache))
        clear.setAccessibleName(tr("Clear {cache}", cache=in_sentence(cache.name)))
        clear.setEnabled(False)
        return cache.name, (size, clear), f"{cache.folder}; {cache.again}"

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        for cache in caches():
            self._measure(cache)

    def _measure(self, cache: Cache) -> None:
        self.sizes[cache.name].setText(tr("Working"))
        self._run(cache.size_bytes, lambda size: self._show(cache, size))

    def _show(self, cache: Cache, size: int) -> None:
        self.sizes[cache.name].setText(QLocale().formattedDataSize(size, 1))
        self.buttons[cache.name].setEnabled(size > 0)

    def _clear(self, cache: Cache) -> None:
        self.buttons[cache.name].setEnabled(False)
        self.sizes[cache.name].setText(tr("Working"))
        self._run(cache.clear, lambda _none: self._measure(cache), cache)

    def _run(self, work: Callable[[], Any], done: Callable[[Any], None], failing: Cache | None = None) -> None:
        def failed(sentence: str) -> None:
            self._bar.show_message(sentence, "warn")
            if failing is not None:
                self._measure(failing)

        self._bridge.run(LaneName.VIEW, "", lambda _token: work(), done=done, failed=failed)
