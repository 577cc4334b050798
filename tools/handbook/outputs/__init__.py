"""What readers and machines get, without Sphinx: tables, feeds, search index, pictures."""
