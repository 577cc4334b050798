"""Rules D###: every date in the handbook is one that its sources support.

:mod:`~handbook.datecheck.tree` reads the handbook, :mod:`~handbook.datecheck.words` finds dates in
    its sentences, the modules of rules look at both, :mod:`~handbook.datecheck.judge` gathers what
    they find. Nothing here knows Sphinx.
"""
