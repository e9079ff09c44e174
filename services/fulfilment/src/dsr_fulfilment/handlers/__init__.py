"""What fulfilment does when something happens: an event, a job that is due, a person's decision."""
