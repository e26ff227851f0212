"""Importers: one module a source turns what it is given into papers; `merge` puts them into content/."""
