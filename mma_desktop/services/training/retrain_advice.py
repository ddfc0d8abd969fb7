"""Advise whether to train again: what changed since the current adapter was trained.

New names can be used without training, so a new class alone is no reason. The reasons are:

- an untrained base class has enough labels: `ENOUGH`, or as many as the training's shots;
- a trained class was renamed, or reads another text, or was made a new class (measuring it as new needs a training
  without it);
- the label of an image used for training or selection has changed or is gone;
- the prompt template or backbone has changed: the adapter keeps its own until it is retrained;
- every base class now has twice the shots of the training, and did not have them then;
- there were no validation images then, and now there are.

More labels alone are no reason if none would become a shot: they make the measured accuracy more precise, not the
adapter better. Nor is a deleted class. Both are mentioned only alongside a reason. Dismissed advice stays hidden until
the next training or a new reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from mma_desktop.core.class_names import NAMES_SHOWN, listed, name_key
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import ImageClass, Role, RunRecord
from mma_desktop.engine.methods.method_table import find_method, training_prompt
from mma_desktop.services.image_index import Columns, Ids
from mma_desktop.services.labels.splits import Split, hash_prefixes

if TYPE_CHECKING:
    from mma_desktop.services.context import ProjectContext

RECORD = "trained_on"
DISMISSED = "retrain_dismissed"
ENOUGH = 4


@dataclass(frozen=True, slots=True)
class Advice:
    """Advice about the current adapter.

    Attributes:
        sentence: For the user.
        helps: Whether a training would help; if not, the sentence says that none is needed.
        run_id: The training that the project was compared with.
        reasons: Keys of the reasons, to recognise dismissed advice.
    """

    sentence: str
    helps: bool
    run_id: int
    reasons: frozenset[str] = frozenset()


# ------------------------------------------------------------------------------ stored with a run


def record_of(classes: Sequence[ImageClass], columns: Columns, labelled: Ids, split: Split) -> dict[str, Any]:
    """What a run stores about its labels, as JSON.

    For each class the number of labels and, by the first bytes of their content hashes, the images used for training or
    selection.
    """
    seen = labelled[np.concatenate([split.shots, split.validation])]
    found, number = np.unique(columns.class_ids[labelled], return_counts=True)
    counts = dict(zip(found.tolist(), number.tolist(), strict=True))
    by_class: dict[int, list[str]] = {}
    for class_id, prefix in zip(columns.class_ids[seen].tolist(), hash_prefixes(columns.hashes[seen]), strict=True):
        by_class.setdefault(class_id, []).append(prefix)
    return {
        "classes": [
            {
                "id": one.id,
                "name": one.name,
                "reads": one.reads,
                "role": one.role.value,
                "labelled": counts.get(one.id, 0),
                "seen": sorted(by_class.get(one.id, [])),
            }
            for one in classes
        ],
        "validation": len(split.validation),
    }


# ------------------------------------------------------------------------------ comparison


@dataclass
class Findings:
    """What changed: new labels and base classes, other changes as clauses, and which of them are reasons."""

    labels: int = 0
    fresh: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    reasons: set[str] = field(default_factory=set)

    def sentence(self) -> str:
        """The changes in one sentence, for whoever can train again."""
        changes = "; ".join([*_added(self), *self.others])
        return tr("Since the adapter in use was trained, {changes}. Training again would help.", changes=changes)


def advise(context: ProjectContext, fresh: Collection[int] = ()) -> Advice | None:
    """Compare the project with what the current, or else the newest, adapter was trained on; None for nothing to say.

    Reads the database. `fresh` are classes added in this session; the advice says that they need no training.
    """
    runs = context.project.runs()
    run = next((run for run in runs if context.is_current(run)), runs[0] if runs else None)
    if context.learns and not context.current_run:
        return None  # the learning model is in use, and never out of date
    if run is None or run.loaded or not find_method(run.method).trains:
        return None
    if run.backbone != context.backbone_id:
        found = Findings(others=[tr("the backbone was changed from {backbone}", backbone=run.backbone)])
        found.reasons = {f"backbone:{context.backbone_id}"}
    else:
        found = _compare(context, run)
    if found.reasons:
        if _is_dismissed(context, run.id, found.reasons):
            return None
        return Advice(found.sentence(), True, run.id, frozenset(found.reasons))
    return _no_training_needed(context, run, fresh)


def dismiss(context: ProjectContext, advice: Advice) -> None:
    """Hide these reasons for this training. Writes to the database."""
    kept = context.project.setting(DISMISSED, {})
    before = kept.get("reasons", []) if kept.get("run") == advice.run_id else []
    context.project.set_setting(DISMISSED, {"run": advice.run_id, "reasons": sorted({*before, *advice.reasons})})


def _is_dismissed(context: ProjectContext, run_id: int, reasons: Collection[str]) -> bool:
    kept = context.project.setting(DISMISSED, {})
    return kept.get("run") == run_id and set(reasons) <= set(kept.get("reasons", []))


def _compare(context: ProjectContext, run: RunRecord) -> Findings:
    found = Findings()
    record = run.settings.get(RECORD) or _old_record(run)
    now = list(context.classes)
    then = _match_classes(record["classes"], now)
    counts = context.index.counts()
    shots = int(run.settings.get("shots", 0))
    found.labels = _labels_added(record, run, counts)
    _classes(found, now, then, counts, shots)
    left = {one.id for one in now}
    trained = [one for one in record["classes"] if one["role"] == Role.BASE]
    gone = [one["name"] for one in trained if "id" in one and one["id"] not in left]
    if gone:  # mentioned, but not a reason
        text = tr("{classes} was deleted", "{classes} were deleted", len(gone), classes=_quoted_list(gone))
        found.others.append(text)
    _corrections(found, context, record)
    template = str(run.settings.get("prompt_template", context.prompt_template))
    if template != training_prompt(run.method, run.backbone, context.prompt_template):
        digest = hashlib.sha256(context.prompt_template.encode()).hexdigest()[:8]
        found.others.append(tr("the prompt template was changed (the adapter goes on with its own)"))
        found.reasons.add(f"template:{digest}")
    _more_to_train_on(found, now, then, counts, shots, record)
    return found


def _old_record(run: RunRecord) -> dict[str, Any]:
    """A record for runs that stored none: names and roles, but no counts per class and no images."""
    names, roles = run.metrics.get("class_names", ()), run.metrics.get("roles", ())
    return {"classes": [{"name": name, "role": role} for name, role in zip(names, roles, strict=False)]}


def _match_classes(then: Sequence[Mapping[str, Any]], now: Sequence[ImageClass]) -> dict[int, Mapping[str, Any]]:
    """Match the recorded classes to current ids; by name for runs without ids."""
    by_key = {name_key(one.name): one.id for one in now}
    ids = {one.id for one in now}
    found = {}
    for one in then:
        class_id = one["id"] if "id" in one else by_key.get(name_key(one["name"]))
        if class_id in ids:
            found[class_id] = one
    return found


def _labels_added(record: Mapping[str, Any], run: RunRecord, counts: Mapping[int, int]) -> int:
    if all("labelled" in one for one in record["classes"]):
        before = {one["id"]: one["labelled"] for one in record["classes"]}
        return sum(max(0, count - before.get(class_id, 0)) for class_id, count in counts.items())
    total = run.metrics.get("counts", {}).get("labelled")
    return 0 if total is None else max(0, sum(counts.values()) - int(total))


def _classes(
    found: Findings,
    now: Sequence[ImageClass],
    then: Mapping[int, Mapping[str, Any]],
    counts: Mapping[int, int],
    shots: int,
) -> None:
    enough = max(1, min(ENOUGH, shots or ENOUGH))
    promoted: list[str] = []
    for one in now:
        before = then.get(one.id)
        trained = before is not None and before["role"] == Role.BASE
        if one.role is Role.BASE and not trained and counts.get(one.id, 0) >= enough:
            (found.fresh if before is None else promoted).append(one.name)
            found.reasons.add(f"class:{one.id}")
        elif trained and one.role is Role.NEW:
            found.others.append(tr("'{class_name}' was made a new class", class_name=one.name))
            found.reasons.add(f"new:{one.id}")
        elif trained and before is not None and before["name"] != one.name:
            found.others.append(tr("'{old_name}' was renamed '{new_name}'", old_name=before["name"], new_name=one.name))
            found.reasons.add(f"name:{one.id}:{one.name}")
        elif trained and before is not None and (before.get("reads") or one.name) != one.text:
            found.others.append(tr("'{class_name}' is now read as '{text}'", class_name=one.name, text=one.text))
            found.reasons.add(f"reads:{one.id}:{one.text}")
    if promoted:
        text = tr("{classes} was made base", "{classes} were made base", len(promoted), classes=_quoted_list(promoted))
        found.others.append(text)


def _quoted_list(names: Sequence[str]) -> str:
    """Names in quotes as the subject of a clause: 'ant', 'bee' and 'cat'; a long list is cut."""
    if not 2 <= len(names) <= NAMES_SHOWN:
        return listed(names)
    return tr("{list} and {last}", list=listed(names[:-1]), last=listed(names[-1:]))


def _corrections(found: Findings, context: ProjectContext, record: Mapping[str, Any]) -> None:
    """Images used for training or selection whose label has changed or is gone. Removed images do not count."""
    trained = {prefix: one["id"] for one in record["classes"] for prefix in one.get("seen", ())}
    if not trained:
        return
    columns = context.index.columns
    # Compared as integers: a million hashes take some ten milliseconds; as bytes, a second.
    firsts = np.ascontiguousarray(columns.hashes).view(np.uint64).reshape(-1, 4)[:, 0]
    known = np.frombuffer(b"".join(bytes.fromhex(one) for one in trained), np.uint64)
    where = np.flatnonzero(np.isin(firsts, known))
    labels = columns.class_ids[where].tolist()
    left = {one.id for one in context.classes}
    wrong = sum(
        trained[prefix] in left and trained[prefix] != label
        for prefix, label in zip(hash_prefixes(columns.hashes[where]), labels, strict=True)
        if prefix in trained
    )
    if wrong:
        found.others.append(
            tr("{n} label it was trained on was corrected", "{n} labels it was trained on were corrected", wrong)
        )
        found.reasons.add(f"corrected:{wrong.bit_length()}")


def _more_to_train_on(
    found: Findings,
    now: Sequence[ImageClass],
    then: Mapping[int, Mapping[str, Any]],
    counts: Mapping[int, int],
    shots: int,
    record: Mapping[str, Any],
) -> None:
    base = [one for one in now if one.role is Role.BASE]
    if not base or not shots or any("labelled" not in then.get(one.id, {"labelled": 0}) for one in base):
        return
    least = min(counts.get(one.id, 0) for one in base)
    before = min(int(then[one.id]["labelled"]) if one.id in then else 0 for one in base)
    if before < 2 * shots <= least:
        found.others.append(
            tr(
                "every base class now has {n} label, enough for more shots",
                "every base class now has {n} labels, enough for more shots",
                least,
            )
        )
        found.reasons.add(f"shots:{2 * shots}")
    elif not record.get("validation", 1) and least >= shots + 2:
        found.others.append(tr("there are now images besides the shots to select and measure with"))
        found.reasons.add("held-out")


# ------------------------------------------------------------------------------ sentences


def _added(found: Findings) -> list[str]:
    if not found.fresh:
        return [tr("{n} label was added", "{n} labels were added", found.labels)] if found.labels else []
    classes, many = _quoted_list(found.fresh), len(found.fresh)
    if not found.labels:
        return [
            tr("the base class {classes} was added", "the base classes {classes} were added", many, classes=classes)
        ]
    return [
        tr(
            "{labels} and the base class {classes} were added",
            "{labels} and the base classes {classes} were added",
            many,
            labels=tr("{n} label", "{n} labels", found.labels),
            classes=classes,
        )
    ]


def _no_training_needed(context: ProjectContext, run: RunRecord, fresh: Collection[int]) -> Advice | None:
    new = [one for one in context.classes if one.id in fresh and one.role is Role.NEW]
    names, reasons = [one.name for one in new], frozenset(f"named:{one.id}" for one in new)
    if not names or _is_dismissed(context, run.id, reasons):
        return None
    text = tr(
        "The new class {classes} needs no training: it is predicted by its name.",
        "The new classes {classes} need no training: they are predicted by their names.",
        len(names),
        classes=listed(names),
    )
    return Advice(text, False, run.id, reasons)
