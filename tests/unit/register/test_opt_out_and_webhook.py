"""What a register says about opt-outs and webhooks must be possible to do; each mistake is named with its place."""

from pathlib import Path

import pytest

from dsr_fulfilment.register.loader import check_register

GOOD = (Path(__file__).parents[3] / "deploy" / "controllers" / "esimerkki.yaml").read_text(encoding="utf-8")
RULE = '{table: newsletter_consents, identifier: email, set: {withdrawn_at: "{now}"}}'


def problems(tmp_path: Path, old: str, new: str) -> str:
    assert old in GOOD
    file = tmp_path / "esimerkki.yaml"
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    return "\n".join(str(problem) for problem in check_register(file)[1])


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{table: nowhere, set: {withdrawn_at: x}}", "'nowhere' is not a table of portal"),
        ("{table: newsletter_consents, identifier: phone, set: {withdrawn_at: x}}", "has no identifier 'phone'"),
        ("{table: newsletter_consents, set: {gone_at: x}}", "declares no column 'gone_at'"),
        ("{table: newsletter_consents, set: {email: x}}", "tells whose row it is"),
        ("{table: newsletter_consents, set: {list: x}}", "tells whose row it is"),
        ("{table: newsletter_consents, set: {withdrawn_at: x}, rights: [access]}", "rights"),
    ],
)
def test_an_opt_out_that_cannot_be_written_is_refused(tmp_path: Path, rule: str, said: str) -> None:
    assert said in problems(tmp_path, RULE, rule)


def test_a_system_that_an_activity_on_consent_uses_cannot_have_nothing_to_opt_out_of(tmp_path: Path) -> None:
    said = problems(tmp_path, f"    opt_out:\n      - {RULE}\n", "    opt_out: []\n")
    assert "newsletter rests on consent and uses portal" in said


def test_paper_cannot_be_written_to_by_a_program(tmp_path: Path) -> None:
    said = problems(tmp_path, "    opt_out: []\n    shelf", "    opt_out: [{table: x, set: {y: z}}]\n    shelf")
    assert "archive is paper" in said


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example.com/", "https://10.0.0.1/", "https://localhost/", "https://user@hooks.example.com/", "https://[::1]/"],
)  # fmt: skip
def test_a_webhook_goes_to_a_name_of_the_public_internet_over_https(tmp_path: Path, url: str) -> None:
    assert "webhook" in problems(tmp_path, "holds:\n", f"webhook: {{url: '{url}', secret: hooks}}\nholds:\n")


def test_a_good_webhook_is_taken(tmp_path: Path) -> None:
    good = "webhook: {url: 'https://hooks.example.com:8443/a?b=c', secret: hooks}\nholds:\n"
    assert problems(tmp_path, "holds:\n", good) == ""
