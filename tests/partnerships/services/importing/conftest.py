import pytest

from tests.factories import MembershipFactory, OfficeFactory


@pytest.fixture
def office():
    return OfficeFactory(name="International Office")


@pytest.fixture
def editor(office):
    return MembershipFactory(office=office, role="editor").user
