"""Add a milestone or a source: each answer is checked by the rules of the checks before anything is
written.
"""
