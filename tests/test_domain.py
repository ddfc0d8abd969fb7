"""The arithmetic of accuracies and names."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mma_desktop.core.class_names import duplicate_names, fill_prompt, name_key, split_names
from mma_desktop.core.types import Accuracy, Scores, harmonic_mean, left_out_worth


def test_wilson_interval_by_hand() -> None:
    """8 of 10: Wilson's interval is 49.02 to 94.33 percent."""
    found = Accuracy.of(8, 10)
    assert found.percent == 80
    assert found.low == pytest.approx(49.0162, abs=1e-3)
    assert found.high == pytest.approx(94.3318, abs=1e-3)


@given(st.integers(1, 10_000), st.data())
def test_the_interval_holds_the_accuracy(n: int, data: st.DataObject) -> None:
    correct = data.draw(st.integers(0, n))
    found = Accuracy.of(correct, n)
    assert 0 <= found.low <= found.percent + 1e-9
    assert found.percent - 1e-9 <= found.high <= 100


def test_answers_to_what_was_left_out_are_worth_less_than_independent_ones() -> None:
    worth = left_out_worth("leave-one-out", 20, 5)
    assert worth == pytest.approx(1 / (1 + 20 / 15))
    assert left_out_worth("cross-validation", 20, 5) == pytest.approx(1 / (1 + 4 / 3))
    assert left_out_worth("held-out", 20, 5) == left_out_worth("leave-one-out", 5, 5) == 1
    assert Accuracy.of(14, 20, 0.5) == replace(Accuracy.of(7, 10), n=20)


@pytest.mark.parametrize(("correct", "n"), [(1, 0), (-1, 5), (6, 5)])
def test_no_accuracy_of_nonsense(correct: int, n: int) -> None:
    with pytest.raises(ValueError, match="no accuracy"):
        Accuracy.of(correct, n)


def test_harmonic_mean_is_the_papers_first_row() -> None:
    assert harmonic_mean(69.34, 74.22) == pytest.approx(71.70, abs=0.005)
    assert harmonic_mean(0, 0) == 0
    assert Scores(base=Accuracy.of(1, 2)).h is None


def test_names_typed_and_pasted() -> None:
    assert split_names(" cat, dog \n\n big   red  car,,\nfish") == ["cat", "dog", "big red car", "fish"]
    assert split_names("\"cat\", 'dog', \u201cbig red car\u201d, \"\", cats' eyes, 5\"") == [
        "cat", "dog", "big red car", "cats' eyes", '5"'
    ]  # fmt: skip
    assert duplicate_names(["Cat", "dog", "cat ", "CAT"]) == ["cat "]
    assert name_key("  Big\tCar ") == "big car"


@pytest.mark.parametrize("comma", [",", "\uff0c", "\u3001", "\uff1b", "\u060c"])
def test_the_commas_of_other_scripts_part_names(comma: str) -> None:
    assert split_names(f"猫{comma}狗 {comma} 鸟") == ["猫", "狗", "鸟"]
    assert split_names(f"犬 = dog; hound{comma} 猫") == ["犬 = dog; hound", "猫"]


def test_prompts_never_fail() -> None:
    assert fill_prompt("a photo of a {}.", "hawksbill_turtle") == "a photo of a hawksbill turtle."
    assert fill_prompt("a {} and {}", "cat") == "a cat and {}"
    assert fill_prompt("{0} {name} {", "cat") == "{0} {name} { cat"
    assert fill_prompt("", "cat") == "cat"
