"""cxid resolves customer identities and builds customer profiles."""

__version__ = "0.1.0"
