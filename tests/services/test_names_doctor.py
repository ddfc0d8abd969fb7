"""The class-name doctor: words alone, then with the real starter's text encoder and labelled images."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from mma_desktop.core.class_names import DEFAULT_PROMPT, split_names
from mma_desktop.core.events import CancelToken
from mma_desktop.engine.prompt_templates import LIBRARY, find_set
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.labels import class_name_lint
from mma_desktop.services.labels.class_name_lint import NameIssue, NamesReport, lint_names
from mma_desktop.services.predicting import model_in_use, prediction

from .test_importing import MakeFolder, imported
from .understanding import whole_rows

TOKEN = CancelToken()
SYNONYMS = (
    ("sofa", "couch"), ("car", "automobile"), ("bike", "bicycle"), ("cellphone", "mobile phone"),
    ("television", "TV"), ("sneakers", "running shoes"), ("plane", "airplane"), ("ship", "boat"), ("kitty", "cat"),
    ("puppy", "dog"), ("bunny", "rabbit"), ("rug", "carpet"), ("trash can", "garbage bin"), ("flashlight", "torch"),
    ("fridge", "refrigerator"), ("stove", "cooker"), ("jacket", "coat"), ("cap", "hat"), ("mug", "cup"),
    ("taxi", "cab"), ("truck", "lorry"), ("motorcycle", "motorbike"), ("donkey", "ass"), ("photo camera", "camera"),
    ("eyeglasses", "spectacles"), ("wallet", "purse"), ("pants", "trousers"), ("sweater", "pullover"),
    ("stone", "rock"), ("forest", "woods"), ("ocean", "sea"), ("street", "road"), ("hog", "pig"),
    ("aubergine", "eggplant"), ("corn", "maize"), ("eraser", "rubber"), ("spanner", "wrench"), ("faucet", "tap"),
    ("hare", "rabbit"), ("cushion", "pillow"), ("lamp", "light"), ("movie theater", "cinema"),
    ("drugstore", "pharmacy"), ("laptop", "notebook computer"), ("airplane", "aeroplane"),
)  # fmt: skip
CALTECH = split_names(
    "accordion, airplane, bonsai, brain, buddha, butterfly, chandelier, dalmatian, dolphin, electric_guitar, ewer, "
    "flamingo, grand_piano, hawksbill_turtle, helicopter, kangaroo, ketch, laptop, menorah, sunflower"
)


def kinds(report: NamesReport) -> dict[NameIssue, list[tuple[str, ...]]]:
    found: dict[NameIssue, list[tuple[str, ...]]] = {}
    for one in report.findings:
        found.setdefault(one.issue, []).append(one.names)
    return found


# ------------------------------------------------------------------------------ words


def test_names_that_differ_only_by_spelling() -> None:
    names = ["sun_flower", "cat", "sunflowers", "Cats", "glass", "berry", "berries", "traffic-light", "trafficLight"]
    assert class_name_lint.same_but_spelling(names) == [(0, 2), (1, 3), (5, 6), (7, 8)]


@pytest.mark.parametrize("name", ["class_01", "IMG", "IMG_2041", "7", "b", "737-800", "other", "new folder (2)", "???"])
def test_names_without_a_word(name: str) -> None:
    assert class_name_lint.is_wordless(name)


@pytest.mark.parametrize("name", ["car side", "tv", "ox", "photo camera", "犬", "red car 2"])
def test_names_with_a_word(name: str) -> None:
    assert not class_name_lint.is_wordless(name)


def test_a_name_inside_another() -> None:
    names = ["guitar", "electric guitar", "guitars case", "car", "carpet", "class", "class 2"]
    assert class_name_lint.parts(names) == [(0, 1), (0, 2)]


def test_without_a_backbone_only_the_words_are_looked_at(context: ProjectContext) -> None:
    context.project.add_classes(["class_01", "guitar", "electric guitar", "sofa", "couch"])
    report = lint_names(context, TOKEN)
    assert not report.complete
    assert kinds(report) == {
        NameIssue.PART: [("guitar", "electric guitar")],
        NameIssue.WORDLESS: [("class_01",)],
    }
    assert report.summary == "2 names to look at"
    assert examine_names(context, ["cat", "piano"]).summary == ""


def examine_names(context: ProjectContext, names: Sequence[str]) -> NamesReport:
    """The report on these classes alone."""
    context.project.delete_classes([one.id for one in context.classes])
    context.project.add_classes(list(names))
    return lint_names(context, TOKEN)


# ------------------------------------------------------------------------------ the text encoder


@pytest.fixture
def ready(context: ProjectContext) -> ProjectContext:
    """An empty project with the real starter, names put to it without their definitions."""
    model_in_use.prepare(context, TOKEN)
    context.project.set_setting("prompt_template", DEFAULT_PROMPT)
    return context


def test_twins_among_caltechs_names_are_found_and_nothing_else(ready: ProjectContext) -> None:
    assert examine_names(ready, CALTECH).findings == ()
    planted = examine_names(ready, [*CALTECH, "sofa", "couch", "car side", "automobile"])
    assert kinds(planted)[NameIssue.NEAR] == [("car side", "automobile"), ("sofa", "couch")]
    first = planted.findings[0]
    assert first.cosine is not None
    assert first.cosine > 0.8
    assert first.title == "The model may confuse 'car side' and 'automobile'"
    assert planted.summary == "4 names are close to others"


@pytest.mark.parametrize(
    ("which", "wrong"), [("photo", 0), ("dictionary", 0), ("food", 0), ("flower", 0), ("satellite", 2)]
)
def test_the_rule_holds_in_templates_whose_cosines_lie_elsewhere(ready: ProjectContext, which: str, wrong: int) -> None:
    template = next(one.text for one in LIBRARY if one.id == which)
    ready.project.set_setting("prompt_template", template)
    related = class_name_lint.related_cosines(ready)
    limit = class_name_lint.near_limit(related)
    one, other = (class_name_lint.own_features(ready, [pair[at] for pair in SYNONYMS]) for at in (0, 1))
    assert ((one * other).sum(1) > limit).mean() >= 0.7
    texts = class_name_lint.own_features(ready, CALTECH)
    assert np.triu(texts @ texts.T > limit, 1).sum() <= wrong


def test_words_that_are_not_known_and_part_numbers_are_no_warning(ready: ProjectContext) -> None:
    report = examine_names(ready, ["xqzrt", "dolphin", "犬", "grand piano", "menorah", "K-17b", "K-18", "other"])
    assert kinds(report) == {
        NameIssue.WORDLESS: [("other",), ("K-17b", "K-18")],
        NameIssue.UNKNOWN: [("xqzrt",)],
    }
    assert report.summary == "1 name to look at"
    numbers = next(one for one in report.findings if "K-18" in one.names)
    assert numbers.title == "'K-17b', 'K-18': no words to go by"
    assert numbers.advice == "That is fine: suggestions start after the first labels."
    dog = next(one.id for one in ready.classes if one.name == "犬")
    assert report.read_as == {dog: "dog"}


def test_five_hundred_and_more_names_are_compared_in_blocks(
    ready: ProjectContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(class_name_lint, "ROWS", 3)
    report = examine_names(ready, ["dolphin", "couch", "bonsai", "laptop", "airplane", "sofa", "helicopter"])
    assert kinds(report)[NameIssue.NEAR] == [("couch", "sofa")]


def test_a_name_within_another_is_told_once(ready: ProjectContext) -> None:
    report = examine_names(ready, ["lemon", "horse", "piano", "sea horse"])
    assert kinds(report) == {NameIssue.PART: [("horse", "sea horse")]}


def test_of_hundreds_of_names_that_are_all_alike_the_nearest_are_told_and_the_rest_counted(
    ready: ProjectContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(class_name_lint, "MAX_PAIRS", 5)
    monkeypatch.setattr(class_name_lint, "ROWS", 4)
    report = examine_names(ready, ["dolphin", *(f"sofa {number}" for number in range(10, 19))])
    near = [one.cosine for one in report.findings if one.issue is NameIssue.NEAR]
    texts = class_name_lint.own_features(ready, [f"sofa {number}" for number in range(10, 19)])
    cosines = np.sort((texts @ texts.T)[np.triu_indices(9, 1)])[::-1]
    assert near == pytest.approx(cosines[:5].tolist(), abs=1e-5)
    assert report.left_out == (cosines > class_name_lint.near_limit(class_name_lint.related_cosines(ready))).sum() - 5


def test_names_without_a_word_are_told_as_such_alone(ready: ProjectContext) -> None:
    assert set(kinds(examine_names(ready, ["n01440764", "n01443537", "n01484850", "dolphin"]))) == {NameIssue.WORDLESS}


# ------------------------------------------------------------------------------ what the labels say


@pytest.fixture
def labelled(ready: ProjectContext, make_folder: MakeFolder) -> ProjectContext:
    """Ten labelled images a class; each image looks exactly like the name that `looks` gives."""
    context = ready
    names = ["sofa", "couch", "dolphin", "laptop"]
    imported(context, make_folder("pictures", dict.fromkeys(names, 10)), folders=True)
    columns = context.index.columns
    rows = context.project.image_rows(columns.ids.tolist())
    looks = []
    for row in rows:
        name, number = row.path.parent.name, int(row.path.stem.split()[-1])
        # Four sofas look like a couch, all but one laptop look like a dolphin.
        looks.append("couch" if name == "sofa" and number < 4 else "dolphin" if name == "laptop" and number else name)
    _, cache = context.engine.need()
    cache.append(columns.hashes, whole_rows(cache, context.engine.predictor.texts(looks, context.prompt_template)))
    prediction.score(context, TOKEN)
    return context


def test_twins_that_are_confused_are_a_warning(labelled: ProjectContext) -> None:
    near = next(one for one in lint_names(labelled, TOKEN).findings if one.issue is NameIssue.NEAR)
    assert not near.weak


def test_twins_that_are_told_apart_are_no_warning(labelled: ProjectContext) -> None:
    rows = labelled.project.image_rows(labelled.index.columns.ids.tolist())
    wrong = [row.id for row in rows if row.path.parent.name == "sofa" and int(row.path.stem.split()[-1]) < 4]
    labelled.project.assign(wrong, None)
    report = lint_names(labelled, TOKEN)
    near = next(one for one in report.findings if one.issue is NameIssue.NEAR)
    assert near.weak
    assert "told apart" in near.advice
    assert report.summary == ""
    labelled.project.assign([row.id for row in rows], None)
    assert lint_names(labelled, TOKEN).summary == "2 names are close to others"
    labelled.project.remove_images([row.id for row in rows])  # the predictions of before are still there
    assert lint_names(labelled, TOKEN).summary == "2 names are close to others"


def test_the_library_is_found_again() -> None:
    for one in LIBRARY:
        assert find_set(one.text) == one
    assert find_set("a nice {}") is None
