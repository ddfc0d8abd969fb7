"""WebDataset shards: tar archives in which files of the same name form a sample, such as `0001.jpg` and `0001.cls`.

The label is the text of `.cls`, a field of `.json`, or the text of `.txt` if such texts are short and repeat, as
captions do not.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from mma_desktop.core.atomic_io import open_regular
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import later, tr
from mma_desktop.media.image_formats import MAX_FILE_BYTES, SUFFIXES
from mma_desktop.services.formats import path_resolver
from mma_desktop.services.formats.dataset import Collector, Format, Listing
from mma_desktop.services.formats.folder_layout import split_of, with_split_folders
from mma_desktop.services.formats.table_columns import guess_label

CLASS, JSON, TEXT = ".cls", ".json", ".txt"
LABELS = ("label", "labels", "class", "class_name", "category", "cls")
LOOKED_AT, TEXTS_LOOKED_AT = 20, 1000  # members that tell what a shard is, and texts that tell captions from labels
# Maximum size of a label or description, in bytes.
MAX_TEXT = 1 << 20

LARGEST_SHARD = 1 << 40  # bytes: above any disk that holds one file of a data set, as members are read one by one


def _shards(path: Path) -> list[Path]:
    if path.is_file():
        return [path] if path.suffix.lower() == ".tar" else []
    return [file for folder in with_split_folders(path) for file in sorted(folder.glob("*.tar")) if file.is_file()]


def _parted(name: str) -> tuple[str, str]:
    """Split a member's name into key and extension; the extension begins at the first dot of the file name."""
    folder, slash, file = name.rpartition("/")
    stem, dot, extension = file.partition(".")
    return f"{folder}{slash}{stem}", f"{dot}{extension}".lower()


@contextmanager
def _opened(shard: Path) -> Iterator[tarfile.TarFile]:
    """Open a shard. Raises UserError if it is damaged, or compressed."""
    try:
        with open_regular(shard, LARGEST_SHARD) as handle, tarfile.open(fileobj=handle, mode="r:") as tar:
            yield tar
    except UserError:
        raise
    except (tarfile.TarError, ValueError, EOFError, OverflowError) as error:
        raise path_resolver.unreadable_source(shard, tr("it is damaged, or of a kind that is not known")) from error


def sniff(path: Path) -> bool:
    """Whether the first files of the first shard are images with labels of the same name."""
    shards = _shards(path)
    if not shards:
        return False
    try:
        with _opened(shards[0]) as tar:
            parts = [_parted(member.name) for member in islice(tar, LOOKED_AT) if member.isreg()]
    except UserError:
        return False
    keys = {key for key, extension in parts if extension in SUFFIXES}
    return any(key in keys and extension not in SUFFIXES for key, extension in parts)


def read(rows: Collector) -> Listing:
    """Read one image per sample; they are written during the import. The column "label" is a field of `.json`."""
    shards = _shards(rows.path)
    if not shards:
        return rows.listing()
    asked = rows.options.columns.get("label")
    # Labels, unlike captions, are short, and some repeat.
    texts = asked is None and guess_label([TEXT], (), [[text] for text in _first_texts(shards[0])]) is not None
    reader = _Reader(rows, asked, texts)
    for shard in shards:
        reader.read(shard, split_of(shard))
    if not reader.label and asked is None and TEXT[1:] in reader.columns:
        rows.notes.append(
            tr(
                "The texts ({suffix}) may be captions, so they are no labels. If they are, choose the column "
                "'{column}'.",
                suffix=TEXT,
                column=TEXT[1:],
            )
        )
    rows.notes.append(tr("The pictures are inside the file: they are written into the project's folder."))
    if asked and asked not in reader.columns:
        raise path_resolver.no_such_column(asked, rows.path, reader.columns)
    label = asked if asked is not None else reader.label
    return rows.listing([*reader.columns], {"label": label} if label else {})


@dataclass
class _Reader:
    """Reads shards into rows.

    `asked` is the field of the label, None for the usual ones, and `texts` says whether `.txt` is one of these.
    `columns` are the fields that were found, and `label` the first that was used.
    """

    rows: Collector
    asked: str | None
    texts: bool
    columns: dict[str, None] = field(default_factory=dict)
    label: str = ""

    def read(self, shard: Path, split: str) -> None:
        """Read one shard; the members of a sample are consecutive."""
        with _opened(shard) as tar:
            plain = (member for member in tar if member.isreg() and not member.issparse())
            for key, members in groupby(plain, lambda member: _parted(member.name)[0]):
                sample: dict[str, tarfile.TarInfo] = {}
                for member in members:
                    sample.setdefault(_parted(member.name)[1], member)
                self._add_sample(tar, shard, key, sample, split)

    def _add_sample(
        self, tar: tarfile.TarFile, shard: Path, key: str, sample: dict[str, tarfile.TarInfo], split: str
    ) -> None:
        where = f"{shard.name}: {key}"
        image = next((member for extension, member in sample.items() if extension in SUFFIXES), None)
        if image is None:
            self.rows.problem(where, tr("it has no picture"))
            return
        if image.size > MAX_FILE_BYTES:
            self.rows.problem(where, tr("the picture is too large"))
            return
        label = self.rows.label_from(where, self._labelled, tar, shard, key, sample)
        file = image.name.rpartition("/")[2].replace("\0", "")
        embedded = partial(_picture, shard, image.offset_data, image.size)
        place = shard / str(image.offset_data) / file
        self.rows.add(where, place, label, split, embedded=embedded)

    def _labelled(self, tar: tarfile.TarFile, shard: Path, key: str, sample: dict[str, tarfile.TarInfo]) -> str:
        fields: dict[str, Any] = {}
        if JSON in sample:
            text = _text(tar, sample[JSON])
            try:
                content = json.loads(text)
            except (ValueError, RecursionError):
                raise path_resolver.RowError(tr("its JSON cannot be read")) from None
            fields = content if isinstance(content, dict) else {}
        for suffix in (CLASS, TEXT):
            if suffix in sample:
                fields[suffix[1:]] = _text(tar, sample[suffix]).strip()
        self.columns.update(dict.fromkeys(name for name, value in fields.items() if not isinstance(value, dict)))
        name = self.asked
        if name is None:
            name = "cls" if CLASS in sample else next((label for label in LABELS if label in fields), "")
            name = "txt" if not name and self.texts and TEXT in sample else name
        self.label = self.label or name
        value = fields.get(name)
        return path_resolver.label_of(shard, key, value if isinstance(value, list) else [value], None)


def _first_texts(shard: Path) -> list[str]:
    texts = []
    with _opened(shard) as tar:
        for member in islice(tar, TEXTS_LOOKED_AT):
            if member.isreg() and _parted(member.name)[1] == TEXT:
                with suppress(path_resolver.RowError):
                    texts.append(_text(tar, member).strip())
    return texts


def _text(tar: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    handle = tar.extractfile(member)
    if handle is None or member.size > MAX_TEXT:
        raise path_resolver.RowError(tr("its label is too long to be one"))
    try:
        return handle.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise path_resolver.RowError(tr("its label is not written in UTF-8")) from None


def _picture(shard: Path, offset: int, size: int) -> bytes:
    with open_regular(shard, LARGEST_SHARD) as handle:
        handle.seek(offset)
        data = handle.read(size)
    if len(data) < size:
        raise UserError.tr("{path} is cut off.", path=shard)
    return data


FORMAT = Format(
    "webdataset",
    "WebDataset",
    later("Tar archives of pictures, with a file .cls, .json or .txt of the same name for the label."),
    sniff,
    read,
    suffixes=(".tar",),
    columns=("label",),
    inside=True,
)
