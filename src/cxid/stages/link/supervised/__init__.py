"""Weights refitted to what people decided, where there is enough of it and it serves."""
