"""Tags of languages as BCP 47 writes them: ``en``, ``ko``, ``pt-BR``, ``zh-Hant``."""

import re

TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
