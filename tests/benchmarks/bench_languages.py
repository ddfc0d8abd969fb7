"""Zero-shot accuracy with the starter where the class names are typed in seven languages.

    python tests/benchmarks/bench_languages.py [--names]

The pictures are caltech-20 and flowers-5 of ../shared/data beside the checkout. "itself" is the accuracy if the text
encoder reads the names as they are typed, "read" with what the program reads for them (`engine.predictor`). `--names`
also shows that. The names are dictionary words for the pictured things, not chosen by what they are read as.

They were looked up in eight sources: Ding (German; also FreeDict's German), Wiktionary (WikDict's Spanish, French,
Polish and Japanese, some through German), FreeDict's own English to French and Polish, JMdict, CC-CEDICT, CLDR's names
of emoji, BabelNet's names of ImageNet's classes and the hand-made Chinese and Japanese ones (both in `clip-benchmark`).
Of the 150, 120 are in two or more. In one alone are

    Ding         E-Gitarre, Konzertflügel
    Wiktionary   Ketsch; lámpara de araña, tortuga carey, queche, margarita, diente de león; bonsaï, lustre, tortue
                 imbriquée, ketch, aiguière; bonsai, budda, żyrandol, stokrotka, mniszek lekarski
    CLDR         menorah (French)
    CC-CEDICT    盆景, 佛像, 玳瑁
    JMdict       仏像, タイマイ, ケッチ

and in none 枝形吊灯, 双桅帆船, 七枝烛台, żółw szylkretowy and kecz. One entry
speaks against a name: FreeDict has "kandelabr" for the Polish chandelier, which in Polish stands on a table.

                   caltech-20         flowers-5
                 itself   read    itself   read
    English        77.1   77.1      44.3   44.3
    German         32.8   65.8      18.3   30.7
    Spanish        33.2   66.1      17.7   39.7
    French         34.2   67.5      19.7   29.3
    Chinese         9.7   66.4      24.3   39.3
    Polish         27.3   67.0      19.7   37.3
    Japanese        8.2   64.5      18.7   25.7

CLDR's names and keywords of emoji are also what the program translates by: 11 or 12 of each language's 20, and 3 or 4
of the 5. With the three nearest names alone, as before, "read" was 64.1, 53.6, 60.4, 62.0, 67.4, 46.6, and 32.0, 26.0,
19.3, 28.0, 21.7, 23.0.

Following the suggestions on caltech-20 (`bench_suggestions.py`, one seed): 123 answers and 99.0% right with English
names, 123 answers and 97.0% with German ones, when they were read as the three nearest.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from mma_desktop.core.events import CancelToken
from mma_desktop.services.images import embedding, importing
from mma_desktop.services.predicting import model_in_use
from mma_desktop.services.project_factory import scratch_project

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
TOKEN = CancelToken()
NAMES = {
    "caltech-20": {
        "English": (
            "accordion, airplane, bonsai, brain, buddha, butterfly, chandelier, dalmatian, dolphin, "
            "electric guitar, ewer, flamingo, grand piano, hawksbill turtle, helicopter, kangaroo, "
            "ketch, laptop, menorah, sunflower"
        ),
        "German": (
            "Akkordeon, Flugzeug, Bonsai, Gehirn, Buddha, Schmetterling, Kronleuchter, Dalmatiner, "
            "Delfin, E-Gitarre, Wasserkrug, Flamingo, Konzertflügel, Karettschildkröte, Hubschrauber, "
            "Känguru, Ketsch, Laptop, Menora, Sonnenblume"
        ),
        "Spanish": (
            "acordeón, avión, bonsái, cerebro, buda, mariposa, lámpara de araña, dálmata, delfín, "
            "guitarra eléctrica, aguamanil, flamenco, piano de cola, tortuga carey, helicóptero, "
            "canguro, queche, portátil, menorá, girasol"
        ),
        "French": (
            "accordéon, avion, bonsaï, cerveau, bouddha, papillon, lustre, dalmatien, dauphin, guitare "
            "électrique, aiguière, flamant, piano à queue, tortue imbriquée, hélicoptère, "
            "kangourou, ketch, ordinateur portable, menorah, tournesol"
        ),
        "Chinese": (
            "手风琴, 飞机, 盆景, 大脑, 佛像, 蝴蝶, 枝形吊灯, 大麦町, 海豚, 电吉他, 水罐, "
            "火烈鸟, 大钢琴, 玳瑁, 直升机, 袋鼠, 双桅帆船, 笔记本电脑, 七枝烛台, 向日葵"
        ),
        "Polish": (
            "akordeon, samolot, bonsai, mózg, budda, motyl, żyrandol, dalmatyńczyk, delfin, gitara "
            "elektryczna, dzban, flaming, fortepian, żółw szylkretowy, helikopter, kangur, kecz, "
            "laptop, menora, słonecznik"
        ),
        "Japanese": (
            "アコーディオン, 飛行機, 盆栽, 脳, 仏像, 蝶, シャンデリア, ダルメシアン, イルカ, "
            "エレキギター, 水差し, フラミンゴ, グランドピアノ, タイマイ, ヘリコプター, カンガルー, "
            "ケッチ, ノートパソコン, メノラー, ひまわり"
        ),
    },
    "flowers-5": {
        "English": "daisy, dandelion, roses, sunflowers, tulips",
        "German": "Gänseblümchen, Löwenzahn, Rosen, Sonnenblumen, Tulpen",
        "Spanish": "margarita, diente de león, rosas, girasoles, tulipanes",
        "French": "pâquerette, pissenlit, roses, tournesols, tulipes",
        "Chinese": "雏菊, 蒲公英, 玫瑰, 向日葵, 郁金香",
        "Polish": "stokrotka, mniszek lekarski, róże, słoneczniki, tulipany",
        "Japanese": "ヒナギク, タンポポ, バラ, ひまわり, チューリップ",
    },
}
"""By data set and language, in the order of the folders."""


def split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",")]


def measure(folder: Path, show_names: bool) -> None:
    """Print the accuracy in each language."""
    with scratch_project() as context:
        model_in_use.prepare(context, TOKEN)
        importing.import_paths(context, [folder], TOKEN)
        embedding.embed_images(context, context.index.columns.ids, TOKEN)
        _, cache = context.engine.need()
        columns, predictor, template = context.index.columns, context.engine.predictor, context.prompt_template
        classes = sorted(one.name for one in folder.iterdir() if one.is_dir())
        rows = context.project.image_rows(columns.ids.tolist())
        labels = np.array([classes.index(row.path.parent.name) for row in rows])
        images = cache.gather_rows(columns.hashes)[:, : context.engine.need()[0].embed_dim]
        for language, typed in NAMES[folder.name].items():
            names = split(typed)
            read = predictor.read(names, adapted=False)
            itself, now = (
                100 * float(((images @ predictor.features_of(texts, template).T).argmax(1) == labels).mean())
                for texts in (names, read)
            )
            print(f"{folder.name:11} {language:9} itself {itself:5.1f}   read {now:5.1f}", flush=True)
            if show_names:
                print("\n".join(f"    {name}: {text}" for name, text in zip(names, read, strict=True)))


def main() -> None:
    """Measure both data sets."""
    for name in NAMES:
        measure(DATA / name, "--names" in sys.argv[1:])


if __name__ == "__main__":
    main()
