"""SPF, DKIM and DMARC as our own mail server saw them (RFC 8601), and nothing that a sender could have written.

Only the topmost Authentication-Results field that carries the name of one of our hosts is read, and only above the
first Received field of somebody else: what stands further down came with the mail. A server that writes a field for
each check shows its topmost one here; let it write one for all.
"""

import re
from collections.abc import Iterable
from typing import Final

from dsr_intake.adapters.mime_headers import Fields
from dsr_intake.domain.mail import Verdict

NOTHING: Final[dict[str, Verdict]] = {"spf": "none", "dkim": "none", "dmarc": "none"}
_FAILS: Final = {"spf": {"fail", "softfail"}, "dkim": {"fail", "policy"}, "dmarc": {"fail"}}
_WRITER: Final = re.compile(r"^\s*(?:from\s+\S+\s+)?by\s+(\S+)", re.IGNORECASE)
_RESULT: Final = re.compile(r"^\s*(spf|dkim|dmarc)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)", re.IGNORECASE)
_DOMAIN: Final = {
    "spf": re.compile(r"smtp\.(?:mailfrom|helo)\s*=\s*\"?(?:[^\s;@\"]*@)?([\w.-]+)", re.IGNORECASE),
    "dkim": re.compile(r"header\.[di]\s*=\s*\"?(?:[^\s;@\"]*@)?([\w.-]+)", re.IGNORECASE),
    "dmarc": re.compile(r"header\.from\s*=\s*\"?(?:[^\s;@\"]*@)?([\w.-]+)", re.IGNORECASE),
}
_LONGEST: Final = 4096


def verdicts(fields: Fields, own_hosts: Iterable[str], from_domain: str) -> dict[str, Verdict]:
    """`spf`, `dkim` and `dmarc` for the sender's domain; a pass for another domain says nothing of this one."""
    hosts = {host.strip().lower().rstrip(".") for host in own_hosts if host.strip()}
    for name, value in fields:
        if name == "received" and _writer(value) not in hosts:
            break
        if name == "authentication-results":
            parts = _without_comments(value[:_LONGEST]).split(";")
            if _authority(parts[0]) in hosts:
                return _read(parts[1:], from_domain.lower().rstrip("."))
    return dict(NOTHING)


def _writer(received: str) -> str | None:
    match = _WRITER.match(_without_comments(received[:_LONGEST]))
    return match[1].lower().rstrip(".;,") if match else None


def _authority(text: str) -> str:
    words = text.strip().strip('"').split()
    return words[0].lower().rstrip(".") if words else ""


def _without_comments(text: str) -> str:
    """Nested comments out; an open one takes the rest with it, so that nothing inside can pass for a result."""
    depth, out, is_quoted, is_escaped = 0, [], False, False
    for sign in text:
        if is_escaped:
            is_escaped = False
        elif sign == "\\":
            is_escaped = True
        elif sign == '"' and depth == 0:
            is_quoted = not is_quoted
        elif sign == "(" and not is_quoted:
            depth += 1
            continue
        elif sign == ")" and depth:
            depth -= 1
            continue
        if depth == 0:
            out.append(" " if is_quoted and sign == ";" else sign)
    return "".join(out)


def _read(parts: list[str], from_domain: str) -> dict[str, Verdict]:
    found: dict[str, Verdict] = dict(NOTHING)
    for part in parts[:30]:
        match = _RESULT.match(part)
        if match is None:
            continue
        method, result = match[1].lower(), match[2].lower()
        if result == "pass" and _is_of(part, method, from_domain):
            found[method] = "pass"
        elif result in _FAILS[method] and found[method] != "pass":
            found[method] = "fail"
    return found


def _is_of(part: str, method: str, from_domain: str) -> bool:
    """Whether a pass is about the sender's domain, or one above or below it."""
    match = _DOMAIN[method].search(part)
    if match is None:
        return method == "dmarc"  # DMARC is about the From domain by its nature
    domain = match[1].lower().rstrip(".")
    return bool(from_domain) and (
        domain == from_domain or domain.endswith("." + from_domain) or from_domain.endswith("." + domain)
    )
