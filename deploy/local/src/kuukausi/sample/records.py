"""The rows of the sample databases, table by table, made from the people."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import Final
from uuid import UUID, uuid5

from kuukausi.sample.people import (
    ASKS_BY_MAIL,
    DEMO_PEOPLE,
    HAS_OPEN_ORDER,
    NAMESAKE,
    Person,
    number_from,
    people,
    pick,
)

Rows = list[tuple[object, ...]]
_SPACE: Final = UUID("5f0c6a52-7f2e-5d43-9f0e-3d2b6a1c9e77")
_PRODUCTS: Final = (
    "Verkkotunnus .fi",
    "Webhotelli S",
    "Webhotelli M",
    "Sähköpostilaatikko",
    "SSL-varmenne",
    "Ylläpitotunti",
)
_NOTES: Final = (
    "Soitti ja kysyi laskun eräpäivää; neuvottu.",
    "Salasana vaihdettu asiakkaan pyynnöstä.",
    "Ville om byte av domänens ägare; anvisningar skickade.",
    "Asked how to move a mailbox; sent the guide.",
    "Sivusto ei auennut; syynä vanhentunut nimipalvelutieto.",
)
_FIRST: Final = date(2019, 1, 7)
_LAST: Final = date(2026, 10, 30)


def crm() -> dict[str, Rows]:
    """Customers with everything that hangs on them; parents come before children."""
    tables: dict[str, Rows] = {
        name: []
        for name in ("customers", "contacts", "orders", "order_lines", "invoices", "invoice_lines", "support_notes")
    }
    for person in people():
        tables["customers"].append(_customer(person))
        tables["contacts"] += _contacts(person)
        for number, day in enumerate(invoice_days(person)):
            _trade(tables, person, number, day)
        tables["support_notes"] += _notes(person)
    return tables


def portal() -> dict[str, Rows]:
    tables: dict[str, Rows] = {"logins": [], "login_events": [], "newsletter_consents": []}
    for person in people():
        if _is_known_by_name(person) or number_from("login", person.id, below=10) < 7:
            login = uuid5(_SPACE, f"login {person.id}")
            tables["logins"].append(_login(person, login))
            tables["login_events"] += _login_events(person, login)
        if _is_known_by_name(person) or number_from("newsletter", person.id, below=10) < 5:
            given = _moment(_day("newsletter", person.id))
            tables["newsletter_consents"].append((person.email, "uutiskirje", given, "lomake", None))
    return tables


def shop() -> dict[str, Rows]:
    """Pikkupaino's clients; one is Liisa with the same address as at Esimerkki, another bears her name only."""
    clients: Rows = [
        (
            1,
            ASKS_BY_MAIL.name,
            ASKS_BY_MAIL.email,
            "+358 9912 39001",
            "Esimerkkikuja 5 A 7",
            "Helsinki",
            _moment(_FIRST),
        ),
        (2, NAMESAKE.name, "liisa.e@mail.example", None, "Rantatie 3", "Turku", _moment(_FIRST)),
    ]
    purchases: Rows = [
        (1, 1, date(2024, 9, 15), "Käyntikortit 200 kpl", Decimal("48.00"), True),
        (2, 1, date(2026, 5, 4), "Juliste A2", Decimal("22.50"), True),
        (3, 2, date(2026, 9, 1), "Esite 50 kpl", Decimal("61.00"), False),
    ]
    for person in people()[100:138]:
        number = person.id
        clients.append((number, person.name, person.email, person.phone, person.street, person.city, _moment(_FIRST)))
        day = _day("purchase", number)
        purchases.append((number, number, day, "Käyntikortit 100 kpl", Decimal("29.00"), True))
    return {"clients": clients, "purchases": purchases}


def invoice_days(person: Person) -> tuple[date, ...]:
    """One to five a customer, over all financial years from 2019 on."""
    if _is_known_by_name(person):
        return tuple(date.fromisoformat(day) for day in DEMO_PEOPLE[person.id - 1].invoice_days)
    count = 1 + number_from("invoices", person.id, below=5)
    return tuple(sorted(_day("invoice", person.id, number) for number in range(count)))


def _is_known_by_name(person: Person) -> bool:
    return person.id <= len(DEMO_PEOPLE)


def _customer(person: Person) -> tuple[object, ...]:
    code = f"{1 + person.id % 28:02d}0180-9{person.id % 100:02d}A" if person.id % 10 == 1 else None
    return (
        person.id, person.number, person.given_name, person.family_name, person.email, person.phone, person.street,
        person.postcode, person.city, person.language, code, _moment(invoice_days(person)[0] - timedelta(days=3)), None,
    )  # fmt: skip


def _contacts(person: Person) -> Rows:
    if not _is_known_by_name(person) and number_from("contacts", person.id, below=4):
        return []
    return [
        (person.id, 1, "laskutus", person.name, person.email, person.phone),
        (person.id, 2, "tekninen", person.name, f"tekninen.{person.id}@yritys.example", None),
    ]


def _trade(tables: dict[str, Rows], person: Person, number: int, day: date) -> None:
    """One order with its invoice, and the lines of both."""
    record = person.id * 10 + number
    is_open = person.id == HAS_OPEN_ORDER.id
    lines = [
        (
            record,
            line,
            pick(_PRODUCTS, "product", record, line),
            1 + number_from("quantity", record, line, below=3),
            _price(record, line),
        )
        for line in range(1, 2 + number_from("lines", record, below=3))
    ]
    total = sum((quantity * price for *_, quantity, price in lines), Decimal(0))
    tables["orders"].append(
        (
            record,
            person.id,
            _moment(day - timedelta(days=2)),
            "in_delivery" if is_open else "delivered",
            None if is_open else day,
        )
    )
    tables["order_lines"] += lines
    tables["invoices"].append(
        (
            record, f"{day.year}-{record:05d}", person.id, day, day + timedelta(days=14),
            None if is_open else day + timedelta(days=10), "open" if is_open else "paid", person.name,
            f"{person.street}, {person.postcode} {person.city}", total,
        )
    )  # fmt: skip
    vat = Decimal("24.0") if day < date(2024, 9, 1) else Decimal("25.5")
    tables["invoice_lines"] += [(*line, vat) for line in lines]


def _notes(person: Person) -> Rows:
    count = 2 if _is_known_by_name(person) else number_from("notes", person.id, below=3)
    return [
        (
            uuid5(_SPACE, f"note {person.id} {number}"),
            person.id,
            _moment(_day("note", person.id, number)),
            pick(("Matti", "Sari"), "author", person.id, number),
            pick(_NOTES, "note", person.id, number),
        )
        for number in range(count)
    ]


def _login(person: Person, login: UUID) -> tuple[object, ...]:
    digest = blake2b(f"no password at all {person.id}".encode(), digest_size=32).hexdigest()
    created = _moment(invoice_days(person)[0])
    return (login, f"asiakas{person.id}", person.email, f"$argon2id$v=19${digest}", created, _moment(_LAST))


def _login_events(person: Person, login: UUID) -> Rows:
    return [
        (
            login,
            _moment(_day("seen", person.id, number)) + timedelta(minutes=number),
            f"192.0.2.{person.id % 250 + 1}",
            "Firefox",
        )
        for number in range(1 + number_from("seen", person.id, below=3))
    ]


def _price(*seed: object) -> Decimal:
    return Decimal(500 + number_from("price", *seed, below=9500)) / 100


def _day(*seed: object) -> date:
    return _FIRST + timedelta(days=number_from("day", *seed, below=(_LAST - _FIRST).days))


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC)
