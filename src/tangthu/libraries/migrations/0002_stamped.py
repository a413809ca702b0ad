from django.db import migrations

from tangthu.core.stamps import StampTable


class Migration(migrations.Migration):
    dependencies = [("libraries", "0001_initial"), ("core", "0002_stamp")]

    operations = [
        StampTable("libraries_library"),
        StampTable("libraries_location"),
        StampTable("libraries_calendarentry"),
        StampTable("libraries_preferencevalue"),
    ]
