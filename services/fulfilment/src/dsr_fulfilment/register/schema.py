"""The JSON Schema of a register, for editors; `register.schema.json` is what this makes."""

import json
from importlib.resources import files
from typing import Any

from dsr_fulfilment.register.model import Register


def build_schema() -> dict[str, Any]:
    schema = Register.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Register of one controller",
    }


def schema_text() -> str:
    return json.dumps(build_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def committed_schema() -> str:
    """Give the schema as it was committed."""
    return files("dsr_fulfilment.register").joinpath("register.schema.json").read_text(encoding="utf-8")
