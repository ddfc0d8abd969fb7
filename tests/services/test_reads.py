"""Classes whose name is no English word: what the model reads for them, with the starter."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from mma_desktop import load_classifier
from mma_desktop.core.class_names import FOREIGN, shown_reading
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Recipe, Role, TrainRequest
from mma_desktop.engine.checkpoint import load, read_header, save
from mma_desktop.engine.evaluation.metrics import name_inputs
from mma_desktop.engine.methods.prompt_learners import PromptLearner
from mma_desktop.services.batch.headless import read_as_notes
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import embedding, importing
from mma_desktop.services.images.sample_project import add_features
from mma_desktop.services.labels.class_name_lint import NameIssue, lint_names, prompt_accuracy
from mma_desktop.services.predicting import model_in_use, prediction
from mma_desktop.services.project_factory import create_project, open_project
from mma_desktop.services.training import project_training, report

TOKEN = CancelToken()
WORDS = ("umbrella", "lemon", "cactus", "pizza")
PARTS = {f"Teil {4711 + at}": word for at, word in enumerate(WORDS)}
TEMPLATE = "a photo of a {}."


def taken_in(folder: Path, pictures: Path, names: dict[str, str]) -> ProjectContext:
    """A project with a class a folder; `names` has the folder's word by the class's name."""
    context = create_project(folder, threads=1)
    add_features(context.project.embeddings_dir)
    model_in_use.prepare(context, TOKEN)
    folders = {name: pictures / word for name, word in names.items()}
    importing.import_paths(context, list(folders.values()), TOKEN, folders)
    embedding.embed_images(context, context.index.columns.ids, TOKEN)
    return context


def right(context: ProjectContext) -> float:
    """Zero-shot accuracy in percent."""
    found, _ = prompt_accuracy(context, context.prompt_template, TOKEN)
    assert found is not None
    return found.percent


@pytest.fixture(scope="module")
def projects(
    tmp_path_factory: pytest.TempPathFactory, cache_home: Path, sample_pictures: Path
) -> Iterator[tuple[ProjectContext, ProjectContext]]:
    """The same pictures under English names, and under part numbers that read these; both trained on two classes."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(cache_home))
    place = tmp_path_factory.mktemp("projects")
    words = taken_in(place / "words.mma", sample_pictures, {word: word for word in WORDS})
    parts = taken_in(place / "parts.mma", sample_pictures, PARTS)
    parts.project.set_reads({one.id: PARTS[one.name] for one in parts.classes})
    for context in (words, parts):
        context.project.set_role([one.id for one in context.classes[2:]], Role.NEW)
        project_training.train(context, TrainRequest(shots=8, seed=1), TOKEN)
    yield words, parts
    words.close()
    parts.close()
    patch.undo()


def test_a_part_number_is_recognised_by_what_the_model_reads(tmp_path: Path, sample_pictures: Path) -> None:
    words = taken_in(tmp_path / "words.mma", sample_pictures, {word: word for word in WORDS})
    parts = taken_in(tmp_path / "parts.mma", sample_pictures, PARTS)
    try:
        prediction.score(words, TOKEN)
        prediction.score(parts, TOKEN)
        assert words.predictions is not None
        assert parts.predictions is not None
        assert right(words) > 65
        assert right(parts) < 50, "a part number says nothing"
        changes = parts.project.set_reads({one.id: PARTS[one.name] for one in parts.classes})
        assert changes.classes
        prediction.score(parts, TOKEN)
        assert right(parts) == right(words)
        assert np.array_equal(parts.predictions.zero_shot_class, words.predictions.zero_shot_class)
        assert np.array_equal(parts.predictions.zero_shot_confidence, words.predictions.zero_shot_confidence)
        assert [one.name for one in parts.classes] == list(PARTS)
        parts.project.undo()
        assert right(parts) < 50
    finally:
        words.close()
        parts.close()


def test_a_training_reads_the_texts_and_answers_with_the_names(
    projects: tuple[ProjectContext, ProjectContext], sample_pictures: Path
) -> None:
    words, parts = projects
    (run_words,), (run_parts,) = words.project.runs(), parts.project.runs()
    for part in ("zero_shot", "adapted", "confusion"):
        assert run_parts.metrics[part] == run_words.metrics[part]
    path = parts.project.checkpoint_path(run_parts)
    header = read_header(path)
    assert header.class_names == tuple(PARTS)
    assert header.reads == PARTS
    assert read_header(words.project.checkpoint_path(run_words)).reads == {}
    classifier, english = load_classifier(path), load_classifier(words.project.checkpoint_path(run_words))
    pictures = [sorted((sample_pictures / word).glob("*.jpg"))[3] for word in WORDS]
    for ours, theirs in zip(classifier.rank(pictures), english.rank(pictures), strict=True):
        assert [PARTS[one.class_name] for one in ours.ranked] == [one.class_name for one in theirs.ranked]
        assert [one.confidence for one in ours.ranked] == [one.confidence for one in theirs.ranked]
        assert [one.confidence for one in ours.zero_shot] == [one.confidence for one in theirs.zero_shot]
    known = classifier.rank(pictures, ["teil 4711", "Teil 4713"])  # of either role, in any case
    for ours, theirs in zip(known, english.rank(pictures, ["umbrella", "cactus"]), strict=True):
        assert [one.confidence for one in ours.ranked] == [one.confidence for one in theirs.ranked]


def test_the_classifier_takes_names_with_their_texts(
    projects: tuple[ProjectContext, ProjectContext], sample_pictures: Path
) -> None:
    _, parts = projects
    classifier = load_classifier(parts.project.checkpoint_path(parts.project.runs()[0]))
    picture = sorted((sample_pictures / "banana").glob("*.jpg"))[0]
    given = {"Teil 4711": "", "Seestern": "starfish", "Banane": "banana"}
    (found,) = classifier.rank(picture, given)
    (same,) = classifier.rank(picture, ["Teil 4711", "starfish", "banana"])
    assert [one.confidence for one in found.ranked] == [one.confidence for one in same.ranked]
    assert found.ranked[0].class_name == "Banane"
    assert np.array_equal(classifier.text_features({"Banane": "banana"}), classifier.text_features(["banana"]))
    (trained,) = classifier.rank(picture, {"Teil 4711": "banana", "Teil 4712": ""})
    (plain,) = classifier.rank(picture, ["Teil 4711", "Teil 4712"])
    assert trained.ranked == plain.ranked, "a trained name is read as in the training"
    with pytest.raises(UserError, match="would read 'umbrella' for both 'Teil 4711' and 'Schirm'"):
        classifier.rank(picture, {"Teil 4711": "", "Schirm": "Umbrella"})
    with pytest.raises(UserError, match="too long"):
        classifier.rank(picture, {"Teil 4711": "", "Schirm": "x" * 201})


@pytest.fixture
def edited(projects: tuple[ProjectContext, ProjectContext], tmp_path: Path) -> Iterator[ProjectContext]:
    """A copy of the trained project of part numbers."""
    shutil.copytree(projects[1].project.folder, tmp_path / "copy.mma", ignore=shutil.ignore_patterns("*.lock"))
    context = open_project(tmp_path / "copy.mma", threads=1)
    model_in_use.prepare(context, TOKEN)
    yield context
    context.close()


def test_the_adapter_keeps_what_it_was_trained_with(edited: ProjectContext, sample_pictures: Path) -> None:
    trained, _, other, last = edited.classes
    picture = sorted((sample_pictures / "pizza").glob("*.jpg"))[6]
    before = prediction.predict_image(edited, picture)
    edited.project.set_reads({trained.id: "sofa"})
    after = prediction.predict_image(edited, picture)
    assert after.ranked == before.ranked
    assert after.zero_shot != before.zero_shot
    edited.project.undo()
    edited.project.set_reads({last.id: "teapot", other.id: "pizza"})
    now = prediction.predict_image(edited, picture)
    assert before.ranked[0].class_name == "Teil 4714"
    assert now.ranked[0].class_name == "Teil 4713", "what was not trained follows at once"
    edited.project.delete_classes([trained.id])
    assert (
        prediction.predict_image(edited, picture, ["Teil 4711", "Teil 4712", "Teil 4713"]).ranked[0].class_name
        == other.name
    )


def test_a_typed_name_can_say_what_it_reads(edited: ProjectContext) -> None:
    ids, probabilities = prediction.rank(edited, "Erdbeere", TOKEN, "strawberry")
    same_ids, same = prediction.rank(edited, "strawberry", TOKEN)
    assert np.array_equal(ids, same_ids)
    assert np.array_equal(probabilities, same)
    _, own = prediction.rank(edited, "teil 4713", TOKEN, "strawberry")
    assert np.array_equal(own, prediction.rank(edited, "Teil 4713", TOKEN)[1]), "a class reads its own text"
    picture = edited.project.image_rows(ids[:1].tolist())[0].path
    typed = prediction.predict_image(edited, picture, {"Teil 4711": "", "Erdbeere": "strawberry"})
    plain = prediction.predict_image(edited, picture, ["Teil 4711", "strawberry"])
    assert [one.confidence for one in typed.ranked] == [one.confidence for one in plain.ranked]


def test_methods_that_learn_prompts_read_the_texts(edited: ProjectContext) -> None:
    request = TrainRequest("coop", {}, shots=2, recipe=Recipe(max_epochs=1))
    outcome = project_training.train(edited, request, TOKEN)
    adapter = edited.engine.adapter
    assert isinstance(adapter, PromptLearner)
    texts = edited.engine.predictor.texts(list(PARTS), TEMPLATE)
    inputs = edited.engine.predictor.candidates(list(PARTS), TEMPLATE).inputs
    assert np.array_equal(inputs, name_inputs(adapter, WORDS, texts))
    assert not np.array_equal(inputs, name_inputs(adapter, list(PARTS), texts))
    assert torch.isfinite(torch.tensor(inputs)).all()
    assert outcome.result.evaluation.class_names == tuple(PARTS)


@pytest.mark.usefixtures("as_it_is")
def test_the_exported_model_has_the_texts_in_it(edited: ProjectContext, tmp_path: Path) -> None:
    path = edited.project.checkpoint_path(edited.project.runs()[0])
    classifier = load_classifier(path, "cpu")
    names, one = {"Teil 4711": "", "Seestern": "starfish"}, np.zeros((320, 320, 3), np.uint8)
    written = classifier.export(tmp_path / "a", "module", names, pictures=[one])
    assert written.metadata["class_names"] == ["Teil 4711", "Seestern"]
    assert written.metadata["reads"] == {"Teil 4711": "umbrella", "Seestern": "starfish"}
    assert written.metadata["trained"] == [True, False]
    assert written.largest_difference < 1e-4


def test_the_report_and_the_card_say_what_the_model_read(edited: ProjectContext, tmp_path: Path) -> None:
    training = edited.project.runs()[0]
    out = tmp_path / "report.html"
    report.write(edited, report.of_run(edited, training), out, TOKEN)
    page = out.read_text("utf-8")
    card = report.card(read_header(edited.project.checkpoint_path(training)), "me/parts")
    for name, text in PARTS.items():
        assert f'{name} <span class="dim">read as {text}</span>' in page
        assert f"{name} (read as {text})" in card


def test_the_doctor_looks_at_what_the_model_reads(edited: ProjectContext) -> None:
    assert lint_names(edited, TOKEN).findings == ()
    first, _, third, fourth = edited.classes
    edited.project.set_reads({first.id: "", third.id: "sofa", fourth.id: "couch"})
    found = {one.issue: one for one in lint_names(edited, TOKEN).findings if not one.weak}
    assert found[NameIssue.NEAR].names == ("Teil 4713", "Teil 4714")
    (numbers,) = (one for one in lint_names(edited, TOKEN).findings if one.issue is NameIssue.WORDLESS)
    assert numbers.names == ("Teil 4711",)


def test_names_in_other_languages_are_read_in_english_and_a_user_knows_better(edited: ProjectContext) -> None:
    edited.project.add_classes(["Regenschirm", "Löwe", "犬"])
    ids = {one.name: one.id for one in edited.classes}
    read = lint_names(edited, TOKEN).read_as
    assert read[ids["Löwe"]] == "lion"
    assert "umbrella" in read[ids["Regenschirm"]]
    assert "dog" in read[ids["犬"]].split("; ")
    edited.project.set_reads({ids["Löwe"]: "Löwe", ids["犬"]: "Shiba Inu"})
    read = lint_names(edited, TOKEN).read_as
    assert ids["Löwe"] not in read, "a name can be read itself"
    assert read[ids["犬"]] == "Shiba Inu"


def test_what_is_probably_read_wrongly_is_told_until_somebody_says(edited: ProjectContext) -> None:
    edited.project.add_classes(["Fass", "Löwe", "Seestern"])
    ids = {one.name: one.id for one in edited.classes}
    report = lint_names(edited, TOKEN)
    assert report.doubtful == {ids["Fass"], ids["Seestern"]}
    (told,) = (one for one in report.findings if one.issue is NameIssue.DOUBTFUL)
    assert told.title == f"'Fass' is probably read as '{report.read_as[ids['Fass']]}'"
    assert told.weak
    assert {one.names for one in report.findings if one.issue is NameIssue.UNKNOWN} == {("Seestern",)}
    assert ids["Seestern"] not in report.read_as
    edited.project.set_reads({ids["Fass"]: "barrel", ids["Seestern"]: "starfish"})
    assert not lint_names(edited, TOKEN).doubtful


def test_names_to_choose_from_tell_what_is_in_doubt_or_not_understood(
    projects: tuple[ProjectContext, ProjectContext],
) -> None:
    words, _ = projects
    classifier = load_classifier(words.project.checkpoint_path(words.project.runs()[0]))
    names = ["Fass", "Seestern", "Anker", "Hund", "Löwe", "umbrella"]
    read, doubtful = classifier.read_as(names), classifier.read_in_doubt(names)
    assert (read["Anker"], {*read}, doubtful) == ("anchor", {*names[:1], *names[2:5]}, names[:2])
    assert read_as_notes(read, doubtful)[1:] == [
        "Please check what it reads for 'Fass': it may be something else.",
        "The model does not understand 'Seestern'.",
    ]
    assert classifier.read_in_doubt({"Fass": "barrel", "Seestern": "starfish"}) == []


@pytest.mark.parametrize("text", ["umbrella; parasol", f"umbrella; {FOREIGN}Regenschirm"], ids=["before", "now"])
def test_an_adapter_reads_its_names_as_its_file_says(
    projects: tuple[ProjectContext, ProjectContext], tmp_path: Path, text: str
) -> None:
    words, _ = projects
    adapter, header = load(words.project.checkpoint_path(words.project.runs()[0]))
    classes = tuple(("Regenschirm" if name == "umbrella" else name, role) for name, role in header.classes)
    save(tmp_path / "a.safetensors", adapter, replace(header, classes=classes, reads={"Regenschirm": text}))
    adapter, header = load(tmp_path / "a.safetensors")
    predictor = words.engine.predictor.sibling()
    predictor.hold(adapter, header)
    assert predictor.read(["Regenschirm"], adapted=True) == [text]
    assert header.shown_reads == {"Regenschirm": shown_reading(text)}


def test_only_what_is_there_can_be_read(tmp_path: Path, sample_pictures: Path) -> None:
    from mma_desktop import Classifier

    pictures = [path for word in WORDS[:2] for path in sorted((sample_pictures / word).glob("*.jpg"))[:4]]
    labels = [f"Teil {path.parent.name}" for path in pictures]
    reads = {"Teil umbrella": "umbrella", "TEIL lemon": "lemon"}
    made = Classifier(shots=4, reads=reads).fit(pictures, labels)
    assert made.header.reads == {"Teil umbrella": "umbrella", "Teil lemon": "lemon"}
    with pytest.raises(UserError, match="'Teil 9': there is no such class"):
        Classifier(reads={"Teil 9": "sofa"}).fit(pictures, labels)
    with pytest.raises(UserError, match="would read 'Teil lemon' for both"):
        Classifier(reads={"Teil umbrella": "teil lemon"}).fit(pictures, labels)
