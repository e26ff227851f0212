"""A morning's papers: the sources of site.yml are asked, what is incomplete is kept back, the rest is merged into content/."""
