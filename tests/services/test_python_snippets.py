"""The lines that are shown after an export run as they stand, and answer as `predict` does."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter
from torch import tensor

from mma_desktop import Classifier, __main__, load_classifier
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import ImageSpec, Prediction
from mma_desktop.engine.backbones.starter import IMAGE_SPEC
from mma_desktop.media.decoding import decode
from mma_desktop.media.scan import class_folders
from mma_desktop.services.formats import exports
from mma_desktop.services.images import importing
from mma_desktop.services.images.sample_project import add_features
from mma_desktop.services.project_factory import create_project
from tests.as_it_is import traced_once

FORMS = ("onnx", "torch-export")
FORMATS_GUIDE = Path(__file__).resolve().parents[2] / "resources" / "guide" / "formats.md"
ROUNDED = 1e-4
"""Of a probability: sums in another order. The largest difference on 280 photographs and drawings was 1.5e-6, but for
images halfway to far ones, 3e-5: their score falls by hundreds of times what rounding does to the cosine."""
NEAR_THRESHOLD = 1e-4
"""A score that is nearer to the threshold may be on its other side in another runtime, which rounds sums otherwise."""
ASK = re.compile(r"^(?=probabilities\b)", re.MULTILINE)
"""Where the lines have loaded the file, and begin to ask it."""
SIZES = [
    (320, 320), (224, 224), (225, 224), (224, 225), (640, 480), (480, 640), (1000, 333), (333, 1000), (37, 53),
    (53, 37), (7, 5), (1500, 1000), (1000, 1500), (5000, 200), (1920, 1080), (1081, 1921), (4000, 250), (250, 4000),
    (301, 299), (449, 673),
]  # fmt: skip


def drawn(width: int, height: int, mode: str, seed: int) -> Image.Image:
    """A smooth picture with detail, as a photograph has."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 256, (12, 16, 3), np.uint8))
    return small.resize((width, height), Image.Resampling.BICUBIC).filter(ImageFilter.SHARPEN).convert(mode)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Pictures of many sizes, modes and orientations."""
    folder = tmp_path_factory.mktemp("many sizes")
    made = []
    for number, (width, height) in enumerate(SIZES):
        made.append(folder / f"{width}x{height}.{'jpg' if number % 2 else 'png'}")
        drawn(width, height, "RGB", number).save(made[-1], compress_level=1)
    seen = drawn(640, 427, "RGBA", 50)
    seen.putalpha(drawn(640, 427, "L", 51))
    grey = np.asarray(drawn(500, 400, "L", 57)).astype(np.uint16)
    odd: dict[str, tuple[Image.Image, dict[str, Any]]] = {
        "alpha.png": (seen, {}),
        "alpha.webp": (seen, {}),
        "palette.gif": (drawn(500, 300, "RGB", 52).quantize(64), {}),
        "grey.jpg": (drawn(1500, 900, "L", 53), {}),
        "16 bits.png": (Image.fromarray(grey * 257), {}),
        "12 bits.tif": (Image.fromarray(grey * 16), {}),
        "floats.tif": (Image.fromarray(np.where(grey < 250, grey / np.float32(255), np.nan)), {}),
        "beyond.tif": (Image.fromarray(grey.astype(np.int32) * 1000 - 1000), {}),
        "cmyk.jpg": (drawn(1200, 900, "CMYK", 54), {}),
        "one bit.png": (drawn(300, 400, "1", 55), {}),
        "large.jpg": (drawn(2400, 2160, "RGB", 56), {}),
    }
    for turned in (3, 5, 6, 8):
        exif = Image.Exif()
        exif[0x0112] = turned
        odd[f"turned {turned}.jpg"] = (drawn(900, 600, "RGB", 60 + turned), {"exif": exif})
    for name, (image, options) in odd.items():
        made.append(folder / name)
        image.save(made[-1], **options)
    assert len(made) >= 20
    return made


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory, cache_home: Path, sample_pictures: Path) -> Iterator[Path]:
    """An adapter trained by the command, which shows how to use it."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(cache_home))
    out = tmp_path_factory.mktemp('it\'s an "adapter"') / "a.safetensors"
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert __main__.main(["train", str(sample_pictures), "--out", str(out), "--shots", "2"]) == 0
    (out.parent / "said.txt").write_text(said.getvalue())
    yield out
    patch.undo()


@pytest.fixture(scope="module")
def classifier(adapter: Path) -> Classifier:
    return load_classifier(adapter, "cpu")


def code_in(said: str) -> str:
    """The lines that a command printed."""
    return said.partition("How to use it:\n\n")[2]


def ran(code: str, picture: Path | None = None) -> tuple[dict[str, Any], str]:
    """What the lines left behind and printed, as they stand but for the picture."""
    names: dict[str, Any] = {}
    said = io.StringIO()
    if picture is not None:
        assert code.count('"a.jpg"') == 1
        code = code.replace('"a.jpg"', repr(str(picture)))
    with contextlib.redirect_stdout(said):
        exec(compile(code, "<shown>", "exec"), names)
    return names, said.getvalue()


def asked(code: str, loaded: dict[str, Any], picture: Path) -> tuple[dict[str, Any], str]:
    """As `ran`, but only the lines that ask the loaded file."""
    _, ask = ASK.split(code)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(ask.replace('"a.jpg"', repr(str(picture))), "<shown>", "exec"), loaded)
    return loaded, said.getvalue()


def written(adapter: Path, form: str) -> Path:
    """Where `shown` exports the adapter to."""
    return adapter.parent / f"it's {form}"


def check_answer(found: dict[str, Any], said: str, ours: Prediction) -> None:
    """The lines have the probabilities of `predict`, and said what it says, or either where rounding decides."""
    probabilities = {one.class_name: one.confidence for one in ours.ranked}
    wanted = np.array([probabilities[name] for name in found["about"]["class_names"]])
    assert float(np.abs(found["probabilities"] - wanted).max()) < ROUNDED, ours.source
    named, none = ours.ranked[0].class_name, "None of these"
    near = abs(float(found["score"]) - found["about"]["threshold"]) < NEAR_THRESHOLD
    assert said.rpartition(" ")[0] in ({named, none} if near else {none if ours.rejected else named}), ours.source


@pytest.fixture(scope="module")
def shown(adapter: Path, sample_pictures: Path) -> dict[str, str]:
    """The lines that the command prints, by format."""
    one = str(sorted(sample_pictures.rglob("*.jpg"))[0])
    codes: dict[str, str] = {}
    with traced_once():
        for form in FORMS:
            said = io.StringIO()
            out = written(adapter, form)
            with contextlib.redirect_stdout(said):
                assert __main__.main(["export", form, str(adapter), str(out), "--pictures", one]) == 0
            codes[form] = code_in(said.getvalue())
    return codes


@pytest.fixture(scope="module")
def first(shown: dict[str, str], pictures: list[Path]) -> dict[str, tuple[dict[str, Any], str]]:
    """By format what the lines left behind as they stand, the loaded file among it, and what they printed."""
    return {form: ran(code, pictures[0]) for form, code in shown.items()}


@pytest.mark.parametrize("form", FORMS)
def test_what_the_export_of_a_whole_model_prints_answers_as_predict_does(
    shown: dict[str, str],
    first: dict[str, tuple[dict[str, Any], str]],
    classifier: Classifier,
    pictures: list[Path],
    form: str,
) -> None:
    """The lines as they stand, then those that ask the file; how each picture is prepared is looked at below."""
    loaded, _ = first[form]
    theirs = classifier.rank(pictures[::6], top_k=len(classifier.classes))
    check_answer(*first[form], theirs[0])
    for ours in theirs[1:]:
        check_answer(*asked(shown[form], dict(loaded), Path(ours.source)), ours)


@pytest.mark.parametrize("form", FORMS)
def test_an_exported_whole_model_refuses_pictures_of_another_size_or_type(
    first: dict[str, tuple[dict[str, Any], str]], classifier: Classifier, form: str
) -> None:
    """The starter's network takes pictures of any size unless it is told not to."""
    loaded, _ = first[form]

    def run(given: np.ndarray) -> Any:
        return loaded["session"].run(None, {"pictures": given}) if form == "onnx" else loaded["model"](tensor(given))

    assert run(np.zeros((3, 3, 320, 320), np.uint8))[0].shape == (3, len(classifier.classes))
    for shape, kind in (
        ((1, 3, 319, 320), np.uint8),
        ((1, 3, 224, 224), np.uint8),
        ((1, 320, 320, 3), np.uint8),
        ((3, 320, 320), np.uint8),
        ((2, 3, 320, 320), np.float32),
        ((2, 3, 320, 320), np.int64),
    ):
        with pytest.raises(Exception):  # noqa: B017, PT011 - each runtime has its own
            run(np.zeros(shape, kind))


def in_many_sizes(sources: list[Path], folder: Path) -> list[Path]:
    """Photographs as cameras, phones, scanners and web sites leave them: sizes, formats, modes, turned by EXIF."""
    rng = np.random.default_rng(14)
    made = []
    for number, source in enumerate(sources):
        with Image.open(source) as image:
            photo = image.convert("RGB")
        if number % 4 == 0:  # as it is
            made.append(folder / f"{number}{source.suffix}")
            made[-1].write_bytes(source.read_bytes())
            continue
        long, aspect = float(np.exp(rng.uniform(np.log(20), np.log(2600)))), float(np.exp(rng.uniform(0, 1.6)))
        sides = (max(2, round(long)), max(2, round(long / aspect)))
        photo = photo.resize(sides if number % 3 else sides[::-1], Image.Resampling.LANCZOS)
        kind = number % 10
        options: dict[str, Any] = {"quality": int(rng.integers(40, 98)), "progressive": bool(number % 2)}
        if kind == 1:
            photo, options, suffix = photo.convert("L"), {}, "png"
        elif kind == 3:
            photo.putalpha(Image.linear_gradient("L").resize(photo.size))
            options, suffix = {}, "png"
        elif kind == 5:
            options, suffix = {"quality": 80}, "webp"
        elif kind == 7:
            photo, options, suffix = photo.quantize(128, Image.Quantize.FASTOCTREE), {}, "gif"
        else:
            suffix = "jpg"
            exif = Image.Exif()
            exif[0x0112] = int(rng.integers(1, 9))
            options["exif"] = exif
        made.append(folder / f"{number}.{suffix}")
        photo.save(made[-1], **options)
    return made


def spread(folder: Path, count: int) -> list[Path]:
    """So many of the pictures in a folder, from all over it."""
    found = sorted(folder.rglob("*.jpg"))
    return [found[len(found) * number // count] for number in range(count)]


@pytest.mark.parametrize("source", ["sample_pictures", "shared_data"])
def test_the_lines_answer_as_predict_does_on_many_pictures(
    source: str,
    shown: dict[str, str],
    first: dict[str, tuple[dict[str, Any], str]],
    classifier: Classifier,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    """On all that `in_many_sizes` makes in turn of drawn pictures, and of photographs beside them.

    Each is prepared to the pixel; what the file says of it is looked at for some.
    """
    files = in_many_sizes(spread(request.getfixturevalue(source), 30), tmp_path)
    # `rank` would estimate the share of None of these from so many pictures; a file has the threshold of the training.
    theirs = list(classifier.predict_each(files[::3], top_k=len(classifier.classes)))
    for (form, code), step in zip(shown.items(), (1, 2), strict=True):
        for ours in theirs[::step]:
            check_answer(*asked(code, dict(first[form][0]), Path(ours.source)), ours)
    for path in files:
        prepared = first["onnx"][0]["prepared"](path)
        assert np.array_equal(prepared[0].transpose(1, 2, 0), decode(path, IMAGE_SPEC)), path.name


def test_all_lines_answer_as_predict_does_about_strangers(
    adapter: Path,
    pictures: list[Path],
    classifier: Classifier,
    sample_pictures: Path,
    shown: dict[str, str],
    first: dict[str, tuple[dict[str, Any], str]],
    tmp_path: Path,
) -> None:
    strangers = [one.source for one in classifier.predict_each(pictures) if one.rejected][:2]
    known = next(one.source for one in classifier.predict_each(spread(sample_pictures, 12)) if not one.rejected)
    assert len(strangers) == 2
    for source in (*strangers, known):
        assert __main__.main(["predict", str(adapter), source, "--out", str(tmp_path / "p.csv"), "--overwrite"]) == 0
        with (tmp_path / "p.csv").open(newline="") as handle:
            (row,) = csv.DictReader(handle)
        assert (row["prediction"] == "None of these") == (source in strangers)
        said = {"adapter": ran(code_in((adapter.parent / "said.txt").read_text()), Path(source))[1]}
        said |= {form: asked(code, dict(first[form][0]), Path(source))[1] for form, code in shown.items()}
        assert {form: line.rpartition(" ")[0] for form, line in said.items()} == dict.fromkeys(said, row["prediction"])


def test_train_with_json_prints_no_code(
    sample_pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["train", str(sample_pictures), "--out", str(tmp_path / "a"), "--shots", "2"]
    assert __main__.main([*given, "--json", str(tmp_path / "m.json")]) == 0
    assert "How to use it" not in capsys.readouterr().out


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, cache_home: Path, sample_pictures: Path) -> Iterator[Path]:
    """A labelled project that is closed."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(cache_home))
    folder = tmp_path_factory.mktemp("project") / "drawn.mma"
    context = create_project(folder, threads=2)
    folders = class_folders([sample_pictures])
    importing.import_paths(context, [sample_pictures], CancelToken(), folders)
    add_features(context.project.embeddings_dir)
    context.close()
    yield folder
    patch.undo()


@pytest.mark.parametrize("splits", ["none", "all"])
def test_what_an_export_of_class_folders_prints(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], splits: str
) -> None:
    out = tmp_path / "it's out"
    given = ["export", "imagefolder", str(project), str(out), "--splits", splits]
    assert __main__.main(given) == 0
    found, said = ran(code_in(capsys.readouterr().out))
    assert len(found["data"].classes) == 12
    assert said.startswith(str(sum(1 for one in (out / "train" if splits == "all" else out).rglob("*.jpg"))))


def test_what_a_table_prints(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "t.csv"
    assert __main__.main(["export", "csv", str(project), str(out)]) == 0
    _, said = ran(code_in(capsys.readouterr().out))
    assert len(said.splitlines()) == len(out.read_text().splitlines()) - 1
    assert __main__.main(["export", "csv", str(project), "/dev/stdout", "--overwrite"]) == 0
    assert "How to use it" not in capsys.readouterr().out


def test_what_features_print(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main(["export", "features", str(project), str(tmp_path / "f.safetensors"), "--shots", "2"]) == 0
    found, said = ran(code_in(capsys.readouterr().out))
    assert len(found["data"].class_names) == 12
    assert "train (24, " in said


def test_what_cvat_gets_is_an_archive_of_it(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main(["export", "cvat", str(project), str(tmp_path / "c")]) == 0
    _, said = ran(code_in(capsys.readouterr().out))
    assert Path(said.strip()) == tmp_path / "c.zip"
    assert (tmp_path / "c.zip").is_file()


@pytest.mark.parametrize("form", ["hf", "fiftyone"])
def test_what_needs_another_package_is_python_about_the_folder_at_least(tmp_path: Path, form: str) -> None:
    code = compile(exports.data_code(tmp_path / "it's", form), "<shown>", "exec")
    assert str(tmp_path / "it's") in code.co_consts


def test_a_name_cannot_become_code(tmp_path: Path) -> None:
    evil = Path("/x/a'); import os; os.abort()\n#\u202e{file}{0}\udce9")
    about = {"preprocessing": {"size": 8, "resize_to": 8, "resize_mode": "longest", "interpolation": "bicubic"}}
    shown = [
        exports.adapter_code(evil),
        exports.features_code(evil),
        exports.data_code(evil),
        *(exports.model_code(evil, form, about) for form in FORMS),
    ]
    for code in shown:
        literals: list[str] = re.findall(r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", code)
        assert any(eval(one) == str(evil) for one in literals)
        assert "\u202e" not in code
        compile(code, "<shown>", "exec")


def resized(mode: str, size: int, resize_to: int, picture: Path) -> np.ndarray:
    """What the shown `prepared` makes of a picture."""
    about = {"preprocessing": {"size": size, "resize_to": resize_to, "resize_mode": mode, "interpolation": "bicubic"}}
    code = exports.model_code(Path("x"), "onnx", about)
    head, _, rest = code.partition("session = ")
    names: dict[str, Any] = {}
    exec(head + rest[rest.index("def prepared") : rest.index("probabilities = ")], names)
    prepared: Callable[[Path], np.ndarray] = names["prepared"]
    return prepared(picture)[0].transpose(1, 2, 0)


@pytest.mark.parametrize(
    ("mode", "resize_to"), [("shortest", 224), ("shortest", 256), ("squash", 320), ("longest", 224)]
)
def test_each_way_of_resizing_is_shown_to_the_pixel(pictures: list[Path], mode: str, resize_to: int) -> None:
    size = resize_to if mode == "squash" else 224
    spec = ImageSpec(size, resize_to, (0.5,) * 3, (0.5,) * 3, resize_mode=mode)
    for picture in pictures:
        theirs, ours = resized(mode, size, resize_to, picture), decode(picture, spec)
        assert theirs.shape == ours.shape
        assert np.array_equal(theirs, ours), picture.name


def test_the_guide_shows_the_same_lines() -> None:
    about = {"preprocessing": asdict(IMAGE_SPEC), "score": "score"}
    code = exports.model_code(Path("birds.onnx"), "onnx", about)
    assert f"```python\n{code}```" in FORMATS_GUIDE.read_text("utf-8")
