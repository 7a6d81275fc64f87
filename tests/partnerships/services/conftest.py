import shutil
from pathlib import Path

import pytest

from partnerships.services.demo.reading import DEMO


@pytest.fixture(scope="session")
def seed_folder(tmp_path_factory) -> Path:
    """The demo's facts files with the seed record as their only agreement: quick to load."""
    folder = tmp_path_factory.mktemp("seed")
    (folder / "agreements").mkdir()
    for file in (*DEMO.glob("*.toml"), DEMO / "agreements" / "turing-kaist.toml"):
        shutil.copy(file, folder / file.relative_to(DEMO))
    return folder
