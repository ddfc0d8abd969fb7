"""The size of pictures in grids: one for the whole window, kept in the settings."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from mma_desktop.core.settings import BY_NAME
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.widgets.timers import single_shot

SAVE_MS = 500
STEP = 16


class PictureSide(QObject):
    """The side of a picture in device-independent pixels."""

    changed = Signal(int)  # the new value

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._settings = controller.settings
        self.value = int(self._settings.get("thumbnail_side"))
        self._save_soon = single_shot(self, SAVE_MS, self._save)

    @classmethod
    def of(cls, controller: Controller) -> PictureSide:
        return controller.findChild(cls) or cls(controller)

    def set(self, value: int) -> None:
        limits = BY_NAME["thumbnail_side"]
        value = min(max(value, limits.low), limits.high)
        if value != self.value:
            self.value = value
            self.changed.emit(value)
            self._save_soon.start()

    def step(self, steps: int) -> None:
        self.set(self.value + steps * STEP)

    def _save(self) -> None:
        self._settings.set("thumbnail_side", self.value)
