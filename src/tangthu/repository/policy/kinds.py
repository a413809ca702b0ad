"""The words by which objects, files and events are told apart. They are stored as they are."""

from __future__ import annotations

from enum import StrEnum


class ObjectKind(StrEnum):
    """What a digital object is, by the way in which it is read."""

    PAGE_IMAGES = "page_images"
    PDF = "pdf"
    EPUB = "epub"
    DOCX = "docx"
    AUDIO = "audio"
    VIDEO = "video"
    DATA = "data"


class State(StrEnum):
    """How far an object has come. Nothing is removed: what must go is withdrawn."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Access(StrEnum):
    """Who may open a published object. The last two open to those who were granted it alone."""

    PUBLIC = "public"
    CARDHOLDERS = "cardholders"
    ON_SITE = "on_site"
    STAFF = "staff"
    ON_REQUEST = "on_request"
    LENT = "lent"


class Restriction(StrEnum):
    """Whether the community that a document comes from keeps it to itself."""

    NONE = "none"
    COMMUNITY = "community"


class FileRole(StrEnum):
    """What a file is for. Masters, originals and texts are preserved; deliveries are made anew."""

    MASTER = "master"
    ORIGINAL = "original"
    DELIVERY = "delivery"
    TEXT = "text"


PRESERVED = frozenset({FileRole.MASTER, FileRole.ORIGINAL, FileRole.TEXT})


class EventKind(StrEnum):
    """What was done to a file: the Library of Congress's vocabulary of preservation events."""

    INGESTION = "ingestion"
    FORMAT_IDENTIFICATION = "format_identification"
    VIRUS_CHECK = "virus_check"
    MESSAGE_DIGEST_CALCULATION = "message_digest_calculation"
    FIXITY_CHECK = "fixity_check"
    MIGRATION = "migration"
    REPLACEMENT = "replacement"
    DELETION = "deletion"
    PUBLICATION = "publication"
    DEACCESSION = "deaccession"


class Outcome(StrEnum):
    """How an event ended."""

    SUCCESS = "success"
    WARNING = "warning"
    FAILURE = "failure"
