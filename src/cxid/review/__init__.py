"""Which pairs people are asked about, what they see of them, and what becomes of their answers."""
