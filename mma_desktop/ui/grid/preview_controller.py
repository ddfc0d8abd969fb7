"""Controller of a grid's preview: open, close, over the whole page; and actions on the shown files."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QSplitter, QWidget

from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import ImageRow
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.image_grid import ImageGrid
from mma_desktop.ui.grid.image_model import printable
from mma_desktop.ui.grid.preview import Preview
from mma_desktop.ui.grid.row_cache import rows_of
from mma_desktop.ui.widgets.icons import icon
from mma_desktop.ui.widgets.text_format import with_keys
from mma_desktop.ui.widgets.windows import show_in_folder


class PreviewDesk(QObject):
    """Opens and closes the preview, which is the last part of a splitter.

    Over the full page it takes the place of `middle`, the part with the grid; beside the grid, that of `instead_of`.
    """

    def __init__(
        self,
        controller: Controller,
        grid: ImageGrid,
        splitter: QSplitter,
        middle: QWidget,
        instead_of: QWidget | None = None,
    ) -> None:
        super().__init__(splitter)
        self._controller = controller
        self._grid = grid
        self._splitter = splitter
        self._middle = middle
        self._instead_of = instead_of
        self._full = False
        self._was_beside = False
        self._sizes: list[int] = []
        self.action = QAction(icon("eye"), tr("Big preview"), self, checkable=True)
        self.action.setToolTip(with_keys(self.action.text(), "Space"))
        self.action.toggled.connect(self.set_shown)
        self.preview = Preview(controller, grid)
        splitter.addWidget(self.preview)
        splitter.setStretchFactor(splitter.count() - 1, 0)
        self.preview.hide()
        grid.preview_toggled.connect(self.toggle)
        grid.image_opened.connect(self.open_full)
        grid.current_changed.connect(self.preview.show_image)
        self.preview.close_requested.connect(self.close)
        self.preview.full_toggled.connect(self.toggle_full)
        self.preview.reveal_button.clicked.connect(self.reveal_current)
        self.preview.copy_button.clicked.connect(lambda: self._copy_paths([grid.current_id()]))

    @property
    def is_open(self) -> bool:
        return not self.preview.isHidden()

    def toggle(self) -> None:
        self.set_shown(not self.is_open)

    def set_shown(self, shown: bool) -> None:
        if shown == self.is_open:
            return
        if not shown and self._full:
            self.toggle_full()
        self._make_room(shown)
        self.preview.setVisible(shown)
        if shown:
            if self._grid.current_position < 0 and len(self._grid.images.ids):
                self._grid.set_current(0)
            self.preview.show_image(self._grid.current_id())
        elif self._grid.isVisible():
            self._grid.setFocus(Qt.FocusReason.OtherFocusReason)
        self.action.setChecked(shown)

    def close(self) -> None:
        """Go one step back: from the whole page to beside the grid, and from there to closed."""
        if self._full:
            self.toggle_full()
        else:
            self.set_shown(False)

    def toggle_full(self) -> None:
        self._full = not self._full
        if self._full:
            self._was_beside = self.is_open
            self._sizes = self._splitter.sizes()
            self._make_room(True)
            self.preview.show()
            self._middle.hide()
            rest = [0] * (len(self._sizes) - 2)
            self._splitter.setSizes([self._sizes[0], *rest, sum(self._sizes[1:])])
            self.preview.show_image(self._grid.current_id())
            self.preview.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._middle.show()
            self._make_room(self._was_beside)
            self.preview.setVisible(self._was_beside)
            self._splitter.setSizes(self._sizes)
            self._grid.setFocus(Qt.FocusReason.OtherFocusReason)
            self._grid.scrollTo(self._grid.images.index_at(self._grid.current_position))
        self.preview.set_full(self._full)
        self.action.setChecked(self.is_open)

    def leave_full(self) -> None:
        if self._full:
            self.toggle_full()

    def open_full(self, _image_id: int = -1) -> None:
        if not self._full:
            self.toggle_full()

    def _make_room(self, shown: bool) -> None:
        """Swap the part that makes room with the preview, at the same width."""
        beside = self._instead_of
        if beside is None or beside.isHidden() == shown:
            return
        sizes = self._splitter.sizes()
        at, last = self._splitter.indexOf(beside), len(sizes) - 1
        sizes[at], sizes[last] = sizes[last], sizes[at]
        beside.setVisible(not shown)
        self.preview.setVisible(shown)
        self._splitter.setSizes(sizes)

    def reveal_current(self) -> None:
        def reveal(rows: list[ImageRow]) -> None:
            if rows:
                show_in_folder(rows[0].path)

        self._controller.ask(LaneName.STORE, rows_of([self._grid.current_id()]), reveal)

    def copy_paths(self) -> None:
        self._copy_paths(self._grid.selected_ids().tolist())

    def _copy_paths(self, ids: list[int]) -> None:
        """Copy the paths of images to the clipboard, one per line, and say so."""

        def copy(rows: list[ImageRow]) -> None:
            QGuiApplication.clipboard().setText("\n".join(printable(str(row.path)) for row in rows))
            self._controller.notice.emit(tr("Path copied.", "{n} paths copied.", len(rows)))

        self._controller.ask(LaneName.STORE, rows_of(ids), copy)
