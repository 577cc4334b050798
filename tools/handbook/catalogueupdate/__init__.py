"""ISO's daily open files brought into ``references/iso/``, and their changes reported for readers.

From the bottom up, knowing nothing of Sphinx:

- :mod:`~handbook.catalogueupdate.origin`: opens a file or an address
- :mod:`~handbook.catalogueupdate.reader`: streams its rows and rejects incomplete files
- :mod:`~handbook.catalogueupdate.selection`: the rows that the handbook keeps
- :mod:`~handbook.catalogueupdate.overrides`: our corrections of ISO's data
- :mod:`~handbook.catalogueupdate.extract`: what the handbook keeps of ISO's files
- :mod:`~handbook.catalogueupdate.differences`: how two extracts differ
- :mod:`~handbook.catalogueupdate.carry`: pages and lists that follow a new reference
- :mod:`~handbook.catalogueupdate.report`: the differences in words
- :mod:`~handbook.catalogueupdate.update`: one update, prepared before anything is written
- :mod:`~handbook.catalogueupdate.update_command`: what the command does
"""
