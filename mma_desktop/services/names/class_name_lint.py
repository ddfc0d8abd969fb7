"""Class-name lint: names the text encoder confuses or does not know, and what to do about them.

What is looked at is what the text encoder reads for a class (`ImageClass.text`); what is told about is its name.

Two names nearly coincide if their text features are closer than 90% of `RELATED`, pairs of related but different things
(violin and cello, crab and lobster), in the same prompt template. These pairs are encoded too, so no threshold has to
be tuned per encoder and template. What all names share in a template is removed first: in the starter's food template
any two names have a cosine of 0.26, in "a photo of a {}." of 0.01.

Measured with the starter: the share found of 45 pairs of synonyms (sofa and couch, car and automobile) outside that
table, and the number of false positives among the 190 pairs of caltech-20's names, none of which are synonyms (in
brackets: without removing the shared part): "a photo of a {}." 78% and 0 (76% and 0), with definitions 80% and 0 (76%
and 0), food 73% and 0 (69% and 1), flowers 73% and 0 (69% and 3), aircraft 58% and 0 (56% and 5), satellite 73% and 2
(69% and 2).

Evidence from labels comes from the project's zero-shot predictions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import Accuracy, ImageClass
from mma_desktop.engine.backbones.wordnet import definitions
from mma_desktop.services.names import name_words
from mma_desktop.services.names.name_evidence import FEW_LABELS, Evidence, between, evidence_of

if TYPE_CHECKING:
    from mma_desktop.services.context import ProjectContext

Floats = NDArray[np.float32]

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
NEAR_SHARE = 0.9
LETTERS_A_PIECE = 2.5
FOREIGN_PIECES = 4  # a word in so many pieces that no dictionary has is hardly English
SHOWN_AT_ONCE = 60
MOST_PAIRS = 200  # maximum put into words; a thousand unreadable names would make half a million pairs
ROWS = 512


class NameIssue(StrEnum):
    """Kinds of name problems, worst first.

    Two names differ only in spelling, nearly coincide, or one contains the other; a name has a negation, no words,
    non-Latin letters, a word that is not English or one the encoder does not know; or its images are hardly recognised.
    """

    SPELLING = "spelling"
    NEAR = "near"
    PART = "part"
    NEGATION = "negation"
    WORDLESS = "wordless"
    SCRIPT = "script"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"
    UNRECOGNISED = "unrecognised"


@dataclass(frozen=True, slots=True)
class NameFinding:
    """One problem.

    Attributes:
        issue: Its kind.
        class_ids: The one or two classes concerned.
        names: Their names.
        title: Short title.
        text: What was found, with numbers.
        advice: What to do.
        weak: For information only: the existing labels show little harm, or the finding is uncertain.
        cosine: Cosine of the two names' text features; None if not applicable.
    """

    issue: NameIssue
    class_ids: tuple[int, ...]
    names: tuple[str, ...]
    title: str
    text: str
    advice: str
    weak: bool = False
    cosine: float | None = None


_WORDS: Mapping[NameIssue, tuple[str, str, str]] = {
    NameIssue.SPELLING: (
        later("'{class_name}' and '{other_class}' are the same name"),
        later("They differ only in plural, blanks, hyphens or underscores."),
        later(
            "If they are one class, give all its images one of the two and delete the other. If not, "
            "rename one by what sets it apart in a picture."
        ),
    ),
    NameIssue.NEAR: (
        later("'{class_name}' and '{other_class}' nearly coincide"),
        "",
        later(
            "If they are one class, use one name. If not, rename one by what sets it apart in a "
            "picture. Examples of both help most, since training can tell apart what names cannot."
        ),
    ),
    NameIssue.PART: (
        later("'{class_name}' may hold '{other_class}'"),
        later("Every word of '{whole}' is in '{part}', so both may be right for a picture."),
        later("If every '{part}' is a '{whole}', rename '{whole}' to what the others of it are."),
    ),
    NameIssue.NEGATION: (
        later("'{text}' says what is not there"),
        later("Text encoders mostly pass over '{word}': the name is read like its opposite."),
        later("Rename it to what one sees instead, 'bare head' rather than 'without helmet'."),
    ),
    NameIssue.WORDLESS: (
        later("'{text}' says nothing about what is in the pictures"),
        later(
            "The text encoder compares pictures with the words of a name; this one holds none that a "
            "picture could match."
        ),
        later("Let the model read what one sees in its pictures, such as 'red car' or 'oak leaf'. The name can stay."),
    ),
    NameIssue.SCRIPT: (
        later("'{text}' may not be understood"),
        later("The text encoder of this backbone was trained on English."),
        later("Let the model read the English name, or choose a backbone that knows many languages (SigLIP 2)."),
    ),
    NameIssue.FOREIGN: (
        later("The model may not know '{text}'"),
        later("The dictionary does not have '{word}', and the text encoder reads it in pieces ({pieces})."),
        later("Let the model read the English name, such as 'great tit' for 'Kohlmeise'. The name can stay."),
    ),
    NameIssue.UNKNOWN: (
        later("'{text}' may be unknown to the text encoder"),
        later("The text encoder has no word for '{word}' and reads it in pieces ({pieces})."),
        later(
            "Look at what is predicted, and let the model read a more common name: a sailing boat rather than a ketch."
        ),
    ),
    NameIssue.UNRECOGNISED: (
        later("'{class_name}' is hardly recognised by its name"),
        "",
        later("Try a more common or a more telling name. A training with shots of this class helps too."),
    ),
}
"""Title, text and advice of each kind; texts with figures are made where these are."""

_NAME_THE_REST = later(
    "It cannot be found by its name. Name what is in these pictures, or leave the class out "
    "and let the confidence below which nothing is predicted do its work."
)
_TOLD_APART = later("On your labelled images they are told apart well enough. Keep an eye on the confusion matrix.")


def _finding(
    issue: NameIssue,
    classes: Sequence[ImageClass],
    text: str = "",
    advice: str = "",
    *,
    said: str = "",
    weak: bool = False,
    cosine: float | None = None,
    **values: str,
) -> NameFinding:
    """The finding in the words of `_WORDS`, or of `text` and `advice`, with what the labels say (`said`)."""
    words = {"class_name": classes[0].name, "other_class": classes[-1].name, "text": classes[0].text, **values}
    title, usual_text, usual_advice = (tr(one, **words) for one in _WORDS[issue])
    return NameFinding(
        issue,
        tuple(one.id for one in classes),
        tuple(one.name for one in classes),
        title,
        " ".join(filter(None, (text or usual_text, said))),
        advice or usual_advice,
        weak,
        cosine,
    )


@dataclass(frozen=True)
class NamesReport:
    """Result of the lint, worst problems first.

    Attributes:
        findings: The problems.
        closest: Sentence on the closest pair of names without a problem; "" with fewer than two names.
        complete: Whether the text encoder was used; it is not while no backbone is loaded.
        left_out: Number of findings not listed.
        checked: Number of names.
    """

    findings: tuple[NameFinding, ...] = ()
    closest: str = ""
    complete: bool = False
    left_out: int = 0
    checked: int = 0

    @property
    def summary(self) -> str:
        """The warning for the class panel; "" if there is nothing to warn of."""
        strong = [one for one in self.findings if not one.weak and one.issue is not NameIssue.UNRECOGNISED]
        if not strong:
            return ""
        count = len({class_id for one in strong for class_id in one.class_ids})
        if all(one.issue in {NameIssue.NEAR, NameIssue.SPELLING} for one in strong):
            return tr("{n} name nearly coincides", "{n} names nearly coincide", count)
        return tr("{n} name to look at", "{n} names to look at", count)


def examine(context: ProjectContext, token: CancelToken) -> NamesReport:
    """Check the names of the project's classes. Engine lane; without a backbone, only the spelling is checked."""
    classes, evidence = context.classes, evidence_of(context)
    findings = {(one.issue, one.class_ids): one for one in _spelling_findings(classes, evidence)}
    closest, more = "", 0
    ready = context.engine.ready
    if ready and classes:
        told = {frozenset(one.class_ids) for one in findings.values()}
        near, closest, more = _coincidence_findings(context, classes, evidence, told, token)
        findings |= {(one.issue, one.class_ids): one for one in near if frozenset(one.class_ids) not in told}
        findings |= {(one.issue, one.class_ids): one for one in _token_findings(context, classes, evidence)}
    missed = _recognition_findings(classes, evidence, list(findings.values()))
    for one in missed:
        unknown = findings.pop((NameIssue.UNKNOWN, one.class_ids), None)
        both = one if unknown is None else replace(one, text=f"{one.text} {unknown.text}")
        findings[one.issue, one.class_ids] = both
    readings = {
        one.id: tr("The model reads '{text}' for '{class_name}'.", text=one.reads, class_name=one.name)
        for one in classes
        if one.reads
    }
    for key, one in findings.items():
        texts = [one.text, *(readings[class_id] for class_id in one.class_ids if class_id in readings)]
        findings[key] = replace(one, text=" ".join(texts))
    order = list(NameIssue)
    ranked = sorted(findings.values(), key=lambda one: (one.weak, order.index(one.issue), -(one.cosine or 0.0)))
    left_out = max(0, len(ranked) - SHOWN_AT_ONCE) + more
    return NamesReport(tuple(ranked[:SHOWN_AT_ONCE]), closest, ready, left_out, len(classes))


# ------------------------------------------------------------------------------ spelling


def _spelling_findings(classes: Sequence[ImageClass], evidence: Evidence) -> list[NameFinding]:
    names = [one.text for one in classes]
    found = []
    for first, second in name_words.same_but_spelling(names):
        a, b = classes[first], classes[second]
        said, _ = between(evidence, a, b)
        found.append(_finding(NameIssue.SPELLING, [a, b], said=said))
    spelled = {one.class_ids for one in found}
    for whole, part in name_words.parts(names):
        a, b = classes[whole], classes[part]
        if name_words.negation(b.text) or (a.id, b.id) in spelled or (b.id, a.id) in spelled:
            continue
        said, rare = between(evidence, a, b)
        found.append(_finding(NameIssue.PART, [a, b], said=said, weak=rare, whole=a.text, part=b.text))
    for one in classes:
        if name_words.is_wordless(one.text):
            advice = tr(_NAME_THE_REST) if name_words.is_left_over(one.text) else ""
            found.append(_finding(NameIssue.WORDLESS, [one], advice=advice))
        elif word := name_words.negation(one.text):
            found.append(_finding(NameIssue.NEGATION, [one], word=word))
    return found


# ------------------------------------------------------------------------------ the text encoder


def own_features(context: ProjectContext, texts: Sequence[str]) -> Floats:
    """(C, D) unit features of what is read, without the component all names share in the prompt template."""
    template, features_of = context.prompt_template, context.engine.predictor.features_of
    found = features_of(texts, template) - features_of(RELATED_NAMES, template).mean(0)
    result: Floats = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12)
    return result


def related_cosines(context: ProjectContext) -> Floats:
    """Cosines of the `RELATED` pairs in the project's prompt template, descending; encoded once."""
    features = dict(zip(RELATED_NAMES, own_features(context, RELATED_NAMES), strict=True))
    cosines = np.array([features[a] @ features[b] for a, b in RELATED], np.float32)
    return -np.sort(-cosines)


def near_limit(related: Floats) -> float:
    """The cosine above which two names nearly coincide: `NEAR_SHARE` of the related pairs lie below it."""
    return float(np.quantile(related, NEAR_SHARE))


def _coincidence_findings(
    context: ProjectContext,
    classes: Sequence[ImageClass],
    evidence: Evidence,
    told: Collection[frozenset[int]],
    token: CancelToken,
) -> tuple[list[NameFinding], str, int]:
    """Findings for nearly coinciding names, a sentence on the closest other pair, and the number of omitted findings.

    Names without words are skipped, and so are the pairs of class ids in `told` for that sentence: they have a finding
    of their own.
    """
    token.raise_if_cancelled()
    classes = [one for one in classes if not name_words.is_wordless(one.text)]
    features = own_features(context, [one.text for one in classes])
    related = related_cosines(context)
    at = {one.id: row for row, one in enumerate(classes)}
    known = [sorted(at[one] for one in pair) for pair in told if len(pair) == 2 and pair <= at.keys()]
    pairs, total, closest = _pairs_above(features, near_limit(related), known, token)
    found = [_near_pair(classes[a], classes[b], cosine, related, evidence) for cosine, a, b in pairs]
    if closest is None:
        return found, "", total - len(found)
    cosine, a, b = closest
    text = tr(
        "The nearest of the other names are '{class_name}' and '{other_class}': cosine {cosine:.2f}, nearer than "
        "{nearer} of {n} pair of related things such as violin and cello.",
        "The nearest of the other names are '{class_name}' and '{other_class}': cosine {cosine:.2f}, nearer than "
        "{nearer} of {n} pairs of related things such as violin and cello.",
        len(related),
        class_name=classes[a].name,
        other_class=classes[b].name,
        cosine=cosine,
        nearer=int((related < cosine).sum()),
    )
    return found, text, total - len(found)


def _pairs_above(
    features: Floats, limit: float, known: Sequence[Sequence[int]], token: CancelToken
) -> tuple[list[tuple[float, int, int]], int, tuple[float, int, int] | None]:
    """Pairs (cosine, row, row) of (C, D) unit vectors above `limit`: the `MOST_PAIRS` closest, and the total number.

    Also the closest pair at or below the limit that is not among the `known` (first row, second row), None if there is
    none.
    """
    pairs: list[tuple[float, int, int]] = []
    total, below = 0, (-2.0, 0, 0)
    for start in range(0, len(features), ROWS):
        token.raise_if_cancelled()
        cosines = features[start : start + ROWS] @ features.T
        rows = start + np.arange(len(cosines))
        cosines[rows[:, None] >= np.arange(len(features))] = -2.0  # each pair once, no row with itself
        first, second = np.nonzero(cosines > limit)
        values = cosines[first, second]
        total += len(values)
        order = np.argsort(-values, kind="stable")[:MOST_PAIRS]
        pairs += zip(values[order].tolist(), rows[first[order]].tolist(), second[order].tolist(), strict=True)
        pairs = sorted(pairs, key=lambda pair: -pair[0])[:MOST_PAIRS]
        cosines[cosines > limit] = -2.0
        for row, column in known:
            if row in rows:
                cosines[row - start, column] = -2.0
        at, other = np.unravel_index(int(cosines.argmax()), cosines.shape)
        below = max(below, (float(cosines[at, other]), int(rows[at]), int(other)), key=lambda pair: pair[0])
    return pairs, total, below if below[0] > -2.0 else None


def _near_pair(a: ImageClass, b: ImageClass, cosine: float, related: Floats, evidence: Evidence) -> NameFinding:
    said, rare = between(evidence, a, b)
    text = tr(
        "Their text features have a cosine of {cosine:.2f}: nearer than {nearer} of {n} pair of "
        "related things, such as violin and cello.",
        "Their text features have a cosine of {cosine:.2f}: nearer than {nearer} of {n} pairs of "
        "related things, such as violin and cello.",
        len(related),
        cosine=cosine,
        nearer=int((related < cosine).sum()),
    )
    advice = tr(_TOLD_APART) if rare else ""
    return _finding(NameIssue.NEAR, [a, b], text, advice, said=said, weak=rare, cosine=cosine)


def _token_findings(context: ProjectContext, classes: Sequence[ImageClass], evidence: Evidence) -> list[NameFinding]:
    """Findings for names in letters or words the text encoder hardly knows."""
    backbone, _ = context.engine.need()
    found = []
    for one in classes:
        known = evidence.count(one.id) >= FEW_LABELS and evidence.right(one.id) * 2 >= evidence.count(one.id)
        if known:
            continue
        if name_words.foreign_letters(one.text) and not backbone.many_languages:
            found.append(_finding(NameIssue.SCRIPT, [one]))
            continue
        unknown = [
            (word, pieces)
            for word in name_words.split_words(one.text)
            if word.isalpha() and len(word) > 2 and len(pieces := backbone.text_pieces(word)) > 1
        ]
        rare = [(word, pieces) for word, pieces in unknown if len(word) <= LETTERS_A_PIECE * len(pieces)]
        foreign = [
            (word, pieces) for word, pieces in unknown if len(pieces) >= FOREIGN_PIECES or (word, pieces) in rare
        ]
        foreign = [(word, pieces) for word, pieces in foreign if not definitions(word)]
        if foreign and not backbone.many_languages and not definitions(one.text):
            word, pieces = foreign[0]
            found.append(_finding(NameIssue.FOREIGN, [one], word=word, pieces=", ".join(pieces)))
        elif rare:
            word, pieces = rare[0]
            found.append(_finding(NameIssue.UNKNOWN, [one], weak=True, word=word, pieces=", ".join(pieces)))
    return found


# ------------------------------------------------------------------------------ recognition


def _recognition_findings(
    classes: Sequence[ImageClass], evidence: Evidence, others: Iterable[NameFinding]
) -> list[NameFinding]:
    """Classes whose name finds fewer than half of their labelled images, and fewer than the names do on average.

    Only if significant: the upper end of the 95% Wilson interval counts.
    """
    paired = {
        class_id
        for one in others
        if one.issue in {NameIssue.NEAR, NameIssue.SPELLING} and not one.weak
        for class_id in one.class_ids
    }
    limit = 100 * min(0.5, evidence.accuracy)
    names = {one.id: one.name for one in classes}
    found: list[tuple[float, NameFinding]] = []
    for one in classes:
        count = evidence.count(one.id)
        if not count or len(classes) < 2 or one.id in paired:
            continue
        accuracy = Accuracy.of(evidence.right(one.id), count)
        if accuracy.high >= limit:
            continue
        wrong = {other: number for other, number in evidence.taken[one.id].items() if other != one.id}
        most = max(wrong, key=lambda other: wrong[other])
        text = tr(
            "Zero-shot, {right} of {n} labelled image is recognised (95% interval {low:.0f} to "
            "{high:.0f}%); {taken} is taken for '{other_class}'.",
            "Zero-shot, {right} of {n} labelled images are recognised (95% interval {low:.0f} to "
            "{high:.0f}%); {taken} are taken for '{other_class}'.",
            count,
            right=evidence.right(one.id),
            low=accuracy.low,
            high=accuracy.high,
            taken=wrong[most],
            other_class=names.get(most, tr("a deleted class")),
        )
        found.append((accuracy.percent, _finding(NameIssue.UNRECOGNISED, [one], text, weak=True)))
    return [told for _, told in sorted(found, key=lambda pair: pair[0])]
