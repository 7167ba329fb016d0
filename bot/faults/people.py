"""Who talks to the bot while it is killed: each says the next line when an answer arrives."""

from __future__ import annotations

import threading
from typing import Self

from bot.faults.dialects import DIALECTS
from bot.faults.ledger import Ledger

PERSONS, LISTENERS = 4, 3
"""Who converse at the same time, and who only hear notices, calls and announcements."""
PHOTO = 3
"""The line that comes with a photo."""


def script(number: int) -> list[tuple[str, str]]:
    """What a person says, and what must be found in the stored answers once it was acknowledged."""
    nib, phone, capacity = f"91200{number:08d}", f"0812340{number:05d}", 1000 + number
    return [
        ("halo", ""),
        ("setuju", '"agree"'),
        ("Bu Siti", '"Bu Siti"'),
        ("Amplang ikan tenggiri 25rb per bungkus", "Amplang ikan tenggiri"),
        ("250 gram, ikan tenggiri, tahan 3 bulan", "250 gram, ikan tenggiri"),
        (str(capacity), f": {capacity}"),
        ("belum punya", ": null"),
        ("Jl. Gerilya, Sungai Pinang, Samarinda", "Jl. Gerilya"),
        (f"Warung Bu Siti {number}", f"Warung Bu Siti {number}"),
        ("Siti Aminah", "Siti Aminah"),
        (nib, nib),
        (phone, phone[1:]),
        ("kirim ke petugas", '"send"'),
    ]


def script_of(address: str) -> list[tuple[str, str]]:
    return script(int(address.rsplit("-", 1)[1]))


class People:
    """Each says the next line when a new answer arrives, as people do; who is through makes room for the next."""

    def __init__(self, channel: str = "faults") -> None:
        self.dialect = DIALECTS[channel]()
        self.ledger = Ledger(self.dialect, self.hear)
        self.places: dict[str, int] = {}
        self.heard: dict[str, str] = {}
        self.playing = True
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self.ledger.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.ledger.__exit__()

    def begin(self) -> None:
        for number in range(LISTENERS):
            self.ledger.say(self.dialect.address(f"listener-{number}"), "halo")
        for number in range(PERSONS):
            self._say(self.dialect.address(f"person-{number}"), 0)

    def hear(self, address: str, text: str) -> None:
        with self._lock:
            if address not in self.places or self.heard.get(address) == text or not self.playing:
                return
            self.heard[address] = text
            place = self.places[address] + 1
            if place < len(script(0)):
                self._say(address, place)
            elif place == len(script(0)):
                self.places[address] = place
                self._say(self.dialect.address(f"person-{len(self.places)}"), 0)

    def _say(self, address: str, place: int) -> None:
        self.places[address] = place
        self.ledger.say(address, script_of(address)[place][0], photo=place == PHOTO)
