"""The report: what it says, that it needs nothing else, and that no name can get out of its place."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mma_desktop import __main__
from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Accuracy, ClassScore, Evaluation, Role, Scores, TrainRequest
from mma_desktop.engine.evaluation.calibration import answers_of
from mma_desktop.media.scan import class_folders
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats import exporting
from mma_desktop.services.images import importing
from mma_desktop.services.images.sample_project import add_features
from mma_desktop.services.predicting import model_in_use
from mma_desktop.services.project_factory import create_project
from mma_desktop.services.training import project_training, report
from mma_desktop.services.training.mistakes import EXAMPLES, MAX_PAIRS, MAX_WRONG, OF_A_PAIR, Measured
from mma_desktop.services.training.project_training import TrainOutcome
from tests.steps import meanwhile, second_half_new

from .conftest import MakeFolder

TOKEN = CancelToken()
EVIL = '<b onmouseover="x">&\u202e</b>'


class Page(HTMLParser):
    """What a browser would find: its tags, what they fetch, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.fetched: list[str] = []
        self.words: list[str] = []
        self.style = ""
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._inside = tag
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.fetched += [value or "" for name, value in attrs if name in {"src", "href", "srcset", "data", "action"}]

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self.style += data
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def page(path: Path) -> Page:
    return Page(path.read_text("utf-8"))


def check_alone(found: Page) -> None:
    """Nothing is fetched from anywhere, and nothing runs."""
    assert all(one.startswith("data:image/jpeg;base64,") for one in found.fetched)
    assert not found.tags & {"script", "link", "iframe", "object", "embed", "base", "form"}
    assert not re.search(r"url\(|@import|http", found.style)


@pytest.fixture(scope="module")
def trained(
    tmp_path_factory: pytest.TempPathFactory, cache_home: Path, sample_pictures: Path
) -> Iterator[tuple[ProjectContext, TrainOutcome]]:
    """A project of the drawn pictures, half of its classes new, trained once with one shot a class."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(cache_home))
    context = create_project(tmp_path_factory.mktemp("project") / "Tom & Jerry.mma", threads=2)
    add_features(context.project.embeddings_dir)
    pictures = [path for folder in sorted(sample_pictures.iterdir()) for path in sorted(folder.iterdir())[:10]]
    importing.import_paths(context, pictures, TOKEN, class_folders([sample_pictures]))
    second_half_new(context)
    model_in_use.prepare(context, TOKEN)
    outcome = project_training.train(context, TrainRequest(shots=1, seed=7), TOKEN)
    yield context, outcome
    context.close()
    patch.undo()


def test_a_run_is_reported_with_its_pictures(trained: tuple[ProjectContext, TrainOutcome], tmp_path: Path) -> None:
    context, outcome = trained
    out = tmp_path / "r.html"
    written = report.write(context, report.of_run(context, outcome.run), out, TOKEN)
    assert written == out
    found = page(out)
    check_alone(found)
    accuracy = outcome.result.evaluation.adapted.all
    assert accuracy is not None
    assert f"{accuracy.percent:.1f}%" in found.text
    assert f"expect {accuracy.low:.1f}% to {accuracy.high:.1f}%" in found.text
    assert f"Tom & Jerry: {outcome.run.name}" in found.text
    assert report.HOW[outcome.result.evaluation.base_by] in found.text
    for words in (
        "Seed 7",
        "at most 1",
        "Quick",
        "Harmonic mean H",
        "(ECE)",
        "torch 2",
        "name only",
    ):
        assert words in found.text, words
    confusion = np.array(outcome.result.evaluation.confusion)
    wrong = int(confusion.sum() - np.trace(confusion))
    assert wrong, "or the test says little"
    assert f"Pictures it got wrong {wrong}" in found.text
    label, answer = divmod(int((confusion - np.diag(np.diag(confusion))).argmax()), len(confusion))
    names = outcome.result.evaluation.class_names
    pair = f"{confusion[label, answer]} of {confusion[label].sum()} of “{names[label]}” taken for “{names[answer]}”"
    assert pair in found.text
    sizes = [Image.open(io.BytesIO(base64.b64decode(one.partition(",")[2]))).size for one in found.fetched]
    assert sizes
    assert max(map(max, sizes)) <= report.SIDE
    wrong_shown = min(wrong, MAX_WRONG)
    assert wrong_shown <= len(sizes) <= wrong_shown + MAX_PAIRS * (OF_A_PAIR + EXAMPLES)


def test_pictures_that_are_gone_leave_an_empty_place(
    trained: tuple[ProjectContext, TrainOutcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, outcome = trained

    monkeypatch.setattr(ProjectContext, "small_image", lambda *_asked: None)
    report.write(context, report.of_run(context, outcome.run), tmp_path / "r.html", TOKEN)
    found = page(tmp_path / "r.html")
    assert not found.fetched
    assert "no picture" in found.text


def test_a_stopped_report_leaves_nothing_behind(trained: tuple[ProjectContext, TrainOutcome], tmp_path: Path) -> None:
    context, outcome = trained
    (tmp_path / "r.html").write_text("former")
    with pytest.raises(Cancelled):
        report.write(context, report.of_run(context, outcome.run), tmp_path / "r.html", meanwhile(CancelToken.cancel))
    assert [one.name for one in tmp_path.iterdir()] == ["r.html"]
    assert (tmp_path / "r.html").read_text() == "former"


@pytest.mark.parametrize("gone", [False, True])
def test_a_run_whose_file_is_damaged_is_reported_without_its_details(
    trained: tuple[ProjectContext, TrainOutcome], tmp_path: Path, foreign: None, gone: bool
) -> None:
    context, outcome = trained
    file = tmp_path / "kept.safetensors"
    checkpoint = context.project.checkpoint_path(outcome.run)
    checkpoint.rename(file)
    try:
        if not gone:
            checkpoint.write_bytes(file.read_bytes()[:100])
        report.write(context, report.of_run(context, outcome.run), tmp_path / "r.html", TOKEN)
    finally:
        file.replace(checkpoint)
    found = page(tmp_path / "r.html")
    accuracy = outcome.result.evaluation.adapted.all
    assert accuracy is not None
    for words in (f"expect {accuracy.low:.1f}% to {accuracy.high:.1f}%", "Quick", "Harmonic mean H"):
        assert words in found.text, words
    assert checkpoint.name in found.text
    assert "ж" not in found.text, "it is in English whatever the window speaks"
    assert "SHA-256 of the split" not in found.text


def test_the_learning_model_that_is_gone_has_no_report(trained: tuple[ProjectContext, TrainOutcome]) -> None:
    context, outcome = trained
    with pytest.raises(UserError, match="cannot be read"):
        report.of_run(context, replace(outcome.run, checkpoint=""))


def test_the_command_reports_too(
    trained: tuple[ProjectContext, TrainOutcome],
    sample_pictures: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    context, outcome = trained
    adapter, out = tmp_path / "pets.safetensors", tmp_path / "r.html"
    exporting.adapter(context, outcome.run.id, adapter)
    assert __main__.main(["evaluate", str(adapter), str(sample_pictures), "--report", str(out)]) == 0
    assert f"The report is in {out}." in capsys.readouterr().out
    found = page(out)
    check_alone(found)
    assert f"pets on {sample_pictures.name}" in found.text
    assert "trained or selected on were left out" in found.text
    assert report.HOW["held-out"] in found.text
    assert found.fetched
    assert __main__.main(["evaluate", str(adapter), str(sample_pictures), "--report", str(tmp_path)]) == 1
    assert "is a folder" in capsys.readouterr().err


# ------------------------------------------------------------------ without a training


def evaluation(names: tuple[str, ...], confusion: tuple[tuple[int, ...], ...], base_by: str) -> Evaluation:
    n = sum(map(sum, confusion))
    right = sum(row[at] for at, row in enumerate(confusion))
    scores = Scores(None, None, Accuracy.of(right, n) if n else None)
    roles = tuple(Role.NEW if at == len(names) - 1 else Role.BASE for at in range(len(names)))
    per_class = tuple(ClassScore(name, role, None, None) for name, role in zip(names, roles, strict=True))
    answers = answers_of(np.linspace(0.3, 1, n), np.arange(n) < right) if n else None
    return Evaluation(names, roles, scores, scores, per_class, confusion, base_by, answers, answers)


def test_names_cannot_leave_their_place(context: ProjectContext, make_folder: MakeFolder, tmp_path: Path) -> None:
    folder = make_folder("pictures", {"ant": 3})
    (folder / "ant" / "ant 00.jpg").rename(folder / "ant" / "<script>alert(1)<script>.jpg")
    importing.import_paths(context, [folder], TOKEN)
    ids = context.index.columns.ids.tolist()
    measured = [Measured(ids[0], 0, 1, 0.9), Measured(ids[1], 0, 1, 0.8), Measured(ids[2], 1, 1, 0.7)]
    found = evaluation((EVIL, "bee", "wasp"), ((0, 2, 0), (0, 1, 0), (0, 0, 0)), "leave-one-out")
    texts = ([("Method", EVIL)], [(EVIL, EVIL)])
    findings = report.ReportContent(EVIL, found, measured, *texts, notes=[EVIL], reads={found.class_names[0]: EVIL})
    report.write(context, findings, tmp_path / "r.html", TOKEN)
    read = page(tmp_path / "r.html")
    check_alone(read)
    assert "b" not in read.tags
    assert "\u202e" not in read.text
    assert '<b onmouseover="x">&' in read.text
    assert "leaving out one example of each class at a time" in read.text
    assert report.OF_NAMES in read.text
    assert "not measured" in read.text


def test_what_was_not_kept_is_said(context: ProjectContext, tmp_path: Path) -> None:
    found = evaluation(("ant", "bee"), ((5, 1), (0, 6)), "cross-validation")
    report.write(context, report.ReportContent("old", found, None, []), tmp_path / "r.html", TOKEN)
    read = page(tmp_path / "r.html")
    assert "1. Which ones was not kept." in read.text
    assert "divided into four parts" in read.text
    assert not read.fetched


def test_many_classes_have_no_table_of_each_against_each(context: ProjectContext, tmp_path: Path) -> None:
    names = tuple(f"class {number}" for number in range(200))
    confusion = np.eye(200, dtype=int) * 4
    confusion[3, 7] = 2
    found = evaluation(names, tuple(map(tuple, confusion.tolist())), "held-out")
    report.write(context, report.ReportContent("many", found, None, []), tmp_path / "r.html", TOKEN)
    text = (tmp_path / "r.html").read_text()
    assert 'class="matrix"' not in text
    assert "<strong>2 of 6</strong> of “class 3” taken for “class 7”" in text
    assert len(text) < 200_000


def test_nothing_measured_is_a_sentence(context: ProjectContext, tmp_path: Path) -> None:
    findings = report.ReportContent("x", evaluation(("a", "b"), ((0, 0), (0, 0)), "held-out"), [], [])
    with pytest.raises(UserError, match="Nothing was measured"):
        report.write(context, findings, tmp_path / "r.html", TOKEN)
    assert not list(tmp_path.glob("*.html"))


@pytest.mark.parametrize(
    ("sure", "right", "words"), [(90, 50, "too sure"), (50, 90, "less sure"), (80, 80, "about as")]
)
def test_trust_in_words(sure: int, right: int, words: str) -> None:
    answers = answers_of(np.full(100, sure / 100), np.arange(100) < right)
    assert answers is not None
    assert words in report.trust(report.calibration(answers))
