"""A register with mistakes is refused, and each mistake is named with its line and what to do."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from dsr_fulfilment.domain.holds import VOUCHER
from dsr_fulfilment.register.loader import check_register, load_register
from dsr_fulfilment.register.problems import Problem, RegisterError
from dsr_fulfilment.register.rules import ground_text, label_text, plan_rules
from dsr_fulfilment.register.schema import committed_schema, schema_text
from kuukausi.commands.register import commands

CONTROLLERS = Path(__file__).parents[3] / "deploy" / "controllers"
GOOD = (CONTROLLERS / "esimerkki.yaml").read_text(encoding="utf-8")

Check = Callable[..., tuple[Problem, ...]]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Check the good register after replacements of text."""

    def run(*changes: tuple[str, str]) -> tuple[Problem, ...]:
        text = GOOD
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        file = tmp_path / "esimerkki.yaml"
        file.write_text(text, encoding="utf-8")
        return check_register(file)[1]

    return run


def line_of(text: str, *, after: str = "") -> int:
    start = GOOD.index(after) if after else 0
    return GOOD.count("\n", 0, GOOD.index(text, start)) + 1


@pytest.mark.parametrize("name", ["esimerkki", "pikku"])
def test_the_example_registers_have_no_problems(name: str) -> None:
    register, problems = check_register(CONTROLLERS / f"{name}.yaml")
    assert problems == ()
    assert register is not None
    assert register.id == name


def test_the_committed_schema_is_the_one_of_the_model() -> None:
    assert committed_schema() == schema_text(), "run: kuukausi register schema > register.schema.json"


@pytest.mark.parametrize("name", ["esimerkki", "pikku"])
def test_the_example_registers_fit_the_schema_that_editors_use(name: str) -> None:
    data = YAML(typ="safe").load((CONTROLLERS / f"{name}.yaml").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(json.dumps(data, default=str)), json.loads(committed_schema()))


INVOICE_RULES = "        on_kept_child: {action: keep}\n        keep_while:\n          - id: unpaid"
CONTACTS_JOIN = "{table: customers, columns: {customer_id: id}}\n        provided_by_person: true\n        columns:"

CASES = [
    (("table: orders,", "table: ordres,"), "'ordres', which is not a table", "Declare that table"),
    (("        primary_key: [invoice_id, line]\n", ""), "primary_key is missing", "Add it"),
    (("    region: SE\n    hosts", "    region: US\n    hosts"), "lies in US", "Move the system"),
    (("      sv: Fakturor sparas sex år", "      se: Fakturor sparas sex år"), "se", ""),
    (("en: Order lines}", "en: ''}"), "label.en", "Write something"),
    (("sv: Beställningsrader, ", ""), "label has no words in sv", "`sv:`"),
    (("  - id: portal\n    kind", "  - id: crm\n    kind"), "stands twice", "own name"),
    (("hosts: [127.0.0.1,", "hosts: [169.254.169.254,"), "link-local", "without scheme"),
    (("hosts: [127.0.0.1,", "hosts: ['postgresql://x',"), "not a host name", "without scheme"),
    (("hosts: [127.0.0.1,", "hosts: ['*',"), "not a host name", "without scheme"),
    (("        document_date: issued_on\n", ""), "no date it counts from", "document_date"),
    (
        ("document_date: invoices.issued_on", "document_date: orders.ordered_at"),
        "no column of invoice_lines",
        "parent_table",
    ),
    (("hold: voucher", "hold: vouchers"), "no hold 'vouchers'", "holds"),
    (("financial_year_end: 12-31", "financial_year_end: 02-30"), "no year has the day", "12-31"),
    (("recipients: [accountant, hosting]", "recipients: [acountant]"), "no recipient 'acountant'", "recipients"),
    (("systems: [crm, archive]", "systems: [crm]"), "what the system archive is for", "systems"),
    ((", export: named}", "}"), "looks like a credential", "export: named"),
    (("            export: masked\n", ""), "looks like a personal identity code", "export: masked"),
    (("any_of: [open, in_delivery]", "until_column: delivered_on"), "says nothing", "any_of"),
    (('            family_name: ""\n', ""), "names the person but would not be overwritten", "family_name"),
    (
        ("        primary_key: [customer_id, position]", "        primary_key: [customer, position]"),
        "no column 'customer'",
        "columns",
    ),
    (
        ("        category: support\n", "        category: support\n        xyzzy: red\n"),
        "xyzzy is not a field",
        "Remove",
    ),
    (
        ("        document_date: issued_on\n", "        document_dates: issued_on\n"),
        "document_dates is not a field",
        "`document_date`",
    ),
    (("kind: paper", "kind: papers"), "no kind of system", "paper"),
    (("checked_on: 2026-11-02", "checked_on: soon"), "checked_on", "YYYY-MM-DD"),
    (("\nid: esimerkki", "\nid: toinen"), "not the file's name", "Rename"),
    ((INVOICE_RULES, INVOICE_RULES.split("\n", 1)[1]), "does not say what then", "on_kept_child"),
]


@pytest.mark.parametrize(("change", "what", "remedy"), CASES, ids=[case[1] for case in CASES])
def test_each_mistake_is_named(check: Check, change: tuple[str, str], what: str, remedy: str) -> None:
    problems = check(change)
    assert any(what in problem.what and remedy in problem.remedy for problem in problems), problems
    assert all(problem.remedy and problem.line > 1 for problem in problems)


@pytest.mark.promise("P38")
@pytest.mark.parametrize(
    "origin", ["http://www.kehys.example", "https://www.kehys.example/", "*", "https://a.example; script-src *"]
)
def test_a_frame_is_allowed_to_whole_https_origins_alone(check: Check, origin: str) -> None:
    good = 'brand_colour: "#7A2E4D"\nembed_origins: ["https://www.kehys.example", "https://kehys.example:8443"]'
    assert check(('brand_colour: "#7A2E4D"', good)) == ()
    assert check(('brand_colour: "#7A2E4D"', good.replace("https://www.kehys.example", origin)))


def test_a_system_outside_the_allowed_regions_is_refused_on_its_line(check: Check) -> None:
    (problem,) = check(("    region: SE\n    hosts", "    region: US\n    hosts"))
    assert problem.line == line_of("    region: SE\n    hosts")
    assert "EU/EEA" in problem.what


@pytest.mark.promise("P38")
def test_a_company_that_allows_finland_alone_refuses_another_country_of_the_union(check: Check) -> None:
    problems = check(("regions: [EU/EEA]", "regions: [FI]"))
    assert sum("data may lie only in FI" in problem.what for problem in problems) == 2
    assert any("recipient hosting is in SE" in problem.what for problem in problems)


def test_several_mistakes_are_named_at_once_each_on_its_own_line(check: Check) -> None:
    problems = check(
        ("        primary_key: [invoice_id, line]\n", ""),
        ("    region: SE\n    hosts", "    region: US\n    hosts"),
        (CONTACTS_JOIN, CONTACTS_JOIN.replace("customers", "clients")),
        ("checked_on: 2026-11-02", "checked_on: soon"),
        ("sv: Bokföringen sparas", "xx: Bokföringen sparas"),
        (
            "hosts: [127.0.0.1, localhost, sample-db]\n    secret: portal_dsn",
            "hosts: [0.0.0.0]\n    secret: portal_dsn",
        ),
    )
    text = " | ".join(problem.what for problem in problems)
    for part in ("primary_key is missing", "lies in US", "'clients'", "checked_on", "xx", "'0.0.0.0'"):
        assert part in text
    host = next(problem for problem in problems if "0.0.0.0" in problem.what)
    assert host.line == line_of("hosts: [127.0.0.1", after="- id: portal\n    kind") - 1
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("a: 1\na: 2\n", "duplicate key"),
        ("a: [1\n", "not YAML"),
        ("--- {}\n--- {}\n", "second document"),
        ("a: !!python/object:os.system x\n", "tag"),
        ("a: &x [1]\nb: &y [*x, *x]\nc: [*y, *y]\n", "alias inside"),
        ("a: &x 1\nb: [" + ", ".join(["*x"] * 201) + "]\n", "more than 200 aliases"),
        ("a: " + "[" * 30 + "]" * 30 + "\n", "nested deeper"),
        ("x" * (1024 * 1024 + 1), "larger than"),
        ("- 1\n- 2\n", "holds no register"),
        ("", "holds no register"),
    ],
)
def test_a_file_that_is_no_register_or_a_bomb_gets_one_clear_problem(tmp_path: Path, content: str, what: str) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(content, encoding="utf-8")
    _, (problem,) = check_register(file)
    assert what in problem.what.lower() or what in problem.what


def test_bytes_that_are_not_utf8_are_named_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes("id: x\nname: Mäki\n".encode("latin-1"))
    _, (problem,) = check_register(file)
    assert (problem.line, problem.what) == (2, "the text is not UTF-8")


def test_a_missing_file_is_a_problem_and_not_a_traceback(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="can't be read"):
        load_register(tmp_path / "none.yaml")


def test_the_rules_of_the_plan_come_from_the_register() -> None:
    register = load_register(CONTROLLERS / "esimerkki.yaml")
    rules = plan_rules(register, date(2026, 11, 22))
    assert (rules.year_end.month, rules.year_end.day) == (12, 31)
    assert VOUCHER in rules.holds
    invoices = rules.named("crm", "invoices")
    assert (invoices.hold, invoices.keep_while[0].id) == ("voucher", "unpaid_invoice")
    assert rules.named("crm", "customers").on_kept_child == "redact"
    assert rules.depth("crm", "invoice_lines") == 2


def test_grounds_and_labels_are_said_in_the_registers_words() -> None:
    register = load_register(CONTROLLERS / "esimerkki.yaml")
    assert (ground_text(register, "crm", "orders", "open_order") or {})["fi"].startswith("Tilaus on vielä")
    assert "Accounting Act" in (ground_text(register, "crm", "invoices", "voucher") or {})["en"]
    assert ground_text(register, "crm", "invoices", "unheard_of") is None
    assert label_text(register, "archive", "paper")["sv"] == "Pappersmappar"


def test_the_command_prints_file_line_and_remedy_and_exits_1(tmp_path: Path) -> None:
    bad = tmp_path / "esimerkki.yaml"
    bad.write_text(GOOD.replace("    region: SE\n", "    region: US\n"), encoding="utf-8")
    result = CliRunner().invoke(commands[0], ["check", str(bad), str(CONTROLLERS / "pikku.yaml")])
    assert result.exit_code == 1
    assert f"{bad}:{line_of('    region: SE')}: the recipient hosting is in US" in result.output
    assert "to do:" in result.output
    assert "pikku.yaml: no problems" in result.output


def test_the_command_exits_0_when_nothing_is_wrong_and_prints_json_lines_when_asked(tmp_path: Path) -> None:
    assert CliRunner().invoke(commands[0], ["check", str(CONTROLLERS / "esimerkki.yaml")]).exit_code == 0
    result = CliRunner().invoke(commands[0], ["check", "--json", str(tmp_path / "none.yaml")])
    assert result.exit_code == 1
    assert set(json.loads(result.output)) == {"file", "line", "what", "remedy", "kind"}


def test_the_command_prints_the_schema_for_editors() -> None:
    assert CliRunner().invoke(commands[0], ["schema"]).output == committed_schema()
