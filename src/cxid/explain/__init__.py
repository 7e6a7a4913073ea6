"""Why records are one customer or not: recomputed from a few records and the saved model, after the build."""
