"""What other packages registered and nobody here needs.

Roles in offices replace groups; locked sign-ins are lifted with ``manage.py axes_reset``.
"""

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.models import Group

for _model in (Group, AccessAttempt, AccessFailureLog, AccessLog):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)
