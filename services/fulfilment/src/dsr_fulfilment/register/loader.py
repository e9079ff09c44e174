"""Loading a register: read the file, fit it into the model, check what belongs together. Every problem is named."""

from dataclasses import replace
from pathlib import Path as File

from pydantic import ValidationError

from dsr_fulfilment.register.checks import cross_check
from dsr_fulfilment.register.messages import finding_of
from dsr_fulfilment.register.model import Register
from dsr_fulfilment.register.notice.remarks import remarks
from dsr_fulfilment.register.problems import Finding, Problem, RegisterError
from dsr_fulfilment.register.salvage import salvage
from dsr_fulfilment.register.yaml_file import Document, read_yaml


def load_register(file: File) -> Register:
    """Raises RegisterError with every problem of the file."""
    register, problems = check_register(file)
    if register is None or problems:
        raise RegisterError(problems)
    return register


def check_register(file: File) -> tuple[Register | None, tuple[Problem, ...]]:
    """Give the register, where the file is one, and every problem, in the order of lines."""
    try:
        document = read_yaml(file)
    except RegisterError as error:
        return None, error.problems
    if not isinstance(document.data, dict):
        return None, (Problem(str(file), 1, "the file holds no register", "Compare with the example registers"),)
    register, findings = _fit(document)
    findings = [*findings, *_name_of(file, document)]
    problems = {Problem(str(file), document.line_of(one.path), one.what, one.remedy) for one in findings}
    return register, tuple(sorted(problems, key=lambda problem: (problem.line, problem.what)))


def remarks_on(file: File) -> tuple[Problem, ...]:
    """What a register without mistakes lacks for its notice and record, in the order of lines."""
    document = read_yaml(file)
    found = remarks(Register.model_validate(document.data))
    named = {Problem(str(file), document.line_of(one.path), one.what, one.remedy, "remark") for one in found}
    return tuple(sorted(named, key=lambda problem: (problem.line, problem.what)))


def _fit(document: Document) -> tuple[Register | None, list[Finding]]:
    try:
        register = Register.model_validate(document.data)
    except ValidationError as error:
        misfits = [finding_of(one, document.data) for one in error.errors()]
        rest = salvage(document.data, misfits)
        others = cross_check(rest.register, rest.dropped_names) if rest else ()
        return None, [*misfits, *(replace(one, path=rest.in_file(one.path)) for one in others if rest)]
    return register, list(cross_check(register))


def _name_of(file: File, document: Document) -> list[Finding]:
    """The rest of the installation finds a register by its file's name."""
    found = document.data.get("id") if isinstance(document.data, dict) else None
    if found is None or found == file.stem:
        return []
    return [Finding(("id",), f"the id {found!r} is not the file's name", f"Rename one of them: {found}.yaml")]
