"""Check whether Qt can open a window here. On failure Qt aborts, so this runs in a separate process."""

from __future__ import annotations

import sys

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication


def check() -> int:
    app = QGuiApplication(sys.argv[:1])
    screen = app.primaryScreen()
    size = "no screen" if screen is None else f"{screen.size().width()} x {screen.size().height()} pixels"
    sys.stdout.write(f"Qt {qVersion()}, platform {app.platformName()}, {size}\n")
    return 0
