"""One customer as a page: who it is, how that is known, what happened, what it is worth and what to do."""
