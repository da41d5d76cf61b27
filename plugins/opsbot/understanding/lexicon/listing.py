"""How the lexicon writes its phrases: as running text, parted by commas."""


def listed(text: str) -> tuple[str, ...]:
    """Return the phrases of a text, each once, in its order."""
    phrases = (" ".join(each.split()) for each in text.split(","))
    return tuple(dict.fromkeys(each for each in phrases if each))
