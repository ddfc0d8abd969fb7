"""Suspected labels: exact leave-one-out, the rule of confident learning, labels that were found right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import LabelSource, Role
from mma_desktop.engine.evaluation.calibration import fit_temperature, softmax
from mma_desktop.engine.methods.visual_head import fit_head, left_together, refit_head
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import embedding
from mma_desktop.services.labels import label_errors
from mma_desktop.services.labels.label_errors import (
    LabelBlocks,
    Suspect,
    Suspects,
    confident,
    confirmed_labels,
    leave_one_out,
)
from mma_desktop.services.predicting import model_in_use
from mma_desktop.services.project_factory import create_project, open_project
from tests.steps import run

from .test_importing import MakeFolder, imported
from .understanding import whole_rows

TOKEN = CancelToken()
DIM = 12
SCALE = 30.0


def blobs(sizes: list[int], spread: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors around as many axes as there are sizes, and the blob of each."""
    labels = np.repeat(np.arange(len(sizes)), sizes)
    vectors = np.eye(DIM)[labels] + spread * np.random.default_rng(seed).normal(size=(len(labels), DIM))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), labels


def all_of(judged: LabelBlocks) -> np.ndarray:
    return np.concatenate([probabilities for _, probabilities in judged.blocks()])


def judge(features: np.ndarray, labels: np.ndarray, token: CancelToken = TOKEN) -> LabelBlocks:
    """Names that say nothing: the features alone decide."""
    texts = np.full((int(labels.max()) + 1, DIM), 1 / np.sqrt(DIM), np.float32)
    return leave_one_out(lambda part: features[part], labels, texts, SCALE, token)


def test_leave_one_out_is_what_a_fit_without_the_image_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mma_desktop.services.labels.label_errors.BLOCK", 7)
    features, labels = blobs([9, 8, 6], 0.3)
    texts = np.eye(DIM, dtype=np.float32)[[1, 0, 2]]
    judged = leave_one_out(lambda part: features[part], labels, texts, SCALE, TOKEN)
    found = all_of(judged)
    rows, own = torch.tensor(features), torch.tensor(labels)
    chosen = fit_head(rows, own, rows @ torch.tensor(texts).T, SCALE)
    logits, together = [], left_together(own, rows=rows)
    for row in range(len(labels)):
        keep = together != together[row]
        rest = refit_head(chosen, rows[keep], own[keep], 3)
        scores = (rows[row] @ rest.weights + rest.offsets).numpy()
        logits.append(SCALE * (features[row] @ texts.T + chosen.amount * scores))
    temperature = fit_temperature(np.array(logits), labels)
    np.testing.assert_allclose(found, softmax(np.array(logits) / temperature), rtol=1e-3, atol=1e-6)


def test_many_labels_are_judged_by_a_fit_to_some_of_each_class(monkeypatch: pytest.MonkeyPatch) -> None:
    features, truth = blobs([40, 40, 4], 0.05)
    labels = truth.copy()
    labels[[3, 50, 81]] = [1, 2, 0]
    whole = confident(judge(features, labels), 3)
    monkeypatch.setattr("mma_desktop.services.labels.label_errors.TOGETHER", 30)
    asked: list[int] = []

    def of(part: slice | np.ndarray) -> np.ndarray:
        asked.append(len(features[part]))
        return features[part]

    texts = np.full((3, DIM), 1 / np.sqrt(DIM), np.float32)
    judged = leave_one_out(of, labels, texts, SCALE, TOKEN)
    assert asked == [24], "ten of the two large classes, all four of the small one"
    found = confident(judged, 3)
    assert {row for row, *_ in found} == {row for row, *_ in whole} == {3, 50, 81}
    before = all_of(judged)
    monkeypatch.setattr(
        "mma_desktop.engine.methods.ridge.MAX_LEFT_OUT", 10
    )  # the rest of those is left out all the same
    np.testing.assert_allclose(all_of(leave_one_out(of, labels, texts, SCALE, TOKEN)), before, atol=0.2)


def test_exchanged_labels_are_listed_and_only_they() -> None:
    features, truth = blobs([40, 40, 40], 0.05)
    labels = truth.copy()
    wrong = [3, 50, 100]
    labels[wrong] = [1, 2, 0]
    found = confident(judge(features, labels), 3)
    assert {row: other for row, _, other, _, _ in found} == {3: 0, 50: 1, 100: 2}
    assert all(rival > own for _, _, _, own, rival in found)
    assert confident(judge(features, truth), 3) == []


def test_copies_of_a_picture_do_not_speak_for_one_another() -> None:
    features, truth = blobs([20, 20, 20], 0.05)
    labels, copies = truth.copy(), np.arange(60)
    wrong = [3, 4, 5]  # one picture, three times
    features[wrong], labels[wrong], copies[wrong] = features[3], 1, 3
    texts = np.full((3, DIM), 1 / np.sqrt(DIM), np.float32)

    def listed(copies: np.ndarray | None) -> list[int]:
        judged = leave_one_out(lambda part: features[part], labels, texts, SCALE, TOKEN, copies)
        return [row for row, *_ in confident(judged, 3)]

    assert listed(None) == []
    assert listed(copies) == wrong


def test_a_class_with_a_picture_or_two_is_not_left_without_any() -> None:
    features, labels = blobs([20, 20, 4], 0.05)
    copies = np.arange(44)
    features[40:], copies[40:] = features[40], 40
    texts = np.full((3, DIM), 1 / np.sqrt(DIM), np.float32)
    judged = leave_one_out(lambda part: features[part], labels, texts, SCALE, TOKEN, copies)
    assert confident(judged, 3) == []


def test_confident_learning_by_hand() -> None:
    probabilities = np.array([[0.9, 0.1], [0.7, 0.3], [0.1, 0.9], [0.2, 0.8], [0.4, 0.6], [0.25, 0.75]], np.float32)
    labels = np.array([0, 0, 1, 1, 0, 0])
    # thresholds: class 0 (0.9 + 0.7 + 0.4 + 0.25) / 4 = 0.5625, class 1 at least the mean of both, as it is of two
    judged = LabelBlocks(labels, lambda: iter([(slice(0, 6), probabilities)]))
    assert confident(judged, 2) == []  # 0.6 and 0.75 do not pass 0.85
    surer = probabilities.copy()
    surer[2:4] = [[0.4, 0.6], [0.3, 0.7]]
    judged = LabelBlocks(labels, lambda: iter([(slice(0, 6), surer)]))
    found = confident(judged, 2)
    assert [(row, label, other) for row, label, other, _, _ in found] == [(5, 0, 1)]  # 0.75 passes 0.65, 0.6 does not
    assert found[0][3:] == pytest.approx((0.25, 0.75))


def test_one_or_two_labels_do_not_make_other_labels_wrong() -> None:
    probabilities = [[0.9, 0.05, 0.05], [0.8, 0.1, 0.1], [0.25, 0.3, 0.45], [0.6, 0.2, 0.2], [0.7, 0.1, 0.2]]
    probabilities += [[0.1, 0.1, 0.8], [0.1, 0.1, 0.8], [0.2, 0.1, 0.7]]
    labels, rows = np.array([0, 0, 0, 1, 1, 2, 2, 2]), np.array(probabilities, np.float32)
    found = confident(LabelBlocks(labels, lambda: iter([(slice(0, 8), rows)])), 3)
    assert [one[:3] for one in found] == [(4, 1, 0)], "0.3 of a class of two labels is not much"


def test_stops_when_it_is_told_to() -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        judge(*blobs([5, 5], 0.1), token)


# -- with a project


def three_classes(context: ProjectContext, folder: Path) -> np.ndarray:
    """Import ten images of three classes and label them; no features yet. Returns the ids."""
    imported(context, folder)
    ids = context.index.columns.ids
    context.project.add_classes(["ant", "bee", "cat"])
    for at, one in enumerate(context.classes):
        context.project.assign(ids[10 * at : 10 * at + 10].tolist(), one.id)
    model_in_use.prepare(context, TOKEN)
    return ids


@pytest.fixture
def labelled(context: ProjectContext, make_folder: MakeFolder) -> tuple[ProjectContext, np.ndarray]:
    """Three classes of ten images with features of the test's own, in the order of their ids."""
    ids = three_classes(context, make_folder("pictures", {"ant": 10, "bee": 10, "cat": 10}))
    _, cache = context.engine.need()
    centres = np.random.default_rng(1).normal(size=(3, cache.embed_dim))
    noise = np.random.default_rng(2).normal(size=(30, cache.embed_dim))
    vectors = np.repeat(centres, 10, axis=0) + 0.2 * noise
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cache.append(context.index.columns.hashes, whole_rows(cache, vectors))
    return context, ids


def test_a_wrong_label_is_found_until_it_is_kept_or_changed(labelled: tuple[ProjectContext, np.ndarray]) -> None:
    context, ids = labelled
    ant, bee, cat = (one.id for one in context.classes)
    assert label_errors.find_suspects(context, TOKEN).found == ()
    first, second = int(ids[0]), int(ids[15])
    context.project.assign([first], cat)
    context.project.assign([second], ant)
    events, found = run(lambda token: label_errors.find_suspects(context, token))
    assert {one.image_id: (one.class_id, one.looks_like) for one in found.found} == {
        first: (cat, ant),
        second: (ant, bee),
    }
    assert events[-1].done == events[-1].total == found.judged == 30
    assert all(one.margin > 0 for one in found.found)
    label_errors.confirm_labels(context, [first])
    again = label_errors.find_suspects(context, TOKEN)
    assert [one.image_id for one in again.found] == [second]
    assert again.kept == 1
    context.project.assign([first], bee)  # another label: it counts no more
    assert {one.image_id for one in label_errors.find_suspects(context, TOKEN).found} == {first, second}
    context.project.assign([first], cat)
    label_errors.confirm_labels(context, [first])
    label_errors.confirm_labels(context, [first], keep=False)
    assert {one.image_id for one in label_errors.find_suspects(context, TOKEN).found} == {first, second}


def test_a_wrong_label_is_found_though_a_copy_of_the_picture_has_it_too(
    context: ProjectContext, make_folder: MakeFolder
) -> None:
    folder = make_folder("pictures", {"ant": 10, "bee": 10, "cat": 10})
    with Image.open(folder / "ant" / "ant 00.jpg") as picture:
        for number in (1, 2):
            picture.resize((64 * number, 48 * number)).save(folder / "ant" / f"ant {number:02}.jpg", quality=95)
    ids = three_classes(context, folder)
    _, cache = context.engine.need()
    vectors = np.repeat(np.eye(3), 10, axis=0) @ np.eye(3, cache.embed_dim)
    vectors += 0.05 * np.random.default_rng(2).normal(size=vectors.shape)
    vectors[1:3] = vectors[0]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cache.append(context.index.columns.hashes, whole_rows(cache, vectors))
    context.project.assign(ids[:3].tolist(), context.classes[2].id)
    found = label_errors.find_suspects(context, TOKEN).found
    assert {one.image_id for one in found} == set(ids[:3].tolist())


def test_the_surest_suspect_comes_first(labelled: tuple[ProjectContext, np.ndarray]) -> None:
    context, ids = labelled
    for at, choice in ((0, 2), (11, 0), (15, 0), (22, 1)):
        context.project.assign([int(ids[at])], context.classes[choice].id)
    found = label_errors.find_suspects(context, TOKEN).found
    margins = [one.margin for one in found]
    assert len(found) == 4
    assert margins == sorted(margins, reverse=True)
    images = [one.image_id for one in found]
    assert images != sorted(images), "by how sure they are, not as they were imported"
    assert images != sorted(images, reverse=True)


def test_relabelling_replaces_a_persons_label_in_one_step(labelled: tuple[ProjectContext, np.ndarray]) -> None:
    context, ids = labelled
    ant, bee, _ = (one.id for one in context.classes)
    pairs = [(int(ids[0]), bee), (int(ids[1]), bee)]
    context.project.assign_many(pairs, LabelSource.SUGGESTION)
    assert [row.class_id for row in context.project.image_rows(ids[:2].tolist())] == [ant, ant]
    context.project.assign_many(pairs, LabelSource.SUGGESTION, overwrite=True)
    assert [row.class_id for row in context.project.image_rows(ids[:2].tolist())] == [bee, bee]
    context.project.undo()
    assert [row.class_id for row in context.project.image_rows(ids[:2].tolist())] == [ant, ant]


def test_labels_of_new_classes_are_judged_by_the_other_labels(labelled: tuple[ProjectContext, np.ndarray]) -> None:
    context, ids = labelled  # the features have nothing to do with the names, so zero-shot would be a guess
    context.project.set_role([one.id for one in context.classes[1:]], Role.NEW)
    ant, bee, cat = (one.id for one in context.classes)
    assert label_errors.find_suspects(context, TOKEN).found == ()
    context.project.assign([int(ids[0])], cat)
    context.project.assign([int(ids[25])], bee)
    found = label_errors.find_suspects(context, TOKEN).found
    assert {one.image_id: one.looks_like for one in found} == {int(ids[0]): ant, int(ids[25]): cat}


def suspects(margins: list[float], judged: int) -> Suspects:
    found = tuple(Suspect(at, 1, 2, 0.0, margin) for at, margin in enumerate(margins))
    return Suspects(found, judged)


def test_only_sure_ones_and_not_a_stray_few_are_worth_a_notice() -> None:
    assert suspects([0.95, 0.92, 0.5, 0.2], 100).sure == 2
    assert suspects([0.95, 0.92, 0.5, 0.2], 100).worth_telling
    assert suspects([0.95], 30).worth_telling
    assert not suspects([0.95, 0.92, 0.5, 0.2], 300).worth_telling  # so many of right labels look so
    assert not suspects([0.85] * 50, 100).worth_telling
    assert not suspects([], 0).worth_telling


def test_too_few_labels_say_so(context: ProjectContext, make_folder: MakeFolder) -> None:
    imported(context, make_folder("pictures", {"ant": 3}))
    context.project.add_classes(["ant", "bee"])
    context.project.assign(context.index.columns.ids.tolist(), context.classes[0].id)
    with pytest.raises(UserError, match="No image model"):
        label_errors.find_suspects(context, TOKEN)
    model_in_use.prepare(context, TOKEN)
    embedding.embed(context, TOKEN)
    with pytest.raises(UserError, match="at least three pictures"):
        label_errors.find_suspects(context, TOKEN)


def test_kept_labels_are_there_after_opening_again(tmp_path: Path, make_folder: MakeFolder) -> None:
    made = create_project(tmp_path / "kept.mma", threads=1)
    imported(made, make_folder("pictures", {"ant": 2}))
    made.project.add_classes(["ant", "bee"])
    ids = made.index.columns.ids.tolist()
    made.project.assign(ids, made.classes[0].id)
    label_errors.confirm_labels(made, ids[:1])
    made.close()
    again = open_project(tmp_path / "kept.mma")
    try:
        assert confirmed_labels(again) == {ids[0]: again.classes[0].id}
    finally:
        again.close()
