from tangthu.community.models.exhibitions import (
    BLOCK_LABELS,
    Block,
    Exhibition,
    ExhibitionQuerySet,
)
from tangthu.community.models.podcasts import Podcast, PodcastQuerySet

__all__ = [
    "BLOCK_LABELS",
    "Block",
    "Exhibition",
    "ExhibitionQuerySet",
    "Podcast",
    "PodcastQuerySet",
]
