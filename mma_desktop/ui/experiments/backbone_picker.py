"""Picker for the frozen backbone: from the table with download sizes, or with the user's own weights.

Backbones outside the table are looked up in open_clip before they are loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QRect, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDialog,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import STARTER_ID
from mma_desktop.engine.backbones.backbone_table import BACKBONES, FILE_TAG, BackboneSpec, find_backbone
from mma_desktop.ui.base.bridge import Bridge
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.widgets.controls import (
    ProgressBar,
    button,
    cancel_button,
    fill_dialog,
    hint,
    in_column,
    in_row,
    say,
)
from mma_desktop.ui.widgets.fields import line_edit
from mma_desktop.ui.widgets.icons import pixmap
from mma_desktop.ui.widgets.painting import Index, paint_text
from mma_desktop.ui.widgets.text_format import as_title, asks
from mma_desktop.ui.widgets.theme import tokens
from mma_desktop.ui.widgets.windows import ask_file, open_once, or_all_files

WORDS = later(
    "Any model of open_clip, such as ViT-L-14/laion2b_s32b_b82k. Type a part of the name to see those that have it. "
    "Nothing is downloaded before you ask for it."
)
LOOKING = later("Looking for it.")


def _names(_token: object) -> list[str]:
    from mma_desktop.engine.backbones.open_clip_names import all_ids

    return all_ids()


def look_up_backbone(
    bridge: Bridge,
    backbone_id: str,
    done: Callable[[tuple[BackboneSpec, bool]], None],
    failed: Callable[[str], None],
) -> None:
    """Look up a backbone, in the table or not, and whether it can be loaded without a download.

    `failed` is called with a sentence if this id does not exist.
    """

    def work(_token: object) -> tuple[BackboneSpec, bool]:
        from mma_desktop.engine.backbones.loading import is_local

        spec = find_backbone(backbone_id)
        return spec, is_local(spec)

    bridge.run(LaneName.ENGINE, "", work, done=done, failed=failed, quick=True)


class OtherBackboneDialog(QDialog):
    chosen = Signal(object, bool)  # BackboneSpec, whether its weights are on this computer

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        title = tr("Other open_clip model")
        self.edit = line_edit("", title, placeholder="MODEL/PRETRAINED")
        self.names = QStringListModel(self)
        self.completer = QCompleter(self.names, self)
        self.completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.completer.setFilterMode(Qt.MatchFlag.MatchContains)
        popup = self.completer.popup()
        if popup is not None:
            popup.setAccessibleName(title)
        self.edit.setCompleter(self.completer)
        self.state = hint("")
        self.use_button = button(tr("Choose"), "check", primary=True, clicked=self.use)
        fill_dialog(
            self,
            hint(tr(WORDS)),
            self.edit,
            self.state,
            None,
            title=title,
            buttons=(None, cancel_button(self), self.use_button),
        )
        self.resize(480, 240)
        self.edit.textChanged.connect(self._edited)
        self._edited()
        self.edit.setFocus()
        controller.bridge.run(LaneName.ENGINE, "", _names, done=self.names.setStringList, quick=True)

    def _edited(self, _text: str = "") -> None:
        self.use_button.setEnabled(bool(self.edit.text().strip()))
        self.state.setText("")

    def use(self) -> None:
        name = self.edit.text().strip()
        if name and self._controller.context is not None:
            self.use_button.setEnabled(False)
            self.state.setText(tr(LOOKING))
            look_up_backbone(self._controller.bridge, name, self._found, self._missing)

    def _found(self, found: tuple[BackboneSpec, bool]) -> None:
        if self.isVisible() and found[0].id == self.edit.text().strip():
            self.chosen.emit(*found)
            self.accept()

    def _missing(self, why: str) -> None:
        self.state.setText(why)
        self.use_button.setEnabled(True)
        self.edit.setFocus()


class OtherBackbones(QObject):
    """Opens the dialog for another model, and looks up the backbone of a project or run."""

    def __init__(self, picker: BackbonePicker, controller: Controller) -> None:
        super().__init__(picker)
        self._picker = picker
        self._controller = controller
        self.dialog: OtherBackboneDialog | None = None
        picker.other_requested.connect(self._open)
        picker.unknown.connect(self._ask)

    def _open(self) -> None:
        self.dialog = OtherBackboneDialog(self._controller, self._picker.window())
        self.dialog.chosen.connect(self._chosen)
        open_once(self.dialog)

    def _chosen(self, spec: BackboneSpec, local: bool) -> None:
        self._picker.add(spec, local)
        self._picker.choose(spec.id)
        self._picker.combo.setFocus()

    def _ask(self, backbone_id: str) -> None:
        look_up_backbone(self._controller.bridge, backbone_id, lambda found: self._picker.add(*found), self._missing)

    def _missing(self, why: str) -> None:
        if self._picker.spec is None:
            self._picker.set_idle(why)


SPEC_ROLE = Qt.ItemDataRole.UserRole + 1
LOCAL_ROLE = Qt.ItemDataRole.UserRole + 2
WEIGHTS_SUFFIXES = (".safetensors", ".pt", ".pth", ".bin")
HERE = later("on this computer")
OTHER = "other"


def facts(spec: BackboneSpec, *, local: bool) -> str:
    size = tr("{size:,} MB download", size=spec.download_mb) if spec.download_mb else tr("download", "noun")
    return tr(
        "{dimensions} dimensions · {licence} · {size}",
        dimensions=spec.embed_dim,
        licence=tr(spec.licence),
        size=tr(HERE) if local else size,
    )


class BackboneDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(380, 2 * option.fontMetrics.height() + 14)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, spec, local = tokens(), index.data(SPEC_ROLE), bool(index.data(LOCAL_ROLE))
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(look.accent_soft))
        height = option.fontMetrics.height()
        line = QRect(option.rect.x() + 10, option.rect.y() + 6, option.rect.width() - 20, height)
        if local:
            painter.drawPixmap(line.right() - 14, line.y() + (height - 14) // 2, pixmap("check", 14, look.good))
        bold = QFont(option.font)
        bold.setBold(True)
        paint_text(painter, line, index.data(), bold, look.text)
        text = facts(spec, local=local) if spec is not None else index.data(Qt.ItemDataRole.ToolTipRole) or ""
        paint_text(painter, line.translated(0, height + 2), text, option.font, look.dim)
        painter.restore()


class BackbonePicker(QWidget):
    """List of backbones, with facts about the chosen one and its loading progress."""

    picked = Signal(str)  # id of another backbone, to which the user agreed with its download
    weights_picked = Signal(str, object)  # id, Path of a weights file for it
    undecided = Signal(bool)  # whether the chosen one is not here and its download not requested yet
    other_requested = Signal()  # choose a model outside the table
    unknown = Signal(str)  # id that is not in the table and of which nothing is known; answered by `add`

    def __init__(self) -> None:
        super().__init__()
        self._local: frozenset[str] = frozenset({STARTER_ID})
        self._weights: Path | None = None
        self.is_undecided = False
        """Whether the chosen backbone needs a download that was not requested yet."""
        self._asked = ""
        self._shown = STARTER_ID
        self.combo = QComboBox()
        self.combo.setAccessibleName(tr("Backbone"))
        self.combo.setToolTip(tr("The frozen image and text model that the adapter sits on"))
        self.combo.setItemDelegate(BackboneDelegate(self.combo))
        self.combo.setMaxVisibleItems(8)
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(18)
        self._model = QStandardItemModel(self.combo)
        for spec in BACKBONES:
            self._model.appendRow(self._item(spec.id, spec))
        other = QStandardItem(asks(tr("Other open_clip model")))
        other.setData(OTHER, Qt.ItemDataRole.UserRole)
        self._model.appendRow(other)
        self.combo.setModel(self._model)
        self.combo.view().setMinimumWidth(400)
        self.combo.activated.connect(self._activated)
        self.facts = hint("")
        self.download_button = button(tr("Download"), primary=True, clicked=self._download)
        self.file_button = button(tr("Choose weights file…"), "open", clicked=self._choose_file)
        self.bar = ProgressBar(tr("Loading the model"))
        self.state = hint("")
        row = in_row(self.download_button, self.file_button, None)
        in_column(self.combo, self.facts, self.bar, self.state, row, inside=self, margins=(0, 0, 0, 0), spacing=6)
        self.set_idle()
        self._tell()

    @staticmethod
    def _item(backbone_id: str, spec: BackboneSpec | None) -> QStandardItem:
        item = QStandardItem(tr(spec.title) if spec else one_line(backbone_id))
        item.setData(backbone_id, Qt.ItemDataRole.UserRole)
        item.setData(spec, SPEC_ROLE)
        item.setData(backbone_id == STARTER_ID, LOCAL_ROLE)
        if spec is not None:
            words = (item.text(), facts(spec, local=backbone_id == STARTER_ID), tr(spec.source), *spec.notes)
            item.setToolTip("\n".join(filter(None, words)))
            item.setAccessibleText(", ".join(words[:2]))
        return item

    @property
    def backbone_id(self) -> str:
        return str(self.combo.currentData(Qt.ItemDataRole.UserRole) or STARTER_ID)

    @property
    def spec(self) -> BackboneSpec | None:
        found: Any = self.combo.currentData(SPEC_ROLE)
        return found if isinstance(found, BackboneSpec) else None

    @property
    def specs(self) -> list[BackboneSpec]:
        found = (self._model.item(row).data(SPEC_ROLE) for row in range(self._model.rowCount()))
        return [spec for spec in found if isinstance(spec, BackboneSpec)]

    def show_backbone(self, backbone_id: str, weights_file: Path | None = None) -> None:
        """Show the project's backbone; emits nothing but `unknown`."""
        at = self.combo.findData(backbone_id, Qt.ItemDataRole.UserRole)
        if at < 0:
            at = self._model.rowCount() - 1
            self._model.insertRow(at, self._item(backbone_id, None))
        self._asked = ""
        self._shown = backbone_id
        self.combo.setCurrentIndex(at)
        self._weights = weights_file
        self._wait(False)
        self._tell()
        if self.spec is None:
            self.unknown.emit(backbone_id)

    def choose(self, backbone_id: str) -> None:
        """Choose a backbone as if the user did; a missing one waits until its download is requested."""
        self.show_backbone(backbone_id)
        self._activated()

    def add(self, spec: BackboneSpec, local: bool) -> None:
        """Add a backbone outside the table, so that it can be chosen."""
        if local:
            self._local |= {spec.id}
        at = self.combo.findData(spec.id, Qt.ItemDataRole.UserRole)
        made = self._item(spec.id, spec)
        if at < 0:
            self._model.insertRow(self._model.rowCount() - 1, made)
        else:
            self._model.setItem(at, made)
        chosen, self._asked = self._asked == spec.id == self.backbone_id, ""
        self.set_local(self._local)  # accepts a chosen backbone that is on this computer
        if chosen and self.is_undecided:
            self._activated()

    def set_local(self, ids: frozenset[str]) -> None:
        self._local = ids | {STARTER_ID}
        for row in range(self._model.rowCount()):
            item = self._model.item(row)
            local = item.data(Qt.ItemDataRole.UserRole) in self._local
            item.setData(local, LOCAL_ROLE)
            spec = item.data(SPEC_ROLE)
            if isinstance(spec, BackboneSpec):
                item.setAccessibleText(f"{item.text()}, {facts(spec, local=local)}")
        if self.is_undecided and self.backbone_id in self._local:
            self._download()
        self._tell()

    def _wait(self, waits: bool) -> None:
        if waits != self.is_undecided:
            self.is_undecided = waits
            self.undecided.emit(waits)

    def _tell(self) -> None:
        spec = self.spec
        lines = [facts(spec, local=spec.id in self._local)] if spec is not None else []
        if spec is not None:
            lines.extend(spec.notes)
        if self._weights is not None:
            lines.append(tr("Weights from {file}", file=self._weights.name))
        self.facts.setText("\n".join(lines))
        self.facts.setToolTip(one_line(str(self._weights)) if self._weights else "")
        size = 0 if spec is None else spec.download_mb
        self.download_button.setText(tr("Download {size:,} MB", size=size) if size else tr("Download"))
        own = spec is None or spec.pretrained == FILE_TAG  # weights that are not published
        self.download_button.setVisible(self.is_undecided and not own)
        self.file_button.setVisible(self.backbone_id != STARTER_ID)

    def _activated(self) -> None:
        if self.backbone_id == OTHER:
            self.combo.setCurrentIndex(self.combo.findData(self._shown, Qt.ItemDataRole.UserRole))
            self.other_requested.emit()
            return
        self._shown = self.backbone_id
        self._weights = None
        self._asked = self.backbone_id if self.spec is None else ""
        local = self.backbone_id in self._local
        self._wait(not local)
        self._tell()
        if self._asked:
            self.unknown.emit(self._asked)
        elif local:
            self.picked.emit(self.backbone_id)
        if not local:
            self.set_idle()

    def _download(self) -> None:
        self._wait(False)
        self._tell()
        self.picked.emit(self.backbone_id)

    def _choose_file(self) -> None:
        kinds = or_all_files(tr("Weights"), WEIGHTS_SUFFIXES)
        ask_file(self, as_title(tr("Choose weights file…")), "", self._file_chosen, kinds)

    def _file_chosen(self, path: str) -> None:
        self._weights = Path(path)
        self._wait(False)
        self._tell()
        self.weights_picked.emit(self.backbone_id, self._weights)

    def set_loading(self, message: str, done: int = 0, total: int | None = None) -> None:
        self.bar.show_progress(done, total)
        self.bar.show()
        say(self.state, message)

    def set_idle(self, message: str = "") -> None:
        self.bar.hide()
        say(self.state, message)
