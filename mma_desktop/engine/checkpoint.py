"""Adapter files: a `.safetensors` with the tensors and, as JSON metadata, everything needed to use them.

Files are untrusted. Sizes are limited before anything is read, the header is validated value by value, the tensors must
be exactly those of the described adapter, and no code in the file is run (no pickle). A later version lists fields that
readers may ignore in the header's `optional`, which is left out where empty, and increases the format's version for
others.
"""

from __future__ import annotations

import json
import platform
import re
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, cached_property
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import numpy as np
import safetensors.torch
import torch
from numpy.typing import NDArray
from pydantic import AfterValidator, BeforeValidator, Field
from safetensors import SafetensorError
from torch.overrides import TorchFunctionMode

from mma_desktop.core import class_names
from mma_desktop.core.atomic_io import atomic_path, check_adapter_file, read_regular, unreadable
from mma_desktop.core.errors import UserError
from mma_desktop.core.safe_json import RecordError, as_record, parsed_object
from mma_desktop.core.types import Role
from mma_desktop.engine.backbones.backbone_table import BUNDLED
from mma_desktop.engine.evaluation.calibration import Temperatures
from mma_desktop.engine.methods.adapter import Adapter, Sizes, build_adapter
from mma_desktop.engine.methods.method_table import MAX_NUMBER, find_method, resolve_options
from mma_desktop.engine.methods.open_set import MAX_MAGNITUDE, OpenSetModel, build_scorer
from mma_desktop.version import __version__

if TYPE_CHECKING:
    from mma_desktop.engine.backbones.backbone import Backbone

# Above what any adapter has, and low enough that a hostile header cannot ask for gigabytes.
MAX_SIZE = 1 << 24
MAX_EMBED_DIM = 16384  # likewise: ten times that of the widest open_clip model
LONGEST_TEXT = 1000  # letters of an id or of the name of a project, which have dozens
LONGEST_FILE = 1 << 25  # above any valid template; the error for too many templates names their number
MAX_ENTRIES = 1000  # above the options of any method
_MAX_LISTS = 10 * class_names.MAX_NAMES  # a class has two or three, of its name and of what is read for it
_LIST_OF_TEXT = re.compile(r'\[\s*"')


def check_length(text: str) -> None:
    """Refuse at once a header that has far too many class names: to parse them takes seconds and a GB.

    Raises:
        UserError: It has.
        ValueError: It has as many lists of another kind.
    """
    if text.count("[") > _MAX_LISTS and next(islice(_LIST_OF_TEXT.finditer(text), _MAX_LISTS, None), None):
        ends = (f'"{role.value}"]{end}' for role in Role for end in ("]", ", [", ",["))  # of a name and its role
        names = sum(map(text.count, ends))
        raise (
            UserError(class_names.too_many_names(names))
            if names > class_names.MAX_NAMES
            else ValueError("too many lists")
        )


def take_optional(values: dict[str, Any]) -> set[str]:
    """Take `optional` out of a header; returns the fields that may be ignored. ValueError if it is no list of names."""
    names = values.pop("optional", [])
    if not isinstance(names, list) or len(names) > MAX_ENTRIES or not all(isinstance(name, str) for name in names):
        raise ValueError("optional lists no fields")
    return set(names)


def _templates(value: str) -> str:
    if trouble := class_names.unfit_templates(value):
        raise UserError(trouble)
    return value


def _time(value: str) -> str:
    datetime.fromisoformat(value)
    return value


def _check_entries(value: Any) -> Any:
    if isinstance(value, dict) and len(value) > MAX_ENTRIES:  # pydantic collects an error for every entry
        raise ValueError("too many entries")
    return value


def _check_names(value: Any) -> Any:
    if isinstance(value, dict | list) and (trouble := class_names.too_many_names(len(value))):
        raise UserError(trouble)
    return value


def _classes(value: tuple[tuple[str, Role], ...]) -> tuple[tuple[str, Role], ...]:
    names = [name for name, _ in value]
    if trouble := class_names.unfit_names(names):
        raise UserError(trouble)
    if taken := next(filter(class_names.is_none_of_these, names), ""):
        raise UserError.tr(
            "This model has a class called '{class_name}', a name kept for pictures of none of the classes. Train "
            "it again with another name for the class.",
            class_name=taken,
        )
    if class_names.duplicate_names(names):
        raise ValueError("two classes have the same name")
    return value


def _read_text(value: str) -> str:
    if trouble := class_names.unfit_name(value):
        raise UserError(trouble)
    return value


Text = Annotated[str, Field(strict=True, min_length=1, max_length=LONGEST_TEXT)]
Template = Annotated[str, Field(strict=True, min_length=1, max_length=LONGEST_FILE), AfterValidator(_templates)]
Time = Annotated[Text, AfterValidator(_time)]
Positive = Annotated[float, Field(strict=True, gt=0, le=MAX_NUMBER)]
Dimensions = Annotated[int, Field(strict=True, ge=1, le=MAX_EMBED_DIM)]
Shots = Annotated[int, Field(strict=True, ge=0, le=1 << 31)]
Seed = Annotated[int, Field(strict=True, ge=-(1 << 63), lt=1 << 64)]
Size = Annotated[int, Field(strict=True, ge=0, le=MAX_SIZE)]
Hash = Annotated[str, Field(strict=True, pattern="^[0-9a-f]{16}$")]
Hashes = tuple[Hash, ...]
Name = Annotated[str, Field(strict=True, min_length=1)]
ReadText = Annotated[
    str, Field(strict=True, min_length=1, max_length=class_names.LONGEST_NAME), AfterValidator(_read_text)
]
Classes = Annotated[
    tuple[tuple[Name, Role], ...], Field(min_length=1), BeforeValidator(_check_names), AfterValidator(_classes)
]
Reads = Annotated[Mapping[Name, ReadText], BeforeValidator(_check_names)]
Texts = Annotated[Mapping[str, Annotated[str, Field(strict=True)]], BeforeValidator(_check_entries)]
SizesByName = Annotated[Mapping[str, Size], BeforeValidator(_check_entries)]


FORMAT_VERSION = 10
# The versions of files that have no use for the newest, so that older programs read them; no other is read.
WITHOUT_REACH, WITHOUT_NAMES, WITHOUT_GROUPS, WITHOUT_TRANSDUCTION = 9, 8, 7, 6
METADATA_KEY = "mma_desktop"
MAX_FILE_BYTES = 512 << 20  # far above any adapter
MAX_HEADER_BYTES = 32 << 20  # as many names as are allowed, with what is read for them
# Upper limit for weights. Training never exceeds it; much larger weights overflow, and all classes score the same.
LARGEST_WEIGHT = 1e6
# The least and the greatest number that a training may leave, by the place in the file, with room to spare: ratios are
# 19 at most where they were looked at, offsets below 1. A scorer with groups has logarithms of densities as offsets.
BOUNDS: Mapping[str, tuple[float, float]] = {
    "logit_scale": (1e-3, 1e4),
    "temperatures.adapted": (1e-3, 1e3),
    "temperatures.zero_shot": (1e-3, 1e3),
    "strangers.known": (-100.0, 100.0),
    "strangers.unknown": (-100.0, 100.0),
    "strangers.text": (-100.0, 100.0),
    "strangers.ratios": (-1e3, 1e3),
    "strangers.names": (-MAX_MAGNITUDE, MAX_MAGNITUDE),
    "claims.weights": (-LARGEST_WEIGHT, LARGEST_WEIGHT),
    "claims.offsets": (-1e3, 1e3),
    "claims.columns": (2.0, class_names.MAX_NAMES + 1.0),
    "claims.centres": (-2.0, 2.0),
    "claims.reach[0]": (-2.0, 2.0),
    "claims.reach[1]": (1e-6, 10.0),
    "claims.known": (0.0, 2.0),
}
GROUPED: Mapping[str, tuple[float, float]] = {"claims.offsets": (-LARGEST_WEIGHT, LARGEST_WEIGHT)}
PROBES = 16  # drawn images and texts, for which an adapter that is read has to give numbers


@cache
def package_versions() -> dict[str, str]:
    """Package versions that a result depends on: this program, Python, torch, safetensors."""
    return {
        "mma-desktop": __version__,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "safetensors": version("safetensors"),
    }


SCORER, SCORER_IN_FILES = "open_set_scorer.", "claims."  # beginnings of the tensors' names


@dataclass(frozen=True)
class CheckpointHeader:
    """Metadata of an adapter file.

    Attributes:
        method: Id in the table of methods.
        options: The method's options; missing ones have their defaults, and reading fills them in.
        backbone: Id of the backbone whose features it was trained on.
        fingerprint: Fingerprint of the backbone's weights and preprocessing.
        embed_dim: Size D of the features.
        logit_scale: s = exp(logit_scale) of the backbone.
        classes: Class names with their roles, in order.
        reads: What the text encoder reads, by class name; missing ones read their name.
        prompt_template: With {} for the class name (see `class_names.fill_prompt`); an ensemble has one per line.
        metrics: Measured values, any JSON object of finite numbers.
        split_hashes: SHA-256 over the content hashes of the images of each use ("shot", "validation", "test").
        seen_images: First 8 bytes (16 hexadecimal digits) of the content hash of each image used for training or model
            selection, so that an evaluation can exclude them.
        shots: Requested shots per class.
        seed: Seed of the training.
        created: ISO 8601 time in UTC.
        versions: `package_versions` at the training.
        project: Name of the project, or None. Not its path, because exported files are given to others.
        sizes: Further dimensions that the shapes of its tensors depend on, by name (`adapter.Sizes`).
        temperatures: What calibrates its confidences.
        open_set: How images of the trained classes and others score; None if that is not known.
    """

    method: Text
    backbone: Text
    fingerprint: Text
    embed_dim: Dimensions
    logit_scale: Positive
    classes: Classes
    prompt_template: Template
    shots: Shots
    seed: Seed
    options: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)
    split_hashes: Texts = field(default_factory=dict)
    seen_images: Hashes = ()
    created: Time = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    versions: Texts = field(default_factory=package_versions)
    project: Text | None = None
    sizes: SizesByName = field(default_factory=dict)
    temperatures: Temperatures = field(default_factory=Temperatures)
    reads: Reads = field(default_factory=dict)
    open_set: OpenSetModel | None = None

    @property
    def class_names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.classes)

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """What the text encoder reads for each class, by `name_key`."""
        return {class_names.name_key(name): self.reads.get(name, name) for name, _ in self.classes}

    @property
    def shown_reads(self) -> Mapping[str, str]:
        """`reads` as they are shown."""
        return {name: class_names.shown_reading(text) for name, text in self.reads.items()}

    @property
    def own_reads(self) -> Mapping[str, str]:
        """`reads` without those that the program found, as the name itself is read there, too."""
        return {name: text for name, text in self.reads.items() if class_names.shown_reading(text) == text}

    @cached_property
    def given_texts(self) -> Mapping[str, str]:
        """The entries of `reads`, by `name_key`."""
        return {class_names.name_key(name): text for name, text in self.reads.items()}

    @cached_property
    def base_keys(self) -> frozenset[str]:
        """The `name_key` of each class that was trained."""
        return frozenset(class_names.name_key(name) for name, role in self.classes if role is Role.BASE)

    def context(self, names: Sequence[str]) -> list[str]:
        """The base class names that are not in `names`; the adapter needs them as context (`metrics.logits`)."""
        given = {class_names.name_key(name) for name in names}
        return [name for name, role in self.classes if role is Role.BASE and class_names.name_key(name) not in given]

    def trained(self, names: Sequence[str]) -> NDArray[np.bool_]:
        """(C,) whether each of the names was trained."""
        return np.array([class_names.name_key(name) in self.base_keys for name in names], bool)

    @property
    def roles(self) -> tuple[Role, ...]:
        return tuple(role for _, role in self.classes)

    def to_json(self) -> str:
        """Serialise the header; raises ValueError for NaN and infinity."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        # The oldest version that can express the header, so that older programs read the file.
        older = WITHOUT_GROUPS if "names" in self.sizes else WITHOUT_TRANSDUCTION
        if self.open_set is not None and self.open_set.reaches:
            older = FORMAT_VERSION
        elif self.open_set is not None and self.open_set.names:
            older = WITHOUT_REACH
        elif self.open_set is not None and self.open_set.groups:
            older = WITHOUT_NAMES
        values["format_version"] = older
        values["strangers"] = values.pop("open_set")
        values["classes"] = [[name, role.value] for name, role in self.classes]
        return json.dumps(values, allow_nan=False, sort_keys=True, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, OpenSetModel | Temperatures):
        without = [] if getattr(value, "groups", 0) else ["groups", "error"]
        without += [name for name in ("names", "reaches") if not getattr(value, name, ())]
        return {name: part for name, part in asdict(value).items() if name not in without}
    raise TypeError(f"{type(value).__name__} cannot be written to the header of an adapter file")


def save(path: Path, adapter: Adapter, header: CheckpointHeader) -> None:
    """Write an adapter file, atomically and durably.

    Raises:
        UserError: The folder is not writable, the disk is full, or the weights are unusable; an existing file is kept.
        ValueError: The header does not match the adapter, or could not be read back.
    """
    path = Path(path)
    tensors = {name: value.detach().to("cpu").contiguous() for name, value in adapter.state_dict().items()}
    text = header.to_json()
    try:
        # A training of hours must not end in a file that cannot be read, so it is parsed before it is written.
        read_again = _parse_header(text, path)
        _check_tensors(tensors, read_again, path)
    except UserError as error:
        raise ValueError(f"this adapter and header could not be read again: {error}") from error
    if not _is_usable(adapter, read_again):
        raise UserError.tr(
            "The training became unstable: its weights are of no use. Lower the learning rate and start again."
        )
    with atomic_path(path) as temporary:
        # The tensors keep the names that they had when the format was made.
        in_file = {name.replace(SCORER, SCORER_IN_FILES): value for name, value in tensors.items()}
        temporary.write_bytes(safetensors.torch.save(in_file, {METADATA_KEY: text}))


def load(path: Path) -> tuple[Adapter, CheckpointHeader]:
    """Read an adapter file.

    Returns:
        The adapter, on the CPU and in eval mode, and its header with all options filled in.

    Raises:
        UserError: The file is missing, not an adapter file, damaged, or of another format; the message says which.
    """
    return loaded(read(path), path)


def loaded(data: bytes, path: Path) -> tuple[Adapter, CheckpointHeader]:
    """As `load`, of a file that was read; `path` is for messages."""
    header = _header_of(data, path)
    try:
        stored = safetensors.torch.load(data)
    except (SafetensorError, ValueError, KeyError, RuntimeError) as error:
        _damaged(path, error)
    tensors = {name.replace(SCORER_IN_FILES, SCORER): value for name, value in stored.items()}
    _check_tensors(tensors, header, path)
    # One NaN would make every probability NaN.
    if not all(bool(torch.isfinite(tensor).all()) for tensor in tensors.values()):
        _damaged(path)
    bounds = {**BOUNDS, **(GROUPED if header.open_set is not None and header.open_set.groups else {})}
    for place, (least, most) in bounds.items():
        name, _, at = place.partition("[")
        if (tensor := stored.get(name)) is not None and tensor.numel():
            part = tensor[int(at.rstrip("]"))] if at else tensor
            _check_bounds(path, place, tuple(map(float, part.aminmax())), least, most)
    adapter = _build(header).eval()
    adapter.load_state_dict(tensors)
    if not _is_usable(adapter, header):
        raise UserError.tr(
            "{path} cannot be used: no training produces weights like these, and every picture would get the "
            "same answer. Train again, or choose another file.",
            path=path,
        )
    return adapter, header


def read_header(path: Path) -> CheckpointHeader:
    """Read the header of an adapter file, which is checked whole. Raises as `load`."""
    return load(path)[1]


def check_backbone(header: CheckpointHeader, backbone: Backbone) -> None:
    """Reject, as UserError, features of another backbone, weights or preprocessing than those trained with."""
    if header.backbone != backbone.id:
        raise UserError.tr(
            "This adapter was trained with the backbone {backbone}, not with {chosen}. Choose "
            "{backbone}, or train a new adapter.",
            backbone=header.backbone,
            chosen=backbone.id,
        )
    # The weights that come with the program cannot be chosen, so the advice to use the same ones would be of no use.
    if header.backbone in BUNDLED and header.fingerprint != backbone.fingerprint:
        raise UserError.tr(
            "This adapter was trained with the {backbone} of another version of mma-desktop. Train again: labels and "
            "classes are as they were.",
            backbone=header.backbone,
        )
    if header.fingerprint != backbone.fingerprint or header.embed_dim != backbone.embed_dim:
        raise UserError.tr(
            "This adapter was trained with other weights or other preprocessing of {backbone} "
            "(fingerprint {fingerprint}, here {own}). Use the same weights, or train again.",
            backbone=header.backbone,
            fingerprint=header.fingerprint,
            own=backbone.fingerprint,
        )


def read(path: Path) -> bytes:
    """Read an adapter file once, without a look at what is in it. Raises as `load`."""
    check_adapter_file(path)
    try:
        return read_regular(path, MAX_FILE_BYTES)
    except OSError as error:
        raise unreadable(path, error) from error


# `safe_open` of safetensors would read it, but it refuses names of files that are not valid Unicode.
def _header_of(data: bytes, path: Path) -> CheckpointHeader:
    """Parse the header from the first bytes of a file: 8 bytes of length, then JSON with our metadata."""
    length = struct.unpack("<Q", data[:8])[0] if len(data) >= 8 else 0
    if length < 2 or length > MAX_HEADER_BYTES or data[8:9] != b"{":
        _foreign(path)
    metadata = _json(data[8 : 8 + length], path).get("__metadata__")
    text = metadata.get(METADATA_KEY) if isinstance(metadata, dict) else None
    if not isinstance(text, str):
        _foreign(path)
    return _parse_header(text, path)


def _values(text: str, path: Path) -> dict[str, Any]:
    try:
        check_length(text)
    except UserError as error:
        raise _unusable(path, error) from error
    except ValueError as error:
        _damaged(path, error)
    values = _json(text, path)
    number = values.pop("format_version", None)
    if type(number) is not int or number < 1:
        _damaged(path)
    if number > FORMAT_VERSION:
        raise UserError.tr(
            "{path} was written by a newer version of mma-desktop (format {number}; this one reads "
            "up to {newest}). Update mma-desktop to use it.",
            path=path,
            number=number,
            newest=FORMAT_VERSION,
        )
    if number < WITHOUT_TRANSDUCTION:
        raise UserError.tr(
            "{path} was written by a version of mma-desktop from before its first release. Train again: labels and "
            "classes are as they were.",
            path=path,
        )
    if "strangers" in values:
        values["open_set"] = values.pop("strangers")  # its name in files
    values.pop("reject", None)  # a threshold that nothing sets any more; some files have it
    return values


def _parse_header(text: str, path: Path) -> CheckpointHeader:
    values = _values(text, path)
    known = set(CheckpointHeader.__dataclass_fields__)
    try:
        ignorable = take_optional(values)
        if not known <= set(values) <= known | ignorable:
            _damaged(path)
        header = as_record(CheckpointHeader, values)
        spec = find_method(header.method)
        header = replace(header, method=spec.id, options=resolve_options(spec, header.options))
    except RecordError as error:
        raise UserError.tr(
            "The adapter file {path} is damaged or incomplete: {field} cannot be {found}. Copy or export it again.",
            path=path,
            field=error.place,
            found=error.found,
        ) from error
    except UserError as error:
        raise _unusable(path, error) from error
    except ValueError as error:
        _damaged(path, error)
    sizes = {*spec.sizes_with(header.options), *(("row", "names") if "names" in header.sizes else ())}
    for place, (least, most) in BOUNDS.items():
        name, _, part = place.partition(".")
        if name != SCORER_IN_FILES.rstrip("."):
            value = getattr(header, {"strangers": "open_set"}.get(name, name))
            _check_bounds(path, place, getattr(value, part, None) if part else value, least, most)
    if set(header.sizes) != sizes or not set(header.reads) <= set(header.class_names):
        _damaged(path)
    return header


def _check_bounds(path: Path, place: str, value: Any, least: float, most: float) -> None:
    """Check that a number, or each in nested lists, is within bounds, else raise UserError; None has none."""
    numbers = [] if value is None else [value]
    while numbers:
        number = numbers.pop()
        if isinstance(number, tuple):
            numbers.extend(number)
        elif not least <= number <= most:
            raise UserError.tr(
                "{path} cannot be used: no training leaves {place} of {number:g}. Train again, or choose another file.",
                path=path,
                place=place,
                number=number,
            )


def _build(header: CheckpointHeader) -> Adapter:
    sizes = Sizes(**header.sizes)
    adapter = build_adapter(
        header.method, header.embed_dim, header.logit_scale, header.options, sizes=sizes, trained=True
    )
    if header.open_set is not None:
        adapter.open_set_scorer = build_scorer(header.open_set, len(header.base_keys))
    return adapter


def _is_usable(adapter: Adapter, header: CheckpointHeader) -> bool:
    """Whether the weights have plausible magnitudes and give different classes different scores."""
    if any(bool((value.abs() > LARGEST_WEIGHT).any()) for value in adapter.state_dict().values()):
        return False
    logits = _probe_logits(adapter)
    if logits is None:
        return True
    if not bool(torch.isfinite(logits).all()):
        return False
    if _differ(logits):
        return True
    other = _build(header)  # its options may be the cause, such as using the adapted text feature alone
    with torch.no_grad():
        for number, parameter in enumerate(other.parameters()):
            parameter.copy_(0.1 * torch.randn(parameter.shape, generator=torch.Generator().manual_seed(number)))
    again = _probe_logits(other)
    return again is None or not _differ(again)


def _probe_logits(adapter: Adapter) -> torch.Tensor | None:
    """Logits of random images for `Adapter.example_texts`; None if there are none."""
    draw = torch.Generator().manual_seed(0)
    head = next(reversed(adapter.row_heads), None)
    width = adapter.columns.stop if head is None else head.width
    images = torch.randn(PROBES, width, generator=draw)
    texts = adapter.example_texts(torch.randn(PROBES, adapter.embed_dim, generator=draw))
    if texts is None:
        return None
    if head is not None:
        codes = head.codes[: len(texts)]
        texts = torch.cat([texts[: len(codes)], codes], dim=1)
    with torch.no_grad():
        logits: torch.Tensor = adapter(images.to(adapter.device), texts.to(adapter.device))
    return logits


def _differ(logits: torch.Tensor) -> bool:
    return bool((logits.amax(1) > logits.amin(1)).any())


class _SkipInitialisation(TorchFunctionMode):
    """Skips initialisation on the meta device, where these functions would import torch's compiler (70 MB)."""

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if func is torch.randn:
            return torch.empty(*args)
        if func is torch.Tensor.mul and isinstance(args[1], float):
            return args[0]
        if func is torch.eye:
            return torch.empty(args[0], args[-1])
        return func(*args, **(kwargs or {}))


def _check_tensors(tensors: Mapping[str, torch.Tensor], header: CheckpointHeader, path: Path) -> None:
    """Check that names, shapes and types are exactly those of the adapter that the header describes."""
    with torch.device("meta"), _SkipInitialisation():  # allocates nothing: the header is still untrusted
        expected = _build(header).state_dict()
    given = {name: (tuple(tensor.shape), tensor.dtype) for name, tensor in tensors.items()}
    if given != {name: (tuple(tensor.shape), torch.float32) for name, tensor in expected.items()}:
        _damaged(path)


def _json(text: str | bytes, path: Path) -> dict[str, Any]:
    try:
        return parsed_object(text)
    except ValueError as error:
        _damaged(path, error)


def _unusable(path: Path, reason: UserError) -> UserError:
    return UserError.tr("{path} cannot be used: {reason}", path=path, reason=reason)


def _foreign(path: Path) -> NoReturn:
    raise UserError.tr("{path} is not an adapter file of mma-desktop. Choose a file that was exported here.", path=path)


def _damaged(path: Path, cause: BaseException | None = None) -> NoReturn:
    raise UserError.tr(
        "The adapter file {path} is damaged or incomplete. Copy or export it again.", path=path
    ) from cause
