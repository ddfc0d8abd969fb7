"""Picker for the frozen backbone: from the table with download sizes, any of open_clip, or the user's own weights."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

from mma_desktop.core.i18n import later, number, one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import STARTER_ID
from mma_desktop.engine.backbones.backbone_table import (
    BACKBONES,
    BUNDLED,
    FILE_TAG,
    BackboneSpec,
    find_backbone,
    open_clip_ids,
)
from mma_desktop.ui.base.bridge import Bridge
from mma_desktop.ui.dialogs.text_dialogs import LineDialog
from mma_desktop.ui.widgets.controls import button, in_column, in_row
from mma_desktop.ui.widgets.fields import WideBox
from mma_desktop.ui.widgets.text_format import action_title, duration, with_ellipsis
from mma_desktop.ui.widgets.text_labels import hint, set_or_hide
from mma_desktop.ui.widgets.windows import ask_file, open_once, or_all_files

WORDS = later(
    "Any model of open_clip, such as ViT-L-14/laion2b_s32b_b82k. Type a part of the name to see those that have it. "
    "Nothing is downloaded before you ask for it."
)
LOOKING = later("Looking for it.")


def ask_backbone(
    bridge: Bridge,
    backbone_id: str,
    done: Callable[[tuple[BackboneSpec, bool]], None],
    failed: Callable[[str], None],
) -> None:
    """Look up a backbone, in the table or not, and whether it is on this computer, else `failed` with a sentence."""

    def work(_token: object) -> tuple[BackboneSpec, bool]:
        from mma_desktop.engine.backbones.weights import is_local

        spec = find_backbone(backbone_id)
        return spec, is_local(spec)

    bridge.run(LaneName.ENGINE, "", work, done=done, failed=failed, quick=True)


class OtherBackboneDialog(LineDialog):
    found = Signal(object, bool)  # BackboneSpec, whether its weights are on this computer

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(tr("Other open_clip model"), tr(WORDS), tr("Choose"), parent)
        self._bridge = bridge
        self.edit.setPlaceholderText("MODEL/PRETRAINED")
        self.names = QStringListModel(self)
        self.completer = QCompleter(self.names, self)
        self.completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.completer.setFilterMode(Qt.MatchFlag.MatchContains)
        if (popup := self.completer.popup()) is not None:
            popup.setAccessibleName(self.edit.accessibleName())
        self.edit.setCompleter(self.completer)
        bridge.run(LaneName.ENGINE, "", lambda _token: open_clip_ids(), done=self.names.setStringList, quick=True)

    def go(self) -> None:
        self.go_button.setEnabled(False)
        self.state.setText(tr(LOOKING))
        ask_backbone(self._bridge, self.text, self._found, self._missing)

    def _found(self, answer: tuple[BackboneSpec, bool]) -> None:
        if self.isVisible() and answer[0].id == self.text:
            self.found.emit(*answer)
            self.accept()

    def _missing(self, why: str) -> None:
        self.state.setText(why)
        self.go_button.setEnabled(True)
        self.edit.setFocus()


WEIGHTS_SUFFIXES = (".safetensors", ".pt", ".pth", ".bin")
HERE = later("on this computer")
OTHER = "other"


def size_words(spec: BackboneSpec, *, local: bool) -> str:
    size = tr("{size:,} MB download", size=spec.download_mb) if spec.download_mb else tr("download", "noun")
    return tr(HERE) if local else size


def facts(spec: BackboneSpec, *, local: bool, pictures: int = 0) -> str:
    """What there is to know about it in a line, with what it costs to embed so many pictures here."""
    known = tr(
        "{dimensions} dimensions · {licence} · {size}",
        dimensions=spec.embed_dim,
        licence=tr(spec.licence),
        size=size_words(spec, local=local),
    )
    return " · ".join([known, *_costs(spec, pictures)])


def _costs(spec: BackboneSpec, pictures: int) -> list[str]:
    costs = []
    if spec.core_ms and pictures:
        threads = max(1, (os.cpu_count() or 1) - 1)  # one core is left to the window
        seconds = max(1.0, pictures * spec.core_ms / 1000 / threads)
        rounded = seconds if seconds < 60 else 60 * round(seconds / 60)
        costs.append(tr("about {duration} for these pictures on this computer's processor", duration=duration(rounded)))
    if spec.memory_mb:
        costs.append(tr("{size} GB of memory", size=number(spec.memory_mb / 1000, ".1f")))
    return costs


class BackbonePicker(QWidget):
    picked = Signal(str)  # id of another backbone, to which the user agreed with its download
    weights_picked = Signal(str, object)  # id, Path of a weights file for it
    undecided = Signal(bool)  # whether the chosen one is not here and its download not requested yet

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._specs = {spec.id: spec for spec in BACKBONES}
        self._local = BUNDLED
        self._weights: Path | None = None
        self.is_undecided = False
        """Whether the chosen backbone needs a download that was not requested yet."""
        self._shown = STARTER_ID
        self.combo = WideBox()
        self.combo.setAccessibleName(tr("Backbone"))
        self.combo.setToolTip(tr("The frozen image and text model that the adapter sits on"))
        self.combo.setMaxVisibleItems(8)
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(13)
        for spec in BACKBONES:
            self.combo.addItem("", spec.id)
        self.combo.addItem(with_ellipsis(tr("Other open_clip model")), OTHER)
        self.combo.activated.connect(self._activated)
        self.facts = hint()
        self.download_button = button(tr("Download"), primary=True, clicked=self._download)
        self.file_button = button(tr("Choose weights file…"), "open", clicked=self._choose_file)
        self.state = hint()
        row = in_row(self.download_button, self.file_button, None)
        in_column(self.combo, self.facts, self.state, row, inside=self, margins=0, spacing=6)
        self.show_message("")
        self.set_local(self._local)

    @property
    def backbone_id(self) -> str:
        return str(self.combo.currentData())

    @property
    def specs(self) -> list[BackboneSpec]:
        return list(self._specs.values())

    @property
    def spec(self) -> BackboneSpec | None:
        return self._specs.get(self.backbone_id)

    def _row(self, backbone_id: str) -> int:
        row = self.combo.findData(backbone_id)
        if row < 0:
            row = self.combo.count() - 1
            self.combo.insertItem(row, one_line(backbone_id), backbone_id)
        return row

    def show_backbone(self, backbone_id: str, weights_file: Path | None = None) -> None:
        self.combo.setCurrentIndex(self._row(backbone_id))
        self._shown, self._weights = backbone_id, weights_file
        self._set_undecided(False)
        self._show_facts()
        self._ask_backbone()

    def choose(self, backbone_id: str) -> None:
        """Choose a backbone as if the user did; a missing one undecided until its download is requested."""
        self.combo.setCurrentIndex(self._row(backbone_id))
        self._activated()

    def _ask_backbone(self) -> None:
        # Only if it is not in the table and nothing is known of it: this may read a large file.
        def missing(why: str) -> None:
            if self.spec is None:
                self.show_message(why)

        if self.spec is None:
            ask_backbone(self._bridge, self.backbone_id, lambda answer: self.add(*answer), missing)

    def add(self, spec: BackboneSpec, local: bool) -> None:
        """Add a backbone outside the table, so that it can be chosen; it is accepted if chosen and on this computer."""
        self._row(spec.id)
        self._specs[spec.id] = spec
        self.set_local(self._local | {spec.id} if local else self._local)

    def refresh(self) -> None:
        # A download may have come to an end.
        specs = self.specs

        def local(_token: object) -> frozenset[str]:
            from mma_desktop.engine.backbones.weights import is_local

            return frozenset(spec.id for spec in specs if is_local(spec))

        self._bridge.run(LaneName.ENGINE, "", local, done=self.set_local, quick=True)

    def set_local(self, ids: frozenset[str]) -> None:
        self._local = ids | BUNDLED
        for spec in self.specs:
            row, title, shown = self._row(spec.id), tr(spec.title), self._facts_of(spec)
            self.combo.setItemText(row, f"{title} · {size_words(spec, local=spec.id in self._local)}")
            tip = "\n".join(filter(None, (title, shown, tr(spec.source), *spec.notes)))
            self.combo.setItemData(row, tip, Qt.ItemDataRole.ToolTipRole)
            self.combo.setItemData(row, f"{title}, {shown}", Qt.ItemDataRole.AccessibleTextRole)
        if self.is_undecided and self.backbone_id in self._local:
            self._download()
        self._show_facts()

    def _facts_of(self, spec: BackboneSpec) -> str:
        context = self._bridge.context
        pictures = 0 if context is None else int(context.index.columns.usable.sum())
        return facts(spec, local=spec.id in self._local, pictures=pictures)

    def _set_undecided(self, undecided: bool) -> None:
        if undecided != self.is_undecided:
            self.is_undecided = undecided
            self.undecided.emit(undecided)

    def _show_facts(self) -> None:
        spec = self.spec
        lines = [self._facts_of(spec)] if spec is not None else []
        if spec is not None:
            lines.extend(spec.notes)
        if self._weights is not None:
            lines.append(tr("Weights from {file}", file=self._weights.name))
        self.facts.setText("\n".join(lines))
        self.facts.setToolTip(one_line(str(self._weights)) if self._weights else "")
        size = 0 if spec is None else spec.download_mb
        self.download_button.setText(tr("Download {size:,} MB", size=size) if size else tr("Download"))
        unpublished = spec is None or spec.pretrained == FILE_TAG  # weights that are not published
        self.download_button.setVisible(self.is_undecided and not unpublished)
        self.file_button.setVisible(self.backbone_id not in BUNDLED)

    def _activated(self) -> None:
        if self.backbone_id == OTHER:
            self.combo.setCurrentIndex(self._row(self._shown))
            self._ask_other()
            return
        self._shown, self._weights = self.backbone_id, None
        local = self.backbone_id in self._local
        self._set_undecided(not local)
        self._show_facts()
        if local:
            self.picked.emit(self.backbone_id)
            return
        self.show_message("")
        self._ask_backbone()

    def _ask_other(self) -> None:
        def chosen(spec: BackboneSpec, local: bool) -> None:
            self.add(spec, local)
            self.choose(spec.id)
            self.combo.setFocus()

        dialog = OtherBackboneDialog(self._bridge, self.window())
        dialog.found.connect(chosen)
        open_once(dialog)

    def _download(self) -> None:
        self._set_undecided(False)
        self._show_facts()
        self.picked.emit(self.backbone_id)

    def _choose_file(self) -> None:
        kinds = or_all_files(tr("Weights"), WEIGHTS_SUFFIXES)
        ask_file(self, action_title(tr("Choose weights file…")), "", self._file_chosen, kinds)

    def _file_chosen(self, path: str) -> None:
        self._weights = Path(path)
        self._set_undecided(False)
        self._show_facts()
        self.weights_picked.emit(self.backbone_id, self._weights)

    def show_message(self, message: str) -> None:
        set_or_hide(self.state, message)
