"""Rows that may wait for others; a column with a constant default is added without rewriting the table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("discovery", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="pendingindex",
            name="calm",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
