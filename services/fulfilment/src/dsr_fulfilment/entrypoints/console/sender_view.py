"""What speaks for or against a sender, in plain words. It is shown to whoever decides, and decides nothing."""

from typing import Final

from dsr_shared.contracts.requests import SenderEvidenceV1

_VERDICTS: Final = {"pass": "passed", "fail": "failed", "none": "says nothing"}
NO_PROOF: Final = "These are signs, not proof: who somebody is, is shown by the link or decided by you."


def sender_lines(evidence: SenderEvidenceV1 | None) -> tuple[str, ...]:
    """The signs of one message, the alarming ones first; none where nothing is known."""
    if evidence is None:
        return ()
    lines = []
    if evidence.is_look_alike:
        lines.append("The sender’s domain looks like yours, or like the one on file, but is another.")
    if evidence.is_display_name_spoofed:
        lines.append("The name that mail programs show passes for another address or for your company.")
    if evidence.dmarc == "fail":
        lines.append("Your mail server could not confirm that the mail comes from the domain it names.")
    checks = ", ".join(
        f"{name} {_VERDICTS[verdict]}"
        for name, verdict in (("DMARC", evidence.dmarc), ("DKIM", evidence.dkim), ("SPF", evidence.spf))
    )
    return (*lines, f"Checks of your own mail server: {checks}.")
