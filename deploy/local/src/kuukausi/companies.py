"""Which companies a stack knows: those with a register."""

from kuukausi.errors import WrongUse
from kuukausi.stack.configuration import Configuration
from kuukausi.stack.layout import Layout


def require_company(layout: Layout, controller: str) -> None:
    """Refuse a company without a register: what is made for it would serve nobody."""
    directory = Configuration.model_validate_json(layout.configuration.read_text()).registers_directory
    known = sorted(path.stem for path in directory.glob("*.yaml"))
    if controller not in known:
        raise WrongUse(
            f"there is no company {controller}",
            where=str(directory),
            remedy=f"give one of {', '.join(known) or 'none: add a register first'}",
        )
