"""How items come in: feeds polled, batches sent to a signed door; each item once."""
