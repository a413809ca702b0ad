import django.db.models.deletion
import tangthu.repository.policy.identifiers
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("repository", "0012_batch_terms"),
    ]

    operations = [
        migrations.CreateModel(
            name="CollectionExport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "identifier",
                    models.CharField(
                        default=tangthu.repository.policy.identifiers.new_secret,
                        editable=False,
                        max_length=32,
                        unique=True,
                    ),
                ),
                ("library_id", models.BigIntegerField(null=True)),
                ("user_id", models.BigIntegerField()),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("withheld", models.PositiveIntegerField(default=0)),
                ("damaged", models.PositiveIntegerField(default=0)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("fault", models.CharField(blank=True, max_length=60)),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exports",
                        to="repository.collection",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at", None)),
                        fields=("collection", "user_id"),
                        name="one_export_at_a_time",
                    )
                ],
            },
        ),
    ]
