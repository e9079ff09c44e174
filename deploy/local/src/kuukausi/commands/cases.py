"""`kuukausi case destroy-key`: make the personal data of a closed case unreadable for good."""

import asyncio
import getpass
import json

import click

from kuukausi.options import json_option, name_option


@click.group("case")
def case_group() -> None:
    """Do what is seldom done with a case."""


@case_group.command("destroy-key")
@click.argument("case")
@click.option("--reason", required=True, help="The reason, for the evidence; name no person.")
@click.option("--controller", help="Id of the company, where several have a case of this reference.")
@click.option("--wait-seconds", default=30.0, show_default=True, help="How long to wait for the confirmations.")
@name_option
@json_option
def destroy_key(
    case: str, reason: str, controller: str | None, wait_seconds: float, name: str, *, as_json: bool
) -> None:
    """Destroy every key of a closed CASE (its reference or id) in all three services.

    Nobody can read what was sealed for it any more. Copies of the keys in backups and on the topics die when the
    wrapping keys of that time are retired: see `kuukausi keys rotate` and `keys retire`. Running it again is harmless.
    """
    from kuukausi import case_desk
    from kuukausi.stack.layout import Layout

    done = asyncio.run(
        case_desk.destroy_key(
            Layout.of(name), case, controller=controller, reason=reason, user=_user(), wait_seconds=wait_seconds
        )
    )
    if as_json:
        facts = {"case": done.case.reference, "case_id": str(done.case.case_id), "confirmed": list(done.confirmed)}
        click.echo(json.dumps({**facts, "is_whole": done.is_whole}))
        return
    click.echo(f"{done.case.reference}: keys destroyed by {', '.join(done.confirmed)}.")
    if done.is_whole:
        click.echo("Destroyed in use, confirmed three times. Backups follow: kuukausi keys rotate, then keys retire.")
    else:
        click.echo("The others confirm as soon as they run; run this again to see.")


def _user() -> str:
    """Who asks, for the evidence: the account of this machine."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):
        return "command line"
