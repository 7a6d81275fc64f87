"""The public pages: a view names its model, its filter set and its template; the rest is shared."""
