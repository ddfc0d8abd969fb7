"""The Home page: create a project, open one, or try the sample."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QListWidget, QListWidgetItem, QMenu, QScrollArea, QWidget

from mma_desktop.core.i18n import later, moment, one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import STARTER_ID
from mma_desktop.engine.backbones.backbone_table import BACKBONES
from mma_desktop.services.project_factory import ProjectCard, cards_of
from mma_desktop.services.training.claims import range_words
from mma_desktop.ui.base.controller import Controller, keep_project_card
from mma_desktop.ui.base.page import Actions, Page
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.controls import SPACE, Card, Flow, Part, button, in_column, in_row, restyle, scrolled
from mma_desktop.ui.widgets.painting import icon, painted_icon
from mma_desktop.ui.widgets.text_format import action_title, with_keys
from mma_desktop.ui.widgets.text_labels import ElidedLabel, IconLabel, elided_hint, heading, hint, set_or_hide
from mma_desktop.ui.widgets.windows import pop_up

STEPS = (
    (
        "label",
        later("Label 16 shots a class"),
        later("Drop your pictures, type class names, and label 16 pictures of each. It learns while you label."),
    ),
    (
        "train",
        later("Train the adapter"),
        later("The Multi-Modal Adapter learns in the background. Watch its base and new accuracy rise."),
    ),
    (
        "use",
        later("Use it"),
        later("See every picture classified, type a class that you never labelled, and export the adapter."),
    ),
)
FOLDER_ROLE = Qt.ItemDataRole.UserRole
SHOWN_SIDE = 48  # of a project's four examples, as high as its lines of text
NARROW = 1000  # page width below which the margins are smaller
RESTORE = later("Restore a backup…")


class DropZone(QFrame):
    """Large dashed drop target; a click or Return asks for a folder instead."""

    clicked = Signal()  # it was clicked, or Return was pressed

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("drop")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(tr("Drop pictures or folders here"))
        self.setMinimumHeight(170)
        self._title = heading(tr("Drop pictures or folders here"), 2)
        self._text = hint(
            tr(
                "Makes a new project. Click to choose a folder. A folder with one subfolder per class "
                "brings its labels along."
            )
        )
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        image = (IconLabel("image", 44, "accent"), 0, Qt.AlignmentFlag.AlignHCenter)
        margins = (2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        in_column(None, image, self._title, self._text, None, inside=self, margins=margins)

    def set_hot(self, hot: bool) -> None:
        restyle(self, "hot", hot)

    def mouseReleaseEvent(self, event: object) -> None:  # noqa: ARG002
        self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.clicked.emit()
            return
        super().keyPressEvent(event)


def tilde_path(folder: Path) -> str:
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(folder)


def card_text(card: ProjectCard) -> str:
    right = [] if card.right is None else [tr("{accuracy} right", accuracy=range_words(card.right))]
    seen_with = next((tr(spec.title) for spec in BACKBONES if spec.id == card.backbone), one_line(card.backbone))
    by = [] if card.backbone == STARTER_ID else [tr("seen with {backbone}", backbone=seen_with)]
    return ", ".join([*right, *text_format.project_words(card.pictures, card.labelled, card.classes), *by])


def _collage(images: Sequence[bytes]) -> QPixmap:
    def paint(painter: QPainter, room: QRectF) -> None:
        half = (room.width() - 2) / 2
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for position, encoded in enumerate(images):
            image = QPixmap()
            image.loadFromData(encoded)
            cut = QRectF(0, 0, *[min(image.width(), image.height())] * 2)
            cut.moveCenter(image.rect().toRectF().center())
            painter.drawPixmap(QRectF(position % 2 * (half + 2), position // 2 * (half + 2), half, half), image, cut)

    return painted_icon(QSize(SHOWN_SIDE, SHOWN_SIDE), paint).pixmap(SHOWN_SIDE)


def _row(icon: IconLabel, name: str, folder: Path, card: ProjectCard | None) -> QWidget:
    # The name with the date, the numbers, and the path.
    row, path = QWidget(), elided_hint(tilde_path(folder.parent))
    image = QLabel() if card is not None and card.shown else icon
    row.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    image.setFixedWidth(SHOWN_SIDE)
    if card is not None and card.shown:
        image.setPixmap(_collage(card.shown))
    first: tuple[Part, ...] = ((ElidedLabel(name), 1),)
    lines: tuple[Part, ...] = ()
    if card is not None:
        numbers, seen = elided_hint(card_text(card)), hint(moment(card.seen), wraps=False)
        first, lines = (*first, seen), (numbers,)
    words = in_column(in_row(*first, spacing=SPACE), *lines, path, spacing=0)
    in_row(image, (words, 1), inside=row, margins=SPACE, spacing=SPACE)
    return row


class RecentList(QListWidget):
    """Recent projects: Return or a click opens one, Delete removes it from the list."""

    chosen, forgotten, backup_wanted = Signal(object), Signal(object), Signal(object)  # the folder of a project

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("recent")
        self.setAccessibleName(tr("Recent projects"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.itemClicked.connect(lambda _item: self.emit_for_current(self.chosen))

    def emit_for_current(self, signal: SignalInstance) -> None:
        if (item := self.currentItem()) is not None:
            signal.emit(item.data(FOLDER_ROLE))

    def show_projects(
        self,
        folders: Sequence[Path],
        missing: Collection[Path] = (),
        cards: Mapping[Path, ProjectCard] | None = None,
    ) -> None:
        """Show these projects with what is known of them, newest first; missing ones are marked, also in text."""
        current = max(0, self.currentRow())
        forget = tr("Delete takes the project off this list. Its folder stays.")
        self.clear()
        for folder in folders:
            there = folder not in missing
            name = one_line(folder.stem) if there else tr("{name} (missing)", name=folder.stem)
            card, item = (cards or {}).get(folder), QListWidgetItem(name)  # by whose letters it is found
            mark = IconLabel("folder", 22, "accent") if there else IconLabel("warning", 22, "warn")
            row = _row(mark, name, folder, card)
            item.setSizeHint(QSize(1, row.sizeHint().height()))  # as wide as the list
            item.setData(FOLDER_ROLE, folder)
            item.setToolTip(
                f"{one_line(str(folder))}\n{forget}"
                if there
                else tr("{folder} is not there any more. Press Delete to forget it.", folder=folder)
            )
            known = "" if card is None else f"{card_text(card)}, {moment(card.seen)}, "
            item.setData(Qt.ItemDataRole.AccessibleTextRole, one_line(f"{name}, {known}{folder.parent}"))
            self.addItem(item)
            self.setItemWidget(item, row)
        if folders:
            self.setCurrentRow(min(current, len(folders) - 1))

    def _menu(self, where: QPoint) -> None:
        item = self.itemAt(where)
        if item is None:
            return
        self.setCurrentItem(item)
        menu = QMenu(self)
        menu.addAction(icon("open"), tr("Open")).triggered.connect(lambda: self.emit_for_current(self.chosen))
        menu.addAction(icon("undo"), tr(RESTORE)).triggered.connect(lambda: self.emit_for_current(self.backup_wanted))
        menu.addAction(icon("close"), tr("Remove from this list")).triggered.connect(
            lambda: self.emit_for_current(self.forgotten)
        )
        pop_up(menu, self.viewport().mapToGlobal(where))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.emit_for_current(self.chosen)
        elif event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.emit_for_current(self.forgotten)
        else:
            super().keyPressEvent(event)


class WelcomePage(Page):
    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        self.zone = DropZone()
        new, opens = action_title(tr("&New project…")), action_title(tr("&Open project…"))
        self.new_button = button(new, "add", primary=True, tip=with_keys(new, "Ctrl+N"))
        self.open_button = button(opens, "open", tip=with_keys(opens, "Ctrl+O"))
        self.sample_button = button(tr("Sample project"), "sample")
        self.recent = RecentList()
        self.restore_button = button(
            tr(RESTORE), "undo", clicked=lambda: self.recent.emit_for_current(self.recent.backup_wanted)
        )
        self._no_recent = hint(tr("Projects that you open are listed here."))
        self._state = hint()
        self._state.hide()
        self._lay_out()
        controller.closed.connect(self.refresh)
        self.refresh()

    def use_actions(self, actions: Actions) -> None:
        self.new_button.clicked.connect(actions["new"].trigger)
        self.open_button.clicked.connect(actions["open"].trigger)
        self.sample_button.clicked.connect(actions["sample"].trigger)
        self.zone.clicked.connect(actions["import_folder"].trigger)

    def _lay_out(self) -> None:
        middle = QGridLayout()
        middle.setHorizontalSpacing(3 * SPACE)
        middle.setVerticalSpacing(2 * SPACE)
        middle.addWidget(self.zone, 0, 0)
        buttons = Flow(self.new_button, self.open_button, self.sample_button)
        for start_button in buttons.buttons:
            start_button.setMinimumHeight(36)
        middle.addLayout(in_column(buttons, self._state, spacing=SPACE), 1, 0)
        middle.addWidget(self._recent_card(), 0, 1, 2, 1)
        middle.setColumnStretch(0, 3)
        middle.setColumnStretch(1, 2)
        middle.setRowStretch(0, 1)
        centred = QWidget()
        scroll = scrolled(centred, QScrollArea(self))  # each part is styled once, in its place
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        in_column(scroll, inside=self, margins=0)
        inner = QWidget(centred)
        inner.setObjectName("page")
        inner.setMaximumSize(1180, 860)
        self._whole = in_column(
            in_row(IconLabel("app", 52, "text"), (heading(tr("Teach your pictures new names")), 1), spacing=2 * SPACE),
            (middle, 1),
            in_row(*((self._step(number, *step), 1) for number, step in enumerate(STEPS, 1)), spacing=2 * SPACE),
            in_row(
                IconLabel("check", 18, "good"),
                (QLabel(tr("Nothing leaves this machine. Pictures stay where they are and are never changed.")), 1),
                spacing=SPACE,
            ),
            inside=inner,
            margins=(4 * SPACE, 4 * SPACE, 4 * SPACE, 3 * SPACE),
            spacing=2 * SPACE,
        )
        in_row(None, (inner, 100), None, inside=centred, margins=0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = (2 if self.width() < NARROW else 4) * SPACE
        self._whole.setContentsMargins(side, 4 * SPACE, side, 3 * SPACE)

    def _recent_card(self) -> QWidget:
        card = Card()
        card.body.setContentsMargins(SPACE, 2 * SPACE, SPACE, SPACE)
        title = heading(tr("Recent projects"), 3)
        title.setContentsMargins(SPACE, 0, 0, 0)
        self._no_recent.setContentsMargins(SPACE, 0, SPACE, 0)
        self._no_recent.setAlignment(Qt.AlignmentFlag.AlignTop)
        restore = (self.restore_button, 0, Qt.AlignmentFlag.AlignLeft)
        card.fill(title, (self._no_recent, 1), (self.recent, 1), restore)
        card.setMinimumWidth(260)
        return card

    @staticmethod
    def _step(number: int, icon_name: str, title: str, text: str) -> QWidget:
        name = heading(f"{number}. {tr(title)}", 3)
        image = (IconLabel(icon_name, 26, "accent"), 0, Qt.AlignmentFlag.AlignTop)
        words = in_column(name, hint(tr(text)), None, spacing=2)
        return Card(in_row(image, (words, 1), spacing=SPACE + 4))

    def refresh(self, _kept: object = None) -> None:
        """Show the recent projects, and soon which of them are missing and what their cards say."""
        self._show_recent()
        settings = self.controller.settings
        if folders := settings.recent():
            self.controller.bridge.run(
                LaneName.VIEW,
                "",
                lambda _token: (settings.missing_recent(), cards_of(folders)),
                done=lambda answer: self._show_recent(*answer),
            )

    def _show_recent(self, missing: Collection[Path] = (), cards: Mapping[Path, ProjectCard] | None = None) -> None:
        folders = self.controller.settings.recent()
        self.recent.show_projects(folders, missing, cards)
        self.recent.setVisible(bool(folders))
        self.restore_button.setVisible(bool(folders))
        self._no_recent.setVisible(not folders)

    def show_state(self, text: str) -> None:
        set_or_hide(self._state, f"{text}…" if text else "")
        buttons = (self.new_button, self.open_button, self.sample_button, self.restore_button)
        for part in (*buttons, self.recent, self.zone):
            part.setEnabled(not text)

    def set_active(self, active: bool) -> None:
        """Move the keyboard focus to the newest project, or to the new-project button; note the open one as it is."""
        if not active:
            return
        (self.recent if self.recent.count() else self.new_button).setFocus()
        context = self.controller.context
        if context is not None and context.lasting:
            self.controller.ask(LaneName.STORE, lambda context, _token: keep_project_card(context), self.refresh)
