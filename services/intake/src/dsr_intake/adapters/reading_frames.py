"""What the reading pool and its children agree on: frames of four bytes of length (big endian), then the content."""

import struct
from typing import Final

LENGTH: Final = struct.Struct(">I")
READY: Final = b"ready"
"""A child's first frame, once it has loaded what it reads with and its limits hold."""
