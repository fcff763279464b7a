"""A server that answers the whole contract with made-up values: nothing is kept, and nothing is needed."""
