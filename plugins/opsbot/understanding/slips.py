"""How many slips of the keyboard lie between two words.

A slip is a letter too many, too few, wrong, or exchanged with its neighbour. The library is loaded
at the first unknown word: most commands have none, and need not wait for it.
"""

FAR = 3
"""Everything beyond two slips; nobody asks how far exactly."""


def distance(heard: str, spelt: str) -> int:
    """Return the number of slips, at most `FAR`."""
    if abs(len(heard) - len(spelt)) >= FAR:
        return FAR
    from rapidfuzz.distance import OSA

    return min(OSA.distance(heard, spelt, score_cutoff=FAR - 1), FAR)
