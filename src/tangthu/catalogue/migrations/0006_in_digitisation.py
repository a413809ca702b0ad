from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0005_lent_as_scan"),
    ]

    operations = [
        migrations.AlterField(
            model_name="item",
            name="status",
            field=models.CharField(
                choices=[
                    ("available", "Available"),
                    ("in_processing", "Being processed"),
                    ("on_site_only", "Read on site only"),
                    ("damaged", "Damaged"),
                    ("lost", "Lost"),
                    ("withdrawn", "Withdrawn"),
                    ("lent_as_scan", "Lent as a scan"),
                    ("in_digitisation", "Being digitised"),
                ],
                default="available",
                max_length=20,
            ),
        ),
    ]
