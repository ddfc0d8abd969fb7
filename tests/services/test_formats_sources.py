"""Sources as people have them: split folders, boxes, one-hot tables, archives, keywords, plain pictures."""

from __future__ import annotations

import gzip
import json
import shutil
import tarfile
import zipfile
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Use, split_use
from mma_desktop.media.scan import class_folders
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats import archive, text_decoding
from mma_desktop.services.formats.kinds import xmp_keywords
from mma_desktop.services.formats.path_resolver import PathResolver
from mma_desktop.services.formats.registry import inspect_dropped, recognise
from mma_desktop.services.images import importing

from .format_steps import MakePicture, put, read, rows, take, write


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
    assert inspect_dropped([tmp_path]).source is None


def test_folders_among_many_loose_pictures_may_be_classes(picture: MakePicture, tmp_path: Path) -> None:
    for name in ("cat/a.png", "dog/b.png", "c.png", "d.png"):
        picture(name)
    assert not inspect_dropped([tmp_path]).mixed
    picture("e.png")
    found = inspect_dropped([tmp_path])
    assert (list(found.classes), found.mixed) == (["cat", "dog"], True)
    assert class_folders([tmp_path]) is None


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
    assert "'train' is taken for a class" in read(tmp_path / "vehicles").notes[0]
    for other in ("goal/a.png", "shot/b.png"):
        picture(f"football/{other}")
    assert list(class_folders([tmp_path / "football"]) or ()) == ["goal", "shot"]
    assert read(tmp_path / "football").labelled == 2


def test_a_folder_with_an_impossible_class_name_is_taken_without_labels(picture: MakePicture, tmp_path: Path) -> None:
    for name in ("cat/a.png", "dog/b.png", f"{'x' * 210}/c.png"):
        picture(name)
    listing = read(tmp_path)
    assert [one.label for one in listing.entries] == ["cat", "dog", None]
    assert "was taken without its label" in listing.problems[0].reason
    assert listing.classes == ("cat", "dog")


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
    assert inspect_dropped([tmp_path]).source is not None, "the window says it too"
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
    sentence = r"_classes.csv gives a picture several labels \(train/_classes.csv, line 2: cat, dog\).*multi-label"
    with pytest.raises(UserError, match=sentence):
        read(tmp_path)
    dropped = inspect_dropped([tmp_path]).source
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
    put(table, "image,MEL,NV,BCC\nISIC_0,1,0,0\nISIC_1,1,1,0\n")
    with pytest.raises(UserError, match=r"several labels \(line 3: MEL, NV\)"):
        read(table)


def test_two_columns_of_0_and_1_are_classes_if_each_row_has_one_1(picture: MakePicture, tmp_path: Path) -> None:
    for number in range(3):
        picture(f"{number}.png")
    table = put(tmp_path / "t.csv", "file,cat,dog\n0.png,1,0\n1.png,0,1\n2.png,1,0\n")
    assert [one.label for one in read(table).entries] == ["cat", "dog", "cat"]
    assert not read(table).question
    for flags in ("1,1", "0,0"):
        put(table, f"file,blurred,indoor\n0.png,1,0\n1.png,0,1\n2.png,{flags}\n")
        listing = read(table)
        assert listing.question == (
            "'blurred' and 'indoor' hold 0 and 1, and not each row has a single 1, so they may be two flags rather "
            "than two classes. Choose the column with the label."
        )
        assert not listing.notes
        assert listing.labelled == 0
        assert [one.label for one in read(table, columns={"label": "indoor"}).entries] == ["0", "1", flags[2]]
        assert not read(table, columns={"label": ""}).question


def test_a_class_of_a_one_hot_table_may_be_named_like_a_column_of_labels(picture: MakePicture, tmp_path: Path) -> None:
    for number in range(3):
        picture(f"{number}.png")
    table = put(tmp_path / "t.csv", "file,art,cartoon,sketch\n0.png,1,0,0\n1.png,0,0,1\n2.png,0,1,0\n")
    assert [one.label for one in read(table).entries] == ["art", "sketch", "cartoon"]
    put(table, "file,label,checked\n0.png,1,0\n1.png,0,0\n2.png,1,1\n")
    assert [one.label for one in read(table).entries] == ["1", "0", "1"]


@pytest.mark.parametrize("several", ["cat|dog", "dog,cat", "cat; dog", "['cat', 'dog']"])
def test_a_column_of_several_labels_is_refused_by_name(several: str, picture: MakePicture, tmp_path: Path) -> None:
    for number in range(4):
        picture(f"{number}.png")
    table = put(tmp_path / "t.csv", f'file,labels\n0.png,cat\n1.png,dog\n2.png,"{several}"\n3.png,"ant, red"\n')
    with pytest.raises(UserError, match=r"several labels \(line 4: .*multi-label"):
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


# ------------------------------------------------------------------------------ columns by their content


@pytest.mark.parametrize(
    ("header", "lines", "expected"),
    [
        ("fname,labels,is_valid", ("a.png,cat,False", "b.png,dog,True", "c.png,cat,False"), (0, 1, 0)),
        ("fname,labels", ("a.png,cat", "b.png,dog", "c.png,cat"), None),
        ("ImageId,ClassId", ("a.png,cat", "b.png,dog", "c.png,cat"), None),
        ("ImageId,ClassId", ("a,cat", "b,dog", "c,cat"), None),
        ("img,cls", ("a.png,cat", "b.png,dog", "c.png,cat"), None),
        ("image_path,y", ("pics/a.png,cat", "pics/b.png,dog", "pics/c.png,cat"), None),
        ("Foto-Nr,Vogelart", ("a.png,cat", "b.png,dog", "c.png,cat"), None),
        ("what,width,shown,caption", ("a.png,9,cat,one", "b.png,9,dog,two", "c.png,8,cat,three"), None),
        ("kind,where,is_test", ("cat,pics/a.png,0", "dog,pics/b.png,1", "cat,pics/c.png,0"), (0, 2, 0)),
    ],
)
@pytest.mark.parametrize("place", ["pics/", ""])
def test_columns_are_found_by_what_is_in_them(
    header: str,
    lines: tuple[str, ...],
    expected: tuple[int, ...] | None,
    place: str,
    picture: MakePicture,
    tmp_path: Path,
) -> None:
    for name in ("a.png", "b.png", "c.png"):
        picture(f"in/pics/{name}")
    folder = tmp_path / "in"
    text = "\n".join((header, *lines))
    put(folder / place / "table.csv", text.replace("pics/", "") if place else text)
    uses = [list(Use)[one] for one in expected] if expected else [None] * 3
    assert recognised(folder) == "csv"
    for source in (folder, folder / place / "table.csv"):
        listing = read(source)
        assert rows(listing) == list(zip(("a.png", "b.png", "c.png"), ("cat", "dog", "cat"), uses, strict=True))
        assert (listing.problems, listing.question, listing.unused) == ((), "", ())


def test_numbers_are_labels_where_the_column_speaks_of_a_class(picture: MakePicture, tmp_path: Path) -> None:
    for number in range(3):
        picture(f"in/{number}.png")
    folder = tmp_path / "in"
    for header in ("ImageId,ClassId", "image_path,y", "img,cls"):
        put(folder / "t.csv", f"{header}\n0.png,1\n1.png,2\n2.png,1\n")
        assert [one.label for one in read(folder).entries] == ["1", "2", "1"]
    put(folder / "t.csv", "x,y,w,h,file\n1,2,3,4,0.png\n1,2,3,5,1.png\n")
    assert recognised(folder) == "pictures"


def test_labels_apart_by_blanks_are_several(picture: MakePicture, tmp_path: Path) -> None:
    for number in range(4):
        picture(f"{number}.png")
    table = put(tmp_path / "t.csv", "fname,labels\n0.png,car person\n1.png,person\n2.png,car\n3.png,person car\n")
    with pytest.raises(UserError, match=r"several labels \(line 2: car, person\)"):
        read(table)
    put(table, "fname,labels\n0.png,green apple\n1.png,apple\n2.png,green\n3.png,apple\n")
    assert read(table).labelled == 4, "one such name may be a name"


def test_a_table_that_was_seen_and_not_used_is_said(picture: MakePicture, tmp_path: Path) -> None:
    for name in ("in/cat/a.png", "in/cat/b.png", "in/dog/c.png"):
        picture(name)
    folder = tmp_path / "in"
    put(folder / "about.csv", "author,year\nme,2020\n")
    assert read(folder).unused == ()
    assert inspect_dropped([folder]).source is None
    put(folder / "shots.csv", "file,camera,place\na,x,home\nb,y,home\nc,x,away\n")
    assert recognised(folder) == "imagefolder", "class folders say what the pictures show"
    (one,) = read(folder).unused
    assert one.sentence() == (
        "shots.csv lists these pictures and is not used: which of its columns has the label is not clear "
        "(camera, place)."
    )
    assert inspect_dropped([folder]).source is not None, "the preview says so"
    chosen = read(folder, "csv")
    assert chosen.question.startswith("shots.csv has no column named like one of labels.")
    assert chosen.columns == ("file", "camera", "place")
    assert [one.label for one in read(folder, columns={"label": "place"}).entries] == ["home", "home", "away"]
    assert read(folder, columns={"label": "camera", "file": "file"}).labelled == 3
    with pytest.raises(UserError, match="has no column for 'label' that could be chosen"):
        read(folder, columns={"label": "nothing"})
    put(folder / "shots.csv", "file,class\na,x\nb,y\nc,x\n")
    assert recognised(folder) == "csv", "a table that says which column has the classes outranks folders"


def test_what_must_be_asked_first_is_not_imported(
    context: ProjectContext, picture: MakePicture, tmp_path: Path
) -> None:
    picture("0.png")
    with pytest.raises(UserError, match=r"Choose the one with the label\. Nothing was imported"):
        take(context, read(put(tmp_path / "t.csv", "picture,caption,when\n0.png,x,y\n")))
    assert not len(context.index.columns.ids)


# ------------------------------------------------------------------------------ labelme


def test_labelmes_files_beside_the_folder_of_pictures(picture: MakePicture, tmp_path: Path) -> None:
    for name in ("set/images/a.png", "set/images/sub/b.png", "set/images/c.png", "outside.png"):
        picture(name)
    names = ("../images/a.png", "..\\images\\sub\\b.png", "../../outside.png", "images/../../outside.png")
    for number, name in enumerate(names):
        content = {"flags": {"cat": True}, "shapes": [], "imagePath": name}
        put(tmp_path / "set" / "json" / f"{number}.json", content)
    both = read(tmp_path / "set")
    assert rows(both) == [("a.png", "cat", None), ("b.png", "cat", None)]
    assert [("leads out of its folder" in one.reason) for one in both.problems] == [True, True]
    alone = read(tmp_path / "set" / "json")
    assert not alone.entries
    assert "choose the folder of the pictures, or one that holds both" in alone.problems[0].reason
    for base in ("set", "set/images"):
        based = read(tmp_path / "set" / "json", base=tmp_path / base)
        assert rows(based) == [("a.png", "cat", None), ("b.png", "cat", None)], base
    put(tmp_path / "far" / "1.json", {"flags": {"cat": True}, "shapes": [], "imagePath": "C:\\set\\images\\c.png"})
    assert rows(read(tmp_path / "far", base=tmp_path / "set" / "images")) == [("c.png", "cat", None)]


# ------------------------------------------------------------------------------ keywords


def test_a_keyword_is_a_label_where_it_is_the_only_one(picture: MakePicture, tmp_path: Path) -> None:
    for number in range(5):
        xmp_keywords.add_keyword(picture(f"in/{number}.png"), ("cat", "Cat", "dog", "cat", "x")[number])
    picture("in/none.png")
    for keyword in ("sunny", "2024"):
        xmp_keywords.add_keyword(tmp_path / "in" / "3.png", keyword)
    put(tmp_path / "in" / "4.png.xmp", "<broken")
    assert recognised(tmp_path / "in") == "xmp"
    listing = read(tmp_path / "in")
    assert [one.label for one in listing.entries] == ["cat", "cat", "dog", None, None, None]
    reasons = [one.reason for one in listing.problems]
    assert reasons[0] == (
        "it has several keywords (cat, sunny, 2024), and none is a class; the picture was taken without a label"
    )
    assert reasons[1].startswith("it is damaged (line 1); the picture was taken without")
    assert read(tmp_path / "in", classes=("CAT", "dog")).entries[3].label == "cat"
    both = read(tmp_path / "in", classes=("cat", "sunny"))
    assert "several of its keywords are classes (cat, sunny)" in both.problems[0].reason


def test_keywords_inside_the_pictures_are_read(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "a.jpg"
    Image.new("RGB", (4, 4)).save(path)
    xmp_keywords.add_keyword(path, "great tit")
    packet = xmp_keywords.sidecar_of(path)
    Image.new("RGB", (4, 4)).save(path, xmp=packet.read_bytes())
    packet.unlink()
    assert recognised(tmp_path / "in") == "xmp"
    assert rows(read(tmp_path / "in")) == [("a.jpg", "great tit", None)]


def test_a_photographers_many_keywords_are_no_classes(picture: MakePicture, tmp_path: Path) -> None:
    for number in range(3):
        path = picture(f"in/{number}.png")
        for keyword in ("holiday", "beach"):
            xmp_keywords.add_keyword(path, keyword)
    assert recognised(tmp_path / "in") == "pictures"
    assert read(tmp_path / "in", "xmp", classes=("beach",)).labelled == 3


# ------------------------------------------------------------------------------ archives


def packed(folder: Path, out: Path) -> Path:
    """A folder as a zip or tar, by the suffix."""
    if out.suffix == ".zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for one in sorted(folder.rglob("*")):
                archive.write(one, one.relative_to(folder.parent).as_posix())
    else:
        mode = {".tar": "w", ".gz": "w:gz", ".tgz": "w:gz", ".bz2": "w:bz2", ".xz": "w:xz"}[out.suffix]
        with tarfile.open(out, mode) as tar:  # type: ignore[call-overload]
            tar.add(folder, folder.name)
    return out


@pytest.mark.parametrize("suffix", [".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz"])
def test_an_archive_of_class_folders(
    suffix: str, context: ProjectContext, picture: MakePicture, tmp_path: Path
) -> None:
    for name in ("set/Käfer/a.png", "set/Käfer/.hidden.png", "set/dog/deep/b.png", "set/dog/c.png"):
        picture(name)
    put(tmp_path / "set" / "readme.txt", "x")
    (tmp_path / "down").mkdir()
    file = packed(tmp_path / "set", tmp_path / "down" / f"animals{suffix}")
    shutil.rmtree(tmp_path / "set")
    assert recognised(file) == "archive"
    listing = read(file)
    place = tmp_path / "down" / "animals"
    assert [(one.image.relative_to(place).as_posix(), one.label) for one in listing.entries] == [
        ("set/Käfer/a.png", "Käfer"),
        ("set/dog/c.png", "dog"),
        ("set/dog/deep/b.png", "dog"),
    ]
    assert listing.notes == (
        f"The pictures are unpacked into {place} when they are imported.",
        "Left out: 1 document.",
    )
    assert sorted(one.name for one in file.parent.iterdir()) == [file.name], "a preview leaves nothing behind"
    report = take(context, listing)
    assert (report.added, report.labelled, report.problems) == (3, 3, 0)
    assert sorted(one.name for one in place.rglob("*.*")) == ["a.png", "b.png", "c.png", "readme.txt"]
    again = read(file)
    assert again.notes[0] == f"It is unpacked already, in {place}."
    assert take(context, again).known == 3
    (place / "set" / "dog" / "c.png").write_bytes(b"mine")
    other = read(file)
    assert {one.image.parts[len(place.parts) - 1] for one in other.entries} == {"animals (2)"}, "nothing is replaced"


def test_an_archive_of_something_else_is_read_as_its_folder(
    context: ProjectContext, picture: MakePicture, tmp_path: Path
) -> None:
    picture("set/train/1.png")
    picture("set/train/2.png")
    put(tmp_path / "set" / "labels.csv", f"id,breed\n1,pug\n2,corgi\n{tmp_path / 'secret.png'},pug\n")
    picture("secret.png")
    file = packed(tmp_path / "set", tmp_path / "dogs.zip")
    listing = read(file)
    assert rows(listing) == [("1.png", "pug", None), ("2.png", "corgi", None)]
    assert [one.reason for one in listing.problems] == ["it is not in the archive"]
    assert listing.mapping == {"file": "id", "label": "breed"}
    assert take(context, listing).labelled == 2
    put(tmp_path / "set" / "labels.csv", "file,cat,dog,pug\n1,1,1,0\n2,0,1,0\n")
    with pytest.raises(UserError, match=r"dogs.zip/set/labels.csv gives a picture several labels"):
        read(packed(tmp_path / "set", file))
    (tmp_path / "set" / "labels.csv").unlink()
    assert rows(read(packed(tmp_path / "set", file))) == [("1.png", None, None), ("2.png", None, None)]


def test_an_archive_of_tables(context: ProjectContext, picture: MakePicture, tmp_path: Path) -> None:
    importing.import_paths(context, [picture("a.png"), picture("b.png")], CancelToken())
    context.project.add_classes(["cat"])
    context.project.assign(context.index.columns.ids.tolist(), context.classes[0].id)
    write(context, "hf", tmp_path / "out")
    listing = read(packed(tmp_path / "out", tmp_path / "own.zip"))
    assert rows(listing) == [("a.png", "cat", None), ("b.png", "cat", None)]
    data = picture("c.png").read_bytes()
    (tmp_path / "tables").mkdir()
    pq.write_table(pa.table({"image": [{"bytes": data, "path": "c.png"}]}), tmp_path / "tables" / "train.parquet")
    file = packed(tmp_path / "tables", tmp_path / "tables.zip")
    with pytest.raises(UserError, match=r"pictures in \S+tables.zip are inside tables or shards. Unpack it first"):
        read(file)


def evil_zip(out: Path, *names: str, data: bytes = b"x") -> Path:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out


def evil_tar(out: Path, *members: tuple[str, bytes, str]) -> Path:
    with tarfile.open(out, "w:gz") as archive:
        for name, kind, target in members:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            archive.addfile(info)
    return out


def test_nothing_is_written_outside_the_folder(context: ProjectContext, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    names = ("../out.png", "cat/../../out.png", "/tmp/mma tables14 out.png", "C:\\out.png", "..\\out.png", "a/nul")
    zipped = evil_zip(tmp_path / "in" / "a.zip", *names, "cat/a.png", "dog/b.png")
    links = (("cat/l.png", tarfile.SYMTYPE, "/etc/passwd"), ("in", tarfile.SYMTYPE, "/tmp"))
    more = (
        ("cat/a.png", tarfile.REGTYPE, ""),
        ("dog/h.png", tarfile.LNKTYPE, "cat/a.png"),
        ("dog/e.png", tarfile.LNKTYPE, "/etc/passwd"),
        ("dog/p.png", tarfile.FIFOTYPE, ""),
        ("in/escaped.png", tarfile.REGTYPE, ""),
        ("../out.png", tarfile.REGTYPE, ""),
    )
    tarred = evil_tar(tmp_path / "in" / "b.tar.gz", *links, *more)
    for file, problems in ((zipped, 6), (tarred, 5)):
        listing = read(file)
        assert len(listing.problems) == problems
        assert "its name leads out of the archive" in {one.reason for one in listing.problems}
        take(context, listing)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in", "test.mma"]
    found = {one.relative_to(tmp_path / "in").as_posix() for one in (tmp_path / "in").rglob("*.png")}
    assert found == {"a/cat/a.png", "a/dog/b.png", "b/cat/a.png", "b/dog/h.png", "b/in/escaped.png"}
    assert not any(one.is_symlink() for one in (tmp_path / "in").rglob("*"))
    assert not Path("/tmp/mma tables14 out.png").exists()


def test_names_twice_are_taken_once_and_told(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        file = evil_zip(tmp_path / "a.zip", "cat/a.png", "cat/a.png", "dog/b.png", "dog/b.png/c.png")
    reasons = [one.reason for one in read(file).problems]
    assert reasons == ["another file of the archive is in its place"] * 2


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "ALWAYS_BYTES", 1 << 20)
    file = evil_zip(tmp_path / "a.zip", "cat/a.png", "dog/b.png", data=bytes(3 << 20))
    with pytest.raises(UserError, match="would unpack to more than is sensible"):
        read(file)
    with tarfile.open(tmp_path / "b.tgz", "w:gz") as tar:
        info = tarfile.TarInfo("cat/a.png")
        info.size = 3 << 20
        tar.addfile(info, BytesIO(bytes(3 << 20)))
    with pytest.raises(UserError, match="would unpack to more than is sensible"):
        read(tmp_path / "b.tgz")
    header = tarfile.TarInfo("x" * 20)
    header.type, header.size = tarfile.XHDTYPE, 1 << 30
    with gzip.open(tmp_path / "c.tgz", "wb") as out:
        out.write(header.tobuf() + bytes(1 << 20))
    with pytest.raises(UserError, match="is damaged, or not an archive that can be read"):
        read(tmp_path / "c.tgz")


def test_an_archive_that_cannot_be_read_is_a_sentence(
    context: ProjectContext, picture: MakePicture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, data in (("a.zip", b"no zip"), ("b.tar", b"no tar"), ("c.tgz", b"\x1f\x8b\x08cut"), ("d.tar.xz", b"")):
        put(tmp_path / name, data)
        with pytest.raises(UserError, match=r"is damaged, or not an archive that can be read|holds no files"):
            read(tmp_path / name)
    marked = evil_zip(tmp_path / "e.zip", "c\xe4t/a.png").read_bytes()
    put(tmp_path / "e.zip", marked.replace(b"\xc3\xa4", b"\xff\xfe"))
    with pytest.raises(UserError, match="is damaged, or not an archive that can be read"):
        read(tmp_path / "e.zip")
    for name in ("set/cat/a.png", "set/dog/b.png"):
        picture(name)
    file = packed(tmp_path / "set", tmp_path / "good.zip")
    data = bytearray(file.read_bytes())
    data[data.index(b"PK\x01\x02") - 6] ^= 0xFF
    listing = read(put(tmp_path / "hurt.zip", bytes(data)))
    with pytest.raises(UserError, match=r"hurt\.zip is damaged"):
        take(context, listing)
    with zipfile.ZipFile(tmp_path / "locked.zip", "w") as archive_:
        info = zipfile.ZipInfo("cat/a.png")
        archive_.writestr(info, b"x")
    locked = bytearray((tmp_path / "locked.zip").read_bytes())
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UserError, match=r"has a password. Unpack it first"):
        read(put(tmp_path / "locked.zip", bytes(locked)))
    listing = read(file)
    monkeypatch.setattr("shutil.disk_usage", lambda _path: SimpleNamespace(free=1 << 20))
    with pytest.raises(UserError, match=r"Unpacking .* takes 0 MB, and 1 MB are free"):
        take(context, listing)
    monkeypatch.undo()
    listing = read(file)
    packed(tmp_path / "set" / "cat", file)
    with pytest.raises(UserError, match="has changed meanwhile"):
        take(context, listing)
    assert not (tmp_path / "good").exists()
    assert not [one for one in tmp_path.iterdir() if one.name.startswith(".")]
    assert not len(context.index.columns.ids)


def test_macos_names_without_their_mark_are_utf8(tmp_path: Path) -> None:
    file = evil_zip(tmp_path / "a.zip", "K\u00e4fer/a.png", "dog/b.png")
    data = file.read_bytes()
    flagged = data.count(b"\x00\x08")
    assert flagged
    put(
        file,
        data.replace(b"PK\x03\x04\x14\x00\x00\x08", b"PK\x03\x04\x14\x00\x00\x00").replace(
            b"\x14\x00\x00\x08\x08", b"\x14\x00\x00\x00\x08"
        ),
    )
    assert read(file).classes == ("dog", "Käfer") or read(file).classes == ("Käfer", "dog")


# ------------------------------------------------------------------------------ plain pictures


def test_a_folder_of_pictures_is_a_source(picture: MakePicture, tmp_path: Path) -> None:
    picture("in/a.png")
    picture("in/deep/b.png")
    put(tmp_path / "in" / "notes.txt", "x")
    assert recognised(tmp_path / "in") == "pictures"
    listing = read(tmp_path / "in")
    assert rows(listing) == [("a.png", None, None), ("b.png", None, None)]
    assert "choose the format 'Class folders (ImageFolder)' (imagefolder)" in listing.notes[0]
    assert listing.notes[1] == "Left out: 1 document."
    assert rows(read(tmp_path / "in" / "a.png")) == [("a.png", None, None)]


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (
            ("in/a.json", "in/b.json", "in/c.txt"),
            "Found: 2 .json files, 1 .txt file. These can be read: coco, coop, datumaro",
        ),
        (("in/a.json",), "labelme, manifest."),
        (("in/table.xlsx",), "Found: 1 .xlsx file. Save the table as CSV"),
        (("in/set.rar",), "Found: 1 .rar file. Unpack it, and import the folder."),
        (("in/a.weights",), "Found: 1 .weights file. These can be read: zips"),
    ],
)
def test_what_is_not_recognised_is_named_with_what_is_nearest(
    names: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    for name in names:
        put(tmp_path / name, "{}")
    with pytest.raises(UserError) as refused:
        read(tmp_path / "in")
    assert f"{tmp_path / 'in'} is in no format that was recognised. " in str(refused.value)
    assert sentence in str(refused.value)


def test_a_file_that_is_not_recognised_is_named_too(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"Found: 1 \.json file\. These can be read: .*labelstudio"):
        read(put(tmp_path / "a.json", {"x": 1}))


def test_a_format_that_is_advised_can_read_it(picture: MakePicture, tmp_path: Path) -> None:
    picture("a.png")
    line = json.dumps({"source-ref": "s3://bucket/a.png", "kind": "cat"})
    file = put(tmp_path / "output.manifest", f"# made by hand\n{line}\n")
    with pytest.raises(UserError, match=r"Choose its format \(manifest\), or give it with --format\."):
        read(file)
    assert rows(read(file, "manifest")) == [("a.png", "cat", None)]
    with pytest.raises(UserError, match=r"These can be read: manifest\."):
        read(put(file, line.replace("a.png", "gone.png").join(("# made by hand\n", ""))))


def test_what_is_not_recognised_is_not_read_whole(
    picture: MakePicture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To say which format comes closest, the beginning of a source is enough, and nothing of a large file."""
    picture("a.png")
    looked_for: list[str] = []
    find = PathResolver.find
    monkeypatch.setattr(PathResolver, "find", lambda self, text: (looked_for.append(text), find(self, text))[1])
    line = json.dumps({"source-ref": "s3://bucket/a.png", "kind": "cat"})
    lost = line.replace("a.png", "gone.png")
    for lines, sentence in ((line, "Choose its format"), (lost, "These can be read: manifest")):
        file = put(tmp_path / "output.manifest", "# made by hand\n" + f"{lines}\n" * 3000)
        looked_for.clear()
        with pytest.raises(UserError, match=sentence):
            read(file)
        assert 0 < len(looked_for) < 1000
    large = put(tmp_path / "large.json", "[" + "1," * (9 << 20) + "1]")
    monkeypatch.setattr(text_decoding, "read_bytes", lambda path: pytest.fail(f"{path} was read"))
    with pytest.raises(UserError, match="These can be read: coco"):
        read(large)
