"""The whole job without a mouse: project, import, names, shots, roles, training, predictions, export, by keys alone."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QPushButton, QWidget

from mma_desktop import load_classifier

from .person import CONTROL, LONG, NONE, SHIFT, Key, Person

CLASSES = ("banana", "daisy", "lemon", "umbrella")
NEW = CLASSES[-2:]
UNNAMED = "soccer ball"
PER_CLASS = 12
LABELLED = 8


class Typist(Person):
    """A person whose mouse is broken."""

    def click(self, widget: QWidget, at: QPoint | None = None, modifiers: Qt.KeyboardModifier = NONE) -> None:
        raise AssertionError("there is no mouse")

    def click_row(self, view: QAbstractItemView, row: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
        raise AssertionError("there is no mouse")

    def drop(self, data: QMimeData, at: QPoint) -> bool:
        raise AssertionError("there is no mouse")

    def tab_to(self, widget: QWidget, back: bool = False) -> None:
        """Press Tab until a widget has the keyboard; every stop on the way must be seen."""
        for _ in range(60):
            focus = self.keyboard()
            assert focus.isVisible()
            if focus is widget:
                return
            self.press(Key.Key_Backtab if back else Key.Key_Tab, SHIFT if back else NONE)
        raise AssertionError(f"Tab does not reach {widget}")

    def select_first(self, count: int) -> None:
        """Select the first images of the grid."""
        self.press(Key.Key_Home)
        for _ in range(count - 1):
            self.press(Key.Key_Right, SHIFT)


@pytest.fixture
def pictures(sample_pictures: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "things"
    for name in (*CLASSES, UNNAMED):
        (folder / name).mkdir(parents=True)
        for file in sorted((sample_pictures / name).iterdir())[:PER_CLASS]:
            shutil.copy(file, folder / name)
    return folder


@pytest.fixture
def typist(person: Person) -> Typist:
    person.window.controller.prepare_on_open = True
    return Typist(person.window, person.qtbot)


def test_the_whole_job_by_keyboard_alone(typist: Typist, pictures: Path, tmp_path: Path) -> None:
    begin(typist, pictures)
    name_classes(typist)
    label(typist)
    train(typist)
    predict_and_export(typist, pictures, tmp_path)


def begin(typist: Typist, pictures: Path) -> None:
    """Ctrl+N, a name, Return; Ctrl+I, a path, Return; import the pictures alone."""
    typist.press(Key.Key_N, CONTROL)
    typist.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    typist.press(Key.Key_A, CONTROL)
    typist.type("By keys")
    typist.press(Key.Key_Return)
    controller = typist.window.controller
    typist.until(lambda: controller.context is not None and typist.window.current_page == "label")
    typist.press(Key.Key_I, CONTROL)
    typist.answer_file_dialog(pictures)
    typist.until(lambda: typist.window.imports.dialog is not None and typist.window.imports.dialog.isVisible())
    dialog = typist.window.imports.dialog
    assert dialog is not None
    names = dialog.checkBox()
    typist.tab_to(names)
    typist.press(Key.Key_Space)
    assert not names.isChecked()
    with typist.qtbot.waitSignal(controller.import_done, timeout=LONG) as done:
        typist.press(Key.Key_Return)
    assert (done.args[0].added, done.args[0].labelled) == (PER_CLASS * (len(CLASSES) + 1), 0)


def name_classes(typist: Typist) -> None:
    """Tab to the field and type."""
    typist.tab_to(typist.label.panel.names, back=True)
    typist.type(", ".join(CLASSES))
    typist.press(Key.Key_Return)
    typist.until(lambda: typist.classes_are(*CLASSES))
    typist.wait_for_guesses(PER_CLASS * (len(CLASSES) + 1))


def label(typist: Typist) -> None:
    """Find by name, select with Shift and the arrows, press the key of the class."""
    keys = {one.name: one.key for one in typist.context.classes}
    for name in CLASSES:
        typist.search(name, PER_CLASS)
        typist.tab_to(typist.label.grid)
        typist.select_first(LABELLED)
        typist.type(keys[name])
        wanted = dict.fromkeys(CLASSES[: CLASSES.index(name) + 1], LABELLED)
        typist.until(lambda wanted=wanted: Counter(typist.labels().values()) == wanted)
    assert typist.true_classes(list(typist.labels())) == list(typist.labels().values())
    typist.press(Key.Key_Z, CONTROL)
    typist.until(lambda: CLASSES[-1] not in typist.labels().values() and typist.window.menus.redo.isEnabled())
    typist.press(Key.Key_Z, CONTROL | SHIFT)
    typist.until(lambda: list(typist.labels().values()).count(CLASSES[-1]) == LABELLED)


def train(typist: Typist) -> None:
    """Ctrl+4, Compare methods, epochs, the last two classes new, the number of shots, Ctrl+Return; then use it."""
    page = typist.go_to(Key.Key_4, "check")
    typist.tab_to(page.start_button if page.start_button.isVisible() else page.experiments_button)
    typist.press(Key.Key_Space)
    page = typist.window.pages["experiments"]
    typist.tab_to(page.form.options.currentWidget().recipe.fields["max_epochs"])
    typist.press(Key.Key_A, CONTROL)
    typist.type("20")
    typist.tab_to(page.form.division)
    typist.press(Key.Key_End)
    typist.tab_to(page.form.new_classes)
    for key in (Key.Key_End, Key.Key_Space, Key.Key_Up, Key.Key_Space):
        typist.press(key)
    new = page.form.experiment().picked
    assert [one.name for one in typist.context.classes if one.id in new] == list(NEW)
    typist.tab_to(page.form.shots)
    typist.press(Key.Key_A, CONTROL)
    typist.type("4")
    typist.until(page.form.run_button.isEnabled)
    with typist.qtbot.waitSignal(typist.window.controller.experiment_finished, timeout=LONG) as finished:
        typist.press(Key.Key_Return, CONTROL)
    assert finished.args[0] is not None
    runs = finished.args[0].runs
    assert 20 in {one.settings["recipe"]["max_epochs"] for one in runs}
    typist.until(lambda: len(page.table.selected()) == len(runs) == 2)
    typist.tab_to(page.table)
    typist.press(Key.Key_Up)  # of the two that were trained, the upper one alone
    typist.until(page.use_button.isEnabled)
    typist.tab_to(page.use_button, back=True)
    typist.press(Key.Key_Space)
    typist.until(lambda: QApplication.activeModalWidget() is not None)
    typist.press(Key.Key_Tab)
    typist.press(Key.Key_Space)
    typist.until(lambda: typist.context.current_run in {one.id for one in runs})


def predict_and_export(typist: Typist, pictures: Path, tmp_path: Path) -> None:
    """Ctrl+5, a name nobody labelled, Ctrl+E and a file name."""
    page = typist.go_to(Key.Key_5, "use")
    typist.tab_to(page.trials.edit)
    typist.type(UNNAMED)
    typist.press(Key.Key_Return)
    typist.until(lambda: page.title.text() == f"Most likely '{UNNAMED}' first")
    assert typist.true_classes(page.grid.images.ids[:6].tolist()).count(UNNAMED) >= 4
    typist.press(Key.Key_E, CONTROL)
    adapter = tmp_path / "out.safetensors"
    typist.answer_file_dialog(adapter)
    typist.until(lambda: any(str(adapter) in bar.text for bar in typist.window.messages.bars))
    assert load_classifier(adapter).classes == list(CLASSES)


def test_every_control_that_can_be_clicked_can_be_reached_by_tab(typist: Typist, pictures: Path) -> None:
    """Of each page: what a mouse can press, Tab can reach, or a menu or key of its own does the same."""
    begin(typist, pictures)
    name_classes(typist)
    for key, name in ((Key.Key_2, "label"), (Key.Key_4, "check"), (Key.Key_5, "use")):
        page = typist.go_to(key, name)
        reached: set[int] = set()
        for _ in range(120):
            focus = typist.keyboard()
            if id(focus) in reached:
                break
            reached.add(id(focus))
            typist.press(Key.Key_Tab)
        missed = [
            button.accessibleName() or button.text()
            for button in page.findChildren(QPushButton)
            if button.isVisible() and button.isEnabled() and id(button) not in reached
        ]
        assert not missed, f"{name}: {missed}"
