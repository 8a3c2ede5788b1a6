"""The ten words for the state of an order or a return (spec §3). Their texts are in `shared.domain.statuses`."""

from enum import StrEnum


class Status(StrEnum):
    """The ten statuses of the spec's §3, in the words of the spec."""

    NEW = "NEW"
    PAYED = "PAYED"
    WAITING_FOR_DELIVERY = "WAITING_FOR_DELIVERY"
    SHIPPED = "SHIPPED"
    DELIVERED = "DELIVERED"
    FINISHED = "FINISHED"
    CANCELED = "CANCELED"
    RETURN_IN_PROGRESS = "RETURN_IN_PROGRESS"
    RETURN_COMPLETED = "RETURN_COMPLETED"
    RETURN_REJECTED = "RETURN_REJECTED"
