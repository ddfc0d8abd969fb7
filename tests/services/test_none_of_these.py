"""Pictures of none of the classes: their label, what is predicted as such, and how strict that is."""

from __future__ import annotations

import csv
import pickle
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mma_desktop import Classifier, load_classifier
from mma_desktop.cli import main as cli
from mma_desktop.core import i18n
from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import LabelSource, Role
from mma_desktop.engine.checkpoint import read_header
from mma_desktop.engine.export.model_writer import describe
from mma_desktop.engine.export.runtimes import find_format
from mma_desktop.engine.features.feature_cache import FeatureCache
from mma_desktop.engine.training.at_hand import content_order
from mma_desktop.media.scan import class_folders
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats import exporting, importer, registry
from mma_desktop.services.formats.dataset import Images, ReadOptions
from mma_desktop.services.formats.exporting import NONE, sort_targets
from mma_desktop.services.formats.kinds import csv_table
from mma_desktop.services.image_index import Filter, Show
from mma_desktop.services.images import importing
from mma_desktop.services.images.sample_project import add_features
from mma_desktop.services.predicting import model_in_use, prediction
from mma_desktop.services.predicting.classifier import Ranker, read_parts
from mma_desktop.services.predicting.none_of_these import SETTING, Strictness, at_hand, none_weight
from mma_desktop.services.project_factory import create_project, open_project
from mma_desktop.services.training import learning, snapshot
from mma_desktop.services.training.claims import accuracy_claims, sentence
from mma_desktop.services.training.label_suggestions import in_need
from mma_desktop.services.training.run_writer import with_share
from tests.steps import labels_csv, second_half_new

pytestmark = pytest.mark.usefixtures("fitted_once")

TOKEN = CancelToken()


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory, sample_pictures: Path) -> Path:
    """See `project`."""
    place = tmp_path_factory.mktemp("four")
    pictures = place / "pictures"
    for one in sorted(sample_pictures.iterdir())[:4]:
        (pictures / one.name).mkdir(parents=True)
        for file in sorted(one.iterdir())[:14]:
            shutil.copy(file, pictures / one.name)
    with closing(create_project(place / "small.mma", threads=1)) as context:
        add_features(context.project.embeddings_dir)
        importing.import_paths(context, [pictures], TOKEN, class_folders([pictures]))
        second_half_new(context)
    return place / "small.mma"


@pytest.fixture
def project(tmp_path: Path, four: Path) -> Iterator[ProjectContext]:
    """Four classes of the drawn pictures, 14 of each; half of them is new."""
    with opened(four, tmp_path) as context:
        yield context


@contextmanager
def opened(project: Path, place: Path) -> Iterator[ProjectContext]:
    """A copy of a project that learns."""
    with closing(open_project(shutil.copytree(project, place / project.name), threads=1)) as context:
        context.learns = True
        model_in_use.prepare(context, TOKEN)
        yield context


def set_strictness(context: ProjectContext, strictness: Strictness) -> None:
    context.project.set_setting(SETTING, strictness.value)
    prediction.score(context, TOKEN)


def learned(context: ProjectContext) -> learning.Learned:
    found = learning.learn(context, TOKEN)
    assert found is not None
    prediction.score(context, TOKEN)
    return found


def test_the_label_is_a_class_that_is_not_chosen_from(project: ProjectContext, tmp_path: Path) -> None:
    names = [one.name for one in project.classes]
    ids = project.index.columns.ids[:3].tolist()
    before = project.index.columns.class_ids[:3].tolist()
    project.project.assign_none(ids)
    none = project.none_of_these
    assert none is not None
    assert (none.name, none.role, none.key) == (NONE_OF_THESE, Role.NONE, "0")
    assert [one.name for one in project.classes] == names
    assert project.every_class == [*project.classes, none]
    assert project.index.counts()[none.id] == 3
    assert set(project.select(Filter(Show.CLASS, none.id)).tolist()) == set(ids)
    with labels_csv(project, tmp_path / "l.csv").open(newline="") as handle:
        assert [row["label"] for row in csv.DictReader(handle)].count(NONE_OF_THESE) == 3
    targets = dict(zip(*(part.tolist() for part in sort_targets(project, 0.0, labelled=True)), strict=True))
    assert {targets[one] for one in ids} == {NONE}
    project.project.undo()
    assert project.none_of_these is None
    assert project.index.columns.class_ids[:3].tolist() == before
    project.project.redo()
    project.project.add_classes(["one more"])
    assert project.project.classes()[-1].role is Role.NONE
    with pytest.raises(UserError, match="keeps its name"):
        project.project.rename_class(none.id, "else")
    with pytest.raises(UserError, match="pictures of no class"):
        project.project.rename_class(project.classes[0].id, "none of THESE")


def test_it_is_trained_on_but_counted_in_no_class(project: ProjectContext) -> None:
    (first, *_), columns = project.classes, project.index.columns
    without = learned(project)
    of_class = columns.ids[columns.class_ids == first.id].tolist()
    project.project.assign_none(of_class[:10])
    found = learned(project)
    assert found.labels == without.labels - 10
    assert found.snapshot.data.none is not None
    assert len(found.snapshot.data.none) == 10
    header = found.predictor.need_adapter()[1]
    assert NONE_OF_THESE not in header.class_names
    assert header.open_set is not None
    assert header.open_set.answers == 10
    again = learned(project)
    assert again.result.open_set == found.result.open_set


def test_a_model_does_not_learn_how_strangers_score_from_what_it_rejected(
    project: ProjectContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first, *_), columns = project.classes, project.index.columns
    of_class = columns.ids[columns.class_ids == first.id].tolist()
    project.project.assign_none(of_class[:10])
    none = project.none_of_these
    assert none is not None
    project.project.assign(of_class[:9], None)
    project.project.assign(of_class[:9], none.id, LabelSource.SUGGESTION)
    found = learned(project)
    open_set = found.predictor.need_adapter()[1].open_set
    assert found.snapshot.data.none is not None
    assert open_set is not None
    assert (len(found.snapshot.data.none), open_set.answers) == (10, 1)
    monkeypatch.setattr(snapshot, "MAX_NONE", 1)
    learning.learn.put(project, None)
    proposed = learned(project).snapshot.data.none_proposed
    assert proposed is not None
    assert proposed.tolist() == [False], "answers come before what was rejected"


@pytest.fixture(scope="module")
def eight(tmp_path_factory: pytest.TempPathFactory, made_sample: Path) -> Path:
    """See `sample`."""
    folder = shutil.copytree(made_sample, tmp_path_factory.mktemp("eight") / "sample.mma")
    with closing(open_project(folder, threads=1)) as context:
        context.project.set_role([one.id for one in context.classes], Role.BASE)
        columns = context.index.columns
        for one in context.classes:
            context.project.assign(columns.ids[columns.class_ids == one.id][12:].tolist(), None)
        context.project.delete_classes([one.id for one in context.classes[8:]])
    return Path(folder)


@pytest.fixture
def sample(tmp_path: Path, eight: Path) -> Iterator[ProjectContext]:
    """The sample with eight of its twelve classes, twelve labels each."""
    with opened(eight, tmp_path) as context:
        yield context


def test_the_pictures_at_hand_decide_and_strictness_is_one_control(sample: ProjectContext) -> None:
    learned(sample)
    found, predictions = at_hand(sample), sample.predictions
    assert found is not None
    assert predictions is not None
    rejected = set(sample.select(Filter(Show.REJECTED)).tolist())
    assert rejected
    names = {one.name for one in sample.classes}
    free = sample.select(Filter(Show.UNLABELLED)).tolist()
    open_set = {row.id for row in sample.project.image_rows(free) if row.path.parent.name not in names}
    assert len(open_set) == 172
    assert found.low <= len(open_set) / found.pictures <= found.high
    assert len(rejected & open_set) > 0.8 * len(open_set)
    assert len(rejected - open_set) < 0.2 * (len(free) - len(open_set))
    kept = learning.store_learned(sample)
    header = read_header(sample.project.checkpoint_path(kept))
    assert header.open_set is not None
    assert header.open_set.pictures == found.pictures
    set_strictness(sample, Strictness.STRICT)
    assert sample.predictions is not None
    assert (sample.predictions.rejected | ~predictions.rejected).all()
    assert sample.predictions.rejected.sum() > predictions.rejected.sum()
    set_strictness(sample, Strictness.OFF)
    assert not sample.predictions.rejected.any()
    set_strictness(sample, Strictness.BALANCED)
    np.testing.assert_array_equal(sample.predictions.rejected, predictions.rejected)
    path = sample.project.image_rows([min(rejected)])[0].path
    assert prediction.predict_image(sample, path).rejected


def test_classes_that_are_only_named_keep_their_pictures_when_others_have_examples(
    tmp_path: Path, sample_pictures: Path
) -> None:
    with closing(create_project(tmp_path / "named.mma", threads=1)) as context:
        context.learns = True
        add_features(context.project.embeddings_dir)
        importing.import_paths(context, [sample_pictures], TOKEN)
        context.project.add_classes([one.name for one in sorted(sample_pictures.iterdir())])
        model_in_use.prepare(context, TOKEN)
        ids = {one.id: one.name for one in context.classes}
        columns = context.index.columns
        shown = {row.id: row.path.parent.name for row in context.project.image_rows(columns.ids.tolist())}
        for class_id, name in list(ids.items())[::2]:
            context.project.assign([image for image, own in shown.items() if own == name][:2], class_id)
        learned(context)
        predictions = context.predictions
        assert predictions is not None
        named = set(list(ids.values())[1::2])
        lost = [shown[image] for image in predictions.image_ids[predictions.rejected].tolist() if shown[image] in named]
        assert len(lost) < 0.05 * sum(name in named for name in shown.values()), lost


def test_pictures_of_none_are_no_examples_that_a_class_could_get(sample: ProjectContext) -> None:
    learned(sample)
    predictions, columns = sample.predictions, sample.index.columns
    assert predictions is not None
    free = ~columns.labelled[columns.positions(predictions.image_ids)]
    near = {item: free & (predictions.best_class == item.id) for item in sample.classes}
    kind = next(item for item, mask in near.items() if predictions.rejected[mask].any())
    assert kind in in_need(sample, 100)
    sample.project.assign(predictions.image_ids[near[kind] & ~predictions.rejected].tolist(), kind.id)
    assert in_need(sample, 100) == [item for item in sample.classes if item != kind]


@pytest.mark.parametrize("none", [True, False])
def test_its_pictures_are_exported_as_a_class_or_left_out(project: ProjectContext, tmp_path: Path, none: bool) -> None:
    ids = project.index.columns.ids[:3].tolist()
    project.project.assign_none(ids)
    labelled = len(project.select(Filter(Show.LABELLED)))
    how = (csv_table.FORMAT, tmp_path / "l.csv", TOKEN, Images.NONE)
    with exporting.export(project, *how, none=none).path.open(newline="") as handle:
        labels = [row["label"] for row in csv.DictReader(handle)]
    assert labels.count(NONE_OF_THESE) == (3 if none else 0)
    assert len(labels) == (labelled if none else labelled - 3)


def test_a_name_without_examples_claims_a_picture_by_its_text_alone(sample: ProjectContext) -> None:
    sample.project.add_classes(["umbrella"], Role.NEW)
    learned(sample)
    assert sample.predictions is not None
    assert sample.none_of_these is None
    by_text = sample.predictions.image_ids[sample.predictions.by_text & ~sample.predictions.rejected]
    assert len(by_text) > 10
    shown = [row.path.parent.name for row in sample.project.image_rows(by_text.tolist())]
    assert shown.count("umbrella") > 0.6 * len(shown)
    right, here = accuracy_claims(sample), at_hand(sample)
    assert right is not None
    assert here is not None
    (umbrella,) = (one.id for one in sample.classes if one.name == "umbrella")
    folder = right.by_class[umbrella]
    assert (folder.pictures, folder.unsure) == (len(by_text), len(by_text))
    assert 10 < folder.right.low <= 100 * shown.count("umbrella") / len(shown) <= folder.right.high
    names = {one.name for one in sample.classes}
    free = sample.project.image_rows(sample.select(Filter(Show.UNLABELLED)).tolist())
    open_set = sum(row.path.parent.name not in names for row in free)
    assert here.low <= open_set / here.pictures <= here.high
    open_set_scores = sample.predictions.open_set_scores
    assert open_set_scores is not None
    sample.predictions = replace(
        sample.predictions, open_set_scores=replace(open_set_scores, margins=np.full_like(open_set_scores.margins, 10))
    )
    claimed = at_hand(sample)
    assert claimed is not None
    assert (claimed.low, claimed.high) == (0, 0), "a name claims every picture"


def test_few_pictures_of_a_class_that_is_only_named_are_called_none_of_these(sample: ProjectContext) -> None:
    """All of the sample's classes are named, four of them not labelled: nothing shows none of them."""
    every = sorted({row.path.parent.name for row in sample.project.image_rows(sample.index.columns.ids.tolist())})
    sample.project.add_classes([name for name in every if name not in {one.name for one in sample.classes}], Role.NEW)
    learned(sample)
    predictions = sample.predictions
    assert predictions is not None
    assert predictions.by_text.sum() > 100
    assert predictions.rejected[predictions.by_text].mean() < 0.03
    assert predictions.rejected.mean() < 0.03


def test_the_command_and_the_classifier_answer_none_of_these(
    sample: ProjectContext, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    free = sample.select(Filter(Show.UNLABELLED))
    sample.project.remove_images(np.delete(free, np.s_[::3]).tolist())
    every = free[::3]
    assert len(every) > 100, "enough that their own share is told from them"
    learned(sample)
    adapter = exporting.adapter(sample, learning.store_learned(sample).id, tmp_path / "a.safetensors")
    paths = [str(row.path) for row in sample.project.image_rows(every.tolist())]

    def told(*more: str) -> list[str]:
        assert cli.main(["predict", str(adapter), *more], lambda: 1) == 0
        return [row["prediction"] for row in csv.DictReader(capsys.readouterr().out.splitlines())]

    classifier = load_classifier(adapter)
    ranked = classifier.rank(paths)
    by_default = told(*paths)
    assert by_default == [NONE_OF_THESE if one.rejected else one.ranked[0].class_name for one in ranked]
    assert NONE_OF_THESE not in told(*paths, "--none-share", "0")
    predictions = sample.predictions
    assert predictions is not None
    assert predictions.open_set_scores is not None
    where = predictions.positions(every)
    assert predictions.thresholds is not None
    at_the_cut = (
        np.abs(predictions.open_set_scores.scores[where] - predictions.thresholds.score) < 0.01
    )  # features are kept as float16
    in_window = predictions.rejected[where]
    rejected = np.array([one == NONE_OF_THESE for one in by_default])
    assert (rejected == in_window)[~at_the_cut].all(), "one cut for the window and the command"
    assert at_the_cut.mean() < 0.05
    assert by_default.count(NONE_OF_THESE) > 30
    few = [NONE_OF_THESE if one.rejected else one.ranked[0].class_name for one in classifier.predict_each(paths[:3])]
    assert told(*paths[:3]) == few
    asked = ["predict", str(adapter), *paths[:3], "--classes", "parasol,teapot", "--none-share", "0"]
    assert cli.main([*asked, "--out", str(tmp_path / "named.csv")], lambda: 1) == 0
    assert "3 pictures classified, 3 by a name's text alone, 0 with a problem." in capsys.readouterr().out
    unknown = "mma_desktop.engine.predictor.text_margins"  # as with open_clip
    monkeypatch.setattr(unknown, lambda rows, *_: np.full(len(rows), np.inf, np.float32))
    assert cli.main([*asked, "--out", str(tmp_path / "same.csv")], lambda: 1) == 0
    assert "3 by a name's text alone, which this backbone never refuses, 0 with a problem." in capsys.readouterr().out
    assert told(*paths, "--none-share", "0.99").count(NONE_OF_THESE) >= by_default.count(NONE_OF_THESE)


def test_pictures_at_hand_are_read_again_only_if_they_are_others(
    sample: ProjectContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "MAX_AT_HAND", 150)
    sizes: list[int] = []
    whole = FeatureCache.gather_rows
    monkeypatch.setattr(
        FeatureCache,
        "gather_rows",
        lambda self, hashes, *more: (sizes.append(len(hashes)), whole(self, hashes, *more))[1],
    )
    free = np.flatnonzero(~sample.index.columns.labelled & sample.index.columns.usable)
    ordered = free[np.argsort(sample.index.columns.hashes[free], kind="stable")]
    for place, reads in ((ordered[-1], 1), (ordered[-2], 1), (ordered[0], 2)):
        sample.project.assign([int(sample.index.columns.ids[place])], sample.classes[0].id)
        found = learning.learn(sample, TOKEN)
        assert found is not None
        assert sizes.count(150) == reads + 1, "once for their components"
        hashes = sample.index.columns.hashes[ordered[reads - 1 :][:150]]
        rows = whole(sample.engine.need()[1], hashes)
        np.testing.assert_array_equal(found.snapshot.data.unlabelled, rows[content_order(rows)])


def test_the_share_of_a_training_is_not_claimed_of_a_few_other_pictures(sample: ProjectContext) -> None:
    learned(sample)
    before = at_hand(sample)
    assert before is not None
    assert not before.guessed
    fit = learning.current(sample)
    assert fit is not None
    adapter, plain = fit.predictor.need_adapter()
    sample.engine.hold(adapter, with_share(plain, fit.result, fit.snapshot.data), None)
    sample.project.assign_none(sample.select(Filter(Show.UNLABELLED))[34:].tolist())
    set_strictness(sample, Strictness.BALANCED)
    header, here, said = sample.engine.header, at_hand(sample), accuracy_claims(sample)
    assert header is not None
    assert header.open_set is not None
    assert header.open_set.pictures == before.pictures, "it knows the share of other pictures"
    assert here is not None
    assert (here.pictures, here.guessed) == (34, True)
    assert said is not None
    assert "How many show none of your classes is not known yet." in sentence(said)


@pytest.mark.filterwarnings("error")
def test_a_version_none_of_whose_names_are_left_tells_no_share(sample: ProjectContext) -> None:
    learned(sample)
    model_in_use.use_run(sample, learning.store_learned(sample).id)
    for one in sample.classes:
        sample.project.rename_class(one.id, f"{one.name} of another kind")
    prediction.score(sample, TOKEN)
    here = at_hand(sample)
    assert here is not None
    assert here.guessed


def test_nothing_is_claimed_of_a_version_by_what_the_learning_model_got_right(sample: ProjectContext) -> None:
    learned(sample)
    model_in_use.use_run(sample, learning.store_learned(sample).id)
    prediction.score(sample, TOKEN)
    assert accuracy_claims(sample) is None
    learning.learn_again(sample)
    prediction.score(sample, TOKEN)
    assert accuracy_claims(sample) is not None


def test_it_has_no_weight_among_classes() -> None:
    pictures = [np.full((32, 32, 3), tone, np.uint8) for tone in (0, 90, 180)]
    with pytest.raises(UserError, match=r"None of these.* no such class"):
        Classifier(class_weight={NONE_OF_THESE: 3.0}).fit(pictures, ["dark", "grey", NONE_OF_THESE])


def test_a_classifier_is_as_strict_as_its_project_wherever_it_goes(sample: ProjectContext, tmp_path: Path) -> None:
    learned(sample)
    adapter = exporting.adapter(sample, learning.store_learned(sample).id, tmp_path / "a.safetensors")
    set_strictness(sample, Strictness.STRICT)
    strict = none_weight(sample)
    set_strictness(sample, Strictness.OFF)
    header = read_header(adapter)
    assert header.open_set is not None
    balanced = load_classifier(adapter)
    for weight, threshold in ((strict, header.open_set.thresholds(header.open_set.share, strict).score), (0.0, None)):
        there = Classifier(shots=1)
        Ranker.__init__(there, *read_parts(adapter, "cpu", None), None, weight)
        again = pickle.loads(pickle.dumps(there))
        told = [(0.5, np.nan)]  # too few to tell a share: it is that of the training
        assert again.none_thresholds(told) == there.none_thresholds(told)
        same = threshold == header.open_set.thresholds(header.open_set.share).score
        assert (again.none_thresholds(told) == balanced.none_thresholds(told)) == same
        about = describe(header, "", there.image_spec, header.class_names, {}, "{}", find_format("onnx"), weight)
        assert about["threshold"] == threshold


def test_labels_keep_their_type_beside_none_of_these(
    sample_pictures: Path, cache_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache_home))
    files = [path for folder in sorted(sample_pictures.iterdir())[:5] for path in sorted(folder.iterdir())[:8]]
    labels = np.repeat(np.arange(5), 8)
    fitted = Classifier(shots=6, none_of_these=True).fit(files[:24], labels[:24])
    ranked = [NONE_OF_THESE if one.rejected else int(one.ranked[0].class_name) for one in fitted.rank(files)]
    for few, answers in ((files, ranked), (files[:6], ranked[:6])):
        found = fitted.predict(few)
        assert found.dtype == object
        assert found.tolist() == answers
        assert {type(one) for one in found} <= {int, str}
    assert NONE_OF_THESE in ranked
    told = np.where(labels < 3, labels.astype(object), NONE_OF_THESE)
    right = np.array(ranked, object) == told
    assert fitted.score(files[24:], ["none of these"] * 16) == np.mean(right[24:])
    assert fitted.score(files, labels) == np.mean(right & (labels < 3)), "None of these is no class of the labels"
    assert fitted.score(files, told.tolist(), np.arange(40)) == np.average(right, weights=np.arange(40))
    assert fitted.predict(files[:3], ["one", "two"]).dtype == object
    with pytest.raises(ValueError, match="inconsistent numbers"):
        fitted.score(files[:3], labels[:2])
    fitted.none_of_these = False
    assert fitted.predict(files[:6]).dtype == np.int64


def test_pictures_of_none_are_a_folder_a_class_folder_or_a_label(
    sample_pictures: Path,
    tmp_path: Path,
    cache_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache_home))
    folders = sorted(sample_pictures.iterdir())
    for folder in folders[:3]:
        shutil.copytree(folder, tmp_path / "classes" / folder.name)
    none = tmp_path / "else"
    none.mkdir()
    for folder in folders[3:]:
        for path in sorted(folder.iterdir())[:2]:
            shutil.copy(path, none)
    first, second = tmp_path / "1.safetensors", tmp_path / "2.safetensors"
    words = ["train", str(tmp_path / "classes"), "--shots", "6", "--out"]
    assert cli.main([*words, str(first), "--none", str(none)], lambda: 1) == 0
    assert "Also on 18 pictures of 'None of these'." in capsys.readouterr().out
    shutil.copytree(none, tmp_path / "classes" / NONE_OF_THESE)
    assert cli.main([*words, str(second)], lambda: 1) == 0
    with_folder, with_class = read_header(first), read_header(second)
    assert with_folder.class_names == with_class.class_names == tuple(folder.name for folder in folders[:3])
    assert with_folder.open_set is not None
    assert with_folder.open_set.answers == 18
    assert with_folder.open_set == with_class.open_set
    paths = [str(path) for folder in folders[:5] for path in sorted(folder.iterdir())[-5:]]
    classifier = load_classifier(first)
    assert NONE_OF_THESE not in classifier.predict(paths)
    classifier.none_of_these = True
    ranked = [NONE_OF_THESE if one.rejected else one.ranked[0].class_name for one in classifier.rank(paths)]
    assert classifier.predict(paths).tolist() == ranked
    assert ranked[15:].count(NONE_OF_THESE) > 5 > ranked[:15].count(NONE_OF_THESE)
    labels = [Path(one).parent.name if at < 15 else NONE_OF_THESE for at, one in enumerate(paths)]
    assert classifier.score(paths, labels) == np.mean(np.array(ranked) == labels)
    assert classifier.score(paths[:15], labels[:15]) == np.mean(np.array(ranked[:15]) == labels[:15])
    classifier._none_weight = 0.0  # private: a project where everything gets a name
    assert classifier.predict(paths).tolist() == [one.ranked[0].class_name for one in classifier.rank(paths)]
    fitted = Classifier(none_of_these=True).fit(paths, labels)
    assert fitted.classes_.tolist() == [folder.name for folder in folders[:3]]
    assert fitted.header.open_set is not None
    assert fitted.header.open_set.answers == 10


def test_the_most_likely_none_of_these_are_the_least_claimed(sample: ProjectContext) -> None:
    learned(sample)
    sample.project.assign_none(sample.index.columns.ids[:1].tolist())
    none, predictions = sample.none_of_these, sample.predictions
    assert none is not None
    assert predictions is not None
    assert predictions.open_set_scores is not None
    order = prediction.by_likelihood(sample, none.id, TOKEN).tolist()
    scores = dict(zip(predictions.image_ids.tolist(), predictions.open_set_scores.scores.tolist(), strict=True))
    told = [scores[one] for one in order if one in scores]
    assert told == sorted(told)
    assert set(order) == set(sample.select(Filter(Show.UNLABELLED)).tolist())


def test_pictures_without_a_label_tell_a_training_what_none_of_the_classes_is(
    sample_pictures: Path, tmp_path: Path, cache_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache_home))
    folders = sorted(sample_pictures.iterdir())
    for folder in folders[:4]:
        shutil.copytree(folder, tmp_path / "classes" / folder.name)
    alone, told = tmp_path / "alone.safetensors", tmp_path / "told.safetensors"
    words = ["train", str(tmp_path / "classes"), "--shots", "6", "--out"]
    assert cli.main([*words, str(alone)], lambda: 1) == 0
    assert cli.main([*words, str(told), "--unlabelled", str(sample_pictures)], lambda: 1) == 0
    few = tmp_path / "few.safetensors"
    assert cli.main([*words, str(few), "--unlabelled", str(folders[-1])], lambda: 1) == 0
    before, some, after = (read_header(file).open_set for file in (alone, few, told))
    assert before is not None
    assert (before.pictures, some) == (0, before), "fewer than 100 do not tell"
    assert after is not None
    assert after.pictures == sum(1 for folder in folders[4:] for _ in folder.iterdir())  # the others have a label


@pytest.mark.parametrize("which", ["empty", "inside", "copies"])
def test_a_folder_of_none_without_pictures_of_its_own_is_refused(
    which: str, sample_pictures: Path, tmp_path: Path, cache_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache_home))
    classes, (first, second) = tmp_path / "classes", sorted(sample_pictures.iterdir())[:2]
    for folder in (first, second):
        shutil.copytree(folder, classes / folder.name)
    none = {"empty": tmp_path / "empty", "inside": classes / first.name, "copies": first}[which]
    none.mkdir(exist_ok=True)
    out = tmp_path / "a.safetensors"
    assert cli.main(["train", str(classes), "--shots", "4", "--out", str(out), "--none", str(none)], lambda: 1) != 0
    assert not out.exists()
    assert capsys.readouterr().err.strip()


@contextmanager
def speaking(lookup: i18n.Lookup | None) -> Iterator[None]:
    i18n.install(i18n.Language(lookup))
    try:
        yield
    finally:
        i18n.install(i18n.ENGLISH)


def german(text: str, _other: str, _number: int) -> str:
    return {NONE_OF_THESE: "Keine davon"}.get(text, "")


@pytest.mark.parametrize("reads", [None, german], ids=["in English", "in German"])
@pytest.mark.parametrize("writes", [None, german], ids=["from English", "from German"])
@pytest.mark.parametrize("form", ["csv", "imagefolder", "sorted", "class folders"])
def test_what_is_written_in_one_language_is_read_in_another(
    project: ProjectContext, tmp_path: Path, form: str, writes: i18n.Lookup | None, reads: i18n.Lookup | None
) -> None:
    ids = project.index.columns.ids[:3].tolist()
    project.project.assign_none(ids)
    out = tmp_path / ("t.csv" if form == "csv" else "out")
    with speaking(writes):
        if form in ("csv", "imagefolder"):
            chosen = registry.find_format(form)
            exporting.export(project, chosen, out, TOKEN, chosen.images[0])
        else:
            exporting.sort_project(project, out, Images.COPY, 0.0, TOKEN, labelled=True)
    name = NONE_OF_THESE if writes is None else "Keine davon"
    if form == "csv":
        with out.open(newline="") as handle:
            assert [row["label"] for row in csv.DictReader(handle)].count(name) == 3
    else:
        assert len(list((out / name).iterdir())) == 3
    with speaking(reads), closing(create_project(tmp_path / "again.mma", threads=1)) as context:
        if form == "class folders":
            importing.import_paths(context, [out], TOKEN, class_folders([out]))
        else:
            listing = registry.read_source(out, None, ReadOptions(), TOKEN)
            assert NONE_OF_THESE in listing.classes
            importer.import_listing(context, listing, form, TOKEN)
        assert [one.name for one in context.classes] == [one.name for one in project.classes]
        none = context.none_of_these
        assert none is not None
        assert none.name == NONE_OF_THESE
        assert len(context.select(Filter(Show.CLASS, none.id))) == 3


def test_a_name_that_was_typed_in_the_language_of_the_window_is_none_of_these(project: ProjectContext) -> None:
    project.project.add_classes(["keine davon"])
    assert project.none_of_these is not None
    with pytest.raises(UserError, match="pictures of no class"):
        project.project.rename_class(project.classes[0].id, "Keine  DAVON")
