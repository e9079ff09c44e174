"""What intake decides, without any input or output."""
