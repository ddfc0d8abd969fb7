"""The sample: what is shipped is what the script draws; it is copied whole or not at all, and labelled but for some."""

from __future__ import annotations

import hashlib
import importlib
import math
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.paths import APP, resource
from mma_desktop.core.types import STARTER_ID, Role
from mma_desktop.engine.backbones.loading import load_backbone
from mma_desktop.engine.features.feature_cache import FeatureCache
from mma_desktop.engine.features.shared_cache import shared_cache
from mma_desktop.media.reader import read_file
from mma_desktop.media.scan import class_folders
from mma_desktop.services.images.embedding import embed
from mma_desktop.services.images.sample_project import PER_CLASS, UNLABELLED, add_features, copy_sample
from mma_desktop.services.predicting.model_in_use import prepare
from mma_desktop.services.predicting.prediction import rank
from mma_desktop.services.project_factory import open_project
from mma_desktop.services.training.learning import learn
from tests.steps import meanwhile, run

PACKAGING = Path(__file__).parents[2] / "packaging"
MAX_BYTES = 6_000_000
CLASSES = 12
HIDDEN = 12


@pytest.fixture(scope="module")
def script() -> Iterator[ModuleType]:
    """`packaging/sample_pictures.py`."""
    if not PACKAGING.exists():
        pytest.skip("packaging/ is not here")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(PACKAGING))
        import sample_pictures

        yield sample_pictures
        for name in ("sample_pictures", "sample_canvas", "sample_shapes"):
            del sys.modules[name]


@pytest.fixture(scope="module")
def features() -> Iterator[ModuleType]:
    """`packaging/starter_features.py`."""
    if not PACKAGING.exists():
        pytest.skip("packaging/ is not here")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(PACKAGING))
        yield importlib.import_module("starter_features")
        del sys.modules["starter_features"]


@pytest.fixture(scope="module")
def computed(features: ModuleType) -> tuple[np.ndarray, np.ndarray]:
    """Content hashes and rows of one picture a class, by the starter itself."""
    return features.picture_features(step=PER_CLASS)


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_class_folders_of_good_pictures_that_all_differ() -> None:
    folders = class_folders([resource("sample")])
    assert folders is not None
    assert len(folders) == CLASSES
    files = files_of(resource("sample"))
    numbers = range(1, PER_CLASS + 1)
    assert [path.name for path in files] == [f"{name} {n:02d}.jpg" for name in sorted(folders) for n in numbers]
    assert sum(path.stat().st_size for path in files) < MAX_BYTES
    found = [read_file(path) for path in files]
    assert {one.problem for one in found} == {None}
    assert len({one.content_hash for one in found}) == len(files)
    assert len({(one.width, one.height) for one in found}) > 100


def test_what_is_shipped_is_what_the_script_draws(script: ModuleType) -> None:
    """The first and the last picture of each class; all of them take ten seconds."""
    assert list(script.CLASSES) == sorted(class_folders([resource("sample")]) or ())
    assert script.PER_CLASS == PER_CLASS
    for name in script.CLASSES:
        for number in (0, PER_CLASS - 1):
            there = resource("sample", name, f"{name} {number + 1:02d}.jpg").read_bytes()
            assert script.difference(script.draw_jpeg(name, number), there) < script.TOLERANCE
    assert script.check(resource("sample-more"), script.draw_hidden().items()) == []


def test_the_features_and_prompts_are_what_the_starter_computes(
    features: ModuleType, computed: tuple[np.ndarray, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one picture a class, and every prompt."""
    monkeypatch.setattr(features, "picture_features", lambda _step: computed)
    assert features.check(step=PER_CLASS) == []
    shipped = resource("starter", "sample-features", features.CACHE)
    assert (shipped / "hashes.bin").stat().st_size == 32 * (PER_CLASS * CLASSES + HIDDEN)


def test_what_the_script_writes_it_finds_right(
    features: ModuleType,
    computed: tuple[np.ndarray, np.ndarray],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(features, "picture_features", lambda _step=1: computed)
    monkeypatch.setattr(features, "prompts", lambda: ["a photo of a lemon.", "a photo of a tram."])
    monkeypatch.setattr(features, "FOLDER", tmp_path / "sample-features")
    monkeypatch.setattr(features, "starter_file", lambda name: tmp_path / name)
    (tmp_path / "sample-features" / "of another version").mkdir(parents=True)
    features.write()
    digest = hashlib.sha256((tmp_path / "prompts.safetensors").read_bytes()).hexdigest()
    written = features.load_prompts(tmp_path / "prompts.safetensors", digest)
    monkeypatch.setattr(features, "load_prompts", lambda: written)
    assert features.check() == []
    assert sorted(path.name for path in files_of(tmp_path / "sample-features")) == [
        "features.f16",
        "hashes.bin",
        "meta.json",
    ]


def test_the_script_says_which_features_and_prompts_are_wrong(
    features: ModuleType, computed: tuple[np.ndarray, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes, rows = computed
    monkeypatch.setattr(
        features, "picture_features", lambda _step: (hashes, rows + 0.01 * (np.arange(CLASSES + 1) == 3)[:, None])
    )
    monkeypatch.setattr(features, "prompts", lambda: ["a photo of a lemon.", "a photo of a tram."])
    known = features.load_prompts()
    monkeypatch.setattr(
        features, "load_prompts", lambda: {"a photo of a lemon.": -known["a photo of a lemon."], "old": known}
    )
    other, missing, needless, vector = features.check(step=PER_CLASS)
    assert other.startswith(f"{hashes[3].hex()} has other features: 0.01")
    assert missing == "'a photo of a tram.' is missing"
    assert needless == "'old' is not needed"
    assert vector.startswith("'a photo of a lemon.' has another vector")
    monkeypatch.setattr(features, "CACHE", "starter-0123456789ab-2696")
    (version,) = features.check()
    assert version.endswith("is of another version of the starter, whose features are in starter-0123456789ab-2696")


def test_the_script_says_what_is_wrong(script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(script, "CLASSES", ("lemon",))
    script.write(tmp_path, 3)
    assert script.check(tmp_path, script.draw_all(3)) == []
    (tmp_path / "lemon" / "lemon 01.jpg").unlink()
    (tmp_path / "lemon" / "lemon 02.jpg").write_bytes(script.draw_jpeg("lemon", 1, seed=1))
    (tmp_path / "lemon" / "mine.jpg").write_bytes(b"mine")
    missing, other, mine = script.check(tmp_path, script.draw_all(3))
    assert missing == "lemon/lemon 01.jpg is missing"
    assert other.startswith("lemon/lemon 02.jpg is another picture")
    assert mine == "lemon/mine.jpg is not drawn here"


def test_the_same_seed_gives_the_same_bytes(script: ModuleType) -> None:
    assert script.draw_jpeg("lemon", 0) == script.draw_jpeg("lemon", 0)
    assert script.draw_jpeg("lemon", 0) != script.draw_jpeg("lemon", 0, seed=1)


def test_each_thing_is_drawn_with_light_and_colour(script: ModuleType) -> None:
    for name in script.CLASSES:
        for number in range(PER_CLASS, PER_CLASS + 2):
            seen = np.asarray(script.draw_picture(name, number)).astype(float)
            assert seen.shape[2] == 3
            assert seen.std() > 15
            assert 20 < seen.mean() < 235


def test_some_of_each_class_are_copied(tmp_path: Path) -> None:
    told, _ = run(lambda token: copy_sample(tmp_path / "pictures", 2, token))
    total = 2 * CLASSES
    assert [(one.done, one.total) for one in told] == [(i + 1, total) for i in range(total)]
    assert [path.name for path in tmp_path.iterdir()] == ["pictures"]
    assert len(class_folders([tmp_path / "pictures"]) or ()) == CLASSES
    copied = files_of(tmp_path / "pictures")
    assert [path.name for path in copied if path.parent.name == "lemon"] == ["lemon 01.jpg", "lemon 02.jpg"]
    assert len(copied) == total
    for path in copied:
        assert path.read_bytes() == resource("sample", path.parent.name, path.name).read_bytes()


def test_stopping_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        copy_sample(tmp_path / "pictures", 3, meanwhile(CancelToken.cancel))
    assert list(tmp_path.iterdir()) == []


def test_a_taken_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match="not empty"):
        copy_sample(tmp_path, 1, CancelToken())


def test_the_project_has_features_and_labels_but_for_the_last_of_each_class(
    made_sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = open_project(shutil.copytree(made_sample, tmp_path / "Sample.mma"), 1)
    names = [one.name for one in context.classes]
    assert sorted(names) == sorted(path.name for path in resource("sample").iterdir())
    assert {one.role for one in context.classes} == {Role.BASE}
    assert set(context.index.counts().values()) == {PER_CLASS - UNLABELLED}
    hashes = context.index.columns.hashes
    assert len(hashes) == PER_CLASS * CLASSES + HIDDEN
    prepare(context, CancelToken(), device="cpu")
    assert context.engine.embedded(hashes).all()
    backbone, _ = context.engine.need()
    monkeypatch.setattr(backbone, "encode_images", lambda _pictures: pytest.fail("a picture was encoded"))
    assert not embed(context, CancelToken()).embeddings
    context.close()


def test_commands_of_the_tests_find_the_shipped_features(sample_pictures: Path, cache_home: Path) -> None:
    """Else each worker encodes three hundred pictures, which takes fifteen seconds."""
    backbone = load_backbone(STARTER_ID)
    hashes = [hashlib.sha256(path.read_bytes()).digest() for path in files_of(sample_pictures)]
    cache = shared_cache(cache_home / APP / "embeddings", backbone, math.inf)
    assert (cache.rows(hashes) >= 0).all()


def test_features_are_added_to_those_that_are_there(tmp_path: Path, features: ModuleType) -> None:
    mine = np.full((1, features.LAYOUT.width), 0.5, np.float32)
    cache = FeatureCache(tmp_path / features.CACHE, features.LAYOUT.width)
    cache.append([b"m" * 32], mine)
    add_features(tmp_path)
    add_features(tmp_path)
    reopened = FeatureCache(tmp_path / features.CACHE, features.LAYOUT.width, embed_dim=features.LAYOUT.embed_dim)
    assert len(reopened) == 1 + PER_CLASS * CLASSES + HIDDEN
    np.testing.assert_allclose(reopened.gather_rows([b"m" * 32])[0, features.LAYOUT.embed_dim :], 0.5)


def test_a_name_that_is_no_class_finds_its_pictures_though_classes_are_like_it(
    made_sample: Path, tmp_path: Path
) -> None:
    token = CancelToken()
    context = open_project(shutil.copytree(made_sample, tmp_path / "Sample.mma"), 1)
    prepare(context, token)
    embed(context, token)
    context.learns = True
    learn(context, token)
    assert context.engine.adapter is not None
    names = {
        row.id: row.path.name.rsplit(" ", 1)[0]
        for row in context.project.image_rows(context.index.columns.ids.tolist())
    }
    for zero_shot in (False, True):
        ids, probabilities = rank(context, "fruit", token, zero_shot=zero_shot)
        first = [names[one] for one in ids[:40].tolist()]
        assert sum(one in {"banana", "lemon", "strawberry"} for one in first) >= 38, first
        assert probabilities[0] > 0.9
        ids, _ = rank(context, "ladybug", token, zero_shot=zero_shot)
        assert sum(names[one] == "picture" for one in ids[:HIDDEN].tolist()) >= HIDDEN - 1
        ids, probabilities = rank(context, "thing", token, zero_shot=zero_shot)
        assert len(set(ids.tolist())) == len(names)
        assert (np.diff(probabilities) <= 0).all()
    one = next(one for one in context.classes if one.name == "umbrella")
    own = {row for row, name in names.items() if name == one.name}
    held = dict.fromkeys((False, True), 0.0)
    context.project.delete_classes([one.id])
    learn(context, token)
    for zero_shot in held:  # a kind of picture that nobody labelled is found among those of the classes
        ids, _ = rank(context, one.name, token, zero_shot=zero_shot)
        held[zero_shot] = sum(row in own for row in ids[: len(own)].tolist()) / len(own)
    assert min(held.values()) > 0.9, held
    context.close()
