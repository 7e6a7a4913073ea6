"""Estimation of the linkage model from agreement-pattern counts."""
