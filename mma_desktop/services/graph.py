"""What follows from what: values that are worked out when they are asked for, and again once an input has changed.

`CONTRIBUTING.md` draws it: a label changes the fit, the scores by it and what follows, but not zero-shot; a new class
adds its column, a new image its row. Nobody says what is out of date. To add a value, name its inputs; asking for it
asks for them first:

    @derived(rows)
    def components(context: ProjectContext, token: CancelToken) -> Components: ...

The window, commands and Python all call `components(context, token)`. `components.kept(context)` only looks.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from typing import Any, Concatenate, Generic, NamedTuple, ParamSpec, TypeAlias, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.events import CancelToken
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Columns, Ids

# Name of the project setting.
AT_HAND = "at_hand"
log = logging.getLogger(__name__)
Value = TypeVar("Value")
P = ParamSpec("P")
Input: TypeAlias = "Callable[[ProjectContext], object] | Derived[[CancelToken], Any]"


class _Kept(dict["Derived[Any, Any]", tuple[tuple[object, ...], Any]]):
    """Of one project: of each value the newest, with the versions of its inputs."""


class Derived(Generic[P, Value]):
    """A value of a project that follows from others; made by `derived`.

    Arguments other than a `CancelToken` are inputs too; they are hashable. An array or another object is its own
    version, as none is changed in place. A value that raises, as when it is cancelled, leaves the former one.
    """

    def __init__(self, inputs: tuple[Input, ...], compute: Callable[Concatenate[ProjectContext, P], Value]) -> None:
        self._inputs, self._compute = inputs, compute
        update_wrapper(self, compute)

    def __call__(self, context: ProjectContext, *arguments: P.args, **more: P.kwargs) -> Value:
        given = (*arguments, *more.values())
        token = next((argument for argument in given if isinstance(argument, CancelToken)), CancelToken())
        self._ask_inputs(context, token)
        # After the inputs were asked, which may have given them new versions.
        now = (self._versions(context), tuple(argument for argument in given if not isinstance(argument, CancelToken)))
        every = context.state_of(_Kept)
        kept = every.get(self)
        if kept is None or not same(kept[0], now):
            log.debug("%s is worked out", self._compute.__name__)
            value = self._compute(context, *arguments, **more)
            if kept is not None and same(kept[1], value, contents=True):
                value = kept[1]  # so that nothing that follows from it is worked out
            kept = every[self] = now, value
        return cast(Value, kept[1])

    def _ask_inputs(self, context: ProjectContext, token: CancelToken) -> None:
        for source in self._inputs:
            if isinstance(source, Derived):
                source(context, token)

    def _versions(self, context: ProjectContext) -> tuple[object, ...]:
        return tuple(
            source.kept(context) if isinstance(source, Derived) else source(context) for source in self._inputs
        )

    def kept(self, context: ProjectContext) -> Value | None:
        """The newest value, which may be out of date; None before the first."""
        kept = context.state_of(_Kept).get(self)
        return None if kept is None else kept[1]

    def is_current(self, context: ProjectContext, token: CancelToken | None = None) -> bool:
        """Whether asking, with the last arguments, would work out nothing; with a token, inputs are asked first."""
        # They may come out as they were. Without one, this reads memory.
        if token is not None:
            self._ask_inputs(context, token)
        kept = context.state_of(_Kept).get(self)
        return (
            kept is not None
            and all(source.is_current(context) for source in self._inputs if isinstance(source, Derived))
            and same(kept[0][0], self._versions(context))
        )

    def put(self, context: ProjectContext, value: Value) -> None:
        """Keep a value from elsewhere, such as a file: it is out of date, but the next one may build on it."""
        context.state_of(_Kept)[self] = ((), ()), value


def release_outdated(context: ProjectContext) -> None:
    """Keep of what is out of date the values alone: their inputs may hold a former fit, or an image model of 1 GB."""
    for derived, ((versions, _), value) in list(context.state_of(_Kept).items()):
        if not same(versions, derived._versions(context)):
            derived.put(context, value)


def derived(
    *inputs: Input,
) -> Callable[[Callable[Concatenate[ProjectContext, P], Value]], Derived[P, Value]]:
    """Make a function of a project a value that follows from `inputs`: others like it, and functions of the project."""
    return lambda compute: Derived(inputs, compute)


def same(left: object, right: object, *, contents: bool = False) -> bool:
    """Whether two versions are one; with `contents`, whether arrays that are two have the same numbers."""
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(same(*both, contents=contents) for both in zip(left, right, strict=True))
    if contents and isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        return left is right or np.array_equal(left, right)
    # Small values by what they are; for arrays and models, which nobody changes in place, identity is enough.
    return left is right or (isinstance(left, str | int | Path | frozenset) and left == right)


# ------------------------------------------------------------------------------ what everything follows from


class Rows(NamedTuple):
    """The usable images with features: ids (N,), ascending, their contents, and the model that looked at them."""

    ids: Ids
    hashes: NDArray[np.bytes_]
    model: object


def index(context: ProjectContext) -> Columns:
    return context.index.columns


def names(context: ProjectContext) -> tuple[tuple[object, ...], ...]:
    """The classes without their colours and keys."""
    return tuple((kind.id, kind.name, kind.role, kind.reads) for kind in context.every_class)


def template(context: ProjectContext) -> str:
    return context.prompt_template


def at_hand(context: ProjectContext) -> bool:
    """Whether images without a label teach, too (`TrainRequest.at_hand`)."""
    return context.project.setting(AT_HAND, True) is not False


def model_in_use(context: ProjectContext) -> tuple[object, ...]:
    engine = context.engine
    return engine.backbone, engine.adapter, engine.header


def shown(context: ProjectContext) -> object:
    """The predictions that views show, of whatever age."""
    return context.predictions


def _files(context: ProjectContext) -> tuple[object, ...]:
    columns, cache = context.index.columns, context.engine.cache
    return columns.hashes, columns.problems, context.engine.backbone, cache, 0 if cache is None else len(cache)


@derived(_files)
def rows(context: ProjectContext, _token: CancelToken) -> Rows:
    columns, model = context.index.columns, context.engine.backbone
    where = np.zeros(0, np.int64) if model is None else context.embedded(columns, columns.usable)
    if len(where) == len(columns.ids):
        return Rows(columns.ids, columns.hashes, model)  # themselves: 40 MB of a million
    ids, hashes = columns.ids[where], columns.hashes[where]
    hashes.flags.writeable = False  # so that they are looked up once
    return Rows(ids, hashes, model)


@derived(index)
def labels(context: ProjectContext, _token: CancelToken) -> tuple[NDArray[Any], ...]:
    """Of the labelled images, (N,) each: ids, classes, uses, sources, and which are usable."""
    columns = context.index.columns
    every = (columns.ids, columns.class_ids, columns.uses, columns.sources, columns.usable)
    return tuple(column[columns.labelled] for column in every)
