"""The page of results through the real window: what it says, where it leads, keeping versions, exporting."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QScrollArea
from pytestqt.qtbot import QtBot

from mma_desktop import load_classifier
from mma_desktop.core.types import Accuracy, Evaluation, ImageClass, Role, RunRecord, Scores, Use
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter
from mma_desktop.services.labels import splits
from mma_desktop.services.training import learning
from mma_desktop.services.training.claims import accuracy_claims, range_words
from mma_desktop.services.training.learning import LearningPoint
from mma_desktop.services.training.overview import Overview, WeakClass
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.check.check_cards import AccuracyCard
from mma_desktop.ui.check.check_charts import LabelsChart
from mma_desktop.ui.check.check_page import CHART_HEIGHT, CheckPage
from mma_desktop.ui.grid.finding_list import FindingEntry, FindingList
from mma_desktop.ui.widgets.text_format import capital

from .person import CONTROL, LONG, Key, Person
from .projects import open_copy

Opener = Callable[[Controller], ProjectContext]


@pytest.fixture
def person(person: Person) -> Person:
    """At a window that loads a backbone and learns, without a project."""
    person.window.controller.prepare_on_open = person.window.controller.learns = True
    return person


def front_of(person: Person) -> CheckPage:
    found: CheckPage = person.window.pages["check"]
    return found


@pytest.fixture
def mistaken(person: Person, labelled_project: Path, tmp_path: Path) -> list[int]:
    """At the results of labelled pictures. The ids of three apples that are called boxes; three clouds have a label."""
    controller = person.window.controller
    context = open_copy(controller, labelled_project, tmp_path / "project.mma")
    by_name = {one.name: one.id for one in context.classes}
    columns = context.index.columns
    apples = columns.ids[columns.class_ids == by_name["apples"]]
    controller.assign(apples[:3].tolist(), by_name["boxes"])
    controller.assign(columns.ids[columns.class_ids == by_name["clouds"]][3:].tolist(), None)
    person.go_to(Key.Key_4, "check")

    def learned() -> bool:
        found = learning.learn.kept(context)
        shown = found is not None and found.labels == 39 and front_of(person).overview.run is found.run
        return shown and accuracy_claims(context) is not None  # the scores of the other pictures follow the model

    person.until(learned, LONG)
    return [int(one) for one in apples[:3]]


def shows(person: Person) -> str:
    return front_of(person).accuracy.accessibleName()


def test_an_empty_project_leads_to_labelling(person: Person, open_project: Opener) -> None:
    open_project(person.window.controller)
    person.go_to(Key.Key_4, "check")
    front = front_of(person)
    assert front.stack.currentWidget() is front.empty
    assert not front.keep_button.isVisible()
    assert (
        "Name two classes or more, and label a few" in [label.text() for label in front.empty.findChildren(QLabel)][-1]
    )
    person.click(front.label_button)
    assert person.window.current_page == "label"


def test_it_leads_to_the_experiments_and_back(person: Person, mistaken: list[int]) -> None:
    person.click(front_of(person).experiments_button)
    assert person.window.current_page == "experiments"
    page = person.window.pages["experiments"]
    assert page.isAncestorOf(person.keyboard())
    person.click(page.back_button)
    assert person.window.current_page == "train"
    person.go_to_experiments()
    tabs = person.window.rail.tabs
    person.click(tabs, tabs.tabRect(2).center())  # the tab of the page that leads to them
    assert person.window.current_page == "train"


def test_a_person_sees_how_good_it_is_and_goes_to_what_it_confuses(person: Person, mistaken: list[int]) -> None:
    front, found = front_of(person), front_of(person).overview
    accuracy = found.evaluation.adapted.all
    right = accuracy_claims(person.context)
    assert f"{capital(range_words(right.overall))} of {right.pictures} pictures right" in shows(person)
    assert f"Measured on {accuracy.n} of your labels, each left out in turn with its copies." in shows(person)
    titles = [one.title for one in front.pairs.entries]
    assert "boxes taken for apples" in titles
    assert front.weak_classes.entries[0].title == "clouds"
    assert front.weak_classes.entries[0].detail.endswith("3 examples")
    person.click_row(front.pairs, titles.index("boxes taken for apples"))
    person.until(lambda: person.window.current_page == "label" and set(person.shown()) <= set(mistaken))
    person.go_to(Key.Key_4, "check")
    chosen = front.mistakes.entries[1].value
    person.click_row(front.mistakes, 1)
    person.until(lambda: set(person.shown()) == {one.image for one in found.all_wrong})
    assert person.shown()[0] == chosen
    person.go_to(Key.Key_4, "check")
    person.click_row(front.weak_classes, 0)
    person.until(lambda: person.window.current_page == "label" and len(person.shown()) == 9)  # those without a label


def test_a_correction_is_learned_while_the_page_is_shown(person: Person, mistaken: list[int]) -> None:
    front = front_of(person)
    before = front.overview
    apples = next(one.id for one in person.context.classes if one.name == "apples")
    person.window.controller.assign(mistaken, apples)
    wrong = lambda: {one.image for one in front.overview.all_wrong}  # noqa: E731
    person.until(lambda: front.overview is not before and not set(mistaken) & wrong(), LONG)
    assert "boxes taken for apples" not in [one.title for one in front.pairs.entries]


def test_test_pictures_that_are_copies_are_told_by_the_accuracy(
    person: Person, mistaken: list[int], drawn_pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(splits, "ENOUGH", 4)
    monkeypatch.setattr(splits, "OF_EACH", 1)
    controller, context, card = person.window.controller, person.context, front_of(person).accuracy
    with Image.open(drawn_pictures / "apples" / "apples 09.jpg") as picture:
        picture.resize((picture.width * 3 // 4, picture.height * 3 // 4)).save(tmp_path / "copy.jpg", quality=70)
    with person.qtbot.waitSignal(controller.import_done, timeout=LONG):
        controller.import_paths([tmp_path / "copy.jpg"])
    ids = {row.path.name: row.id for row in context.project.image_rows(context.select(Filter()).tolist())}
    controller.assign([ids["copy.jpg"]], next(one.id for one in context.classes if one.name == "apples"))
    tested = ("copy.jpg", "boxes 03.jpg", "clouds 01.jpg", "stripes 01.jpg")
    controller.edit(lambda project: project.set_use([ids[name] for name in tested], Use.TEST))
    person.go_to(Key.Key_4, "check")
    person.until(card.copies.isVisible, LONG)
    assert "Measured on 4 pictures kept for testing. 1 of them is a copy of a trained one." in shows(person)
    controller.edit(lambda project: project.set_use([ids["copy.jpg"]], Use.SHOT))
    person.until(lambda: not card.copies.isVisible(), LONG)
    assert "copy" not in shows(person)


def test_it_is_gone_through_by_keys(person: Person, mistaken: list[int]) -> None:
    person.window.resize(940, 620)
    front = front_of(person)
    front.mistakes.setFocus()
    area = front.stack.currentWidget()
    assert isinstance(area, QScrollArea)
    person.press(Key.Key_End)
    person.press(Key.Key_Right)
    last = front.mistakes.visualRect(front.mistakes.currentIndex())
    bottom = front.mistakes.viewport().mapTo(area.viewport(), last.bottomLeft())
    assert area.viewport().rect().contains(bottom)
    value = front.mistakes.entries[front.mistakes.currentIndex().row()].value
    person.press(Key.Key_Return)
    person.until(lambda: person.window.current_page == "label" and person.shown()[:1] == [value])


def test_a_version_is_kept_named_compared_and_gone_back_to(person: Person, mistaken: list[int]) -> None:
    front, controller, card = front_of(person), person.window.controller, front_of(person).versions
    assert not card.isVisible()
    person.click(front.keep_button)
    person.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    person.press(Key.Key_A, CONTROL)
    person.type("before the clouds")
    person.press(Key.Key_Return)
    person.until(lambda: [one.name for one in card.versions] == ["before the clouds"])
    (kept,) = card.versions
    assert learning.in_use(person.context), "it goes on learning"
    assert front.overview.learning
    assert not front.newer.isVisible()
    clouds = next(one.id for one in person.context.classes if one.name == "clouds")
    columns = person.context.index.columns
    controller.assign(columns.ids[columns.class_ids < 0][:2].tolist(), clouds)
    person.until(lambda: front.run is not None and front.run.metrics["counts"]["shots"] == 41, LONG)
    person.until(lambda: "pictures that both were tested on" in card.compared.text())
    assert "(before the clouds)" in card.compared.text()
    person.click(card.back_button)
    person.until(lambda: front.run is not None and front.run.id == kept.id)
    assert front.newer.isVisible()
    assert "goes on learning" in front.newer_text.text() or "is right in" in front.newer_text.text()
    person.until(lambda: not card.back_button.isEnabled())
    person.click(front.newer_button)
    person.until(lambda: front.overview.learning)
    person.click(front.use_button)
    assert person.window.current_page == "use"


def test_a_version_is_exported_and_deleted_after_a_yes(person: Person, mistaken: list[int], tmp_path: Path) -> None:
    front, card = front_of(person), front_of(person).versions
    person.click(front.keep_button)
    person.until(card.isVisible)
    person.press(Key.Key_Escape)
    person.click(card.export_button)
    person.answer_file_dialog(tmp_path / "out.safetensors")
    person.until((tmp_path / "out.safetensors").exists, LONG)
    person.click(card.back_button)
    person.until(lambda: person.context.current_run == card.versions[0].id)
    person.click(card.delete_button)
    person.answer("Delete")
    person.until(lambda: not card.isVisible())
    person.until(lambda: front.overview.learning)
    assert person.context.current_run == 0


def test_the_learning_model_is_exported_and_reported(person: Person, mistaken: list[int], tmp_path: Path) -> None:
    front = front_of(person)
    menus = person.window.menus
    menus.export["model"].trigger()
    out = tmp_path / "out.safetensors"
    person.answer_file_dialog(out)
    person.until(lambda: any(str(out) in bar.text for bar in person.window.messages.bars), LONG)
    assert load_classifier(out).classes == ["apples", "boxes", "clouds", "stripes"]
    assert learning.in_use(person.context)
    assert front.overview.learning
    assert len(person.context.project.runs()) == 1
    menus.export["report"].trigger()
    page = tmp_path / "out.html"
    person.answer_file_dialog(page)
    person.until(page.exists, LONG)
    assert len(person.context.project.runs()) == 1
    assert f"{front.overview.evaluation.adapted.all.percent:.1f}%" in page.read_text("utf-8")


def test_all_of_it_is_inside_a_small_window(person: Person, mistaken: list[int]) -> None:
    window, points = person.window, person.context.state_of(learning.Learning)
    one, two = learning.LearningPoint(4, 50.0, 40.0, 4), learning.LearningPoint(39, 60.0, 40.0, 39)
    points.points = [one]
    front = CheckPage(window.controller)
    person.qtbot.addWidget(front)
    front.resize(900 - window.rail.width(), 500 - window.menuBar().height() - window.statusBar().height())
    size = front.size()
    front.show()
    front.set_active(True)
    person.until(lambda: front.mistakes.isVisible() and front.overview.points == (one,))
    assert front.chart is None, "one point is no curve"
    points.points = [one, two]
    front.refresh()
    person.until(lambda: front.chart is not None and front.chart.isVisible())
    assert front.chart.points == (one, two)
    assert front.size() == size
    for one in (front.keep_button, front.use_button, front.experiments_button):
        assert one.width() >= one.sizeHint().width()
        assert front.rect().contains(one.mapTo(front, one.rect().bottomRight()))
    area = front.stack.currentWidget()
    assert isinstance(area, QScrollArea)
    assert area.widget().width() <= area.viewport().width()
    assert area.horizontalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff


def overview(by: str, n: int = 120, proposed: int = 0, named: int = 0) -> Overview:
    run = RunRecord(1, "run", 0.0, "quick", "starter", "", {}, {"counts": {"shots": n}})
    base, total = (Accuracy.of(one, one) if one else None for one in (n, n + named))
    scores = Scores(base, None, total)
    roles = (Role.BASE, Role.BASE, Role.NEW)
    confusion = ((n, 0, 0), (0, 0, 0), (0, 0, named))
    evaluation = Evaluation(("a", "b", "c"), roles, scores, scores, (), confusion, by)
    return Overview(run, True, evaluation, proposed, points=(LearningPoint(4, 50.0, 40.0, 4),))


def places(front: CheckPage) -> list[QRect]:
    """Where the cards of the page are."""
    cards = (front.accuracy, front.chart_note.parentWidget(), front.pairs_card, front.weak_card, front.mistakes_card)
    return [QRect(card.mapTo(front, QPoint()), card.size()) for card in cards]


@pytest.mark.parametrize(("width", "beside"), [(825, 2), (1195, 3), (1835, 3)])  # of 910, 1280 and 1920
def test_findings_share_the_width(
    controller: Controller, open_project: Opener, width: int, beside: int, qtbot: QtBot
) -> None:
    open_project(controller)
    front = CheckPage(controller)
    qtbot.addWidget(front)
    front.resize(width, 736)
    front.show()
    front.show_overview(overview("leave-one-out"))
    qtbot.waitUntil(lambda: len({one.top() for one in places(front)}) == (2 if beside == 3 else 3))
    accuracy, curve, *findings = places(front)
    assert accuracy.top() == curve.top() < findings[0].top()
    assert len([one for one in findings if one.top() == findings[0].top()]) == beside
    for row in ([accuracy, curve], findings[:beside]):
        assert all(one.right() < other.left() for one, other in pairwise(row))
        assert abs(row[0].width() - row[1].width()) <= 2
        assert row[-1].right() - row[0].left() > 0.93 * width, "no blank beside them"


def test_what_a_weak_class_lacks_is_read_whole(controller: Controller, open_project: Opener, qtbot: QtBot) -> None:
    open_project(controller)
    front = CheckPage(controller)
    qtbot.addWidget(front)
    front.resize(1195, 736)
    front.show()
    front.show_overview(overview("leave-one-out"))
    words = (
        "131 pictures, about 11 right (6 to 17), 4 examples, "
        "perhaps no more pictures of it: the 120 nearest are None of these"
    )
    front.weak_classes.show_entries([FindingEntry("lobster", words, 1), FindingEntry("crab", "2 examples", 2)])
    first, second = (front.weak_classes.itemWidget(front.weak_classes.item(row)) for row in range(2))
    label = next(one for one in first.findChildren(QLabel) if one.text() == words)
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()) > 0)
    qtbot.waitUntil(lambda: front.weak_classes.visualItemRect(front.weak_classes.item(0)).height() >= first.height())
    assert second.height() < first.height(), "a short one takes no more room"


@pytest.mark.parametrize(
    ("found", "pairs", "weak", "mistakes"),
    [
        (
            overview("leave-one-out"),
            "No two classes are confused. Label",
            "None stands out: all have examples and do well. To get better still, label",
            "Every measured picture was right.",
        ),
        (
            overview("leave-one-out", 0),
            "Not measured yet. Make a spot check, or label two",
            "Not measured yet. Make a spot check, or label two",
            "Not measured yet. Make a spot check, or label two",
        ),
        (Overview(overview("held-out").run), *["Its numbers cannot be read. Use the model that learns"] * 3),
    ],
)
def test_what_is_empty_says_why_and_what_to_do(
    controller: Controller, open_project: Opener, found: Overview, pairs: str, weak: str, mistakes: str, qtbot: QtBot
) -> None:
    open_project(controller)
    front = CheckPage(controller)
    qtbot.addWidget(front)
    front.show()
    front.show_overview(found)
    cards = (front.pairs_card, pairs), (front.weak_card, weak), (front.mistakes_card, mistakes)
    for card, words in cards:
        assert card.list.note.isVisible()
        assert card.list.note.text().startswith(words)
    assert front.chart_note.text() == "The curve begins when the model has learned twice: label a few more pictures."


# ---------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            overview("leave-one-out", proposed=200),
            "Measured on 120 of your labels, each left out in turn with its copies. 200 accepted suggestions do not "
            "count.",
        ),
        (
            overview("leave-one-out", named=682),
            "Measured on 120 of your labels, each left out in turn with its copies. 682 more are of classes without "
            "examples.",
        ),
        (overview("held-out", 300, named=10), "Measured on 310 pictures kept for testing."),
        (overview("cross-validation"), "Measured on 120 of your labels, a quarter left out at a time."),
        (overview("leave-one-out", 0), "Make a spot check (Ctrl+K), or label two different pictures of the same class"),
        (Overview(overview("held-out").run), "The numbers of 'run' cannot be read."),
    ],
)
def test_how_it_was_measured_is_a_plain_sentence(qtbot: QtBot, found: Overview, words: str) -> None:
    card = AccuracyCard()
    qtbot.addWidget(card)
    card.show_overview(found)
    assert card.how.text().startswith(words)
    if found.evaluation is None or found.evaluation.adapted.all is None:
        assert "Not measured yet" in card.accessibleName()
        assert card.value.isHidden()
    else:
        assert card.value.text().startswith("At least 9")
        assert card.before.text().startswith("before training at least 9")


@pytest.mark.parametrize("tile", [0, 80])
def test_a_finding_is_found_by_its_letter_which_is_not_drawn_twice(
    controller: Controller, tile: int, qtbot: QtBot
) -> None:
    found = FindingList("Mistakes", controller, tile=tile)
    qtbot.addWidget(found)
    found.resize(400, 200)
    found.show_entries([FindingEntry("apples", "1 of 3", 1), FindingEntry("slides", "2 of 3", 2)])
    found.show()
    qtbot.waitExposed(found)
    qtbot.keyClick(found, Key.Key_S)
    assert found.currentRow() == 1
    drawn = found.grab().toImage()
    for row in range(2):
        found.item(row).setText("")
    assert found.grab().toImage() == drawn


@pytest.mark.usefixtures("no_embedding")
def test_a_list_of_findings_shows_no_picture_of_the_project_before(
    controller: Controller, open_project: Opener, tmp_path: Path, qtbot: QtBot
) -> None:
    found = FindingList("Mistakes", controller, tile=100)
    qtbot.addWidget(found)
    controller.opened.connect(lambda _context: found.clear())  # as the page does
    shown = []
    for colour in ("red", "blue"):
        with qtbot.waitSignal(controller.closed) if controller.context is not None else nullcontext():
            controller.close_context(lambda: None)
        context, folder = open_project(controller, colour), tmp_path / colour
        folder.mkdir()
        Image.new("RGB", (200, 200), colour).save(folder / "picture.png")
        with qtbot.waitSignal(controller.import_done):
            controller.import_paths([folder])
        found.show_entries([FindingEntry("apples", colour, 1, tuple(context.index.columns.ids.tolist()))])
        (label,) = (one for one in found.findChildren(QLabel) if one.size() == QSize(100, 100) and one.text() == "")
        qtbot.waitUntil(lambda label=label: not label.pixmap().isNull())
        qtbot.waitUntil(lambda: not controller.bridge.jobs())
        red, _, blue, _ = label.pixmap().toImage().pixelColor(50, 50).getRgb()
        shown.append("red" if red > blue else "blue")
        found.show_entries([])
    assert shown == ["red", "blue"]


@pytest.mark.parametrize(("needy", "said"), [(8, ""), (20, "20 classes need labels; these 8 need them most.")])
def test_classes_that_need_labels_are_counted_if_not_all_are_listed(
    controller: Controller, open_project: Opener, needy: int, said: str, qtbot: QtBot
) -> None:
    open_project(controller)
    front = CheckPage(controller)
    qtbot.addWidget(front)
    weak = [WeakClass(ImageClass(at, f"class {at}", Role.BASE, at, "#000000"), 1, None) for at in range(needy)]
    front.show_overview(replace(overview("leave-one-out"), weak_classes=weak))
    assert len(front.weak_classes.entries) == 8
    assert front.weak_classes.note.text() == said


def test_a_class_says_that_all_its_predictions_are_none_of_these(
    controller: Controller, open_project: Opener, qtbot: QtBot
) -> None:
    open_project(controller)
    front = CheckPage(controller)
    qtbot.addWidget(front)
    weak = [WeakClass(ImageClass(1, "octopus", Role.BASE, 1, "#000000"), 4, None, rejected=9)]
    front.show_overview(replace(overview("leave-one-out"), weak_classes=weak))
    assert (
        front.weak_classes.entries[0].detail
        == "4 examples, perhaps no more pictures of it: the 9 nearest are None of these"
    )


def test_markers_at_the_ends_of_the_scale_are_whole(qtbot: QtBot) -> None:
    chart = LabelsChart()
    qtbot.addWidget(chart)
    chart.resize(360, CHART_HEIGHT)
    chart.show_points([LearningPoint(2, 100.0, 4.0, 2), LearningPoint(39, 100.0, 4.0, 39)])
    chart.show()
    qtbot.waitUntil(lambda: chart.area.height() < CHART_HEIGHT)
    around = [QRectF(-4, -4, 8, 8).translated(chart.spot(item.x, item.y)) for item in chart.chart_items]
    assert all(chart.area.contains(marker) for marker in around)
