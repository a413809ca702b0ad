import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fees", "0003_receipts_rules_transfers")]
    operations = [
        migrations.RenameModel("Transfer", "BankTransfer"),
        migrations.AlterField(
            "banktransfer",
            "library",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bank_transfers",
                to="libraries.library",
            ),
        ),
        migrations.AlterField(
            "banktransfer",
            "patron",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bank_transfers",
                to="patrons.patron",
            ),
        ),
        migrations.AlterField(
            "banktransfer",
            "entry",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bank_transfer",
                to="fees.entry",
            ),
        ),
    ]
