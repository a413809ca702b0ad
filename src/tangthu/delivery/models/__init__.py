"""The facts of home delivery: parcels and their books, their history, who carries them."""

from tangthu.delivery.models.carriers import Carrier, CarrierKind, Run, RunQuerySet
from tangthu.delivery.models.deliveries import (
    Delivery,
    DeliveryEvent,
    DeliveryItem,
    DeliveryLeg,
    DeliveryQuerySet,
    DeliveryState,
    FailReason,
    Route,
    StepName,
)

__all__ = [
    "Carrier",
    "CarrierKind",
    "Delivery",
    "DeliveryEvent",
    "DeliveryItem",
    "DeliveryLeg",
    "DeliveryQuerySet",
    "DeliveryState",
    "FailReason",
    "Route",
    "Run",
    "RunQuerySet",
    "StepName",
]
