"""The lists of what people type: a word that works everywhere is asked first, and so may stand in no other list that is asked for."""

from __future__ import annotations

import tomllib
from pathlib import Path

import messages
from handlers.matching import known
from handlers.shortcuts import WORDS

PARTS = {"agree", "asks_who", "change", "fix", "hesitating", "less", "offering", "polite", "question", "registering", "wishing"}
"""Lists that say of what a sentence is made, or name buttons of the open question, which come before the words that work everywhere."""


def test_a_word_that_works_everywhere_stands_in_no_other_list() -> None:
    tables = [tomllib.loads(path.read_text()) for path in Path(messages.__file__).parent.glob("*/*.toml")]
    lists = {name for table in tables for name in table.get("words", {})}
    assert len(lists) > 50 and lists > PARTS
    everywhere = {word: name for name in WORDS for word in known(name)}
    double = {(name, word, everywhere[word]) for name in lists - PARTS - set(WORDS) for word in known(name) if word in everywhere}
    assert double == set()
