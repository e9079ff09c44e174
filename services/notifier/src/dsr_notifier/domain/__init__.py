"""What a letter is and how its delivery goes: data and pure functions, no clock, no network, no database."""
