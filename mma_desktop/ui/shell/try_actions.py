"""Connects grids and test panel: "Test this picture", and nearest examples shown on the Label page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut

from mma_desktop.core.i18n import tr
from mma_desktop.services.labels.neighbours import Among
from mma_desktop.ui.predict.nearest_panel import TITLES
from mma_desktop.ui.predict.predict_menu import predict_menu
from mma_desktop.ui.shell.navigation import Pages
from mma_desktop.ui.widgets.windows import pop_up

if TYPE_CHECKING:
    from mma_desktop.ui.label.label_page import LabelPage
    from mma_desktop.ui.predict.predict_page import PredictPage

KEYS = "Ctrl+T"


class TestActions(QObject):
    """Connects the pages of a window with each other as they are created."""

    def __init__(self, window: Pages, more_like: QAction, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._more_like = more_like

    def wire_label(self, page: LabelPage) -> None:
        page.test_requested.connect(self.test_image)
        self._key(page)

    def wire_predict(self, page: PredictPage) -> None:
        """Add menu and key to the Predict page's grid, and open nearest examples on the Label page."""
        page.test.nearest.list.chosen.connect(self._show_shot)
        page.grid.menu_requested.connect(self._predict_menu)
        self._key(page)

    def _key(self, page: LabelPage | PredictPage) -> None:
        key = QShortcut(QKeySequence(KEYS), page)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(lambda: self.test_image(page.grid.current_id()))

    def test_image(self, image_id: int) -> None:
        if image_id < 0 or "predict" not in self._window.pages:
            return
        self._window.show_page("predict")
        panel = self._window.pages["predict"].test
        panel.test_image(image_id)
        panel.spot.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_shot(self, image_id: int) -> None:
        self._window.show_page("label")
        page = self._window.pages["label"]
        page.show_images([image_id], tr(TITLES[Among.LABELLED]))
        page.focus_images()

    def _predict_menu(self, where: QPoint) -> None:
        page = self._window.pages["predict"]
        current = page.grid.current_id()
        test, show = partial(self.test_image, current), partial(self._show_shot, current)
        pop_up(predict_menu(page.labelling, test, show, self._more_like), where)
