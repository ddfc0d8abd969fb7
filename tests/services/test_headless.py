"""The command line's main job: what it warns of and when, and the problems in its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, EpochEvent, Progress
from mma_desktop.core.types import Recipe, TrainRequest
from mma_desktop.engine import checkpoint
from mma_desktop.services.batch.headless import choose_base, evaluate, train
from mma_desktop.services.batch.labelled_images import in_class_folders
from mma_desktop.services.training import snapshot
from tests.steps import run

REQUEST = TrainRequest(device="cpu", shots=4, recipe=Recipe(max_epochs=2))


def test_warnings_come_before_the_training(tmp_path: Path, make_folder: Callable[..., Path]) -> None:
    pictures = in_class_folders(make_folder("pictures", {"cat": 6, "kitten": 6, "dog": 6}))
    events, report = run(lambda token: train(pictures, tmp_path / "a.safetensors", REQUEST, token, ["cat", "kitten"]))
    first_epoch = next(at for at, event in enumerate(events) if isinstance(event, EpochEvent))
    said = [event.message for event in events[:first_epoch] if isinstance(event, Progress)]
    (warning,) = [text for text in said if "only new class" in text]
    (names,) = [text for text in said if "may confuse" in text]
    assert said.count("Loading the model") == 1
    assert not {warning, names} & set(report.notes)


def test_labels_are_divided_and_checkpoints_read_once(
    tmp_path: Path, make_folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: Counter[str] = Counter()

    def counted(owner: object, name: str) -> None:
        work = getattr(owner, name)

        def wrapped(*arguments: object) -> object:
            done[name] += 1
            return work(*arguments)

        monkeypatch.setattr(owner, name, wrapped)

    counted(snapshot, "divide")
    counted(checkpoint, "load")
    pictures, adapter = in_class_folders(make_folder("pictures", {"cat": 6, "dog": 6})), tmp_path / "a.safetensors"
    train(pictures, adapter, REQUEST, CancelToken(), pictures.names)
    assert (done.pop("divide"), done["load"]) == (1, 0)
    others = in_class_folders(make_folder("others", {"cat": 2, "dog": 2}))
    evaluate(adapter, others, "cpu", None, CancelToken())
    assert done == {"load": 1}


def test_the_report_lists_every_problem(tmp_path: Path, make_folder: Callable[..., Path]) -> None:
    images = make_folder("pictures", {"red": 6, "green": 6})
    broken = [images / "red" / f"broken {number}.jpg" for number in range(8)]
    for path in broken:
        path.write_bytes(b"\xff\xd8\xff nothing" + path.name.encode())
    adapter, token = tmp_path / "a.safetensors", CancelToken()
    events, trained = run(lambda token: train(in_class_folders(images), adapter, REQUEST, token, ["red", "green"]))
    measured = evaluate(adapter, in_class_folders(images), "cpu", None, token)
    said = [event.message for event in events if isinstance(event, Progress)]
    assert not any("new classes" in text for text in said), "every class is trained"
    for report in (trained, measured):
        assert sorted(one["path"] for one in report.json["problems"]) == [str(path) for path in broken]
        assert all(one["reason"] for one in report.json["problems"])
        assert report.json["counts"]["problems"] == len(broken)
        assert any('and 3 more; --json FILE lists all of them under "problems".' in note for note in report.notes)


def test_one_base_class_is_refused_with_what_to_do() -> None:
    with pytest.raises(UserError, match=r"one base class, 'a': .* Name two or more of 'a', 'b'"):
        choose_base(["a", "b"], ["A", "a"], 0.5)
    with pytest.raises(UserError, match="1 trains every class"):
        choose_base(["a", "b"], None, 0.5)
    with pytest.raises(UserError, match="no base class"):
        choose_base(["a", "b"], [], 0.5)
    assert choose_base(["a", "b", "c"], None, 0.5) == ["a", "b"]
