"""`kuukausi deadline`, `hold` and `breach-clock` as people and scripts call them."""

import json

import click
import pytest
from click.testing import CliRunner, Result

from kuukausi.commands.calculations import commands


def run(verb: str, *arguments: str) -> Result:
    group = click.Group(commands={command.name or "": command for command in commands})
    return CliRunner().invoke(group, [verb, *arguments])


def answer(verb: str, *arguments: str) -> object:
    result = run(verb, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_a_deadline_is_printed_as_one_object_of_dates() -> None:
    assert answer("deadline", "2026-11-24T23:30:00+00:00") == {
        "received": "2026-11-25",
        "nominal": "2026-12-25",
        "due": "2026-12-28",
        "extended_due": "2027-02-25",
    }


@pytest.mark.parametrize(
    ("document", "day", "year_end", "kept_until", "erase_from"),
    [
        ("voucher", "2026-03-15", "12-31", "2032-12-31", "2033-01-01"),
        ("voucher", "2026-09-15", "06-30", "2033-12-31", "2034-01-01"),
        ("books", "2024-03-31", "03-31", "2034-03-31", "2034-04-01"),
    ],
)
def test_a_hold_is_printed_with_its_last_day_and_the_day_after(
    document: str, day: str, year_end: str, kept_until: str, erase_from: str
) -> None:
    expected = {"kept_until": kept_until, "erase_from": erase_from}
    assert answer("hold", document, day, "--financial-year-end", year_end) == expected


@pytest.mark.parametrize(
    ("aware", "in_utc", "due"),
    [
        ("2027-03-25T10:30:00+02:00", "2027-03-25T08:30:00+00:00", "2027-03-28T08:30:00+00:00"),
        ("2026-10-24T09:00:00+03:00", "2026-10-24T06:00:00+00:00", "2026-10-27T06:00:00+00:00"),
        ("2026-10-24T06:00:00Z", "2026-10-24T06:00:00+00:00", "2026-10-27T06:00:00+00:00"),
    ],
)
def test_the_breach_clock_is_printed_in_utc(aware: str, in_utc: str, due: str) -> None:
    assert answer("breach-clock", aware) == {"aware": in_utc, "authority_due": due}


def test_people_read_weekdays_and_the_time_in_helsinki() -> None:
    assert "Mon 2026-12-28" in run("deadline", "2026-11-25T12:00:00+02:00").output
    assert "Sun 2027-03-28 11:30 in Helsinki" in run("breach-clock", "2027-03-25T10:30:00+02:00").output


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (("deadline", "2026-11-24"), "no offset from UTC"),
        (("deadline", "yesterday"), "is not a time in ISO 8601"),
        (("deadline", "9999-12-31T00:00:00Z"), "check the year"),
        (("deadline",), "Missing argument"),
        (("breach-clock", "2026-11-24T10:00"), "no offset from UTC"),
        (("hold", "voucher", "15.3.2026", "--financial-year-end", "12-31"), "write YYYY-MM-DD"),
        (("hold", "voucher", "2026-03-15", "--financial-year-end", "31-12"), "write MM-DD"),
        (("hold", "voucher", "2026-03-15"), "--financial-year-end"),
        (("hold", "receipt", "2026-03-15", "--financial-year-end", "12-31"), "voucher"),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_to_write(arguments: tuple[str, ...], remedy: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert remedy in result.output
    assert "Traceback" not in result.output
