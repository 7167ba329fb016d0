"""Words made to fit a template's variables: on one line, and no longer in all than there is room."""

from __future__ import annotations

from collections.abc import Sequence

ENDS = (".", "!", "?", ":", ";", ",")


def folded(text: str) -> str:
    """On one line; what stood on lines of its own is parted by semicolons."""
    made = ""
    for line in (" ".join(line.split()).removeprefix("- ") for line in text.splitlines()):
        between = "" if not (made and line) else " " if made.endswith(ENDS) else "; "
        made += between + line
    return made.lstrip(" ,;")


def shared(values: Sequence[str], most: int) -> tuple[str, ...]:
    """The values with at most `most` characters in all: the longest give way first, down to the same length."""
    left, room = most, 0
    for place, value in enumerate(sorted(values, key=len)):
        room = left // (len(values) - place)
        left -= min(len(value), room)
        if len(value) > room:
            break
    else:
        room = most
    return tuple(cut(value, room) for value in values)


def cut(text: str, most: int) -> str:
    """At most `most` characters, ended between two words; never with half a link, so that a link alone becomes nothing."""
    if len(text) <= most:
        return text
    head = text[:most].rpartition(" ")[0].rstrip(" ,;:.")
    if not head and "://" not in text:
        head = text[: most - 1]
    return f"{head}…" if head else ""
