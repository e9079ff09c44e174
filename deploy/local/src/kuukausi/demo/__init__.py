"""The demo: a sample company, two persons and a member of staff, who do only what people can do."""
