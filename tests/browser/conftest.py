"""What all browser tests share."""

# Named here too, because the fixture of pytest-playwright's own plugin would win over a plugin's.
from tests.plugins.browser import browser_type_launch_args

__all__ = ["browser_type_launch_args"]
