from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0003_shared_cache'),
    ]

    operations = [
        migrations.AddField(
            model_name='account',
            name='name_folded',
            field=models.CharField(default='', editable=False, max_length=400),
        ),
        migrations.AddField(
            model_name='account',
            name='name_sort',
            field=models.BinaryField(default=b''),
        ),
    ]
