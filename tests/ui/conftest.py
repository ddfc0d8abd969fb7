"""Fixtures of the window: real lanes, bridge, controller, projects and pictures; nothing is faked."""

from __future__ import annotations

import gc
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from mma_desktop.core.jobs import Lanes
from mma_desktop.core.settings import Settings
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.project_factory import create_project
from mma_desktop.ui.base.bridge import Bridge
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.shell.application import GarbageCollector
from mma_desktop.ui.widgets import theme

from . import projects
from .person import LONG, WAIT, Person, at_embedded_pictures, close, shown_window

CLASSES = ("apples", "boxes", "clouds", "stripes")
PER_CLASS = 12
SOON = 60
"""Milliseconds in which two clicks are a double one: each click on a row waits so long."""


def pytest_configure(config: pytest.Config) -> None:
    """The offscreen platform says this when a window or a menu is shown; it is none of ours."""
    config.addinivalue_line("qt_log_ignore", r"This plugin does not support (propagateSizeHints|raise|grabbing)")


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    """The application class that pytest-qt starts."""
    return QApplication


@pytest.fixture(scope="session", autouse=True)
def garbage(qapp: QApplication) -> Iterator[GarbageCollector]:
    """Garbage is collected on this thread only, as in the program, and between tests only.

    A window that a test forgot would else be met by the collector before Qt has deleted it, which plots do not survive.
    """
    made = GarbageCollector(qapp)
    gc.disable()
    yield made
    gc.enable()


@pytest.fixture(autouse=True)
def themed(qapp: QApplication, garbage: GarbageCollector) -> Iterator[None]:
    """Every test starts light, and deletes what it left to delete.

    The traceback of a failed test holds its windows. They go once Qt has deleted them, not at some later test, which
    plots do not survive.
    """
    assert not gc.isenabled(), "another test switched the collection on, which then runs on any thread"
    theme.apply_theme(qapp, "light")
    qapp.setDoubleClickInterval(SOON)
    yield
    for widget in qapp.topLevelWidgets():
        if widget is not None and Shiboken.isValid(widget):  # closing one may delete another
            widget.close()
            widget.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    if error := getattr(sys, "last_value", None):
        traceback.clear_frames(error.__traceback__)
    garbage.collect()


class PatientBot(QtBot):
    """pytest-qt's, for a machine that has other things to do: its own 5 seconds are not enough there.

    Nothing here may refer to itself: what a test used has to go with the test, not with the next collection.
    """

    def waitUntil(self, callback: Callable[[], object], *, timeout: int = WAIT) -> None:  # noqa: N802
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: object, *, timeout: int = WAIT, **more: Any) -> Any:  # noqa: N802
        return super().waitSignal(signal, timeout=timeout, **more)

    def waitExposed(self, widget: QWidget, *, timeout: int = WAIT) -> Any:  # noqa: N802
        return super().waitExposed(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """See `PatientBot`."""
    return PatientBot(request)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings in a folder of the test; new projects go to `tmp_path/projects`."""
    made = Settings(tmp_path / "config")
    made.set("projects_folder", str(tmp_path / "projects"))
    return made


@pytest.fixture
def no_embedding(settings: Settings) -> None:
    """Embedding takes seconds: for tests that are not about it."""
    settings.set("embed_on_import", False)


@pytest.fixture
def lanes() -> Iterator[Lanes]:
    """Worker threads, ended with the test."""
    made = Lanes()
    yield made
    assert made.close(30), "a lane did not end"


@pytest.fixture
def bridge(qapp: QApplication, lanes: Lanes) -> Bridge:
    """The bridge from the lanes to the test's thread."""
    return Bridge(lanes)


def delete(thing: QObject) -> None:
    """Delete an object of Qt with its connections: what a connected lambda holds is out of the collector's sight."""
    thing.deleteLater()
    QApplication.sendPostedEvents(thing, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def controller(bridge: Bridge, settings: Settings, qtbot: QtBot, warm_starter: None) -> Iterator[Controller]:
    """A controller that does not load the backbone when a project is opened; closes its project with the test.

    Set `controller.prepare_on_open = True` for the real thing, or use `starter_session`.
    """
    made = Controller(bridge, settings)
    made.prepare_on_open = False
    made.learns = False  # most tests are about one thing; those about learning switch it on
    yield made
    closed: list[bool] = []
    made.close_context(lambda: closed.append(True))
    qtbot.waitUntil(lambda: bool(closed), timeout=60_000)
    delete(made)


@pytest.fixture
def open_project(tmp_path: Path, qtbot: QtBot) -> Callable[[Controller], ProjectContext]:
    """A function that makes an empty project in the test's folder, opens it in a controller and returns its session."""

    def opened(controller: Controller, name: str = "project") -> ProjectContext:
        context = create_project(tmp_path / f"{name}.mma", threads=1)
        controller.set_context(context)
        return context

    return opened


@pytest.fixture
def starter_session(
    controller: Controller, open_project: Callable[[Controller], ProjectContext], qtbot: QtBot
) -> ProjectContext:
    """An open project whose real starter backbone is loaded (some seconds the first time)."""
    controller.prepare_on_open = True
    with qtbot.waitSignal(controller.engine_ready, timeout=120_000):
        return open_project(controller)


@pytest.fixture(scope="session")
def drawn_pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four class folders of twelve small pictures, drawn once. Copy before changing; see `picture_folder`."""
    import numpy as np
    from PIL import Image, ImageDraw

    root = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    colours = {"apples": (200, 40, 40), "boxes": (60, 90, 200), "clouds": (190, 200, 210), "stripes": (230, 180, 40)}
    for name in CLASSES:
        (root / name).mkdir()
        for number in range(PER_CLASS):
            width, height = int(rng.integers(96, 160)), int(rng.integers(96, 160))
            ground = rng.integers(30, 226, 3)
            pixels = np.clip(ground + rng.normal(0, 18, (height, width, 3)), 0, 255).astype(np.uint8)
            picture = Image.fromarray(pixels)
            draw = ImageDraw.Draw(picture)
            x, y = int(rng.integers(8, width // 3)), int(rng.integers(8, height // 3))
            box = (x, y, x + width // 2, y + height // 2)
            if name == "apples":
                draw.ellipse(box, fill=colours[name])
            elif name == "boxes":
                draw.rectangle(box, fill=colours[name])
            elif name == "clouds":
                for shift in (0, 14, 28):
                    draw.ellipse((x + shift, y + 8, x + shift + 30, y + 38), fill=colours[name])
            else:
                for shift in range(0, width, 12):
                    draw.line((shift, 0, shift, height), fill=colours[name], width=5)
            picture.save(root / name / f"{name} {number + 1:02}.jpg", quality=88)
    return root


@pytest.fixture(scope="session")
def own_cache(cache_home: Path) -> Iterator[None]:
    """The cache of all tests, for what is made before the first of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache_home))
        yield


@pytest.fixture(scope="session")
def made_projects(own_cache: None, warm_starter: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of projects that are made once. See `open_copy`."""
    return tmp_path_factory.mktemp("projects")


@pytest.fixture(scope="session")
def embedded_project(drawn_pictures: Path, made_projects: Path) -> Path:
    """The drawn pictures, embedded, without a class."""
    return projects.made(made_projects / "embedded.mma", drawn_pictures, labelled=False)


@pytest.fixture(scope="session")
def apples_project(drawn_pictures: Path, made_projects: Path) -> Path:
    """The twelve apples of the drawn pictures, embedded, without a class."""
    return projects.made(made_projects / "apples.mma", drawn_pictures / "apples", labelled=False)


@pytest.fixture(scope="session")
def labelled_project(drawn_pictures: Path, made_projects: Path) -> Path:
    """The drawn pictures, embedded and labelled as they are called."""
    return projects.made(made_projects / "labelled.mma", drawn_pictures, labelled=True)


@pytest.fixture(scope="session")
def trained_project(drawn_pictures: Path, made_projects: Path) -> Path:
    """The drawn pictures after a training."""
    projects.trained(made_projects / "trained.mma", drawn_pictures)
    return made_projects / "trained.mma"


@pytest.fixture
def with_pictures(controller: Controller, embedded_project: Path, tmp_path: Path) -> ProjectContext:
    """A copy of `embedded_project` is open."""
    return projects.open_copy(controller, embedded_project, tmp_path / "project.mma")


@pytest.fixture
def picture_folder(drawn_pictures: Path, tmp_path: Path) -> Path:
    """The test's own copy of the drawn pictures: `pictures/<class>/<class> NN.jpg`."""
    import shutil

    target = tmp_path / "pictures"
    shutil.copytree(drawn_pictures, target)
    return target


@pytest.fixture
def person(controller: Controller, settings: Settings, qtbot: QtBot) -> Iterator[Person]:
    """Somebody at the window without a project; no bug may be reported until they leave."""
    bugs: list[object] = []
    controller.bridge.bug.connect(lambda title, error: bugs.append((title, error)))
    made = Person(shown_window(controller, settings, qtbot), qtbot)
    yield made
    close(made)
    delete(made.window)  # while Python still knows it: its plots do not bear to be collected in any order
    assert not bugs


at_pictures = pytest.fixture(at_embedded_pictures)


@pytest.fixture
def trained_person(person: Person, trained_project: Path, tmp_path: Path) -> Person:
    """At a copy of `trained_project`, with its predictions."""
    controller = person.window.controller
    controller.prepare_on_open = True
    context = projects.open_copy(controller, trained_project, tmp_path / trained_project.name)
    person.until(lambda: context.predictions is not None and context.predictions.adapted_class is not None, LONG)
    return person


@pytest.fixture
def at_experiments(trained_person: Person) -> Person:
    """At the page Experiments, with the training of `trained_project`."""
    trained_person.window.show_page("experiments")
    trained_person.until(lambda: len(trained_person.window.pages["experiments"].table.selected()) == 1)
    return trained_person
