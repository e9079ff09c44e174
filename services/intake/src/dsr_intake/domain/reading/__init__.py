"""Reading a mail by lemmas and rules: pure functions over text that was already decoded."""
