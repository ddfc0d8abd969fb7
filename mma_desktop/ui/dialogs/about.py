"""The About dialog: versions, licence and a short description."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFormLayout, QLabel, QWidget

from mma_desktop import __version__
from mma_desktop.core.i18n import tr
from mma_desktop.core.problem_report import versions
from mma_desktop.ui.dialogs.text_dialogs import copy_report_button, window_facts
from mma_desktop.ui.widgets import icons
from mma_desktop.ui.widgets.controls import (
    SPACE,
    close_button,
    fill_dialog,
    heading,
    hint,
    in_column,
    in_row,
    scrolled,
)
from mma_desktop.ui.widgets.text_format import as_title


class AboutDialog(QDialog):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(as_title(tr("&About mma-desktop")))
        picture = QLabel()
        picture.setPixmap(icons.pixmap("app", 64, ratio=self.devicePixelRatioF()))
        title = in_column(
            heading("mma-desktop"), hint(tr("Version {version}, Apache License 2.0", version=__version__)), spacing=2
        )
        top = in_row(picture, (title, 1), spacing=2 * SPACE)
        facts = QWidget()
        form = QFormLayout(facts)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(3 * SPACE)
        form.setVerticalSpacing(4)
        for name, version in {**versions(), **window_facts()}.items():
            value = QLabel(tr(version))
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.addRow(hint(tr(name)), value)
        self.copy_button = copy_report_button()
        self.close_button = close_button(self)
        fill_dialog(
            self,
            top,
            hint(
                tr(
                    "Label a few photos per class and train a Multi-Modal Adapter over frozen CLIP "
                    "features (Seputis, Mihailov, Chatterjee and Xiao: Multi-Modal Adapter for "
                    "Vision-Language Models, 2024, arXiv:2409.02958). Everything runs on this machine: "
                    "no picture, label or number leaves it."
                )
            ),
            (scrolled(facts), 1),
            buttons=(self.copy_button, None, self.close_button),
            spacing=2 * SPACE,
        )
        self.setMinimumWidth(520)
        self.close_button.setFocus()
        self.resize(520, 620)
