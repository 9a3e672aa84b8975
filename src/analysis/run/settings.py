"""What SET says on the command line: parameters of a study with their values, as text."""

from __future__ import annotations

from analysis.refusals import StudyError


def parse_settings(text: str) -> dict[str, str]:
    """Return the parameters in a text such as "budget=2000 clusters=5". Raises StudyError for a word without "="."""
    settings = {}
    for word in text.split():
        name, sign, value = word.partition("=")
        if not sign or not name or not value:
            raise StudyError(f"SET has {word!r}; write name=value, for example budget=2000")
        settings[name] = value
    return settings
