"""What the handbook holds: dates, sources, catalogue, pages. No Sphinx, no network."""
