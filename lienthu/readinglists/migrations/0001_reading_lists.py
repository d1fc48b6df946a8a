from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    initial = True
    dependencies = [("catalogue", "0007_words_of_unlisted"), ("patrons", "0003_cards_merges_and_rolls")]
    operations = [
        migrations.CreateModel(
            name="ReadingList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("made_at", models.DateTimeField(db_default=Now())),
                ("patron", models.ForeignKey("patrons.patron", models.PROTECT, related_name="+")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["patron", "name"], name="reading_list_name"),
                    models.CheckConstraint(condition=~models.Q(name=""), name="reading_list_named"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListedTitle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.TextField()),
                ("note", models.CharField(blank=True, max_length=500)),
                ("added_at", models.DateTimeField(db_default=Now())),
                ("cluster", models.ForeignKey("catalogue.cluster", models.PROTECT, related_name="+")),
                ("list", models.ForeignKey("readinglists.readinglist", models.CASCADE, related_name="titles")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=["list", "cluster"], name="listed_once")]},
        ),
    ]
