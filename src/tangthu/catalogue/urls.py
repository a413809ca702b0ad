from __future__ import annotations

from django.urls import path

from tangthu.catalogue.views import describing, imports, items, records

app_name = "catalogue"

urlpatterns = [
    path("", records.records, name="records"),
    path("selected/", records.selected, name="selected"),
    path("export/", records.export, name="export"),
    path("new/", describing.describe, name="describe"),
    path("import/", imports.imports, name="import"),
    path("import/<int:pk>/", imports.import_job, name="import_job"),
    path("import/<int:pk>/progress/", imports.progress, name="import_progress"),
    path("import/<int:pk>/cancel/", imports.cancel, name="import_cancel"),
    path("import/<int:pk>/resume/", imports.resume, name="import_resume"),
    path("import/<int:pk>/rejected/", imports.rejected, name="import_rejected"),
    path("items/next/", items.next_number, name="next_number"),
    path("items/<int:pk>/", items.item, name="item"),
    path("items/<int:pk>/withdraw/", items.withdraw, name="withdraw"),
    path("items/<int:pk>/reinstate/", items.reinstate, name="reinstate"),
    path("<int:pk>/", records.record, name="record"),
    path("<int:pk>/edit/", describing.edit, name="edit"),
    path("<int:pk>/items/", items.items, name="items"),
    path("<int:pk>/suppress/", records.suppress, name="suppress"),
    path("<int:pk>/versions/<int:number>/", records.version, name="version"),
    path("<int:pk>/versions/<int:number>/restore/", records.restore, name="restore"),
]
