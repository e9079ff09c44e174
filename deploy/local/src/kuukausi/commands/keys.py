"""`kuukausi keys rotate | status | retire`: the wrapping keys of the services."""

import asyncio
import json

import click

from kuukausi.options import json_option, name_option


@click.group()
def keys() -> None:
    """Change the wrapping keys of the services, and see what still needs the old ones."""


@keys.command()
@name_option
@json_option
def rotate(name: str, *, as_json: bool) -> None:
    """Make a new version of every service's wrapping keys and re-wrap all living data keys.

    Running it again is harmless. The old version stays until `keys retire`: events on their way still need it.
    """
    from kuukausi import rotation
    from kuukausi.stack.layout import Layout

    result = asyncio.run(rotation.rotate_keys(Layout.of(name)))
    if as_json:
        click.echo(json.dumps({"version": result.version, "rewrapped": result.rewrapped}))
        return
    click.echo(f"Version {result.version} is current.")
    for service, count in result.rewrapped.items():
        click.echo(f"  {service}: {count} data keys re-wrapped")
    click.echo("Copy the key rings to where you keep them, apart from database backups.")


@keys.command()
@name_option
@json_option
def status(name: str, *, as_json: bool) -> None:
    """Show the versions in each key ring, and how many data keys are wrapped for each."""
    from kuukausi import rotation
    from kuukausi.stack.layout import Layout

    rings = asyncio.run(rotation.ring_states(Layout.of(name)))
    for ring in rings:
        if as_json:
            click.echo(json.dumps({"service": ring.service, "current": ring.current, "data_keys": ring.data_keys}))
            continue
        click.echo(f"{ring.service}: version {ring.current} is current")
        for version, count in sorted(ring.data_keys.items()):
            click.echo(f"  version {version}: {count} data keys")


@keys.command()
@click.argument("version", type=int)
@name_option
@click.option("--sooner", is_flag=True, help="Although topics may still hold events that were wrapped for it.")
def retire(version: int, name: str, *, sooner: bool) -> None:
    """Delete an old VERSION for good: what is still wrapped for it can never be opened again, in backups too."""
    from kuukausi import rotation
    from kuukausi.stack.layout import Layout

    cases = asyncio.run(rotation.retire_version(Layout.of(name), version, sooner=sooner))
    click.echo(f"Version {version} is gone. What only it could open is irrecoverable.")
    if cases:
        click.echo(f"The evidence of {cases} destroyed cases says so now.")
