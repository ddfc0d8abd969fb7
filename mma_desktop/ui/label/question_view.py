"""A question that fills the page: an image, or two side by side, and under them every answer with its key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QWidget

from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.i18n import one_line, tr
from mma_desktop.core.types import ImageClass, ImageRow, Role
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.big_image import BigImage
from mma_desktop.ui.grid.review import Question
from mma_desktop.ui.widgets.controls import SPACE, Flow, KeyButton, button, discard, in_column, in_row, scrolled, tool
from mma_desktop.ui.widgets.text_labels import elided_heading, elided_hint

LOW, BESIDE = 600, 280  # below this height the answers stand beside the image, this wide
ANSWERS_SHARE = 0.34  # the largest share of the page's height for the answers; more of them scroll
QWIDGETSIZE_MAX = 16_777_215  # Qt's constant for no limit


def show_picture(image: BigImage, row: ImageRow | None, lost: str) -> None:
    image.show_row(row, lost)
    image.setToolTip(one_line(row.path.name) if row is not None else "")


class ClassAnswers(Flow):
    chosen = Signal(int)  # class id

    def __init__(self) -> None:
        super().__init__()
        self._classes: list[ImageClass] = []

    def show_classes(self, classes: Sequence[ImageClass]) -> None:
        if [*classes] == self._classes:
            return
        for former in self.buttons:
            discard(former)
        self._classes, self.buttons = [*classes], []
        for choice in classes:
            made = KeyButton(choice.title, choice.key.upper(), choice.colour)
            made.setStyleSheet("padding: 2px 8px")  # many stand beside one image
            made.setParent(self)
            made.clicked.connect(lambda _checked=False, class_id=choice.id: self.chosen.emit(class_id))
            made.show()
            self.buttons.append(made)
        self.place()


class QuestionView(QWidget):
    """Shows one question at a time. It only displays; `ui.label.questioner` knows what comes next."""

    answered = Signal(int)  # class id: it is another class

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.title = elided_heading(1.7)
        self.progress = elided_hint()
        self.picture, self.beside = BigImage(controller), BigImage(controller)
        self.beside.hide()
        self.classes = ClassAnswers()
        self.list_button = button("", "grid")
        self.close_button = tool("close", tr("Back to the grid"), "Escape")
        self.yes_button = KeyButton(tr("Yes"), "Return", primary=True)
        self.keep_button = KeyButton("", "")
        self.none_button = KeyButton(tr(NONE_OF_THESE), "")
        self.skip_button = KeyButton(tr("Skip"), "S")
        self.back_button = KeyButton(tr("Back"), "\N{LEFTWARDS ARROW}")
        self.name_button = KeyButton(tr("By name…"), "/")
        self._none_id = 0
        self._lay_out()
        self.none_button.clicked.connect(lambda: self.answered.emit(self._none_id))
        self.classes.chosen.connect(self.answered)
        self.classes.placed.connect(self._fit_area)

    def _lay_out(self) -> None:
        texts = in_column(self.title, self.progress, spacing=2)
        top = in_row((texts, 1), self.list_button, self.close_button, spacing=SPACE)
        self._area = scrolled(self.classes)
        actions = (self.yes_button, self.keep_button, self.none_button, self.skip_button, self.back_button)
        self._actions = Flow(*actions, self.name_button)
        self._answers = QWidget()
        in_column(self._actions, (self._area, 1), inside=self._answers, margins=(0, 0, 0, 0), spacing=SPACE)
        self._body = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._body.setSpacing(SPACE)
        self._body.addLayout(in_row((self.picture, 1), (self.beside, 1), spacing=SPACE), 1)
        self._body.addWidget(self._answers)
        margins = (2 * SPACE, SPACE + 4, 2 * SPACE, SPACE)
        in_column(top, (self._body, 1), inside=self, margins=margins, spacing=SPACE)
        for item in (self.list_button, self.close_button):
            item.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_question(
        self, question: Question, choices: Sequence[ImageClass], progress: str, *, back: bool, confirms: bool
    ) -> None:
        """Show a question without its image; `back`: there is one before, `confirms`: its label may be right."""
        self.title.setText(question.text)
        self.progress.setText(progress)
        self.setAccessibleName(f"{question.text} {progress}")
        self.keep_button.setVisible(confirms and question.label is not None)
        if question.label is not None:
            self.keep_button.show_text(
                tr("No, it is {class_name}", class_name=question.label.title), question.label.key.upper()
            )
        named = {question.about.id} | ({question.label.id} if question.label is not None else set())
        self._show_choices(choices, named)
        self._enable(True)
        self._actions.place()
        self.back_button.setEnabled(back)

    def _enable(self, enabled: bool) -> None:
        for choice in (self.yes_button, self.none_button, self.skip_button, self.name_button, self.classes):
            choice.setEnabled(enabled)

    def _show_choices(self, choices: Sequence[ImageClass], named: set[int]) -> None:
        """Show every class that has a key, and those that the question names."""
        none = next((choice for choice in choices if choice.role is Role.NONE), None)
        self.classes.show_classes(
            [choice for choice in choices if choice.role is not Role.NONE and (choice.key or choice.id in named)]
        )
        self.none_button.show_text(tr(NONE_OF_THESE), none.key.upper() if none is not None else "")
        self._none_id = none.id if none is not None else 0
        self._fit_answers()

    def show_wait(self, text: str, progress: str, *, back: bool) -> None:
        """Say what is waited for, in place of a question, and how far it is; `back`: there was one before."""
        self.title.setText(text)
        self.progress.setText(progress)
        self.setAccessibleName(f"{text} {progress}".rstrip())
        self._enable(False)
        self.back_button.setEnabled(back)
        self.keep_button.hide()
        self.picture.cancel()
        self.picture.show_text("", "star")
        self.beside.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_answers()

    def _fit_answers(self) -> None:
        # Below the image, or in a low window beside it, where they leave it more room.
        low = self.height() < LOW and self.width() > self.height()
        wanted = QBoxLayout.Direction.LeftToRight if low else QBoxLayout.Direction.TopToBottom
        if self._body.direction() != wanted:
            self._body.setDirection(wanted)
        width = min(BESIDE, self.width() // 2)
        self._answers.setMinimumWidth(width if low else 0)
        self._answers.setMaximumWidth(width if low else QWIDGETSIZE_MAX)
        self._actions.place()
        self.classes.place()
        self._fit_area()

    def _fit_area(self) -> None:
        # As high as they need, as far as there is room; more of them scroll.
        if self._body.direction() == QBoxLayout.Direction.LeftToRight:
            self._area.setMinimumHeight(0)
            self._area.setMaximumHeight(QWIDGETSIZE_MAX)
        else:
            self._area.setFixedHeight(min(self.classes.height() + 2, round(self.height() * ANSWERS_SHARE)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys that are about the image and the place; `LabelKeys` has those that answer."""
        key = event.key()
        actions: dict[int, QAbstractButton] = {
            Qt.Key.Key_Left: self.back_button,
            Qt.Key.Key_Right: self.skip_button,
            Qt.Key.Key_Escape: self.close_button,
        }
        if self.picture.handle_key(event):
            return
        if key in actions:
            actions[key].click()
        else:
            super().keyPressEvent(event)
