from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0003_values_stated_and_pages_cut")]

    operations = [
        migrations.AddField(
            model_name="pointverdict",
            name="pages",
            field=models.JSONField(default=list),
        ),
    ]
