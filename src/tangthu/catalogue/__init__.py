"""The catalogue: what the library has.

A *record* (biểu ghi thư mục) describes a document; its MARC is the truth, and the columns of
its row are drawn from it for lists. An *item* (bản) is one physical copy, with its *accession
number* (số ĐKCB, unique in its library) and its *barcode* (unique everywhere). A *version* is a
record as it was before a change; a *match key* finds a record again when a file brings it once
more; an *import job* is one file's way into the catalogue. Nothing is deleted: records are
hidden, items withdrawn.
"""
