"""Left panel of the Label page: classes, the number of examples of each, and the field for new names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QColor, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QColorDialog, QMenu, QPlainTextEdit, QPushButton, QSizePolicy, QWidget

from mma_desktop.core.class_names import listed, name_key, name_too_long, same_text, split_names, split_reading
from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.core.types import ImageClass
from mma_desktop.services.labels.class_name_lint import NamesReport
from mma_desktop.services.predicting.none_of_these import label_choices
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.dropped_images import clipboard_data
from mma_desktop.ui.dialogs.names_dialog import NAMES, KeyDialog, NamesWatch, ask_name, open_names
from mma_desktop.ui.grid.label_controller import matching
from mma_desktop.ui.grid.review import more_may_be
from mma_desktop.ui.label.class_list import ClassList, ClassModel
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.controls import SPACE, InfoBar, button, in_column, in_row, stacked, tool, tool_of
from mma_desktop.ui.widgets.fields import line_edit
from mma_desktop.ui.widgets.painting import icon
from mma_desktop.ui.widgets.text_format import action_title, in_title, unmarked, with_ellipsis, with_keys
from mma_desktop.ui.widgets.text_labels import heading, hint, set_or_hide
from mma_desktop.ui.widgets.windows import open_once, pop_up

SEARCHED = 13  # number of classes from which the search field is shown
_EMPTY = later(
    "Type the names of your classes above, separated by commas, or drop a folder with one "
    "subfolder per class. Then press the key of a class to label the selected pictures."
)


class ClassPanel(QWidget):
    class_chosen = Signal(int)  # class id: show its images
    likely_requested = Signal(int)  # class id: show unlabelled images, the most likely first
    nearest_requested = Signal(object, object)  # class and ids of images that may show it
    check_requested = Signal(int)  # class id: show random images of its folder
    label_requested = Signal(int)

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self.model = ClassModel(controller, self)
        self.list = ClassList(controller, self.model, self)
        self.names = NamesEdit()
        self.warning = NamesWarning(controller)
        self.notice = InfoBar()
        self.search = line_edit(placeholder=tr("Find a class"), clears=True)
        self.search.hide()
        self._pictures = 0
        self._select_after: str | None = None
        self._make_buttons()
        self._make_layout()
        self._connect()
        self.show_session()

    def _make_buttons(self) -> None:
        self.add_button = tool("add", tr("Add"), "Return", clicked=self.names.enter)
        self.label_button = button("", "label", clicked=self._label)
        self.buried_button = button("", "eye", clicked=self._show_buried)
        for made in (self.label_button, self.buried_button):
            made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.show_buried({})
        self._show = self._action(tr("Show its pictures"), "filter", partial(self._emit_for_current, self.class_chosen))
        likely = self._action(tr("Most likely first"), "star", partial(self._emit_for_current, self.likely_requested))
        check = self._action(tr("Spot check"), "check", partial(self._emit_for_current, self.check_requested))
        rename = self._action(with_ellipsis(tr("Rename")), "edit", self._rename, "F2")
        reads = self._action(with_ellipsis(tr("What the model reads")), "names", self.ask_reads)
        key = self._action(tr("Key…"), "key", self.ask_key)
        colour = self._action(tr("Colour…"), "sun", self.ask_colour)
        self._of_one = (likely, check, rename, reads, key, colour)
        self._up = self._action(tr("Move up"), "up", partial(self.list.move_current, -1), "Alt+Up")
        self._down = self._action(tr("Move down"), "down", partial(self.list.move_current, 1), "Alt+Down")
        self._delete = self._action(tr("Delete"), "trash", self.delete_selected, "Del")
        buttons = map(tool_of, (rename, self._up, self._down, self._delete))
        self.edit_button, self.up_button, self.down_button, self.delete_button = buttons

    def _action(self, text: str, icon_name: str, then: Callable[[], object], keys: str = "") -> QAction:
        """Return an action of the context menu, done by its key while the list has the keyboard."""
        made = QAction(icon(icon_name), text, self.list)
        made.setShortcut(QKeySequence(keys))
        made.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        made.triggered.connect(then)
        self.list.addAction(made)
        return made

    def _make_layout(self) -> None:
        entry = in_row((self.names, 1), (self.add_button, 0, Qt.AlignmentFlag.AlignTop), spacing=4)
        tools = in_row(self.edit_button, self.up_button, self.down_button, self.delete_button, None, spacing=2)
        empty = hint(tr(_EMPTY))
        empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        empty.setContentsMargins(4, SPACE, 4, 0)
        self._stack = stacked(empty, self.list)
        self._stack.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._stack.setMinimumHeight(64)
        # Beside the list, the notice may be as tall as its text needs in this narrow panel.
        self.notice.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        in_column(
            heading(tr("Classes"), 2),
            entry,
            self.notice,
            self.search,
            (self._stack, 1),
            self.buried_button,
            self.label_button,
            tools,
            self.warning,
            inside=self,
            margins=(SPACE + 4, SPACE + 4, SPACE + 4, SPACE + 4),
            spacing=SPACE,
        )
        self.setMinimumWidth(236)
        self.setMaximumWidth(460)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._offer()
        self._offer_buried()

    def _connect(self) -> None:
        self.names.names_entered.connect(self.add_names)
        self.search.textChanged.connect(self._find)
        self.search.returnPressed.connect(self.list.enter)
        self.search.installEventFilter(self)
        self.list.entered_class.connect(self.label_button.click)
        self.list.reads_clicked.connect(lambda key: ask_name(self._controller, key, self.window(), reads=True))
        self.list.doubleClicked.connect(self._rename)
        to_screen = self.list.viewport().mapToGlobal
        self.list.customContextMenuRequested.connect(lambda at: pop_up(self.make_menu(), to_screen(at)))
        self.list.selectionModel().selectionChanged.connect(self._enable)

    def show_session(self) -> None:
        self.notice.dismiss()
        self.names.clear()
        self.search.clear()
        self.show_classes()
        self.show_counts()

    def show_classes(self) -> None:
        """Show the classes as they are now; the numbers follow by `show_counts`."""
        context = self._controller.context
        chosen = self.list.current_class()
        selected = {choice.id for choice in self.list.selected_classes()}
        self.model.set_rows(label_choices(context) if context is not None else [])
        self.search.setVisible(len(self.model.classes) >= SEARCHED)
        self._find()
        if not self.list.selectionModel().hasSelection() and chosen is not None and chosen.id in selected:
            self.list.select_class(chosen.id)
        if self._select_after is not None:
            key, self._select_after = self._select_after, None
            named = next((choice for choice in self.model.classes if name_key(choice.name) == key), None)
            if named is not None:
                self.list.select_class(named.id)
        self._stack.setCurrentIndex(1 if self.model.classes else 0)
        self._enable()

    def _find(self) -> None:
        typed = self.search.text() if self.search.isVisibleTo(self) else ""
        self.list.show_only({choice.id for choice in matching(self.model.rows, typed)} if typed.strip() else None)
        self._enable()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Down:
                self.list.enter()
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)

    def show_counts(self) -> None:
        # A millisecond or two with a million images.
        context, wanted = self._controller.context, int(self._controller.settings.get("shots"))
        if context is None:
            self.model.set_counts({}, {}, wanted)
            return
        self.model.set_counts(context.index.counts(), context.index.counts(examples=True), wanted)

    def show_buried(self, candidates: Mapping[int, tuple[int, ...]]) -> None:
        """Offer what may show the weakest class, or the one that is selected among the weak ones."""
        self._buried = candidates
        self._offer_buried()

    def _offered_buried(self) -> ImageClass | None:
        chosen = {choice.id for choice in self.list.selected_classes()}
        first = sorted(self._buried, key=lambda class_id: class_id not in chosen)  # stable: the weakest first
        return next((choice for at in first for choice in self.model.classes if choice.id == at), None)

    def _offer_buried(self) -> None:
        about = self._offered_buried()
        text = "" if about is None else more_may_be(len(self._buried[about.id]), about)
        set_or_hide(self.buried_button, text and self._fitting(text))
        self.buried_button.setToolTip(text)
        self.buried_button.setAccessibleName(text)

    def _show_buried(self) -> None:
        if (about := self._offered_buried()) is not None:
            self.nearest_requested.emit(about, self._buried[about.id])

    def show_selection(self, images: int) -> None:
        if images != self._pictures:
            self._pictures = images
            self._offer()

    def _offered(self) -> ImageClass | None:
        """Return the class that the images can be labelled as: the one that is selected."""
        rows = self.list.selectionModel().selectedIndexes()
        return self.model.class_at(rows[0]) if len(rows) == 1 else None

    def _offer(self) -> None:
        choice = self._offered()
        self.label_button.setEnabled(choice is not None and self._pictures > 0)
        if choice is None:
            text = tr("Label as")
        elif not self._pictures:
            text = tr("Label as {class_name}", class_name=choice.title)
        else:
            text = tr("Label {n} as {class_name}", "Label {n} as {class_name}", self._pictures, class_name=choice.title)
        self.label_button.setText(self._fitting(text))
        self.label_button.setAccessibleName(text)
        self.label_button.setToolTip(with_keys(text, choice.key.upper()) if choice is not None and choice.key else text)

    def _fitting(self, text: str) -> str:
        """Return what of a text has room on a button of the panel."""
        room, metrics = max(80, self.label_button.width() - 48), self.label_button.fontMetrics()
        return unmarked(metrics.elidedText(one_line(text), Qt.TextElideMode.ElideRight, room))

    def _label(self) -> None:
        if (choice := self._offered()) is not None:
            self.label_requested.emit(choice.id)

    def _enable(self) -> None:
        chosen = self.list.selected_classes()
        single = len(chosen) == 1
        self._offer_buried()
        rows = len(self.model.classes)
        row = self.list.currentIndex().row()
        self._offer()
        for action in self._of_one:
            action.setEnabled(single)
        self._show.setEnabled(len(self.list.selectionModel().selectedIndexes()) == 1)
        self._delete.setEnabled(bool(chosen))
        self._up.setEnabled(single and 0 < row < rows)
        self._down.setEnabled(single and row < rows - 1)
        self.label_button.setVisible(rows > 0)

    def add_names(self, names: list[str]) -> None:
        context = self._controller.context
        if context is None:
            return
        known = {name_key(choice.name) for choice in context.classes}
        reads: dict[str, str] = {}
        twice: list[str] = []
        for name, text in map(split_reading, names):
            if name_key(name) in known:
                twice.append(name)
            else:
                reads[name] = text
            # A name that is pasted twice is added once.
            known.add(name_key(name))
        fresh = list(reads)
        texts = {choice.name: choice.text for choice in context.classes} | {name: reads[name] or name for name in fresh}
        too_long = next(filter(None, map(name_too_long, (*fresh, *reads.values()))), "")
        if problem := too_long or same_text(texts, reads):
            self.notice.show_message(problem, "bad")
            return
        self.names.clear()
        if fresh:
            self._select_after = name_key(fresh[-1]) if len(fresh) == 1 else None
            self._controller.add_classes(fresh, reads=reads, failed=partial(self._not_added, reads))
        if twice:
            text = tr("Left out, in the list already: {names}.", names=listed(twice))
            self.notice.show_message(text, "warn")
        else:
            self.notice.dismiss()

    def _not_added(self, reads: Mapping[str, str], sentence: str) -> None:
        # What could not be written is in the field again, before what was typed since.
        self._select_after = None
        lines = [f"{name} = {text}" if text else name for name, text in reads.items()]
        self.names.setPlainText("\n".join(filter(None, (*lines, self.names.toPlainText()))))
        self.notice.show_message(sentence, "bad")

    def delete_selected(self) -> None:
        chosen = self.list.selected_classes()
        if not chosen:
            return
        row = self.list.currentIndex().row()
        left = [choice for choice in self.model.classes if choice not in chosen]
        deleted = _deleted(chosen, sum(self.model.labelled(choice.id) for choice in chosen))
        if left:
            # The class that takes its place in the list is selected, so that Delete again deletes the next.
            self._select_after = name_key(left[min(row, len(left) - 1)].name)
        self._controller.delete_classes([choice.id for choice in chosen])
        back = tr("Undo brings it back.", "Undo brings them back.", len(chosen))
        self._controller.notice.emit(f"{deleted} {back}")
        self.list.setFocus()

    def _emit_for_current(self, signal: SignalInstance) -> None:
        choice = self.list.current_class()
        if choice is not None:
            signal.emit(choice.id)

    def _rename(self) -> None:
        if chosen := self.list.selected_classes():
            ask_name(self._controller, chosen[0].id, self.window())

    def ask_reads(self) -> None:
        self._emit_for_current(self.list.reads_clicked)

    def ask_key(self) -> None:
        choice = self.list.current_class()
        if choice is None:
            return
        dialog = KeyDialog(choice, list(self.model.rows), self)
        edit = self._controller.edit
        dialog.key_chosen.connect(lambda class_id, key: edit(lambda project: project.set_key(class_id, key)))
        open_once(dialog)

    def ask_colour(self) -> None:
        choice = self.list.current_class()
        if choice is None:
            return
        dialog = QColorDialog(QColor(choice.colour), self)
        dialog.setWindowTitle(in_title(choice.name))
        edit = self._controller.edit
        dialog.colorSelected.connect(lambda new: edit(lambda project: project.set_colour(choice.id, new.name())))
        open_once(dialog)

    def make_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addActions(self.list.actions())
        for first in (self._of_one[2], self._up, self._delete):
            menu.insertSeparator(first)
        return menu


def _deleted(chosen: Sequence[ImageClass], lost: int) -> str:
    classes = f"'{one_line(chosen[0].name)}'" if len(chosen) == 1 else text_format.classes(len(chosen))
    what = f"{classes}, {text_format.labels(lost)}" if lost else classes
    return tr("Deleted: {what}.", what=what)


class NamesWarning(QPushButton):
    """Says how many names may be confused; a click opens "Names and prompts"."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self.setIcon(icon("warning"))
        self.setStyleSheet("text-align: left;")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setToolTip(with_keys(action_title(tr("&Names and prompts…")), "Ctrl+Shift+N"))
        self.hide()
        NamesWatch.of(controller).examined.connect(self._show)
        self.clicked.connect(partial(open_names, controller, self, NAMES))

    def _show(self, report: NamesReport) -> None:
        set_or_hide(self, report.summary if report.complete else "")


MAX_LINES = 5  # of the field for names; more scroll, so that the list below stays in sight


class NamesEdit(QPlainTextEdit):
    """Single-line text field that grows with pasted lines and with names that need more than one."""

    names_entered = Signal(list)  # the names as typed, without empty ones

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("New class names"))
        self.setToolTip(
            tr(
                "Type or paste names, separated by commas or lines. Enter adds them, Shift+Enter starts a line. "
                "With Kohlmeise = great tit the model reads great tit."
            )
        )
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(1)
        self.textChanged.connect(self._fit)
        self._fit()

    def enter(self) -> None:
        names = split_names(self.toPlainText())
        if names:
            self.names_entered.emit(names)

    def event(self, event: QEvent) -> bool:
        # Keys that would do nothing here are the window's, which pastes images and undoes edits.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and not self._can_use(event):
            event.ignore()
            return True
        return super().event(event)

    def _can_use(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Paste):
            return clipboard_data().hasText()
        if event.matches(QKeySequence.StandardKey.Undo):
            return self.document().isUndoAvailable()
        if event.matches(QKeySequence.StandardKey.Redo):
            return self.document().isRedoAvailable()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not shift:
            self.enter()
        elif event.key() == Qt.Key.Key_Escape and self.toPlainText():
            self.clear()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(120, min(self._lines(), MAX_LINES) * self.fontMetrics().lineSpacing() + 14)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())

    def _lines(self) -> int:
        document, lines, block = self.document(), 0, self.document().firstBlock()
        while block.isValid() and lines <= MAX_LINES:
            document.documentLayout().blockBoundingRect(block)  # lays the block out
            lines += max(1, block.layout().lineCount())
            block = block.next()
        return lines

    def _fit(self) -> None:
        needed, off = Qt.ScrollBarPolicy.ScrollBarAsNeeded, Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        room = self.viewport().width() - 2 * round(self.document().documentMargin())
        example = self.fontMetrics().elidedText(tr("Add classes: cat, dog, …"), Qt.TextElideMode.ElideRight, room)
        self.setPlaceholderText(example)  # Qt would wrap it
        self.setVerticalScrollBarPolicy(needed if self._lines() > MAX_LINES else off)
        self.updateGeometry()
