"""The sample company and its small neighbour: made-up people in real databases, the same at every run."""

from kuukausi.sample.databases import SampleAccess, create_sample, example_registers
from kuukausi.sample.people import ASKS_BY_FORM, ASKS_BY_MAIL, HAS_OPEN_ORDER, NAMESAKE, DemoPerson

__all__ = [
    "ASKS_BY_FORM",
    "ASKS_BY_MAIL",
    "HAS_OPEN_ORDER",
    "NAMESAKE",
    "DemoPerson",
    "SampleAccess",
    "create_sample",
    "example_registers",
]
