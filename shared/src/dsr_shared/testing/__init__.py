"""What tests of every service use: builders, fakes, waiting with a deadline, comparing schemas."""

from dsr_shared.testing.builders import an_envelope, record_of
from dsr_shared.testing.keys import Rings, make_rings
from dsr_shared.testing.schema import apply_schema, catalogue
from dsr_shared.testing.waiting import wait_until

__all__ = ["Rings", "an_envelope", "apply_schema", "catalogue", "make_rings", "record_of", "wait_until"]
