"""Rules L###: links lead where they say.

From the bottom up, knowing nothing of Sphinx:

- :mod:`~handbook.linkcheck.address`: the forms of addresses
- :mod:`~handbook.linkcheck.markup`: HTML, read in linear time
- :mod:`~handbook.linkcheck.internal`: links within the built pages
- :mod:`~handbook.linkcheck.notices`: the words of pages that are not the ones meant
- :mod:`~handbook.linkcheck.verdicts`: what an answer means
- :mod:`~handbook.linkcheck.memory`: what earlier runs saw
- :mod:`~handbook.linkcheck.collect`: links of the sources
- :mod:`~handbook.linkcheck.inventory`: all links by address, judged as they are written
- :mod:`~handbook.linkcheck.manners`: how hosts are asked
- :mod:`~handbook.linkcheck.client`: the only module that uses the network, with
  :mod:`~handbook.linkcheck.lenient` for answers that break the syntax of HTTP
- :mod:`~handbook.linkcheck.archives`: archived copies
- :mod:`~handbook.linkcheck.git_history`: what was added, and which pages are gone
- :mod:`~handbook.linkcheck.link_rules`: the codes
- :mod:`~handbook.linkcheck.verdict_report`: verdicts as findings
- :mod:`~handbook.linkcheck.survey`: one run: ask what is due, remember, report
- :mod:`~handbook.linkcheck.new_addresses`: where --fix writes
"""
