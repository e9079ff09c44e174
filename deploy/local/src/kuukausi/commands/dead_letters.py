"""`kuukausi dead-letters list | show | replay | discard`: events that could not be taken, and what becomes of them."""

import asyncio
import json
from uuid import UUID

import click

from kuukausi.options import json_option, name_option


@click.group("dead-letters")
def dead_letters() -> None:
    """Events that a service could not take. While one is open, its case waits for a person."""


@dead_letters.command("list")
@name_option
@click.option("--all", "include_settled", is_flag=True, help="Those too that were replayed or discarded.")
@json_option
def list_letters(name: str, *, include_settled: bool, as_json: bool) -> None:
    """List the dead letters of all services, the oldest first; exit code 0 also when there are none."""
    from kuukausi import letters_desk
    from kuukausi.stack.layout import Layout

    found = asyncio.run(letters_desk.list_all(Layout.of(name), include_settled=include_settled))
    for service, letter in found:
        if as_json:
            click.echo(json.dumps(letters_desk.facts(service, letter)))
        else:
            what = f"{letter.event_type or 'unreadable'} on {letter.topic}"
            click.echo(
                f"{letter.dead_letter_id}  {service:<10} {letter.state:<9} {what}: {letter.reason} {letter.detail}"
            )
    if not found and not as_json:
        click.echo("No dead letters.")


@dead_letters.command()
@click.argument("dead_letter_id", type=click.UUID)
@name_option
@json_option
def show(dead_letter_id: UUID, name: str, *, as_json: bool) -> None:
    """Show one dead letter with its bytes; the fields sealed inside it stay sealed."""
    from kuukausi import letters_desk
    from kuukausi.stack.layout import Layout

    service, letter, raw = asyncio.run(letters_desk.show(Layout.of(name), dead_letter_id))
    facts = letters_desk.facts(service, letter)
    if as_json:
        click.echo(json.dumps({**facts, "raw": raw}))
        return
    for name_of_fact, value in facts.items():
        click.echo(f"{name_of_fact:<16} {value}")
    click.echo(f"\n{raw}")


@dead_letters.command()
@click.argument("dead_letter_id", type=click.UUID)
@click.option("--because", default="tried again", show_default=True, help="The reason, for the record.")
@name_option
def replay(dead_letter_id: UUID, because: str, name: str) -> None:
    """Try one again, as if it came now; exit code 1 where it still can't be taken, and it stays as it is."""
    from kuukausi import letters_desk
    from kuukausi.stack.layout import Layout

    click.echo(
        f"Replayed {dead_letter_id}: {asyncio.run(letters_desk.replay(Layout.of(name), dead_letter_id, because))}."
    )


@dead_letters.command()
@click.argument("dead_letter_id", type=click.UUID)
@click.option("--because", required=True, help="The reason, for the record.")
@name_option
def discard(dead_letter_id: UUID, because: str, name: str) -> None:
    """Let one go: it never takes effect, and what waits behind it may come."""
    from kuukausi import letters_desk
    from kuukausi.stack.layout import Layout

    asyncio.run(letters_desk.discard(Layout.of(name), dead_letter_id, because))
    click.echo(f"Discarded {dead_letter_id}.")
