from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("repository", "0014_withdrawn_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="fault_file",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]
