"""Descriptions of a classifier for others: the model card for the Hugging Face hub, and the notebook view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mma_desktop.core.class_names import name_key
from mma_desktop.core.extras import INSTALL
from mma_desktop.core.types import Evaluation, Role
from mma_desktop.engine.methods.method_table import find_method
from mma_desktop.services.serialization import evaluation_of
from mma_desktop.services.training.overview import range_words
from mma_desktop.services.training.report import class_rows, details_of, how, rendered, settings_of

if TYPE_CHECKING:
    from mma_desktop.engine.checkpoint import CheckpointHeader

SHOWN_CLASSES = 30
"""Number of classes listed in a notebook; the rest are counted."""


def measured(header: CheckpointHeader) -> Evaluation | None:
    """The evaluation of an adapter; None if there is none or it cannot be read."""
    found = evaluation_of(header.metrics)
    return None if found is None or found.adapted.all is None else found


def card(header: CheckpointHeader, repo_id: str) -> str:
    """The model card of an adapter in Markdown: the report's figures without its pictures."""
    evaluation = measured(header)
    settings = settings_of(header)
    title = repo_id.rpartition("/")[2]
    return _filled(
        "model_card.md",
        header,
        evaluation,
        title=title,
        repo_id=repo_id,
        install=INSTALL,
        model=dict(settings)["Image model"],
        tells_strangers=header.strangers is not None,
        settings=settings,
        details=[] if evaluation is None else details_of(evaluation, header),
    )


def notebook_page(header: CheckpointHeader, examples: Mapping[str, Sequence[str]], title: str) -> str:
    """HTML fragment about a classifier: its evaluation, and each class with some of its pictures.

    `examples` are data URIs of small pictures, by `name_key`.
    """
    roles = {name_key(name): role for name, role in header.classes}
    found = measured(header)
    rows = {name_key(row["name"]): row for row in class_rows(found, header.reads)} if found else {}
    classes = [
        {
            "name": name,
            "reads": header.reads.get(name, ""),
            "trained": roles[name_key(name)] is Role.BASE,
            "accuracy": rows.get(name_key(name), {}).get("accuracy"),
            "pictures": examples.get(name_key(name), ()),
        }
        for name in header.class_names[:SHOWN_CLASSES]
    ]
    more = len(header.classes) - len(classes)
    return _filled(
        "notebook.html", header, found, title=title, shown=classes, more=more, has_pictures=any(examples.values())
    )


def _filled(template: str, header: CheckpointHeader, evaluation: Evaluation | None, **values: Any) -> str:
    return rendered(
        template,
        range_words=range_words,
        names=header.class_names,
        reads=header.reads,
        accuracy=None if evaluation is None else evaluation.adapted.all,
        before=None if evaluation is None or not find_method(header.method).trains else evaluation.zero_shot.all,
        how="" if evaluation is None else how(evaluation),
        classes=() if evaluation is None else class_rows(evaluation, header.reads),
        **values,
    )
