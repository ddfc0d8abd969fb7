"""What datasets, Datumaro, FiftyOne and webdataset write is read, and what is written for datasets is read by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import Use
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.registry import recognise
from mma_desktop.services.image_index import Filter, Order

from ..services.format_steps import read, take, write
from .conftest import Peer

pytestmark = pytest.mark.peers


def pairs(folder: Path, **options: object) -> list[tuple[str | None, Use | None]]:
    listing = read(folder, **options)  # type: ignore[arg-type]
    assert not listing.problems
    return [(one.label, one.use) for one in listing.entries]


def test_datasets_reads_class_labels(labelled: ProjectContext, tmp_path: Path, peer: Peer) -> None:
    write(labelled, "hf", tmp_path / "out", labelled_only=False)
    for how in ('"imagefolder", data_dir=sys.argv[1]', "sys.argv[1]"):
        code = f"""
import datasets
data = datasets.load_dataset({how})["train"]
label = data.features["label"]
print(json.dumps([type(label).__name__, label.names, data["label"][:], [one.size for one in data["image"]]]))"""
        kind, names, labels, sizes = peer(code, tmp_path / "out", needs="datasets")
        assert (kind, names) == ("ClassLabel", ["cat", 'the "dog", ü'])
        assert sorted(labels, key=str) == [0, 0, 0, 1, 1, None]
        assert sizes == [[8, 8]] * 6
    ids = labelled.select(Filter(order=Order.NAME)).tolist()
    for chosen, use in ((ids[:2], Use.SHOT), (ids[2:3], Use.VALIDATION), (ids[3:5], Use.TEST)):
        labelled.project.set_use(chosen, use)
    write(labelled, "hf", tmp_path / "split")
    code = """
import datasets
data = datasets.load_dataset("imagefolder", data_dir=sys.argv[1])
print(json.dumps({name: part.features["label"].int2str(part["label"][:]) for name, part in data.items()}))"""
    dog = 'the "dog", ü'
    parts = peer(code, tmp_path / "split", needs="datasets")
    assert {name: sorted(labels) for name, labels in parts.items()} == {
        "train": ["cat", dog],
        "validation": ["cat"],
        "test": ["cat", dog],
    }


def test_what_datasets_saves_is_read(context: ProjectContext, photos: Path, tmp_path: Path, peer: Peer) -> None:
    code = """
import datasets
from pathlib import Path
files = sorted(map(str, Path(sys.argv[1]).rglob("*.png")))
kinds = datasets.Features({"image": datasets.Image(), "label": datasets.ClassLabel(names=["cat", "dog"])})
data = datasets.Dataset.from_dict({"image": files, "label": [0, 1, 0, 1, 0, 1]}, features=kinds)
both = datasets.DatasetDict(train=data.select([4, 1, 2, 3]), test=data.select([0, 5]))
both.save_to_disk("saved")
for name, part in both.items():
    part.to_parquet(f"hub/data/{name}-00000-of-00001.parquet")
several = datasets.Features({"image": datasets.Image(), "label": datasets.Sequence(kinds["label"])})
datasets.Dataset.from_dict({"image": files[:1], "label": [[0, 1]]}, features=several).to_parquet("several.parquet")
print(json.dumps(datasets.__version__))"""
    peer(code, photos, needs="datasets")
    expected = [("cat", Use.SHOT), ("dog", Use.SHOT), ("cat", Use.SHOT), ("dog", Use.SHOT), ("cat", Use.TEST)]
    for source in ("saved", "hub"):
        found = pairs(tmp_path / source)
        assert sorted(map(str, found)) == sorted(map(str, [*expected, ("dog", Use.TEST)]))
    with pytest.raises(UserError, match="several labels"):
        read(tmp_path / "several.parquet")
    report = take(context, read(tmp_path / "saved"))
    assert report.labelled == 6
    kept = {one.read_bytes() for one in context.project.images_dir.iterdir()}
    assert kept == {one.read_bytes() for one in photos.rglob("*.png")}


def test_datumaros_labels_of_pictures(photos: Path, tmp_path: Path, peer: Peer) -> None:
    code = """
import datumaro
from datumaro.components.annotation import Label
from datumaro.components.dataset import Dataset
from datumaro.components.dataset_base import DatasetItem
from datumaro.components.media import Image
from pathlib import Path
files = sorted(map(str, Path(sys.argv[1]).rglob("*.png")))
items = [DatasetItem(f"p{n}", subset="train", media=Image.from_file(path=one), annotations=[Label(n % 2)])
         for n, one in enumerate(files)]
data = Dataset.from_iterable(items, categories=["cat", "dog"])
kinds = ["coco", "cvat", "datumaro", "voc_classification", "open_images", "imagenet_txt", "imagenet_with_subset_dirs"]
for kind in kinds:
    data.export(kind, kind, save_media=True)
print(json.dumps(kinds))"""
    ours = {"voc_classification": "voc", "open_images": "openimages", "imagenet_txt": "cvat"}
    for kind in peer(code, photos, needs="datumaro"):
        found = recognise(tmp_path / kind)
        assert found is not None
        assert found.id == ours.get(kind, "imagefolder" if kind.startswith("imagenet") else kind)
        labels = [(str(label), use) for label, use in pairs(tmp_path / kind)]
        assert sorted(labels) == [("cat", Use.SHOT)] * 3 + [("dog", Use.SHOT)] * 3, kind


def test_fiftyones_labels_without_pictures(photos: Path, tmp_path: Path, peer: Peer) -> None:
    code = """
import fiftyone as fo
import fiftyone.utils.data as data
from pathlib import Path
files = sorted(map(str, Path(sys.argv[1]).rglob("*.png")))
for name, more in (("abs", dict(abs_paths=True)), ("rel", dict(rel_dir=sys.argv[1])), ("many", {})):
    exporter = data.FiftyOneImageClassificationDatasetExporter(
        labels_path=f"{sys.argv[2]}/{name}.json", export_media=False, **more)
    with exporter:
        for number, one in enumerate(files):
            label = fo.Classification(label=["cat", "dog"][number % 2])
            both = fo.Classifications(classifications=[fo.Classification(label="cat"), fo.Classification(label="dog")])
            exporter.export_sample(one, both if name == "many" else label)
print(json.dumps(fo.__version__))"""
    peer(code, photos, tmp_path, needs="fiftyone")
    assert recognise(tmp_path / "abs.json").id == "fiftyone"  # type: ignore[union-attr]
    expected = ["cat", "dog"] * 3
    assert [label for label, _ in pairs(tmp_path / "abs.json")] == expected
    assert [label for label, _ in pairs(tmp_path / "rel.json", base=photos)] == expected
    with pytest.raises(UserError, match="several labels"):
        read(tmp_path / "many.json", base=photos)


def test_webdatasets_shards(photos: Path, tmp_path: Path, peer: Peer) -> None:
    code = """
import webdataset
from pathlib import Path
with webdataset.ShardWriter("set-train-%03d.tar", maxcount=4) as out:
    for number, one in enumerate(sorted(Path(sys.argv[1]).rglob("*.png"))):
        out.write({"__key__": f"{number:04}", "png": one.read_bytes(), "cls": number % 2})
print(json.dumps(webdataset.__version__))"""
    (tmp_path / "classnames.txt").write_text("cat\ndog\n", "utf-8")
    peer(code, photos, needs="webdataset")
    found = pairs(tmp_path, format_id="webdataset")
    assert found == [("cat", Use.SHOT), ("dog", Use.SHOT)] * 3
