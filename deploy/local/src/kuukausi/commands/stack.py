"""`kuukausi up | down | status`: the embedded stack for real use on one machine."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from kuukausi.options import json_option, name_option


@click.command()
@name_option
@click.option(
    "--config", "config_path", type=click.Path(path_type=Path), envvar="KUUKAUSI_CONFIG",
    help="TOML file with everything; needed for several mailboxes. See docs/user/up.md.",
)  # fmt: skip
@click.option(
    "--registers", type=click.Path(path_type=Path), envvar="KUUKAUSI_REGISTERS",
    help="Directory with one <controller>.yaml for each controller.",
)  # fmt: skip
@click.option(
    "--connector-secrets", type=click.Path(path_type=Path), envvar="KUUKAUSI_CONNECTOR_SECRETS",
    help="Directory with <controller>/<secret>, the secrets that registers name.",
)  # fmt: skip
@click.option("--imap-host", envvar="KUUKAUSI_IMAP_HOST", help="Mail server of the mailbox that requests reach.")
@click.option("--imap-port", type=int, envvar="KUUKAUSI_IMAP_PORT", help="993 by default.")
@click.option("--imap-security", type=click.Choice(["tls", "starttls", "none"]), envvar="KUUKAUSI_IMAP_SECURITY")
@click.option(
    "--imap-user", envvar="KUUKAUSI_IMAP_USER", help="The password comes from KUUKAUSI_IMAP_PASSWORD or is asked."
)
@click.option("--smtp-host", envvar="KUUKAUSI_SMTP_HOST", help="Mail server that sends the letters.")
@click.option("--smtp-port", type=int, envvar="KUUKAUSI_SMTP_PORT", help="465 by default.")
@click.option("--smtp-security", type=click.Choice(["tls", "starttls", "none"]), envvar="KUUKAUSI_SMTP_SECURITY")
@click.option(
    "--smtp-user", envvar="KUUKAUSI_SMTP_USER", help="The password comes from KUUKAUSI_SMTP_PASSWORD or is asked."
)
@click.option("--web-port", type=int, envvar="KUUKAUSI_WEB_PORT", help="Port of the public form on this machine.")
@click.option("--console-port", type=int, envvar="KUUKAUSI_CONSOLE_PORT", help="Port of the staff console.")
@click.option("--public-url", envvar="KUUKAUSI_PUBLIC_URL", help="Where people reach the form through your web server.")
@click.option("--offline", is_flag=True, help="Download nothing: fail when a program is not in the cache.")
@json_option
def up(name: str, *, offline: bool, as_json: bool, **given: Any) -> None:
    """Start the stack, with your own mailbox and mail server.

    What you give is remembered: the next start needs no options. Passwords are kept in files that only you can read.
    """
    from kuukausi.ask import configuration_for
    from kuukausi.say import Narrator
    from kuukausi.stack import control
    from kuukausi.stack.layout import Layout
    from kuukausi.stack.plan import fetch_programs
    from kuukausi.stack.running import already_runs, is_running

    layout, narrator = Layout.of(name), Narrator(as_json=as_json)
    if is_running(layout):
        raise already_runs(layout)
    configuration = configuration_for(layout, given, warn=narrator.warn)
    fetch_programs(configuration, narrator.downloads, offline=offline)
    ready = control.start(layout, configuration, narrator.step)
    if not as_json:
        click.echo(f"\nConsole for staff:  {ready['console']}\nForm for the public: {ready['form']}")
        click.echo(f"State and logs:     {layout.root}\nStop it with:       kuukausi down --name {name}")


@click.command()
@name_option
@json_option
def down(name: str, *, as_json: bool) -> None:
    """Stop the stack; its data stays."""
    from kuukausi.stack import control
    from kuukausi.stack.layout import Layout

    left_overs = control.stop(Layout.of(name))
    if as_json:
        click.echo(json.dumps({"stopped": name, "left_overs": left_overs}))
    elif left_overs:
        click.echo(f"The supervisor of `{name}` was dead already; ended {left_overs} of its processes.")
    else:
        click.echo(f"Stopped `{name}`: nothing of it runs any more. Its data stays.")


@click.command()
@name_option
@json_option
@click.pass_context
def status(context: click.Context, name: str, *, as_json: bool) -> None:
    """Show how the parts of the stack do; exit code 1 when it is not ready."""
    from kuukausi.stack import control
    from kuukausi.stack.layout import Layout

    now = control.status(Layout.of(name))
    if as_json:
        click.echo(json.dumps(asdict(now)))
    else:
        click.echo(f"{now.name}: {'ready' if now.is_ready else 'not ready'}")
        for part in now.parts:
            doing = (part.missing or "works") if part.is_up else "is being restarted"
            click.echo(f"  {part.name:<12} pid {part.pid:<8} restarts {part.restarts:<3} {doing}")
        click.echo(f"  console {now.console_url}\n  form    {now.form_url}")
    context.exit(0 if now.is_ready else 1)
