"""Likeness: more like these, a text, near duplicates, and duplicates that leak from shots into the test."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import RunRecord, TrainRequest, Use
from mma_desktop.services import similarity
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter
from mma_desktop.services.images import duplicates, embedding
from mma_desktop.services.images.duplicates import SIDE, signature
from mma_desktop.services.predicting import model_in_use
from mma_desktop.services.training import mistakes
from tests.steps import meanwhile, run

from .test_importing import MakeFolder, imported
from .understanding import whole_rows

TOKEN = CancelToken()


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


@pytest.fixture
def embedded(context: ProjectContext, make_folder: MakeFolder) -> tuple[ProjectContext, np.ndarray]:
    """Ten images, nine of them with features of the test's own, in the order of their ids."""
    imported(context, make_folder("pictures", {"ant": 10}))
    model_in_use.prepare(context, TOKEN)
    _, cache = context.engine.need()
    columns = context.index.columns
    features = unit(np.random.default_rng(0).normal(size=(9, cache.embed_dim)))
    cache.append(columns.hashes[:9], whole_rows(cache, features))
    return context, features


def test_more_like_ranks_the_others_by_cosine_with_the_mean(
    embedded: tuple[ProjectContext, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, features = embedded
    monkeypatch.setattr("mma_desktop.services.inference_state.CHUNK", 4)
    every = context.index.columns.ids
    ids, cosines = similarity.more_like(context, every[[1, 2, 9]].tolist(), TOKEN)  # the last has no features
    expected = features @ unit(features[1] + features[2])
    order = [at for at in np.argsort(-expected) if at not in {1, 2}]
    assert ids.tolist() == every[order].tolist()
    np.testing.assert_allclose(cosines, expected[order], atol=2e-3)
    with pytest.raises(UserError, match="not looked at yet"):
        similarity.more_like(context, [int(every[9])], TOKEN)
    stopped = CancelToken()
    stopped.cancel()
    with pytest.raises(Cancelled):
        similarity.more_like(context, every[:1].tolist(), stopped)


def test_a_text_is_compared_by_cosine_alone(embedded: tuple[ProjectContext, np.ndarray]) -> None:
    context, features = embedded
    ids, cosines = similarity.search_text(context, "  red   car ", TOKEN)
    text = context.engine.predictor.texts(["red car"], context.prompt_template)[0]
    expected = features @ text
    assert ids.tolist() == context.index.columns.ids[np.argsort(-expected)].tolist()
    np.testing.assert_allclose(cosines, np.sort(expected)[::-1], atol=2e-3)
    with pytest.raises(UserError, match="Type what"):
        similarity.search_text(context, " ", TOKEN)


def test_the_starter_finds_drawn_things_by_text_and_by_example(context: ProjectContext, sample_pictures: Path) -> None:
    names = ["strawberry", "umbrella", "lemon"]
    chosen = [path for name in names for path in sorted((sample_pictures / name).iterdir())[:8]]
    imported(context, *chosen)
    model_in_use.prepare(context, TOKEN)
    embedding.embed(context, TOKEN)
    rows = context.project.image_rows(context.index.columns.ids.tolist())
    truth = {row.id: row.path.parent.name for row in rows}
    for name in names:
        ids, _ = similarity.search_text(context, name, TOKEN)
        assert sum(truth[one] == name for one in ids[:8].tolist()) >= 4  # chance is 2.7
        mine = [one for one in truth if truth[one] == name]
        ids, _ = similarity.more_like(context, mine[:2], TOKEN)
        assert sum(truth[one] == name for one in ids[:6].tolist()) >= 4  # chance is 1.6


# -- near duplicates


def scene(seed: int, width: int = 160, height: int = 120) -> Image.Image:
    """A smooth random picture: what a photograph looks like at a distance."""
    coarse = np.random.default_rng(seed).integers(0, 255, (5, 6, 3), np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


def test_the_signature_is_the_mean_of_each_cell() -> None:
    picture = np.random.default_rng(0).integers(0, 255, (SIDE * 3, SIDE * 5, 3), np.uint8)
    expected = picture.reshape(SIDE, 3, SIDE, 5, 3).mean((1, 3))
    assert np.abs(signature(picture) - expected).max() <= 0.5 + 1e-9
    small = np.array([[[10, 20, 30], [50, 60, 70]]], np.uint8)  # smaller than the grid
    assert signature(small)[0, 0].tolist() == [10, 20, 30]
    assert signature(small)[-1, -1].tolist() == [50, 60, 70]


def write_copies(folder: Path) -> dict[str, list[str]]:
    """Twelve scenes; of the first three there are copies. Returns the file names of each group, the largest first."""
    folder.mkdir()
    for seed in range(12):
        scene(seed).save(folder / f"{seed}.png")
    scene(0).resize((80, 60)).save(folder / "0 half.jpg", quality=60)
    scene(0).resize((320, 240)).save(folder / "0 double.webp", quality=70)
    scene(1).save(folder / "1 again.jpg", quality=30)
    scene(2).transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(folder / "2 mirrored.png")
    scene(2).crop((0, 0, 160, 80)).save(folder / "2 cut.png")
    red, green, blue = scene(2).split()
    Image.merge("RGB", (blue, red, green)).save(folder / "2 other colours.png")
    for name in ("white", "white too"):
        Image.new("RGB", (90 + len(name), 90 + len(name)), "white").save(folder / f"{name}.png")
    return {"0": ["0 double.webp", "0.png", "0 half.jpg"], "1": ["1.png", "1 again.jpg"]}


def test_resized_and_recompressed_copies_are_one_group_the_largest_first(
    context: ProjectContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = write_copies(tmp_path / "pictures")
    imported(context, tmp_path / "pictures")
    names = {row.id: row.path.name for row in context.project.image_rows(context.select(Filter()).tolist())}
    monkeypatch.setattr(duplicates, "BLOCK", 4)  # groups across blocks
    monkeypatch.setattr(duplicates, "CONFIRM_AT_ONCE", 2)
    events, groups = run(lambda token: duplicates.near_duplicates(context, token))
    found = {names[group[0]][0]: [names[one] for one in group] for group in groups}
    assert {key: set(part) for key, part in found.items()} == {key: set(part) for key, part in expected.items()}
    assert found["0"] == expected["0"]
    assert events[-1].done == events[-1].total
    assert context.engine.backbone is None  # none is needed
    assert not any(path.unlink() for path in (tmp_path / "pictures").iterdir())
    monkeypatch.setattr(context, "thumbnails", None)
    assert duplicates.near_duplicates(context, TOKEN) == groups  # signatures are kept
    firsts = np.array([group[0] for group in groups])
    monkeypatch.setattr(
        context.project, "image_rows", lambda ids: [] if not ids else pytest.fail("rows are read again")
    )
    assert duplicates.copies_among(context, TOKEN, firsts).tolist() == list(range(len(firsts)))


def test_a_picture_that_is_removed_meanwhile_is_no_copy(context: ProjectContext, tmp_path: Path) -> None:
    write_copies(tmp_path / "pictures")
    imported(context, tmp_path / "pictures")
    names = {row.path.name: row.id for row in context.project.image_rows(context.select(Filter()).tolist())}
    gone = [names["0 half.jpg"], names["1.png"]]
    token = meanwhile(
        lambda _: context.project.remove_images(gone), lambda event: event.message == "Comparing pictures"
    )
    assert duplicates.near_duplicates(context, token) == [(names["0 double.webp"], names["0.png"])]


def test_no_picture_has_no_duplicate(context: ProjectContext) -> None:
    assert duplicates.near_duplicates(context, TOKEN) == []
    assert mistakes.leaks(context, TrainRequest(), TOKEN) == []


def test_without_thumbnails_the_pictures_are_read(context: ProjectContext, tmp_path: Path) -> None:
    expected = write_copies(tmp_path / "pictures")
    context.thumbnails = None
    imported(context, tmp_path / "pictures")
    (tmp_path / "pictures" / "5.png").unlink()  # gone: passed over
    groups = duplicates.near_duplicates(context, TOKEN)
    assert sorted(len(group) for group in groups) == sorted(map(len, expected.values()))


def test_a_duplicate_in_shots_and_test_is_told(context: ProjectContext, tmp_path: Path) -> None:
    write_copies(tmp_path / "pictures")
    imported(context, tmp_path / "pictures")
    context.project.add_classes(["ant", "bee"])
    ant, bee = (one.id for one in context.classes)
    by_name = {row.path.name: row.id for row in context.project.image_rows(context.select(Filter()).tolist())}
    context.project.assign([by_name[name] for name in ("0.png", "0 half.jpg", "1.png", "3.png", "4.png")], ant)
    context.project.assign([by_name[name] for name in ("5.png", "6.png", "7.png")], bee)
    context.project.set_use([by_name["0.png"], by_name["5.png"]], Use.SHOT)
    context.project.set_use([by_name["1.png"], by_name["3.png"], by_name["4.png"]], Use.TEST)
    context.project.set_use([by_name["0 half.jpg"]], Use.VALIDATION)
    request = TrainRequest(shots=1)
    assert mistakes.leaks(context, request, TOKEN) == []  # its copy is not tested with; that of 1.png is unlabelled
    context.project.set_use([by_name["0 half.jpg"]], Use.TEST)
    (leak,) = mistakes.leaks(context, request, TOKEN)
    assert leak == ((by_name["0.png"],), (by_name["0 half.jpg"],))

    def copies(*measured: str, shots: object = 1) -> int:
        ids = [by_name[name] for name in measured]
        kept = {"ids": ids, "labels": [0] * len(ids), "predicted": [0] * len(ids), "confidence": [1.0] * len(ids)}
        metrics = {"class_names": ["ant"], "measured": kept}
        record = RunRecord(1, "run", 0.0, "m", "b", "", {"shots": shots, "seed": 0}, metrics)
        return mistakes.measured_copies(context, record, TOKEN)

    assert copies("0 half.jpg", "3.png") == 1
    assert copies("3.png") == copies() == copies("0 half.jpg", shots="many") == 0


def test_a_search_stops_when_it_is_told_to(context: ProjectContext, tmp_path: Path) -> None:
    write_copies(tmp_path / "pictures")
    imported(context, tmp_path / "pictures")
    with pytest.raises(Cancelled):
        duplicates.near_duplicates(context, meanwhile(CancelToken.cancel))
    assert duplicates.near_duplicates(
        context,
        TOKEN,
    )


def test_photographs_and_their_copies(context: ProjectContext, tmp_path: Path, shared_data: Path) -> None:
    """Real pictures of a class are alike, and are told apart all the same."""
    rng = np.random.default_rng(0)
    expected: dict[str, int] = {}
    for folder in ("airplane", "dalmatian", "laptop"):
        for path in rng.permutation(sorted((shared_data / "caltech-20" / folder).iterdir()))[:12]:
            picture = Image.open(path).convert("RGB")
            name = f"{folder} {path.stem}"
            picture.save(tmp_path / f"{name}~0.png")
            third = (picture.width // 3, picture.height // 3)
            picture.resize(third).save(tmp_path / f"{name}~1.jpg", quality=75)
            picture.save(tmp_path / f"{name}~2.jpg", quality=25)
            expected[name] = 3
    imported(context, *sorted(tmp_path.glob("*~*")))
    names = {
        row.id: row.path.name.split("~")[0] for row in context.project.image_rows(context.select(Filter()).tolist())
    }
    groups = duplicates.near_duplicates(context, TOKEN)
    assert {names[group[0]]: len(group) for group in groups} == expected
    assert all(len({names[one] for one in group}) == 1 for group in groups)
