"""Parts of the window outside the pages: application, main window, menus, jobs, imports and exports.

It assembles the pages, so it may import all of `ui`; nothing imports it.
"""
