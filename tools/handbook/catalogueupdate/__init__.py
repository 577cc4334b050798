"""ISO's daily open files brought into ``references/iso/``, and told as a reader would want to read
it.

:mod:`source` opens a file or an address, :mod:`reader` streams its rows and refuses what is not
    whole, :mod:`selection` keeps our rows, :mod:`overrides` corrects them, :mod:`extract` is what
    the handbook holds, :mod:`changes` compares two of them, :mod:`stubs` and :mod:`carry` prepare
    the pages, :mod:`report` tells it, :mod:`files` writes, :mod:`run` joins them.
"""
