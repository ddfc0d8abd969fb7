"""Layouts of other tools, made as they write them: Datumaro 1.13 (CVAT, JSON, VOC, Open Images), Teachable Machine."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import Use
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.registry import inspect_dropped, recognise

from .format_steps import MakePicture, put, read, rows, take

EXPECTED = [
    ("train_0.png", "cat", Use.SHOT),
    ("train_1.png", "dog", Use.SHOT),
    ("val_0.png", "cat", Use.VALIDATION),
    ("val_1.png", "dog", Use.VALIDATION),
]
SUBSETS = ("train", "val")
CLASSES = ("cat", "dog")


def png(color: int) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (4, 4), (color, 0, 0)).save(made, "PNG")
    return made.getvalue()


def recognised(path: Path) -> str | None:
    return getattr(recognise(path), "id", None)


def cvat(subset: str) -> str:
    """What Datumaro's CVAT writer makes of a subset."""
    labels = "".join(f"<label><name>{one}</name><attributes></attributes></label>" for one in CLASSES)
    images = "".join(
        f'  <image id="{at}" name="{subset}_{at}.png" width="4" height="4">\n    <tag label="{one}">\n    </tag>\n'
        "  </image>\n"
        for at, one in enumerate(CLASSES)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n  <meta><task>'
        f"<name>{subset}</name><labels>{labels}</labels></task></meta>\n{images}</annotations>"
    )


@pytest.mark.parametrize("folder", ["", "annotations/", "a/b/"])
def test_cvats_xml_is_recognised_by_its_root_wherever_it_lies(
    folder: str, picture: MakePicture, tmp_path: Path
) -> None:
    root = tmp_path / "in"
    for subset in SUBSETS:
        put(root / f"{folder}{subset}.xml", cvat(subset))
        for at in range(2):
            picture(f"in/images/{subset}_{at}.png")
    put(root / f"{folder}settings.xml", "<!-- <annotations> --><settings/>")
    assert recognised(root) == "cvat"
    for format_id in ("", "cvat"):
        listing = read(root, format_id)
        assert (rows(listing), listing.problems, listing.classes) == (EXPECTED, (), CLASSES)
    assert rows(read(root / f"{folder}val.xml", base=root)) == EXPECTED[2:]


def test_cvats_export_without_splits(picture: MakePicture, tmp_path: Path) -> None:
    put(tmp_path / "default.xml", cvat("train"))
    for at in range(2):
        picture(f"images/train_{at}.png")
    assert rows(read(tmp_path, "cvat")) == [("train_0.png", "cat", None), ("train_1.png", "dog", None)]


def test_pictures_without_cvats_files_are_no_class_images(picture: MakePicture, tmp_path: Path) -> None:
    picture("images/a.png")
    put(tmp_path / "other.xml", "<annotation><object/></annotation>")
    with pytest.raises(UserError, match=r"lists no picture\. Expected for CVAT: Lists train.txt, val.txt"):
        read(tmp_path, "cvat")
    for split in SUBSETS:
        picture(f"{split}/images/{split}.png")
    assert recognised(tmp_path) == "pictures", "a folder alone in each split is no class"


def test_an_xml_file_names_no_folder_outside(picture: MakePicture, tmp_path: Path) -> None:
    picture("secret/a.png")
    text = '<annotations><image name="a.png" subset="../../secret"><tag label="x"/></image></annotations>'
    put(tmp_path / "in" / "deep" / "x.xml", text)
    listing = read(tmp_path / "in" / "deep")
    assert (listing.entries, len(listing.problems)) == ((), 1)


def datumaro(subset: str) -> dict[str, object]:
    """What Datumaro's own JSON has for a subset, with a box as well."""
    box = {"id": 1, "type": "bbox", "attributes": {}, "group": 0, "label_id": 1, "bbox": [0.0, 0.0, 2.0, 2.0]}
    label = {"id": 0, "type": "label", "attributes": {}, "group": 0}
    return {
        "dm_format_version": "1.0",
        "media_type": 2,
        "infos": {},
        "categories": {"label": {"labels": [{"name": one, "parent": "", "attributes": []} for one in CLASSES]}},
        "items": [
            {
                "id": f"{subset}_{at}",
                "annotations": [{**label, "label_id": at}, box],
                "image": {"path": f"{subset}_{at}.png", "size": [4, 4]} if at else {"path": ""},
            }
            for at in range(2)
        ],
    }


def test_datumaros_json(picture: MakePicture, tmp_path: Path) -> None:
    for subset in SUBSETS:
        put(tmp_path / "annotations" / f"{subset}.json", datumaro(subset))
        for at in range(2):
            picture(f"images/{subset}/{subset}_{at}.png")
    assert recognised(tmp_path) == "datumaro"
    listing = read(tmp_path)
    assert (rows(listing), listing.problems, listing.classes) == (EXPECTED, (), CLASSES)
    assert listing.notes == ("4 boxes or outlines of objects are left out: they label no picture.",)
    assert rows(read(tmp_path / "annotations" / "train.json")) == EXPECTED[:2]
    content = datumaro("train")
    items = content["items"]
    assert isinstance(items, list)
    items[0]["annotations"][0]["label_id"] = 9
    items[1]["annotations"][0]["label_id"] = None
    items.append({"id": "../../outside", "annotations": []})
    put(tmp_path / "annotations" / "train.json", content)
    listing = read(tmp_path / "annotations" / "train.json")
    assert rows(listing) == [("train_0.png", None, Use.SHOT), ("train_1.png", None, Use.SHOT)]
    assert [one.where for one in listing.problems] == ["train.json, picture 1", "train.json, picture 3"]
    assert "there is no class 9 among 2" in listing.problems[0].reason
    items[1]["annotations"] = [{"type": "label", "label_id": 0}, {"type": "label", "label_id": 1}]
    put(tmp_path / "annotations" / "train.json", content)
    with pytest.raises(UserError, match=r"several labels \('train_1' has cat, dog\)"):
        read(tmp_path)


def voc(root: Path, picture: MakePicture, folder: str) -> None:
    """What Datumaro's `voc_classification` writes."""
    main = root / folder / "ImageSets" / "Main"
    put(root / folder / "labelmap.txt", "# label:color_rgb:parts:actions\nbackground:::\ncat:::\ndog:::\n")
    for subset in SUBSETS:
        put(main / f"{subset}.txt", f"{subset}_0\n{subset}_1\n")
        for number, name in enumerate(("cat", "dog", "background")):
            marks = [" 1" if number == at else "-1" for at in range(2)]
            lines = "".join(f"{subset}_{at} {mark}\n" for at, mark in enumerate(marks))
            put(main / f"{name}_{subset}.txt", lines)
            trainval = main / f"{name}_trainval.txt"
            put(trainval, (trainval.read_text() if trainval.exists() else "") + lines)
        for at in range(2):
            picture(f"{folder}JPEGImages/{subset}_{at}.png")


@pytest.mark.parametrize("folder", ["", "VOC2012/", "VOCdevkit/VOC2007/"])
def test_vocs_labels_of_pictures(folder: str, picture: MakePicture, tmp_path: Path) -> None:
    voc(tmp_path, picture, folder)
    assert recognised(tmp_path) == "voc"
    listing = read(tmp_path)
    assert (sorted(map(str, rows(listing))), listing.problems) == (sorted(map(str, EXPECTED)), ())
    assert listing.classes == CLASSES, "the background is no class"
    main = tmp_path / folder / "ImageSets" / "Main"
    for file in [*main.glob("*_train.txt"), *main.glob("*_val.txt")]:
        file.unlink()
    assert {(name, label, use) for name, label, use in rows(read(tmp_path))} == {
        (name, label, None) for name, label, _ in EXPECTED
    }
    put(main / "dog_trainval.txt", "train_0  1\ntrain_1  0\ngone -1\nodd line\n\n")
    with pytest.raises(UserError, match=r"several labels \('train_0' has cat, dog\)"):
        read(tmp_path)
    put(main / "cat_trainval.txt", "train_0 -1\n")
    listing = read(tmp_path)
    labels = {name: label for name, label, _ in rows(listing)}
    assert labels == {"train_0.png": "dog", "train_1.png": None, "val_0.png": None, "val_1.png": None}
    assert [one.where for one in listing.problems] == ["dog_trainval.txt, line 4", "dog_trainval.txt, line 3"]


def test_open_images_tables(picture: MakePicture, tmp_path: Path) -> None:
    names = {"/m/01yrx": "cat", "/m/0bt9lr": "dog"}
    put(tmp_path / "annotations" / "class-descriptions.csv", "".join(f"{key},{one}\n" for key, one in names.items()))
    for subset in SUBSETS:
        lines = [f"{subset}_{at},verification,{key},1" for at, key in enumerate(names)]
        lines.append(f"{subset}_0,verification,/m/0bt9lr,0")
        table = "\n".join(("ImageID,Source,LabelName,Confidence", *lines, ""))
        put(tmp_path / "annotations" / f"{subset}-annotations-human-imagelabels.csv", table)
        put(tmp_path / "annotations" / f"{subset}-images-with-rotation.csv", f"ImageID,Subset\n{subset}_0,{subset}\n")
        put(
            tmp_path / "annotations" / f"{subset}-annotations-bbox.csv",
            f"ImageID,Source,LabelName,Confidence,XMin\n{subset}_0,xclick,/m/0bt9lr,1,0.1\n",
        )
        for at in range(2):
            picture(f"images/{subset}/{subset}_{at}.png")
    assert recognised(tmp_path) == "openimages"
    listing = read(tmp_path)
    assert (rows(listing), listing.problems, listing.classes) == (EXPECTED, (), CLASSES)
    val = tmp_path / "annotations" / "val-annotations-human-imagelabels.csv"
    assert rows(read(val)) == EXPECTED[2:]
    put(
        val, "ImageID,Source,LabelName,Confidence\nval_0,machine,/m/01yrx,0.8\nval_0,machine,/m/0bt9lr,0.3\nval_1,,,x\n"
    )
    listing = read(val)
    (one,) = listing.entries
    assert (one.label, one.prediction, one.confidence) == (None, "cat", 0.8)
    assert listing.problems[0].where.endswith("line 4")
    put(val, "ImageID,Source,LabelName,Confidence\nval_0,,/m/01yrx,1\nval_0,,/m/0bt9lr,1\n")
    with pytest.raises(UserError, match=r"several labels \('val_0' has cat, dog\)"):
        read(tmp_path)


# ------------------------------------------------------------------------------ WebDataset's texts


def shard(path: Path, *texts: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w") as made:
        for at, text in enumerate(texts):
            for name, data in ((f"{at:04}.png", png(at)), (f"{at:04}.txt", text.encode())):
                found = tarfile.TarInfo(name)
                found.size = len(data)
                made.addfile(found, io.BytesIO(data))
    return path


def test_texts_of_webdataset_are_labels_if_they_are_short_and_repeat(tmp_path: Path) -> None:
    labels = shard(tmp_path / "a.tar", "cat\n", "dog", "cat")
    assert recognised(labels) == "webdataset"
    listing = read(labels)
    assert [one.label for one in listing.entries] == ["cat", "dog", "cat"]
    assert listing.mapping == {"label": "txt"}
    captions = shard(tmp_path / "b.tar", "a cat on a mat", "a dog", "two birds in a tree")
    listing = read(captions)
    assert (listing.labelled, listing.columns) == (0, ("txt",))
    assert listing.notes[0] == (
        "The texts (.txt) may be captions, so they are no labels. If they are, choose the column 'txt'."
    )
    assert read(captions, columns={"label": "txt"}).labelled == 3


# ------------------------------------------------------------------------------ names of numbers


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("label_num_to_disease_map.json", {"0": "cat", "1": "dog"}),
        ("class_indices.json", {"cat": 0, "dog": 1, "bird": 2}),
        ("imagenet_class_index.json", {"0": ["n02121808", "cat"], "1": ["n02084071", "dog"]}),
        ("config.json", {"model": "x", "id2label": {"0": "cat", "1": "dog"}}),
        ("classnames.txt", "cat\ndog\n"),
    ],
)
def test_numbered_classes_get_their_names(
    name: str, content: dict[str, object] | str, picture: MakePicture, tmp_path: Path
) -> None:
    for at in range(3):
        picture(f"in/pictures/{at}.png")
    put(tmp_path / "in" / "train.csv", "image_id,label\n0.png,0\n1.png,1\n2.png,0\n")
    root = tmp_path / "in"
    hint = f"The classes are numbers: put their names, one a line, into a file classnames.txt in {root}."
    assert hint in read(root).notes
    put(root / "other.json", {"0": "only one"})
    put(root / name, content)
    for source in (root, root / "train.csv"):
        listing = read(source)
        assert [one.label for one in listing.entries] == ["cat", "dog", "cat"]
        assert listing.classes == CLASSES
        assert f"The names of the numbered classes are those in {name}." in listing.notes


def test_numbered_class_folders_get_their_names(picture: MakePicture, tmp_path: Path) -> None:
    root = tmp_path / "flowers"
    for name in ("1/a.png", "21/b.png", "21/c.png"):
        picture(f"flowers/{name}")
    assert inspect_dropped([root]).source is None, "plain class folders"
    put(root / "cat_to_name.json", {"21": "fire lily", "3": "canterbury bells", "1": "pink primrose"})
    assert inspect_dropped([root]).source is not None
    found = [("a.png", "pink primrose", None), ("b.png", "fire lily", None), ("c.png", "fire lily", None)]
    assert rows(read(root)) == found
    put(root / "cat_to_name.json", {"21": "fire lily"})
    assert [one.label for one in read(root).entries] == ["1", "21", "21"], "half a map names nothing"
    put(root / "classnames.txt", "zero\none\n")
    listing = read(root)
    assert [one.label for one in listing.entries] == ["one", None, None]
    assert "there is no class 21 among 2; the picture was taken without a label" in listing.problems[0].reason


# ------------------------------------------------------------------------------ Teachable Machine


def samples(path: Path, *colors: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as made:
        for color in colors:
            made.writestr(f"{color}.png", png(color))
    return path


def test_archives_of_samples_are_a_class_each(context: ProjectContext, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    samples(folder / "Class 1-samples.zip", 1, 2)
    assert recognised(folder / "Class 1-samples.zip") == "zips"
    assert recognised(folder) is None, "a single one is no set of classes"
    samples(folder / "dog.zip", 3)
    assert recognised(folder) == "zips"
    listing = read(folder)
    assert rows(listing) == [("1.png", "Class 1", None), ("2.png", "Class 1", None), ("3.png", "dog", None)]
    assert not list(folder.rglob("*.png")), "nothing is unpacked to look at it"
    report = take(context, listing)
    assert (report.added, report.labelled) == (3, 3)
    assert (folder / "Class 1-samples" / "1.png").read_bytes() == png(1)
    assert [one.name for one in context.classes] == ["Class 1", "dog"]


def test_an_archive_of_class_folders_is_none_of_samples(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "pets-samples.zip", "w") as made:
        for at, name in enumerate(("cat/1.png", "dog/2.png")):
            made.writestr(name, png(at))
    assert recognised(tmp_path / "pets-samples.zip") == "archive"
    assert [one.label for one in read(tmp_path / "pets-samples.zip").entries] == ["cat", "dog"]
