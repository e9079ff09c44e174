"""The systems of a register: where personal data lies and how it is reached."""

from typing import Annotated, Final, Literal

from pydantic import Field

from dsr_fulfilment.register.base import Name, Part, Region, SqlName, Text, Words

Export = Literal["yes", "masked", "named"]
Normalisation = Literal["exact", "email", "phone", "upper", "digits"]
Scalar = str | int | bool
OptOutRight = Literal["marketing_opt_out", "consent_withdrawal"]
NOW: Final = "{now}"
"""In `opt_out`: the time at which it is written."""


class Column(Part):
    """One column of a table."""

    label: Text = Field(description="What the column holds, as the person reads it")
    export: Export = Field(
        default="yes",
        description="yes: copied; masked: first and last characters only; named: only that it is held (credentials)",
    )
    provided_by_person: bool | None = Field(default=None, description="Overrides the table's answer for portability")


class Identifier(Part):
    """A column by which a person can be looked up. Nothing but declared identifiers is ever sent to a system."""

    name: Name = Field(description="email, customer_number, phone or another identifier of the controller's")
    column: SqlName
    normalise: Normalisation = Field(
        default="exact", description="How both sides are written before they are compared; email ignores case"
    )


class Join(Part):
    """How a row belongs to a row of another table of the same system."""

    table: str = Field(description="Parent table")
    columns: dict[SqlName, SqlName] = Field(min_length=1, description="Column here: column of the parent")


class KeepWhile(Part):
    """A condition that keeps a row while it lasts (GDPR Art. 17(1) is not met yet)."""

    id: Name = Field(description="Short name, shown in the history")
    column: SqlName = Field(description="Column of this table that decides")
    any_of: tuple[Scalar, ...] | None = Field(default=None, description="Kept while the column has one of these")
    none_of: tuple[Scalar, ...] | None = Field(default=None, description="Kept while the column has none of these")
    is_set: bool | None = Field(default=None, description="Kept while the column is filled (true) or empty (false)")
    at_least: int | str | None = Field(
        default=None, description="Kept while a number or date is this or more; an empty column keeps the row"
    )
    until_column: SqlName | None = Field(default=None, description="Date column that says how long, where known")
    ground: Text = Field(description="Why it is kept, as the person reads it")


class OnKeptChild(Part):
    """What becomes of a row that a kept row needs: its personal columns are overwritten, the key stays."""

    action: Literal["redact", "keep"] = Field(description="redact: overwrite the columns; keep: keep the whole row")
    columns: dict[SqlName, Scalar | None] = Field(
        default_factory=dict, description="Column: what is written over it; null where the column may be empty"
    )


class Table(Part):
    """One table that holds personal data."""

    name: str = Field(
        pattern=r"^[A-Za-z_][A-Za-z0-9_$]{0,62}(\.[A-Za-z_][A-Za-z0-9_$]{0,62})?$",
        description="Table, with its schema where that is not public",
    )
    label: Text
    category: Name = Field(description="Category of data, for example invoices")
    primary_key: tuple[SqlName, ...] = Field(min_length=1)
    columns: dict[SqlName, Column] = Field(min_length=1)
    belongs_to: Join | None = Field(
        default=None, description="Parent row; leads step by step to a table that has identifiers"
    )
    identifiers: tuple[Identifier, ...] = ()
    on_file_email: SqlName | None = Field(default=None, description="Column with the person's address on file")
    person_name: tuple[SqlName, ...] = Field(default=(), description="Columns that make up the person's name")
    language_column: SqlName | None = Field(default=None, description="Column with the person's language (fi, sv, en)")
    document_date: str | None = Field(
        default=None, description="Date a hold counts from: a column here, or parent_table.column on the way up"
    )
    time_columns: tuple[SqlName, ...] = Field(
        default=(), description="Columns that tell whether a time span concerns a row"
    )
    hold: Name | None = Field(default=None, description="Hold class, for example voucher")
    keep_while: tuple[KeepWhile, ...] = ()
    on_kept_child: OnKeptChild | None = None
    provided_by_person: bool = Field(default=False, description="Whether the person gave these data (portability)")
    third_party: bool = Field(
        default=False, description="Whether rows may speak of other people: reviewed before export"
    )

    def provides(self, column: str) -> bool:
        """Whether a column counts as provided by the person (GDPR Art. 20)."""
        own = self.columns[column].provided_by_person
        return self.provided_by_person if own is None else own


class OptOut(Part):
    """How an opt-out from marketing or a withdrawn consent is written into one table (GDPR Art. 7(3), 21(3))."""

    table: str = Field(description="A declared table of this system")
    identifier: Name = Field(default="email", description="Which of the table's identifiers finds the rows")
    set: dict[SqlName, Scalar | None] = Field(
        min_length=1, description="Column: what is written there; {now} for the time, where none stands there yet"
    )
    rights: tuple[OptOutRight, ...] = Field(
        default=("marketing_opt_out", "consent_withdrawal"), min_length=1, description="What it answers"
    )


class SystemBase(Part):
    """What every system says of itself."""

    id: Name
    label: Text
    region: Region
    safeguards: Text | None = Field(default=None, description="Art. 46 safeguards, where it lies outside the EU/EEA")
    source: Text = Field(description="Where the data come from (Art. 15(1)(g))")
    recipients: tuple[Name, ...] = Field(default=(), description="Ids of recipients that get data from here")
    opt_out: tuple[OptOut, ...] | None = Field(
        default=None,
        description="How an opt-out is written; [] where nothing here is for marketing or rests on consent; left out: "
        "a person does it",
    )


class PostgresqlSystem(SystemBase):
    """A PostgreSQL database."""

    kind: Literal["postgresql"]
    hosts: tuple[str, ...] = Field(min_length=1, description="Hosts the connection may go to; any other is refused")
    secret: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$", description="Name of the secret with the address")]
    statement_timeout_seconds: int = Field(default=20, ge=1, le=600)
    tables: tuple[Table, ...] = Field(min_length=1)

    def table(self, name: str) -> Table:
        """Give a declared table; KeyError where there is none of that name."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)


class PaperSystem(SystemBase):
    """Folders in a room: a person searches and destroys."""

    kind: Literal["paper"]
    category: Name = "paper"
    shelf: Words = Field(description="Where it stands")
    instructions: Text = Field(description="What the person has to do")
    deadline_days: int = Field(default=7, ge=1, le=25, description="Days the task may take")
    hold: Name | None = None
    provided_by_person: bool = False


System = Annotated[PostgresqlSystem | PaperSystem, Field(discriminator="kind")]
