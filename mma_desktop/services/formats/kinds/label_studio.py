"""Label Studio's JSON: a list of tasks with annotations and predictions of choices. JSON_MIN and CSV are read too.

Images are given as `/data/local-files/?d=...` below Label Studio's document root, as a path, or as a URL; nothing is
downloaded.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.sax.saxutils import quoteattr

from mma_desktop.core.class_names import is_none_of_these
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.safe_csv import guess_delimiter
from mma_desktop.media.copy_export import atomic_folder
from mma_desktop.media.image_formats import SUFFIXES
from mma_desktop.services.formats import dataset, text_decoding
from mma_desktop.services.formats.folder_layout import Placed, images_listed, with_progress, write_folder
from mma_desktop.services.formats.path_resolver import PathResolver, RowError

TASKS, CONFIG, PICTURES = "tasks.json", "label_config.xml", "images"
FROM, TO, SPLIT = "choice", "image", "split"
ROOT = "document_root"
MODEL = "mma-desktop"
LOCAL, UPLOADS = "/data/local-files/", "/data/upload/"
_TASK = re.compile(r'\s*\[\s*\{.*"data"\s*:\s*\{', re.DOTALL)
_UPLOAD_MARK = re.compile(r"[0-9a-f]{8}-")


_MARK = "annotation_id"
# Fields of a row of JSON_MIN or CSV that are Label Studio's own.
_OWN = frozenset(("id", "annotator", _MARK, "created_at", "updated_at", "lead_time", "agreement"))


def _file(path: Path) -> Path:
    return path / TASKS if path.is_dir() else path


def sniff(path: Path) -> bool:
    """Whether `path` is a JSON list of tasks with data, or a folder with `tasks.json`."""
    file = _file(path)
    if file.suffix.lower() in {".csv", ".tsv"}:
        header = text_decoding.head_of(file).partition("\n")[0]
        return all(column in header for column in (_MARK, "annotator", "lead_time"))
    head = text_decoding.head_of(file) if file.suffix.lower() == ".json" else ""
    return bool(_TASK.match(head)) or (
        head.lstrip().startswith("[") and f'"{_MARK}":' in head and '"lead_time":' in head
    )


def read(rows: dataset.Collector) -> dataset.Listing:
    """The column "label" is the question (`from_name`)."""
    file, columns = _file(rows.path), rows.options.columns
    if file.suffix.lower() in {".csv", ".tsv"}:
        text = text_decoding.read_text(file)
        tasks: Any = [row for _, row in text_decoding.dict_rows(file, text, guess_delimiter(text))]
    else:
        tasks = text_decoding.read_json(file)
    if not isinstance(tasks, list):
        raise UserError.tr("{path} is not Label Studio's: it is not a list of tasks. Nothing was changed.", path=file)
    if any(isinstance(task, dict) and _MARK in task for task in tasks):
        tasks = _from_rows(tasks)
    rows.places = PathResolver(file, rows.options.base or file.parent, whole=True)
    questions: dict[str, None] = {}
    for number, task in enumerate(tasks):
        where = tr("task {number}", number=number + 1)
        if isinstance(task, dict) and isinstance(task.get("data"), dict):
            _add_task(rows, where, task, columns, questions)
        else:
            rows.problem(where, tr("it has no data"))
    asked = columns.get("label")
    if asked and asked not in questions:
        raise UserError.tr(
            "There is no question '{question}' in {file}. It has {questions}.",
            question=asked,
            file=file.name,
            questions=", ".join(questions) or tr("none", "no questions"),
        )
    return rows.listing([*questions], {"label": asked or next(iter(questions))} if questions else {})


def _from_rows(rows: list[Any]) -> list[dict[str, Any]]:
    """Convert rows of JSON_MIN or CSV to tasks; each row is one annotation."""
    # A row does not say which fields are answers: all except Label Studio's own, the image, and the split that this
    # program's exports contain.
    tasks: dict[Any, dict[str, Any]] = {}
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            tasks[f"row {number}"] = {}
            continue
        texts = {name: text for name, text in row.items() if isinstance(text, str) and name not in _OWN}
        likely = [name for name, text in texts.items() if text.lower().endswith(tuple(SUFFIXES)) or LOCAL in text]
        shown = [TO] if TO in texts else likely[:1]
        answers = [name for name in row if name not in _OWN and name not in shown and name != SPLIT]
        result = [
            {"from_name": name, "type": "choices", "value": {"choices": choices}}
            for name in answers
            if (choices := _answer(row[name]))
        ]
        key = row.get("id")
        data = {name: text for name, text in texts.items() if name in shown or name == SPLIT}
        task = tasks.setdefault(
            str(key) if isinstance(key, str | int) and key != "" else f"row {number}", {"data": data, "annotations": []}
        )
        task["annotations"].append({"result": result})
    return list(tasks.values())


def _answer(value: Any) -> list[str]:
    """The choices in a field: one text, or several as JSON in a table."""
    if isinstance(value, str) and value.startswith(("{", "[")):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return [value] if isinstance(value, str) else []
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, dict):
        value = value.get("choices")
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _add_task(
    rows: dataset.Collector, where: str, task: Mapping[str, Any], columns: Mapping[str, str], questions: dict[str, None]
) -> None:
    data = task["data"]
    question = columns.get("label", "")
    label, prediction, score = "", "", None
    try:
        label = _annotated(task, question, questions)
        prediction, score = _predicted(task, question)
    except RowError as error:
        rows.problem(where, tr("{reason}; the picture was taken without a label", reason=error))
    split = data.get(SPLIT)
    with rows.row(where):
        image = _picture(rows.places, data, task.get("meta"))
        rows.add(where, image, label, split if isinstance(split, str) else "", prediction, score)


def _annotated(task: Mapping[str, Any], question: str, questions: dict[str, None]) -> str:
    """The choice that all annotations agree on; "" if there is none. Raises RowError if they do not agree."""
    labels: set[str] = set()
    for annotation in text_decoding.dicts_in(task.get("annotations")):
        if annotation.get("was_cancelled"):
            continue
        answers = dict(_choices(annotation))
        questions.update(dict.fromkeys(answers))
        chosen = _chosen(answers, question)
        if len(chosen) > 1:
            raise RowError.tr("it has several labels ({labels})", labels=", ".join(chosen))
        # Several people may have annotated an image: they have to agree.
        labels.update(chosen)
    if len(labels) > 1:
        raise RowError.tr("its annotations do not agree on one label ({labels})", labels=", ".join(sorted(labels)))
    return next(iter(labels), "")


def _predicted(task: Mapping[str, Any], question: str) -> tuple[str, float | None]:
    """The last prediction and its score."""
    for prediction in reversed(list(text_decoding.dicts_in(task.get("predictions")))):
        answer = _chosen(dict(_choices(prediction)), question)
        if answer:
            score = prediction.get("score")
            plain = isinstance(score, int | float) and not isinstance(score, bool)
            return answer[0], float(score) if plain and 0 <= score <= 1 else None
    return "", None


def _chosen(answers: Mapping[str, list[str]], question: str) -> list[str]:
    if question:
        return answers.get(question, [])
    if len(answers) > 1:
        raise RowError.tr(
            "it has several questions ({questions}); choose one as the label", questions=", ".join(answers)
        )
    return next(iter(answers.values()), [])


def _choices(annotation: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for answer in text_decoding.dicts_in(annotation.get("result")):
        value = answer.get("value")
        choices = value.get("choices") if isinstance(value, dict) else None
        if answer.get("type") == "choices" and isinstance(choices, list):
            yield str(answer.get("from_name", FROM)), [text for text in choices if isinstance(text, str)]


def _picture(places: PathResolver, data: Mapping[str, Any], meta: Any) -> Path:
    """The image of a task: the field image, or else the only text that looks like an image. Raises RowError."""
    texts = {name: text for name, text in data.items() if isinstance(text, str)}
    likely = [text for text in texts.values() if text.lower().endswith(tuple(SUFFIXES))]
    text = texts.get(TO) or (likely[0] if len(likely) == 1 else "")
    if not text:
        raise RowError.tr("its data has no '{field}'", field=TO)
    if LOCAL in text:
        return _served(places, _local_file(text), meta)
    if UPLOADS in text:
        return _upload(places, unquote(text.partition(UPLOADS)[2]))
    return places.find(text)


def _served(places: PathResolver, name: str, meta: Any) -> Path:
    """Find an image below the base folder, or the document root that an export of ours noted. Raises RowError."""
    root = meta.get(ROOT) if isinstance(meta, dict) else None
    try:
        return places.find(name)
    except RowError:
        if not isinstance(root, str) or not Path(root).is_absolute():
            raise
        return places.find(f"{root}/{name}")


def _local_file(text: str) -> str:
    """The path below the document root in a local-files URL. Raises RowError."""
    try:
        return parse_qs(urlsplit(text).query).get("d", [""])[0]
    except ValueError:
        raise RowError.tr("'{address}' is not an address", address=text) from None


def _upload(places: PathResolver, relative: str) -> Path:
    name = relative.rpartition("/")[2]
    # As in its media folder, copied out of that, by name alone, and by the name before it was uploaded.
    for path in (f"upload/{relative}", relative, name, _UPLOAD_MARK.sub("", name, count=1)):
        try:
            return places.find(path)
        except RowError:
            continue
    raise RowError.tr("'{file}' is kept by Label Studio itself; choose the folder that holds these pictures", file=name)


def write(outgoing: dataset.ExportData, out: Path, token: CancelToken) -> dataset.ExportResult:
    """Write a folder with `tasks.json`, the labelling configuration and, unless they stay in place, the images."""
    if outgoing.images is dataset.Images.NONE:
        return _write_list(outgoing, out, token)

    def finish(root: Path, placed: Sequence[Placed]) -> None:
        tasks = [_task(image.entry, image.place, outgoing.predicted_by) for image in placed]
        _write_texts(root, tasks, outgoing)

    written = write_folder(outgoing, out, token, lambda *_: (PICTURES,), finish, unsplit="")
    return dataset.ExportResult(out, f"{written.sentence} {_serving(out, out / PICTURES)}")


def _write_list(outgoing: dataset.ExportData, out: Path, token: CancelToken) -> dataset.ExportResult:
    """Write only the tasks; Label Studio must serve the images' common folder."""
    tasks: list[dict[str, Any]] = []
    folders = {entry.image.parent for entry in outgoing.entries()}
    if not folders:
        raise UserError.tr("None of the pictures can be read, so there is nothing to list. Nothing was written.")
    try:
        shared = Path(os.path.commonpath(folders))
    except ValueError as error:
        raise UserError.tr(
            "The pictures lie on several drives, and Label Studio serves one folder: copy them."
        ) from error
    root = shared.parent  # a storage must be below the served folder
    if root == shared:
        raise UserError.tr(
            "The pictures lie all over {folder}, and Label Studio serves no whole drive: copy them.", folder=shared
        )
    with atomic_folder(out) as temporary:
        for entry in with_progress(outgoing, token):
            name = os.fsencode(entry.image.relative_to(root)).decode("utf-8", "replace")
            task = _task(entry, name.replace(os.sep, "/"), outgoing.predicted_by)
            tasks.append({**task, "meta": {ROOT: os.fspath(root)}})
        _write_texts(temporary, tasks, outgoing)
    return dataset.ExportResult(out, f"{images_listed(len(tasks))} {_serving(root, shared)}")


def _serving(root: Path, images: Path) -> str:
    """Instructions for showing the images in Label Studio."""
    return tr(
        "Start Label Studio with LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED=true and "
        "LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT={folder}. In a new project paste {config} into Settings > Labeling "
        "Interface > Code, then add Settings > Cloud Storage > Add Source Storage > Local Files with the absolute "
        "local path {pictures} and save it without syncing: Label Studio shows no picture outside a storage. Then "
        "import {tasks}.",
        folder=root,
        config=CONFIG,
        pictures=images,
        tasks=TASKS,
    )


def _write_texts(folder: Path, tasks: list[dict[str, Any]], outgoing: dataset.ExportData) -> None:
    (folder / TASKS).write_bytes(text_decoding.json_bytes(tasks))
    choices = "".join(f"\n    <Choice value={quoteattr(name)}/>" for name in outgoing.classes)
    (folder / CONFIG).write_text(
        f'<View>\n  <Image name="{TO}" value="${TO}"/>\n'
        f'  <Choices name="{FROM}" toName="{TO}" choice="single">{choices}\n  </Choices>\n</View>\n',
        "utf-8",
    )


def _task(entry: dataset.ImageEntry, place: str, predicted_by: str) -> dict[str, Any]:
    data = {TO: f"{LOCAL}?d={quote(place)}"}
    if entry.use is not None:
        data[SPLIT] = dataset.SPLITS[entry.use]
    task: dict[str, Any] = {"data": data, "annotations": [], "predictions": []}
    if entry.label is not None:
        task["annotations"].append({"result": [_choice(entry.label)]})
    if entry.prediction is not None and not is_none_of_these(entry.prediction):
        score = round(entry.confidence or 0.0, 4)
        whose = f"{MODEL}, {predicted_by}"
        task["predictions"].append({"model_version": whose, "score": score, "result": [_choice(entry.prediction)]})
    return task


def _choice(name: str) -> dict[str, Any]:
    return {"from_name": FROM, "to_name": TO, "type": "choices", "value": {"choices": [name]}}


FORMAT = dataset.Format(
    "labelstudio",
    "Label Studio JSON",
    later(
        "Tasks with annotations and predictions in tasks.json, the labelling configuration beside it; "
        "pictures as local files. JSON_MIN and CSV of Label Studio are read too."
    ),
    sniff,
    read,
    suffixes=(".json", ".csv", ".tsv"),
    write=write,
    images=(dataset.Images.COPY, dataset.Images.LINK, dataset.Images.NONE),
    columns=("label",),
    based=True,
    predictions=True,
)
