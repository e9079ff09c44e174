"""The names of each controller's own mail servers, as the mailboxes file gives them."""

from pathlib import Path

from dsr_intake.entrypoints.ways_in import load_ways


def own_hosts(mailboxes_path: Path | None) -> dict[str, tuple[str, ...]]:
    """By controller; whoever writes these names into Received or Authentication-Results is believed."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in load_ways(mailboxes_path) if mailboxes_path else ():
        names = (*found.get(entry.controller_id, ()), *entry.own_mail_hosts)
        found[entry.controller_id] = tuple(dict.fromkeys(names))
    return found
