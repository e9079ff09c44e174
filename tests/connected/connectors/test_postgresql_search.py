"""What the PostgreSQL connector finds, copies and leaves unread, on the sample company's databases."""

from datetime import UTC, datetime

import pytest
from tests.connected.connectors.conftest import Sample

from dsr_fulfilment.domain.items import Identifiers
from dsr_fulfilment.ports import ConnectionRefused, IdentifiersConflict, SystemMisdeclared
from kuukausi.sample import ASKS_BY_MAIL, NAMESAKE

LIISA = Identifiers({"email": ASKS_BY_MAIL.email})


async def test_match_tells_one_person_from_the_namesake_at_the_same_address(sample: Sample) -> None:
    (candidate,) = await sample.connector("esimerkki", "crm").match(LIISA)
    assert candidate.on_file_email == ASKS_BY_MAIL.email
    assert candidate.masked_label == "L••••• E•••••"
    assert ASKS_BY_MAIL.family_name not in repr(candidate)


async def test_an_address_is_compared_without_case_or_blanks(sample: Sample) -> None:
    shouted = Identifiers({"email": f"  {ASKS_BY_MAIL.email.upper()} "})
    assert len(await sample.connector("esimerkki", "crm").match(shouted)) == 1


async def test_a_finnish_number_is_the_same_with_and_without_its_country_code(sample: Sample) -> None:
    crm = sample.connector("esimerkki", "crm")
    for spelled in ("+358 9912 30001", "099 123 0001", "00358-9912-30001"):
        (candidate,) = await crm.match(Identifiers({"phone": spelled}))
        assert candidate.on_file_email == ASKS_BY_MAIL.email


async def test_an_empty_or_undeclared_identifier_matches_nobody(sample: Sample) -> None:
    crm = sample.connector("esimerkki", "crm")
    for values in ({}, {"email": "  "}, {"phone": "?"}, {"name": "Liisa Esimerkki"}):
        assert await crm.match(Identifiers(values)) == ()
        assert (await crm.find(Identifiers(values))).outcome == "nothing_found"


async def test_an_identifier_is_never_read_as_sql(sample: Sample) -> None:
    crm = sample.connector("esimerkki", "crm")
    assert await crm.match(Identifiers({"email": "' or true --"})) == ()


async def test_identifiers_of_two_people_are_a_conflict_and_not_a_guess(sample: Sample) -> None:
    crm = sample.connector("esimerkki", "crm")
    mixed = Identifiers({"email": ASKS_BY_MAIL.email, "customer_number": NAMESAKE.number})
    assert len(await crm.match(mixed)) == 2
    with pytest.raises(IdentifiersConflict):
        await crm.find(mixed)


@pytest.mark.promise("P01")
@pytest.mark.promise("P20")
async def test_everything_of_the_person_is_found_by_declared_joins_and_nothing_of_the_namesake(sample: Sample) -> None:
    found = await sample.connector("esimerkki", "crm").find(LIISA)
    tables = {item.table for item in found.items}
    assert tables == {
        "customers", "contacts", "orders", "order_lines", "invoices", "invoice_lines", "support_notes",
    }  # fmt: skip
    expected = await sample.sql(
        "crm", "select count(*) from invoice_lines join invoices on id = invoice_id where customer_id = 1"
    )
    assert sum(item.table == "invoice_lines" for item in found.items) == expected[0][0]
    assert NAMESAKE.email not in str([item.values for item in found.items])


async def test_composite_keys_are_kept_whole_and_lines_take_the_date_of_their_invoice(sample: Sample) -> None:
    found = await sample.connector("esimerkki", "crm").find(LIISA)
    line = next(item for item in found.items if item.table == "invoice_lines")
    assert set(line.key) == {"invoice_id", "line"}
    days = {str(item.document_date) for item in found.items if item.table == "invoice_lines"}
    assert days == set(ASKS_BY_MAIL.invoice_days)


@pytest.mark.promise("P29")
async def test_credentials_are_never_read_and_only_named_in_the_copy(sample: Sample) -> None:
    portal = sample.connector("esimerkki", "portal")
    found = await portal.find(LIISA)
    login = next(item for item in found.items if item.table == "logins")
    assert login.values["password_hash"] is True
    exported = await portal.export(found)
    logins = next(table for table in exported.tables if table.name == "logins")
    assert logins.withheld == ("password_hash",)
    assert "password_hash" not in logins.columns
    assert "argon2" not in str(exported.tables) + str(found.items) + str(
        [row for t in exported.tables for row in t.rows]
    )


async def test_a_personal_identity_code_is_masked_before_anything_sees_it(sample: Sample) -> None:
    found = await sample.connector("esimerkki", "crm").find(LIISA)
    customer = next(item for item in found.items if item.table == "customers")
    assert customer.values["personal_identity_code"] == "0•••••"


async def test_items_that_may_speak_of_others_are_copied_only_after_a_review(sample: Sample) -> None:
    declared = sample.system("esimerkki", "crm")
    tables = tuple(t.model_copy(update={"third_party": t.name == "support_notes"}) for t in declared.tables)
    crm = sample.connector("esimerkki", "crm", declared.model_copy(update={"tables": tables}))
    found = await crm.find(LIISA)
    notes = [item.ref.identity for item in found.items if item.third_party]
    assert len(notes) == 2
    assert "support_notes" not in [table.name for table in (await crm.export(found)).tables]
    reviewed = await crm.export(found, reviewed=notes[:1])
    assert [len(table.rows) for table in reviewed.tables if table.name == "support_notes"] == [1]


async def test_a_portable_copy_has_only_what_the_person_provided(sample: Sample) -> None:
    crm = sample.connector("esimerkki", "crm")
    exported = await crm.export(await crm.find(LIISA), portable_only=True)
    by_name = {table.name: table.columns for table in exported.tables}
    assert "invoices" not in by_name
    assert "support_notes" not in by_name
    assert "email" in by_name["customers"]
    assert "number" not in by_name["customers"]


async def test_a_time_span_concerns_each_person_once_with_their_language(sample: Sample) -> None:
    start, end = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    people = await sample.connector("esimerkki", "crm").concerned(start, end)
    assert len({person.key for person in people}) == len(people)
    liisa = next(person for person in people if person.email == ASKS_BY_MAIL.email)
    assert (liisa.name, liisa.language) == (ASKS_BY_MAIL.name, "fi")
    expected = await sample.sql(
        "crm",
        "select count(*) from customers c where created_at >= $1 and created_at < $2"
        " or exists (select from orders o where o.customer_id = c.id and ordered_at >= $1 and ordered_at < $2)"
        " or exists (select from invoices i where i.customer_id = c.id"
        " and issued_on between '2026-03-01' and '2026-04-01')"
        " or exists (select from support_notes s where s.customer_id = c.id and written_at >= $1 and written_at < $2)",
        start,
        end,
    )
    assert len(people) == expected[0][0]


@pytest.mark.promise("P38")
async def test_a_secret_that_leads_to_an_undeclared_host_is_refused(sample: Sample) -> None:
    declared = sample.system("esimerkki", "crm").model_copy(update={"hosts": ("crm.internal.example",)})
    with pytest.raises(ConnectionRefused, match="does not declare"):
        sample.connector("esimerkki", "crm", declared)


async def test_a_register_that_does_not_fit_the_database_is_named_in_full(sample: Sample) -> None:
    await sample.sql("crm", "alter table orders drop column delivered_on")
    await sample.sql("crm", "alter table contacts drop constraint contacts_pkey")
    with pytest.raises(SystemMisdeclared) as problem:
        await sample.connector("esimerkki", "crm").find(LIISA)
    assert "orders has no column delivered_on" in str(problem.value)
    assert "contacts has no unique key of customer_id, position" in str(problem.value)


async def test_a_wrong_password_is_refused_without_telling_it(sample: Sample) -> None:
    from dsr_fulfilment.adapters.connectors.postgresql import PostgresqlConnector

    address = sample.access.secrets[("esimerkki", "crm_dsn")].replace("_connector:", "_connector:wrong")
    connector = PostgresqlConnector(sample.system("esimerkki", "crm"), address)
    with pytest.raises(ConnectionRefused) as problem:
        await connector.match(LIISA)
    assert "wrong" not in str(problem.value)
    assert problem.value.__cause__ is None
