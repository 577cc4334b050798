"""Add a milestone, a record or a source: the rules of the checks judge each answer before anything
is written.
"""
