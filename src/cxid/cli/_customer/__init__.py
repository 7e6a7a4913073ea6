"""One customer as a page for the terminal, section by section."""
