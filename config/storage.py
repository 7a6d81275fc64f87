"""Where files of documents are kept: on the disk, or in a store that speaks S3.

Either way they leave the house through the gate alone (``/documents/…``): the store needs no public
address, and none of its own addresses is ever shown.
"""

from django.core.exceptions import ImproperlyConfigured


def document_storage(env) -> dict:
    """Return the entry of ``STORAGES`` that the environment asks for.

    Raises:
        ImproperlyConfigured: ``DOCUMENT_STORAGE`` is unknown, or ``s3`` without a bucket.
    """
    kind = env.str("DOCUMENT_STORAGE", default="disk")
    if kind == "disk":
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    if kind != "s3":
        raise ImproperlyConfigured(f"DOCUMENT_STORAGE is “disk” or “s3”, not “{kind}”.")
    bucket = env.str("DOCUMENT_S3_BUCKET", default="")
    if not bucket:
        raise ImproperlyConfigured("DOCUMENT_STORAGE=s3 needs the name of a bucket: DOCUMENT_S3_BUCKET.")
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": _options(env, bucket)}


def _options(env, bucket: str) -> dict:
    from botocore.config import Config

    return {
        "bucket_name": bucket,
        "location": env.str("DOCUMENT_S3_PREFIX", default=""),
        "endpoint_url": env.str("DOCUMENT_S3_ENDPOINT", default="") or None,
        "region_name": env.str("AWS_REGION", default="") or None,
        # None leaves the keys to what boto3 finds: the environment, a file, the machine's own role.
        "access_key": env.str("AWS_ACCESS_KEY_ID", default="") or None,
        "secret_key": env.str("AWS_SECRET_ACCESS_KEY", default="") or None,
        "default_acl": "private",
        "file_overwrite": False,
        "client_config": Config(
            connect_timeout=5,
            read_timeout=30,
            retries={"max_attempts": 3},
            # Stores of others than Amazon do not all know the newer check sums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    }
