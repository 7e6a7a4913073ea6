"""Customers for another system: chosen, filtered, hidden where asked, without those who did not agree."""
