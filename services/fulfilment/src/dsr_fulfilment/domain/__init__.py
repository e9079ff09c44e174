"""The rules of a case: frozen values and functions (state, command, now) -> decision. Nothing here does I/O."""
