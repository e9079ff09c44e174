"""What intake decides, without input or output: time and ids are passed in."""
