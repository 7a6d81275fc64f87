"""The REST API under ``/api/v1/``.

Reading: ``base`` (what every resource does), ``views`` (the resources), ``serializers`` (their
records), ``filtering``, ``pagination``, ``selection``, ``exports``, ``errors``, ``schema``.
"""
