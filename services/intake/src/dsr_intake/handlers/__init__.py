"""What intake does in one transaction each: with a form, with a mail, with what fulfilment tells."""
