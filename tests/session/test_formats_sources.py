"""Sources as people have them: split folders, boxes, one-hot tables, archives, keywords, plain pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import Use, split_use
from mma_desktop.media.scan import class_folders
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.registry import recognise, recognise_dropped

from .format_steps import MakePicture, put, read, rows, take


def recognised(path: Path) -> str | None:
    found = recognise(path)
    return found.id if found is not None else None


# ------------------------------------------------------------------------------ splits and boxes


@pytest.mark.parametrize("name", ["train", "Valid", "val", "validation", "dev", "test", "training_set", "val2017"])
def test_names_of_splits(name: str) -> None:
    assert split_use(name) is not None


@pytest.mark.parametrize("name", ["", "cat", "trainer", "set", "images", "tests in a lab", "2017"])
def test_other_names_are_none(name: str) -> None:
    assert split_use(name) is None


def test_split_folders_of_pictures_are_no_classes(picture: MakePicture, tmp_path: Path) -> None:
    for name in ("train/a.png", "valid/b.png", "test/c.png"):
        picture(name)
    assert class_folders([tmp_path]) is None
    assert class_folders([tmp_path / one for one in ("train", "valid", "test")]) is None
    assert recognised(tmp_path) == "pictures"
    listing = read(tmp_path)
    assert (len(listing.entries), listing.labelled, listing.classes) == (3, 0, ())
    assert recognise_dropped([tmp_path]) is None


def test_a_split_among_classes_is_none_and_said(picture: MakePicture, tmp_path: Path) -> None:
    for name in ("cat/a.png", "dog/b.png", "test/c.png"):
        picture(name)
    assert list(class_folders([tmp_path]) or ()) == ["cat", "dog"]
    listing = read(tmp_path)
    assert rows(listing) == [("a.png", "cat", None), ("b.png", "dog", None), ("c.png", None, None)]
    assert "'test' is the name of a split" in listing.notes[0]
    picture("train/d.png")
    assert list(class_folders([tmp_path]) or ()) == ["cat", "dog"]
    for other in ("bus/a.png", "car/b.png", "train/c.png"):
        picture(f"vehicles/{other}")
    assert list(class_folders([tmp_path / "vehicles"]) or ()) == ["bus", "car", "train"]


def test_folders_beside_the_splits_that_hold_no_picture_do_not_hide_them(picture: MakePicture, tmp_path: Path) -> None:
    picture("training_set/cat/a.png")
    picture("test_set/dog/b.png")
    put(tmp_path / "models" / "best.pt", "x")
    assert rows(read(tmp_path)) == [("b.png", "dog", Use.TEST), ("a.png", "cat", Use.SHOT)]


@pytest.mark.parametrize("inner", [("images/train", "labels/train"), ("train/images", "train/labels")])
def test_boxes_are_refused_by_name(inner: tuple[str, str], picture: MakePicture, tmp_path: Path) -> None:
    for number in range(3):
        picture(f"{inner[0]}/{number}.png")
        put(tmp_path / inner[1] / f"{number}.txt", "0 0.5 0.5 0.1 0.1\n")
    picture(f"{inner[0].replace('train', 'val')}/9.png")
    put(tmp_path / "data.yaml", "names: [cat, dog]\n")
    with pytest.raises(UserError, match=r"boxes or masks, as in a YOLO data set.*\(pictures\). Nothing was changed"):
        read(tmp_path)
    assert recognise_dropped([tmp_path]) is not None, "the window says it too"
    listing = read(tmp_path, "pictures")
    assert (len(listing.entries), listing.classes) == (4, ())


def test_yolos_layout_for_classification_is_class_folders(picture: MakePicture, tmp_path: Path) -> None:
    for name in ("train/cat/a.png", "train/dog/b.png", "val/cat/c.png"):
        picture(name)
    assert rows(read(tmp_path)) == [
        ("a.png", "cat", Use.SHOT),
        ("b.png", "dog", Use.SHOT),
        ("c.png", "cat", Use.VALIDATION),
    ]


# ------------------------------------------------------------------------------ tables


def test_roboflows_multi_label_folder_is_refused_by_name(picture: MakePicture, tmp_path: Path) -> None:
    for part in ("train", "valid"):
        for number in range(2):
            picture(f"{part}/{number}.png")
        put(tmp_path / part / "_classes.csv", "filename, cat, dog\n0.png, 1, 1\n1.png, 0, 1\n")
    assert recognised(tmp_path) == "csv"
    sentence = r"_classes.csv has several labels for one picture \(train/_classes.csv, line 2: cat, dog\).*multi-label"
    with pytest.raises(UserError, match=sentence):
        read(tmp_path)
    dropped = recognise_dropped([tmp_path])
    assert dropped is not None
    assert dropped[1].id == "csv", "the window says it, and makes no classes of the splits"
    for part in ("train", "valid"):
        put(tmp_path / part / "_classes.csv", "filename, cat, dog\n0.png, 1, 0\n1.png, 0, 1\n")
    listing = read(tmp_path)
    assert rows(listing) == [
        ("0.png", "cat", Use.SHOT),
        ("1.png", "dog", Use.SHOT),
        ("0.png", "cat", Use.VALIDATION),
        ("1.png", "dog", Use.VALIDATION),
    ]
    assert [one.image.parent.name for one in listing.entries] == ["train", "train", "valid", "valid"]


def test_a_one_hot_table_is_labels(picture: MakePicture, tmp_path: Path) -> None:
    for number in range(3):
        picture(f"train/ISIC_{number}.jpg")
    table = put(tmp_path / "GroundTruth.csv", "image,MEL,NV,BCC\nISIC_0,1.0,0.0,0\nISIC_1,0,0,1\nISIC_2,0,0,0\n")
    listing = read(table)
    assert rows(listing) == [("ISIC_0.jpg", "MEL", None), ("ISIC_1.jpg", "BCC", None), ("ISIC_2.jpg", None, None)]
    assert listing.notes == ("The label is the column that holds 1, of: MEL, NV, BCC.",)
    assert [one.sentence() for one in listing.problems] == [
        "line 4: no class is marked; the picture was taken without a label"
    ]
    assert not listing.question
    put(table, "image,MEL,NV\nISIC_0,1,0\nISIC_1,1,1\n")
    with pytest.raises(UserError, match=r"several labels for one picture \(line 3: MEL, NV\)"):
        read(table)


@pytest.mark.parametrize("several", ["cat|dog", "dog,cat", "cat; dog", "['cat', 'dog']"])
def test_a_column_of_several_labels_is_refused_by_name(several: str, picture: MakePicture, tmp_path: Path) -> None:
    for number in range(4):
        picture(f"{number}.png")
    table = put(tmp_path / "t.csv", f'file,labels\n0.png,cat\n1.png,dog\n2.png,"{several}"\n3.png,"ant, red"\n')
    with pytest.raises(UserError, match=r"several labels for one picture \(line 4: .*multi-label"):
        read(table)
    assert read(table, columns={"label": "labels"}).entries[2].label == several, "asked for, it is one"


def test_a_table_of_boxes_is_refused_by_name(picture: MakePicture, tmp_path: Path) -> None:
    picture("a.png")
    table = put(tmp_path / "t.csv", "filename,width,class,xmin,ymin\na.png,4,cat,0,0\na.png,4,dog,1,1\n")
    with pytest.raises(UserError, match="holds boxes"):
        read(table)
    assert read(table, columns={"label": "class"}).labelled == 2


def test_kaggles_ids_are_found_in_the_folder_beside(picture: MakePicture, tmp_path: Path) -> None:
    for name in ("train/a1.jpg", "train/b.2.png", "train/deep/c.png", "test/a1.jpg", "other/d.png", "more/d.png"):
        picture(name)
    (tmp_path / "a1").mkdir()
    table = put(tmp_path / "train.csv", "id,breed\na1,pug\nb.2,pug\nc,corgi\nd,corgi\ngone,corgi\ndeep/c.png,corgi\n")
    listing = read(table)
    assert [(one.image.relative_to(tmp_path).as_posix(), one.label) for one in listing.entries] == [
        ("train/a1.jpg", "pug"),
        ("train/b.2.png", "pug"),
        ("train/deep/c.png", "corgi"),
        ("train/deep/c.png", "corgi"),
    ]
    reasons = [one.reason for one in listing.problems]
    assert reasons[0] in {
        f"'d' may be {one} and {other}; choose the folder of the pictures".replace(" and ", " or ")
        for one, other in (("other/d.png", "more/d.png"), ("more/d.png", "other/d.png"))
    }
    assert reasons[1].startswith("there is no file 'gone'")
    assert read(table, base=tmp_path / "more").entries[0].image.name == "d.png"
    wrong = put(tmp_path / "wrong.csv", "id,breed\ncat/c.png,pug\n")
    assert not read(wrong).entries, "a folder that is named must be the picture's"


def test_a_folder_with_one_table_and_pictures_is_a_source(picture: MakePicture, tmp_path: Path) -> None:
    for name in ("pics/images/a.png", "pics/images/b.png"):
        picture(name)
    folder = tmp_path / "pics"
    put(folder / "labels.csv", "id,breed\na,pug\nb,corgi\n")
    put(folder / "sample_submission.csv", "id,breed\na,pug\n")
    put(folder / "about.csv", "author,year\nme,2020\n")
    assert recognised(folder) == "csv"
    assert rows(read(folder)) == [("a.png", "pug", None), ("b.png", "corgi", None)]
    (folder / "meta").mkdir()
    (folder / "labels.csv").rename(folder / "meta" / "labels.csv")
    assert rows(read(folder)) == [("a.png", "pug", None), ("b.png", "corgi", None)]
    put(folder / "meta" / "more.csv", "id,breed\na,pug\n")
    with pytest.raises(UserError, match=r"several tables \(meta/labels.csv, meta/more.csv\). Import one of them"):
        read(folder)
    for name in ("labels", "more"):
        (folder / "meta" / f"{name}.csv").unlink()
    put(folder / "train.csv", "id,breed\na,pug\n")
    put(folder / "test.csv", "id,breed\nb,corgi\n")
    assert rows(read(folder)) == [("b.png", "corgi", Use.TEST), ("a.png", "pug", Use.SHOT)]


def test_a_table_that_labels_nothing_here_leaves_class_folders(picture: MakePicture, tmp_path: Path) -> None:
    for name in ("cat/a.png", "dog/b.png"):
        picture(name)
    put(tmp_path / "notes.csv", "name,class\nmiller,7b\n")
    assert recognised(tmp_path) == "imagefolder"


@pytest.mark.parametrize(
    "text",
    [
        "Dateiname;Klasse;Aufteilung\na.png;Löwe;Training\nb.png;Bär;Validierung\n",
        "sep=;\r\nBild;Kategorie;Teilmenge\r\na.png;Löwe;train\r\nb.png;Bär;val\r\n",
        "Nr;Bild-Datei;Art;Verwendung\n1;a.png;Löwe;Train\n2;b.png;Bär;valid\n",
    ],
)
def test_german_tables_with_semicolons(text: str, picture: MakePicture, tmp_path: Path) -> None:
    picture("a.png")
    picture("b.png")
    listing = read(put(tmp_path / "t.csv", text))
    assert rows(listing) == [("a.png", "Löwe", Use.SHOT), ("b.png", "Bär", Use.VALIDATION)]
    assert (listing.problems, listing.question) == ((), "")


def test_the_only_other_column_is_the_label_or_asked_for(picture: MakePicture, tmp_path: Path) -> None:
    for number in range(3):
        picture(f"{number}.png")

    def table(header: str, *cells: str) -> Path:
        lines = [f"{number}.png,{cell}" for number, cell in enumerate(cells)]
        return put(tmp_path / "t.csv", "\n".join((header, *lines)))

    listing = read(table("picture,Hunderasse", "pug", "corgi", "pug"))
    assert (listing.labelled, listing.question) == (3, "")
    assert listing.notes == ("No column is named like one of labels: 'Hunderasse' was taken for it.",)
    for header, *cells in (
        ("picture,caption", "one", "two", "three"),
        ("picture,age", "30", "30", "31"),
        ("picture,a,b", "x,y", "x,z", "y,z"),
        ("picture,is_cat", "1", "0", "1"),
    ):
        listing = read(table(header, *cells))
        assert (len(listing.entries), listing.labelled) == (3, 0)
        assert listing.question == (
            f"t.csv has no column named like one of labels. It has {header.replace(',', ', ')}. "
            "Choose the one with the label."
        )
        assert read(tmp_path / "t.csv", columns={"label": ""}).question == ""
        assert read(tmp_path / "t.csv", columns={"label": header.split(",")[1]}).labelled == 3
    put(tmp_path / "t.csv", "picture\n0.png\n")
    assert read(tmp_path / "t.csv").question == "", "there is nothing to ask for"


def test_what_must_be_asked_first_is_not_imported(
    context: ProjectContext, picture: MakePicture, tmp_path: Path
) -> None:
    picture("0.png")
    with pytest.raises(UserError, match=r"Choose the one with the label\. Nothing was imported"):
        take(context, read(put(tmp_path / "t.csv", "picture,caption,when\n0.png,x,y\n")))
    assert not len(context.index.columns.ids)


# ------------------------------------------------------------------------------ plain pictures


def test_a_folder_of_pictures_is_a_source(picture: MakePicture, tmp_path: Path) -> None:
    picture("in/a.png")
    picture("in/deep/b.png")
    put(tmp_path / "in" / "notes.txt", "x")
    assert recognised(tmp_path / "in") == "pictures"
    listing = read(tmp_path / "in")
    assert rows(listing) == [("a.png", None, None), ("b.png", None, None)]
    assert listing.notes[0] == "Left out: 1 document."
    assert "choose the format 'Class folders (ImageFolder)' (imagefolder)" in listing.notes[1]
    assert rows(read(tmp_path / "in" / "a.png")) == [("a.png", None, None)]
