from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("repository", "0015_upload_fault_file"),
    ]

    operations = [
        migrations.AlterField(
            model_name="ingestentry",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("done", "Taken in"),
                    ("refused", "Not taken in"),
                    ("known", "Came before"),
                    ("left_out", "Left out"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
    ]
