"""One spelling for equal values, and no spelling for what JSON cannot say."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsbot.vocabulary.canonical import canonical_json, sha256_of

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_spelling_is_json_of_the_same_value(value: object) -> None:
    assert json.loads(canonical_json(value)) == value


@given(st.dictionaries(st.text(), st.integers(), max_size=6))
def test_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert sha256_of(dict(reversed(list(value.items())))) == sha256_of(value)


def test_hash_is_the_one_that_others_compute() -> None:
    assert canonical_json({"b": [1, "é"], "a": None}) == '{"a":null,"b":[1,"é"]}'
    assert sha256_of({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize("value", [math.nan, {1, 2}, b"bytes"])
def test_what_json_cannot_say_is_an_error(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        canonical_json(value)
