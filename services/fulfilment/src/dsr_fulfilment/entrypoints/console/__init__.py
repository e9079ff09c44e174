"""The staff console: sign-in, today, a case with its decisions, tasks, letters and users."""
