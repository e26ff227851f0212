"""The harness of the tests that look at built pages as a reader's browser does.

`server.static_server` serves a folder; `pages.visit` opens a page of it; `pages.axe_violations`, `pages.overflow` and `pages.screenshot`
look at an open page; `folders.vnu_messages` and `folders.broken_links` check a whole folder. A missing program raises `tools.ToolMissing`:
nothing is skipped.
"""
