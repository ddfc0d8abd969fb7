"""Whatever a file of another tool holds: a listing whose pictures are inside its folder, or a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.services.formats.dataset import Listing, ReadOptions
from mma_desktop.services.formats.registry import FORMATS, find_format, read_source, recognise

FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

TEXTS = [
    "",
    " ",
    "a.png",
    " a.png",
    "sub\\b.png",
    "../outside.png",
    " ../outside.png",
    "file:///a.png",
    "http://[/data/local-files/?d=a.png",
    "/data/local-files/?d=a.png",
    "/data/local-files/?d=%00",
    "/data/upload/1/01234567-a.png",
    "https://[x",
    "C:a.png",
    "\ud800.png",
    "a\0.png",
    "x" * 5000,
    "None of these",
    "train",
    "=1+1",
    "label",
    "file_name",
]
TEXT = st.sampled_from(TEXTS) | st.text(max_size=8)
NUMBER = st.integers(-3, 3) | st.sampled_from([10**400, -(10**400), 1e308, float("nan"), float("inf")]) | st.floats()
PLAIN = st.none() | st.booleans() | NUMBER | TEXT
KEYS = ["data", "image", "annotations", "predictions", "result", "value", "choices", "type", "from_name", "score"]
KEYS += ["labels", "classes", "label", "flags", "imagePath", "file_name", "split", "was_cancelled"]
ANY = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | TEXT, inner, max_size=4)
)

CHOICE = st.fixed_dictionaries(
    {"type": st.just("choices") | PLAIN, "value": st.fixed_dictionaries({"choices": st.lists(TEXT, max_size=2) | ANY})},
    optional={"from_name": PLAIN},
)
ANSWERS = st.lists(
    st.fixed_dictionaries({"result": st.lists(CHOICE | ANY, max_size=2)}, optional={"score": NUMBER | ANY}) | ANY,
    max_size=2,
)
TASK = st.fixed_dictionaries(
    {"data": st.dictionaries(st.sampled_from(["image", "split", "url"]), TEXT | ANY, max_size=2) | ANY},
    optional={"annotations": ANSWERS | ANY, "predictions": ANSWERS | ANY},
)
ADDRESS = [{"data": {"image": "http://[/data/local-files/?d=a.png"}}]
SCORE = [
    {
        "data": {"image": "a.png"},
        "predictions": [{"score": 10**400, "result": [{"type": "choices", "value": {"choices": ["x"]}}]}],
    }
]
LABELS = st.fixed_dictionaries(
    {"labels": st.dictionaries(TEXT, ANY, max_size=4) | ANY}, optional={"classes": st.lists(TEXT, max_size=3) | ANY}
)
FLAGS = st.fixed_dictionaries(
    {"flags": st.dictionaries(TEXT, st.booleans() | ANY, max_size=3) | ANY}, optional={"imagePath": TEXT | ANY}
)
LABEL = st.fixed_dictionaries({"type": st.just("label") | PLAIN, "label_id": NUMBER | ANY})
ITEM = st.fixed_dictionaries(
    {"id": TEXT | ANY, "annotations": st.lists(LABEL | ANY, max_size=2) | ANY},
    optional={"image": st.fixed_dictionaries({"path": TEXT | ANY}) | ANY},
)
DATUMARO = st.fixed_dictionaries(
    {
        "categories": st.fixed_dictionaries({"label": st.fixed_dictionaries({"labels": st.lists(ANY, max_size=2)})})
        | ANY
    },
    optional={"items": st.lists(ITEM | ANY, max_size=3) | ANY},
)
ROW = st.fixed_dictionaries({}, optional={"file_name": TEXT | ANY, "label": PLAIN | ANY, "split": TEXT | ANY}) | ANY
LINES = st.lists(st.lists(TEXT, max_size=4), max_size=4)


def encoded(text: str) -> bytes:
    """With half a Unicode pair as bytes that are no UTF-8."""
    return text.encode("utf-8", "surrogatepass")


def table(rows: list[list[str]], between: str) -> bytes:
    return encoded("\n".join(between.join(row) for row in rows))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "in"
    for name in ("in/a.png", "in/sub/b.png", "in/data/a.png", "in/images/a.png", "outside.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (2, 2)).save(tmp_path / name)
    return root


def check(root: Path, format_id: str, files: dict[str, bytes], source: str = "", **options: Any) -> None:
    """Read a source in its format and as what it is recognised as."""
    for name, data in files.items():
        (root / name).write_bytes(data)
    path = root / source
    try:
        for chosen in {format_id, getattr(recognise(path), "id", format_id)}:
            found = _read(path, chosen, ReadOptions(**options))
            if isinstance(found, str):
                assert found.endswith(".")
            else:
                _check_listing(root, found)
    finally:
        for name in files:
            (root / name).unlink()


def _read(path: Path, chosen: str, options: ReadOptions) -> Listing | str:
    """What is listed, or the sentence that says why nothing is."""
    try:
        return read_source(path, find_format(chosen), options, CancelToken())
    except UserError as error:
        return str(error)


def _check_listing(root: Path, listing: Listing) -> None:
    assert listing.entries or listing.problems
    for entry in listing.entries:
        assert entry.image.resolve().is_relative_to(root)
        assert entry.image.is_file()
        assert entry.confidence is None or 0 <= entry.confidence <= 1
        assert entry.label is None or entry.label.encode().strip()
    for sentence in [*(one.sentence() for one in listing.problems), *listing.notes]:
        assert sentence


@FUZZ
@given(data=st.binary(max_size=60), name=st.sampled_from(["x.csv", "metadata.jsonl", "x.json", "labels.json"]))
def test_bytes(root: Path, data: bytes, name: str) -> None:
    for one in FORMATS:
        check(root, one.id, {name: data}, "" if one.id == "imagefolder" else name)


@FUZZ
@given(LINES, st.sampled_from(list(",;\t|")), st.sampled_from(["", "file_name,label,split,prediction,confidence\n"]))
def test_csv(root: Path, rows: list[list[str]], between: str, head: str) -> None:
    check(root, "csv", {"x.csv": encoded(head.replace(",", between)) + table(rows, between)}, "x.csv")


@FUZZ
@given(st.lists(ROW, max_size=3), LINES)
def test_hugging_face(root: Path, rows: list[Any], cells: list[list[str]]) -> None:
    check(root, "hf", {"metadata.jsonl": "\n".join(map(json.dumps, rows)).encode()})
    check(root, "hf", {"metadata.csv": b"file_name,label\n" + table(cells, ",")}, columns={"label": "label"})


@FUZZ
@example(ADDRESS, "")
@example(SCORE, "")
@given(st.lists(TASK | ANY, max_size=3) | ANY, st.sampled_from(["", "choice"]))
def test_label_studio(root: Path, tasks: Any, question: str) -> None:
    columns = {"label": question} if question else {}
    check(root, "labelstudio", {"tasks.json": json.dumps(tasks).encode()}, "tasks.json", columns=columns)


@FUZZ
@given(LABELS | ANY)
def test_fifty_one(root: Path, content: Any) -> None:
    check(root, "fiftyone", {"labels.json": json.dumps(content).encode()})


@FUZZ
@example(["x"], [["1" * 300_000 + " x"]], "train")
@given(st.lists(TEXT, max_size=3), LINES, st.sampled_from(["train", "other"]))
def test_cvat(root: Path, names: list[str], rows: list[list[str]], subset: str) -> None:
    files = {"synsets.txt": encoded("\n".join(names)), f"{subset}.txt": table([[*row, "0"] for row in rows], " ")}
    check(root, "cvat", files)


@FUZZ
@given(DATUMARO | ANY)
def test_datumaro(root: Path, content: Any) -> None:
    check(root, "datumaro", {"train.json": json.dumps(content).encode()})


@FUZZ
@given(st.lists(st.tuples(TEXT, TEXT, st.sampled_from(["0", "1", "0.5", "x", "-1"])), max_size=4), LINES)
def test_open_images(root: Path, rows: list[tuple[str, str, str]], names: list[list[str]]) -> None:
    text = b"ImageID,Source,LabelName,Confidence\n" + table([[one, "", *more] for one, *more in rows], ",")
    files = {"train-imagelabels.csv": text, "class-descriptions.csv": table(names, ",")}
    check(root, "openimages", files)


@FUZZ
@given(LINES, st.sampled_from(["cat_train", "_val", "../x_test"]))
def test_pascal_voc(root: Path, rows: list[list[str]], name: str) -> None:
    lists = root / "ImageSets" / "Main"
    lists.mkdir(parents=True, exist_ok=True)
    check(root, "voc", {f"ImageSets/Main/{Path(name).name}.txt": table([[*row, "1"] for row in rows], " ")})


@FUZZ
@given(st.dictionaries(st.sampled_from(["0", "1", "01", "id2label"]) | TEXT, TEXT | ANY, max_size=3) | ANY)
def test_names_of_numbers(root: Path, content: Any) -> None:
    files = {"x.csv": b"file_name,label\na.png,0\nsub/b.png,1\n", "names.json": json.dumps(content).encode()}
    for name, data in files.items():
        (root / name).write_bytes(data)
    listing = _read(root / "x.csv", "csv", ReadOptions())
    assert isinstance(listing, Listing)
    _check_listing(root, listing)
    for name in files:
        (root / name).unlink()


@FUZZ
@given(FLAGS | ANY)
def test_labelme(root: Path, content: Any) -> None:
    check(root, "labelme", {"a.json": json.dumps(content).encode()})
