import tangthu.repository.policy.kinds
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("repository", "0013_collection_exports"),
    ]

    operations = [
        migrations.AlterField(
            model_name="digitalobject",
            name="state",
            field=models.CharField(
                choices=[
                    (tangthu.repository.policy.kinds.State["DRAFT"], "Draft"),
                    (tangthu.repository.policy.kinds.State["PUBLISHED"], "Published to readers"),
                    (tangthu.repository.policy.kinds.State["WITHDRAWN"], "Withdrawn from readers"),
                ],
                default=tangthu.repository.policy.kinds.State["DRAFT"],
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="preservationevent",
            name="kind",
            field=models.CharField(
                choices=[
                    (tangthu.repository.policy.kinds.EventKind["INGESTION"], "Taken in"),
                    (
                        tangthu.repository.policy.kinds.EventKind["FORMAT_IDENTIFICATION"],
                        "Format found",
                    ),
                    (
                        tangthu.repository.policy.kinds.EventKind["VIRUS_CHECK"],
                        "Looked through for viruses",
                    ),
                    (
                        tangthu.repository.policy.kinds.EventKind["MESSAGE_DIGEST_CALCULATION"],
                        "Digest calculated",
                    ),
                    (
                        tangthu.repository.policy.kinds.EventKind["FIXITY_CHECK"],
                        "Read again and compared",
                    ),
                    (
                        tangthu.repository.policy.kinds.EventKind["MIGRATION"],
                        "Copy for reading made",
                    ),
                    (tangthu.repository.policy.kinds.EventKind["REPLACEMENT"], "Replaced"),
                    (tangthu.repository.policy.kinds.EventKind["DELETION"], "Removed"),
                    (tangthu.repository.policy.kinds.EventKind["PUBLICATION"], "Published"),
                    (
                        tangthu.repository.policy.kinds.EventKind["DEACCESSION"],
                        "Withdrawn from readers",
                    ),
                ],
                max_length=30,
            ),
        ),
    ]
