"""What a classifier says: of the images of a project, of one name, of files without a project.

Imports the context, `engine`, `media` and `store`.
"""
