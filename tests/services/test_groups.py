"""Groups of pictures that look alike: one name labels one of them; in a project, by the command and from Python."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

from mma_desktop import find_groups
from mma_desktop.core import i18n
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import Cancelled, CancelToken
from mma_desktop.core.types import LabelSource, Role
from mma_desktop.engine.backbones.languages import in_language
from mma_desktop.engine.checkpoint import read_header
from mma_desktop.engine.methods import grouping
from mma_desktop.engine.open_set_scores import OpenSetScores, Thresholds
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Predictions
from mma_desktop.services.images import importing
from mma_desktop.services.images.embedding import import_and_embed
from mma_desktop.services.predicting.model_in_use import prepare
from mma_desktop.services.project_factory import scratch_project
from mma_desktop.services.training import groups
from mma_desktop.services.training.groups import label_group, open_groups, proposals, rejected_groups
from mma_desktop.services.training.label_suggestions import suggest
from mma_desktop.services.training.learning import learn

from .conftest import noisy_folders
from .test_headless_sources import command, refused

TOKEN = CancelToken()
EACH = 40
KINDS = {"red": EACH, "green": EACH, "blue": EACH}


def colours(context: ProjectContext, images: np.ndarray) -> set[str]:
    return {row.path.parent.name for row in context.project.image_rows(images.tolist())}


@pytest.fixture(scope="module")
def flat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A flat folder of pictures of three colours."""
    place = tmp_path_factory.mktemp("groups")
    folder = place / "flat"
    folder.mkdir()
    for path in sorted(noisy_folders(place, "kinds", KINDS).rglob("*.jpg")):
        shutil.copy(path, folder)
    return folder


def test_a_name_labels_the_typical_pictures_of_a_group_in_one_step(pool: ProjectContext) -> None:
    before = open_groups(pool, TOKEN)
    assert len(before) == 3
    assert sorted(len(one.typical) + len(one.others) for one in before) == [8, 8, 8]
    assert all(len(colours(pool, np.concatenate([one.typical, one.others]))) == 1 for one in before)
    first = before[0]
    label_group(pool, first.typical.tolist(), "Kiwi")
    kind = next(one for one in pool.classes if one.name == "Kiwi")
    columns = pool.index.columns
    where = columns.positions(first.typical)
    assert set(columns.class_ids[where].tolist()) == {kind.id}
    rows = pool.project.image_rows(first.typical.tolist())
    assert {row.source for row in rows} == {LabelSource.SUGGESTION}
    assert [one.key for one in open_groups(pool, TOKEN)] == [one.key for one in before[1:]]
    pool.project.undo()
    assert "Kiwi" not in [one.name for one in pool.classes]
    assert not pool.index.columns.labelled.any()
    assert [one.key for one in open_groups(pool, TOKEN)] == [one.key for one in before]


def test_two_groups_of_a_name_are_one_class(pool: ProjectContext) -> None:
    first, second, _ = open_groups(pool, TOKEN)
    label_group(pool, first.typical.tolist(), "warm")
    label_group(pool, second.typical.tolist(), " WARM ")
    counts = pool.index.counts()
    (kind,) = [one for one in pool.classes if one.name == "warm"]
    assert counts[kind.id] == len(first.typical) + len(second.typical)


def test_a_group_of_none_is_an_example_of_none_of_the_classes(pool: ProjectContext) -> None:
    (first, *rest) = open_groups(pool, TOKEN)
    label_group(pool, first.typical.tolist(), "")
    assert pool.none_of_these is not None
    assert pool.none_of_these.role is Role.NONE
    assert pool.index.counts()[pool.none_of_these.id] == len(first.typical)
    assert [one.key for one in open_groups(pool, TOKEN)] == [one.key for one in rest]


@pytest.mark.parametrize(("known", "is_group"), [(3, True), (4, False), (5, False)])
def test_a_group_is_of_unknown_pictures_if_the_model_knows_the_smaller_part(
    pool: ProjectContext, monkeypatch: pytest.MonkeyPatch, known: int, is_group: bool
) -> None:
    monkeypatch.setattr(groups, "MIN_IMAGES", 1)  # of eight, five would be the larger part and enough
    first, second, third = open_groups(pool, TOKEN)
    ids = np.sort(np.concatenate([np.concatenate([one.typical, one.others]) for one in (first, second, third)]))
    rejected = np.concatenate([first.others, first.typical])[: 8 - known]
    score = np.where(np.isin(ids, [*rejected, *second.others]), 0.1, 0.9).astype(np.float32)
    scores = OpenSetScores(score, np.full(len(ids), np.nan, np.float32))
    of_class = np.full(len(ids), pool.classes[0].id)
    pool.predictions = Predictions(ids, of_class, score, open_set_scores=scores, thresholds=Thresholds(0.5))
    found = rejected_groups(pool, TOKEN)
    assert [one.key for one in found] == [first.key] * is_group
    for one in found:
        assert set(one.others) == set(first.others)
        assert set(one.typical) == set(rejected) - set(first.others)


def test_pictures_that_were_taken_out_stay_without_a_label(pool: ProjectContext) -> None:
    first = open_groups(pool, TOKEN)[0]
    out, *others = first.typical.tolist()
    label_group(pool, others, "red")
    assert not pool.index.columns.labelled[pool.index.columns.positions(np.array([out]))].any()
    assert first.key not in [one.key for one in open_groups(pool, TOKEN)]


def test_a_few_labels_leave_a_group_open(pool: ProjectContext) -> None:
    first = open_groups(pool, TOKEN)[0]
    labelled = int(first.typical[0])
    label_group(pool, [labelled], "red")
    again = next(one for one in open_groups(pool, TOKEN) if one.key == first.key)
    inside = [*again.typical.tolist(), *again.others.tolist()]
    assert sorted([*inside, labelled]) == sorted([*first.typical.tolist(), *first.others.tolist()])


def test_what_is_like_a_named_group_leaves_the_open_ones(flat: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = grouping.Grouping.place

    def mixed(self: grouping.Grouping, *given: object) -> tuple[np.ndarray, np.ndarray]:
        """With some pictures of one group in another."""
        nearest, cosines = real(self, *given)
        nearest[np.flatnonzero(nearest == 0)[:10]] = 1
        return nearest, cosines

    monkeypatch.setattr(grouping.Grouping, "place", mixed)
    with scratch_project() as context:
        prepare(context, TOKEN)
        import_and_embed(context, lambda token: importing.import_paths(context, [flat], token), TOKEN)

        def kinds(*ids: np.ndarray) -> list[str]:
            rows = context.project.image_rows(np.concatenate(ids).tolist())
            return [row.path.name.split()[0] for row in rows]

        before = {one.key: one for one in open_groups(context, TOKEN)}
        every = {key: kinds(one.typical, one.others) for key, one in before.items()}
        wrong = next(key for key, inside in every.items() if len(set(inside)) > 1)
        named = next(key for key, inside in every.items() if key != wrong and set(inside) < set(every[wrong]))
        label_group(context, before[named].typical.tolist(), "Kiwi")
        after = {one.key: one for one in open_groups(context, TOKEN)}
        assert set(after) == set(before) - {named}
        assert every[wrong].count(every[named][0]) >= 3
        assert every[named][0] not in kinds(after[wrong].typical, after[wrong].others), "they are not asked about again"
        context.project.undo()
        again = {one.key: one.typical.tolist() for one in open_groups(context, TOKEN)}
        assert again == {key: one.typical.tolist() for key, one in before.items()}


def test_a_mixed_group_is_split_and_joined_again(pool: ProjectContext) -> None:
    before = open_groups(pool, TOKEN)
    groups.set_splits(pool, (before[0].key,))
    after = open_groups(pool, TOKEN)
    assert len(after) == len(before) + 1
    inside = set(np.concatenate([before[0].typical, before[0].others]).tolist())
    parts = [one for one in after if inside & set(one.typical.tolist())]
    assert len(parts) == 2
    assert set(np.concatenate([part for one in parts for part in (one.typical, one.others)]).tolist()) == inside
    groups.set_splits(pool, ())
    assert [one.key for one in open_groups(pool, TOKEN)] == [one.key for one in before]


def test_names_are_in_the_language_of_the_window() -> None:
    assert in_language("butterfly", "de") == "Schmetterling"
    assert in_language("butterfly", "fr") == "papillon"
    assert in_language("no such name", "de") == ""
    assert in_language("mosque", "de") == "", "Islam, Moschee and others are all read as it"


@pytest.mark.parametrize(("fits", "name"), [((0.5, 0.1, 0.1), "monarch"), ((0.3, 0.3, 0.1), "butterfly")])
def test_a_general_name_is_proposed_where_special_ones_share_it(fits: tuple[float, ...], name: str) -> None:
    names = (("monarch", "monarch butterfly"), ("ringlet", "ringlet butterfly"), ("lemon",))
    # private: what is proposed depends on pictures, this on probabilities
    assert groups._named(names, np.array(fits)) == name


def test_no_name_is_proposed_where_none_fits() -> None:
    # private: likewise
    assert groups._named((("lemon",), ("kiwi",)), np.array([0.1, 0.1])) == ""


def test_proposals_are_in_the_language(pool: ProjectContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "FITTING", 0.0)
    english = list(proposals(pool, TOKEN).values())
    assert all(english)
    pool.project.set_setting("prompt_template", "{}")  # the graph asks again
    i18n.install(i18n.Language(tag="de"))
    try:
        german = list(proposals(pool, TOKEN).values())
    finally:
        i18n.install(i18n.ENGLISH)
    assert [in_language(one, "de") or one for one in english] == german


def test_the_command_writes_a_table_that_can_be_trained_on(
    flat: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "groups.csv"
    assert command("groups", flat, "--out", table, "--sort-into", tmp_path / "sorted") == 0
    names = [line[21:].split("  ")[0] for line in capsys.readouterr().out.splitlines()[:3]]
    assert set(names) == {"golf ball", groups.NO_NAME}, "as in the window"
    with table.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) == 3 * EACH
    assert len({row["group"] for row in rows}) == 3
    named = {row["group"]: f"kind {row['group']}" for row in rows}
    with table.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0].keys())
        writer.writeheader()
        writer.writerows({**row, "name": named[row["group"]] if row["central"] == "1" else ""} for row in rows)
    capsys.readouterr()
    assert command("train", table, "--out", tmp_path / "adapter.safetensors") == 0
    said = capsys.readouterr()
    assert "Trained on all 3 classes: 'kind 1', 'kind 2', 'kind 3'" in said.out + said.err
    assert "at hand taught" in said.out + said.err
    header = read_header(tmp_path / "adapter.safetensors")
    assert header.open_set is None, "typical pictures do not tell how others score"
    assert len(list((tmp_path / "sorted").iterdir())) == 3
    assert command("train", tmp_path / "sorted", "--out", tmp_path / "again.safetensors") == 0


def test_groups_from_python_are_the_same_in_any_order_and_count_a_copy_once(flat: Path, tmp_path: Path) -> None:
    files = sorted(flat.iterdir())
    first = find_groups(files, ["red", "green"])
    copied = shutil.copy(files[0], tmp_path / "copy.jpg")
    second = find_groups([*reversed(files), copied], ["red", "green"])
    assert [one.name for one in first.groups] == [one.name for one in second.groups]

    def contents(found: object) -> list[list[bytes]]:
        return [[path.read_bytes() for path in group.central] for group in found.groups]

    assert contents(first) == contents(second)
    assert sum(len(one.files) for one in second.groups) == len(files)
    for group in first.groups:
        assert set(group.central) <= set(group.files)
        assert len({path.name.split()[0] for path in group.files}) == 1


def test_a_single_name_that_is_given_is_proposed(sample_pictures: Path) -> None:
    files = [path for name in ("lemon", "daisy") for path in sorted((sample_pictures / name).iterdir())]
    found = find_groups(files, ["lemon"])
    named = {one.central[0].parent.name: one.name for one in found.groups}
    assert named["lemon"] == "lemon"
    assert named["daisy"] != "lemon", "it is predicted as the only class there is"


def test_two_groups_have_one_name_only_if_it_was_given(
    flat: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        groups, "proposals", lambda context, token: {one.key: "thing" for one in open_groups(context, token)}
    )
    assert sorted(one.name for one in find_groups([flat]).groups) == ["thing", "thing 2", "thing 3"]
    assert command("groups", flat, "--names", "Thing", "--sort-into", tmp_path / "sorted") == 0
    assert "3 groups are named thing: they are one class." in capsys.readouterr().out
    assert [one.name for one in (tmp_path / "sorted").iterdir()] == ["thing"]


def test_reading_names_for_groups_lets_others_in_and_can_be_cancelled(
    pool: ProjectContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_groups(pool, TOKEN)
    monkeypatch.setattr(pool.engine.backbone, "background", None)
    token = CancelToken()
    read: list[int] = []
    real = type(pool.engine.predictor).features_of

    def reading(self: object, texts: list[str], template: str) -> np.ndarray:
        read.append(len(texts))
        return real(self, texts, template)

    monkeypatch.setattr(type(pool.engine.predictor), "features_of", reading)
    token.safe_point = token.cancel
    with pytest.raises(Cancelled):
        proposals(pool, token)
    assert read == [groups.READ_AT_ONCE]


def test_a_class_of_accepted_groups_is_asked_about_twice(pool: ProjectContext) -> None:
    few = min(len(one.typical) for one in open_groups(pool, TOKEN))
    for number, one in enumerate(open_groups(pool, TOKEN)):
        label_group(pool, one.typical.tolist(), f"kind {number}")
    learn(pool, TOKEN)
    answers = []
    while questions := suggest(pool, few, TOKEN).questions:
        image, kind = questions[0]
        pool.project.assign([image], kind)
        answers.append(kind)
        learn(pool, TOKEN)
    assert sorted(answers) == sorted(2 * [one.id for one in pool.classes if one.name.startswith("kind")])


def test_few_pictures_are_not_called_mixed(flat: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("groups", *sorted(flat.iterdir())[:5]) == 0
    assert "hardly fall into groups" not in capsys.readouterr().out


def test_what_cannot_be_grouped_is_refused_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no picture" in refused(capsys, "groups", tmp_path)
    with pytest.raises(UserError, match="given twice"):
        find_groups([tmp_path], ["red", "Red"])


def test_more_pictures_make_other_groups(pool: ProjectContext, tmp_path: Path) -> None:
    before = open_groups(pool, TOKEN)
    from mma_desktop.services.images import embedding

    importing.import_paths(pool, [noisy_folders(tmp_path, "more", {"a": 1, "b": 1, "c": 1, "cyan": 8}, seed=3)], TOKEN)
    embedding.embed(pool, TOKEN)
    after = open_groups(pool, TOKEN)
    assert sum(len(one.typical) + len(one.others) for one in after) == 24 + 11
    assert len(after) >= len(before)
