from django.db import models
from django.db.models import F, Q


class Season(models.Model):
    """A part of every year with hours of its own, from month and day to month and day; it may pass New Year."""

    library = models.ForeignKey("libraries.Library", on_delete=models.CASCADE, related_name="seasons")
    name = models.CharField(max_length=100)
    from_month = models.PositiveSmallIntegerField()
    from_day = models.PositiveSmallIntegerField()
    to_month = models.PositiveSmallIntegerField()
    to_day = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(from_month__range=(1, 12), to_month__range=(1, 12))
                & Q(from_day__range=(1, 31), to_day__range=(1, 31)),
                name="libraries_season_days",
            )
        ]

    def __str__(self) -> str:
        return self.name


class OpeningSpan(models.Model):
    """Open from `opens` to `closes` on one weekday (0 = Monday); without a season it is the ordinary week."""

    library = models.ForeignKey("libraries.Library", on_delete=models.CASCADE, related_name="opening_spans")
    # Null: the hours of the library itself. A branch without spans of its own keeps those of its library.
    branch = models.ForeignKey("libraries.Branch", null=True, on_delete=models.CASCADE, related_name="opening_spans")
    season = models.ForeignKey(Season, null=True, on_delete=models.CASCADE, related_name="spans")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="libraries_span_weekday"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="libraries_span_closes_later"),
            models.UniqueConstraint(
                fields=["library", "branch", "season", "weekday", "opens"],
                nulls_distinct=False,
                name="libraries_span_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}–{self.closes}"


class HoursException(models.Model):
    """Days that differ from the pattern: closed, or open at other hours (also on a public holiday)."""

    library = models.ForeignKey("libraries.Library", on_delete=models.CASCADE, related_name="hours_exceptions")
    branch = models.ForeignKey("libraries.Branch", null=True, on_delete=models.CASCADE, related_name="hours_exceptions")
    from_date = models.DateField()
    to_date = models.DateField()
    # Both null: closed.
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ["from_date", "opens"]
        constraints = [
            models.CheckConstraint(condition=Q(to_date__gte=F("from_date")), name="libraries_exception_days"),
            models.CheckConstraint(
                condition=Q(opens=None, closes=None) | Q(closes__gt=F("opens")), name="libraries_exception_hours"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_date}–{self.to_date} {self.reason}"
