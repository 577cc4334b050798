"""What the handbook knows: dates, sources, catalogue, pages. No Sphinx, no network."""
