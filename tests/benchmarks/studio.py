"""The real window without a screen, and how it is looked at: for the screenshots."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from PIL import Image
from PySide6.QtCore import QEvent, QEventLoop, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

SIZES = ((1280, 800), (1920, 1080))
LOOKS = ("light", "dark")
SECONDS = 900.0
COLOURS, FEW_COLOURS = 256, 8_192
CAPTION, CAPTION_SIZE, QUALITY = 36, 12, 85


def wait(milliseconds: int) -> None:
    """Let the window and the lanes live. (QTest.qWait keeps the interpreter to itself: the lanes would stand still.)"""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Studio:
    """The window, on settings and projects in `home`, and the pictures that are taken of it into `out`."""

    def __init__(
        self,
        out: Path,
        home: Path,
        sizes: Sequence[tuple[int, int]] = SIZES,
        looks: Sequence[str] = LOOKS,
        language: str = "en",
    ) -> None:
        from mma_desktop.core.settings import Settings
        from mma_desktop.ui.shell.application import Application, install_language

        self.out = out
        self.home = home
        self.projects = home / "Documents" / "mma-desktop"
        self.sizes = sizes
        self.looks = looks
        self.app = QApplication([])
        if language != "en":
            install_language(self.app, language)
        settings = Settings(home / "config")
        settings.set("projects_folder", str(self.projects))
        self.parts = Application(self.app, settings, None)
        self.window = self.parts.window
        self.controller = self.parts.controller

    # -------------------------------------------------------------- waiting

    def until(self, what: Callable[[], object]) -> None:
        """Let the window live until something is so."""
        end = time.monotonic() + SECONDS
        while not what():
            wait(30)
            if time.monotonic() > end:
                raise TimeoutError(f"still at work: {[job.title for job in self.parts.bridge.jobs()]}")

    def idle(self) -> None:
        """Wait for every job, also those that one starts after another."""
        for _ in range(3):
            self.until(lambda: not self.parts.bridge.jobs())
            wait(350)

    # -------------------------------------------------------------- looking

    def look(self, name: str) -> None:
        """Take another theme."""
        from mma_desktop.ui.widgets import theme

        theme.apply_theme(self.app, name)
        wait(200)

    def grab(self, name: str, *, busy: bool = False) -> None:
        """The window in every size and look; `busy` while a job goes on that is not waited for."""
        for width, height in self.sizes:
            self.window.resize(width, height)
            if busy:
                wait(300)
            else:
                self.idle()
            for look in self.looks:
                self.look(look)
                self.window.grab().save(str(self.out / f"{name}-{width}-{look}.png"))
        self.look(self.looks[0])

    def grab_part(self, name: str, widget: QWidget) -> None:
        """A dialog or a menu in every look, at its own size."""
        for look in self.looks:
            self.look(look)
            widget.grab().save(str(self.out / f"{name}-{look}.png"))
        self.look(self.looks[0])

    def grab_dialogs(self, name: str) -> None:
        """The dialogs that are open; then they are closed."""
        self.until(self.dialogs)
        wait(200)
        for dialog in self.dialogs():
            self.grab_part(f"dialog-{name}", dialog)
            dialog.reject()
        self.until(lambda: not self.dialogs())

    def grab_menu(self, name: str, menu: QMenu) -> None:
        """A menu that is open for a moment."""
        menu.popup(self.window.mapToGlobal(QPoint(40, 40)))
        wait(100)
        self.grab_part(f"menu-{name}", menu)
        menu.close()

    def grab_small(self, path: Path, look: str = "light", *, busy: bool = False) -> None:
        """The window in its first size as a small file: of 256 colours where no photograph is in it."""
        self.window.resize(*self.sizes[0])
        if busy:
            wait(300)
        else:
            self.idle()
        self.look(look)
        self.window.statusBar().clearMessage()
        self.window.grab().save(str(path))
        with Image.open(path) as image:
            whole = image.convert("RGB")
        if whole.getcolors(FEW_COLOURS) is not None:
            whole = whole.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        whole.save(path, optimize=True)
        self.look("light")

    def dialogs(self) -> list[QDialog]:
        """The dialogs that are open."""
        return [one for one in self.app.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]

    # -------------------------------------------------------------- coming and going

    def begin(self) -> None:
        """Show the window and wait for its pages."""
        from mma_desktop.ui.shell.navigation import TABS

        self.window.resize(*self.sizes[0])
        self.window.show()
        self.window.make_pages_soon()
        self.until(lambda: len(self.window.pages) == len(TABS))

    def train(self) -> None:
        """Run the experiment of the form, as its button does."""
        page = self.window.pages["experiments"]
        self.until(page.form.run_button.isEnabled)
        page.start()
        self.until(lambda: self.controller.training is not None)
        self.until(lambda: self.controller.training is None)
        self.idle()

    def close(self) -> None:
        """Close the window as a person would and let the lanes end."""
        self.window.close()
        self.app.exec()
        self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


class Film:
    """Pictures of the window and its dialogs, one after another, each over a line that says what is done."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._frames: list[Image.Image] = []
        self._seconds: list[float] = []

    def shot(self, caption: str, seconds: float) -> None:
        """Add the window as it is now, for so long."""
        window = self._studio.window
        window.statusBar().clearMessage()
        wait(60)
        picture = QImage(window.width(), window.height() + CAPTION, QImage.Format.Format_RGB888)
        painter = QPainter(picture)
        painter.drawPixmap(0, 0, window.grab())
        for dialog in self._studio.dialogs():
            painter.fillRect(window.rect(), QColor(0, 0, 0, 70))
            left, top = (window.width() - dialog.width()) // 2, max(0, (window.height() - dialog.height()) // 2)
            painter.drawPixmap(left, top, dialog.grab())
        foot = QRect(0, window.height(), window.width(), CAPTION)
        painter.fillRect(foot, QColor("#1f2328"))
        painter.setFont(QFont(self._studio.app.font().family(), CAPTION_SIZE))
        painter.setPen(QColor("white"))
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, caption)
        painter.end()
        size = (picture.width(), picture.height())
        self._frames.append(
            Image.frombytes("RGB", size, bytes(picture.constBits()), "raw", "RGB", picture.bytesPerLine())
        )
        self._seconds.append(seconds)

    def revert_model(self) -> None:
        """Leave the last one out."""
        self._frames.pop()
        self._seconds.pop()

    def write(self, path: Path) -> None:
        """Write an animated WebP, every frame whole, that goes on for ever, and say how large and long it is."""
        first, *others = self._frames
        times = [round(1000 * one) for one in self._seconds]
        first.save(
            path, save_all=True, append_images=others, duration=times, quality=QUALITY, method=4, kmin=0, kmax=1, loop=0
        )
        print(
            f"{path.name}: {len(times)} frames, {sum(times) / 1000:.1f} s, {path.stat().st_size / 1e6:.2f} MB",
            flush=True,
        )
