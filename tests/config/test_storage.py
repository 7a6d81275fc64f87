"""Documents on a store that speaks S3: a real one, on this machine."""

import uuid

import boto3
import environ
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from moto.server import ThreadedMotoServer

from config.storage import document_storage
from partnerships.services.stored_files import file_faults, orphans
from partnerships.services.texts.keeping import read_text
from tests import files
from tests.factories import AgreementFactory

KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-1"}


def asked(**variables) -> dict:
    env = environ.Env()
    env.ENVIRON = variables
    return document_storage(env)


def test_the_disk_is_the_default():
    assert asked()["BACKEND"].endswith("FileSystemStorage")


@pytest.mark.parametrize(
    ("variables", "told"),
    [({"DOCUMENT_STORAGE": "ftp"}, "disk"), ({"DOCUMENT_STORAGE": "s3"}, "DOCUMENT_S3_BUCKET")],
)
def test_a_wrong_setting_is_told(variables, told):
    with pytest.raises(ImproperlyConfigured, match=told):
        asked(**variables)


@pytest.fixture(scope="module")
def server():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(server, settings):
    """A bucket of its own, in which documents are kept during the test."""
    name = f"documents-{uuid.uuid4().hex}"
    storage = asked(DOCUMENT_STORAGE="s3", DOCUMENT_S3_BUCKET=name, DOCUMENT_S3_ENDPOINT=server, **KEYS)
    store = boto3.resource(
        "s3",
        endpoint_url=server,
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        region_name=KEYS["AWS_REGION"],
    )
    store.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": KEYS["AWS_REGION"]})
    with override_settings(STORAGES=settings.STORAGES | {"default": storage}):
        yield store.Bucket(name)


@pytest.mark.django_db
def test_documents_live_in_the_store_and_leave_it_through_the_gate(bucket, client):
    document = files.document_with(b"first", agreement=AgreementFactory(published=True))
    files.replace(document, b"Quantum gardening")
    assert len(list(bucket.objects.all())) == 2, "the earlier file was not written over"
    response = client.get(f"/documents/{document.uid}/")
    assert b"".join(response.streaming_content) == b"Quantum gardening"
    part = client.get(f"/documents/{document.uid}/", headers={"range": "bytes=8-"})
    assert b"".join(part.streaming_content) == b"gardening"
    assert read_text(document_id=document.pk) == "done"
    assert list(file_faults()) == []
    everybody = [
        grant
        for summary in bucket.objects.all()
        for grant in summary.Acl().grants
        if "AllUsers" in grant["Grantee"].get("URI", "")
    ]
    assert not everybody


@pytest.mark.django_db
def test_a_file_that_vanished_from_the_store_is_missing_and_others_are_orphans(bucket, client, monkeypatch):
    document = files.document_with(b"text", agreement=AgreementFactory(published=True))
    bucket.Object(document.file.name).delete()
    assert client.get(f"/documents/{document.uid}/").status_code == 404
    assert "missing" in next(file_faults())
    bucket.put_object(Key="documents/lost/file", Body=b"x")
    from datetime import timedelta

    from django.utils import timezone

    assert list(orphans(before=timezone.now() + timedelta(minutes=1))) == ["documents/lost/file"]
