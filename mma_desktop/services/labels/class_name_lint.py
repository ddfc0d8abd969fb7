"""Class-name lint: names the text encoder confuses or does not know, and what to do about them; accuracy of prompts.

Two names nearly coincide if their text features are closer than 90% of `RELATED`, pairs of related but different things
(violin and cello), in the same prompt template. These are encoded too, so no threshold is tuned per encoder. Evidence
from labels comes from the project's zero-shot predictions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from mma_desktop.core.class_names import as_one_reading, listed, name_key, shown_reading, words_of
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import Accuracy, ImageClass
from mma_desktop.engine.backbones import languages
from mma_desktop.engine.backbones.backbone_table import unit
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Floats, indices_in, looked_up

RELATED: tuple[tuple[str, str], ...] = (
    ("cat", "dog"), ("guitar", "banjo"), ("apple", "pear"), ("lion", "tiger"), ("bus", "train"), ("table", "chair"),
    ("violin", "cello"), ("crab", "lobster"), ("rose", "tulip"), ("spoon", "fork"), ("hammer", "screwdriver"),
    ("soccer ball", "volleyball"), ("elephant", "rhinoceros"), ("horse", "cow"), ("duck", "goose"),
    ("piano", "accordion"), ("laptop", "keyboard"), ("lemon", "orange"), ("butterfly", "dragonfly"),
    ("shark", "dolphin"), ("eagle", "owl"), ("knife", "scissors"), ("bridge", "tower"), ("sheep", "goat"),
    ("frog", "toad"), ("helicopter", "airplane"), ("pizza", "hamburger"), ("carrot", "potato"), ("clock", "watch"),
    ("wasp", "bee"), ("crocodile", "lizard"), ("drum", "trumpet"), ("camera", "telescope"),
    ("backpack", "suitcase"), ("bicycle", "motorcycle"), ("sailboat", "canoe"), ("tractor", "truck"),
    ("strawberry", "cherry"), ("bread", "cake"), ("snake", "turtle"),
)  # fmt: skip
RELATED_NAMES = tuple(dict.fromkeys(name for pair in RELATED for name in pair))
NEAR_SHARE = 0.9  # of names that are related and not the same: nearer than nearly all of these is suspect
SHOWN_AT_ONCE = 60  # findings: a few screens; the next ones follow when these are settled
MAX_PAIRS = 200  # maximum put into words; a thousand unreadable names would make half a million pairs
ROWS = 512  # names compared with all others at once, by memory
FEW_LABELS = 5  # minimum labels per class before its zero-shot predictions count
RARELY = 0.1  # share of labels that zero-shot gets wrong, up to which it tells two names apart


# Words that mean "none of the other classes".
LEFT_OVER = frozenset({"misc", "miscellaneous", "other", "others", "unknown", "none", "nothing", "background", "rest",
                       "various"})  # fmt: skip
# Words that do not describe an image.
GENERIC = LEFT_OVER | {
    "class", "classes", "label", "labels", "category", "categories", "img", "image", "images", "picture", "pictures",
    "pic", "photo", "photos", "dsc", "dscn", "folder", "untitled", "new", "test", "train", "object", "objects",
    "thing", "things", "item", "items", "group", "type", "kind", "sample", "data", "file", "temp", "tmp", "undefined",
    "null", "na", "unnamed", "default",
}  # fmt: skip


class NameIssue(StrEnum):
    """Kinds of name problems, worst first."""

    SPELLING = "spelling"
    NEAR = "near"
    PART = "part"
    WORDLESS = "wordless"
    UNKNOWN = "unknown"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class NameFinding:
    """One problem.

    Attributes:
        class_ids: The one or two classes whose names may be changed; none for a remark on several.
        weak: For information only: the existing labels show little harm, or nothing needs to be done.
        cosine: Cosine of the two names' text features; None if not applicable.
    """

    issue: NameIssue
    class_ids: tuple[int, ...]
    names: tuple[str, ...]
    title: str
    advice: str
    weak: bool = False
    cosine: float | None = None


# Title and advice of each kind.
_WORDS: Mapping[NameIssue, tuple[str, str]] = {
    NameIssue.SPELLING: (
        later("'{class_name}' and '{other_class}' are the same name"),
        later("Merge them, or rename one by what sets it apart in a picture."),
    ),
    NameIssue.NEAR: (
        later("The model may confuse '{class_name}' and '{other_class}'"),
        later("Use one name if they are one class; if not, give examples of both."),
    ),
    NameIssue.PART: (
        later("'{class_name}' may hold '{other_class}'"),
        later("Rename '{class_name}' to what the others of it are, so that only one name is right for a picture."),
    ),
    NameIssue.WORDLESS: (
        later("{class_name}: no words to go by"),
        later("That is fine: suggestions start after the first labels."),
    ),
    NameIssue.UNKNOWN: (
        later("The model does not know '{class_name}'"),
        later("Let it read a common word for it, or give examples: suggestions start after the first labels."),
    ),
    NameIssue.DOUBTFUL: (
        later("'{class_name}' is probably read as '{other_class}'"),
        later("Please check what the model reads, or let it read another word."),
    ),
}

_LEFT_OVER = later("Label what belongs to no class 'None of these' instead.")
_TOLD_APART = later("On your labelled pictures they are told apart well enough.")


def _finding(
    issue: NameIssue,
    classes: Sequence[ImageClass],
    advice: str = "",
    *,
    other: str = "",
    weak: bool = False,
    cosine: float | None = None,
) -> NameFinding:
    other = other or classes[-1].name
    title, usual = (tr(words, class_name=classes[0].name, other_class=other) for words in _WORDS[issue])
    ids, names = tuple(item.id for item in classes), tuple(item.name for item in classes)
    return NameFinding(issue, ids, names, title, advice or usual, weak, cosine)


@dataclass(frozen=True)
class NamesReport:
    """Result of the lint, worst problems first.

    Attributes:
        complete: Whether the text encoder was used; it is not while no backbone is loaded.
        left_out: Number of findings not listed.
        read_as: What is read for classes that are not read by their name, by id.
        doubtful: Ids of classes of which it may be wrong; a name that is read itself is not understood.
    """

    findings: tuple[NameFinding, ...] = ()
    complete: bool = False
    left_out: int = 0
    checked: int = 0
    read_as: Mapping[int, str] = field(default_factory=dict)
    doubtful: frozenset[int] = frozenset()

    @property
    def summary(self) -> str:
        """The warning for the class panel; "" if there is nothing to warn of."""
        strong = [finding for finding in self.findings if not finding.weak]
        if not strong:
            return ""
        count = len({class_id for finding in strong for class_id in finding.class_ids})
        if all(finding.issue in {NameIssue.NEAR, NameIssue.SPELLING} for finding in strong):
            return tr("{n} name is close to another", "{n} names are close to others", count)
        return tr("{n} name to look at", "{n} names to look at", count)


@dataclass(frozen=True)
class _Answers:
    """What the names alone say of labelled images: `taken[a][b]` of class a were predicted as class b (ids)."""

    taken: Mapping[int, Mapping[int, int]] = field(default_factory=dict)

    def count(self, class_id: int) -> int:
        return sum(self.taken.get(class_id, {}).values())

    def confused(self, a: int, b: int) -> int:
        return self.taken.get(a, {}).get(b, 0)

    def known(self, class_id: int) -> bool:
        """Whether the name finds most images of a class."""
        count = self.count(class_id)
        return count >= FEW_LABELS and self.confused(class_id, class_id) * 2 >= count

    def distinguishes(self, a: ImageClass, b: ImageClass) -> bool:
        """Whether hardly an image of one class is taken for the other."""
        counts, wrong = (self.count(a.id), self.count(b.id)), self.confused(a.id, b.id) + self.confused(b.id, a.id)
        return min(counts) >= FEW_LABELS and wrong <= RARELY * sum(counts)


def _answers_of(context: ProjectContext) -> _Answers:
    predictions, columns = context.predictions, context.index.columns
    if predictions is None:
        return _Answers()
    where = columns.positions(predictions.image_ids)
    known = looked_up(context.classed(columns) & ~columns.set_apart, where, False)  # a name may be chosen by it
    labels, answers = columns.class_ids[where[known]], predictions.zero_shot_class[known]
    many = int(answers.max(initial=0)) + 1
    # Encoding each pair as one number makes this ten times as fast.
    pairs, number = np.unique(labels * many + answers, return_counts=True)
    taken: dict[int, dict[int, int]] = {}
    for pair, count in zip(pairs.tolist(), number.tolist(), strict=True):
        taken.setdefault(pair // many, {})[pair % many] = count
    return _Answers(taken)


def lint_names(context: ProjectContext, token: CancelToken) -> NamesReport:
    """Check the names of the project's classes. Engine lane; without a backbone, only the spelling is checked."""
    classes, answers = context.classes, _answers_of(context)
    ready = context.engine.ready
    texts = {item.id: item.text for item in classes}
    if ready and classes:
        read = context.engine.predictor.read({item.name: item.reads for item in classes}, adapted=False)
        texts = dict(zip(texts, read, strict=True))
    findings = _spelling_findings(classes, answers)
    more = 0
    if ready and classes:
        reported = {frozenset(finding.class_ids) for finding in findings}
        near, more = _near_findings(context, classes, texts, answers, token)
        findings += [finding for finding in near if frozenset(finding.class_ids) not in reported]
        findings += _unknown_findings(context, classes, texts, answers)
    unsure = {NameIssue.DOUBTFUL, NameIssue.UNKNOWN}
    doubtful = frozenset(finding.class_ids[0] for finding in findings if finding.issue in unsure)
    order = list(NameIssue)
    ranked = sorted(findings, key=lambda finding: (finding.weak, order.index(finding.issue), -(finding.cosine or 0.0)))
    left_out = max(0, len(ranked) - SHOWN_AT_ONCE) + more
    shown = {class_id: shown_reading(text) for class_id, text in texts.items()}
    other = {item.id: shown[item.id] for item in classes if name_key(shown[item.id]) != name_key(item.name)}
    return NamesReport(tuple(ranked[:SHOWN_AT_ONCE]), ready, left_out, len(classes), other, doubtful)


# ------------------------------------------------------------------------------ words, without an encoder


def stem(word: str) -> str:
    """An English word without its plural ending, roughly: "berries", "boxes" and "cars", but not "glass"."""
    # Stems are only compared with other stems, so a wrong one (of "species") is harmless unless two words share it.
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "xes", "sses", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def stems(name: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words_of(name))


def is_wordless(name: str) -> bool:
    """Whether a name holds only numbers, symbols, single letters and generic words ("class_01", "IMG")."""
    return not any(
        (len(word) > 1 or not word.isascii()) and not word.isdigit() and word not in GENERIC for word in words_of(name)
    )


def same_but_spelling(names: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of names (i < j) that differ only in case, plural, blanks, hyphens or underscores."""
    first: dict[str, int] = {}
    pairs = []
    for at, name in enumerate(names):
        key = "".join(stems(name)) or name
        if key in first:
            pairs.append((first[key], at))
        else:
            first[key] = at
    return pairs


def parts(names: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs (i, j): every word of name i ("guitar") occurs in name j ("electric guitar"), which has more."""
    sets = [frozenset(stems(name)) for name in names]
    holders: dict[str, set[int]] = {}
    for at, words in enumerate(sets):
        for word in words:
            holders.setdefault(word, set()).add(at)
    pairs = []
    for at, words in enumerate(sets):
        if not words or is_wordless(names[at]):
            continue
        # Starting with the rarest word keeps a word shared by every name cheap.
        rarest, *more = sorted((holders[word] for word in words), key=len)
        inside = rarest.intersection(*more)
        pairs += [(at, other) for other in sorted(inside) if len(sets[other]) > len(words)]
    return pairs


def _spelling_findings(classes: Sequence[ImageClass], answers: _Answers) -> list[NameFinding]:
    names = [item.text for item in classes]
    findings = []
    for first, second in same_but_spelling(names):
        findings.append(_finding(NameIssue.SPELLING, [classes[first], classes[second]]))
    spelled = {finding.class_ids for finding in findings}
    for whole, part in parts(names):
        a, b = classes[whole], classes[part]
        if (a.id, b.id) not in spelled and (b.id, a.id) not in spelled:
            findings.append(_finding(NameIssue.PART, [a, b], weak=answers.distinguishes(a, b)))
    wordless = []
    for item in classes:
        part_number = languages.is_part_number(item.text) and not languages.is_english(item.text)
        if part_number or is_wordless(item.text):
            if any(word in LEFT_OVER for word in words_of(item.text)):
                findings.append(_finding(NameIssue.WORDLESS, [item], advice=tr(_LEFT_OVER)))
            else:
                wordless.append(item.name)
    if wordless:
        title, advice = _WORDS[NameIssue.WORDLESS]
        title = tr(title, class_name=listed(wordless))
        findings.append(NameFinding(NameIssue.WORDLESS, (), tuple(wordless), title, tr(advice), weak=True))
    return findings


# ------------------------------------------------------------------------------ the text encoder


def own_features(context: ProjectContext, texts: Sequence[str]) -> Floats:
    """(C, D) unit features of what is read, without the component all names share in the prompt template."""
    template, features_of = context.prompt_template, context.engine.predictor.features_of
    return unit(features_of(texts, template) - features_of(RELATED_NAMES, template).mean(0))


def related_cosines(context: ProjectContext) -> Floats:
    """Cosines of the `RELATED` pairs in the project's prompt template, descending; encoded once."""
    features = dict(zip(RELATED_NAMES, own_features(context, RELATED_NAMES), strict=True))
    cosines = np.array([features[a] @ features[b] for a, b in RELATED], np.float32)
    return -np.sort(-cosines)


def near_limit(related: Floats) -> float:
    """The cosine above which two names nearly coincide: `NEAR_SHARE` of the related pairs lie below it."""
    return float(np.quantile(related, NEAR_SHARE))


def _near_findings(
    context: ProjectContext,
    classes: Sequence[ImageClass],
    texts: Mapping[int, str],
    answers: _Answers,
    token: CancelToken,
) -> tuple[list[NameFinding], int]:
    """Findings for nearly coinciding names, and the number of omitted ones. Names without words are skipped."""
    token.raise_if_cancelled()
    classes = [item for item in classes if not is_wordless(texts[item.id])]
    features = own_features(context, [texts[item.id] for item in classes])
    pairs, total = _pairs_above(features, near_limit(related_cosines(context)), token)
    findings = []
    for cosine, first, second in pairs:
        a, b = classes[first], classes[second]
        apart = answers.distinguishes(a, b)
        findings.append(_finding(NameIssue.NEAR, [a, b], tr(_TOLD_APART) if apart else "", weak=apart, cosine=cosine))
    return findings, total - len(findings)


def _pairs_above(features: Floats, limit: float, token: CancelToken) -> tuple[list[tuple[float, int, int]], int]:
    """Pairs (cosine, row, row) of (C, D) unit vectors above `limit`: the `MAX_PAIRS` closest, and the total number."""
    pairs: list[tuple[float, int, int]] = []
    total = 0
    for start in range(0, len(features), ROWS):
        token.raise_if_cancelled()
        cosines = features[start : start + ROWS] @ features.T
        rows = start + np.arange(len(cosines))
        cosines[rows[:, None] >= np.arange(len(features))] = -2.0  # each pair once, no row with itself
        first, second = np.nonzero(cosines > limit)
        values = cosines[first, second]
        total += len(values)
        order = np.argsort(-values, kind="stable")[:MAX_PAIRS]
        pairs += zip(values[order].tolist(), rows[first[order]].tolist(), second[order].tolist(), strict=True)
        pairs = sorted(pairs, key=lambda pair: -pair[0])[:MAX_PAIRS]
    return pairs, total


def _unknown_findings(
    context: ProjectContext, classes: Sequence[ImageClass], texts: Mapping[int, str], answers: _Answers
) -> list[NameFinding]:
    """Findings for names that are neither English nor near an English name, or read as one that is not very near."""
    doubtful = set(context.engine.predictor.doubtful({item.name: texts[item.id] for item in classes if not item.reads}))
    findings = []
    for item in classes:
        if item.name in doubtful and not answers.known(item.id):
            read = shown_reading(texts[item.id])
            issue = NameIssue.UNKNOWN if read == as_one_reading(item.name) else NameIssue.DOUBTFUL
            findings.append(_finding(issue, [item], other=read, weak=True))
    return findings


def prompt_accuracy(context: ProjectContext, template: str, token: CancelToken) -> tuple[Accuracy | None, int]:
    """Zero-shot accuracy among all names with a template, or with several, one per line, on every labelled image.

    The number of those without features, which are not measured, comes second.
    """
    # A prompt may be chosen by it, so images that are set apart for testing have no part.
    context.engine.need()
    columns = context.index.columns
    labelled = context.classed(columns) & ~columns.set_apart
    embedded = context.embedded(columns, labelled)
    waiting = int(labelled.sum()) - len(embedded)
    if not len(embedded):
        return None, waiting
    labels = indices_in([item.id for item in context.classes], columns.class_ids[embedded])
    texts = context.engine.predictor.texts([item.name for item in context.classes], template)
    right = 0
    for part, features in context.engine.blocks(columns.hashes[embedded], token, whole=False):
        right += int(((features @ texts.T).argmax(axis=1) == labels[part]).sum())
    return Accuracy.of(right, len(embedded)), waiting
