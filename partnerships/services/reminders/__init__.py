"""Reminders of deadlines: plan who is told what, then hand the mails over."""
