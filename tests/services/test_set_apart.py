"""Pictures set apart for testing: nothing is learned from them, whatever is done with them, and what they measure."""

from __future__ import annotations

import re
import shutil
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.calibration import calibration_curve
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from mma_desktop.cli.evaluate import print_report
from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import DEFAULT_METHOD, LabelSource, TrainRequest, Use
from mma_desktop.engine.checkpoint import read_header
from mma_desktop.engine.evaluation.calibration import calibration
from mma_desktop.services.batch.headless import evaluate, train
from mma_desktop.services.batch.labelled_images import in_class_folders
from mma_desktop.services.batch.on_projects import evaluate_project
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats import exporting
from mma_desktop.services.formats.dataset import ReadOptions
from mma_desktop.services.formats.exporting import Splits
from mma_desktop.services.formats.importer import for_testing, import_listing
from mma_desktop.services.formats.kinds import csv_table
from mma_desktop.services.formats.registry import find_format, read_source
from mma_desktop.services.images import embedding
from mma_desktop.services.images.importing import ImportReport, import_paths
from mma_desktop.services.labels.label_errors import find_suspects
from mma_desktop.services.predicting.classifier import load_ranker
from mma_desktop.services.predicting.model_in_use import Model
from mma_desktop.services.training import project_training, report, set_apart
from mma_desktop.services.training.groups import label_group, open_groups
from mma_desktop.services.training.label_suggestions import suggest
from mma_desktop.services.training.learning import Learned, follow_edits, learn, store_learned

from .conftest import POOL as CLASSES
from .conftest import noisy_folders
from .test_learning import TOKEN, ids_of, label
from .understanding import train_shortly


def apart(context: ProjectContext) -> set[int]:
    columns = context.index.columns
    return set(columns.ids[columns.set_apart].tolist())


def labelled_pool(context: ProjectContext, each: int = 6) -> None:
    for name in CLASSES:
        label(context, name, each)


def of_class(context: ProjectContext, name: str) -> int:
    return next(one.id for one in context.every_class if one.name == name)


def state_of(model: Learned | None) -> list[tuple[str, bytes]]:
    """Everything that a model says by: its weights, its temperatures, and what tells None of these."""
    assert model is not None
    result, claims = model.result, model.result.adapter.open_set_scorer
    assert claims is not None
    weights = {**result.adapter.state_dict(), **{f"claims {name}": one for name, one in claims.state_dict().items()}}
    parts = [(name, value.numpy().tobytes()) for name, value in weights.items()]
    return [*parts, ("more", repr((result.temperatures, result.open_set, model.request)).encode())]


def said_of(context: ProjectContext) -> bytes:
    """What is shown for the pictures without a label."""
    follow_edits(context, TOKEN)
    predictions, columns = context.predictions, context.index.columns
    free = predictions.positions(columns.ids[~columns.labelled])
    return b"".join(
        part[free].tobytes() for part in (predictions.best_class, predictions.best_confidence, predictions.rejected)
    )


@pytest.mark.parametrize("every", [False, True], ids=["one class", "every class"])
def test_the_model_is_the_same_whatever_labels_they_have(pool: ProjectContext, *, every: bool) -> None:
    labelled_pool(pool)
    names = list(CLASSES) if every else ["red"]
    chosen = [ids_of(pool, name)[at] for name in names for at in (0, 1)]
    pool.project.set_use(chosen, Use.TEST)
    first, said = state_of(learn(pool, TOKEN)), said_of(pool)
    for others in (["green", "blue", "red"], ["blue"] * 3, [NONE_OF_THESE] * 3):
        for at, image in enumerate(chosen):
            if others[at // 2] == NONE_OF_THESE:
                pool.project.assign_none([image])
            else:
                pool.project.assign([image], of_class(pool, others[at // 2]))
        assert apart(pool) == set(chosen), "another label leaves it set apart"
        assert state_of(learn(pool, TOKEN)) == first
        assert said_of(pool) == said
    columns = pool.index.columns
    trained = columns.ids[columns.labelled & ~columns.set_apart]
    assert sorted(learn(pool, TOKEN).snapshot.shot_ids.tolist()) == trained.tolist()


def test_the_model_changes_with_any_other_label(pool: ProjectContext) -> None:
    """The comparison above can fail."""
    labelled_pool(pool)
    before, said = state_of(learn(pool, TOKEN)), said_of(pool)
    pool.project.assign(ids_of(pool, "red")[:1], of_class(pool, "blue"))
    assert state_of(learn(pool, TOKEN)) != before
    assert said_of(pool) != said


@pytest.mark.parametrize("method", [DEFAULT_METHOD, "multi-modal-adapter"])
def test_no_training_has_them_among_its_shots_or_validation(
    pool: ProjectContext, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    train_shortly(monkeypatch, 2)
    labelled_pool(pool, 8)
    set_apart.set_apart(pool, TOKEN)
    columns = pool.index.columns
    outcome = project_training.train(pool, TrainRequest(method=method, shots=8, fewer=True), TOKEN, use=True)
    seen = set(pool.engine.header.seen_images)
    prefixes = {digest.hex()[:16] for digest in columns.hashes[columns.set_apart].tolist()}
    assert len(prefixes) == 6
    assert not prefixes & seen
    assert outcome.run.metrics["counts"]["shots"] == 18


def test_a_fifth_of_each_class_is_set_apart_and_given_back(pool: ProjectContext) -> None:
    labelled_pool(pool, 7)
    label(pool, "red", 1, LabelSource.SUGGESTION)
    set_apart.set_apart(pool, TOKEN)
    columns = pool.index.columns
    assert [int((columns.class_ids[columns.set_apart] == of_class(pool, name)).sum()) for name in CLASSES] == [1, 1, 1]
    assert not (columns.set_apart & columns.proposed).any()
    assert learn(pool, TOKEN).labels == 19
    pool.project.undo()
    assert not apart(pool)
    pool.project.redo()
    assert len(apart(pool)) == 3
    set_apart.give_back(pool)
    assert learn(pool, TOKEN).labels == 22
    pool.project.undo()
    assert len(apart(pool)) == 3


def test_copies_of_a_picture_are_set_apart_together(pool: ProjectContext, tmp_path: Path) -> None:
    rng, place = np.random.default_rng(3), tmp_path / "smooth"
    place.mkdir()
    for number in range(5):
        colours = Image.fromarray(rng.integers(0, 256, (4, 4, 3), np.uint8))
        picture = colours.resize((256, 192), Image.Resampling.BICUBIC)
        picture.save(place / f"{number}.png")
        picture.resize((192, 144)).save(place / f"{number} copy.png")
    import_paths(pool, [place], TOKEN)
    ids = {row.path.stem: row.id for row in pool.project.image_rows(pool.index.columns.ids.tolist())}
    pairs = [(ids[f"{number}"], ids[f"{number} copy"]) for number in range(5)]
    pool.project.assign([image for pair in pairs for image in pair], of_class(pool, "red"))
    set_apart.set_apart(pool, TOKEN)
    inside = [len(apart(pool) & set(pair)) for pair in pairs]
    assert 1 in {inside.count(2), inside.count(2) - 1}, "a fifth of ten were drawn, which may be each other's copies"
    assert 1 not in inside
    assert set_apart.copies(pool, TOKEN) == 0
    pool.project.set_use([min(apart(pool))], None)
    assert set_apart.copies(pool, TOKEN) == 1


def test_too_few_labels_are_told(pool: ProjectContext) -> None:
    labelled_pool(pool, 2)
    for name in CLASSES:
        label(pool, name, 4, LabelSource.SUGGESTION)
    with pytest.raises(UserError, match="three or more pictures of a class yourself"):
        set_apart.set_apart(pool, TOKEN)


# ------------------------------------------------------------------------------ a folder


def folder_for(place: Path, **classes: int) -> Path:
    return noisy_folders(place, "held out", classes, seed=5)


def on_folder(context: ProjectContext, folder: Path) -> ImportReport:
    listing = read_source(folder, find_format("imagefolder"), ReadOptions(), TOKEN)
    found = import_listing(context, for_testing(context, listing), folder.name, TOKEN, overwrite=True)
    embedding.embed(context, TOKEN)
    follow_edits(context, TOKEN)
    return found


def test_a_folder_changes_nothing_of_the_model_and_is_one_undo(pool: ProjectContext, tmp_path: Path) -> None:
    labelled_pool(pool)
    before, said, classes = state_of(learn(pool, TOKEN)), said_of(pool), list(pool.classes)
    on_folder(pool, folder_for(tmp_path, red=3, green=2, violet=2))
    assert pool.classes == classes, "a class that nobody named is none of these, and no name for the model to choose"
    columns = pool.index.columns
    none = pool.none_of_these
    assert none is not None
    counts = [int((columns.class_ids[columns.set_apart] == of_class(pool, name)).sum()) for name in ("red", "green")]
    assert counts == [3, 2]
    assert int((columns.class_ids[columns.set_apart] == none.id).sum()) == 2
    assert state_of(learn(pool, TOKEN)) == before
    assert said_of(pool) == said
    pool.project.undo()
    assert not apart(pool)
    assert pool.none_of_these is None


def test_it_says_which_classes_count_as_none_of_these(pool: ProjectContext, tmp_path: Path) -> None:
    listing = read_source(folder_for(tmp_path, Red=2, violet=1), find_format("imagefolder"), ReadOptions(), TOKEN)
    found = for_testing(pool, listing)
    assert {(entry.label, entry.use) for entry in found.entries} == {("red", Use.TEST), (NONE_OF_THESE, Use.TEST)}
    assert any("'violet' is no class here" in note for note in found.notes)


def test_an_example_that_is_in_the_folder_is_an_example_no_more(pool: ProjectContext, tmp_path: Path) -> None:
    labelled_pool(pool)
    (example, *_) = pool.project.image_rows(ids_of(pool, "red")[:1])
    folder = folder_for(tmp_path, red=2, green=2)
    shutil.copy(example.path, folder / "green" / "a copy.jpg")  # under another class: the folder's label holds
    found = on_folder(pool, folder)
    assert example.id in apart(pool)
    assert learn(pool, TOKEN).labels == 17
    assert found.set_apart == 0
    assert not found.notes
    columns = pool.index.columns
    assert columns.class_ids[columns.positions(np.array([example.id]))[0]] == of_class(pool, "green")


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_copy_in_a_folder_for_training_is_not_trained_on_and_it_says_so(
    pool: ProjectContext, tmp_path: Path, *, overwrite: bool
) -> None:
    labelled_pool(pool)
    on_folder(pool, folder_for(tmp_path, red=2, green=2))
    before = learn(pool, TOKEN).labels
    folder = noisy_folders(tmp_path, "more", {"red": 2, "green": 1}, seed=9)
    shutil.copy(tmp_path / "held out" / "red" / "red 00.jpg", folder / "red" / "a copy.jpg")
    if overwrite:  # "Replace labels and splits that are there already"
        listing = read_source(folder, find_format("imagefolder"), ReadOptions(), TOKEN)
        found = import_listing(pool, listing, "more", TOKEN, overwrite=True)
    else:
        found = import_paths(pool, [folder], TOKEN, {name: folder / name for name in ("red", "green")})
    embedding.embed(pool, TOKEN)
    assert len(apart(pool)) == 4
    assert found.set_apart == 1
    assert "1 of these is set apart for testing, so it is not trained on." in found.sentence()
    assert learn(pool, TOKEN).labels == before + 3


def test_a_picture_in_both_splits_of_a_source_is_for_testing(pool: ProjectContext, tmp_path: Path) -> None:
    labelled_pool(pool)
    folder = noisy_folders(tmp_path, "data/train", {"red": 2, "green": 2}, seed=9)
    noisy_folders(tmp_path, "data/test", {"red": 1, "green": 1}, seed=11)
    shutil.copy(folder / "red" / "red 00.jpg", tmp_path / "data" / "test" / "red" / "a copy.jpg")
    listing = read_source(tmp_path / "data", find_format("imagefolder"), ReadOptions(), TOKEN)
    found = import_listing(pool, listing, "data", TOKEN)
    assert len(apart(pool)) == 3
    assert found.set_apart == 1


def test_train_does_not_learn_from_what_is_also_in_its_test_folder(tmp_path: Path) -> None:
    training = noisy_folders(tmp_path, "data/train", {"red": 4, "green": 4}, seed=9)
    noisy_folders(tmp_path, "data/test", {"red": 2, "green": 2}, seed=11)
    copied = shutil.copy(training / "red" / "red 00.jpg", tmp_path / "data" / "test" / "red" / "a copy.jpg")
    adapter, told = tmp_path / "adapter.safetensors", list[str]()
    token = CancelToken(lambda event: told.append(getattr(event, "message", "")))
    pictures = in_class_folders(tmp_path / "data")
    found = train(pictures, adapter, TrainRequest(fewer=True), token, pictures.names)
    assert "1 of these is set apart for testing, so it is not trained on." in told
    assert found.json["counts"]["shots"] == 7
    seen = read_header(adapter).seen_images
    assert len(seen) == 7
    assert sha256(Path(copied).read_bytes()).hexdigest()[:16] not in seen


# ------------------------------------------------------------------------------ other ways to learn


def test_neither_suggestions_nor_groups_nor_wrong_labels_have_to_do_with_them(pool: ProjectContext) -> None:
    labelled_pool(pool, 5)
    chosen = [image for name in CLASSES for image in ids_of(pool, name)[:2]]
    pool.project.set_use(chosen, Use.TEST)
    follow_edits(pool, TOKEN)
    suggested = suggest(pool, 16, TOKEN)
    assert not {image for image, _ in (*suggested.confident, *suggested.questions)} & set(chosen)
    assert not {image for group in open_groups(pool, TOKEN) for image in (*group.typical, *group.others)} & set(chosen)
    assert pool.index.counts(examples=True) == {of_class(pool, name): 3 for name in CLASSES}
    judged, suspects = find_suspects(pool, TOKEN).judged, find_suspects(pool, TOKEN).found
    assert judged == 9
    for image in chosen:  # all wrong
        pool.project.assign([image], of_class(pool, "red" if image not in ids_of(pool, "red") else "blue"))
    assert find_suspects(pool, TOKEN).found == suspects


def test_an_accepted_suggestion_labels_none_of_them(pool: ProjectContext) -> None:
    labelled_pool(pool, 5)
    set_apart.set_apart(pool, TOKEN)
    before, chosen = state_of(learn(pool, TOKEN)), sorted(apart(pool))
    columns = pool.index.columns.class_ids
    pool.project.assign_many(
        [(image, of_class(pool, "blue")) for image in chosen], LabelSource.SUGGESTION, overwrite=True
    )
    label_group(pool, chosen, "green")
    assert np.array_equal(pool.index.columns.class_ids, columns)
    assert apart(pool) == set(chosen)
    assert state_of(learn(pool, TOKEN)) == before
    label_group(pool, chosen, "")  # a person says that they are none of these
    assert apart(pool) == set(chosen)
    assert state_of(learn(pool, TOKEN)) == before


def test_an_export_without_splits_leaves_them_out(pool: ProjectContext, tmp_path: Path) -> None:
    labelled_pool(pool, 5)
    set_apart.set_apart(pool, TOKEN)
    names = {row.path.name for row in pool.project.image_rows(sorted(apart(pool)))}
    out = tmp_path / "none.csv"
    written = exporting.export(pool, csv_table.FORMAT, out, TOKEN, exporting.Images.NONE, splits=Splits.NONE)
    assert not [name for name in names if name in out.read_text()]
    assert "3 pictures that are set apart for testing are left out" in written.sentence
    for splits in (Splits.MARKED, Splits.ALL):
        out = tmp_path / f"{splits}.csv"
        exporting.export(pool, csv_table.FORMAT, out, TOKEN, exporting.Images.NONE, splits=splits)
        lines = [line for line in out.read_text().splitlines() if any(name in line for name in names)]
        assert len(lines) == 3
        assert all(",test," in line for line in lines)


# ------------------------------------------------------------------------------ what they measure


@pytest.fixture
def measured(pool: ProjectContext, tmp_path: Path) -> ProjectContext:
    """With a test in which some are wrong, since their labels are."""
    labelled_pool(pool)
    folder = folder_for(tmp_path, red=9, green=8, blue=7)
    for name in ("red 00.jpg", "red 01.jpg", "red 02.jpg"):
        (folder / "red" / name).rename(folder / "green" / name)
    on_folder(pool, folder)
    return pool


def test_accuracy_precision_recall_and_confusions_are_those_of_scikit_learn(measured: ProjectContext) -> None:
    found = set_apart.held_out(measured)
    assert found is not None
    evaluation, predictions, columns = found.evaluation, measured.predictions, measured.index.columns
    where = np.flatnonzero(columns.set_apart)
    assert len(where) == found.pictures == len(found.measured) == 24
    names = {one.id: one.name for one in measured.every_class}
    at = predictions.positions(columns.ids[where])
    truth = [names[one] for one in columns.class_ids[where].tolist()]
    said = [
        NONE_OF_THESE if none else names[one]
        for one, none in zip(predictions.best_class[at].tolist(), predictions.rejected[at].tolist(), strict=True)
    ]
    assert evaluation.confusion == tuple(map(tuple, confusion_matrix(truth, said, labels=evaluation.class_names)))
    assert evaluation.adapted.all.n == 24
    right = np.array(truth) == said
    assert evaluation.adapted.all.percent == pytest.approx(100 * right.mean())
    assert right.mean() < 1
    precision, recall, _, support = precision_recall_fscore_support(
        truth, said, labels=evaluation.class_names, zero_division=np.nan
    )
    rows = {row["name"]: row for row in report.class_rows(evaluation, {})}
    for name, exact, found_share, n in zip(evaluation.class_names, precision, recall, support, strict=True):
        assert rows[name]["n"] == n
        assert (rows[name]["share"] or np.nan) == pytest.approx(100 * exact, nan_ok=True)
        shown = rows[name]["accuracy"]
        assert (np.nan if shown is None else shown.percent) == pytest.approx(100 * found_share, nan_ok=True)


def test_the_reliability_diagram_is_that_of_scikit_learn(measured: ProjectContext) -> None:
    found = set_apart.held_out(measured)
    assert found is not None
    named = [one for one in found.measured if one.answer < len(measured.classes)]
    sure, right = np.array([one.confidence for one in named]), np.array([one.label == one.answer for one in named])
    shares, means = calibration_curve(right, np.round(sure, 4), n_bins=10)
    bins = [one for one in calibration(found.evaluation.adapted_answers, 10).bins if one.n]
    assert [one.accuracy for one in bins] == pytest.approx(100 * shares)
    assert [one.confidence for one in bins] == pytest.approx(100 * means)


def test_strangers_are_right_where_they_are_none_of_these(pool: ProjectContext, tmp_path: Path) -> None:
    labelled_pool(pool)
    learn(pool, TOKEN)
    on_folder(pool, folder_for(tmp_path, red=2, green=2, blue=2, violet=3))
    found = set_apart.held_out(pool)
    assert found is not None
    evaluation = found.evaluation
    assert evaluation.class_names == (*CLASSES, NONE_OF_THESE)
    assert sum(evaluation.confusion[3]) == 3
    assert not evaluation.has_two_kinds
    predictions, columns = pool.predictions, pool.index.columns
    open_set = columns.ids[columns.class_ids == pool.none_of_these.id]
    assert evaluation.confusion[3][3] == int(predictions.rejected[predictions.positions(open_set)].sum())


def test_nothing_is_said_before_there_is_a_prediction(pool: ProjectContext) -> None:
    labelled_pool(pool)
    assert set_apart.held_out(pool) is None
    set_apart.set_apart(pool, TOKEN)
    found = set_apart.held_out(pool)
    assert found is not None
    assert (found.pictures, found.evaluation, list(found.measured)) == (3, None, [])


def test_the_report_is_about_what_is_set_apart(measured: ProjectContext, tmp_path: Path) -> None:
    learned = learn(measured, TOKEN)
    findings = report.of_run(measured, learned.run)
    assert findings.evaluation.adapted.all.n == 24
    text = report.write(measured, findings, tmp_path / "report.html", TOKEN).read_text()
    assert "Measured on pictures that were kept apart: nothing was learned from them." in text
    assert "Reliability diagram, adapted" in text
    assert "Right when it says so" in text


def test_evaluate_of_a_project_is_the_test_of_its_window(measured: ProjectContext) -> None:
    shown = set_apart.held_out(measured)
    assert shown is not None
    kept = measured.project.checkpoint_path(store_learned(measured))
    found = evaluate_project(measured, kept, "cpu", None, TOKEN, own=True)
    assert found.answers == shown.evaluation
    assert "18 pictures that the adapter was trained or selected on were left out." in found.notes


def test_evaluate_says_what_predict_would(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Right are as many as the answers of `predict` that are the name of the folder, None of these included."""
    training = noisy_folders(tmp_path, "training", dict.fromkeys(CLASSES, 6))
    folder = noisy_folders(tmp_path, "held out", {**dict.fromkeys(CLASSES, 5), "violet": 12}, seed=5)
    (folder / "violet").rename(folder / NONE_OF_THESE)
    adapter = tmp_path / "adapter.safetensors"
    request = TrainRequest(fewer=True)
    train(in_class_folders(training), adapter, request, TOKEN, list(CLASSES))
    found = evaluate(adapter, in_class_folders(folder), "cpu", None, TOKEN)
    ranker = load_ranker(Model(adapter, None), "cpu")
    paths = sorted(folder.glob("*/*.jpg"))
    said = [
        NONE_OF_THESE if one.rejected else one.ranked[0].class_name
        for one in ranker.rank(paths, classes=list(CLASSES), top_k=1)
    ]
    truth = [path.parent.name for path in paths]
    right = sum(one == other for one, other in zip(truth, said, strict=True))
    answers = found.json["answers"]
    assert answers["accuracy"]["n"] == 27
    assert answers["accuracy"]["percent"] == pytest.approx(100 * right / 27, abs=1e-3)
    names = answers["confusion"]["names"]
    assert answers["confusion"]["counts"] == confusion_matrix(truth, said, labels=names).tolist()
    assert sum(row["n"] for row in answers["per_class"]) == 27
    assert sum(part["n"] for part in answers["reliability"]) == 27 - said.count(NONE_OF_THESE)
    assert found.json["adapted"]["all"] is not None, "among the names, as before"
    assert found.json["intervals"]["adapted"]["all"]["n"] == 15
    print_report(found)
    printed = capsys.readouterr().out
    assert f"As predicted, 'None of these' included: {100 * right / 27:.1f}% (95% interval" in printed
    assert re.search(r"^class +n +recall +precision$", printed, re.MULTILINE)
    assert len(re.findall(r"^(?:red|green|blue|None of these) +(?:5|12) ", printed, re.MULTILINE)) == 4
    assert " sure  " in printed
