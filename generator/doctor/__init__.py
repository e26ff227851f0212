"""What is missing here: the site's settings, this machine and the DNS are looked at, findings leave. Nothing is changed.

A module an area, with an `examine` that returns findings; `commands/doctor.py` lists the areas.
"""
