"""JSON from strangers: a plain value or a ValueError, whatever the bytes."""

from __future__ import annotations

import json
import tracemalloc
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mma_desktop.core.safe_json import MAX_DEPTH, as_record, parsed, parsed_object
from mma_desktop.core.types import Role

TEXT = st.text(st.characters(codec="utf-8"))
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
)


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "NaN", "[Infinity]", "[-Infinity]", "1e999", "[1e999]", '"\\ud800"', '{"\\udfff": 1}'),
        *("1" * 5000, str(2**64), str(-(2**64)), f"[1, {2**64}]", f"[1, {-(2**64)}]", '{"a": 1, "a": 2}'),
        *("[" * 100_000, "[" * 65 + "]" * 65, '{"a":' * 65 + "1" + "}" * 65, b"\xff", b"\xed\xa0\x80"),
    ],
)
def test_what_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parsed(text)


def test_what_is_read() -> None:
    assert parsed("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert parsed('{"a": [1, 2.5, null, true, "\\ud83d\\ude00"]}') == {"a": [1, 2.5, None, True, "\U0001f600"]}
    assert parsed('"/a\\udcff"', paths=True) == "/a\udcff"
    for text in ("[]", "1", '"x"', "null"):
        with pytest.raises(ValueError, match="no JSON object"):
            parsed_object(text)


@given(PLAIN)
def test_what_json_can_say_comes_back(value: object) -> None:
    assert parsed(json.dumps(value)) == value


@given(st.binary(max_size=60) | st.text('[]{}",:0123456789.eE+-\\u dtrfalsn').map(str.encode))
def test_any_bytes_are_a_value_or_a_value_error(data: bytes) -> None:
    try:
        value = parsed(data)
    except ValueError:
        return
    assert parsed(json.dumps(value)) == value


@dataclass(frozen=True, slots=True)
class Inner:
    share: float
    count: int = 3


@dataclass(frozen=True)
class Outer:
    inner: Inner
    names: tuple[str, ...] = ()
    roles: tuple[tuple[str, Role], ...] = ()


def test_a_record_holds_what_its_types_say() -> None:
    value = {"inner": {"share": 1, "more": 2}, "names": ["a"], "roles": [["a", "new"]], "unknown": None}
    assert as_record(Outer, value) == Outer(Inner(1.0), ("a",), (("a", Role.NEW),))
    wrong = {
        "inner cannot be None": {"inner": None},
        "inner.share cannot be 'nan'": {"inner": {"share": "nan"}},
        "inner.count cannot be 0.5": {"inner": {"share": 1, "count": 0.5}},
        "roles.0.1 cannot be 'old'": {"roles": [["a", "old"]]},
        "names cannot be 'a'": {"names": "a"},
    }
    for told, change in wrong.items():
        with pytest.raises(ValueError, match=f"^{told}$"):
            as_record(Outer, value | change)
    for nothing in (None, [], {}):
        with pytest.raises(ValueError, match="cannot be"):
            as_record(Outer, nothing)


def test_the_first_wrong_item_of_many_is_told() -> None:
    """Each mistake takes pydantic 400 bytes, a thousand times its sentence's time."""
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=r"^roles\.0 cannot be 1$"):
            as_record(Outer, {"inner": {"share": 1}, "roles": [1] * 1_000_000})
        with pytest.raises(ValueError, match=r"^names\.0 cannot be \['xxxxxxxxxxxx\.\.\.xxxxxxxxxxxxx'\]$"):
            as_record(Outer, {"inner": {"share": 1}, "names": [["x" * 1_000_000]] * 1_000_000})
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()
