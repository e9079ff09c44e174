"""A thousand people whom nobody knows, made from hashes: the same ones at every run.

Namesakes and shared addresses are among them. All mail addresses end in .example, and the personal identity codes bear
individual numbers from 900 on, which are given to nobody.
"""

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, Literal, TypeVar

T = TypeVar("T")

COUNT: Final = 1000
_FINNISH: Final = (
    [
        "Aino",
        "Eero",
        "Helmi",
        "Juhani",
        "Kaisa",
        "Lauri",
        "Marja",
        "Niilo",
        "Outi",
        "Pekka",
        "Raija",
        "Seppo",
        "Tuula",
        "Urho",
        "Venla",
        "Ville",
        "Anneli",
        "Antti",
    ],
    [
        "Korhonen",
        "Virtanen",
        "Mäkinen",
        "Nieminen",
        "Hämäläinen",
        "Laine",
        "Heikkinen",
        "Koskinen",
        "Järvinen",
        "Lehtonen",
        "Saarinen",
        "Niemi",
    ],
)
_SWEDISH: Final = (
    ["Anders", "Birgitta", "Carl-Gustav", "Dagny", "Elin", "Fredrik", "Gunilla", "Håkan", "Ingrid", "Åsa"],
    [
        "Lindström",
        "Nyström",
        "Backström",
        "Öhman",
        "Sjöblom",
        "Holmberg",
        "Ahlqvist",
        "Grönlund",
        "Söderholm",
        "Wikström",
    ],
)
_OTHER: Final = (
    ["Amina", "Dmitri", "Fatima", "José", "Linh", "Mohamed", "Nguyễn", "Olena", "Priya", "Siobhán", "Tamás", "Zoë"],
    [
        "Abdi",
        "Bondarenko",
        "García",
        "Haddad",
        "Ivanova",
        "Kowalski",
        "Ní-Bhriain",
        "O'Connor",
        "Petrov",
        "Szabó",
        "Tran",
        "Öztürk",
    ],
)
_DOMAINS: Final = ("posti.example", "kotiposti.example", "brev.example", "mail.example", "yritys.example")
_STREETS: Final = ("Mannerheimintie", "Hämeenkatu", "Kauppakatu", "Rantatie", "Strandvägen", "Koulukatu", "Asemakatu")
_PLACES: Final = (
    ("00100", "Helsinki"),
    ("33100", "Tampere"),
    ("20100", "Turku"),
    ("90100", "Oulu"),
    ("65100", "Vaasa"),
    ("40100", "Jyväskylä"),
)
_ASCII: Final = str.maketrans("åäöüéíáóğúễëåÅÄÖ", "aaoueiaogueeaAAO")


@dataclass(frozen=True)
class Person:
    """One made-up customer."""

    id: int
    given_name: str
    family_name: str
    email: str
    phone: str
    street: str
    postcode: str
    city: str
    language: Literal["fi", "sv", "en"]

    @property
    def number(self) -> str:
        return f"A-{10000 + self.id}"

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True)
class DemoPerson:
    """Somebody whom the demo and the tests know by name."""

    id: int
    given_name: str
    family_name: str
    email: str
    language: Literal["fi", "sv", "en"]
    invoice_days: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def number(self) -> str:
        return f"A-{10000 + self.id}"


ASKS_BY_MAIL: Final = DemoPerson(
    1,
    "Liisa",
    "Esimerkki",
    "liisa.esimerkki@posti.example",
    "fi",
    ("2019-05-14", "2021-03-02", "2024-06-18", "2026-03-15"),
)
"""Asks in Finnish for a copy and for erasure. Of the invoices the one of 2019 may go in 2026, the others are held."""
NAMESAKE: Final = DemoPerson(
    2, "Liisa", "Esimerkki", "liisa.esimerkki@kotiposti.example", "fi", ("2022-11-30", "2025-01-07")
)
"""Bears the same name and lives in the same house as the one who asks; nothing of hers may change."""
ASKS_BY_FORM: Final = DemoPerson(3, "Mikael", "Sandström", "mikael.sandstrom@brev.example", "sv", ("2023-09-01",))
HAS_OPEN_ORDER: Final = DemoPerson(4, "Onni", "Odottaja", "onni.odottaja@posti.example", "fi", ("2026-09-10",))
"""Has an order on its way and an unpaid invoice."""
DEMO_PEOPLE: Final = (ASKS_BY_MAIL, NAMESAKE, ASKS_BY_FORM, HAS_OPEN_ORDER)


def number_from(*seed: object, below: int) -> int:
    """A number that looks random and is the same at every run."""
    text = "/".join(str(part) for part in seed)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) % below


def pick(choices: "tuple[T, ...] | list[T]", *seed: object) -> T:
    return choices[number_from(*seed, below=len(choices))]


def people() -> tuple[Person, ...]:
    made: list[Person] = []
    for number in range(1, COUNT + 1):
        made.append(_demo(DEMO_PEOPLE[number - 1]) if number <= len(DEMO_PEOPLE) else _person(number, made[-1]))
    return tuple(made)


def _demo(person: DemoPerson) -> Person:
    is_liisa = person.name == ASKS_BY_MAIL.name
    street = "Esimerkkikuja 5 A 7" if is_liisa else f"{_STREETS[person.id]} {person.id}"
    return Person(
        id=person.id,
        given_name=person.given_name,
        family_name=person.family_name,
        email=person.email,
        phone=_phone(person.id),
        street=street,
        postcode="00100",
        city="Helsinki",
        language=person.language,
    )


def _person(number: int, neighbour: Person) -> Person:
    """Every 40th bears the name of the one before, every 25th lives at the same address."""
    language, given, family = _name(number)
    if number % 40 == 0:
        language, given, family = neighbour.language, neighbour.given_name, neighbour.family_name
    street, (postcode, city) = _address(number)
    if number % 25 == 0:
        street, postcode, city = neighbour.street, neighbour.postcode, neighbour.city
    return Person(
        number, given, family, _email(number, given, family), _phone(number), street, postcode, city, language
    )


def _name(number: int) -> tuple[Literal["fi", "sv", "en"], str, str]:
    share = number_from("language", number, below=10)
    language: Literal["fi", "sv", "en"] = "fi" if share < 7 else "sv" if share < 9 else "en"
    given, family = {"fi": _FINNISH, "sv": _SWEDISH, "en": _OTHER}[language]
    return language, pick(given, "given", number), pick(family, "family", number)


def _email(number: int, given: str, family: str) -> str:
    local = f"{given}.{family}.{number}".lower().translate(_ASCII)
    plain = "".join(letter for letter in local if letter.isascii() and (letter.isalnum() or letter in ".-"))
    return f"{plain}@{pick(_DOMAINS, 'domain', number)}"


def _phone(number: int) -> str:
    return f"+358 9912 3{number:04d}"


def _address(number: int) -> tuple[str, tuple[str, str]]:
    house = 1 + number_from("house", number, below=80)
    return f"{pick(_STREETS, 'street', number)} {house}", pick(_PLACES, "place", number)
