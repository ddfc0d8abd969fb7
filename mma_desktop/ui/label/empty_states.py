"""Texts of the Label page while the grid is empty."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QStackedWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter, Show
from mma_desktop.ui.grid.order_box import NO_PREDICTIONS
from mma_desktop.ui.widgets.controls import EmptyState, button
from mma_desktop.ui.widgets.text_format import with_keys

_NONE = {
    Show.PROBLEMS: later("No problems"),
    Show.MISSING: later("No picture is missing"),
    Show.CHANGED: later("No picture was changed"),
}


class EmptyPages(QStackedWidget):
    def __init__(self, show_all: Callable[[], None]) -> None:
        super().__init__()
        add = tr("Add a folder")
        self.import_button = button(add, "folder", primary=True, tip=with_keys(add, "Ctrl+I"))
        self.train_button = button(tr("Go to Check"), "train", primary=True)
        self.all_button, also_all = (button(tr("Show all pictures"), "grid", clicked=show_all) for _ in range(2))
        self._none = EmptyState(
            "image",
            tr("No pictures yet"),
            tr(
                "Drop folders or pictures anywhere in this window, paste them with Ctrl+V, or choose a "
                "folder. Your files stay where they are. A folder with one subfolder per class can "
                "give its names as classes and labels."
            ),
            [self.import_button],
        )
        self._unmatched = EmptyState("filter", tr("Nothing to show"), "", [self.all_button])
        self._finished = EmptyState(
            "check",
            tr("Every picture is labelled"),
            tr("See how good the model is, or add more pictures."),
            [self.train_button, also_all],
        )
        for page in (self._none, self._unmatched, self._finished):
            self.addWidget(page)

    def show_for(self, context: ProjectContext | None, query: Filter, listed: bool) -> None:
        """Show the page that explains why the grid is empty, whether it has a filter or a list."""
        columns = context.index.columns if context is not None else None
        if columns is None or not len(columns.ids):
            self.setCurrentWidget(self._none)
            return
        usable = bool(columns.usable.any())
        open_left = bool((columns.usable & ~columns.labelled).any())
        if query.show is Show.UNLABELLED and usable and not open_left and not listed:
            self.setCurrentWidget(self._finished)
            return
        title, text = self._reason(context, query, listed, usable)
        self._unmatched.set_texts(title, text)
        self.setCurrentWidget(self._unmatched)

    @staticmethod
    def _reason(context: ProjectContext | None, query: Filter, listed: bool, usable: bool) -> tuple[str, str]:
        if listed:
            return tr("Nothing is left in this list"), ""
        if query.text:
            return tr("No file name matches"), ""
        choice = context.class_by_id(query.class_id) if context is not None else None
        name = choice.title if choice is not None else tr("that class")
        select = tr("Select pictures and press the key of their class.")
        match query.show:
            case Show.PROBLEMS | Show.MISSING | Show.CHANGED:
                return tr(_NONE[query.show]), ""
            case Show.CLASS:
                return tr("No picture is labelled {class_name}", class_name=name), select
            case Show.PREDICTED:
                return tr("No unlabelled picture is predicted as {class_name}", class_name=name), tr(NO_PREDICTIONS)
            case Show.LABELLED:
                return tr("Nothing is labelled yet"), select
            case _ if not usable:
                return (
                    tr("No usable pictures"),
                    tr("Every file that was added has a problem. Look at Problems for the reasons."),
                )
            case _:
                return tr("Nothing to show"), ""

    def focus_action(self) -> None:
        if (page := self.currentWidget()) is not None:
            page.findChildren(QPushButton)[0].setFocus(Qt.FocusReason.OtherFocusReason)
