"""What comes next on the Label page: a line above the images, and what stands in their place if there are none."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QPushButton, QSizePolicy, QWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import Role
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter, Show
from mma_desktop.services.training.claims import accuracy_claims, range_words, sentence
from mma_desktop.services.training.label_suggestions import in_need
from mma_desktop.services.training.learning import Learned, current, in_use
from mma_desktop.services.training.overview import from_names, how_measured
from mma_desktop.ui.grid.filter_bar import NO_PREDICTIONS
from mma_desktop.ui.widgets.controls import SPACE, EmptyState, button, in_column, in_row
from mma_desktop.ui.widgets.text_format import action_title, capital, with_keys
from mma_desktop.ui.widgets.text_labels import ElidedLabel, bold, elided_hint, set_or_hide

BESIDE, WIDE = 400, 700  # below, the button stands under the texts; above, there is room for long ones
_SELECT = later("Select pictures and press the key of their class.")
# What an empty result of a filter says, and what to do.
_NONE = {
    Show.PROBLEMS: (later("No problems"), ""),
    Show.MISSING: (later("No picture is missing"), ""),
    Show.CHANGED: (later("No picture was changed"), ""),
    Show.CLASS: (later("No picture is labelled {class_name}"), _SELECT),
    Show.PREDICTED: (later("No unlabelled picture is predicted as {class_name}"), NO_PREDICTIONS),
    Show.LABELLED: (later("Nothing is labelled yet"), _SELECT),
}


class EmptyGrid(EmptyState):
    def __init__(self, show_all: Callable[[], None]) -> None:
        add = tr("Add a folder")
        imports = button(add, "folder", primary=True, tip=with_keys(add, "Ctrl+I"))
        train = button(tr("Go to Check"), "train", primary=True)
        every = button(tr("Show all pictures"), "grid", clicked=show_all)
        super().__init__("image", "", "", (imports, train, every))
        self.import_button, self.train_button, self.all_button = imports, train, every

    def show_for(self, context: ProjectContext, query: Filter, listed: bool) -> None:
        """Explain why the grid is empty, whether it has a filter or a list."""
        columns, numbers = context.index.columns, context.index.numbers()
        if not len(columns.ids):
            text = tr(
                "Drop folders or pictures anywhere in this window, paste them with Ctrl+V, or choose a "
                "folder. Your files stay where they are. A folder with one subfolder per class can "
                "give its names as classes and labels."
            )
            self.show_text("image", tr("No pictures yet"), text, self.import_button)
            return
        if query.show is Show.UNLABELLED and numbers[Show.ALL] and not numbers[Show.UNLABELLED] and not listed:
            text = tr("See how good the model is, or add more pictures.")
            self.show_text("check", tr("Every picture is labelled"), text, self.train_button, self.all_button)
            return
        title, text = later("Nothing to show"), ""  # what there is comes in a moment
        if listed:
            title = later("Nothing is left in this list")
        elif query.text:
            title = later("No file name matches")
        elif query.show in _NONE:
            title, text = _NONE[query.show]
        elif not numbers[Show.ALL]:
            title = later("No usable pictures")
            text = later("Every file that was added has a problem. Look at Problems for the reasons.")
        choice = context.class_by_id(query.class_id)
        name = choice.title if choice is not None else ""
        self.show_text("filter", tr(title, class_name=name), tr(text), self.all_button)

    @property
    def shown_buttons(self) -> list[QPushButton]:
        """What can be done about it: at least one once it is shown."""
        return [made for made in (self.import_button, self.train_button, self.all_button) if not made.isHidden()]


class NextStep(QFrame):
    """Shows one next step; hidden while there are no images."""

    names_requested = Signal()
    suggest_requested = Signal()
    groups_requested = Signal()
    results_requested = Signal()
    train_requested = Signal()
    check_requested = Signal()

    def __init__(self, model: QWidget | None = None) -> None:
        """`model` names the model that was chosen, in place of the learning one and its accuracy."""
        super().__init__()
        self.setObjectName("infobar")
        self.setProperty("severity", "info")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.accuracy = ElidedLabel()
        bold(self.accuracy)
        self.text = elided_hint()
        self.action = button("", primary=True, clicked=self._act)
        self._does: SignalInstance | None = None
        self._groups, self._checks = 0, False
        self.groups_button = button("", clicked=self.groups_requested)
        self.check_button = button(tr("Spot check"), clicked=self.check_requested)
        self.check_button.setToolTip(with_keys(tr("Say which of a dozen random pictures are wrong"), "Ctrl+K"))
        for made in (self.action, self.groups_button, self.check_button):
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click keeps the keyboard focus in the grid
        texts = in_column(self.accuracy, *((model,) if model is not None else ()), self.text, spacing=0)
        margins = (SPACE + 4, 6, 6, 6)
        buttons = self.groups_button, self.check_button, self.action
        self._row = in_row((texts, 1), *buttons, inside=self, margins=margins, spacing=SPACE + 2)
        self.groups_button.hide()
        self.setMinimumHeight(self.sizeHint().height())  # with one line or two, so that no image moves below it

    def show_state(
        self,
        context: ProjectContext | None,
        shots: int,
        *,
        reviewing: bool,
        importing: bool = False,
        groups: int = 0,
        grouping: bool = False,
    ) -> None:
        """Show the accuracy and the next step; nothing while reviewing, as a review has its own texts and buttons.

        `shots` is the number of examples wanted per class; `importing`, whether images are still coming in; `groups`
        how many can be named at a glance; `grouping`, whether these are still being found.
        """
        if reviewing or context is None or not context.index.columns.usable.any():
            self.hide()
            return
        title = accuracy_text(context)
        self.accuracy.short = accuracy_text(context, short=True)
        set_or_hide(self.accuracy, title)
        text, label, signal = (
            (tr("Pictures are coming in."), "", None)
            if importing and _taught(context) is None
            else self._next(context, shots)
        )
        if grouping and not importing and not context.classes:
            text = tr("Groups of pictures that look alike are being found. You can also name your classes.")
        self._does = signal
        self._groups, right = 0 if importing else groups, accuracy_claims(context)
        self._checks = right is not None and right.telling is not None
        self._offer_groups()
        set_or_hide(self.text, text)
        set_or_hide(self.action, label)
        self.setVisible(bool(title or text))
        self.setToolTip(measured_text(context))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        below = self.width() < BESIDE
        self._offer_groups()
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight)

    def _offer_groups(self) -> None:
        offer = tr("Name {n} group of pictures at a glance", "Name {n} groups of pictures at a glance", self._groups)
        short = tr("Name {n} group", "Name {n} groups", self._groups)
        wide = self.width() >= WIDE
        set_or_hide(self.groups_button, "" if not self._groups else offer if wide else short)
        room = wide or (self.width() >= BESIDE and not self._groups)
        self.check_button.setVisible(self._checks and room)  # the menu has it, too
        self.groups_button.setToolTip(offer)

    def _act(self) -> None:
        if self._does is not None:
            self._does.emit()

    def _next(self, context: ProjectContext, shots: int) -> tuple[str, str, SignalInstance | None]:
        """Return the next step as a sentence, the button's text, and the signal it emits."""
        learned = _taught(context)
        if len(context.classes) < 2:
            return tr("Next: name your classes, such as cat and dog."), tr("Name classes"), self.names_requested
        if lacking := in_need(context, shots):
            if learned is None:
                text = tr("Next: answer a few questions.")
            else:
                text = tr("Next: {n} class needs more examples.", "Next: {n} classes need more examples.", len(lacking))
            return text, action_title(tr("&Suggest examples")), self.suggest_requested
        counts = context.index.counts(examples=True)
        if (
            learned is None
            and sum(choice.role is Role.BASE and counts.get(choice.id, 0) > 0 for choice in context.classes) < 2
        ):
            return tr("Next: label pictures of at least two classes."), "", None
        if learned is None and context.learns:
            return tr("Next: wait until the pictures have been looked at."), "", None
        if context.current_run:
            return tr("Next: look at the mistakes, or use the model."), tr("Go to Check"), self.results_requested
        return tr("Next: train the Multi-Modal Adapter."), tr("Go to Train"), self.train_requested


def _taught(context: ProjectContext) -> Learned | None:
    """The learning model, once it is from labels."""
    learned = current(context)
    return None if learned is None or learned.run.names_alone else learned


def accuracy_text(context: ProjectContext | None, *, short: bool = False) -> str:
    """The accuracy if it is known, unless `short` from how many labels; empty unless the learning model predicts."""
    learned = None if context is None else current(context)
    if context is None or learned is None or not in_use(context, without_adapter=True):
        return ""
    if learned.run.names_alone:
        return tr("{from_names}, accuracy not known yet", from_names=from_names(learned.run))
    right = accuracy_claims(context)
    if right is None or right.known is None:
        if short:
            return tr("Accuracy not known yet")
        return tr(
            "Learned from {n} label, accuracy not known yet",
            "Learned from {n} labels, accuracy not known yet",
            learned.labels,
        )
    if short:
        return capital(tr("{accuracy} of pictures right", accuracy=range_words(right.known)))
    text = tr(
        "{accuracy} of pictures right, learned from {n} label",
        "{accuracy} of pictures right, learned from {n} labels",
        learned.labels,
        accuracy=range_words(right.known),
    )
    return capital(text)


def measured_text(context: ProjectContext) -> str:
    """Return what the accuracy means and how it was measured; empty unless the learning model predicts."""
    learned = current(context)
    if learned is None or not in_use(context, without_adapter=True):
        return ""
    right, how = accuracy_claims(context), how_measured(learned.result.evaluation, learned.proposed)
    return how if right is None else f"{sentence(right)} {how}".strip()
