from django.db import models

from partnerships.choices import CountryNameKind

from .constraints import known, not_blank


class CountryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Countries are no secret."""
        return self.all()


class Country(models.Model):
    """A country or territory of ISO 3166-1, seeded by migration."""

    code = models.CharField("ISO 3166-1 code", max_length=2, primary_key=True)
    name = models.CharField(max_length=100, help_text="The common short name in English.")
    official_name = models.CharField(max_length=200, blank=True)

    objects = CountryQuerySet.as_manager()

    #: The name in the reader's language, where a page has asked for it and it differs.
    local_name = ""

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "countries"

    def __str__(self) -> str:
        return self.local_name or self.name

    @property
    def uid(self) -> str:
        return self.code


class CountryName(models.Model):
    """What a country is called beside its name in English, seeded by migration; only for finding it."""

    country = models.ForeignKey(Country, models.CASCADE, related_name="names")
    value = models.CharField("name", max_length=200)
    kind = models.CharField(max_length=10, choices=CountryNameKind, default=CountryNameKind.LABEL)
    language = models.CharField(max_length=35, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "value", "kind", "language"], name="country_name_once"
            ),
            known("kind", CountryNameKind, "country_name_kind_known"),
            not_blank("value", "country_name_not_empty"),
        ]

    def __str__(self) -> str:
        return self.value
