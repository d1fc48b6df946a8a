from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0007_words_of_unlisted")]

    operations = [
        migrations.AddField(
            model_name="item",
            name="price",
            field=models.PositiveBigIntegerField(
                blank=True, help_text="đồng, as the accession register has it", null=True
            ),
        ),
    ]
