from django.db import models


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

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "countries"

    def __str__(self) -> str:
        return self.name

    @property
    def uid(self) -> str:
        return self.code
