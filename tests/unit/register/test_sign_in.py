"""What a register says about signing in must be possible and safe; each mistake is named with its place."""

from pathlib import Path

import pytest

from dsr_fulfilment.handlers.publish_registers import public_part
from dsr_fulfilment.register.loader import check_register

GOOD = (Path(__file__).parents[3] / "deploy" / "controllers" / "esimerkki.yaml").read_text(encoding="utf-8")
SIGN_IN = """sign_in:
  name: {fi: Tunnistaudu, sv: Identifiera dig, en: Identify yourself}
  issuer: https://tunnistus.example
  client_id: kuukausi
  scopes: [openid, profile]
  acr_values: [http://ftn.ficora.fi/2017/loa2]
  claims:
    name: name
    identifiers: {customer_number: customer_no}
"""


def checked(tmp_path: Path, old: str = "", new: str = "") -> str:
    assert old in SIGN_IN
    file = tmp_path / "esimerkki.yaml"
    file.write_text(GOOD.replace("holds:\n", SIGN_IN.replace(old, new, 1) + "holds:\n", 1), encoding="utf-8")
    register, problems = check_register(file)
    if not problems:
        assert register is not None
        assert register.sign_in is not None
    return "\n".join(str(problem) for problem in problems)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("https://tunnistus.example", "http://127.0.0.1:9999/oidc"),
        ("https://tunnistus.example", "https://login.example:8443/tenant/v2.0"),
        ("  scopes: [openid, profile]\n  acr_values: [http://ftn.ficora.fi/2017/loa2]\n", ""),
        ("    identifiers: {customer_number: customer_no}", "    email: email"),
        ("customer_no}", "'urn:oid:1.2.246.21'}"),
        ("  client_id: kuukausi\n", "  client_id: kuukausi\n  client_authentication: private_key_jwt\n"),
    ],
)
def test_a_sign_in_that_can_prove_something_is_taken(tmp_path: Path, old: str, new: str) -> None:
    assert checked(tmp_path, old, new) == ""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("https://tunnistus.example", "http://tunnistus.example", "not an https:// address"),
        ("https://tunnistus.example", "https://user@tunnistus.example", "sign_in.issuer"),
        ("https://tunnistus.example", "https://tunnistus.example?x=1", "sign_in.issuer"),
        ("https://tunnistus.example", "tunnistus.example", "sign_in.issuer"),
        ("[openid, profile]", "[profile]", "without the scope openid"),
        ("    identifiers: {customer_number: customer_no}\n", "", "no claim tells by what a person is found"),
        ("customer_number:", "shoe_size:", "no system is searched by 'shoe_size'"),
        (", sv: Identifiera dig", "", "name has no words in sv"),
        ("  client_id: kuukausi\n", "  client_id: kuukausi\n  client_secret: s3cret\n", "not a field of a register"),
        ("  client_id: kuukausi\n", "", "client_id is missing"),
        ("  client_id: kuukausi\n", "  client_id: kuukausi\n  client_authentication: none\n", "client_authentication"),
    ],
)
def test_a_sign_in_that_proves_nothing_or_is_not_safe_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in checked(tmp_path, old, new)


def test_the_public_part_tells_intake_all_that_it_needs_and_no_register_without_one_changes(tmp_path: Path) -> None:
    assert checked(tmp_path) == ""
    register, _ = check_register(tmp_path / "esimerkki.yaml")
    assert register is not None
    told = public_part(register, 1, "https://privacy.example").sign_in
    assert told is not None
    assert (told.issuer, told.client_id) == ("https://tunnistus.example", "kuukausi")
    assert (told.name_claim, told.identifier_claims) == ("name", {"customer_number": "customer_no"})
    assert told.client_authentication == "client_secret"
    assert told.acr_values == ("http://ftn.ficora.fi/2017/loa2",)
    assert public_part(register.model_copy(update={"sign_in": None}), 1, "https://privacy.example").sign_in is None


def test_the_public_part_tells_how_intake_shows_who_it_is(tmp_path: Path) -> None:
    new = "  client_id: kuukausi\n  client_authentication: private_key_jwt\n"
    assert checked(tmp_path, "  client_id: kuukausi\n", new) == ""
    register, _ = check_register(tmp_path / "esimerkki.yaml")
    assert register is not None
    told = public_part(register, 1, "https://privacy.example").sign_in
    assert told is not None
    assert told.client_authentication == "private_key_jwt"
