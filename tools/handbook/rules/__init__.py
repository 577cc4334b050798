"""How anything is judged: findings, exceptions. Knows nothing of the handbook."""
