"""Where work comes in: Kafka, the console, due jobs, the clock. They translate and commit, nothing more."""
