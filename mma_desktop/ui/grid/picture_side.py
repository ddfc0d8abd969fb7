"""The size of pictures in grids: one for the whole window, where it comes back after a restart."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from mma_desktop.ui.base.controller import Controller

SMALLEST, USUAL, LARGEST, STEP = 80, 144, 320, 16
SIDE = "grid/side"


class PictureSide(QObject):
    """The side of a picture in device-independent pixels."""

    changed = Signal(int)  # the new value

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        saved = controller.settings.window_state(SIDE)
        self.value = int(saved) if saved in map(str, range(SMALLEST, LARGEST + 1)) else USUAL

    @classmethod
    def of(cls, controller: Controller) -> PictureSide:
        return controller.findChild(cls) or cls(controller)

    def set(self, value: int) -> None:
        value = min(max(value, SMALLEST), LARGEST)
        if value != self.value:
            self.value = value
            self.changed.emit(value)

    def step(self, steps: int) -> None:
        self.set(self.value + steps * STEP)
