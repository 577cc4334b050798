"""Rules L###: links that lead where they say.

From the ground up: :mod:`~handbook.linkcheck.address` (forms of addresses),
:mod:`~handbook.linkcheck.markup` (HTML read in linear time), :mod:`~handbook.linkcheck.collect`
(links of the sources), :mod:`~handbook.linkcheck.internal` (links of the built pages),
:mod:`~handbook.linkcheck.verdicts` (what an answer means), :mod:`~handbook.linkcheck.memory` (what
was seen before), :mod:`~handbook.linkcheck.client` (the only one that asks the network),
:mod:`~handbook.linkcheck.archives` (captures), :mod:`~handbook.linkcheck.survey` (all together).
Nothing here knows Sphinx.
"""
