"""What other tools and strangers write: read rightly, or refused with a reason that stops nothing else."""

from __future__ import annotations

import cProfile
import json
import os
import re
import shutil
import tarfile
import unicodedata
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest

from mma_desktop.cli.common import read_names
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Use
from mma_desktop.engine.open_set_scores import OpenSetScores, Thresholds
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.dataset import Images
from mma_desktop.services.formats.exporting import Splits
from mma_desktop.services.formats.registry import inspect_dropped, recognise
from mma_desktop.services.formats.text_decoding import read_text
from mma_desktop.services.image_index import Filter, Order, Predictions
from mma_desktop.services.images import importing

from .format_steps import MakePicture, put, read, rows, take, write

# ------------------------------------------------------------------------------ paths


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../out.png", "leads out of its folder"),
        ("a/../../out.png", "leads out of its folder"),
        ("..\\out.png", "leads out of its folder"),
        ("file:///../out.png", "leads out of its folder"),
        ("CON", "there is no file 'CON'"),  # on Windows it would be a device
        ("/dev/null", "is not a file"),
        ("gone.png", "there is no file 'gone.png'"),
        ("sub", "is not a file"),
        ("https://example.org/a.png", "nothing is fetched"),
        ("s3://bucket/a.png", "nothing is fetched"),
        ("data:image/png;base64,xx", "inside the text"),
        ("C:\\pictures\\a.png", "another computer"),
        ("\\\\server\\a.png", "another computer"),
        ("a\x07.png", "cannot be the name of a picture"),
        (" ", "no file name"),
    ],
)
@pytest.mark.skipif(os.name != "posix", reason="paths of this system")
def test_a_name_that_may_not_be_followed_is_a_problem_and_stops_nothing(
    name: str, reason: str, picture: MakePicture, tmp_path: Path
) -> None:
    picture("out.png")
    picture("in/sub/a.png")
    table = put(tmp_path / "in" / "list.csv", f'file_name,label\n"{name}",cat\nsub/a.png,dog\n')
    listing = read(table)
    assert rows(listing) == [("a.png", "dog", None)]
    assert [one.where for one in listing.problems] == ["line 2"]
    assert reason in listing.problems[0].reason
    assert listing.problems[0].sentence().startswith("line 2: ")


@pytest.mark.parametrize("kind", ["hf", "cvat", "fiftyone", "labelme"])
def test_formats_without_whole_paths_take_none(kind: str, picture: MakePicture, tmp_path: Path) -> None:
    outside, root = picture("outside.png"), tmp_path / "in"
    picture("in/data/a.png")
    names = [str(outside), "../outside.png", "data/../../outside.png", f"file://{outside}"]
    if kind != "cvat":  # whose lists end a name at a blank
        names += [f" {outside}", " ../outside.png"]
    for name in (*names, str(outside).replace("/", "\\")):
        if kind == "hf":
            put(root / "metadata.jsonl", json.dumps({"file_name": name, "label": "x"}))
        elif kind == "cvat":
            put(root / "synsets.txt", "x\n")
            put(root / "train.txt", f"{name} 0\n")
        elif kind == "fiftyone":
            put(root / "labels.json", {"classes": ["x"], "labels": {name: 0}})
        else:
            put(root / "a.json", {"flags": {"x": True}, "imagePath": name})
        listing = read(root, kind)
        assert not listing.entries
        assert len(listing.problems) == 1


@pytest.mark.skipif(os.name != "posix", reason="a name on this system")
def test_a_name_may_begin_with_a_backslash(picture: MakePicture, tmp_path: Path) -> None:
    picture("in/\\a.png")
    put(tmp_path / "in" / "metadata.jsonl", json.dumps({"file_name": "\\a.png", "label": "x"}))
    assert rows(read(tmp_path / "in", "hf")) == [("\\a.png", "x", None)]


def test_names_in_another_unicode_form_and_with_backslashes_are_found(picture: MakePicture, tmp_path: Path) -> None:
    picture(unicodedata.normalize("NFD", "in/Zoë/é.png"))
    picture("in/b.png")
    label = unicodedata.normalize("NFD", "Käfer")
    table = put(tmp_path / "in" / "list.csv", f"file,label\nZoë\\é.png,{label}\n b.png ,Käfer\n")
    listing = read(table)
    assert not listing.problems
    assert [one.label for one in listing.entries] == ["Käfer", "Käfer"]
    assert listing.classes == ("Käfer",)


# ------------------------------------------------------------------------------ CSV

TABLE = 'image;species;subset\r\nä.png;Löwe;train\r\nb.png;"ant; red";val\r\nc.png;;\r\n'
EXPECTED = [("ä.png", "Löwe", Use.SHOT), ("b.png", "ant; red", Use.VALIDATION), ("c.png", None, None)]


@pytest.mark.parametrize(
    "data",
    [
        TABLE.encode(),
        b"\xef\xbb\xbf" + TABLE.encode(),
        TABLE.encode("utf-16"),
        b"\xfe\xff" + TABLE.encode("utf-16-be"),
        TABLE.encode("utf-16-le"),
        TABLE.replace(";subset", "\tsubset").replace(";species", "\tspecies").replace("png;", "png\t").replace(
            ";train", "\ttrain").replace(";val", "\tval").replace("\t;", "\t\t").encode(),
        TABLE.replace("\r\n", "\n").encode(),
        b"\n;;\n" + TABLE.encode(),
    ],
    ids=["utf-8", "mark", "utf-16", "utf-16-be", "utf-16 without mark", "tabs", "newlines", "blank lines first"],
)  # fmt: skip
def test_tables_of_every_writing(data: bytes, picture: MakePicture, tmp_path: Path) -> None:
    for name in ("ä.png", "b.png", "c.png"):
        picture(name)
    listing = read(put(tmp_path / "list.csv", data))
    assert rows(listing) == EXPECTED
    assert not listing.problems
    assert listing.columns == ("image", "species", "subset")
    assert listing.mapping == {"file": "image", "label": "species", "split": "subset"}


def test_a_table_of_very_many_columns(picture: MakePicture, tmp_path: Path) -> None:
    names = [f"sort {number}" for number in range(3000)]
    cells = [["1" if at == mine else "0" for at in range(len(names))] for mine in (7, 2999)]
    lines = [["file", *names], [str(picture("a.png")), *cells[0]], [str(picture("b.png")), *cells[1]]]
    table = put(tmp_path / "list.csv", "\n".join(map(",".join, lines)))
    profile = cProfile.Profile()
    listing = profile.runcall(read, table)
    assert rows(listing) == [("a.png", "sort 7", None), ("b.png", "sort 2999", None)]
    assert listing.notes[0].endswith("sort 18, sort 19 and 2,980 more.")
    searches = [one.callcount for one in profile.getstats() if "'index' of 'list'" in str(one.code)]
    assert sum(searches) < len(names) / 10, "each column is looked for in the list of all"
    with pytest.raises(UserError, match=r"It has file, sort 0, .*sort 18 and 2,981 more\.$"):
        read(table, columns={"label": "kind"})


def test_columns_are_mapped(picture: MakePicture, tmp_path: Path) -> None:
    picture("far/a.png")
    table = put(tmp_path / "list.csv", 'Bild,Art,Sicher\na.png,cat,"0,75"\n')
    mapped = {"file": "Bild", "prediction": "Art", "confidence": "Sicher"}
    (one,) = read(table, columns=mapped, base=tmp_path / "far").entries
    assert (one.label, one.prediction, one.confidence) == (None, "cat", 0.75)
    with pytest.raises(UserError, match="no column 'Tier' in list.csv. It has Bild, Art, Sicher"):  # noqa: RUF043
        read(table, columns={"label": "Tier"})
    with pytest.raises(UserError, match="no column for 'shape'"):
        read(table, columns={"shape": "Art"})
    guessed = read(put(tmp_path / "odd.csv", "Qux,Quux\na.png,cat\n"), base=tmp_path / "far")
    assert guessed.notes == ("No column is named like one of file names: 'Qux' was taken for it.",)
    assert guessed.question.startswith("odd.csv has no column named like one of labels. It has Qux, Quux.")
    picture("b.png")
    bare = read(put(tmp_path / "bare.csv", "b.png,dog\nfar/a.png,cat\n"))
    assert rows(bare) == [("b.png", "dog", None), ("a.png", "cat", None)]
    assert bare.columns == ("1", "2")
    swapped = put(tmp_path / "swapped.csv", "dog,b.png\n")
    assert rows(read(swapped, columns={"file": "2", "label": "1"})) == [("b.png", "dog", None)]


def test_rows_that_cannot_be_taken_are_listed(picture: MakePicture, tmp_path: Path) -> None:
    for number in range(5):
        picture(f"{number}.png")
    table = put(
        tmp_path / "list.csv",
        f"file_name,label,split,prediction,confidence\n0.png,{'x' * 300},train\n1.png,Cat,extra,dog,93\n"
        "2.png, cat ,test,\n\n3.png\n4.png,'=A1,shot,,\n",
    )
    listing = read(table)
    assert rows(listing) == [
        ("0.png", None, Use.SHOT),
        ("1.png", "Cat", None),
        ("2.png", "Cat", Use.TEST),
        ("3.png", None, None),
        ("4.png", "=A1", Use.SHOT),
    ]
    assert [one.where for one in listing.problems] == ["line 2", "line 3", "line 3"]
    assert "without its label" in listing.problems[0].reason
    assert "'93' is not a number from 0 to 1" in listing.problems[1].reason
    assert "the split 'extra' is none of train, val and test" in listing.problems[2].reason
    assert listing.notes == (
        "'cat' is taken as 'Cat'.",
        "1 picture has a split and no label: a split goes with a label, so it is left out.",
        "1 picture has a prediction, which is shown only: the project makes its own.",
    )


def test_what_the_model_reads_is_a_column(picture: MakePicture, tmp_path: Path) -> None:
    for number in range(5):
        picture(f"{number}.png")
    table = put(
        tmp_path / "list.csv",
        "file;label;Reads\n0.png;Ameise; ant \n1.png;AMEISE;emmet\n2.png;;bee\n3.png;cat;cat\n4.png;dog;\n",
    )
    listing = read(table)
    assert listing.mapping == {"file": "file", "label": "label", "reads": "Reads"}
    assert listing.reads == {"Ameise": "ant"}
    assert [one.sentence() for one in listing.problems] == [
        "line 3: the model reads 'ant' for 'Ameise', not 'emmet' as well"
    ]
    assert read(table, columns={"reads": ""}).reads == {}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"file,label\nK\x81se.png,x\n", "not written in UTF-8 or UTF-16 .byte 13.*Nothing was changed"),
        (b"", "is empty"),
        (b'file,label\n"a.png,x\nb.png,y\n', "cannot be read as a table"),
        (b"file,label\n", "lists no picture"),
    ],
)
def test_tables_that_are_refused(data: bytes, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=sentence):
        read(put(tmp_path / "list.csv", data), "csv")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", b'[{"a":\n]'),
        ("deep.json", b"[" * 100_000),
        ("a.csv", b'file,label\n"a.png,x\nb.png,y\n'),
        ("long.csv", b"file,label\na.png," + b"x" * 2_000_000),
        ("annotations.xml", b"<annotations><image></annotations>"),
        ("a.zip", b"PK\3\4 no zip"),
        ("a.parquet", b"PAR1 no table"),
        ("a.tar", b"no shard" + bytes(1000)),
    ],
)
def test_no_library_speaks_english_in_a_foreign_sentence(foreign: None, name: str, data: bytes, tmp_path: Path) -> None:
    form = {".json": "labelstudio", ".csv": "csv", ".xml": "cvat", ".parquet": "parquet", ".zip": "archive"}
    path = put(tmp_path / name, data)
    with pytest.raises(UserError) as refused:
        read(path, form.get(path.suffix, "webdataset"))
    assert not re.search("[A-Za-z]", str(refused.value).replace(str(path), ""))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_tables_of_spreadsheets(encoding: str, separator: str, picture: MakePicture, tmp_path: Path) -> None:
    for name in ("Käse.png", "façade.png", "plain.png"):
        picture(name)
    lines = (
        ("Datei", "Größe", "Art"),
        ("Käse.png", "5 €", "Grünfink"),
        ("façade.png", "", "élan"),
        ("plain.png", "", "x"),
    )
    table = put(tmp_path / "Tabelle.csv", "\r\n".join(map(separator.join, lines)).encode(encoding))
    listing = read(table)
    assert rows(listing) == [("Käse.png", "Grünfink", None), ("façade.png", "élan", None), ("plain.png", "x", None)]
    assert listing.columns == ("Datei", "Größe", "Art")
    told = (
        "Tabelle.csv is not in UTF-8; it was read as Windows-1252, in which spreadsheets save CSV. If letters are "
        "wrong, save it as UTF-8 (in a spreadsheet: 'CSV UTF-8')."
    )
    assert listing.notes == ((told,) if encoding == "cp1252" else ())
    assert not listing.problems
    folder = read(tmp_path)
    assert rows(folder) == rows(listing)


def test_names_of_classes_may_come_from_a_spreadsheet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = put(tmp_path / "names.csv", "name;reads\r\nGrünfink;greenfinch\r\n".encode("cp1252"))
    assert read_names(table) == {"Grünfink": "greenfinch"}
    assert "names.csv is not in UTF-8; it was read as Windows-1252" in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_or_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    for name in ("pipe.csv", "folder.csv"):
        assert recognise(tmp_path / name) is None
        with pytest.raises(UserError, match="could not be read"):
            read_text(tmp_path / name)
    with pytest.raises(UserError, match="no format that was recognised"):
        read(tmp_path / "pipe.csv")
    with pytest.raises(UserError, match="is not there"):
        read(tmp_path / "gone.csv")


# ------------------------------------------------------------------------------ Hugging Face


def test_metadata_of_something_else_is_not_taken_for_it(picture: MakePicture, tmp_path: Path) -> None:
    picture("cats/a.png")
    picture("dogs/b.png")
    put(tmp_path / "metadata.csv", "author,year\nme,2020\n")
    assert recognise(tmp_path).id == "imagefolder"  # type: ignore[union-attr]


def test_a_source_that_the_system_does_not_give_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: Any, **__: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_dir", denied)
    put(tmp_path / "in" / "metadata.csv", "file_name,label\n")
    assert recognise(tmp_path / "in") is None
    with pytest.raises(UserError, match="could not be read: Permission denied"):
        read(tmp_path / "in", "hf")


def test_metadata_switches_folder_labels_off(picture: MakePicture, tmp_path: Path) -> None:
    for name in ("cats/a.png", "dogs/b.png", "train/c.png", "test/d.png"):
        picture(name)
    put(
        tmp_path / "metadata.csv",
        "file_name,text,label\ncats/a.png,nice,dog\ndogs/b.png,,\ntrain/c.png,x,3\n,x,cat\n",
    )
    put(tmp_path / "test" / "metadata.jsonl", '{"file_name": "d.png", "label": ["x"]}\nnothing\n[1]\n')
    assert recognise(tmp_path).id == "hf"  # type: ignore[union-attr]
    listing = read(tmp_path / "metadata.csv")
    assert rows(listing) == [
        ("a.png", "dog", None),
        ("b.png", None, None),
        ("c.png", "3", Use.SHOT),
        ("d.png", None, Use.TEST),
    ]
    assert [one.where for one in listing.problems] == [
        "metadata.csv, line 5",
        "test/metadata.jsonl, line 1",
        "test/metadata.jsonl, line 2",
        "test/metadata.jsonl, line 3",
    ]
    assert read(tmp_path, columns={"label": "text"}).classes == ("nice", "x")
    with pytest.raises(UserError, match=r"no column 'kind' in metadata\.csv\. It has file_name, text, label\."):
        read(tmp_path, columns={"label": "kind"})


# ------------------------------------------------------------------------------ Label Studio

CHOICE: Mapping[str, Any] = {
    "type": "object",
    "required": ["from_name", "to_name", "type", "value"],
    "properties": {
        "from_name": {"const": "choice"},
        "to_name": {"const": "image"},
        "type": {"const": "choices"},
        "value": {
            "type": "object",
            "required": ["choices"],
            "properties": {"choices": {"type": "array", "minItems": 1, "items": {"type": "string"}}},
        },
    },
}
RESULT = {"type": "array", "items": CHOICE}
TASKS: Mapping[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["data"],
        "properties": {
            "data": {"type": "object", "required": ["image"], "properties": {"image": {"type": "string"}}},
            "annotations": {
                "type": "array",
                "items": {"type": "object", "required": ["result"], "properties": {"result": RESULT}},
            },
            "predictions": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["result"],
                    "properties": {
                        "result": RESULT,
                        "model_version": {"type": "string"},
                        "score": {"type": "number", "minimum": 0, "maximum": 1},
                    },
                },
            },
        },
    },
}
"""What Label Studio documents of the tasks that it imports, for one choice a picture, as a JSON schema."""

KINDS: Mapping[str, tuple[type, ...]] = {
    "array": (list,),
    "object": (dict,),
    "string": (str,),
    "number": (int, float),
}


def fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether a value is as the words of JSON schema that are used above say."""
    if "const" in schema:
        return bool(value == schema["const"])
    if not isinstance(value, KINDS[schema["type"]]):
        return False
    if isinstance(value, list):
        return len(value) >= schema.get("minItems", 0) and all(fits(one, schema["items"]) for one in value)
    if isinstance(value, dict):
        there = all(name in value for name in schema.get("required", ()))
        return there and all(fits(value[name], one) for name, one in schema["properties"].items() if name in value)
    if isinstance(value, int | float):
        return bool(schema["minimum"] <= value <= schema["maximum"])
    return True


def test_tasks_are_as_label_studio_documents_them(
    context: ProjectContext, picture: MakePicture, tmp_path: Path
) -> None:
    for name in ("in/a & b.png", "in/c.png", "in/d.png"):
        picture(name)
    importing.import_paths(context, [tmp_path / "in"], CancelToken())
    context.project.add_classes(["cat", '"dog" <big>'])
    ids = context.select(Filter(order=Order.NAME)).tolist()
    context.project.assign(ids[:1], context.classes[1].id)
    chosen = np.array([context.classes[0].id] * 3)
    sure = np.array([0.5, 0.93456, 0.1], np.float32)
    context.predictions = Predictions(
        np.array(ids),
        chosen,
        sure,
        chosen,
        sure,
        OpenSetScores(sure, np.full(3, np.nan, np.float32)),
        thresholds=Thresholds(0.2),
    )
    write(context, "labelstudio", tmp_path / "out", labelled_only=False)
    tasks = json.loads((tmp_path / "out" / "tasks.json").read_text("utf-8"))
    assert fits(tasks, TASKS)
    assert not fits([{**tasks[0], "predictions": [{"result": [{}]}]}], TASKS)
    assert [task["data"]["image"] for task in tasks] == [
        f"/data/local-files/?d=images/{quote(name)}" for name in ("a & b.png", "c.png", "d.png")
    ]
    assert [len(task["annotations"]) for task in tasks] == [1, 0, 0]
    assert tasks[0]["annotations"][0]["result"][0]["value"] == {"choices": ['"dog" <big>']}
    assert [one["score"] for task in tasks for one in task["predictions"]] == [0.5, 0.9346], (
        "a rejected one is no choice"
    )
    config = (tmp_path / "out" / "label_config.xml").read_text("utf-8")
    assert "<Choice value='\"dog\" &lt;big&gt;'/>" in config
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(tasks, TASKS)


def task(image: str, *choices: list[str], question: str = "choice", **more: Any) -> dict[str, Any]:
    """A task as Label Studio exports it, an annotation for each list of choices."""

    def result(names: list[str]) -> list[dict[str, Any]]:
        value = {"choices": names}
        return [
            {"id": "x", "from_name": question, "to_name": "image", "type": "choices", "value": value},
            {"from_name": "box", "to_name": "image", "type": "rectanglelabels", "value": {}},
        ]

    return {"id": 1, "data": {"image": image}, "annotations": [{"result": result(one)} for one in choices], **more}


def test_what_label_studio_exports_is_read(picture: MakePicture, tmp_path: Path) -> None:
    a, b, c = picture("pics/a b.png"), picture("pics/b.png"), picture("pics/c.png")
    guess = {"model_version": "v1", "score": 0.93, "result": task("", ["dog"])["annotations"][0]["result"]}
    skipped = {"result": task("", ["dog"])["annotations"][0]["result"], "was_cancelled": True}
    tasks = [
        task("/data/local-files/?d=a%20b.png", ["cat"]),
        task("https://host/data/local-files/?d=b.png", ["cat"], ["cat"]),
        task("/data/upload/3/0a1b2c3d-c.png", ["dog"], predictions=[{"result": []}, guess]),
        task(c.as_uri()),
        {**task(str(a)), "annotations": [skipped]},
        task("https://example.org/x.png", ["cat"]),
        task("b.png", ["cat"], ["dog"]),
        task("/data/local-files/?d=../secret.png", ["cat"]),
        {"data": {"text": "no picture"}},
        {"data": {"img": "b.png", "note": "x"}, "annotations": []},
        "no task",
    ]
    listing = read(put(tmp_path / "export.json", tasks), base=tmp_path / "pics")
    assert [(one.image, one.label) for one in listing.entries] == [
        (a, "cat"),
        (b, "cat"),
        (c, "dog"),
        (c, None),
        (a, None),
        (b, None),
        (b, None),
    ]
    assert (listing.entries[2].prediction, listing.entries[2].confidence) == ("dog", 0.93)
    told = {one.where: one.reason for one in listing.problems}
    assert list(told) == ["task 6", "task 7", "task 8", "task 9", "task 11"]
    assert "nothing is fetched" in told["task 6"]
    assert "do not agree on one label (cat, dog); the picture was taken without" in told["task 7"]
    assert "leads out" in told["task 8"]


def test_of_several_questions_one_is_the_label(picture: MakePicture, tmp_path: Path) -> None:
    picture("a.png")
    both = task("a.png", ["cat"])
    both["annotations"][0]["result"] += task("", ["good"], question="quality")["annotations"][0]["result"]
    file = put(tmp_path / "export.json", [both])
    listing = read(file)
    assert (listing.entries[0].label, listing.columns) == (None, ("choice", "quality"))
    assert "several questions (choice, quality)" in listing.problems[0].reason
    assert read(file, columns={"label": "quality"}).entries[0].label == "good"
    with pytest.raises(UserError, match="no question 'size'"):
        read(file, columns={"label": "size"})


@pytest.mark.parametrize("data", [b'[{"data": {"image": "a.png"', b"[" * 100_000, b'[{"data": {}}, NaN'])
def test_json_that_is_none_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not valid JSON"):
        read(put(tmp_path / "export.json", data), "labelstudio")


# ------------------------------------------------------------------------------ FiftyOne, CVAT, labelme, folders


def test_fiftyones_documented_layout(picture: MakePicture, tmp_path: Path) -> None:
    names = ("data/one.png", "data/two.b.png", "data/three.png", "data/four.png", "data/five.png", "data/sub/six.png")
    for name in names:
        picture(name)
    labels = {
        "one": 0,
        "two.b": 1,
        "three": None,
        "four": {"label": "bird", "confidence": 0.9},
        "five": 7,
        "sub/six.png": "cat",
        "gone": 0,
    }
    put(tmp_path / "labels.json", {"classes": ["cat", "dog", "empty"], "labels": labels})
    listing = read(tmp_path)
    assert [(one.image.relative_to(tmp_path / "data").as_posix(), one.label) for one in listing.entries] == [
        ("one.png", "cat"),
        ("two.b.png", "dog"),
        ("three.png", None),
        ("four.png", "bird"),
        ("five.png", None),
        ("sub/six.png", "cat"),
    ]
    assert listing.classes == ("cat", "dog", "empty", "bird")
    assert [(one.where, "no class 7" in one.reason) for one in listing.problems] == [("five", True), ("gone", False)]
    for broken in ({"labels": []}, [], {"classes": "cat", "labels": {}}):
        put(tmp_path / "labels.json", broken)
        with pytest.raises(UserError, match="Nothing was changed"):
            read(tmp_path, "fiftyone")


def test_fiftyones_layout_is_written(context: ProjectContext, picture: MakePicture, tmp_path: Path) -> None:
    for name in ("in/1/a.png", "in/2/a.bmp", "in/3/b.png"):
        picture(name)
    importing.import_paths(context, [tmp_path / "in"], CancelToken())
    context.project.add_classes(["cat", "dog"])
    context.project.assign(context.select(Filter(order=Order.NAME)).tolist()[:1], context.classes[1].id)
    write(context, "fiftyone", tmp_path / "out", labelled_only=False)
    assert json.loads((tmp_path / "out" / "labels.json").read_text()) == {
        "classes": ["cat", "dog"],
        "labels": {"a": 1, "a (2)": None, "b": None},
    }
    assert sorted(one.name for one in (tmp_path / "out" / "data").iterdir()) == ["a (2).png", "a.bmp", "b.png"]


def test_cvats_lists(picture: MakePicture, tmp_path: Path) -> None:
    for name in ("images/a.png", "images/my cat.png", "b.png", "images/deep/c.png"):
        picture(name)
    put(tmp_path / "synsets.txt", "cat\nblack dog\n")
    put(tmp_path / "train.txt", 'a.png 1\n"my cat".png 0\ndeep/c.png 0 1\n')
    put(tmp_path / "Part1.txt", "b.png\na.png 5\ngone.png 0\nno number here.png\n")
    listing = read(tmp_path / "synsets.txt")
    assert rows(listing) == [
        ("b.png", None, None),
        ("a.png", None, None),
        ("a.png", "black dog", Use.SHOT),
        ("my cat.png", "cat", Use.SHOT),
        ("c.png", None, Use.SHOT),
    ]
    assert listing.notes[:1] == ("The subset 'Part1' is taken without a split.",)
    assert [one.where for one in listing.problems] == [
        *(f"Part1.txt, line {number}" for number in (2, 3, 4)),
        "train.txt, line 3",
    ]


def test_a_cvat_export_without_classes_says_which_numbers_it_lacks(picture: MakePicture, tmp_path: Path) -> None:
    picture("images/a.png")
    put(tmp_path / "synsets.txt", "\n")
    put(tmp_path / "train.txt", "a.png 0\n")
    listing = read(tmp_path / "synsets.txt")
    assert rows(listing) == [("a.png", None, Use.SHOT)]
    (one,) = listing.problems
    assert one.reason == "there is no class 0 among 0; the picture was taken without a label"


def test_cvats_folders_are_class_folders(picture: MakePicture, tmp_path: Path) -> None:
    picture("in/cat/a.png")
    picture("in/dog/b.png")
    assert rows(read(tmp_path / "in", "cvat")) == [("a.png", "cat", None), ("b.png", "dog", None)]


def test_what_cvat_reads_is_written(context: ProjectContext, picture: MakePicture, tmp_path: Path) -> None:
    for name in ("in/a.png", 'in/my "best" b.png', "in/c.png"):
        picture(name)
    importing.import_paths(context, [tmp_path / "in"], CancelToken())
    context.project.add_classes(["cat", "black dog"])
    ids = context.select(Filter(order=Order.NAME)).tolist()
    context.project.assign(ids[:1], context.classes[1].id)
    context.project.set_use(ids[:1], Use.TEST)
    write(context, "cvat", tmp_path / "out", labelled_only=False)
    texts = {one.name: one.read_text() for one in (tmp_path / "out").glob("*.txt")}
    assert texts == {
        "test.txt": "a.png 1\n",
        "default.txt": 'c.png\n"my _best_ b".png\n',
        "synsets.txt": "cat\nblack dog\n",
    }


def test_labelmes_flags(picture: MakePicture, tmp_path: Path) -> None:
    for name in ("a.png", "sub/b.png", "c.png", "d.png"):
        picture(name)
    flags = {"version": "5.4", "shapes": [], "imageData": None}
    put(tmp_path / "a.json", {**flags, "flags": {"cat": True, "dog": False}, "imagePath": "a.png"})
    put(tmp_path / "sub" / "b.json", {**flags, "flags": {"cat": False}, "imagePath": "b.png"})
    put(tmp_path / "c.json", {**flags, "flags": {"cat": True, "dog": True}, "imagePath": "c.png"})
    put(tmp_path / "d.json", {**flags, "flags": {"dog": True}, "imagePath": "..\\d.png"})
    put(tmp_path / "e.json", "{")
    put(tmp_path / "f.json", {"other": 1})
    (tmp_path / "g.json").write_bytes('{"flags": {"Löwe": true}}'.encode("latin-1"))
    listing = read(tmp_path)
    assert rows(listing) == [("a.png", "cat", None), ("c.png", None, None), ("b.png", None, None)]
    reasons = {one.where: one.reason for one in listing.problems}
    assert set(reasons) == {"c.json", "d.json", "e.json", "f.json", "g.json"}
    assert reasons["e.json"] == "it is not valid JSON"
    assert "UTF-8" in reasons["g.json"]
    assert rows(read(tmp_path / "d.json")) == []
    assert rows(read(tmp_path / "d.json", base=tmp_path)) == [("d.png", "dog", None)]


def test_class_folders_in_folders_of_splits(picture: MakePicture, tmp_path: Path) -> None:
    for name in ("train/cat/a.png", "train/dog/deep/b.png", "val/cat/c.png", "test/d.png", "unsplit/Cat/e.png"):
        picture(name)
    put(tmp_path / "train" / "cat" / "notes", "x")
    put(tmp_path / "train" / "cat" / "a.xmp", "x")
    put(tmp_path / "test" / "about.txt", "x")
    assert recognise(tmp_path).id == "imagefolder"  # type: ignore[union-attr]
    listing = read(tmp_path)
    assert rows(listing) == [
        ("d.png", None, Use.TEST),
        ("a.png", "cat", Use.SHOT),
        ("b.png", "dog", Use.SHOT),
        ("e.png", "cat", None),
        ("c.png", "cat", Use.VALIDATION),
    ]
    assert [(Path(one.where).name, one.reason) for one in listing.problems] == [
        ("notes", "it is not named like a picture")
    ]
    assert listing.notes[:2] == ("Left out: 1 side-car, 1 document.", "'Cat' is taken as 'cat'.")


def tar_of(*members: tuple[str, bytes]) -> bytes:
    buffer = BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as made:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            made.addfile(member, BytesIO(content))
    return buffer.getvalue()


def test_what_was_dropped_is_recognised(picture: MakePicture, tmp_path: Path) -> None:
    a = picture("plain/cat/a.png")
    picture("plain/dog/b.png")
    picture("parts/train/dog/b.png")
    table = put(tmp_path / "list.csv", "a.png,cat\n")
    other = put(tmp_path / "settings.json", {"x": 1})

    def found(*paths: Path) -> tuple[Path, str] | None:
        dropped = inspect_dropped(paths).source
        return (dropped[0], dropped[1].id) if dropped is not None else None

    assert found(table) == (table, "csv")
    assert found(a, other, table) == (table, "csv")
    assert found(tmp_path / "parts") == (tmp_path / "parts", "imagefolder")
    assert found(tmp_path / "plain") is None, "plain class folders have their own dialog"
    for kind, suffix in (("zip", ".zip"), ("tar", ".tar"), ("gztar", ".tar.gz")):
        packed = Path(shutil.make_archive(str(tmp_path / "packed"), kind, tmp_path / "plain"))
        assert packed.name == f"packed{suffix}"
        assert found(packed) == found(a, packed) == found(other, packed, a) == (packed, "archive")
    shard = put(tmp_path / "shard.tar", tar_of(("1.png", a.read_bytes()), ("1.cls", b"cat")))
    assert found(shard) == found(a, shard) == (shard, "webdataset")
    assert found(a) is None
    assert found(other) is None
    assert found(tmp_path / "parts", tmp_path / "plain") is None


def test_one_picture_with_two_labels_keeps_the_first(
    context: ProjectContext, picture: MakePicture, tmp_path: Path
) -> None:
    picture("a.png")
    put(tmp_path / "broken.png", b"no picture")
    table = put(tmp_path / "list.csv", "file,label,split\na.png,cat,test\na.png,dog,train\nbroken.png,cat,\n")
    report = take(context, read(table))
    assert (report.added, report.labelled, report.problems) == (1, 1, 1)
    assert "labelled 'cat' and was not labelled 'dog'" in report.notes[0]
    apart = "1 of these is set apart for testing, so it is not trained on."
    assert report.sentence() == f"1 picture added, 1 labelled from a test, 1 with a problem. {apart}"
    (row,) = context.project.image_rows(context.select(Filter()).tolist()[:1])
    assert row.use is Use.TEST
    write(context, "csv", tmp_path / "out.csv", Images.NONE, splits=Splits.MARKED)
    assert rows(read(tmp_path / "out.csv")) == [("a.png", "cat", Use.TEST)]
