"""The machinery behind every check. It knows nothing of the handbook, so that every reader of files
can report in the same form.

- :class:`handbook.rules.findings.Finding`: one fault with its place, code, message, hint, subject
  and perhaps a fix; ``finding.text`` is what a build prints after the place.
- :func:`handbook.rules.rule.rule`, :func:`~handbook.rules.rule.declare`: the list of all codes.
- :class:`handbook.rules.exceptions.Exceptions`: findings let pass, with a reason and a last day.
- :mod:`handbook.rules.fixes`: safe changes as a diff, written once somebody agrees.
- :mod:`handbook.rules.findings` also writes findings as text, JSON, annotations and Markdown.
"""
