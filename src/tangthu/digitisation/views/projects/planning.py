"""Projects: their list, the board of one, planning it, its stages, its figures, its collection."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.digitisation import figures
from tangthu.digitisation.actions import projects as deeds
from tangthu.digitisation.choosing import digitised, scope_of
from tangthu.digitisation.forms import ProjectForm, StageForm, stage_lines
from tangthu.digitisation.labels import STAGES_FAULTS
from tangthu.digitisation.models import Capture, CaptureState, Project, Step
from tangthu.digitisation.stages import usual_stages
from tangthu.digitisation.views.projects.finding import (
    PARTS,
    PLAN,
    planned_project,
    seen_project,
)
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

PAGE = 50
StageFormSet = forms.formset_factory(StageForm, extra=0, max_num=21)


@staff_page(*PARTS)
@require_safe
def projects(request: LibraryRequest) -> HttpResponse:
    """List the projects, the newest first."""
    rows = Project.objects.visible_to(request.actor).for_list().order_by("-id")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "may_plan": request.actor.may(PLAN)}
    return render(request, "digitisation/projects.html", context)


@staff_page(PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def new_project(request: LibraryRequest) -> HttpResponse:
    """Plan a project, with the usual stages."""
    posted = request.POST if request.method == "POST" else None
    form = ProjectForm(posted, actor=request.actor)
    if posted is not None and form.is_valid():
        try:
            project = deeds.plan_project(
                form.project_data,
                usual_stages(),
                library=form.cleaned_data["library"],
                by=request.actor,
            )
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            return redirect("digitisation:project", project.pk)
    context = {"form": form, "project": None}
    return render(request, "digitisation/plan.html", context, status=422 if form.errors else 200)


@staff_page(PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_project(request: LibraryRequest, pk: int) -> HttpResponse:
    """Plan a project anew."""
    project = planned_project(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = ProjectForm(posted, actor=request.actor, project=project)
    if posted is not None and form.is_valid():
        try:
            deeds.change_project(project, form.project_data, by=request.actor)
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("digitisation:project", pk)
    context = {"form": form, "project": project}
    return render(request, "digitisation/plan.html", context, status=422 if form.errors else 200)


@staff_page(*PARTS)
@require_safe
def project(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show the board: how many documents stand at each stage, and the lines behind a number."""
    row = seen_project(request, pk)
    today = timezone.localdate()
    steps = _asked(row, request.GET.dict())
    context = {
        "project": row,
        "board": figures.board(row, today=today),
        "states": figures.under_way(row),
        "share": figures.share_of(row),
        "page": Paginator(steps.for_list(), PAGE).get_page(request.GET.get("page")),
        "batches": row.batches.all()[:20],
        "aside": Capture.objects.filter(
            batch__project=row, state=CaptureState.SET_ASIDE
        ).for_list()[:PAGE],
        "today": today,
        "chosen": request.GET.get("stage", ""),
        "late": request.GET.get("late", ""),
        "may_plan": request.actor.may(PLAN, at=row.library_id),
    }
    return render(request, "digitisation/project.html", context)


@staff_page(PLAN)
@require_POST
def close(request: LibraryRequest, pk: int) -> HttpResponse:
    """Close a project, or open it again."""
    row = planned_project(request, pk)
    deeds.close_project(row, by=request.actor, reopen=row.closed_at is not None)
    return redirect("digitisation:project", pk)


@staff_page(PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def stages(request: LibraryRequest, pk: int) -> HttpResponse:
    """Write the list of stages; a line without a name is left out."""
    row = planned_project(request, pk)
    posted = request.POST if request.method == "POST" else None
    formset = StageFormSet(posted, initial=stage_lines(list(row.stages.all())))
    if posted is not None and formset.is_valid() and _set(request, row, formset):
        messages.success(request, _("Saved."))
        return redirect("digitisation:stages", pk)
    bad = posted is not None
    context = {"project": row, "formset": formset}
    return render(request, "digitisation/stages.html", context, status=422 if bad else 200)


@staff_page(*PARTS)
@require_safe
def productivity(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show pages and documents by person and week, and the middle time of each stage.

    Names are for those who plan; others see their own line, and all together.
    """
    row = seen_project(request, pk)
    lines = figures.work_of(row, now=timezone.now())
    sees_all = request.actor.may(PLAN, at=row.library_id)
    shown = [line for line in lines if sees_all or line.worker_id == request.actor.user_id]
    context = {
        "project": row,
        "lines": shown,
        "all_pages": sum(line.pages for line in lines),
        "all_steps": sum(line.steps for line in lines),
        "sees_all": sees_all,
        "board": figures.board(row, today=timezone.localdate()),
    }
    return render(request, "digitisation/productivity.html", context)


@staff_page(*PARTS)
@require_safe
def collection(request: LibraryRequest, pk: int) -> HttpResponse:
    """List the documents behind the percentage: digitised, under way, or still to be chosen."""
    row = seen_project(request, pk)
    scope = scope_of(row) if row.has_scope else scope_of(row).none()
    done = digitised(scope)
    busy = Capture.objects.unfinished().values("record")
    which = request.GET.get("which", "missing")
    rest = scope.exclude(pk__in=done.values("pk"))
    found = {
        "done": done,
        "under_way": rest.filter(pk__in=busy),
        "missing": rest.exclude(pk__in=busy),
    }
    records = found.get(which, found["missing"]).without_marc().order_by("title_key", "id")
    context = {
        "project": row,
        "share": figures.share_of(row),
        "which": which if which in found else "missing",
        "counts": {name: rows.count() for name, rows in found.items()},
        "page": Paginator(records, PAGE).get_page(request.GET.get("page")),
        "may_plan": request.actor.may(PLAN, at=row.library_id) and row.closed_at is None,
    }
    return render(request, "digitisation/collection.html", context)


def _asked(project: Project, asked: dict[str, str]) -> Any:
    steps = Step.objects.open().filter(
        capture__batch__project=project, capture__state=CaptureState.OPEN
    )
    if asked.get("stage", "").isdecimal():
        steps = steps.filter(stage=int(asked["stage"][:18]))
    if asked.get("late"):
        steps = steps.overdue(today=timezone.localdate())
    return steps


def _set(request: LibraryRequest, project: Project, formset: Any) -> bool:
    named = [form for form in formset if form.cleaned_data.get("name", "").strip()]
    named.sort(key=lambda form: form.cleaned_data.get("position") or 99)
    plans = [(form.cleaned_data.get("key"), form.plan) for form in named]
    try:
        deeds.set_stages(project, plans, by=request.actor)
    except TangthuError as refused:
        fault = str(refused.data.get("fault", ""))
        if fault in STAGES_FAULTS:
            messages.error(request, str(STAGES_FAULTS[fault]))
        else:
            messages.error(request, wording.explain(refused))
        return False
    return True
