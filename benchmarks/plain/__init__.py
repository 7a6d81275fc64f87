"""The baseline: the registry as one writes it first, with Django REST framework and django-filter.

A project of its own on the same tables: a ModelViewSet, nested ModelSerializers with every row
prefetched, a FilterSet over joins, a stored search vector with its index, numbered pages, facets by
GROUP BY. Careful work in the usual way, and well indexed; it makes nothing ready in advance but the
vector and the status.
"""
