"""Listens while scripts are played in the terminal: which texts were said, which questions asked, which commands used."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.sending import delivery
from handlers import topics
from handlers.dialogue import Form, Step
from messages import Message, Rendered, Voice, render, rendering, template

NUMBERED = re.compile(r"_\d+$")


class Ear:
    """Texts are counted while a message is put into words for sending, with all that is said inside it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.texts: set[str] = set()
        self.questions: set[str] = set()
        self.commands: set[str] = set()
        self.sending = False
        patch.setattr(delivery, "render", self._around(render))
        patch.setattr(rendering, "template", self._template(template))
        patch.setattr(Form, "text", self._asked(Form.text))
        patch.setattr(topics, "COMMANDS", _Used(topics.COMMANDS, self.commands))

    def keep(self, note: Path) -> None:
        """For another process of the same run; never half of it."""
        half = note.with_suffix(".half")
        half.write_text(json.dumps([sorted(found) for found in (self.texts, self.questions, self.commands)]), encoding="utf-8")
        half.rename(note)

    def recall(self, note: Path) -> bool:
        """Adds what was heard where the note was kept. Whether there is one."""
        if not note.exists():
            return False
        for found, more in zip((self.texts, self.questions, self.commands), json.loads(note.read_text(encoding="utf-8")), strict=True):
            found |= set(more)
        return True

    def _around(self, words: Callable[[Message, Voice], Rendered]) -> Callable[[Message, Voice], Rendered]:
        def listening(message: Message, voice: Voice) -> Rendered:
            self.sending = True
            try:
                return words(message, voice)
            finally:
                self.sending = False

        return listening

    def _template(self, words: Callable[[str, str], str]) -> Callable[[str, str], str]:
        def listening(key: str, locale: str) -> str:
            if self.sending:
                self.texts.add(key)
            return words(key, locale)

        return listening

    def _asked(self, text: Callable[[Form, Step, str], str]) -> Callable[[Form, Step, str], str]:
        def listening(form: Form, step: Step, part: str) -> str:
            if part == "ask":
                self.questions.add(question(form, step))
            return text(form, step, part)

        return listening


class _Used(dict[str, Any]):
    def __init__(self, commands: Any, used: set[str]) -> None:
        super().__init__(commands)
        self.used = used

    def get(self, name: str, default: Any = None) -> Any:
        self.used.add(name)
        return super().get(name, default)


def question(form: Form, step: Step) -> str:
    """The same for every line of a price list."""
    return f"{form.name}.{NUMBERED.sub('', step.key)}"
