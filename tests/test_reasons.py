"""Why a message did not arrive: every answer of a platform has a name, every name one decision and words in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.channels import telegram_sending, whatsapp_errors
from bot.channels.channel import SendError
from messages import locales
from messages.catalogue import texts
from models.reasons import BEFORE, FAULTS, OURS, PATTERNS, Decision, named, plainly
from tests.schemas import SHARED

MOST = 60
NAMES = [*FAULTS, *OURS]
ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("locale", locales())
def test_every_name_has_a_few_words_and_no_words_are_of_nothing(locale: str) -> None:
    worded = {key.removeprefix("failure."): text for key, text in texts(locale).items() if key.startswith("failure.")}
    assert sorted(worded) == sorted(NAMES)
    assert {name: text for name, text in worded.items() if not 0 < len(text) <= MOST or text.endswith(".")} == {}
    assert len(set(worded.values()) - {worded["ended"]}) >= len(worded) - 2, "two names that say the same are one"


def test_every_decision_is_taken_by_some_name() -> None:
    assert {fault.decision for fault in FAULTS.values()} == set(get_args(Decision))


def test_only_known_names_are_raised() -> None:
    code = "\n".join(file.read_text(encoding="utf-8") for folder in ("bot", "tests") for file in (ROOT / folder).rglob("*.py"))
    raised = set(re.findall(r'SendError\(\s*"([^"]*)"', code))
    assert raised and raised <= set(FAULTS)
    with pytest.raises(KeyError):
        SendError(next(iter(BEFORE)))


def test_every_name_of_the_tables_is_known() -> None:
    told = {name for _, name in (*telegram_sending.FORBIDDEN, *telegram_sending.REFUSED)} | set(whatsapp_errors.ERRORS.values())
    assert told <= set(FAULTS)
    assert {*BEFORE.values(), *(name for _, name in PATTERNS)} <= set(NAMES)


TELEGRAM: list[tuple[TelegramError, str]] = [
    (Forbidden("Forbidden: bot was blocked by the user"), "blocked"),
    (Forbidden("Forbidden: user is deactivated"), "deactivated"),
    (Forbidden("Forbidden: bot can't initiate conversation with a user"), "not_started"),
    (Forbidden("Forbidden: bot was kicked from the group chat"), "forbidden"),
    (BadRequest("Bad Request: chat not found"), "chat_not_found"),
    (BadRequest("Bad Request: message is not modified"), "unchanged"),
    (BadRequest("Bad Request: message can't be edited"), "not_editable"),
    (BadRequest("Bad Request: message is too long"), "too_long"),
    (BadRequest("Bad Request: message caption is too long"), "too_long"),
    (BadRequest("Bad Request: message text is empty"), "empty"),
    (BadRequest("Bad Request: wrong file identifier/HTTP URL specified"), "picture_refused"),
    (BadRequest("Bad Request: PHOTO_INVALID_DIMENSIONS"), "picture_refused"),
    (BadRequest("Bad Request: IMAGE_PROCESS_FAILED"), "picture_refused"),
    (BadRequest("Bad Request: BUTTON_DATA_INVALID"), "rejected"),
    (ChatMigrated(-100), "moved"),
    (RetryAfter(7), "too_fast"),
    (InvalidToken(), "token_refused"),
    (Conflict("Conflict: terminated by other getUpdates request"), "conflict"),
    (NetworkError("Bad Gateway"), "server_error"),
]


@pytest.mark.parametrize(("error", "name"), TELEGRAM, ids=lambda one: one if isinstance(one, str) else "")
def test_what_telegram_answers_has_a_name(error: TelegramError, name: str) -> None:
    assert telegram_sending.decide(error).reason == name


def test_a_telegram_answer_that_never_came_is_unknown() -> None:
    lost = TimedOut()
    lost.__cause__ = OSError("cut")
    assert telegram_sending.decide(lost).reason == "no_answer"


def facts() -> str:
    file = SHARED.parent / "platforms.md"
    if not file.is_file():
        pytest.skip("platforms.md is not beside this checkout")
    return file.read_text(encoding="utf-8")


DOES = {
    "slow the whole sender": "slow",
    "delay that person": "retry",
    "window closed": "hold",
    "undeliverable": "undeliverable",
    "marketing cap": "retry",
    "stopped marketing": "unwanted",
    "quality restriction": "stop",
    "stop the campaign": "campaign",
    "stop everything": "stop",
    "retry": "retry",
}
"""What the facts say to do, in their words, and our decision; the first that fits."""


def test_every_code_in_the_facts_is_decided_on_as_they_say() -> None:
    table = facts().split("| Error | Do |")[1].split("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if re.match(r"\| *\d", line)]
    assert len(rows) >= 9
    for codes, does in rows:
        for code in re.findall(r"\d+", codes):
            wanted = next(decision for words, decision in DOES.items() if words in does.lower())
            assert whatsapp_errors.decide(400, {"error": {"code": int(code)}}).decision == wanted, (code, does)


def test_the_facts_of_telegram_are_named() -> None:
    said = re.findall(r'"([^"]+)"', "".join(line for line in facts().splitlines() if re.match(r"\| (403|400) ", line)))
    assert len(said) >= 5
    for words in said:
        error: TelegramError = Forbidden(words) if "user is" in words or "by the user" in words else BadRequest(words)
        name = telegram_sending.decide(error).reason
        assert name not in ("rejected", "forbidden") or words == "query is too old", words


OLD: list[tuple[str, str]] = [
    ("Forbidden: bot was blocked by the user", "blocked"),
    ("Forbidden: user is deactivated", "deactivated"),
    ("Bad Request: chat not found", "chat_not_found"),
    ("the token is refused: set LAPAK_TELEGRAM_TOKEN to the one of @BotFather", "token_refused"),
    ("the window is closed", "window_closed"),
    ("restricted for its quality", "restricted"),
    ("unworded: KeyError", "unworded"),
    ("Bad Gateway", "server_error"),
    ("status 502", "server_error"),
    ("LookupError", "crashed"),
    ("code 100", "rejected"),
    ("restart", "restart"),
    ("", "unsaid"),
]


@pytest.mark.parametrize(("kept", "name"), OLD)
def test_what_older_releases_kept_is_told_in_the_same_words(kept: str, name: str) -> None:
    assert named(kept) == name
    assert plainly(kept, "id") == texts("id")[f"failure.{name}"]


def test_a_platforms_own_words_are_never_kept() -> None:
    for error in (Forbidden("Forbidden: Bu Siti"), BadRequest("Bad Request: Bu Siti")):
        assert "Siti" not in str(telegram_sending.decide(error))
    answer: dict[str, Any] = {"error": {"code": 131026, "message": "Bu Siti"}}
    assert "Siti" not in str(whatsapp_errors.decide(400, answer))
