"""Every template of ours over real HTTP: the platform takes it a day after the person's last message, and shows what we meant."""

from __future__ import annotations

import pytest

from bot.channels.whatsapp import Whatsapp
from messages import Message, Option, locales
from messages.pushed import TABLE, Pushed
from messages.templates import body, filled, sample_voice, samples, templated
from tests.standin_whatsapp import StandIn
from tests.telegram_app import refused
from tests.whatsapp_app import SITI, all_approved, with_standin
from tests.whatsapp_chats import WINDOW


def said(one: Pushed) -> Message:
    """With a sample for every parameter, and buttons as the conversations make them."""
    return Message(one.key, one.sample, tuple(Option(each.id, each.label, press=f"c:{each.id}:7:3") for each in one.buttons))


@pytest.mark.parametrize("locale", locales())
def test_each_is_taken_outside_the_window_and_its_buttons_come_back(locale: str) -> None:
    now = [1_795_400_000.0]

    async def work(standin: StandIn, whatsapp: Whatsapp) -> None:
        standin.approved = all_approved()
        for one in TABLE:
            now[0] += WINDOW
            made = templated(said(one), sample_voice(locale))
            assert made is not None, one.key
            await whatsapp.send_template(SITI.user_id, made, "7")
            shown = standin.heard_by(SITI)[-1]
            assert (shown.text, shown.tag) == (filled(body(one, locale).text, samples(one, locale)), "7")
            assert shown.labels == [button.label for button in made.buttons]
            for label, press in shown.buttons:
                [answer] = whatsapp.decode(standin.press(SITI, label))
                assert answer.said.press == press, one.key  # type: ignore[union-attr]
        standin.assert_well_behaved()

    with_standin(work, clock=lambda: now[0])


def test_one_that_the_platform_does_not_have_is_told() -> None:
    async def work(standin: StandIn, whatsapp: Whatsapp) -> None:
        standin.approved = {key: one for key, one in all_approved().items() if key != ("decision_approved", "id")}
        [one] = [one for one in TABLE if one.key == "decision.approved"]
        made = templated(said(one), sample_voice("id"))
        assert made
        error = await refused(whatsapp.send_template(SITI.user_id, made, "7"))
        assert (error.decision, error.reason) == ("campaign", "template_missing")

    with_standin(work)
