"""The channels that the settings name."""

from __future__ import annotations

from bot.channels.channel import Channel
from bot.channels.terminal import Terminal
from bot.channels.webchat import Webchat
from bot.duties import Role
from bot.settings import Settings


def channels_of(settings: Settings, role: Role = "all") -> list[Channel]:
    """The terminal is always there, and the web chat where one process does all: pages hear what it sends from the sender itself."""
    found: list[Channel] = [Terminal()]
    if settings.local and role == "all":
        found.append(Webchat(settings.media, settings.region))
    if token := settings.telegram_token.get_secret_value():
        from bot.channels.telegram import Telegram

        found.append(Telegram(token, settings.telegram_api, rate=settings.telegram_rate))
    if token := settings.whatsapp_token.get_secret_value():
        from bot.channels.whatsapp import Whatsapp

        found += [Whatsapp(number, token, settings.whatsapp_api, rate=settings.whatsapp_rate) for number in settings.whatsapp_phones]
    return found
