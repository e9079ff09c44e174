"""The public web: the form, the status page, the identity check and the download."""
