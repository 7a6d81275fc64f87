"""OAI-PMH 2.0 (https://www.openarchives.org/OAI/openarchivesprotocol.html): agreements for harvesters.

Everybody is given the same: what is public, and tombstones of what was. A header's datestamp moves
with all that a record shows; the status is in no format, as it changes with the calendar.
"""
