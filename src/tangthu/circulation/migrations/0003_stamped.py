from django.db import migrations

from tangthu.core.stamps import StampTable


class Migration(migrations.Migration):
    dependencies = [("circulation", "0002_set_aside"), ("core", "0002_stamp")]

    operations = [
        StampTable("circulation_lendingrule"),
    ]
