"""Broadsheet: a folder of papers in, a daily-papers site out. The map of the modules is README.md beside this file."""
