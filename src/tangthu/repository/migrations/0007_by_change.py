from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("repository", "0006_recordings"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="digitalobject",
            index=models.Index(fields=["updated_at", "id"], name="object_by_change"),
        ),
    ]
