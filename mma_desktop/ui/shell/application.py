"""Start of the window: what lives as long as the program, once for each user."""

from __future__ import annotations

import gc
import importlib
import logging
import os
import re
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QDateTime,
    QLibraryInfo,
    QLocale,
    QMessageLogContext,
    QObject,
    Qt,
    QTimer,
    QtMsgType,
    QTranslator,
    Signal,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from mma_desktop import __version__
from mma_desktop.core import i18n, paths
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.jobs import LaneName, Lanes
from mma_desktop.core.logging import start_logging
from mma_desktop.core.paths import resources_dir
from mma_desktop.core.safe_json import record_checker
from mma_desktop.core.settings import LANGUAGES, SYSTEM, Settings
from mma_desktop.core.types import Evaluation
from mma_desktop.services.diagnostics import SCREENS
from mma_desktop.services.project_factory import clear_unfinished
from mma_desktop.ui.base.bridge import Bridge
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.text_dialogs import ProblemDialog
from mma_desktop.ui.shell.main_window import MainWindow
from mma_desktop.ui.shell.one_window import InstanceServer, hand_over
from mma_desktop.ui.widgets import painting, theme
from mma_desktop.ui.widgets.controls import repeating
from mma_desktop.ui.widgets.messages import STAYS
from mma_desktop.ui.widgets.windows import open_once

log = logging.getLogger(__name__)
WARM_UP_AFTER_MS = 300  # the window is painted by then
CLOSE_SECONDS = 30.0  # longer than a step between two looks at a cancel
SWITCH_SECONDS = 0.001  # Python's 5 ms would let a worker keep the window waiting at each call
CHECK_MS = 100  # longer intervals let young objects pile up: 50 ms instead of 2 per collection
NO_SCREEN = later(
    "There is no screen to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set): use the commands, which need "
    "none, such as 'mma-desktop sample --headless OUT' or 'mma-desktop train IMAGES'."
)
# In order of need. Each import blocks the interpreter for a while, so the window gets a turn in between. Other
# backbones import what they need on top (open_clip with torchvision and transformers, 170 MB) when they are loaded.
MODULES = (
    "mma_desktop.store.project",
    "torch",
    "mma_desktop.engine.backbones.loading",
    "mma_desktop.engine.backbones.starter",
    "mma_desktop.engine.features.extraction",
    "mma_desktop.engine.training.trainer",
    "mma_desktop.engine.checkpoint",
)


def warm_up(token: CancelToken) -> None:
    """Clean up after killed processes, then import what the engine needs, one module at a time."""
    clear_unfinished()
    record_checker(Evaluation)  # first needed when opening a project with trainings
    for number, name in enumerate(MODULES):
        importlib.import_module(name)
        token.checkpoint(Progress(number + 1, len(MODULES), tr("Getting ready")))


class GarbageCollector(QObject):
    """Runs Python's cyclic garbage collection on the main thread only."""

    # The interpreter collects on whatever thread allocates, which may be a lane, and the garbage may include a window
    # that was just closed; but Qt objects must be destroyed on their own thread. A timer there keeps to the same
    # thresholds.

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = repeating(self, CHECK_MS, self.collect)

    def start(self) -> None:
        gc.disable()
        self._timer.start()

    def pause(self) -> None:
        # A large import makes many objects, which nearly all stay.
        self._timer.stop()

    def resume(self) -> None:
        self._timer.start()

    def collect(self) -> None:
        # The oldest due generation, as the interpreter would.
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return

    def freeze(self) -> None:
        """Exclude everything present from later collections: hundreds of thousands of objects of modules that stay."""
        # They are not searched for garbage before: that stops the window for 0.1 to 0.2 s, to find less than 1 MB.
        gc.freeze()
        self.resume()


class Application(QObject):
    _ended = Signal()  # no worker thread runs any more

    def __init__(self, app: QApplication, settings: Settings, log_file: Path | None) -> None:
        super().__init__(app)
        self._app = app
        self.reporter = CrashReporter(log_file, self)
        self.reporter.install()
        # A lane running Python code yields to the window after this time instead of the default 5 ms.
        sys.setswitchinterval(SWITCH_SECONDS)
        self.garbage = GarbageCollector(self)
        self.garbage.start()
        theme.apply_theme(app, str(settings.get("theme")))
        self.lanes = Lanes()
        self._settings = settings
        self._reopens = False  # whether another window follows the one that closes
        settings.on_trouble = self._show_not_kept
        self._make_window()
        if forgotten := paths.unsaved_sentence() or settings.trouble:
            self._show_not_kept(forgotten)
        self._ended.connect(app.quit)

    def _make_window(self) -> None:
        self.bridge = Bridge(self.lanes, self)
        self.bridge.bug.connect(self.reporter.report)
        self.controller = Controller(self.bridge, self._settings, self)
        self.window = MainWindow(self.controller, self._settings)
        self.reporter.window = self.window
        self.window.closed.connect(self._closed)
        self.window.language_changed.connect(self._change_language)

    def _change_language(self) -> None:
        """Close the window and its project, and open them again in the language of the settings."""
        if self.bridge.unfinished():
            later_on = tr("The language changes at the next start, because work is still going on.")
            self.window.messages.show_message(later_on)
            return
        self._reopens = True
        for dialog in self.window.findChildren(QDialog):
            dialog.close()
        self.window.closing.close_window()

    def _closed(self) -> None:
        if not self._reopens:
            self._end_lanes()
            return
        self._reopens = False
        former = (self.window, self.controller)  # the bridge stays: a lane may still report to it
        install_language(self._app, str(self._settings.get("language")))
        self._make_window()
        self.window.show()
        self.window.open_last()
        self.window.make_pages_soon()
        self.window.show_settings()
        for part in former:
            part.deleteLater()

    def _show_not_kept(self, sentence: str) -> None:
        self.window.messages.show_message(sentence, "warn", kind=STAYS)

    def open_from_outside(self, target: Path | None, sample: bool) -> None:
        self.window.open_from_outside(target, sample)

    def warm_up(self) -> None:
        """Import slow modules while the user looks around; only the engine waits for them."""
        self.garbage.pause()
        self.bridge.run(
            LaneName.ENGINE, "", warm_up, done=lambda _none: self.garbage.freeze(), failed=self._warm_up_failed
        )

    def _warm_up_failed(self, sentence: str) -> None:
        self.garbage.resume()
        log.error("The engine could not be warmed up: %s", sentence)

    def _end_lanes(self) -> None:
        # Another thread waits for them: this one must go on painting.
        def end() -> None:
            self.lanes.close(CLOSE_SECONDS)
            self._ended.emit()

        threading.Thread(target=end, name="closing", daemon=True).start()


def run_window(target: Path | None = None, sample: bool = False) -> int:
    """Show the window, with a project, a folder of images to import, or the sample, and return the exit code."""
    # Before torch is imported: its idle threads would otherwise spin and keep the window waiting.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in SCREENS):  # Qt would abort
        sys.stderr.write(NO_SCREEN + "\n")
        return 1
    app = QApplication(sys.argv[:1])
    app.setApplicationName("mma-desktop")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("mma-desktop")
    app.setWindowIcon(painting.icon("app"))
    # The window closes its project in the background, after it is off the screen.
    app.setQuitOnLastWindowClosed(False)
    log_file = start_logging()
    log.info("mma-desktop %s", __version__)
    settings = Settings(paths.config_dir(), writes=paths.usable_folder(paths.AppData.SETTINGS) is not None)
    install_language(app, str(settings.get("language")))
    alone = ""  # why this window may not be the only one
    try:
        if hand_over(target, sample=sample):
            log.info("The window that is open already was asked to open it")
            return 0
    except UserError as error:
        alone = str(error)
    parts = Application(app, settings, log_file)
    parts.window.show()
    _let_interrupts_in(app, parts)
    first = InstanceServer(parts.open_from_outside, parts)
    try:
        first.listen()
    except UserError as error:
        alone = str(error)
    if alone:
        log.warning("%s", alone)
        parts.window.messages.show_message(alone, "warn", kind=STAYS)
    if sample or target is not None:
        parts.window.open_from_outside(target, sample)
    else:
        parts.window.open_last()
    parts.window.make_pages_soon()
    # After the window is on the screen: the imports block the interpreter.
    QTimer.singleShot(WARM_UP_AFTER_MS, parts.warm_up)
    code = app.exec()
    first.close()
    parts.reporter.uninstall()
    hanging = parts.lanes.alive
    if hanging:
        log.error("A thread hangs; the program ends without it")
    logging.shutdown()
    if hanging:
        os._exit(code)  # the interpreter would wait for the hanging thread; everything to be saved is on disk
    return code


def _let_interrupts_in(app: QApplication, parts: Application) -> None:
    # Python handles Ctrl+C only when it runs, and Qt's loop may not for minutes.
    signal.signal(signal.SIGINT, lambda _number, _frame: parts.window.close())
    repeating(app, 500, lambda: None).start()


ENGLISH = "en"
MAX_COUNT = 2**31 - 1  # Qt counts with 32 bits
# Qt files the texts of `UserError.tr` under the name before the dot.
CONTEXTS = ("", "UserError", "DamagedError", "RowError")


def language_of(setting: str, system: QLocale | None = None) -> str:
    """Return the language of the texts: "en", "de", ...

    Args:
        setting: A language, or "system": the first of the system's languages with a translation.
        system: The system's locale; by default that of this computer.
    """
    if setting != SYSTEM:
        return setting
    # "de-AT" is read as "de".
    wanted = [name.split("-")[0] for name in (system or QLocale.system()).uiLanguages()]
    return next((name for name in wanted if name in LANGUAGES), ENGLISH)


def locale_of(setting: str, system: QLocale | None = None) -> QLocale:
    """Return the locale of numbers and dates: the system's, unless another language was chosen."""
    system = system or QLocale.system()
    chosen = QLocale(setting) if setting != SYSTEM else system
    return system if chosen.language() == system.language() else chosen


def install_language(app: QApplication, setting: str) -> None:
    name, locale = language_of(setting), locale_of(setting)
    QLocale.setDefault(locale)
    for former in app.findChildren(QTranslator):
        app.removeTranslator(former)
        former.deleteLater()
    ours = QTranslator(app)
    if name != ENGLISH:
        _load(ours, resources_dir() / "translations" / f"{name}.qm")
        theirs = QTranslator(app)
        if _load(theirs, Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath), f"qtbase_{name}.qm")):
            app.installTranslator(theirs)
    i18n.install(language_from(ours, locale))
    log.info("language %s, numbers as in %s", name, locale.name())


def language_from(translator: QTranslator, locale: QLocale) -> i18n.Language:
    """Return a language with a translator's texts and a locale's formats; an empty translator means English."""

    def lookup(text: str, other: str, number: int) -> str:
        texts = (translator.translate(context, text, other, min(number, MAX_COUNT)) for context in CONTEXTS)
        return next(filter(None, texts), "")

    def moment(seconds: float) -> str:
        return locale.toString(QDateTime.fromSecsSinceEpoch(int(seconds)), QLocale.FormatType.ShortFormat)

    return i18n.Language(
        lookup=None if translator.isEmpty() else lookup,
        group=locale.groupSeparator(),
        decimal=locale.decimalPoint(),
        moment=i18n.ENGLISH.moment if locale.language() == QLocale.Language.C else moment,
        tag=i18n.ENGLISH.tag if translator.isEmpty() else locale.name()[:2],
    )


def _load(translator: QTranslator, path: Path) -> bool:
    texts = _texts(path)
    if translator.load(texts):
        return True
    log.warning("there is no translation %s", path)
    return False


@cache
def _texts(path: Path) -> bytes:
    """Return a file of translations. Qt maps files, so that a replaced one changes its texts, and copies no bytes."""
    return path.read_bytes() if path.is_file() else b""


qt_log = logging.getLogger("qt")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
# Messages of platform plugins that nobody can act on.
_NOISE = re.compile(r"This plugin does not support|requestActivate\(\)")


class CrashReporter(QObject):
    """Logs uncaught exceptions and shows each only once: a repeated one does not flood the window with dialogs."""

    _arrived = Signal(str, str)

    def __init__(self, log_file: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log_file = log_file
        self._seen: set[str] = set()
        self._former: tuple[Callable[..., object], Callable[..., object]] | None = None
        self.window: QWidget | None = None
        self.dialog: ProblemDialog | None = None
        self._arrived.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        self._former = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._python_hook
        threading.excepthook = self._thread_hook
        qInstallMessageHandler(_qt_message)

    def uninstall(self) -> None:
        if self._former is not None:
            sys.excepthook, threading.excepthook = self._former
            self._former = None
            qInstallMessageHandler(None)

    def report(self, title: str, error: BaseException) -> None:
        """Show an exception that was logged already. Callable from any thread."""
        self._arrived.emit(title, "".join(traceback.format_exception(error)))

    def _python_hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        # 128 plus the number of SIGINT, as shells expect.
        if issubclass(kind, KeyboardInterrupt):
            QApplication.exit(130)
            return
        log.critical("Nobody caught this", exc_info=(kind, error, trace))
        self.report(tr("Something went wrong"), error)

    def _thread_hook(self, caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is None or issubclass(caught.exc_type, SystemExit):
            return
        name = caught.thread.name if caught.thread is not None else "?"
        log.critical("Nobody caught this in thread %s", name, exc_info=caught.exc_value)
        self.report(tr("Something went wrong"), caught.exc_value)

    def _show(self, title: str, details: str) -> None:
        # A repeated error must not flood the window with dialogs; the log has each.
        if details in self._seen or self.dialog is not None:
            return
        self._seen.add(details)
        open_once(ProblemDialog(title, details, self._log_file, self.window), self)


def _qt_message(kind: QtMsgType, context: QMessageLogContext, text: str | None) -> None:
    if text is None or _NOISE.search(text):
        return
    category = getattr(context, "category", None)
    qt_log.log(_LEVELS.get(kind, logging.WARNING), "%s: %s", category or "default", text)
