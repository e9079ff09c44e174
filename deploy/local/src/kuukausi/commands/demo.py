"""`kuukausi demo`: the sample company, one mailed and one posted request, carried to the end before your eyes."""

import json
import threading
from typing import Any

import click

from kuukausi.options import json_option

_SAYS = {
    "mail_sent": "{from} writes a mail to {to}",
    "form_sent": "{by} sends the form: “{receipt}”",
    "challenge_letter": "{case}: {to} gets the letter “{subject}”",
    "identity_proved": "{case}: the link is opened: “{page}”",
    "signed_in": "{user} signs in to the console",
    "paper_searched": "{case}: the paper folder is searched",
    "package_fetched": "{case}: the package is fetched with link and code: {bytes} bytes",
    "plan_approved": "{case}: the plan is approved: “{button}”",
}


@click.command()
@click.option("--name", default="demo", show_default=True, help="Which demo: several run side by side.")
@click.option("--once", is_flag=True, help="Carry the requests to the end and stop everything, without staying.")
@click.option("--offline", is_flag=True, help="Download nothing: fail when a program is not in the cache.")
@json_option
def demo(name: str, *, once: bool, offline: bool, as_json: bool) -> None:
    """Show the whole way of two requests, on real servers of this machine, with made-up people."""
    from kuukausi.demo.company import sample_company
    from kuukausi.demo.mail_page import serve_mail_page
    from kuukausi.demo.story import Story
    from kuukausi.say import Narrator

    def tell(step: str, facts: dict[str, Any]) -> None:
        if as_json:
            click.echo(json.dumps({"step": step, **facts}, ensure_ascii=False))
        else:
            click.echo("  " + _SAYS[step].format(**facts))

    with sample_company(name, Narrator(as_json=as_json), offline=offline) as company:
        result = Story(company, tell).play()
        click.echo(json.dumps({"step": "done", **result}, ensure_ascii=False) if as_json else _summary(result))
        if not once:
            mail_page = serve_mail_page(company.post, 0)
            _stay(company.form_url, company.console_url, mail_page, company.staff_password)


def _summary(result: dict[str, Any]) -> str:
    lines = ["", "Done:"]
    lines += [
        f"  {case['case']} by {case['channel']}, due {case['due']}, closed {case['closed_at']}"
        for case in result["cases"]
    ]
    lines += [f"  erased: {line['items']} × {line['place']}" for line in result["erased"]]
    lines += [f"  kept:   {line['items']} × {line['place']}, until {line['kept_until']}" for line in result["kept"]]
    return "\n".join(lines)


def _stay(form_url: str, console_url: str, mail_page: str, password: str) -> None:
    click.echo(f"\nForm for the public:  {form_url}/esimerkki/")
    click.echo(f"Console for staff:    {console_url}/  (company esimerkki, user matti, password {password})")
    click.echo(f"Mailboxes, read-only: {mail_page}")
    click.echo("Everything is made up. Press Ctrl+C to stop.")
    threading.Event().wait()
