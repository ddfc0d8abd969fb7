"""Data sets of a benchmark: feature files, and the images of whatever an import reads."""

from __future__ import annotations

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.paths import full_path
from mma_desktop.core.types import ImageClass, ImageRow, ImageSpec, Role, TrainRequest, Use
from mma_desktop.engine.backbones.backbone_table import prompt_of
from mma_desktop.engine.methods.method_table import MethodSpec, find_method
from mma_desktop.engine.training_data import FeatureSet, TrainingData
from mma_desktop.media.decoding import decode_file
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.dataset import SPLITS, ReadOptions
from mma_desktop.services.formats.importer import import_listing
from mma_desktop.services.formats.kinds import image_folder
from mma_desktop.services.formats.registry import read_source, recognise
from mma_desktop.services.image_index import Ids, indices_in
from mma_desktop.services.images.embedding import embed_images
from mma_desktop.services.labels.splits import Split, base_count, divide, in_order
from mma_desktop.services.training.snapshot import MAX_AT_HAND, assemble

if TYPE_CHECKING:
    from mma_desktop.engine.backbones.backbone import Backbone
    from mma_desktop.engine.features.extraction import Cache
    from mma_desktop.engine.features.feature_file import FeatureFile

MIN_BASE = 2  # among one class everything is right
MIN_AT_HAND = 2  # images that can teach
# The half of the test images that may be at hand, and the table that is measured on it.
AT_HAND = "at hand"

Options = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One training: its data set, table and row, and its settings.

    `tested` is the half of the test images that is measured, "" for all. With `taught` the one that is `AT_HAND`
    teaches, without its labels; with `names_alone` no shots do.
    """

    source: str
    table: str
    row: str
    method: str
    options: Options
    shots: int
    seed: int
    base_fraction: float
    noise: float
    prompt: str
    tested: str = ""
    taught: bool = False
    names_alone: bool = False

    @property
    def spec(self) -> MethodSpec:
        return find_method(self.method)

    def key(self, fingerprint: str) -> str:
        """Key of the cell's result. Cells that differ only in table or row share a key, so they are trained once."""
        options = ",".join(f"{name}={value}" for name, value in self.options)
        parts = (
            self.source,
            fingerprint,
            self.method,
            options,
            repr((self.spec.recipe, self.spec.optimiser)),
            self.prompt.replace("\n", " / "),
            f"shots {self.shots}",
            f"base {self.base_fraction:g}",
            f"noise {self.noise:g}",
            f"seed {self.seed}",
        )
        more = (self.tested, "taught" if self.taught else "", "names alone" if self.names_alone else "")
        return " | ".join((*parts, *filter(None, more)))


def draw_split(
    labels: Ids, parts: NDArray[np.str_], keys: NDArray[np.bytes_], base: int, shots: int, seed: int
) -> Split:
    """Draw at most `shots` images of each base class; the base classes are 0 to `base` - 1.

    If the data set is already split, the split is kept: shots are drawn from "train", at most as many validation images
    from "val", and all of "test" is tested. Otherwise (all parts are "") it is divided like a project's labels. Images
    of new classes are never used for training or model selection.

    Labels, parts and keys are (N,); the key of an image is its own, and determines the order together with the seed.
    """
    if not parts.any():
        roles = {label: Role.BASE if label < base else Role.NEW for label in np.unique(labels).tolist()}
        return divide(labels, np.full(len(labels), -1, np.int8), keys, roles, shots, seed)

    def some(part: str) -> list[Ids]:
        rows = [np.flatnonzero((parts == part) & (labels == label)) for label in range(base)]
        return [in_order(row, keys, seed)[:shots] for row in rows]

    uses = {Use.SHOT: some("train"), Use.VALIDATION: some("val"), Use.TEST: [np.flatnonzero(parts == "test")]}
    return Split.by_content(uses, keys)


@dataclass(eq=False)
class Source(ABC):
    """One data set: (N,) labels, parts ("train", "val", "test" or "") and keys of its images.

    Attributes:
        data_set: Which of the paper's data sets it is, or None.
        class_names: (C,) names; base classes come first.
        fingerprint: Changes whenever the images, labels or backbone change.
        backbone: Its id, or a description if the id is unknown.
        own_prompt: The backbone's preferred prompt template; "" if the text features are given.
    """

    title: str
    data_set: str | None
    class_names: tuple[str, ...]
    labels: Ids
    parts: NDArray[np.str_]
    keys: NDArray[np.bytes_]
    notes: Sequence[str] = ()
    fingerprint: str = field(default="", init=False)
    backbone: str = field(default="", init=False)
    own_prompt: str = field(default="", init=False)

    @abstractmethod
    def refuses(self, spec: MethodSpec, noise: float = 0.0) -> str:
        """Why a method cannot run on this data set; empty if it can."""

    def prepare(self, cells: Sequence[Cell], token: CancelToken) -> None:
        """Encode what the cells need; does nothing if features are given."""
        del cells, token

    @abstractmethod
    def of_split(self, cell: Cell) -> TrainingData:
        """Assemble what the cell draws."""

    def data(self, cell: Cell) -> TrainingData:
        """The data of one training."""
        data = self.of_split(cell)
        if cell.tested and len(data.test) < 2 * MIN_AT_HAND:
            raise UserError(f"{self.title}: too few pictures are left for testing to have half of them at hand.")
        if cell.names_alone:
            none = data.shots.select(np.zeros(0, np.int64))
            data = data.with_shots(none, roles=self.roles(0), validation=none)
        if not cell.tested:
            return data
        at_hand = np.arange(len(data.test)) % 2 == 0  # ordered by content
        rows = data.test.features[at_hand][:MAX_AT_HAND] if cell.taught else None
        return replace(data, unlabelled=rows, test=data.test.select(at_hand == (cell.tested == AT_HAND)))

    def draw(self, cell: Cell) -> tuple[Split, int]:
        """Split the images by the cell's seed; also the number of base classes. UserError if one has no image."""
        base = max(MIN_BASE, base_count(len(self.class_names), cell.base_fraction))
        drawn = draw_split(self.labels, self.parts, self.keys, base, cell.shots, cell.seed)
        have = np.bincount(self.labels[drawn.shots], minlength=base)[:base]
        if not have.all():
            raise UserError(f"{self.title}: no image of {self.class_names[int(np.argmin(have))]} to train on.")
        return drawn, base

    def roles(self, base: int) -> list[Role]:
        return [Role.BASE if at < base else Role.NEW for at in range(len(self.class_names))]


class FeatureSource(Source):
    """A feature file, whose name is the data set's."""

    def __init__(self, path: Path, file: FeatureFile) -> None:
        names = list(file.parts)
        labels = np.concatenate([file.parts[part].labels for part in names])
        parts = np.array([part for part in names for _ in range(len(file.parts[part]))])
        keys = np.array([b"%d" % at for at in range(len(labels))])
        super().__init__(path.stem, None, file.class_names, labels, parts, keys)
        self.fingerprint, self.backbone = file.digest, "a feature file"  # it does not reliably say how it was made
        self._file, self._features = file, np.concatenate([file.parts[part].features for part in names])

    def refuses(self, spec: MethodSpec, noise: float = 0.0) -> str:
        """Refuse anything that needs images or the text encoder."""
        if noise:
            return "noise is added to pictures, which a feature file lacks"
        if spec.needs_encoder:
            return "it learns prompts, which needs a text encoder that a feature file lacks"
        if spec.needs_projection:
            return "it fine-tunes the projection, which a feature file lacks"
        return ""

    def of_split(self, cell: Cell) -> TrainingData:
        drawn, base = self.draw(cell)
        shots, validation, test = (FeatureSet(self._features[rows], self.labels[rows]) for rows in drawn.parts)
        return TrainingData(
            list(self.class_names),
            self.roles(base),
            self._file.text_features,
            self._file.logit_scale,
            shots,
            validation,
            test,
            layout=self._file.layout,
        )


class ImageSource(Source):
    """The labelled images of a scratch project. Features are cached for the user and for later benchmarks."""

    def __init__(
        self,
        context: ProjectContext,
        title: str,
        data_set: str | None,
        classes: Sequence[ImageClass],
        notes: Sequence[str],
    ) -> None:
        columns = context.index.columns
        self._at = np.flatnonzero(context.classed(columns))
        uses = ("", *(SPLITS[use] for use in Use))
        super().__init__(
            title,
            data_set,
            tuple(item.name for item in classes),
            indices_in([item.id for item in classes], columns.class_ids[self._at]),
            np.array([uses[use + 1] for use in columns.uses[self._at].tolist()]),
            columns.hashes[self._at],
            notes,
        )
        self.context, self.classes = context, classes
        self._noisy: dict[float, Cache] = {}

    def use(self, backbone: Backbone) -> None:
        """Take a backbone; called once, before all else."""
        self.context.engine.use_backbone(backbone)
        self.fingerprint, self.backbone = self._digest(backbone), backbone.id
        self.own_prompt = prompt_of(self.backbone)

    def _digest(self, backbone: Backbone) -> str:
        """Of the images' contents, classes and parts, and the backbone."""
        total = hashlib.sha256(backbone.fingerprint.encode())
        rows = zip(self.keys.tolist(), self.labels.tolist(), self.parts.tolist(), strict=True)
        for key, label, part in sorted(rows):
            total.update(b"%b|%d|%b;" % (key, label, str(part).encode()))
        total.update("\n".join(self.class_names).encode())
        return total.hexdigest()[:12]

    def refuses(self, spec: MethodSpec, noise: float = 0.0) -> str:  # noqa: ARG002 - noise is no trouble here
        """Refuse what the backbone does not support."""
        backbone, _ = self.context.engine.need()
        try:
            if spec.needs_projection:
                backbone.need_projection()
            if spec.needs_encoder:
                backbone.text_tower()
        except UserError as error:
            return str(error)
        return ""

    def prepare(self, cells: Sequence[Cell], token: CancelToken) -> None:
        """Encode every image the cells use, and the noisy shots."""
        plain: set[int] = set()
        noisy: dict[float, set[int]] = {}
        for cell in cells:
            drawn, _ = self.draw(cell)
            plain.update(np.concatenate(drawn.parts).tolist())
            if cell.noise:
                noisy.setdefault(cell.noise, set()).update(drawn.shots.tolist())
        embed_images(self.context, self._ids(plain), token)
        for noise, rows in noisy.items():
            self._embed_noisy(noise, rows, token)

    def _ids(self, rows: set[int]) -> Ids:
        return self.context.index.columns.ids[self._at[sorted(rows)]]

    def _embed_noisy(self, noise: float, rows: set[int], token: CancelToken) -> None:
        """Encode images with Gaussian noise of `noise` grey levels, seeded by their content (Table 4)."""
        from mma_desktop.engine.features.extraction import embed

        def load(row: ImageRow, spec: ImageSpec) -> NDArray[np.uint8]:
            assert row.content_hash is not None
            pixels = decode_file(row.existing_place(), spec, row.content_hash).astype(np.float32)
            draw_noise = np.random.default_rng(int.from_bytes(row.content_hash[:8], "big"))
            noisy = pixels + draw_noise.normal(0, noise, pixels.shape).astype(np.float32)
            return noisy.clip(0, 255).round().astype(np.uint8)

        backbone, _ = self.context.engine.need()
        cache = self._noisy[noise] = self.context.engine.open_cache(backbone, f"-noise-{noise:g}")
        pairs = [(row.content_hash or b"", row) for row in self.context.project.image_rows(self._ids(rows).tolist())]
        embed(backbone, cache, pairs, load, len(pairs), cancel=token)

    def of_split(self, cell: Cell) -> TrainingData:
        """What a training of the project gets, if only what the cell draws is labelled, each with its use."""
        drawn, base = self.draw(cell)
        columns = self.context.index.columns
        uses, problems = np.full(len(columns), -1, np.int8), np.ones(len(columns), np.bool_)
        for number, rows in enumerate(drawn.parts):
            uses[self._at[rows]], problems[self._at[rows]] = number, False
        columns = replace(columns, uses=uses, problems=problems)
        classes = tuple(replace(item, role=role) for item, role in zip(self.classes, self.roles(base), strict=True))
        request = TrainRequest(
            cell.method,
            dict(cell.options),
            shots=cell.shots,
            seed=cell.seed,
            prompt_template=cell.prompt,
            division=cell.tested,  # halves of the test images are compared, however few
        )
        data = assemble(self.context, classes, columns, request, CancelToken()).data
        if not cell.noise:
            return data
        features = self._noisy[cell.noise].gather_rows(self.keys[drawn.shots])
        return replace(data, shots=replace(data.shots, features=features))

    def close(self) -> None:
        for cache in self._noisy.values():
            cache.close()


def list_images(data: Path, context: ProjectContext, token: CancelToken) -> ImageSource:
    """Import a folder of class folders, or anything else that an import reads, into a scratch project.

    `data` may also be FILE=FOLDER, where FILE lists images of FOLDER. What cannot be read and duplicates are left out
    and counted in the notes.

    Raises:
        UserError: `data` is nothing of the kind, or has fewer than two classes.
    """
    path, _, root = str(data).rpartition("=") if "=" in str(data) and not data.exists() else ("", "", "")
    where = full_path(Path(path or data))
    options = ReadOptions(base=full_path(Path(root)) if root else None)
    chosen = recognise(where)
    listing = read_source(where, chosen, options, token)
    title = where.stem.removeprefix("split_zhou_")
    if len({entry.label for entry in listing.entries if entry.label is not None}) < 2:
        first = f" {listing.problems[0].sentence()}" if listing.problems else ""
        raise UserError(f"{where} needs pictures of at least two classes, such as a folder for each.{first}")
    report = import_listing(context, listing, title, token)
    classes = context.classes
    if chosen is image_folder.FORMAT:
        classes = sorted(classes, key=lambda item: item.name)
    left_out = {"unreadable": report.problems + len(listing.problems), "duplicates": report.same_bytes}
    notes = [f"{title}: pictures left out as {why}: {count}." for why, count in left_out.items() if count]
    data_set = data_set_of(where.stem) or data_set_of(where.parent.name if where.is_file() else "")
    return ImageSource(context, title, data_set, classes, tuple(notes))


# CoOp's prompt template of each of the paper's data sets (Zhou et al. 2022, supplement).
PROMPTS: Mapping[str, str] = {
    "Caltech101": "a photo of a {}.",
    "OxfordPets": "a photo of a {}, a type of pet.",
    "StanfordCars": "a photo of a {}.",
    "SUN397": "a photo of a {}.",
    "EuroSAT": "a centered satellite photo of {}.",
    "ImageNet": "a photo of a {}.",
    "Flowers102": "a photo of a {}, a type of flower.",
    "Food101": "a photo of {}, a type of food.",
    "FGVCAircraft": "a photo of a {}, a type of aircraft.",
    "DTD": "{} texture.",
    "UCF101": "a photo of a person doing {}.",
}

_OTHER_NAMES = {
    "oxfordpets": "OxfordPets",
    "oxfordiiitpet": "OxfordPets",
    "oxfordflowers": "Flowers102",
    "flowers": "Flowers102",
    "food": "Food101",
    "describabletextures": "DTD",
}


def data_set_of(name: str) -> str | None:
    """Guess which of the paper's data sets a file or folder name refers to; None if none."""
    key = re.sub(r"[^a-z0-9]", "", name.casefold().removeprefix("split_zhou_"))
    known = {column.casefold(): column for column in PROMPTS}
    return known.get(key) or _OTHER_NAMES.get(key)
