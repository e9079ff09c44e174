"""`kuukausi read-mail`: what intake makes of a raw mail, without any service running."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from dsr_intake.adapters.reading_pool import ReadingPool
from dsr_intake.domain.mail import MAX_MAIL_BYTES, MailReading, Unreadable

_AT_ONCE: Final = 2


@click.command(name="read-mail")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--own-host", "own_hosts", multiple=True, help="A host or domain of the company itself; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines, one object a file.")
def read_mail(files: tuple[Path, ...], own_hosts: tuple[str, ...], *, as_json: bool) -> None:
    """What intake makes of each raw mail: kind, rights, the person concerned, and the words it rests on."""
    readings = asyncio.run(_read_all(files, own_hosts))
    for file, reading in zip(files, readings, strict=True):
        click.echo(json.dumps(_facts(file, reading), ensure_ascii=False) if as_json else _lines(file, reading))


commands: tuple[click.Command, ...] = (read_mail,)


async def _read_all(files: Sequence[Path], own_hosts: Sequence[str]) -> list[MailReading | Unreadable]:
    async with ReadingPool(_AT_ONCE) as pool:
        gate = asyncio.Semaphore(_AT_ONCE * 2)

        async def read(file: Path) -> MailReading | Unreadable:
            async with gate:
                raw = await asyncio.to_thread(_content, file)
                return await pool(raw, (), own_hosts) if raw is not None else Unreadable("oversize")

        return list(await asyncio.gather(*(read(file) for file in files)))


def _content(file: Path) -> bytes | None:
    return file.read_bytes() if file.stat().st_size <= MAX_MAIL_BYTES else None


def _facts(file: Path, reading: MailReading | Unreadable) -> dict[str, object]:
    if isinstance(reading, Unreadable):
        return {"file": file.name, "kind": None, "problem": reading.problem, "needs_person": True}
    return {
        "file": file.name,
        "kind": reading.kind,
        "rights": list(reading.rights),
        "language": reading.language,
        "subject_email": reading.subject_email,
        "subject_name": reading.subject_name,
        "on_behalf": reading.is_on_behalf,
        "confidence": reading.confidence,
        "needs_person": reading.needs_person,
        "evidence": [{"right": item.right, "words": item.words} for item in reading.evidence],
    }


def _lines(file: Path, reading: MailReading | Unreadable) -> str:
    if isinstance(reading, Unreadable):
        return f"{file.name}: cannot be read ({reading.problem}); a person must look"
    rights = ", ".join(reading.rights) or "no right"
    about = f" for {reading.subject_name or '?'} <{reading.subject_email or '?'}>" if reading.rights else ""
    doubt = ", a person confirms" if reading.needs_person else ""
    words = "".join(f"\n    {item.right or reading.kind}: {item.words}" for item in reading.evidence)
    return f"{file.name}: {reading.kind} ({reading.language}, {rights}{about}, {reading.confidence:.2f}{doubt}){words}"
