"""The report as one page that a browser opens: no script, no fetch, every value made inert."""
