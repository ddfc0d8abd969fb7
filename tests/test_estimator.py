"""`Classifier` as a scikit-learn estimator: its checks, what it takes, what a notebook shows."""

from __future__ import annotations

import io
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.utils import estimator_checks

from mma_desktop import Classifier, UserError, load_classifier
from mma_desktop.api import EXAMPLE_CLASSES, EXAMPLES
from mma_desktop.core.paths import resource
from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.features.feature_cache import as_stored
from mma_desktop.engine.training import trainer

from .rows_as_pictures import RowsAsPictures
from .warm_starter import WarmStarter

CLASSES = ("banana", "cactus", "daisy")
QUICK = [
    "check_estimator_cloneable",
    "check_estimator_repr",
    "check_estimator_tags_renamed",
    "check_valid_tag_types",
    "check_no_attributes_set_in_init",
    "check_estimators_unfitted",
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_mixin_order",
    "check_parameters_default_constructible",
    "check_get_params_invariance",
    "check_set_params",
    "check_n_features_in_after_fitting",
]
"""The checks that train nothing."""
PROBE: dict[str, Any] = {"method": "linear-probe", "options": {"inverse_penalty": 10.0}, "device": "cpu"}
"""Without the cross-validation for the penalty."""
SPARSE = "pictures are never sparse: a matrix is no picture, whatever its kind"
NOT_FOR_PICTURES = {
    "check_estimator_sparse_tag": SPARSE,
    "check_estimator_sparse_array": SPARSE,
    "check_estimator_sparse_matrix": SPARSE,
}
"""Checks that fail, and why. All others pass, with the rows of their tables drawn as pictures."""


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """Six pictures of each of three classes."""
    return [resource("sample", name, f"{name} {number:02d}.jpg") for name in CLASSES for number in range(1, 7)]


@pytest.fixture(scope="module")
def labels(files: list[Path]) -> list[str]:
    return [file.parent.name for file in files]


@pytest.fixture(scope="module")
def fitted(files: list[Path], labels: list[str], cache_home: Path) -> Classifier:
    """A classifier that was trained, on the processor."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache_home))
        return Classifier(shots=4, method="linear-probe", device="cpu").fit(files, labels)


@pytest.mark.parametrize("check", QUICK)
def test_the_checks_that_train_nothing(check: str) -> None:
    getattr(estimator_checks, check)("RowsAsPictures", RowsAsPictures())


@pytest.mark.filterwarnings("ignore:Can't test estimator")
def test_scikit_learn_is_told_that_it_takes_no_tables() -> None:
    assert all(one["status"] != "failed" for one in estimator_checks.check_estimator(Classifier(), on_skip=None))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_every_check_passes_that_is_not_listed_with_its_reason() -> None:
    rows = RowsAsPictures(method="linear-probe", device="cpu")
    found = estimator_checks.check_estimator(rows, on_fail=None, on_skip=None, expected_failed_checks=NOT_FOR_PICTURES)
    assert {one["check_name"]: str(one["exception"]) for one in found if one["status"] == "failed"} == {}
    assert {one["check_name"] for one in found if one["status"] == "xfail"} == set(NOT_FOR_PICTURES)
    assert sum(one["status"] == "passed" for one in found) > 35


def test_labels_and_probabilities(fitted: Classifier, files: list[Path], labels: list[str]) -> None:
    assert fitted.classes_.tolist() == sorted(CLASSES)
    assert fitted.predict(files).tolist() == [one.ranked[0].class_name for one in fitted.rank(files)]
    probabilities = fitted.predict_proba(files)
    assert probabilities.shape == (18, 3)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert fitted.score(files, labels) > 0.8
    asked = fitted.predict_proba(files[0], classes=["axolotl", "banana"])
    assert asked.shape == (1, 2)
    assert fitted.predict(files[0], classes=["axolotl", "banana"]).tolist() == ["banana"]
    assert fitted.predict([]).tolist() == []


def test_names_and_parameters_that_are_no_text_are_sentences(
    fitted: Classifier, files: list[Path], labels: list[str], tmp_path: Path
) -> None:
    strange, picture = "a\ud800", files[0]
    for names in (["banana", strange], {"banana": "", "x": strange}):
        with pytest.raises(UserError, match=r"^The class name 'a\?' is not UTF-8\. Type it again\.$"):
            fitted.rank(picture, names)
    with pytest.raises(UserError, match=r"^The class name 'a\?' is not UTF-8"):
        fitted.text_features(["banana", strange])
    with pytest.raises(UserError, match=r"^A class needs a name"):
        fitted.rank(picture, ["banana", "   "])
    with pytest.raises(UserError, match=r"^The class name 'a\?b' holds control characters"):
        fitted.rank(picture, ["banana", "a\0b"])
    with pytest.raises(UserError, match=r"^The prompt template 'a\? \{\}' is not UTF-8"):
        fitted.export(tmp_path / "a.onnx", prompt=f"{strange} {{}}")
    for name, value in {"prompt": f"{strange} {{}}", "reads": {"banana": strange}, "options": {strange: 1}}.items():
        with pytest.raises(UserError, match=f"^The parameter {name} holds a text that is not UTF-8: "):
            Classifier(**{**PROBE, name: value}).fit(files, labels)
    with pytest.raises(UserError, match=r"^Input y contains 'a\\ud800', a label that is not UTF-8"):
        Classifier(**PROBE).fit(files, [label.replace("daisy", strange) for label in labels])
    with pytest.raises(UserError, match=r"^The parameter licence holds"):
        fitted.push_to_hub("mma/birds", licence=strange)


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """An empty cache; how many pictures each forward pass had."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    found: list[int] = []
    encode = Backbone.encode_images

    def counted(backbone: Backbone, pictures: Any) -> Any:
        found.append(len(pictures))
        return encode(backbone, pictures)

    for kind in (Backbone, WarmStarter):  # tests before these may have left the starter with a memory
        monkeypatch.setattr(kind, "encode_images", counted)
    return found


def test_a_search_embeds_each_picture_once(embedded: list[int], files: list[Path], labels: list[str]) -> None:
    search = GridSearchCV(Classifier(**PROBE), {"shots": [1, 2]}, cv=2, error_score="raise")
    search.fit(files, labels)
    search.score(files, labels)
    assert sum(embedded) == len(files)


def test_pictures_in_memory_are_embedded_once(fitted: Classifier, embedded: list[int], files: list[Path]) -> None:
    arrays = [kinds(file)["array"] for file in files[:3]]
    first = fitted.predict_proba([*arrays, arrays[0]])
    np.testing.assert_array_equal(fitted.predict_proba(arrays), first[:3])
    assert sum(embedded) == 3


def test_rows_are_those_that_a_training_reads(fitted: Classifier, files: list[Path], labels: list[str]) -> None:
    rows = fitted.transform(files)
    width = fitted.text_features(["okapi"]).shape[1]
    assert rows.shape[1] > width
    np.testing.assert_array_equal(rows[:, :width], fitted.image_features(files))
    np.testing.assert_allclose(np.linalg.norm(rows[:, :width], axis=1), 1, atol=1e-3)
    seen: list[Any] = []
    real = trainer.train

    def noted(data: Any, *given: Any, **more: Any) -> Any:
        seen.append(data.shots)
        return real(data, *given, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trainer, "train", noted)
        clone(fitted).fit(files, labels)
    own = {row.tobytes() for row in as_stored(rows, width)}
    assert len(seen[0]) == 12
    assert all(row.tobytes() in own for row in seen[0].features)
    assert fitted.transform([]).shape == (0, rows.shape[1])


def test_whole_numbers_are_labels(files: list[Path], labels: list[str]) -> None:
    numbers = [10 * CLASSES.index(name) for name in labels]
    classifier = Classifier(**PROBE).fit(files, numbers)
    assert classifier.classes_.tolist() == [0, 10, 20]
    assert classifier.predict(files).tolist() == numbers
    assert not any("shots" in message for message in classifier.messages), "all are trained on"
    assert classifier.header.shots == 6
    few = Classifier(**PROBE, shots=16).fit(files, numbers)
    assert "'0', '10', '20': fewer than 16 shots ('0' has 6). They are trained on all that they have." in few.messages


class Frame:
    """What a DataFrame of pandas or polars has for this."""

    def __init__(self, **columns: Sequence[object]) -> None:
        self._columns = columns
        self.columns = list(columns)

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.to_numpy())

    def to_numpy(self) -> NDArray[np.object_]:
        """(rows, columns)."""
        return np.array(list(zip(*self._columns.values(), strict=True)), object)


def kinds(file: Path) -> dict[str, Any]:
    """One picture in all that a classifier takes."""
    with Image.open(file) as opened:
        image = opened.convert("RGB")
    array = np.array(image)
    tensor = torch.tensor(array).permute(2, 0, 1)
    return {
        "path": file,
        "text": str(file),
        "bytes": file.read_bytes(),
        "stream": io.BytesIO(file.read_bytes()),
        "views": [memoryview(file.read_bytes())],
        "frame": Frame(path=[str(file)]),
        "column": np.array([[str(file)]], object),
        "image": image,
        "array": array,
        "arrays": array[None],
        "tensor": tensor,
        "tensors": tensor[None],
        "floats": tensor / 255,
        "half": (tensor / 255).requires_grad_(),
        "list": [array],
        "paths": np.array([str(file)]),
    }


@pytest.mark.parametrize("kind", kinds(resource("sample", "banana", "banana 01.jpg")))
def test_a_picture_of_any_type_gets_the_same_answer(fitted: Classifier, files: list[Path], kind: str) -> None:
    given = kinds(files[0])[kind]
    np.testing.assert_allclose(fitted.predict_proba(given), fitted.predict_proba(files[0]), atol=2e-3)
    assert len(fitted.predict(given)) == 1
    (ranked,) = fitted.rank(given)
    assert not ranked.problem
    assert fitted.transform(given).shape[0] == 1


def test_a_table_of_several_columns_is_asked_for_one(fitted: Classifier) -> None:
    frame = Frame(path=["a.jpg"], label=["daisy"])
    for given in (frame, frame.to_numpy()):
        with pytest.raises(
            UserError, match=r"^A table of 2 columns is no list of pictures\. Give the column that has them"
        ):
            fitted.predict(given)


def test_an_open_file_is_read_from_its_start_as_bytes(fitted: Classifier, files: list[Path]) -> None:
    with files[0].open("rb") as opened:
        assert fitted.predict(opened).tolist() == fitted.predict([opened]).tolist() == fitted.predict(files[0]).tolist()
    with pytest.raises(TypeError, match="StringIO gives str, not bytes: open the file as 'rb'"):
        fitted.predict(io.StringIO("a"))


def test_a_classifier_is_fitted_to_tables_and_bytes(files: list[Path], labels: list[str]) -> None:
    some, names = [*files[:2], *files[6:8]], [*labels[:2], *labels[6:8]]
    table, streams = Frame(path=list(map(str, some))), [io.BytesIO(file.read_bytes()) for file in some]
    for given in (table, streams):
        assert Classifier(shots=2, **PROBE).fit(given, names).predict(given).tolist() == names


def test_an_address_is_called_one(fitted: Classifier) -> None:
    address, words = "https://example.org/a.jpg", "a.jpg: this is an address, not a file; download the picture"
    with pytest.raises(UserError, match=f"^{words}"):
        fitted.predict(address)
    assert fitted.rank(address)[0].problem.startswith(words)
    with pytest.raises(UserError, match=words):
        Classifier().fit([address, address], ["a", "b"])


@pytest.mark.parametrize("classes", ["lemon", b"lemon"])
def test_a_text_is_no_list_of_classes(fitted: Classifier, files: list[Path], classes: Any) -> None:
    for ask in (fitted.predict, fitted.predict_proba, fitted.predict_log_proba, fitted.rank):
        with pytest.raises(UserError, match=r"^The parameter classes must be a list of class names, not b?'lemon'"):
            ask(files[0], classes=classes)
    for name in (fitted.read_as, fitted.text_features):
        with pytest.raises(UserError, match=r"must be a list of class names, not b?'lemon'"):
            name(classes)


def test_logarithms_and_names_of_columns(fitted: Classifier, files: list[Path]) -> None:
    probabilities = fitted.predict_proba(files[:3])
    np.testing.assert_allclose(np.exp(fitted.predict_log_proba(files[:3])), probabilities, rtol=1e-5)
    names = fitted.get_feature_names_out()
    assert names.dtype == object
    assert len(set(names)) == len(names) == fitted.transform(files[0]).shape[1]
    width = fitted.text_features(["okapi"]).shape[1]
    assert names[[0, width - 1, width]].tolist() == ["shared0", f"shared{width - 1}", "visual0"]


def test_the_seed_has_the_name_of_scikit_learn_too(files: list[Path], labels: list[str]) -> None:
    named = clone(Classifier(random_state=3, shots=1, method="linear-probe", device="cpu"))
    assert (named.get_params()["random_state"], named.get_params()["seed"]) == (3, None)
    assert named.fit(files, labels).header.seed == 3
    assert named.set_params(seed=3).fit(files, labels).header.seed == 3
    with pytest.raises(UserError, match=r"^The parameters seed \(0\) and random_state \(3\) are the same thing\."):
        named.set_params(seed=0).fit(files, labels)


def test_training_on_pictures_in_memory_is_training_on_their_files(
    fitted: Classifier, files: list[Path], labels: list[str]
) -> None:
    tensors = []
    for file in files:
        with Image.open(file) as image:
            tensors.append(torch.tensor(np.array(image.convert("RGB"))).permute(2, 0, 1))
    classifier = clone(fitted).fit(tensors, labels)
    assert classifier.score(files, labels) > 0.8
    with pytest.raises(UserError, match=r"Picture 2: A tensor of shape \(5, 7, 3\) is not a picture"):
        clone(fitted).fit([tensors[0], torch.zeros(5, 7, 3)], ["a", "b"])
    with pytest.raises(UserError, match=r"^picture 2\.png is labelled 'a' and was not labelled 'b'"):
        clone(fitted).fit([tensors[0], tensors[0]], ["a", "b"])


@pytest.mark.parametrize("wrong", [7, None, {"a": 1}, [None], [3.5], [["a.jpg"]]])
def test_a_wrong_type_is_named(fitted: Classifier, wrong: Any) -> None:
    name = type(wrong[0] if isinstance(wrong, list) else wrong).__name__
    for ask in (fitted.predict, fitted.predict_proba, fitted.rank, fitted.image_features):
        with pytest.raises(TypeError, match=f"^{name} is not a picture: give a path, a PIL image, an array or a tens"):
            ask(wrong)
    with pytest.raises(TypeError, match=f"{name} is not a picture"):
        Classifier().fit(wrong, ["a"])


def test_a_picture_that_cannot_be_read_has_no_label(fitted: Classifier, files: list[Path]) -> None:
    with pytest.raises(UserError, match=r"^none\.jpg: there is no such file$"):
        fitted.predict([files[0], "none.jpg"])
    assert fitted.rank([files[0], "none.jpg"])[1].problem == "none.jpg: there is no such file"


def test_a_class_of_missing_files_names_them(files: list[Path], labels: list[str], tmp_path: Path) -> None:
    missing = tmp_path / "none.jpg"
    with pytest.raises(UserError, match="no labelled image") as refused:
        Classifier(shots=1, device="cpu").fit([*files, missing], [*labels, "axolotl"])
    assert str(refused.value).endswith(f"1 file could not be used:\n{missing}: there is no such file")


def test_a_class_that_is_not_trained_needs_a_picture_too(files: list[Path], labels: list[str], tmp_path: Path) -> None:
    missing = tmp_path / "none.jpg"
    base = ["banana", "cactus"]
    with pytest.raises(UserError, match="No picture of 'axolotl' can be read") as refused:
        Classifier(shots=1, method="linear-probe", device="cpu", base=base).fit([*files, missing], [*labels, "axolotl"])
    assert str(refused.value).endswith(f"{missing}: there is no such file")


def test_a_fit_warns_of_pictures_that_it_could_not_read(files: list[Path], labels: list[str], tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    classifier = Classifier(shots=1, method="linear-probe", device="cpu")
    with pytest.warns(UserWarning, match="^1 picture could not be read and had no part in the training:\n") as warned:
        classifier.fit([*files, broken], [*labels, "daisy"])
    assert str(broken) in str(warned[0].message)
    assert warned[0].filename == __file__


class NAType:
    """As the one missing value of pandas is called."""


@pytest.mark.parametrize(
    ("missing", "name"), [(None, "None"), (float("nan"), "NaN"), (np.float32("nan"), "NaN"), (NAType(), "pd.NA")]
)
def test_a_missing_label_is_named(files: list[Path], labels: list[str], missing: object, name: str) -> None:
    for given in ([missing, *labels[1:]], np.array([missing, *labels[1:]], object)):
        with pytest.raises(ValueError, match=f"^Input y contains {name}, which is no class: the label of picture 1 is"):
            Classifier().fit(files, given)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("shots", "a"),
        ("shots", 0),
        ("shots", 2.5),
        ("shots", True),
        ("seed", -1),
        ("seed", "1"),
        ("random_state", -1),
        ("random_state", np.random.RandomState(0)),
        ("method", None),
        ("backbone", 3),
        ("device", Path("cpu")),
        ("prompt", ["a {}"]),
        ("options", "share"),
        ("reads", ["great tit"]),
        ("recipe", {"max_epochs": 3}),
        ("weights_file", 7),
        ("base", "banana"),
    ],
)
def test_a_wrong_parameter_is_named(files: list[Path], labels: list[str], parameter: str, value: Any) -> None:
    with pytest.raises(
        ValueError, match=f"^The parameter {parameter} must be .*, not {re.escape(repr(value))}\\.$"
    ) as raised:
        Classifier(**{parameter: value}).fit(files, labels)
    assert isinstance(raised.value, UserError)


def test_whole_numbers_of_numpy_are_parameters(files: list[Path], labels: list[str]) -> None:
    classifier = Classifier(shots=np.int64(2), seed=np.int32(1), method="linear-probe", device="cpu").fit(files, labels)
    assert (classifier.header.shots, classifier.header.seed) == (2, 1)


def test_what_is_not_fitted_says_so() -> None:
    classifier = Classifier(shots=3)
    for ask in ("classes_", "classes", "header", "messages", "digest"):
        with pytest.raises(NotFittedError, match="This Classifier is not fitted yet: call `fit`"):
            getattr(classifier, ask)
    assert not hasattr(classifier, "classes_")
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        classifier.nonsense  # noqa: B018
    with pytest.raises(NotFittedError):
        classifier.predict("a.jpg")
    assert repr(classifier) == "Classifier(shots=3)"
    assert classifier._repr_html_() == "<pre>Classifier(shots=3)</pre>"


@pytest.mark.parametrize(
    ("labels", "words"),
    [(None, "requires y"), ([0.5, 0.25], "Unknown label type"), ([["a", "b"], ["c", "d"]], "1d array"), (["a"], "2 ")],
)
def test_labels_that_are_no_classes(labels: Any, words: str, files: list[Path]) -> None:
    with pytest.raises((ValueError, UserError), match=words):
        Classifier().fit(files[:2], labels)


def test_search_with_cross_validation(files: list[Path], labels: list[str]) -> None:
    search = GridSearchCV(Classifier(**PROBE), {"shots": [3]}, cv=2).fit(files, labels)
    assert search.best_estimator_.classes_.tolist() == sorted(CLASSES)
    assert search.best_score_ > 0.5


def test_saved_loaded_and_pickled_it_is_the_same(fitted: Classifier, files: list[Path], tmp_path: Path) -> None:
    fitted.save(tmp_path / "a.safetensors")
    loaded = load_classifier(tmp_path / "a.safetensors", "cpu")
    pickled = pickle.loads(pickle.dumps(fitted))
    for other in (loaded, pickled):
        np.testing.assert_array_equal(other.predict_proba(files), fitted.predict_proba(files))
        assert other.classes_.tolist() == fitted.classes_.tolist()
        assert repr(other) == repr(fitted)
    assert loaded.get_params()["shots"] == 4
    assert loaded.get_params()["method"] == "linear-probe"
    assert pickled.messages == fitted.messages


def test_features_of_pictures_and_names_are_compared(fitted: Classifier, files: list[Path]) -> None:
    pictures, names = fitted.image_features(files), fitted.text_features(list(CLASSES))
    np.testing.assert_allclose(np.linalg.norm(pictures, axis=1), 1, atol=1e-5)
    likely = (pictures @ names.T).argmax(axis=1)
    assert np.mean(likely == np.repeat(np.arange(3), 6)) > 0.6


def test_none_of_these_is_a_column_of_its_own_where_asked(files: list[Path], labels: list[str]) -> None:
    plain, asked = (Classifier(**PROBE, none_of_these=none).fit(files, labels) for none in (False, True))
    closed, opened = plain.predict_proba(files), asked.predict_proba(files)
    assert (closed.shape, opened.shape) == ((18, 3), (18, 4))
    np.testing.assert_allclose(closed.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(opened.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(opened[:, :3], closed * (1 - opened[:, 3:]), atol=1e-5)
    said = [one.ranked[0].confidence for one in asked.rank(files)]
    np.testing.assert_allclose(said, opened[:, :3].max(axis=1), atol=1e-5)


def test_what_a_notebook_shows(fitted: Classifier, files: list[Path], tmp_path: Path) -> None:
    assert re.fullmatch(
        r"<Classifier of 3 classes \(Linear probe on starter, shots=4\): banana, cactus, daisy; "
        r"(at least \d+%|\d+ to \d+%) right, \d+ pictures>",
        repr(fitted),
    )
    page = fitted._repr_html_()
    assert re.search(r">(at least \d+%|\d+ to \d+%), 4 pictures<", page), "no percent of a few pictures stands alone"
    assert page.count('<img src="data:image/jpeg;base64,') == 3 * EXAMPLES
    assert "Examples" in page
    assert len(page) < 60_000
    assert len(page) / (3 * EXAMPLES) * EXAMPLES * EXAMPLE_CLASSES < 600_000  # with as many classes as it shows
    assert fitted._repr_mimebundle_ is None  # or notebooks show scikit-learn's table
    fitted.save(tmp_path / "a.safetensors")
    assert "<img" not in load_classifier(tmp_path / "a.safetensors", "cpu")._repr_html_()
    assert b"image/jpeg" not in (tmp_path / "a.safetensors").read_bytes()


def test_names_are_escaped_in_a_notebook(fitted: Classifier) -> None:
    from mma_desktop.services.training.report import notebook_page

    assert "<b>" not in notebook_page(fitted.header, {}, "<b>")


def test_importing_the_package_is_light() -> None:
    code = (
        "import sys, mma_desktop; print({'torch', 'sklearn', 'numpy', 'PIL'} & set(sys.modules), mma_desktop.UserError)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["set()", "<class", "'mma_desktop.core.errors.UserError'>"]


def test_classes_may_have_weights(files: list[Path]) -> None:
    """Five pictures of bananas and cactuses, and one daisy, which weighs as much with "balanced"."""
    some = [one for at, one in enumerate(files[:13]) if at % 6 != 5]
    names = [one.parent.name for one in some]
    plain, balanced, given = (
        Classifier(device="cpu", class_weight=weight).fit(some, names)
        for weight in (None, "balanced", {"banana": 11 / 15, "Cactus": 11 / 15, "daisy": 11 / 3})
    )
    sure = [one.predict_proba(files[13:])[:, 2].mean() for one in (plain, balanced, given)]
    assert sure[1] > sure[0]
    assert sure[2] == pytest.approx(sure[1], abs=1e-5)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ("equal", "The parameter class_weight must be a dictionary of numbers above 0"),
        ({}, "The parameter class_weight must be"),
        ({"daisy": 0}, "The parameter class_weight must be"),
        ({"rose": 2}, "The parameter class_weight has 'rose', and y has no such class."),
    ],
    ids=["word", "empty", "zero", "unknown"],
)
def test_weights_that_make_no_sense_are_refused(weights: Any, words: str, files: list[Path]) -> None:
    with pytest.raises(UserError, match=f"^{re.escape(words)}"):
        Classifier(device="cpu", class_weight=weights).fit(files, [one.parent.name for one in files])


def test_pictures_at_hand_and_new_names_go_with_the_labels(files: list[Path], labels: list[str]) -> None:
    known = [at for at, name in enumerate(labels) if name != "daisy"]
    shots = [at for at in known if at % 6 < 2]
    rest = [str(files[at]) for at in range(len(files)) if at not in shots]
    given = [files[at] for at in shots], [labels[at] for at in shots]
    classifier = Classifier(device="cpu").fit(*given, unlabelled=rest, new=["daisy"])
    assert classifier.classes_.tolist() == ["banana", "cactus", "daisy"]
    assert classifier.header.metrics["counts"]["at_hand"] == len(rest)
    assert classifier.predict_proba(files[0]).shape == (1, 3)
    assert classifier.score(files, labels) > 0.8
    assert "at_hand" not in classifier.fit(*given).header.metrics["counts"]
    assert classifier.classes_.tolist() == ["banana", "cactus"]


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("daisy", "new must be a list"),
        ([1], "texts and whole numbers"),
        (["banana"], "'banana' has labelled pictures"),
        ([""], "a label is empty"),
    ],
)
def test_new_names_that_make_no_sense_are_refused(new: Any, words: str, files: list[Path], labels: list[str]) -> None:
    with pytest.raises(ValueError, match=words):
        Classifier(device="cpu").fit(files, labels, new=new)


def test_names_alone_are_fitted_to_pictures_without_labels(
    files: list[Path], labels: list[str], tmp_path: Path
) -> None:
    classifier = clone(Classifier(device="cpu"))
    with pytest.raises(ValueError, match=r"requires y to be passed.*new="):
        classifier.fit(files)
    classifier.fit(files[::2], new=["daisy", "banana", "cactus"], unlabelled=files[1::2])
    assert classifier.classes_.tolist() == list(CLASSES)
    assert classifier.header.metrics["counts"]["at_hand"] == len(files)
    assert classifier.header.metrics["adapted"]["all"] is None, "nothing was measured"
    assert "(Quick on starter, from names alone)" in repr(classifier)
    answers = classifier.rank(files)
    before = [one.zero_shot[0].class_name for one in answers]
    assert classifier.score(files, labels) >= np.mean(np.array(before) == labels)
    assert [one.ranked[0].class_name for one in answers] == classifier.predict(files).tolist()
    classifier.save(tmp_path / "a.safetensors")
    again = load_classifier(tmp_path / "a.safetensors", device="cpu")
    np.testing.assert_array_equal(again.predict_proba(files, list(CLASSES)), classifier.predict_proba(files))
    assert classifier.predict(files[-1], ["axolotl", "daisy"]).tolist() == ["daisy"]
    shuffled = Classifier(device="cpu").fit(files[::-1], new=["daisy", "banana", "cactus"])
    np.testing.assert_array_equal(shuffled.predict_proba(files), classifier.predict_proba(files))
    german = Classifier(device="cpu").fit(files, new={"Gänseblümchen": "ox-eye", "banana": "", "cactus": ""})
    assert german.read_as() == {"Gänseblümchen": "ox-eye"}
