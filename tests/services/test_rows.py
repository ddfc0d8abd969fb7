"""Every way from pictures to rows reads a file once, and decodes and encodes what was never seen, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from mma_desktop import Classifier
from mma_desktop.cli.main import main
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.engine.backbones import loading
from mma_desktop.engine.backbones.starter import EMBED_DIM
from mma_desktop.engine.features.feature_cache import as_stored
from mma_desktop.media import decoding
from mma_desktop.services import graph
from mma_desktop.services.batch.headless import evaluate
from mma_desktop.services.batch.labelled_images import in_class_folders
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import embedding, importing
from mma_desktop.services.predicting import model_in_use
from mma_desktop.services.project_factory import cache_limit
from mma_desktop.store.project import Project
from tests.steps import run

from .conftest import noisy_folders

N = 6
Way = Callable[[], object]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two class folders of three pictures."""
    return noisy_folders(tmp_path_factory.mktemp("rows"), "pictures", {"red": 3, "blue": 3}, seed=7)


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory, warm_starter: object) -> Classifier:
    """Trained on other pictures."""
    folder = noisy_folders(tmp_path_factory.mktemp("others"), "others", {"red": 2, "blue": 2}, seed=8)
    files = sorted(folder.rglob("*.*"))
    return Classifier(method="zero-shot").fit(files, [path.parent.name for path in files])


@pytest.fixture(scope="module")
def adapter(classifier: Classifier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("adapter") / "a.safetensors"
    classifier.save(path)
    return path


@pytest.fixture
def counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """What was done since it was cleared, with a cache folder of the test's own."""
    found: Counter[str] = Counter()

    def counted(name: str, owner: object, method: str, number: Callable[..., int] = lambda *_: 1) -> None:
        work = getattr(owner, method)

        def wrapped(*arguments: object, **more: object) -> object:
            found[name] += number(*arguments)
            return work(*arguments, **more)

        monkeypatch.setattr(owner, method, wrapped)

    backbone = loading.load_backbone("starter", "cpu")
    counted("read", decoding, "read_bytes")
    counted("decoded", decoding, "flatten")
    counted("encoded", type(backbone), "encode_images", lambda _self, some: len(some))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return found


@pytest.fixture
def window(tmp_path: Path, pictures: Path) -> Iterator[Way]:
    """What the window does when a project is opened whose pictures are in it."""
    with closing(ProjectContext(Project.create(tmp_path / "window.mma"), threads=1)) as context:
        importing.import_paths(context, [pictures], CancelToken())
        model_in_use.prepare(context, CancelToken())
        yield lambda: run(lambda token: embedding.embed(context, token))


NOTHING = (0, 0, 0)
ONCE, KNOWN = (N, N, N), (N, 0, 0)
WAYS = {
    "rank": (ONCE, KNOWN),
    "predict_each": (ONCE, KNOWN),
    "transform": (ONCE, KNOWN),
    "predict": (ONCE, KNOWN),
    "evaluate": (ONCE, (N, N, 0)),  # an import decodes each picture, to know that it is whole
    "shards": (ONCE, ONCE),  # which keep nothing
    "window": (ONCE, NOTHING),  # the project knows what is in its files
}


@pytest.mark.parametrize("name", WAYS)
def test_each_way_in(name, classifier, adapter, pictures, counts, tmp_path, window):
    files = sorted(pictures.rglob("*.*"))
    out = iter((tmp_path / "1", tmp_path / "2"))

    def predict(*more: str) -> None:
        assert main(["predict", str(adapter), str(pictures), "--quiet", *more], lambda: 1) == 0

    def shards() -> None:
        (folder := next(out)).mkdir()
        predict("--out", str(folder))

    ways: dict[str, Way] = {
        "rank": lambda: classifier.rank(files),
        "predict_each": lambda: list(classifier.predict_each(files)),
        "transform": lambda: classifier.transform(files),
        "predict": lambda: predict("--out", str(next(out))),
        "evaluate": lambda: evaluate(adapter, in_class_folders(pictures), "cpu", None, CancelToken()),
        "shards": shards,
        "window": window,
    }
    for expected in WAYS[name]:
        counts.clear()
        ways[name]()
        assert tuple(counts[what] for what in ("read", "decoded", "encoded")) == expected


def test_what_one_way_has_seen_no_other_looks_at_again(classifier, adapter, pictures, counts, tmp_path):
    files = sorted(pictures.rglob("*.*"))
    rows = classifier.transform(files)
    assert counts["encoded"] == N
    np.testing.assert_array_equal(classifier.transform([path.read_bytes() for path in files]), rows)
    assert main(["predict", str(adapter), str(pictures), "--quiet", "--out", str(tmp_path / "a.csv")], lambda: 1) == 0
    evaluate(adapter, in_class_folders(pictures), "cpu", None, CancelToken())
    Classifier(method="zero-shot").fit(files, [path.parent.name for path in files])
    assert counts["encoded"] == N


def test_all_ways_agree_to_the_bit(classifier, adapter, pictures, counts, tmp_path, monkeypatch):
    files = sorted(pictures.rglob("*.*"))
    fresh = classifier.rank(files)
    known = classifier.rank(files)
    monkeypatch.setenv("MMA_CACHE_GB", "0")
    assert classifier.rank(files) == known == fresh
    assert not list((tmp_path / "cache").glob("*/embeddings/*+2"))
    with closing(ProjectContext(Project.create(tmp_path / "window.mma"), threads=1)) as context:
        importing.import_paths(context, [pictures], CancelToken())
        model_in_use.prepare(context, CancelToken())
        embedding.embed(context, CancelToken())
        columns = context.index.columns
        rows = {bytes(one): context.engine.gather(columns.hashes)[at] for at, one in enumerate(columns.hashes)}
    (folder := tmp_path / "shards").mkdir()
    assert main(["predict", str(adapter), str(pictures), "--quiet", "--out", str(folder)], lambda: 1) == 0
    of_shards = [row for path in sorted(folder.glob("part-*")) for row in pq.read_table(path).to_pylist()]
    whole = dict(zip(map(str, files), classifier.transform(files), strict=True))
    by_name = {one.source: one for one in fresh}
    for row in of_shards:
        in_window = as_stored(whole[row["path"]][None], EMBED_DIM)[0]
        np.testing.assert_array_equal(in_window, rows[row["content_hash"]])
        assert row["confidence"] == np.float32(by_name[row["path"]].ranked[0].confidence)


def test_an_edited_row_of_a_project_is_made_again_when_it_is_opened(pictures, counts, tmp_path):
    def opened() -> tuple[np.ndarray, int]:
        """The rows, and how many were encoded for them."""
        with closing(ProjectContext(Project.open(tmp_path / "window.mma"), threads=1)) as context:
            counts.clear()
            model_in_use.prepare(context, CancelToken())
            embedding.embed(context, CancelToken())
            assert len(graph.rows(context, CancelToken()).ids) == N
            return context.engine.gather(context.index.columns.hashes), counts["encoded"]

    with closing(ProjectContext(Project.create(tmp_path / "window.mma"))) as context:
        importing.import_paths(context, [pictures], CancelToken())
    rows, encoded = opened()
    assert encoded == N
    (features,) = (tmp_path / "window.mma").glob("embeddings/*/features.f16")
    stored = np.fromfile(features, np.float16).reshape(N, -1)
    stored[2] = stored[3]
    stored.tofile(features)
    for expected in (1, 0):
        again, encoded = opened()
        np.testing.assert_allclose(again, rows, atol=2e-3)
        assert encoded == expected


def test_the_limit_is_what_the_environment_says_or_else_the_settings(monkeypatch):
    assert cache_limit() == 2e9
    monkeypatch.setenv("MMA_CACHE_GB", "0.5")
    assert cache_limit() == 5e8
    for wrong in ("much", "-1", "nan", "inf"):
        monkeypatch.setenv("MMA_CACHE_GB", wrong)
        with pytest.raises(UserError, match="MMA_CACHE_GB"):
            cache_limit()
