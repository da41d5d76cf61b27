"""The one base of all values: immutable, and strict about unknown fields.

A value that passed its model is trusted everywhere inside; it is never validated twice.
"""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value object; unknown fields are errors, not surprises."""

    # An error shows no input: that may be anything that another system answered.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Span(Value):
    """A duration estimate in seconds, from `min` to `max`."""

    min: int
    max: int

    def __add__(self, other: "Span") -> "Span":
        return Span(min=self.min + other.min, max=self.max + other.max)
