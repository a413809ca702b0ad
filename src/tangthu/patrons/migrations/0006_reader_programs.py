import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patrons", "0005_suspension"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReaderProgram",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("opening_digest", models.CharField(max_length=64)),
                ("opens_until", models.DateTimeField()),
                ("renewing_digest", models.CharField(max_length=64)),
                ("renewable_until", models.DateTimeField()),
                ("address", models.GenericIPAddressField(null=True)),
                ("program", models.CharField(blank=True, max_length=200)),
                ("began_at", models.DateTimeField()),
                ("renewed_at", models.DateTimeField()),
                (
                    "patron",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reader_programs",
                        to="patrons.patron",
                    ),
                ),
            ],
        ),
    ]
