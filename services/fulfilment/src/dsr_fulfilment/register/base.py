"""What all parts of a register are made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from dsr_shared.contracts.words import Language

Words = Annotated[str, Field(min_length=1, max_length=4000)]
Text = dict[Language, Words]
"""The same words in each of the controller's languages; the check reports a missing one."""
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,59}$", description="Small letters, digits, _ and -")]
SqlName = Annotated[str, Field(min_length=1, max_length=63, description="Name of a column, as the database spells it")]
Region = Annotated[
    str, Field(pattern=r"^(EU/EEA|[A-Z]{2})$", description="ISO 3166 country code, or EU/EEA for somewhere inside it")
]


class Part(BaseModel):
    """A part of the register: immutable, and a field it does not know is a mistake in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def in_language(text: Text, language: Language) -> str:
    """Give the words in a language, or in the first one that the text has."""
    return text.get(language) or next(iter(text.values()), "")
