"""Files that pages need, compressed when they are collected."""

import brotli
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class QuickCompressor(Compressor):
    """Brotli at quality 9: an eighth of the time of 11, which everybody waits for at the first start."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return brotli.compress(data, quality=9)


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Names with a digest, and each file as gzip and br beside it."""

    def create_compressor(self, **kwargs) -> Compressor:
        return QuickCompressor(**kwargs)
