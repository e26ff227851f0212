"""How work is done: nothing is done when nothing has changed (`glance`), what is known is not done again (`cache`, kept by `store`), and
the rest is done by as many processes as pay (`pool`). No other module knows of any of this.
"""
