"""How good a build is: against truth, against decisions, or estimated from a sample that people reviewed."""
