"""What the label page says while the grid has nothing to show."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from mma_desktop.session import Filter, ProjectSession, Show
from mma_desktop.ui.widgets import EmptyState, button

_NONE = {
    Show.PROBLEMS: ("No problems", "Every file that was added is a usable picture."),
    Show.MISSING: ("No image is missing", "Every file is at one of its places."),
    Show.CHANGED: ("No image was changed", "Every file holds the picture that was added."),
}


class EmptyPages(QStackedWidget):
    """One empty state for each reason.

    Signals:
        import_requested: Choose a folder of pictures.
        go_to_train: On to training.
        all_requested: Show all images.
    """

    import_requested = Signal()
    go_to_train = Signal()
    all_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.import_button = button("Add a folder", "folder", primary=True, tip="Choose a folder of pictures (Ctrl+I)")
        self.train_button = button("Go to Train", "train", primary=True, tip="Train an adapter (Ctrl+3)")
        self.all_button = button("Show all images", "grid", tip="Take the filter away")
        self.all_labelled_button = button("Show all images", "grid")
        self.import_button.clicked.connect(self.import_requested)
        self.train_button.clicked.connect(self.go_to_train)
        self.all_button.clicked.connect(self.all_requested)
        self.all_labelled_button.clicked.connect(self.all_requested)
        self._none = EmptyState(
            "image",
            "No images yet",
            "Drop folders or pictures anywhere in this window, paste them with Ctrl+V, or choose a folder. Your files "
            "stay where they are. "
            "A folder that holds one folder a class can give its names as classes and labels.",
            [self.import_button],
        )
        self._unmatched = EmptyState("filter", "Nothing to show", "", [self.all_button])
        self._finished = EmptyState(
            "check",
            "Every image is labelled",
            "Train an adapter on them, or add more images to label.",
            [self.train_button, self.all_labelled_button],
        )
        self._actions: dict[QWidget, QPushButton] = {
            self._none: self.import_button,
            self._unmatched: self.all_button,
            self._finished: self.train_button,
        }
        for one in self._actions:
            self.addWidget(one)

    def show_for(self, session: ProjectSession | None, query: Filter, listed: bool) -> None:
        """Say why there is nothing.

        Args:
            session: The open project.
            query: What was asked for.
            listed: Whether an explicit list is shown instead.
        """
        columns = session.catalogue.columns if session is not None else None
        if columns is None or not len(columns.ids):
            self.setCurrentWidget(self._none)
            return
        usable = bool(columns.usable.any())
        open_left = bool((columns.usable & ~columns.labelled).any())
        if query.show is Show.UNLABELLED and usable and not open_left and not listed:
            self.setCurrentWidget(self._finished)
            return
        title, text = self._reason(session, query, listed, usable)
        self._unmatched.set_texts(title, text)
        self.setCurrentWidget(self._unmatched)

    @staticmethod
    def _reason(session: ProjectSession | None, query: Filter, listed: bool, usable: bool) -> tuple[str, str]:
        if listed:
            return "Nothing is left in this list", "Its images are dealt with, or not in the project any more."
        if query.text:
            return "No file name matches", f"No image of this filter has '{query.text}' in its file name."
        one = session.class_by_id(query.class_id) if session is not None else None
        name = one.name if one is not None else "that class"
        match query.show:
            case Show.PROBLEMS | Show.MISSING | Show.CHANGED:
                return _NONE[query.show]
            case Show.CLASS:
                return f"No image is labelled {name}", "Select images and press its key, or drag them onto it."
            case Show.PREDICTED:
                return f"No unlabelled image is predicted as {name}", "Predictions come once the images are embedded."
            case Show.LABELLED:
                return "Nothing is labelled yet", "Select images and press the key of their class."
            case _ if not usable:
                return (
                    "No usable pictures",
                    "Every file that was added has a problem. Look at Problems for the reasons.",
                )
            case _:
                return "Nothing to show", "No image matches this filter."

    def focus_action(self) -> None:
        """Put the keyboard on what can be done about it."""
        current = self.currentWidget()
        if current is not None and current in self._actions:
            self._actions[current].setFocus(Qt.FocusReason.OtherFocusReason)
