"""The reports of COUNTER 5.1 as JSON and as tables: the title and the item master report.

Code of Practice 5.1: 3.2 (layout), 4.1 (JSON, as the counter_sushi API has it), appendix B.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial

from tangthu.reading.policy.counter import Metric, months
from tangthu.reading.usage import Described, Row

PLATFORM = "Tàng Thư"
_ISBN_WITH_HYPHENS = 17


class ReportId(StrEnum):
    """The reports that are given."""

    TITLES = "TR"
    ITEMS = "IR"


NAMES: Mapping[ReportId, str] = {
    ReportId.TITLES: "Title Report",
    ReportId.ITEMS: "Item Report",
}
METRICS: Mapping[ReportId, tuple[Metric, ...]] = {
    ReportId.TITLES: tuple(Metric),
    ReportId.ITEMS: (
        Metric.TOTAL_INVESTIGATIONS,
        Metric.TOTAL_REQUESTS,
        Metric.UNIQUE_INVESTIGATIONS,
        Metric.UNIQUE_REQUESTS,
        Metric.LIMIT_EXCEEDED,
        Metric.NO_LICENSE,
    ),
}
_TITLE_METRICS = {
    Metric.UNIQUE_INVESTIGATIONS: Metric.UNIQUE_TITLE_INVESTIGATIONS,
    Metric.UNIQUE_REQUESTS: Metric.UNIQUE_TITLE_REQUESTS,
}
"""An object here is a whole title, so that its unique items are its unique titles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked: which report, of which library, over which months, of which metrics."""

    report: ReportId
    customer: str
    institution: str
    first: date
    last: date
    made_at: datetime
    metrics: tuple[Metric, ...] = ()
    by_month: bool = True

    @property
    def wanted(self) -> tuple[Metric, ...]:
        """The metrics of the report that were asked for; all where none was named."""
        offered = METRICS[self.report]
        return tuple(m for m in offered if not self.metrics or m in self.metrics)

    @property
    def ends_on(self) -> date:
        """The last day of the last month."""
        return (self.last.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Report:
    """A report: what was asked, the use of each object, and what is said of each."""

    asked: Asked
    rows: Sequence[Row]
    objects: Mapping[int, Described]
    site: str = ""
    exceptions: Sequence[Mapping[str, object]] = field(default_factory=list)


def as_json(report: Report) -> dict[str, object]:
    """Return the report as the COUNTER API gives it (release 5.1)."""
    return {"Report_Header": _header(report), "Report_Items": _items(report)}


def as_table(report: Report, *, delimiter: str = "\t") -> str:
    """Return the report as a table: the header's lines, one that is empty, then the columns."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows(_head_lines(report.asked))
    writer.writerow([])
    writer.writerow(_columns(report.asked))
    writer.writerows(_lines(report))
    return out.getvalue()


def counted(row: Row, asked: Asked) -> dict[Metric, dict[date, int]]:
    """Return the counts of a row under each metric of the report, those of titles too."""
    found: dict[Metric, dict[date, int]] = {}
    for metric in Metric:
        counts = dict(row.counts.get(metric, {}))
        if metric in asked.wanted and counts:
            found[metric] = counts
        title = _TITLE_METRICS.get(metric)
        if title in asked.wanted and title is not None and counts:
            found[title] = counts
    return {metric: found[metric] for metric in asked.wanted if metric in found}


def _header(report: Report) -> dict[str, object]:
    asked = report.asked
    filters: dict[str, object] = {
        "Begin_Date": f"{asked.first:%Y-%m-%d}",
        "End_Date": f"{asked.ends_on:%Y-%m-%d}",
    }
    if asked.metrics:
        filters["Metric_Type"] = [str(metric) for metric in asked.wanted]
    header: dict[str, object] = {
        "Report_Name": NAMES[asked.report],
        "Report_ID": str(asked.report),
        "Release": "5.1",
        "Institution_Name": asked.institution,
        "Institution_ID": {"Proprietary": [f"tangthu:{asked.customer}"]},
        "Report_Filters": filters,
        "Created": f"{asked.made_at:%Y-%m-%dT%H:%M:%SZ}",
        "Created_By": PLATFORM,
        "Registry_Record": "",
    }
    if report.exceptions:
        header["Exceptions"] = list(report.exceptions)
    return header


def _asked_of(report: Report, row: Row) -> bool:
    """Tell whether the report is of such things: recordings and data are no titles (table 3.d)."""
    return report.asked.report is ReportId.ITEMS or report.objects[row.item].is_text


def _data_type(obj: Described, report: Report) -> str:
    """Return what it is, in the report's words: as an item a book is its one segment (3.3.2)."""
    if report.asked.report is ReportId.ITEMS and obj.is_text:
        return "Book_Segment"
    return obj.data_type


def _items(report: Report) -> list[dict[str, object]]:
    by_item: dict[int, list[Row]] = {}
    for row in report.rows:
        if _asked_of(report, row):
            by_item.setdefault(row.item, []).append(row)
    told: list[dict[str, object]] = []
    for key, rows in by_item.items():
        performances = [p for row in rows if (p := _performance(row, report))]
        if not performances:
            continue
        obj = report.objects[key]
        item = _described(obj, report) | {"Attribute_Performance": performances}
        told.append(item if report.asked.report is ReportId.TITLES else _within(obj, item, report))
    return told


def _within(obj: Described, item: dict[str, object], report: Report) -> dict[str, object]:
    """Return the item under its parent: the book that it is the one segment of."""
    if not obj.is_text:
        return {"Items": [item]}
    return {
        "Title": obj.title,
        "Item_ID": _ids(obj, report),
        "Data_Type": obj.data_type,
        "Items": [item],
    }


def _described(obj: Described, report: Report) -> dict[str, object]:
    name = "Title" if report.asked.report is ReportId.TITLES else "Item"
    told: dict[str, object] = {
        name: obj.title,
        "Publisher": obj.publisher,
        "Platform": PLATFORM,
        "Item_ID": _ids(obj, report),
    }
    if len(obj.author) > 1 and name == "Item":
        told["Authors"] = [{"Name": obj.author}]
    return told


def _ids(obj: Described, report: Report) -> dict[str, object]:
    ids: dict[str, object] = {"Proprietary": f"tangthu:{obj.identifier}"}
    # Only one with its hyphens is an ISBN here; where they belong is known to the agencies.
    if len(obj.isbn) == _ISBN_WITH_HYPHENS and obj.isbn.count("-") == 4:
        ids["ISBN"] = obj.isbn
    if report.site:
        ids["URI"] = f"{report.site}/read/{obj.identifier}/"
    return ids


def _performance(row: Row, report: Report) -> dict[str, object] | None:
    asked = report.asked
    found = {
        str(metric): {f"{month:%Y-%m}": counts[month] for month in sorted(counts)}
        for metric, counts in counted(row, asked).items()
    }
    if not found:
        return None
    described = report.objects[row.item]
    told: dict[str, object] = {
        "Data_Type": _data_type(described, report),
        "Access_Type": row.access,
        "Access_Method": "Regular",
        "Performance": found,
    }
    if len(described.year) == len("2026"):
        told["YOP"] = described.year
    return told


def _head_lines(asked: Asked) -> list[list[str]]:
    metrics = "; ".join(str(m) for m in asked.wanted) if asked.metrics else ""
    return [
        ["Report_Name", NAMES[asked.report]],
        ["Report_ID", str(asked.report)],
        ["Release", "5.1"],
        ["Institution_Name", asked.institution],
        ["Institution_ID", f"tangthu:{asked.customer}"],
        ["Metric_Types", metrics],
        ["Report_Filters", ""],
        ["Report_Attributes", "" if asked.by_month else "Exclude_Monthly_Details=True"],
        ["Exceptions", ""],
        [
            "Reporting_Period",
            f"Begin_Date={asked.first:%Y-%m-%d}; End_Date={asked.ends_on:%Y-%m-%d}",
        ],
        ["Created", f"{asked.made_at:%Y-%m-%dT%H:%M:%SZ}"],
        ["Created_By", PLATFORM],
        ["Registry_Record", ""],
    ]


def _columns(asked: Asked) -> list[str]:
    name = "Title" if asked.report is ReportId.TITLES else "Item"
    authors = ["Authors"] if asked.report is ReportId.ITEMS else []
    months_of = [f"{m:%b-%Y}" for m in months(asked.first, asked.last)] if asked.by_month else []
    return [
        name,
        "Publisher",
        "Publisher_ID",
        "Platform",
        *authors,
        "DOI",
        "Proprietary_ID",
        "ISBN",
        "Print_ISSN",
        "Online_ISSN",
        "URI",
        "Data_Type",
        "YOP",
        "Access_Type",
        "Access_Method",
        "Metric_Type",
        "Reporting_Period_Total",
        *months_of,
    ]


def _lines(report: Report) -> Iterator[list[object]]:
    asked = report.asked
    spread = months(asked.first, asked.last) if asked.by_month else []
    for row in filter(partial(_asked_of, report), report.rows):
        obj = report.objects[row.item]
        authors = [_safe(obj.author)] if asked.report is ReportId.ITEMS else []
        for metric, counts in counted(row, asked).items():
            yield [
                _safe(obj.title),
                _safe(obj.publisher),
                "",
                PLATFORM,
                *authors,
                "",
                f"tangthu:{obj.identifier}",
                obj.isbn,
                "",
                "",
                f"{report.site}/read/{obj.identifier}/" if report.site else "",
                _data_type(obj, report),
                obj.year,
                row.access,
                "Regular",
                str(metric),
                sum(counts.values()),
                *(counts.get(month, 0) for month in spread),
            ]


def _safe(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
