"""What is there whatever the page: application, main window, menus, jobs, imports and exports.

Puts the pages together, so it may import all of `ui`; nothing imports it.
"""
