"""What is there whatever the page: application, main window, menus, jobs, the bridge to the worker threads.

Puts the pages together, so it may import all of `ui`.
"""
