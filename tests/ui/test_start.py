"""The window stands before torch and the database are imported, in a process of its own, and ends cleanly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mma_desktop.ui.shell import application

SCRIPT = """
import json, linecache, sys, time
started = time.perf_counter()
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from mma_desktop.__main__ import main
from mma_desktop.ui.shell import application
from mma_desktop.ui.shell.main_window import MainWindow

told = {}

class Watched(MainWindow):
    def showEvent(self, event):
        super().showEvent(event)
        told["torch"] = "torch" in sys.modules
        told["pyqtgraph"] = "pyqtgraph" in sys.modules
        told["sqlalchemy"] = "sqlalchemy" in sys.modules
        told["seconds"] = time.perf_counter() - started
        QTimer.singleShot(0, self.leave)

    def leave(self):
        if "torch" in sys.modules or time.perf_counter() - started > 60:
            self.close()
        else:
            QTimer.singleShot(50, self.leave)

application.MainWindow = Watched
told["code"] = main([])
told["torch_later"] = "torch" in sys.modules
told["sources"] = sum(name.endswith(".py") for name in linecache.cache)
print(json.dumps(told))
"""


def run(tmp_path: Path, script: str, *given: str) -> dict[str, Any]:
    """What a window told in a process of its own."""
    folders = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_DOCUMENTS_DIR")
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **{name: str(tmp_path / name) for name in folders}}
    done = subprocess.run(
        [sys.executable, "-c", script, *given], capture_output=True, text=True, timeout=120, env=env, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen to ask for")
def test_without_a_screen_the_commands_are_named(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in application.SCREENS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(application, "QApplication", lambda _arguments: pytest.fail("Qt was asked for a window"))
    assert application.run_window() == 1
    said = capfd.readouterr().err
    assert "mma-desktop sample --headless OUT" in said
    assert "mma-desktop train" in said
    assert said.count("\n") == 1
    for name in application.SCREENS:
        with monkeypatch.context() as patch, pytest.raises(pytest.fail.Exception):
            patch.setenv(name, "offscreen")
            application.run_window()


def test_the_window_stands_before_torch_and_the_engine_is_warmed_up_behind_it(tmp_path: Path) -> None:
    told = run(tmp_path, SCRIPT)
    assert told["code"] == 0
    assert told["torch"] is False
    assert told["torch_later"] is True
    assert told["pyqtgraph"] is False
    assert told["sqlalchemy"] is False, "the store comes with the first project"
    assert told["sources"] < 100, "PySide6 reads the source of every module that is imported"
    log = next(tmp_path.rglob("mma-desktop.log"))
    assert "mma-desktop" in log.read_text()


SECOND = """
import sys
from mma_desktop.__main__ import main
from PySide6.QtCore import QTimer
from mma_desktop.ui.shell import application
from mma_desktop.ui.shell.main_window import MainWindow

class Watched(MainWindow):
    def open_from_outside(self, target, sample=False):
        print("asked", target, sample, flush=True)
        self.close()

    def showEvent(self, event):
        super().showEvent(event)
        QTimer.singleShot(0, lambda: print("shown", flush=True))

application.MainWindow = Watched
application.Application.warm_up = lambda self: None
sys.exit(main(sys.argv[1:]))
"""


def test_a_second_start_hands_over_to_the_first_window(tmp_path: Path) -> None:
    folders = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_DOCUMENTS_DIR")
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **{name: str(tmp_path / name) for name in folders}}
    wanted = tmp_path / "pictures"
    wanted.mkdir()
    first = subprocess.Popen([sys.executable, "-c", SECOND], stdout=subprocess.PIPE, text=True, env=env)
    assert first.stdout is not None
    assert first.stdout.readline() == "shown\n"
    second = subprocess.run(
        [sys.executable, "-c", SECOND, str(wanted)], capture_output=True, text=True, timeout=120, env=env, check=False
    )
    assert (second.returncode, second.stdout) == (0, ""), "it shows no window of its own"
    assert first.communicate(timeout=120)[0] == f"asked {wanted} False\n"
    assert first.returncode == 0


LANGUAGE = """
import json, sys
from PySide6.QtCore import QTimer
from mma_desktop.services.project_factory import create_project
from mma_desktop.ui.shell import application

told = {}

class Watched(application.Application):
    def __init__(self, *given):
        super().__init__(*given)
        self.begun = self.window
        self.timer = QTimer(self)
        self.timer.timeout.connect(self.look)
        self.timer.start(50)

    def _make_window(self):
        super()._make_window()
        self.controller.prepare_on_open = False

    def warm_up(self):
        pass  # nothing here needs the engine

    def look(self):
        window, context = self.window, self.controller.context
        if context is None or self.bridge.jobs():
            return
        if window is self.begun:
            if window.current_page != "label":
                window.show_page("label")
                return
            told["before"] = [one.text() for one in window.menus.actions()]
            told["project"] = str(context.project.folder)
            self.begun = None
            window.show_settings()
            box = window.findChildren(application.QDialog)[0].editors["language"]
            box.setCurrentIndex(box.findData("de"))
        elif self.begun is None and window.current_page == "label":
            told["after"] = [one.text() for one in window.menus.actions()]
            told["again"] = str(context.project.folder)
            for dialog in window.findChildren(application.QDialog):
                dialog.close()
            self.timer.stop()
            window.close()

application.Application = Watched
settings = application.Settings(application.paths.config_dir())
settings.set("language", "en")
project = application.Path(sys.argv[1])
create_project(project).close()
told["code"] = application.run_window(project)
print(json.dumps(told))
"""


def test_the_language_changes_at_once_with_the_project_and_the_page(tmp_path: Path) -> None:
    told = run(tmp_path, LANGUAGE, str(tmp_path / "pets.mma"))
    assert told["before"][0] == "&File"
    assert told["after"][0] == "&Datei"
    assert told["again"] == told["project"]
    assert told["code"] == 0
