"""Report on the program and its recent log, for copying into a request for help."""

from __future__ import annotations

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.problem_report import report
from mma_desktop.ui.widgets.controls import button
from mma_desktop.ui.widgets.text_format import as_title

COPY_TIP = later("Copy versions, device and the end of the log; your home folder is written as ~")


def window_facts() -> dict[str, str]:
    """Return Qt's version and platform plugin, in English, for the report."""
    return {"Qt": qVersion(), later("Window system"): QGuiApplication.platformName()}


def copy_report(details: str = "") -> str:
    """Copy a report, in English, to the clipboard; return the message to show."""
    QGuiApplication.clipboard().setText(report(window_facts(), details))
    return tr("The report is on the clipboard. Read it before you send it: file names may be in it.")


def copy_report_button(details: str = "") -> QPushButton:
    made = button(as_title(tr("Copy &report")), "copy", tip=tr(COPY_TIP))

    def copy() -> None:
        made.setToolTip(copy_report(details))
        made.setText(tr("Copied"))

    made.clicked.connect(copy)
    return made
