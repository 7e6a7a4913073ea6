"""Who is this: identifiers or attributes in, customer, confidence and reasons out, from a published run."""
