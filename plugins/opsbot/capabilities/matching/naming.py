"""Whether a name says what a way of a capability says.

Every word of the name must be accounted for: the verb, the thing, or a word that may stand beside.
One word too many is another tool: `get_build_parameters` is not about the build.
"""

from collections.abc import Callable, Iterator

from opsbot.capabilities.matching.general import ABOUT, FILLING, LISTING, READING
from opsbot.capabilities.matching.row import Table, Way
from opsbot.capabilities.matching.words import Word, texts


def cost_of(
    words: tuple[Word, ...], way: Way, table: Table, singled_out: Callable[[], bool]
) -> int | None:
    """Return how far a name is from the way's own words; None: it names something else.

    `singled_out`: tells whether a call must say which one thing it is about; `jobs.get` is about
    one job then, whatever its plural.
    """
    said = tuple(word for word in words if word.text not in table.own_names | FILLING)
    if not said:
        return None
    costs = [
        rank + len(rest)
        for rank, thing in enumerate(way.things)
        for rest in _left_over(said, way, thing)
        if rest <= _beside(way) and _number_is_right(said, way, thing, singled_out)
    ]
    return min(costs, default=None)


def _beside(way: Way) -> frozenset[str]:
    return way.beside | ABOUT if way.reads else way.beside


def _left_over(said: tuple[Word, ...], way: Way, thing: frozenset[str]) -> Iterator[frozenset[str]]:
    """Return what is left without the thing and the verb, for each verb that it may be."""
    if not thing <= texts(said):
        return
    if way.reads:
        yield texts(said) - READING - LISTING - thing
        return
    for verb in said:
        others = texts([word for word in said if word is not verb])
        if verb.text in way.verbs and not verb.plural and thing <= others:
            yield others - thing - {verb.text}


def _number_is_right(
    said: tuple[Word, ...], way: Way, thing: frozenset[str], singled_out: Callable[[], bool]
) -> bool:
    lists = bool(texts(said) & LISTING)
    plural = any(word.plural for word in said if word.text in thing)
    match way.number:
        case "one":
            return not lists and (not plural or singled_out())
        case "many":
            return lists or plural
        case "any":
            return True
