"""Grab every page and dialog, light and dark, at 1280x800 and 1920x1080, with real pictures loaded and a real training.

    python tests/benchmarks/screenshots.py OUT PICTURES [--size 900x500 ...] [--language de]
    python tests/benchmarks/screenshots.py OUT --readme
    python tests/benchmarks/screenshots.py OUT --film

PICTURES holds one sub-folder a class. Ten pictures of each class stay unlabelled, so that there is something to
predict. The window is the real one, on a project and with settings in a temporary folder. `--size` takes
other sizes; QT_SCALE_FACTOR=2 in the environment shows what a screen of high density shows. `--readme` makes the
pictures of the README from the sample project, `--film` its moving picture from the sample's pictures in one flat
folder: waiting is cut, nothing else.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import tempfile
from pathlib import Path

import numpy as np
from bench_ways import Hands, name_groups, named
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabWidget
from studio import SIZES, Film, Studio, wait

UNLABELLED = 10
TYPED_WHILE_TRAINING = "hourglass"
WATCHED = 8  # pictures of the training in the film
EPOCHS_SHOWN = 15  # of the picture of Train
METHODS_SHOWN = {"quick", "multi-modal-adapter", "clip-adapter", "task-res", "zero-shot"}
TYPED = "sailing boat, musical instrument"
STRANGERS = {"balloon", "hourglass", "soccer ball"}  # kinds of the sample that the film does not name
FILM_SIZE = (960, 600)
SLOW_GROUPS, ANSWERS = 4, 12


class Tour:
    """Goes through every state of the window and takes its picture."""

    def __init__(self, studio: Studio, pictures: Path) -> None:
        self.studio = studio
        self.pictures = pictures
        self.window = studio.window
        self.menus = studio.window.menus
        self.controller = studio.controller

    def page(self, name: str):
        """A page, shown."""
        self.window.show_page(name)
        return self.window.pages[name]

    def welcome(self) -> None:
        """The welcome page with and without recent projects, the menus, the dialogs that need no project."""
        studio, window = self.studio, self.window
        studio.begin()
        studio.grab("welcome-empty")
        for name in ("Birds of the garden", "Mushrooms", "Screws and bolts"):
            folder = studio.projects / f"{name}.mma"
            folder.mkdir(parents=True)
            window.settings.add_recent(folder)
        window.settings.add_recent(studio.home / "a drive that is not there" / "Old.mma")
        window.projects.recent_changed.emit()
        studio.grab("welcome")
        for name, action in (
            ("settings", self.menus.settings),
            ("about", self.menus.about),
            ("shortcuts", self.menus.shortcuts),
            ("guide", self.menus.guide),
            ("new", self.menus.new),
        ):
            action.trigger()
            studio.grab_dialogs(name)

    def empty(self) -> None:
        """A new project: what every page says."""
        from mma_desktop.services.project_factory import create_project

        studio = self.studio
        context = create_project(studio.projects / "Caltech.mma", threads=1)
        self.controller.set_context(context)
        for name in ("label", "train", "check", "experiments", "use"):
            self.page(name)
            studio.idle()
            studio.grab(f"{name}-empty")
        self.menus.names.trigger()
        studio.idle()
        studio.grab_dialogs("names-empty")

    def handle_drop(self) -> None:
        """Drop class folders; some files are odd, some pictures are there twice, some labels are wrong."""
        from mma_desktop.services.image_index import Filter, Order, Show

        studio, controller = self.studio, self.controller
        context = controller.open_context
        page = self.page("label")
        bad = studio.home / "odd files"
        bad.mkdir()
        (bad / "empty.png").write_bytes(b"")
        (bad / "notes.jpg").write_text("not a picture")
        folders = sorted(one for one in self.pictures.iterdir() if one.is_dir())
        files = [sorted(folder.iterdir()) for folder in folders]
        whole = files[0][0].read_bytes()
        (bad / "cut off.jpg").write_bytes(whole[: len(whole) // 2])
        copies = studio.home / "copies"
        copies.mkdir()
        for at in range(3):
            with Image.open(files[at][at]) as image:
                small = image.convert("RGB").resize((image.width * 3 // 4, image.height * 3 // 4))
                small.save(copies / f"small {files[at][at].name}", quality=80)
        self.window.imports.import_items([self.pictures])
        studio.until(studio.dialogs)
        wait(300)
        (dialog,) = studio.dialogs()
        studio.grab_part("dialog-import", dialog)
        dialog.defaultButton().click()
        studio.until(lambda: len(context.index.columns.ids) > 200)
        studio.grab("label-importing", busy=True)
        studio.idle()
        controller.import_paths([bad, copies])
        studio.idle()
        for one in context.classes:
            ids = context.select(Filter(Show.CLASS, one.id, Order.NAME))[-UNLABELLED:].tolist()
            controller.assign(ids, None)
        ids = context.select(Filter(Show.UNLABELLED, text="small "))
        controller.assign(ids.tolist()[:2], context.classes[0].id)
        for at, wrong in ((0, 1), (2, 3)):
            ids = context.select(Filter(Show.CLASS, context.classes[at].id, Order.NAME))[4:6].tolist()
            controller.assign(ids, context.classes[wrong].id)
        studio.idle()
        page.show_all()

    def label(self) -> None:
        """The label page in its states."""
        studio, context = self.studio, self.controller.open_context
        page = self.page("label")
        self.window.messages.clear()
        studio.grab("label")
        dragged = QMimeData()
        dragged.setUrls([QUrl.fromLocalFile(str(self.pictures))])
        left, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        studio.app.sendEvent(
            self.window, QDragEnterEvent(QPoint(600, 300), Qt.DropAction.CopyAction, dragged, left, plain)
        )
        studio.grab("label-dragged-over")
        studio.app.sendEvent(self.window, QDragLeaveEvent())
        page.show_problems()
        studio.grab("label-problems")
        page.show_all()
        QTest.keyClicks(page.filter_bar.search, "nothing is called so")
        studio.idle()
        studio.grab("label-none")
        page.filter_bar.search.clear()
        page.show_likely(context.classes[-1].id)
        studio.idle()
        page.preview_controller.set_shown(True)
        page.grid.set_current(1)
        page.grid.setFocus()
        studio.grab("label-likely")
        page.preview_controller.toggle_full()
        page.preview.canvas.step_zoom(6)
        studio.grab("label-zoomed")
        page.preview_controller.toggle_full()
        page.preview_controller.set_shown(False)
        page.show_all()
        studio.idle()
        page.grid.setFocus()
        page.grid.select_all()
        studio.grab("label-selected")
        page.grid.menu_requested.emit(self.window.mapToGlobal(QPoint(600, 200)))
        wait(200)
        menu = studio.app.activePopupWidget()
        if menu is not None:
            studio.grab_part("menu-grid", menu)
            menu.close()
        page.grid.set_current(0)
        for name, menu in zip(("file", "edit", "find", "view", "help"), self.menus.actions(), strict=True):
            studio.grab_menu(name, menu.menu())

    def review(self) -> None:
        """What the Find menu shows."""
        from mma_desktop.services.image_index import Filter, Order, Show

        studio, context = self.studio, self.controller.open_context
        page = self.page("label")
        self.menus.suggest.trigger()
        studio.idle()
        studio.grab("find-nothing-to-suggest")
        self.window.messages.clear()
        few = [context.select(Filter(Show.CLASS, one.id, Order.NAME))[9:] for one in context.classes[:6]]
        self.controller.assign(np.concatenate(few).tolist(), None)
        studio.idle()
        self.menus.suggest.trigger()
        studio.idle()
        studio.grab("find-suggested")
        page.review.show_as_list()
        studio.grab("find-sure")
        page.labeller.accept()
        studio.idle()
        studio.grab("find-suggested-next")
        page.show_all()
        for _ in range(2):  # what was accepted, and the labels taken away
            self.menus.undo.trigger()
            studio.idle()
        page.grid.set_current(7)
        for name, action in (
            ("suspects", self.menus.suspects),
            ("more-like", self.menus.more_like),
            ("duplicates", self.menus.duplicates),
        ):
            action.trigger()
            studio.idle()
            studio.grab(f"find-{name}")
            page.show_all()
            studio.idle()
            page.grid.set_current(7)
        self.menus.words.trigger()
        studio.grab_dialogs("words")
        self.window.finder.search("red flower")
        studio.idle()
        studio.grab("find-words")
        page.show_all()

    def names(self) -> None:
        """The names dialog: its tabs, measured; the editor of prompts; renaming."""
        studio = self.studio
        self.menus.names.trigger()
        studio.idle()
        (dialog,) = studio.dialogs()
        studio.grab_part("dialog-names", dialog)
        dialog.findChild(QTabWidget).setCurrentIndex(1)
        studio.grab_part("dialog-prompts", dialog)
        dialog.prompts.measure_button.click()
        wait(600)
        studio.grab_part("dialog-prompts-measuring", dialog)
        studio.idle()
        studio.grab_part("dialog-prompts-measured", dialog)
        dialog.prompts.edit_button.click()
        studio.until(lambda: len(studio.dialogs()) == 2)
        for one in studio.dialogs():
            if one is not dialog:
                studio.grab_part("dialog-prompt-editor", one)
                one.reject()
        dialog.rename(self.controller.open_context.classes[0].id)
        studio.until(lambda: len(studio.dialogs()) == 2)
        for one in studio.dialogs():
            if one is not dialog:
                studio.grab_part("dialog-rename", one)
                one.reject()
        dialog.reject()

    def check(self) -> None:
        """The page Check, also with a test, what asks for its folder, and the question before a version is deleted."""
        studio = self.studio
        page = self.page("check")
        studio.idle()
        studio.grab("check")
        page.held_out.apart_button.click()
        studio.idle()
        studio.grab("check-test")
        page.held_out.folder_button.click()
        studio.grab_dialogs("test-on-folder")
        page.held_out.back_button.click()
        studio.idle()
        page.keep_button.click()
        studio.idle()
        studio.grab("check-version")
        page.versions.delete_button.click()
        studio.grab_dialogs("delete-version")

    def train(self) -> None:
        """The page Train at rest, while it trains, and with what came of it."""
        studio = self.studio
        page = self.page("train")
        studio.until(page.plan_card.start_button.isEnabled)
        studio.grab("train-ready")
        page.start()
        studio.until(lambda: len(page.live.chart.events) > 5)
        studio.grab("train-running", busy=True)
        studio.idle()
        studio.grab("train-result")

    def experiments(self) -> None:
        """The experiments before, during and after two methods with two seeds, every tab, and the questions."""
        studio = self.studio
        page = self.page("experiments")
        page.form.shots.setText("4")
        page.form.seeds.setText("0-1")
        studio.idle()
        studio.grab("experiments-ready")
        epochs: list[object] = []
        self.controller.epoch.connect(epochs.append)
        studio.until(page.form.run_button.isEnabled)
        page.start()
        studio.until(lambda: len(epochs) > 3 or self.controller.training is None)
        studio.grab("experiments-running", busy=True)
        studio.until(lambda: self.controller.training is None)
        studio.idle()
        for at in range(page.views.count()):
            page.views.setCurrentIndex(at)
            studio.grab(f"experiments-{page.views.tabText(at).lower().replace(' ', '-')}")
        page.views.setCurrentIndex(0)
        page.table.selectRow(0)
        studio.idle()
        studio.grab("experiments-one")
        page.use_button.click()
        studio.until(studio.dialogs)
        studio.grab_dialogs("use-this-one")
        page.delete_button.click()
        studio.grab_dialogs("delete-runs")

    def predict(self) -> None:
        """The predict page: a tested picture with its nearest shots, what shows none of the classes, a typed name."""
        studio = self.studio
        page = self.page("use")
        studio.idle()
        studio.grab("use")
        page.test.test(sorted(sorted(self.pictures.iterdir())[-4].iterdir())[-1])
        studio.idle()
        studio.grab("use-tested")
        page.classes.setFocus()
        QTest.keyClick(page.classes, Qt.Key.Key_End)
        studio.idle()
        studio.grab("use-none-of-these")
        QTest.keyClick(page.classes, Qt.Key.Key_Home)
        page.trials.edit.setText(TYPED)
        page.trials.rank_typed()
        page.trials.choose("musical instrument")
        studio.idle()
        studio.grab("use-typed")
        page.test.test(studio.home / "odd files" / "notes.jpg")
        studio.idle()
        studio.grab("use-unreadable")
        self.page("label")
        studio.grab("label-trained")
        self.page("home")
        studio.grab("welcome-open")

    def all(self) -> None:
        """Everything, in the order in which a person comes to it."""
        for part in (
            self.welcome,
            self.empty,
            self.handle_drop,
            self.label,
            self.review,
            self.names,
            self.check,
            self.train,
            self.experiments,
            self.predict,
        ):
            print(part.__name__, flush=True)
            part()


def drop_flat(studio: Studio, hands: Hands, shot=lambda _count: None) -> dict[str, str]:
    """Drop the sample's pictures in one folder, under names of a camera; what each file shows."""
    from mma_desktop.core.paths import resource

    flat = studio.home / "Holiday"
    flat.mkdir()
    files = sorted(resource("sample").glob("*/*.jpg"))
    random.Random(7).shuffle(files)
    truth = {f"IMG_{at:04}.jpg": file.parent.name for at, file in enumerate(files, 1001)}
    for file, name in zip(files, truth, strict=True):
        shutil.copyfile(file, flat / name)
    shot(len(files))
    named(hands, flat)
    hands.until(lambda: hands.context is not None and len(hands.context.index.columns.ids) == len(files))
    studio.idle()
    studio.window.messages.clear()
    return truth


def readme(studio: Studio) -> None:
    """The pictures of the README, of the sample: of groups in one flat folder, then of its project."""
    from mma_desktop.core.types import Role
    from mma_desktop.services.image_index import Filter, Order, Show

    window, controller, out = studio.window, studio.controller, studio.out
    studio.begin()
    drop_flat(studio, Hands(studio))
    studio.grab_small(out / "groups-light.png")
    flat = controller.open_context
    window.projects.open_sample()
    studio.until(lambda: controller.context not in {None, flat})
    studio.idle()
    context = controller.open_context
    page = window.pages["label"]
    page.grid.setFocus()
    page.query.show(Filter(order=Order.NAME))
    base = [one.id for one in context.classes if one.role is Role.BASE]
    ids = np.concatenate([context.select(Filter(Show.CLASS, one, Order.NAME))[4:] for one in base])
    controller.assign(ids.tolist(), None)
    studio.idle()
    window.menus.suggest.trigger()
    studio.idle()
    studio.grab_small(out / "questions-light.png")
    page.show_all()
    controller.undo()
    studio.idle()
    window.show_page("check")
    studio.idle()
    studio.grab_small(out / "check-light.png")
    window.show_page("train")
    page = window.pages["train"]
    studio.until(page.plan_card.start_button.isEnabled)
    page.start()
    studio.until(lambda: page.live.chart.events and page.live.chart.events[-1].epoch >= EPOCHS_SHOWN)
    studio.grab_small(out / "train-light.png", busy=True)
    page.stop()
    studio.idle()
    window.show_page("experiments")
    page = window.pages["experiments"]
    page.form.shots.setText("4")
    page.form.seeds.setText("0-2")
    for row in range(page.form.methods.count()):
        item = page.form.methods.item(row)
        chosen = item.data(Qt.ItemDataRole.UserRole) in METHODS_SHOWN
        item.setCheckState(Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked)
    studio.idle()
    studio.train()
    page.views.setCurrentIndex(1)
    studio.grab_small(out / "experiments-light.png")
    window.show_page("use")
    predict = window.pages["use"]
    studio.idle()
    predict.test.test_image(int(context.select(Filter(Show.UNLABELLED, None, Order.NAME, "cactus"))[0]))
    studio.idle()
    studio.grab_small(out / "use-light.png")


def film(studio: Studio) -> None:
    """A flat folder, groups named, questions answered, a training, how good it is, and the folder sorted."""
    from mma_desktop.ui.use.predicted_classes import NONE_ID

    made, hands = Film(studio), Hands(studio)
    window = studio.window
    studio.begin()
    told = "Drop a folder of {} pictures, of which nothing is known"
    truth = drop_flat(studio, hands, lambda count: made.shot(told.format(count), 1.4))
    names = set(truth.values()) - STRANGERS
    page, steps = window.pages["label"], iter(range(1, len(truth)))
    made.shot("They fall into groups. Pictures stay where they are and are never changed", 2.0)

    def show(said: str) -> None:
        studio.idle()
        made.shot(f"One name for a dozen pictures.  {said}", 1.1 if next(steps) <= SLOW_GROUPS else 0.5)

    name_groups(hands, truth, names, show)
    answer(made, hands, page, truth)
    train(made, studio)
    window.show_page("check")
    studio.idle()
    window.messages.clear()
    made.shot("Check: how often it is right, and what it gets wrong", 2.8)
    predict = window.pages["use"]
    window.show_page("use")
    studio.idle()
    made.shot("Use: every other picture has a class by now", 2.0)
    predict.classes.selectRow(predict.classes.row_of(NONE_ID))
    studio.idle()
    made.shot("None of these: pictures of what was never named", 2.2)
    window.menus.export["sorted"].trigger()
    studio.until(studio.dialogs)
    studio.idle()
    (dialog,) = studio.dialogs()
    dialog.folder.setText(str(studio.home / "Holiday sorted"))
    studio.idle()
    made.shot("Export: pictures sorted into a new folder", 2.2)
    dialog.go_button.click()
    studio.idle()
    made.shot("Copies, in a folder for each class", 2.6)
    made.write(studio.out / "film.webp")


def train(made: Film, studio: Studio) -> None:
    """Train the Multi-Modal Adapter, type a name while it learns, and show what came of it."""
    page = studio.window.pages["train"]
    studio.window.show_page("train")
    studio.until(page.plan_card.start_button.isEnabled)
    made.shot("Train: the Multi-Modal Adapter, on every label", 2.0)
    page.start()
    studio.until(lambda: len(page.live.chart.events) > 1)
    for at in range(WATCHED):
        made.shot("It learns in the background: base and new accuracy, live", 0.4)
        if at == WATCHED // 2:
            page.name_field.setText(TYPED_WHILE_TRAINING)
            page.name_button.click()
        wait(500)
    bar = page.area.verticalScrollBar()
    studio.until(lambda: any(entry.title == TYPED_WHILE_TRAINING for entry in page.strips.entries) or page.result.rows)
    bar.setValue(page.names_card.y())
    made.shot(f"Classes that nobody labelled: '{TYPED_WHILE_TRAINING}' was just typed", 2.4)
    bar.setValue(0)
    studio.until(page.result.isVisible)
    studio.idle()
    bar.setValue(page.result.y())
    made.shot("Compared on the same pictures: use one, or export the adapter", 2.6)


def answer(made: Film, hands: Hands, page, truth: dict[str, str]) -> None:
    """Answer a few questions, as somebody does who knows every picture, and leave the others."""
    questions, answers = page.review.questions, 0
    hands.until(lambda: questions.active)
    while questions.active and answers < ANSWERS:
        image = questions.image_id
        if image < 0:
            wait(30)
            continue
        (row,) = hands.context.project.image_rows([image])
        name = truth[row.path.name]
        one = next((one for one in hands.context.classes if one.name == name), None)
        right = one is not None and page.review.review.question(image).about.id == one.id
        said = "Enter: yes" if right else "0: none of these" if one is None else f"{one.key}: {name}"
        hands.until(lambda: not page.question.picture.pixmap.isNull() or not questions.active)
        wait(150)  # a preview comes first
        if questions.image_id != image:
            continue
        made.shot(f"Where it is in doubt, it asks.  {said}", 0.6)
        if questions.image_id != image:
            made.revert_model()
            continue
        if right:
            hands.press(Qt.Key.Key_Return)
        else:
            hands.type("0" if one is None else one.key)
        answers += 1
        hands.until(lambda image=image: questions.image_id != image)
    hands.press(Qt.Key.Key_Escape)
    hands.studio.idle()


def main() -> None:
    """Make the pictures that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("pictures", type=Path, nargs="?")
    parser.add_argument("--readme", action="store_true")
    parser.add_argument("--film", action="store_true")
    parser.add_argument("--size", action="append", help="width and height of the window, as in 900x500")
    parser.add_argument("--language", default="en", help="en, or another that the window speaks")
    given = parser.parse_args()
    if given.pictures is None and not given.readme and not given.film:
        parser.error("give a folder of pictures, --readme or --film")
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="mma-shots-") as folder:
        home = Path(folder)
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
            os.environ[name] = str(home / name)
        os.environ.setdefault("XDG_CACHE_HOME", str(home / "cache"))
        asked = [tuple(map(int, one.split("x"))) for one in given.size or ()]
        sizes = [FILM_SIZE] if given.film else SIZES[:1] if given.readme else asked or SIZES
        studio = Studio(given.out, home, sizes, language=given.language)
        if given.film:
            film(studio)
        elif given.readme:
            readme(studio)
        else:
            Tour(studio, given.pictures.resolve()).all()
        studio.close()


if __name__ == "__main__":
    main()
