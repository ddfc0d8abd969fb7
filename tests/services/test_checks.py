"""What stands in the way of a training is said before any work starts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mma_desktop.core.types import DEFAULT_METHOD, QuickFix, Role, TrainRequest
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.training import project_training, snapshot

from .test_importing import imported

MakeFolder = Callable[..., Path]


def sentences(context: ProjectContext, shots: int) -> dict[str, bool]:
    return {finding.text: finding.blocking for finding in project_training.check(context, TrainRequest(shots=shots))}


def test_no_class_and_one_class(context: ProjectContext) -> None:
    assert list(sentences(context, 4).values()) == [True]
    context.project.add_classes(["ant"])
    (text,) = sentences(context, 4)
    assert "'ant'" in text
    assert "two base classes" in text


def test_a_class_without_image_and_one_with_too_few(context: ProjectContext, make_folder: MakeFolder) -> None:
    imported(context, make_folder("pictures", {"ant": 12, "bee": 3, "cat": 12}), folders=True)
    context.project.add_classes(["dog"])
    found = sentences(context, 4)
    blocking = [text for text, blocks in found.items() if blocks]
    assert len(blocking) == 2
    assert "'dog'" in blocking[0]
    assert "no labelled image" in blocking[0]
    assert "'bee' has 3" in blocking[1]
    assert blocking[0].endswith("Add 4 labelled images, delete the class, or make it name only.")
    assert blocking[1].endswith("Add 1 more labelled image, or train with 3 shots per class.")


def test_fewer_shots_are_a_note_if_they_are_allowed(context: ProjectContext, make_folder: MakeFolder) -> None:
    imported(context, make_folder("pictures", {"ant": 12, "bee": 3, "cat": 12, "dog": 1}), folders=True)
    request = TrainRequest(shots=4, fewer=True)
    first, second, *_ = project_training.check(context, request)
    assert first.text == "'bee', 'dog': fewer than 4 shots ('dog' has 1). They are trained on all that they have."
    assert second.text.startswith(
        "'ant', 'bee', 'cat', 'dog': too few labelled images are left for testing, so accuracy on trained classes is "
        "estimated by leaving"
    )
    assert not any(one.blocking for one in project_training.check(context, request))
    _, split = snapshot.divided(context, context.index.columns, context.classes, request)
    assert len(split.shots) == 4 + 3 + 4 + 1
    context.project.set_role([one.id for one in context.classes if one.name == "dog"], Role.NEW)
    assert project_training.check(context, request)[0].text == "'bee' has 3 of 4 shots, and is trained on these."
    context.project.add_classes(["eel"])
    assert [one.text.partition(":")[0] for one in project_training.check(context, request) if one.blocking] == ["'eel'"]


def test_notes_on_what_cannot_be_measured(context: ProjectContext, make_folder: MakeFolder) -> None:
    imported(context, make_folder("pictures", {"ant": 4, "bee": 12, "cat": 5}), folders=True)
    found = sentences(context, 4)
    assert set(found.values()) == {False}
    text = "\n".join(found)
    assert "leaving out shots, one of each class" in text
    assert "Every class is trained, so accuracy on new classes is not measured." in text
    assert {finding.fix for finding in project_training.check(context, TrainRequest(shots=4))} == {QuickFix.NONE}
    context.project.set_role([context.classes[2].id], Role.NEW)
    text = "\n".join(sentences(context, 4))
    assert "Every class is trained" not in text
    assert "only new class" in text


def test_all_is_well(context: ProjectContext, make_folder: MakeFolder) -> None:
    imported(context, make_folder("pictures", {"ant": 33, "bee": 33, "cat": 5, "dog": 5}), folders=True, half=True)
    assert sentences(context, 4) == {}


def test_how_many_shots_it_takes_to_measure_without_test_images(
    context: ProjectContext, make_folder: MakeFolder
) -> None:
    imported(context, make_folder("pictures", {"ant": 3, "bee": 3}), folders=True)

    def said(shots: int, method: str = DEFAULT_METHOD, options: dict[str, bool] | None = None) -> str:
        request = TrainRequest(method, options or {}, shots=shots, division="halves")
        return "\n".join(
            finding.text for finding in project_training.check(context, request) if "'ant'" in finding.text
        )

    assert said(2) == ""
    context.project.assign(context.index.columns.ids[[2, 5]].tolist(), None)
    assert "leaving out shots, one of each class" in said(2)
    assert "4-fold cross-validation" in said(2, options={"visual_head": False})
    assert "fewer than 3 shots are too few" in said(2, "multi-modal-adapter")  # one fold more to stop early on
    assert "4-fold cross-validation" in said(2, "linear-probe")
    assert said(2, "zero-shot") == ""
    context.project.assign(context.index.columns.ids[[1, 4]].tolist(), None)
    assert "takes two pictures of a class" in said(1)
    assert "fewer than 2 shots are too few" in said(1, "linear-probe")
    assert said(1, "zero-shot") == ""
