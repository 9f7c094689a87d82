from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("dossiers", "0004_verdicts_know_their_pages"),
    ]

    operations = [
        migrations.AddField(
            model_name="fieldstatement",
            name="value_index",
            field=models.CharField(blank=True, db_index=True, max_length=64),
        ),
    ]
