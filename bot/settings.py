"""Settings from the environment and `.env`, typed; every mistake is reported at once and no secret is shown."""

from __future__ import annotations

from math import ceil
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.media import Bucket, Media
from models.price import prices as known_prices
from models.terms import Terms

ROOT = Path(__file__).parent.parent
LOOPBACK = ("127.0.0.1", "localhost", "::1")
S3 = "s3://"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="LAPAK_", env_file=ROOT / ".env", extra="ignore", env_ignore_empty=True)

    database_url: str = f"sqlite:///{ROOT / 'var' / 'lapak.db'}"
    database_pool: int = Field(default=8, ge=1, le=64)
    """So many transactions at most are under way at once in a process on PostgreSQL."""
    telegram_token: SecretStr = SecretStr("")
    telegram_api: str = "https://api.telegram.org"
    telegram_secret: SecretStr = SecretStr("")
    telegram_rate: float = Field(default=30, ge=1, le=1000)
    """Messages a second of the bot; above 30 they are sent as paid broadcasts."""
    whatsapp_token: SecretStr = SecretStr("")
    whatsapp_phone_id: str = ""
    """The id of the number, several separated by commas."""
    whatsapp_app_secret: SecretStr = SecretStr("")
    whatsapp_verify_token: SecretStr = SecretStr("")
    whatsapp_rate: float = Field(default=80, ge=1, le=1000)
    """Messages a second of each number; 80 unless the platform has raised it."""
    whatsapp_api: str = "https://graph.facebook.com/v23.0"
    public_url: str = ""
    media_dir: Path = ROOT / "var" / "media"
    media_url: str = ""
    """s3://bucket/prefix where several machines share the pictures; `media_dir` otherwise."""
    media_endpoint: str = ""
    """The root of an S3-compatible store that is not Amazon's."""
    media_region: str = "us-east-1"
    media_key: SecretStr = SecretStr("")
    media_secret: SecretStr = SecretStr("")
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    health_port: int = Field(default=0, ge=0, le=65535)
    """Where a process that only sends, or only wakes jobs, answers /health and /metrics; 0 is any free port."""
    region: str = "64"
    timezone: str = "Asia/Makassar"
    links: str = "go.id"
    """Domains an announcement may link to, separated by commas."""
    official_page: str = ""
    """The office's own page that names this number, told by "Siapa ini?"."""
    approve_above: int = Field(default=500, ge=0)
    """An announcement to more people than this waits for a second officer, where the region has one."""
    stop_above: int = Field(default=10, ge=1, le=100)
    """Per cent of the latest that may fail or be blocked; above it an announcement stops by itself."""
    whatsapp_marketing: bool = False
    """Whether a call that closes may cost a template of marketing; held for the person's next message otherwise."""
    whatsapp_business_id: str = ""
    """The id of the WhatsApp Business Account, whose templates are looked up."""
    whatsapp_tier: int = Field(default=250, ge=0)
    """People that may be written to first in a day, as long as the platform does not say it of the number."""
    whatsapp_prices: str = ""
    """Rupiah for a delivered template by category, e.g. marketing=697,utility=340; what is not named is models/prices.toml in rupiah."""
    rupiah_per_usd: int = Field(default=17_000, ge=1)
    whatsapp_ceiling: int = Field(default=1_000_000, ge=0)
    """Rupiah that each number may cost in a month; 0: nothing that costs leaves."""
    inaproc_token: SecretStr = SecretStr("")
    inaproc_api: str = "https://data.inaproc.id"
    inaproc_offices: str = ""
    """The codes of the governments whose calls are read (`kode_klpd`), separated by commas."""
    sirup_api: str = ""
    """The root of SiRUP; not read without."""
    sirup_places: str = "14899,14898,14897,14900,14896,14908,16065,14902,14903,14901"
    """SiRUP's own codes of kabupaten and kota; those of Kalimantan Timur."""
    spse_urls: str = ""
    """The roots of LPSE sites, separated by commas."""
    ocds_urls: str = ""
    """Packages of releases or records, separated by commas."""

    @property
    def run_dir(self) -> Path:
        """Where the socket and the lock of the running server are."""
        return self.media_dir.parent

    @property
    def media(self) -> Media:
        """Where pictures and documents are."""
        if not self.media_url:
            return self.media_dir
        name, _, prefix = self.media_url.removeprefix(S3).partition("/")
        return Bucket(name, prefix.strip("/"), self.media_endpoint, self.media_region, self.media_key, self.media_secret)

    @property
    def local(self) -> bool:
        """The web chat with its persona switch: only bound to loopback and with no public address."""
        return self.host in LOOPBACK and not self.public_url and not self.whatsapp_token.get_secret_value()

    @property
    def whatsapp_phones(self) -> tuple[str, ...]:
        return listed(self.whatsapp_phone_id)

    @property
    def terms(self) -> Terms:
        given = dict(read_prices(self.whatsapp_prices))
        prices = {name: given.get(name, ceil(listed[-1].usd * self.rupiah_per_usd)) for name, listed in known_prices().items()}
        return Terms(prices, self.whatsapp_ceiling, self.whatsapp_tier, self.whatsapp_marketing, self.timezone)

    @field_validator("inaproc_token")
    @classmethod
    def _token_for_a_header(cls, token: SecretStr) -> SecretStr:
        if not all("!" <= letter <= "~" for letter in token.get_secret_value()):
            raise ValueError("must be the token alone, without spaces or line breaks")
        return token

    @field_validator("inaproc_api", "sirup_api", "spse_urls", "ocds_urls")
    @classmethod
    def _addresses(cls, urls: str) -> str:
        if not all(url.startswith(("https://", "http://")) for url in listed(urls)):
            raise ValueError("must begin with https://, several are separated by commas")
        return urls

    @field_validator("whatsapp_prices")
    @classmethod
    def _known_prices(cls, prices: str) -> str:
        if not all(name in known_prices() and price >= 0 for name, price in read_prices(prices)):
            raise ValueError(f"must be like marketing=697,utility=340; known are {', '.join(known_prices())}")
        return prices

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
        return url

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)  # a list of them all is made by opening six hundred files
        except (KeyError, ValueError, OSError):
            raise ValueError("must be a zone name such as Asia/Makassar") from None
        return zone

    @field_validator("region")
    @classmethod
    def _known_region(cls, region: str) -> str:
        if not (len(region) == 2 and region.isdecimal()):
            raise ValueError("must be a province's two-digit code such as 64")
        return region

    @field_validator("telegram_api", "whatsapp_api", "public_url", "media_endpoint")
    @classmethod
    def _address(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _whole_bucket(self) -> Self:
        if self.media_url and not (self.media_url.startswith(S3) and self.media_url.removeprefix(S3).partition("/")[0]):
            raise ValueError("LAPAK_MEDIA_URL must be s3://bucket or s3://bucket/prefix")
        if self.media_url and not (self.media_key.get_secret_value() and self.media_secret.get_secret_value()):
            raise ValueError("LAPAK_MEDIA_URL needs LAPAK_MEDIA_KEY and LAPAK_MEDIA_SECRET")
        return self

    @model_validator(mode="after")
    def _secret_for_webhook(self) -> Self:
        if self.public_url and self.telegram_token.get_secret_value() and not self.telegram_secret.get_secret_value():
            raise ValueError(
                "LAPAK_PUBLIC_URL needs LAPAK_TELEGRAM_SECRET (1-256 letters, digits, _ or -): else anybody could forge messages"
            )
        return self

    @model_validator(mode="after")
    def _whole_inaproc(self) -> Self:
        if self.inaproc_token.get_secret_value() and not listed(self.inaproc_offices):
            raise ValueError("LAPAK_INAPROC_TOKEN needs LAPAK_INAPROC_OFFICES: the gateway tells of one government at a time")
        return self

    @model_validator(mode="after")
    def _whole_whatsapp(self) -> Self:
        given = {
            "LAPAK_WHATSAPP_TOKEN": self.whatsapp_token.get_secret_value(),
            "LAPAK_WHATSAPP_PHONE_ID": self.whatsapp_phone_id,
            "LAPAK_WHATSAPP_APP_SECRET": self.whatsapp_app_secret.get_secret_value(),
            "LAPAK_WHATSAPP_VERIFY_TOKEN": self.whatsapp_verify_token.get_secret_value(),
        }
        missing = [name for name, value in given.items() if not value]
        if missing and len(missing) < len(given):
            raise ValueError(f"WhatsApp needs {', '.join(missing)} too: else its messages could be forged or not be answered")
        if not all(number.isdecimal() for number in self.whatsapp_phones):
            raise ValueError("LAPAK_WHATSAPP_PHONE_ID is the number's id, digits only, several separated by commas")
        return self


def listed(written: str) -> tuple[str, ...]:
    """The parts between commas."""
    return tuple(part.strip() for part in written.split(",") if part.strip())


def read_prices(prices: str) -> list[tuple[str, int]]:
    """(category, rupiah); -1 for what is no whole number."""
    parts = [part.partition("=") for part in prices.split(",") if part.strip()]
    return [(name.strip(), int(price) if (price := number.strip()).isdecimal() else -1) for name, _, number in parts]


def complaints(error: ValidationError) -> list[str]:
    """What is wrong with the settings, a line each, without the values."""
    found = []
    for part in error.errors(include_input=False, include_url=False):
        name = "LAPAK_" + "_".join(str(word) for word in part["loc"]).upper() if part["loc"] else "settings"
        found.append(f"{name}: {part['msg'].removeprefix('Value error, ')}")
    return found
