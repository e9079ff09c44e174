"""Who writes and whom it concerns, as far as the mail tells."""

import re
from dataclasses import dataclass
from typing import Final

from dsr_intake.domain.reading.source import Person
from dsr_intake.domain.reading.threads import is_own_host
from dsr_intake.domain.reading.word_tables import fold

_ADDRESS: Final = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w-]{1,63}\.){1,6}[^\W\d_]{2,20}")
_ACCOUNT_WORDS: Final = re.compile(
    r"under|registered|my account|on file|customer|signed up|rekister|osoitteella|tili|asiakk|käyttäj|tunnus|registrer"
    r"|konto|kund|inlogg|used to|nimellä|liitty|kopplat",
    re.IGNORECASE,
)
_TITLES: Final = frozenset(
    [
        "yleinen",
        "edunvalvoja",
        "asianajaja",
        "oikeustieteen",
        "tohtori",
        "herra",
        "rouva",
        "neiti",
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "herr",
        "fru",
        "advokat",
        "god",
        "man",
        "isännöitsijä",
        "toimitusjohtaja",
        "vd",
        "jurist",
        "juristi",
        "lakimies",
        "attorney",
        "solicitor",
        "guardian",
        "huoltaja",
        "intressebevakare",
        "varatuomari",
        "otm",
        "prof",
        "professori",
        "sosiaalityöntekijä",
        "edunvalvontasihteeri",
        "johtava",
        "jur",
        "kand",
        "di",
        "kirkkoherra",
        "tmi",
    ]
)
_COMPANY_WORDS: Final = frozenset(
    [
        "oy",
        "ab",
        "ky",
        "tmi",
        "ry",
        "ltd",
        "inc",
        "gmbh",
        "llc",
        "plc",
        "oyj",
        "rf",
        "asiakaspalvelu",
        "laskutus",
        "myynti",
        "tuki",
        "support",
        "sales",
        "info",
        "newsletter",
        "uutiskirje",
        "team",
        "kundtjänst",
        "fakturering",
        "billing",
        "customer",
        "service",
        "toimisto",
        "office",
        "palvelu",
        "försäljning",
        "ekonomi",
        "hr",
        "it",
        "admin",
        "noreply",
        "no-reply",
        "tietosuoja",
        "dataskydd",
        "privacy",
    ]
)
_CAPITALISED: Final = r"[A-ZÅÄÖÉÜŠŽ][^\W\d_]+(?:[-'’][^\W\d_]+)*"
_NAME: Final = re.compile(rf"{_CAPITALISED}(?:[ \t\n]+(?:(?:von|af|de|van) )?{_CAPITALISED})+")
_GREETING: Final = re.compile(
    r"^(?:hei|moi|terve|hej|hello|hi|dear|hyvä|hyvät|bästa|kära|moikka|tack|thanks|kiitos|till|to)$", re.IGNORECASE
)
_OF_WHOM: Final = re.compile(
    r"^(?:(?:äiti|isä|vaimo|miehe|poja|poika|tyttäre|sisko|velje|mummo|pappa|isoisä|isoäiti|anoppi|appe|lapse|puoliso|"
    r"asiakkaa|päämiehe)(?:ni|mme)|päämies|poika|tytär|äiti|isä|mamma|pappa|mommo|mormor|morfar|farmor|farfar|moster|"
    r"faster|farbror|svärmor|svärfar|min|mitt|klienten|kunden|aunt|uncle|mother|father|grandma|grandpa|client)$",
    re.IGNORECASE,
)
"""Whose relative or client somebody is stands before the name and is no part of it."""
_GOES_ON: Final = re.compile(r"^(?:jag|vi|som|när|we|our|he|she|his|her|in|hän|hänen)$", re.IGNORECASE)
"""Capitalised because a sentence begins, behind a name that ended a line."""


@dataclass(frozen=True, slots=True)
class Concerned:
    """The data subject as best known."""

    email: str | None
    name: str | None
    is_on_behalf: bool
    is_sure: bool = True


def concerned(
    sender: Person, text: str, own_hosts: frozenset[str], *, is_for_another: bool, signature: str = "", topic: str = ""
) -> Concerned:
    """The writer, unless the mail writes for another or names another address of the writer's own."""
    writer = written_name(sender, signature, text)
    named = [address for address in _addresses(text) if not is_own_host(address.rpartition("@")[2], own_hosts)]
    if is_for_another:
        return _represented(sender, writer, named, f"{topic}\n{text}")
    others = [address for address in named if address.lower() != (sender.email or "").lower()]
    if others and len(others) == len(named):
        for address in others:
            if _is_account_address(address, text):
                return Concerned(address, writer, is_on_behalf=False)
    return Concerned(sender.email, writer, is_on_behalf=False)


def _addresses(text: str) -> list[str]:
    return list(dict.fromkeys(match[0].rstrip(".") for match in _ADDRESS.finditer(text)))


def _is_account_address(address: str, text: str) -> bool:
    at = text.find(address)
    return _ACCOUNT_WORDS.search(text[max(0, at - 90) : at + len(address) + 60]) is not None


def _represented(sender: Person, writer: str | None, named: list[str], text: str) -> Concerned:
    others = [address for address in named if address.lower() != (sender.email or "").lower()]
    email = others[0] if others else None
    near = text.find(email) if email else -1
    name = _name_near(text, near, writer) if email else _other_name(text, writer)
    if name and email:
        name = _by_local_part(name, email)
    return Concerned(email, nominative(name, text) if name else None, is_on_behalf=True, is_sure=email is not None)


def _name_near(text: str, at: int, writer: str | None) -> str | None:
    before = [m for m in _names(text[max(0, at - 160) : at]) if not _same(m, writer)]
    after = [m for m in _names(text[at : at + 160]) if not _same(m, writer)]
    return (before[-1] if before else None) or (after[0] if after else None) or _other_name(text, writer)


def _other_name(text: str, writer: str | None) -> str | None:
    return next((name for name in _names(text) if not _same(name, writer)), None)


def _names(text: str) -> list[str]:
    """Runs of two to four capitalised words that can be a person's name."""
    found: list[str] = []
    for match in _NAME.finditer(text):
        words = match[0].split()
        while words and (_GREETING.match(words[0]) or _OF_WHOM.match(words[0]) or words[0].lower() in _TITLES):
            words = words[1:]
        while words and (_GREETING.match(words[-1]) or _GOES_ON.match(words[-1])):
            words = words[:-1]
        while len(words) > 3:
            words = words[1:]
        if len(words) >= 2 and not any(word.lower().strip(".:") in _COMPANY_WORDS for word in words):
            found.append(" ".join(words))
    return found


def _same(name: str, other: str | None) -> bool:
    if other is None:
        return False
    mine, theirs = fold(name).split(), fold(other).split()
    return mine[0] == theirs[0] and mine[-1][:4] == theirs[-1][:4]


def _by_local_part(name: str, email: str) -> str:
    """'Urho Kallion' beside urho.kallio@: the address knows the nominative."""
    parts = [part for part in re.split(r"[._\-+\d]+", email.partition("@")[0]) if len(part) > 1]
    words = name.split()
    for at, word in enumerate(words):
        base = next((form for form in _base_forms(word) if fold(form) in map(fold, parts)), None)
        stem = next((part for part in parts if _shares_stem(fold(word), fold(part))), None)
        if base is not None:
            words[at] = base
        elif stem is not None and fold(word) != fold(stem):
            words[at] = word[:3] + stem[3:]
    return " ".join(words)


def _base_forms(word: str) -> tuple[str, ...]:
    """The word itself and what a Finnish, Swedish or English genitive or accusative of a name may come from."""
    forms = [word]
    if word.endswith(("sen", "sta")):
        forms.append(word[:-3] + "nen")
    forms += [
        word.removesuffix(ending)
        for ending in ("n", "en", "in", "a", "ä", "ta", "tä", "s", "'s", "’s")
        if word.endswith(ending)
    ]
    return tuple(forms)


def _shares_stem(word: str, part: str) -> bool:
    return len(part) >= 4 and word[:3] == part[:3] and abs(len(word) - len(part)) <= 2 and word[-1] in "nas"


def nominative(name: str, text: str) -> str:
    """A name in the genitive back to its base form: by the mail's own words where they show it, else by ending."""
    words = name.split()
    last = words[-1]
    if not last.endswith(("n", "s", "’s", "'s")):
        return name
    if last.endswith(("'s", "’s")):
        return " ".join([*words[:-1], last[:-2]])
    first = fold(words[0])
    for other in _names(text):
        if (
            fold(other.split()[0])[:4] == first[:4]
            and fold(other.split()[-1])[:4] == fold(last)[:4]
            and len(other.split()[-1]) < len(last)
        ):
            return other
    if last.endswith("sen"):
        return " ".join([*words[:-1], last[:-3] + "nen"])
    if (
        last.endswith("n")
        and re.search(r"[aeiouyäö]n$", last)
        and not last.endswith("nen")
        and re.search(
            rf"{re.escape(last)}\s*(?:\(|edunvalvo|puoles|äiti|isä|huoltaj|tieto|tiedo|asia|nimi|valtuut)", text
        )
    ):
        return " ".join([*words[:-1], last[:-1]])
    return name


def written_name(sender: Person, signature: str, text: str = "") -> str | None:
    """The writer's name: the From field's where it is a person's full name, else the signature's."""
    shown = _without_titles(sender.name or "")
    if len(shown.split()) >= 2 and not _is_company(shown):
        return _flipped(shown)
    for line in [*signature.split("\n"), *reversed(text.strip().split("\n")[-3:])]:
        name = _signed_name(line, shown, sender.email)
        if name:
            return name
    last = re.search(r"[\s.!?](?:t|terv|terveisin|mvh|br|/)[.:]?\s+(\S+\s+\S+)\s*$", text, re.IGNORECASE)
    return (_signed_name(last[1], shown, sender.email) if last else None) or shown or None


def _flipped(name: str) -> str:
    """'Niemelä, Satu' is Satu Niemelä."""
    last, comma, firstname = name.partition(",")
    return f"{firstname.strip()} {last.strip()}" if comma and firstname.strip() else name


def _without_titles(name: str) -> str:
    words = name.split()
    while len(words) > 2 and words[0].lower().strip(".") in _TITLES:
        words = words[1:]
    return re.sub(r"\s*[\[(].*?[\])]", "", " ".join(words)).strip()


def _is_company(name: str) -> bool:
    return any(word.lower().strip(".,") in _COMPANY_WORDS for word in name.split())


def _signed_name(line: str, shown: str, email: str | None) -> str | None:
    bare = re.sub(
        r"^\s*(?:t|terv|terveisin|yst|mvh|br|rgds|regards|hälsn|hälsningar|kiittäen|cheers|/)\s*[.:,/-]?\s+",
        "",
        line.strip(),
        flags=re.IGNORECASE,
    ).strip(" ,.-/")
    words = bare.split()
    if not 2 <= len(words) <= 4 or not all(re.fullmatch(r"[^\W\d_]+(?:[-'’.][^\W\d_]*)*", word) for word in words):
        return None
    if _is_company(bare) or _GREETING.match(words[0]):
        return None
    local = fold((email or "").partition("@")[0])
    known = [fold(word)[:4] in local or fold(word) == fold(shown) for word in words]
    if any(known) or all(word[0].isupper() for word in words):
        return " ".join(word if word[0].isupper() else word.capitalize() for word in words)
    return None
