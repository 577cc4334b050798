"""What works around other projects, each with its reason and the condition for its end."""
