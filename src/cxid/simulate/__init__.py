"""A trigger tried on the past: whom it would have hit with what was known then, and what they did next."""
