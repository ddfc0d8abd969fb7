"""Processes that are killed in the middle of what a person does with a project."""
