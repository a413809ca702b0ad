from __future__ import annotations

from django.urls import path

from tangthu.fees.views import account, bank, cards, cash, day, entries, receipts, transfers

app_name = "fees"

urlpatterns = [
    path("", account.home, name="home"),
    path("readers/<int:pk>/", account.account, name="account"),
    path("readers/<int:pk>/charge", account.charge, name="charge"),
    path("readers/<int:pk>/card-fee", account.charge_card, name="charge_card"),
    path("readers/<int:pk>/pay", account.pay, name="pay"),
    path("readers/<int:pk>/refund", account.refund, name="refund"),
    path("readers/<int:pk>/deposit/take", account.take_deposit, name="take_deposit"),
    path("readers/<int:pk>/deposit/return", account.return_deposit, name="return_deposit"),
    path("readers/<int:pk>/deposit/use", account.use_deposit, name="use_deposit"),
    path("readers/<int:pk>/transfer", account.ask_for_transfer, name="ask_for_transfer"),
    path("readers/<int:pk>/exemptions", account.grant_exemption, name="grant_exemption"),
    path(
        "readers/<int:pk>/exemptions/<int:granted_pk>/end",
        account.end_exemption,
        name="end_exemption",
    ),
    path("entries/<int:pk>/", entries.entry, name="entry"),
    path("entries/<int:pk>/waive", entries.waive, name="waive"),
    path("entries/<int:pk>/reverse", entries.reverse_entry, name="reverse"),
    path("cash/", cash.sessions, name="cash"),
    path("cash/open", cash.open_session, name="open_session"),
    path("cash/<int:pk>/", cash.session, name="session"),
    path("cash/<int:pk>/move", cash.move, name="move_cash"),
    path("cash/<int:pk>/count", cash.close, name="count"),
    path("cash/<int:pk>/report", cash.report, name="session_report"),
    path("drawers/", cash.drawers, name="drawers"),
    path("drawers/<int:pk>/", cash.drawer, name="drawer"),
    path("receipts/", receipts.receipts, name="receipts"),
    path("receipts/<int:pk>/", receipts.receipt, name="receipt"),
    path("receipts/<int:pk>/print", receipts.print_receipt, name="print_receipt"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/<int:pk>/", transfers.transfer, name="transfer"),
    path("transfers/<int:pk>/slip", transfers.slip, name="transfer_slip"),
    path("transfers/<int:pk>/confirm", transfers.confirm, name="confirm_transfer"),
    path("transfers/<int:pk>/cancel", transfers.cancel, name="cancel_transfer"),
    path("bank/", bank.files, name="bank"),
    path("bank/<int:pk>/", bank.file, name="bank_file"),
    path("bank/lines/<int:pk>/", bank.line, name="bank_line"),
    path("bank/lines/<int:pk>/accept", bank.accept, name="accept_line"),
    path("day/", day.day, name="day"),
    path("card-fees/", cards.card_fees, name="card_fees"),
    path("card-fees/new", cards.new_card_fee, name="new_card_fee"),
    path("card-fees/<int:pk>/", cards.card_fee, name="card_fee"),
    path("card-fees/<int:pk>/drop", cards.drop_card_fee, name="drop_card_fee"),
    path("card-fees/exemptions", cards.add_exemption, name="add_exemption"),
]
