"""What readers and programs receive, without Sphinx: tables, feeds, search index, pictures."""
