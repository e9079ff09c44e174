"""Made-up letters of every kind, for the preview and the tests; nobody in them exists."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from dsr_notifier.ports import Letter
from dsr_shared.contracts.cases import KeptV1
from dsr_shared.contracts.controllers import AuthorityV1, ControllerPublishedV1
from dsr_shared.contracts.sealed import LetterContentV1
from dsr_shared.contracts.words import Language, LetterKind

_LETTER_ID: Final = UUID("01938000-0000-7000-8000-000000000001")
_CASE_ID: Final = UUID("01938000-0000-7000-8000-000000000002")
_LINK: Final = "https://tietosuoja.esimerkki.example/l/Zm9yLXNob3ctb25seS1ub3QtYS1yZWFsLXRva2VuLTAx"
_STATUS: Final = "https://tietosuoja.esimerkki.example/s/Zm9yLXNob3ctb25seS1ub3QtYS1yZWFsLXRva2VuLTAy"

CONTROLLER: Final = ControllerPublishedV1(
    register_version=1,
    name="Esimerkki Verkkopalvelut Oy",
    languages=("fi", "sv", "en"),
    brand_colour="#0B5563",
    contact_email="tietosuoja@esimerkki.example",
    contact_phone="09 000 0000",
    phone_hours={"fi": "arkisin klo 9–16", "sv": "vardagar kl. 9–16", "en": "weekdays 9–16"},
    postal_address="Esimerkkikatu 1, 00100 Helsinki",
    sender_name="Esimerkki Verkkopalvelut",
    public_url="https://tietosuoja.esimerkki.example",
    notice_url="https://tietosuoja.esimerkki.example/esimerkki/notice",
    authority=AuthorityV1(
        name={
            "fi": "Tietosuojavaltuutetun toimisto",
            "sv": "Dataombudsmannens byrå",
            "en": "Office of the Data Protection Ombudsman",
        },
        postal_address="PL 800, 00531 Helsinki",
        phone="029 566 6700",
        email="tietosuoja@om.fi",
        website="https://tietosuoja.fi",
        checked_on=date(2026, 11, 1),
    ),
)

_KEPT: Final = (
    KeptV1(
        label={"fi": "Laskut vuodelta 2026", "sv": "Fakturor från 2026", "en": "Invoices from 2026"},
        ground={
            "fi": "kirjanpitolaki vaatii säilyttämään laskut kuusi vuotta tilikauden päättymisvuoden lopusta",
            "sv": "enligt bokföringslagen ska fakturor sparas i sex år efter utgången av räkenskapsåret",
            "en": "the Accounting Act requires invoices to be kept for six years",
        },
        count=3,
        until=date(2032, 12, 31),
    ),
    KeptV1(
        label={"fi": "Avoin tilaus", "sv": "Öppen beställning", "en": "Open order"},
        ground={
            "fi": "tilausta ei ole vielä toimitettu",
            "sv": "beställningen är inte levererad än",
            "en": "the order has not been delivered yet",
        },
        count=1,
    ),
)
_WORDS: Final[dict[Language, dict[str, str]]] = {
    "fi": {
        "reason": "Tietojasi on myös varmuuskopioissa, joista ne on haettava käsin.\nSe vie meiltä enemmän aikaa.",
        "erased": "Asiakasrekisteri: 12 tietoa|Uutiskirje: 1 tieto",
        "nature": "Palvelimellemme kirjauduttiin luvatta 20.11.2026. Tunkeutuja näki nimesi ja osoitteesi.",
        "consequences": "Voit saada huijausviestejä, joissa esiinnytään meidän nimissämme.",
        "measures": "Suljimme aukon samana päivänä ja vaihdoimme salasanat.",
        "advice": "Älä avaa linkkejä viesteistä, joita et odottanut.",
    },
    "sv": {
        "reason": "Dina uppgifter finns också i säkerhetskopior som vi måste gå igenom för hand.\nDet tar mer tid.",
        "erased": "Kundregistret: 12 uppgifter|Nyhetsbrevet: 1 uppgift",
        "nature": "Någon loggade in på vår server utan lov den 20 november 2026 och såg ditt namn och din adress.",
        "consequences": "Du kan få bedrägliga meddelanden i vårt namn.",
        "measures": "Vi täppte till luckan samma dag och bytte lösenorden.",
        "advice": "Öppna inte länkar i meddelanden som du inte väntade på.",
    },
    "en": {
        "reason": "Your data is also in backups, which we have to go through by hand.\nThat takes us longer.",
        "erased": "Customer register: 12 items|Newsletter: 1 item",
        "nature": "Somebody got into our server on 20 November 2026 and saw your name and address.",
        "consequences": "You may get fraudulent messages in our name.",
        "measures": "We closed the gap the same day and changed the passwords.",
        "advice": "Do not open links in messages that you did not expect.",
    },
}


def sample_content(kind: LetterKind, language: Language, **changes: Any) -> LetterContentV1:
    """The content of a letter of this kind, complete, with all that it may say."""
    words = _WORDS[language]
    values: dict[str, Any] = {
        "recipient_email": "liisa.esimerkki@posti.example",
        "recipient_name": "Liisa Esimerkki",
        "reference": "K-2026-0034",
        "received_on": date(2026, 11, 25),
        "due_on": date(2026, 12, 28),
        "rights": ("access", "erasure"),
        "in_reply_to": "<abc.123@posti.example>",
        "case_id": _CASE_ID,
    }
    return LetterContentV1(**(values | _own_values(kind, words) | changes))


def _own_values(kind: LetterKind, words: dict[str, str]) -> dict[str, Any]:
    breach = {name: words[name] for name in ("nature", "consequences", "measures", "advice")}
    own: dict[LetterKind, dict[str, Any]] = {
        "challenge": {"link": _LINK, "status_link": _STATUS, "expires_on": date(2026, 12, 9)},
        "acknowledgement": {"status_link": _STATUS},
        "identity_question": {"link": _LINK},
        "download_code": {"code": "482913", "rights": ()},
        "access_reply": {"link": _LINK, "expires_on": date(2026, 12, 24)},
        "erasure_reply": {"erased": tuple(words["erased"].split("|")), "kept": _KEPT},
        "confirmation": {"rights": ("rectification", "restriction")},
        "reminder": {"link": _LINK, "expires_on": date(2026, 12, 20)},
        "extension": {"extended_due_on": date(2027, 2, 25), "reason": words["reason"]},
        "refusal": {"reason": words["reason"]},
        "breach_notice": {"breach": breach, "rights": (), "in_reply_to": None},
    }
    return own.get(kind, {})


def sample_letter(kind: LetterKind, language: Language, **changes: Any) -> Letter:
    """A letter of this kind, ready to be written."""
    return Letter(
        letter_id=_LETTER_ID,
        case_id=_CASE_ID,
        kind=kind,
        language=language,
        is_automatic=kind in ("challenge", "acknowledgement", "reminder"),
        content=sample_content(kind, language, **changes),
    )
