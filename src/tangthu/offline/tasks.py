from __future__ import annotations

from django_tasks import task

from tangthu.offline.actions import replay
from tangthu.offline.models import Device


@task()
def replay_device(device_id: int) -> None:
    """Do what waits of the device. May be begun again at any time: each event is done once."""
    replay(Device.objects.get(pk=device_id))
