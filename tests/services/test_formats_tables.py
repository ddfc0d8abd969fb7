"""What is inside tables and archives, and lists of other tools that label whole pictures."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Use
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.registry import recognise
from mma_desktop.services.image_index import Filter, Predictions
from mma_desktop.services.images import importing

from .format_steps import MakePicture, put, read, rows, take, write

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def png(shade: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), (shade, 7, 0)).save(buffer, "PNG")
    return buffer.getvalue()


def labels_of(context: ProjectContext) -> list[tuple[str, str | None, Use | None]]:
    names = {one.id: one.name for one in context.classes}
    found = context.project.image_rows(context.select(Filter()).tolist())
    return sorted((one.path.name, names.get(one.class_id or -1), one.use) for one in found)


# ------------------------------------------------------------------------------ Hugging Face tables


def table(columns: dict[str, list[Any]], features: dict[str, Any] | None = None) -> Any:
    made = pa.table(columns)
    noted = {"huggingface": json.dumps({"info": {"features": features}})} if features else None
    return made.replace_schema_metadata(noted)


FEATURES = {"image": {"_type": "Image"}, "label": {"names": ["cat", "dog"], "_type": "ClassLabel"}}


def hugging(*shades: int, labels: list[int | None], names: list[str] | None = None) -> Any:
    pictures = [{"bytes": png(shade), "path": names[at] if names else None} for at, shade in enumerate(shades)]
    return table({"image": pictures, "label": labels}, FEATURES)


def test_parquet_of_the_hub(context: ProjectContext, tmp_path: Path) -> None:
    folder = tmp_path / "in" / "data"
    folder.mkdir(parents=True)
    made = hugging(1, 2, 3, labels=[1, 0, -1], names=["../../evil.png", "b.png", "CON.png"])
    pq.write_table(made, folder / "train-00000-of-00001.parquet")
    pq.write_table(hugging(4, labels=[1]), folder / "test-00000-of-00001.parquet")
    assert recognise(tmp_path / "in").id == "parquet"  # type: ignore[union-attr]
    listing = read(tmp_path / "in")
    assert listing.classes == ("cat", "dog")
    assert listing.mapping == {"file": "image", "label": "label"}
    assert [one.image.name for one in listing.entries][1:] == ["evil.png", "b.png", "CON.png"]
    report = take(context, listing)
    assert report.labelled == 3
    assert labels_of(context) == [
        ("_CON.png", None, None),
        ("b.png", "cat", Use.SHOT),
        ("evil.png", "dog", Use.SHOT),
        ("test-00000-of-00001 1.png", "dog", Use.TEST),
    ]
    kept = context.project.images_dir
    assert (kept / "b.png").read_bytes() == png(2)
    assert {one.parent for one in tmp_path.rglob("*.png")} == {kept}
    take(context, read(tmp_path / "in"))
    assert len(list(kept.iterdir())) == 4, "pictures that are there are not written again"


def test_a_table_without_pictures_does_not_hide_the_class_folders_around_it(tmp_path: Path) -> None:
    for number, name in enumerate(("cat/a.png", "cat/b.png", "dog/c.png", "dog/d.png")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(png(number))
    for columns in (
        {"path": ["cat/a.png"], "path_bytes": [b"cat/a.png"], "content_hash": [b"x"], "prediction": ["cat"]},  # a shard
        {"file_name": ["cat/a.png"], "width": [4]},
    ):
        pq.write_table(table(columns), tmp_path / "part-00000.parquet")
        assert recognise(tmp_path).id == "imagefolder"  # type: ignore[union-attr]
        assert read(tmp_path).labelled == 4
    pq.write_table(table({"file_name": ["cat/a.png"], "label": ["cat"]}), tmp_path / "part-00000.parquet")
    assert recognise(tmp_path).id == "parquet"  # type: ignore[union-attr]


def test_pictures_that_are_in_the_project_are_labelled_where_they_are(context: ProjectContext, tmp_path: Path) -> None:
    (tmp_path / "own.png").write_bytes(png(1))
    importing.import_paths(context, [tmp_path / "own.png"], CancelToken())
    pictures = [{"bytes": png(1), "path": "a.png"}, {"bytes": b"no picture", "path": "b.png"}]
    pq.write_table(table({"image": pictures, "label": ["cat", "dog"]}), tmp_path / "t.parquet")
    report = take(context, read(tmp_path / "t.parquet"))
    assert labels_of(context) == [("own.png", "cat", None)]
    (unread,) = report.unread
    assert unread[0].endswith("b.png")
    assert report.notes == ()
    assert "1 with a problem" in report.sentence()
    assert not list(context.project.images_dir.glob("*"))


def test_splits_that_are_categories_or_numbers(picture: MakePicture, tmp_path: Path) -> None:
    picture("a.png")
    picture("b.png")
    split = pa.array(["train", "test"]).dictionary_encode()
    made = pa.table({"image": ["a.png", "b.png"], "label": ["x", "y"], "fold": [0, 1], "split": split})
    pq.write_table(made, tmp_path / "t.parquet")
    assert rows(read(tmp_path / "t.parquet")) == [("a.png", "x", Use.SHOT), ("b.png", "y", Use.TEST)]
    listing = read(tmp_path / "t.parquet", columns={"split": "fold"})
    assert rows(listing) == [("a.png", "x", None), ("b.png", "y", None)]
    assert "the split '0' is none of train, val and test" in listing.problems[0].reason


def test_save_to_disk(context: ProjectContext, tmp_path: Path) -> None:
    for split, shade in (("train", 1), ("test", 9)):
        folder = tmp_path / "saved" / split
        folder.mkdir(parents=True)
        made = hugging(shade, shade + 1, labels=[0, 1])
        with pa.ipc.new_stream(str(folder / "data-00000-of-00001.arrow"), made.schema) as out:
            out.write_table(made)
        put(folder / "state.json", {"_data_files": [{"filename": "data-00000-of-00001.arrow"}], "_split": split})
        put(folder / "dataset_info.json", {})
    put(tmp_path / "saved" / "dataset_dict.json", {"splits": ["train", "test", "../../out"]})
    assert recognise(tmp_path / "saved").id == "parquet"  # type: ignore[union-attr]
    take(context, read(tmp_path / "saved"))
    assert sorted((label, use) for _, label, use in labels_of(context)) == [  # type: ignore[type-var]
        ("cat", Use.SHOT),
        ("cat", Use.TEST),
        ("dog", Use.SHOT),
        ("dog", Use.TEST),
    ]
    put(tmp_path / "saved" / "train" / "state.json", {"_data_files": [{"filename": "../../x.arrow"}]})
    with pytest.raises(UserError, match="names no files"):
        read(tmp_path / "saved" / "train")


def test_tables_that_name_files_or_are_not_clear(picture: MakePicture, tmp_path: Path) -> None:
    picture("a.png")
    coarse = {**FEATURES, "fine": FEATURES["label"], "coarse": FEATURES["label"]}
    del coarse["label"]
    columns = {"file_name": ["a.png", "../b.png"], "fine": [0, 5], "coarse": [1, 1]}
    pq.write_table(table(columns, coarse), tmp_path / "t.parquet")
    listing = read(tmp_path / "t.parquet")
    assert rows(listing) == [("a.png", None, None)]
    assert "It has fine, coarse." in listing.question
    assert read(tmp_path / "t.parquet", columns={"label": ""}).question == ""
    assert "leads out" in listing.problems[0].reason
    assert rows(read(tmp_path / "t.parquet", columns={"label": "fine"})) == [("a.png", "cat", None)]
    with pytest.raises(UserError, match="no column 'size'"):
        read(tmp_path / "t.parquet", columns={"label": "size"})
    pq.write_table(table({"image": [png(1)], "labels": [["cat"]]}), tmp_path / "t.parquet")
    with pytest.raises(UserError, match=r"several labels \(in the column 'labels'\)"):
        read(tmp_path / "t.parquet")
    put(tmp_path / "t.parquet", "PAR1 no table")
    with pytest.raises(UserError, match="could not be read"):
        read(tmp_path / "t.parquet", "parquet")
    put(tmp_path / "t.arrow", "no table")
    with pytest.raises(UserError, match="could not be read"):
        read(tmp_path / "t.arrow", "parquet")


def test_absolute_paths_inside_the_folder_are_taken(picture: MakePicture, tmp_path: Path) -> None:
    inside = [picture("in/pictures/a.png"), picture("in/pictures/b.png")]
    outside = picture("out.png")
    names = [*map(str, inside), str(outside), f"{tmp_path}/in/../out.png"]
    pq.write_table(pa.table({"path": names, "label": ["cat", "dog", "cat", "cat"]}), tmp_path / "in" / "x.parquet")
    for source in (tmp_path / "in", tmp_path / "in" / "x.parquet"):
        listing = read(source)
        assert rows(listing) == [("a.png", "cat", None), ("b.png", "dog", None)]
        assert "is an absolute path; only files inside" in listing.problems[0].reason
        assert len(listing.problems) == 2
    (tmp_path / "link").symlink_to(tmp_path / "in", target_is_directory=True)
    assert len(read(tmp_path / "link").entries) == 2, "the folder by its own name"


def test_damaged_tables_are_refused_in_a_sentence(tmp_path: Path) -> None:
    whole = tmp_path / "whole.arrow"
    with pa.ipc.new_stream(str(whole), (made := hugging(1, labels=[0], names=["abc.png"])).schema) as out:
        out.write_table(made)
    file = put(tmp_path / "t.arrow", whole.read_bytes().replace(b"abc.png", b"abc\xc2png"))
    with pytest.raises(UserError, match="could not be read"):
        read(file)


def test_hf_declares_its_labels(context: ProjectContext, picture: MakePicture, tmp_path: Path) -> None:
    for name in ("in/a.png", "in/b.png"):
        picture(name)
    importing.import_paths(context, [tmp_path / "in"], CancelToken())
    context.project.add_classes(["cat", "dog"])
    ids = context.select(Filter())
    context.project.assign(ids[:1].tolist(), context.classes[1].id)
    best, sure = np.full(2, context.classes[0].id), np.full(2, 0.75, np.float32)
    context.predictions = Predictions(ids, best, sure)
    write(context, "hf", tmp_path / "out", labelled_only=False)
    made = pq.read_table(tmp_path / "out" / "metadata.parquet")
    features = json.loads(made.schema.metadata[b"huggingface"])["info"]["features"]
    assert features["label"] == {"names": ["cat", "dog"], "_type": "ClassLabel"}
    assert made.column("label").to_pylist() == [1, None]
    assert made.column("predicted_by").to_pylist() == ["zero-shot"] * 2
    listing = read(tmp_path / "out")
    assert [(one.label, one.prediction, one.confidence) for one in listing.entries] == [
        ("dog", "cat", 0.75),
        (None, "cat", 0.75),
    ]
    write(context, "csv", tmp_path / "t.csv", labelled_only=False)
    lines = (tmp_path / "t.csv").read_text("utf-8").splitlines()
    assert lines[0].endswith("confidence,predicted_by")
    assert lines[1].endswith(",cat,0.7500,zero-shot")


# ------------------------------------------------------------------------------ WebDataset


def tar(path: Path, *members: tuple[str, bytes | str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w") as made:
        for name, data in members:
            found = tarfile.TarInfo(name)
            content = data if isinstance(data, bytes) else data.encode()
            found.size = len(content)
            made.addfile(found, io.BytesIO(content))
    return path


def test_webdataset_shards(context: ProjectContext, tmp_path: Path) -> None:
    tar(tmp_path / "in" / "x-train-000.tar", ("../0001.png", png(1)), ("../0001.cls", "1\n"), ("a/2.png", png(2)))
    fields = json.dumps({"label": "bird", "width": 4})
    tar(tmp_path / "in" / "x-val-000.tar", ("1.jpg", b""), ("3.json", fields), ("3.seg.png", png(5)), ("3.png", png(3)))
    put(tmp_path / "in" / "classnames.txt", "cat\ndog\n")
    assert recognise(tmp_path / "in").id == "webdataset"  # type: ignore[union-attr]
    listing = read(tmp_path / "in")
    assert rows(listing) == [
        ("0001.png", "dog", Use.SHOT),
        ("2.png", None, Use.SHOT),
        ("1.jpg", None, Use.VALIDATION),
        ("3.png", "bird", Use.VALIDATION),
    ]
    take(context, listing)
    assert labels_of(context) == [
        ("0001.png", "dog", Use.SHOT),
        ("2.png", None, None),
        ("3.png", "bird", Use.VALIDATION),
    ]
    assert {one.parent for one in tmp_path.rglob("*.png")} == {context.project.images_dir}
    with pytest.raises(UserError, match=r"no column 'colour' in in\. It has cls, label, width\."):
        read(tmp_path / "in", columns={"label": "colour"})


def test_webdataset_that_is_refused(tmp_path: Path) -> None:
    both = tar(tmp_path / "a.tar", ("1.png", png(1)), ("1.json", json.dumps({"labels": ["cat", "dog"]})))
    with pytest.raises(UserError, match=r"^\S+a\.tar .*several labels \('1' has cat, dog\)"):
        read(both)
    plain = tar(tmp_path / "b.tar", ("cats/1.png", png(1)), ("dogs/2.png", png(2)))
    assert getattr(recognise(plain), "id", "") != "webdataset"
    numbers = tar(tmp_path / "c.tar", ("1.png", png(1)), ("1.cls", "7"))
    assert any("classnames.txt" in one for one in read(numbers).notes)
    put(tmp_path / "d.tar", both.read_bytes()[:700])
    with pytest.raises(UserError, match="could not be read"):
        read(tmp_path / "d.tar", "webdataset")


# ------------------------------------------------------------------------------ COCO and CVAT's XML


def test_coco_labels_of_pictures(picture: MakePicture, tmp_path: Path) -> None:
    for name in ("images/train/a.png", "images/train/b.png", "images/train/c.png"):
        picture(name)
    names = ("a.png", "b.png", "c.png", "../d.png")
    content: dict[str, Any] = {
        "images": [{"id": at, "file_name": name, "width": 4, "height": 4} for at, name in enumerate(names)],
        "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}],
        "annotations": [
            {"id": 1, "image_id": 0, "category_id": 2},
            {"id": 2, "image_id": 1, "category_id": 1, "bbox": [0, 0, 4, 4]},
            {"id": 3, "image_id": 2, "category_id": 1, "bbox": [1, 1, 2, 2]},
            {"id": 4, "image_id": 0, "category_id": 1, "bbox": [1, 1, 2, 2], "segmentation": [[1, 1, 2, 2]]},
        ],
    }
    put(tmp_path / "annotations" / "labels_train.json", content)
    assert recognise(tmp_path).id == "coco"  # type: ignore[union-attr]
    listing = read(tmp_path)
    assert rows(listing) == [("a.png", "dog", Use.SHOT), ("b.png", "cat", Use.SHOT), ("c.png", None, Use.SHOT)]
    assert any(one.startswith("2 boxes or outlines") for one in listing.notes)
    assert len(listing.problems) == 1
    content["annotations"].append({"image_id": 2, "category_id": 0})
    put(tmp_path / "annotations" / "labels_train.json", content)
    assert "there is no category 0" in read(tmp_path).problems[0].reason
    content["annotations"][-1] = {"image_id": 0, "category_id": 1}
    put(tmp_path / "annotations" / "labels_train.json", content)
    with pytest.raises(UserError, match=r"several labels \('a.png' has dog, cat\)"):
        read(tmp_path)


def test_tags_of_cvats_xml(picture: MakePicture, tmp_path: Path) -> None:
    picture("images/train/a.png")
    picture("b.png")
    labels = "<meta><task><labels><label><name>cat</name></label><label><name>dog</name></label></labels></task></meta>"
    images = (
        '<image id="0" name="a.png" subset="train" width="4" height="4"><tag label="dog" source="manual"></tag></image>'
        '<image id="1" name="b.png"><box label="cat" xtl="0" ytl="0" xbr="1" ybr="1"></box></image>'
        '<image id="2" name="../c.png"><tag label="cat"/></image>'
    )
    whole = '<?xml version="1.0" encoding="utf-8"?>\n<annotations><version>1.1</version>{}</annotations>'
    put(tmp_path / "annotations.xml", whole.format(labels + images))
    assert recognise(tmp_path).id == "cvat"  # type: ignore[union-attr]
    listing = read(tmp_path)
    assert rows(listing) == [("a.png", "dog", Use.SHOT), ("b.png", None, None)]
    assert listing.classes == ("cat", "dog")
    assert "1 box or outline of an object is left out" in listing.notes[0]
    put(tmp_path / "annotations.xml", whole.format('<image name="b.png"><tag label="x"/><tag label="y"/></image>'))
    with pytest.raises(UserError, match=r"several labels \('b.png' has x, y\)"):
        read(tmp_path)
    put(tmp_path / "annotations.xml", '<!DOCTYPE a [<!ENTITY b "c">]><annotations>&b;</annotations>')
    with pytest.raises(UserError, match="document type"):
        read(tmp_path)
    put(tmp_path / "annotations.xml", "<annotations><image")
    with pytest.raises(UserError, match="not valid XML"):
        read(tmp_path)
    put(tmp_path / "annotations.xml", '<annotations><track id="0" label="x"><box/></track></annotations>')
    with pytest.raises(UserError, match="lists no picture"):
        read(tmp_path)


# ------------------------------------------------------------------------------ manifests


def vertex(name: str, *labels: str, use: str = "") -> dict[str, Any]:
    row: dict[str, Any] = {"imageGcsUri": f"gs://bucket/set/{name}"}
    if len(labels) == 1:
        row["classificationAnnotation"] = {"displayName": labels[0]}
    elif labels:
        row["classificationAnnotations"] = [{"displayName": one} for one in labels]
    return {**row, "dataItemResourceLabels": {"aiplatform.googleapis.com/ml_use": use}} if use else row


def lines(*found: dict[str, Any]) -> str:
    return "\n".join(map(json.dumps, found))


def test_vertex_manifests(picture: MakePicture, tmp_path: Path) -> None:
    for name in ("copy/set/a/1.png", "copy/set/b/1.png", "copy/1.png"):
        picture(name)
    found = (vertex("a/1.png", "cat", use="training"), vertex("b/1.png", "dog", use="test"), vertex("c/1.png", "dog"))
    file = put(tmp_path / "list.jsonl", lines(*found))
    assert recognise(file).id == "manifest"  # type: ignore[union-attr]
    listing = read(file, base=tmp_path / "copy")
    assert [(one.image.parent.name, one.label, one.use) for one in listing.entries] == [
        ("a", "cat", Use.SHOT),
        ("b", "dog", Use.TEST),
    ]
    assert "is in a bucket" in listing.problems[0].reason, "never another picture of the same name"
    with pytest.raises(UserError, match=r"has cat, dog"):
        read(put(file, lines(vertex("a/1.png", "cat", "dog"))), base=tmp_path / "copy")
    table = put(tmp_path / "list.csv", "TRAIN,gs://bucket/set/a/1.png,cat\ngs://bucket/set/b/1.png\n")
    assert recognise(table).id == "manifest"  # type: ignore[union-attr]
    listing = read(table, base=tmp_path / "copy")
    assert [(one.label, one.use) for one in listing.entries] == [("cat", Use.SHOT), (None, None)]


def test_sagemaker_manifests(picture: MakePicture, tmp_path: Path) -> None:
    picture("a.png")
    kind = {"class-name": "cat", "confidence": 0.9, "type": "groundtruth/image-classification"}
    human, machine = {**kind, "human-annotated": "yes"}, {**kind, "human-annotated": "no"}
    first = {"source-ref": "s3://bucket/x/a.png", "job": 0, "job-metadata": human}
    file = put(tmp_path / "output.manifest", lines(first, {**first, "job-metadata": machine}))
    assert recognise(file).id == "manifest"  # type: ignore[union-attr]
    listing = read(file)
    assert [(one.label, one.prediction, one.confidence) for one in listing.entries] == [
        ("cat", None, None),
        ("cat", "cat", 0.9),
    ]
    several = {"class-map": {"0": "cat", "1": "dog"}, "type": "groundtruth/image-classification-multilabel"}
    with pytest.raises(UserError, match="has cat, dog"):
        read(put(file, lines({"source-ref": "s3://b/a.png", "job": [0, 1], "job-metadata": several})))
    read(put(file, lines({"source-ref": "s3://b/a.png", "job": 1, "job-metadata": {"type": 5}})))
    two = {"source-ref": "s3://b/a.png", "one": "x", "two": "y"}
    listing = read(put(file, lines(two)))
    assert (listing.entries[0].label, listing.columns) == (None, ("one", "two"))
    assert "It has one, two." in listing.question
    assert read(file, columns={"label": "two"}).entries[0].label == "y"
    with pytest.raises(UserError, match=r"no column 'three' in output\.manifest\. It has one, two\."):
        read(file, columns={"label": "three"})


# ------------------------------------------------------------------------------ FiftyOne and Label Studio


def test_fiftyones_labels_without_pictures(picture: MakePicture, tmp_path: Path) -> None:
    a = picture("pics/a.png")
    picture("pics/sub/b.jpg")
    labels = {str(a): 0, "sub/b": 1, "gone": 0}
    file = put(tmp_path / "only.json", {"classes": ["cat", "dog"], "labels": labels})
    assert recognise(file).id == "fiftyone"  # type: ignore[union-attr]
    listing = read(file, base=tmp_path / "pics")
    assert rows(listing) == [("a.png", "cat", None), ("b.jpg", "dog", None)]
    assert [one.where for one in listing.problems] == ["gone"]
    put(file, {"classes": ["cat", "dog"], "labels": {"a": ["cat", "dog"]}})
    with pytest.raises(UserError, match=r"several labels \('a' has cat, dog\)"):
        read(file, base=tmp_path / "pics")


OWN = {"annotator": 1, "annotation_id": 1, "created_at": "x", "updated_at": "x", "lead_time": 1.5}


@pytest.mark.parametrize("suffix", ["json", "csv"])
def test_label_studios_short_exports(suffix: str, picture: MakePicture, tmp_path: Path) -> None:
    for name in ("a.png", "b.png", "c.png"):
        picture(f"pics/{name}")
    found: list[dict[str, Any]] = [
        {"image": "/data/local-files/?d=a.png", "split": "train", "id": 1, "choice": "cat", **OWN},
        {"image": "/data/local-files/?d=b.png", "id": 2, "choice": {"choices": ["cat", "dog"]}, **OWN},
        {"image": "/data/local-files/?d=c.png", "id": 3, "choice": "cat", **OWN},
        {"image": "/data/local-files/?d=c.png", "id": 3, "choice": "dog", **OWN},
    ]
    file = tmp_path / f"export.{suffix}"
    if suffix == "json":
        put(file, found)
    else:
        import csv

        with file.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, sorted({*found[0]}), quoting=csv.QUOTE_NONNUMERIC)
            writer.writeheader()
            for one in found:
                value = one["choice"]
                writer.writerow({**one, "choice": value if isinstance(value, str) else json.dumps(value)})
    assert recognise(file).id == "labelstudio"  # type: ignore[union-attr]
    listing = read(file, base=tmp_path / "pics")
    assert rows(listing) == [("a.png", "cat", Use.SHOT), ("b.png", None, None), ("c.png", None, None)]
    reasons = [one.reason for one in listing.problems]
    assert "several labels (cat, dog)" in reasons[0]
    assert "do not agree" in reasons[1]


def test_label_studio_is_told_a_storage_below_what_it_serves(
    context: ProjectContext, picture: MakePicture, tmp_path: Path
) -> None:
    picture("in/a.png")
    importing.import_paths(context, [tmp_path / "in"], CancelToken())
    context.project.add_classes(["cat"])
    context.project.assign(context.select(Filter()).tolist(), context.classes[0].id)
    from mma_desktop.services.formats.dataset import Images

    told = write(context, "labelstudio", tmp_path / "list", Images.NONE).sentence
    assert f"DOCUMENT_ROOT={tmp_path}." in told
    assert f"local path {tmp_path / 'in'} " in told
    (task,) = json.loads((tmp_path / "list" / "tasks.json").read_text("utf-8"))
    assert task["data"]["image"] == "/data/local-files/?d=in/a.png"
    told = write(context, "labelstudio", tmp_path / "copies").sentence
    assert f"DOCUMENT_ROOT={tmp_path / 'copies'}." in told
    assert f"local path {tmp_path / 'copies' / 'images'} " in told


def test_metadata_without_a_label_asks_for_its_column(context: ProjectContext, picture: MakePicture) -> None:
    folder = picture("data/a.png").parent
    put(folder / "metadata.csv", "file_name,Art,Ort\na.png,ant,Ulm\n")
    asked = read(folder, "hf")
    assert "has no column named like one of labels. It has file_name, Art, Ort." in asked.question
    with pytest.raises(UserError, match="Nothing was imported"):
        take(context, asked)
    assert [label for _, label, _ in rows(read(folder, "hf", columns={"label": "Art"}))] == ["ant"]
    assert not read(folder, "hf", columns={"label": ""}).question
    put(folder / "metadata.csv", "file_name\na.png\n")
    assert not read(folder, "hf").question
