"""JSON from strangers: a plain value or a ValueError, whatever the bytes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mma_desktop.core.safe_json import MAX_DEPTH, parsed, parsed_object

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
