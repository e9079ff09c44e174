"""`kuukausi deadline`, `hold` and `breach-clock`: the law's sums, without any service running."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final, TypeVar

import click

from dsr_fulfilment.domain.holds import STATUTORY_HOLDS, FinancialYearEnd, hold_of
from dsr_shared.calendar import HELSINKI, breach_clock, due_dates

ResultT = TypeVar("ResultT")
HOLDS: Final = {hold.id: hold for hold in STATUTORY_HOLDS}
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


class Moment(click.ParamType[datetime]):
    """A time with its offset from UTC."""

    name = "time"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        remedy = "write it with its offset, for example 2026-11-23T23:30:00+02:00"
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a time in ISO 8601; {remedy}", param, ctx)
        if moment.utcoffset() is None:
            self.fail(f"{value!r} has no offset from UTC; {remedy}", param, ctx)
        return moment


class Day(click.ParamType[date]):
    """A calendar day."""

    name = "date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date; write YYYY-MM-DD, for example 2026-03-15", param, ctx)


class YearEnd(click.ParamType[FinancialYearEnd]):
    """The month and day a financial year ends on."""

    name = "MM-DD"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> FinancialYearEnd:
        try:
            return FinancialYearEnd.parse(value)
        except ValueError as problem:
            self.fail(str(problem), param, ctx)


@click.command()
@click.argument("received", type=Moment())
@json_option
def deadline(received: datetime, as_json: bool) -> None:
    """Print the due dates of a request RECEIVED at a time (GDPR Art. 12(3))."""
    dates = _within_calendar(lambda: due_dates(received))
    _print({name: getattr(dates, name) for name in ("received", "nominal", "due", "extended_due")}, as_json=as_json)


@click.command()
@click.argument("document", type=click.Choice(sorted(HOLDS)))
@click.argument("day", metavar="DATE", type=Day())
@click.option("--financial-year-end", "year_end", type=YearEnd(), required=True, help="For example 12-31.")
@json_option
def hold(document: str, day: date, year_end: FinancialYearEnd, as_json: bool) -> None:
    """Print until when a DOCUMENT of a DATE is kept, and from when it is erased (Accounting Act, chapter 2)."""
    kept = _within_calendar(lambda: hold_of(day, HOLDS[document], year_end))
    _print({"kept_until": kept.kept_until, "erase_from": kept.erase_from}, as_json=as_json)


@click.command("breach-clock")
@click.argument("aware", type=Moment())
@json_option
def breach_clock_command(aware: datetime, as_json: bool) -> None:
    """Print when the authority is to be told of a breach that one became AWARE of at a time (GDPR Art. 33)."""
    clock = _within_calendar(lambda: breach_clock(aware))
    _print({"aware": clock.aware, "authority_due": clock.authority_due}, as_json=as_json)


commands: tuple[click.Command, ...] = (deadline, hold, breach_clock_command)


def _within_calendar(compute: Callable[[], ResultT]) -> ResultT:
    try:
        return compute()
    except (ValueError, OverflowError):
        raise click.UsageError("The day lies outside the years 1 to 9999; check the year.") from None


def _print(answer: Mapping[str, date], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({name: value.isoformat() for name, value in answer.items()}))
        return
    for name, value in answer.items():
        click.echo(f"{name.replace('_', ' '):<14}{_in_words(value)}")


def _in_words(value: date) -> str:
    if not isinstance(value, datetime):
        return f"{WEEKDAYS[value.weekday()]} {value.isoformat()}"
    local = value.astimezone(HELSINKI)
    return f"{value.isoformat()}  ({WEEKDAYS[local.weekday()]} {local:%Y-%m-%d %H:%M} in Helsinki)"
