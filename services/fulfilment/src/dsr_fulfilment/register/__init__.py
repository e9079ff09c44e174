"""The register of processing of each controller: one YAML file, checked before anything uses it."""
