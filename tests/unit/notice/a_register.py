"""The example registers, and one altered as a controller would alter it."""

from functools import cache
from pathlib import Path
from typing import Any

from dsr_fulfilment.register.loader import load_register
from dsr_fulfilment.register.model import Activity, Register

CONTROLLERS = Path(__file__).parents[3] / "deploy" / "controllers"
FORM = "https://requests.esimerkki.example/esimerkki/"


@cache
def example(name: str = "esimerkki") -> Register:
    return load_register(CONTROLLERS / f"{name}.yaml")


def altered(register: Register, **fields: Any) -> Register:
    """The register with other fields, checked as if it had been written so."""
    return Register.model_validate(register.model_dump() | fields)


def with_activity(register: Register, activity_id: str, **fields: Any) -> Register:
    made = [one.model_dump() | (fields if one.id == activity_id else {}) for one in register.activities]
    return altered(register, activities=made)


def activity(register: Register, activity_id: str) -> Activity:
    return next(one for one in register.activities if one.id == activity_id)


def in_all(text: str) -> dict[str, str]:
    return {language: f"{text} ({language})" for language in ("fi", "sv", "en")}
