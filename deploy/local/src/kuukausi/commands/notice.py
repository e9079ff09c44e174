"""`kuukausi notice` and `kuukausi record`: what a register says to the public and to the supervisory authority."""

from pathlib import Path

import click

from dsr_fulfilment.register.loader import check_register
from dsr_fulfilment.register.model import Register
from dsr_fulfilment.register.notice.printing import (
    notice_html,
    notice_markdown,
    record_csv,
    record_html,
    record_markdown,
)
from dsr_fulfilment.register.notice.record import processing_record
from dsr_fulfilment.register.notice.text import notice_text
from dsr_shared.contracts.words import LANGUAGES, Language
from kuukausi.errors import KuukausiError, WrongUse

_FILE = click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
_LANGUAGE = click.option(
    "--language", type=click.Choice(LANGUAGES), help="One of the register's languages; without it the first one."
)


@click.command("notice")
@_FILE
@_LANGUAGE
@click.option("--format", "form", type=click.Choice(("markdown", "html")), default="markdown", show_default=True)
@click.option("--form-url", help="Address of the request form, where the register has no `public_url`.")
def notice(file: Path, language: Language | None, form: str, form_url: str | None) -> None:
    """Print the privacy notice (GDPR Art. 13, 14) that the register in FILE makes."""
    register = _register(file)
    address = form_url or (f"{register.public_url.rstrip('/')}/{register.id}/" if register.public_url else None)
    chosen = _language(register, file, language)
    text = notice_text(register, chosen, address)
    page = notice_html(register.name, chosen, text) if form == "html" else notice_markdown(register.name, text)
    click.echo(page, nl=False)


@click.command("record")
@_FILE
@_LANGUAGE
@click.option("--format", "form", type=click.Choice(("markdown", "html", "csv")), default="markdown", show_default=True)
def record(file: Path, language: Language | None, form: str) -> None:
    """Print the record of processing activities (GDPR Art. 30(1)) that the register in FILE makes."""
    register = _register(file)
    made = processing_record(register, _language(register, file, language))
    printers = {"markdown": record_markdown, "html": record_html, "csv": record_csv}
    click.echo(printers[form](made), nl=False)


commands: tuple[click.Command, ...] = (notice, record)


def _register(file: Path) -> Register:
    register, problems = check_register(file)
    if register is None or problems:
        what = "; ".join(f"line {one.line}: {one.what}" for one in problems)
        raise KuukausiError(what, where=str(file), remedy=f"correct what `kuukausi register check {file}` names")
    return register


def _language(register: Register, file: Path, wanted: Language | None) -> Language:
    if wanted is not None and wanted not in register.languages:
        said = ", ".join(register.languages)
        raise WrongUse(
            f"the register has no words in {wanted}", where=str(file), remedy=f"choose one of its languages: {said}"
        )
    return wanted or register.languages[0]
