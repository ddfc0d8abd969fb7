"""The training form: method, backbone, device, shots, seed, recipe, obstacles, start and stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QScrollArea, QSizePolicy, QSpinBox, QWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.settings import BY_NAME, Settings
from mma_desktop.core.types import Finding, TrainRequest
from mma_desktop.engine.methods.method_spec import MethodSpec
from mma_desktop.engine.methods.method_table import METHODS, find_method
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.train.backbone_picker import BackbonePicker
from mma_desktop.ui.train.checklist import Checklist
from mma_desktop.ui.train.option_fields import OptionFields, RecipeFields, Section
from mma_desktop.ui.widgets.controls import Card, bold, button, hint, in_column, in_row, pad_spin_boxes, scrolled
from mma_desktop.ui.widgets.text_format import as_title, with_keys, without_marks

MAX_SEED = 2**31 - 1
WRONG_RECIPE = later(
    "A number of the advanced recipe is not usable. Correct it, or reset the recipe to the method's own."
)
UNDECIDED = later("This backbone is not on this computer. Download it, choose its weights file, or choose another one.")


def _caption(text: str, buddy: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(buddy)
    bold(label)
    return label


class TrainForm(QWidget):
    """The form for a training request.

    Signals:
        changed: The request changed.
        device_picked: Another device was chosen (name).
        obstacle_changed: What prevents a training may have changed.
    """

    changed = Signal()
    device_picked = Signal(str)
    obstacle_changed = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._findings: Sequence[Finding] | None = None
        self._waiting = ""
        self._failed = ("", "")
        self._ready = ""
        self._running = False
        self._make_fields()
        in_column((self._scrolled(), 1), self._bottom(), inside=self, margins=(0, 8, 0, 0), spacing=8)
        pad_spin_boxes(self)
        self.method.setCurrentIndex(max(0, self.method.findData(settings.get("method"))))
        self.reload_settings()
        self._method_changed()
        self._connect()
        self._update()

    def _make_fields(self) -> None:
        self.method = QComboBox()
        self.method.setMaxVisibleItems(len(METHODS))
        for spec in METHODS:
            self.method.addItem(tr(spec.title), spec.id)
            self.method.setItemData(self.method.count() - 1, tr(spec.summary), Qt.ItemDataRole.ToolTipRole)
        self.summary = hint("")
        self.options = OptionFields()
        self.options_section = Section(tr("Options of the method"), self.options)
        self.picker = BackbonePicker()
        self.device = QComboBox()
        self.device.setToolTip(tr(BY_NAME["device"].help))
        for name, title in BY_NAME["device"].choices:
            self.device.addItem(tr(title), name)
        self.shots = QSpinBox()
        self.shots.setRange(BY_NAME["shots"].low, BY_NAME["shots"].high)
        self.shots.setToolTip(tr(BY_NAME["shots"].help))
        self.seed = QSpinBox()
        self.seed.setRange(0, MAX_SEED)
        self.seed.setToolTip(tr("Draws the shots and the start of the adapter; the same seed gives the same result."))
        self.recipe = RecipeFields()
        self.recipe_section = Section(tr("Advanced recipe"), self.recipe)
        self.checklist = Checklist()
        self.start_button = button(as_title(tr("&Start training")), "play", primary=True)
        self.stop_button = button(tr("Stop"), "stop", tip=tr("Stop the training; nothing of it is kept"))
        compare = tr("&Compare methods…")
        tip = with_keys(as_title(compare), "Ctrl+Shift+M")
        self.compare_button = button(without_marks(compare), "compare", tip=tip)

    def _scrolled(self) -> QScrollArea:
        page = QWidget()
        fields = ((tr("&Device"), self.device, 2), (tr("&Shots"), self.shots, 1), (tr("See&d"), self.seed, 1))
        beside = ((in_column(_caption(text, field), field, spacing=6), stretch) for text, field, stretch in fields)
        in_column(
            _caption(tr("&Method"), self.method),
            self.method,
            self.summary,
            self.options_section,
            8,
            _caption(tr("&Backbone"), self.picker.combo),
            self.picker,
            8,
            in_row(*beside, spacing=8),
            4,
            self.recipe_section,
            None,
            inside=page,
            margins=(0, 0, 10, 0),
            spacing=6,
        )
        self.device.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.device.setMinimumContentsLength(8)
        for spin in (self.shots, self.seed):
            spin.setMinimumWidth(64)
            spin.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        return scrolled(page)

    def _bottom(self) -> QWidget:
        bottom = QWidget()
        card = Card()
        card.body.setContentsMargins(12, 10, 6, 10)
        card.body.addWidget(self.checklist)
        pair = in_row((self.start_button, 2), (self.stop_button, 1), spacing=8)
        buttons = in_column(pair, self.compare_button, spacing=8)
        in_column(card, buttons, inside=bottom, margins=(0, 0, 0, 0), spacing=10)
        return bottom

    def _connect(self) -> None:
        self.method.currentIndexChanged.connect(self._method_changed)
        self.options.changed.connect(self._edited)
        self.recipe.changed.connect(self._edited)
        self.shots.valueChanged.connect(self._edited)
        self.seed.valueChanged.connect(self._edited)
        self.device.activated.connect(self._device_activated)
        self.picker.undecided.connect(self._edited)

    # ------------------------------------------------------------------ the request

    @property
    def method_spec(self) -> MethodSpec:
        return find_method(str(self.method.currentData()))

    def request(self) -> TrainRequest | None:
        """Return the request, or None if a number is not valid. The project adds its weights file."""
        recipe = self.recipe.recipe()
        if recipe is None:
            return None
        return replace(self.shared(), method=self.method_spec.id, options=self.options.values(), recipe=recipe)

    def shared(self) -> TrainRequest:
        """Return what every method is trained on: backbone, device, shots and seed."""
        return TrainRequest(
            backbone=self.picker.backbone_id,
            device=str(self.device.currentData()),
            shots=self.shots.value(),
            seed=self.seed.value(),
        )

    def save(self) -> None:
        """Save shots, method and device for next time."""
        self._settings.set("shots", self.shots.value())
        self._settings.set("method", self.method_spec.id)
        self._settings.set("device", str(self.device.currentData()))

    def reload_settings(self) -> None:
        """Apply changes made in the settings dialog."""
        self.shots.setValue(int(self._settings.get("shots")))
        self.device.setCurrentIndex(max(0, self.device.findData(self._settings.get("device"))))

    def _method_changed(self) -> None:
        spec = self.method_spec
        self.summary.setText(tr(spec.summary))
        self.summary.setToolTip(tr(spec.source))
        self.options.set_options(spec.options)
        self.options_section.setVisible(bool(spec.options))
        self.recipe_section.setVisible(spec.trains)
        self.recipe.set_own(spec.recipe)
        self.start_button.setText(as_title(tr("&Start training")) if spec.trains else tr("Measure"))
        self._edited()

    def _device_activated(self) -> None:
        self.device_picked.emit(str(self.device.currentData()))
        self._edited()

    def _edited(self) -> None:
        self.options_section.set_note("" if self.options.is_default else tr("changed"))
        is_own = not self.recipe.reset_button.isEnabled()
        self.recipe_section.set_note("" if is_own else tr("changed"))
        self._update()
        self.changed.emit()

    # ------------------------------------------------------------------ obstacles

    def set_findings(self, findings: Sequence[Finding] | None, ready: str = "") -> None:
        """Show the findings of a check, None while they are unknown, or the text `ready` if nothing is in the way."""
        self._findings, self._ready = findings, ready
        self._update()

    def set_failed(self, backbone_id: str, why: str) -> None:
        """Show that a backbone failed to load, and why; empty once that is resolved."""
        self._failed = (backbone_id, why)
        self._update()

    def set_waiting(self, reason: str) -> None:
        """Set the reason to wait; empty if there is none."""
        self._waiting = reason
        self._update()

    def set_running(self, running: bool) -> None:
        """Lock the form while a training runs."""
        self._running = running
        former, now = (self.start_button, self.stop_button) if running else (self.stop_button, self.start_button)
        had_keyboard = self.window().focusWidget() is former
        for field in (self.method, self.options, self.picker, self.device, self.shots, self.seed, self.recipe):
            field.setEnabled(not running)
        now.setEnabled(True)
        if had_keyboard:  # before the other button hides: Qt would focus any neighbour
            now.setFocus()
        self._update()

    @property
    def obstacle(self) -> str:
        """Why a training cannot start now; empty if it can."""
        if not self._running and self.recipe.recipe() is None:
            return tr(WRONG_RECIPE)
        return self.standing

    @property
    def standing(self) -> str:
        """Why no training could start now, whatever the method and recipe; empty if one could."""
        if self._running:
            return tr("A training is running.")
        if self.picker.is_undecided:
            return tr(UNDECIDED)
        if self._failed[1]:
            return self._failed[1]
        blocking = [one.text for one in self._findings or () if one.blocking]
        if blocking:
            return blocking[0]
        if self._waiting:
            return self._waiting
        return tr("Checking the labels.") if self._findings is None else ""

    def _update(self) -> None:
        obstacle = self.obstacle
        self.start_button.setEnabled(not obstacle)
        self.start_button.setToolTip(obstacle or with_keys(self.start_button.text(), "Ctrl+Return"))
        self.start_button.setAccessibleDescription(obstacle)
        self.stop_button.setEnabled(self._running)
        wrong = tr(WRONG_RECIPE) if self.recipe.recipe() is None else ""
        if self._running:
            self.checklist.show_findings([], waiting=tr("A training is running."))
        else:
            waiting = self._waiting or (tr("Checking the labels.") if self._findings is None else "")
            failed = self._failed
            if self.picker.is_undecided:  # no download was requested yet, so nothing loads and nothing failed
                wrong, waiting, failed = wrong or tr(UNDECIDED), "", ("", "")
            self.checklist.show_findings(self._findings or (), waiting, wrong, failed, self._ready)
        self.obstacle_changed.emit()


def with_weights(request: TrainRequest, context: ProjectContext | None) -> TrainRequest:
    """Add the project's weights file to a request, if it is for the same backbone."""
    if context is None or context.backbone_id != request.backbone:
        return request
    return replace(request, weights_file=context.weights_file)
