from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("repository", "0007_by_change"),
    ]

    operations = [
        migrations.AddField(
            model_name="page",
            name="outline",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="upload",
            name="outline",
            field=models.JSONField(null=True),
        ),
    ]
