"""How anything is judged. Knows nothing of the handbook, so that every reader can report in the
same form.

- :class:`handbook.rules.findings.Finding`: one fault with its place, code, message, hint, subject
  and perhaps a fix; ``finding.text`` is what a build prints after the place.
- :func:`handbook.rules.rule.rule`, :func:`~handbook.rules.rule.declare`: the list of all codes.
- :class:`handbook.rules.exceptions.Exceptions`: what is let pass, for which reason, until when.
- :mod:`handbook.rules.fixes`: safe changes as a diff, written when somebody agrees.
- :mod:`handbook.rules.findings` also writes findings as text, JSON, annotations and Markdown.
"""
