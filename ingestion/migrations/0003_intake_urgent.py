from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0002_documents_rows_and_notes")]

    operations = [
        migrations.AddField(
            model_name="intake",
            name="is_urgent",
            field=models.BooleanField(default=False),
        ),
    ]
