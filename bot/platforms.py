"""Whether the platforms answer, and what they say of the bot and of the number, for the doctor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx

from bot.channels.channel import SendError
from bot.finding import Finding, Mark
from bot.settings import Settings
from bot.webhooks import WEBHOOK, WHATSAPP
from models.reasons import plainly


async def online(settings: Settings) -> list[Finding]:
    if not settings.telegram_token.get_secret_value():
        return [Finding("missing", "telegram", "off; get a token from @BotFather and set LAPAK_TELEGRAM_TOKEN")]
    me = await telegram(settings, "getMe")
    if not me.get("ok"):
        return [Finding("bad", "telegram", f"the token is not answered: {me['description']}")]
    found = [Finding("good", "telegram", f"the token is answered by @{me['result'].get('username', '?')}")]
    return [*found, *webhook(settings, await telegram(settings, "getWebhookInfo"))]


def webhook(settings: Settings, told: dict[str, Any]) -> Iterator[Finding]:
    if not told.get("ok"):
        yield Finding("bad", "webhook", f"Telegram did not say: {told['description']}")
        return
    set_to, wanted = told["result"].get("url", ""), settings.public_url + WEBHOOK if settings.public_url else ""
    if set_to != wanted:
        here = wanted or "long polling"
        yield Finding("missing", "webhook", f"Telegram has {set_to or 'none'}, the settings say {here}; starting ./run changes it")
    else:
        yield Finding("good", "webhook", f"set to {set_to}" if set_to else "none: messages are fetched by long polling")
    if wanted and told["result"].get("last_error_message"):
        yield Finding("bad", "webhook", f"the last delivery failed: {told['result']['last_error_message']}; is LAPAK_PUBLIC_URL reached?")


async def whatsapp(settings: Settings) -> list[Finding]:
    if not settings.whatsapp_token.get_secret_value():
        return [Finding("missing", "whatsapp", "off; the README says how to connect a number")]
    from bot.channels.whatsapp import Whatsapp

    found = []
    for number in settings.whatsapp_phones:
        channel = Whatsapp(number, settings.whatsapp_token.get_secret_value(), settings.whatsapp_api, timeout=10)
        try:
            about = await channel.about()
            quality = str(about.get("quality_rating") or "unknown").lower()
            mark: Mark = "bad" if quality == "red" else "good"
            found.append(Finding(mark, "whatsapp", f"{number} is {about.get('display_phone_number', '?')}, quality {quality}"))
        except SendError as error:
            found.append(
                Finding(
                    "bad",
                    "whatsapp",
                    f"{number} is not answered, {plainly(error.reason)}; look at LAPAK_WHATSAPP_TOKEN and _PHONE_ID",
                )
            )
        finally:
            await channel.close()
    if not settings.public_url:
        return [*found, Finding("missing", "webhook", "WhatsApp needs a public address: set LAPAK_PUBLIC_URL")]
    return [
        *found,
        Finding("note", "webhook", f"in Meta's app: callback {settings.public_url}{WHATSAPP}, verify token LAPAK_WHATSAPP_VERIFY_TOKEN"),
    ]


async def telegram(settings: Settings, method: str) -> dict[str, Any]:
    """Telegram's answer; {"ok": False, "description"} also where there is none, or no token."""
    token = settings.telegram_token.get_secret_value()
    if not token:
        return {"ok": False, "description": "no token"}
    try:
        async with httpx.AsyncClient(timeout=10) as client:
            told = (await client.get(f"{settings.telegram_api}/bot{token}/{method}")).json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return {"ok": False, "description": f"{settings.telegram_api} does not answer ({type(error).__name__})"}
    return {"description": "no reason given", **told} if isinstance(told, dict) else {"ok": False, "description": "not Telegram's answer"}
