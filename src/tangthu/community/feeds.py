"""The feed of a podcast: RSS 2.0 with Apple's elements and the transcripts of Podcasting 2.0.

Sources: RSS 2.0 (RSS Advisory Board); Apple, Podcast RSS feed requirements; podcastindex.org,
namespace 1.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import Enclosure, Rss201rev2Feed
from django.utils.xmlutils import SimplerXMLGenerator

from tangthu.formats.webvtt import clock

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
CATEGORY = ("Society & Culture", "Documentary")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A podcast, with absolute addresses."""

    title: str
    summary: str
    author: str
    language: str
    page: str
    feed: str
    cover: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A recording, with absolute addresses. `transcripts` are (address, language tag)."""

    title: str
    description: str
    page: str
    guid: str
    address: str
    size: int
    media_type: str
    published_at: datetime
    duration: int | None
    transcripts: tuple[tuple[str, str], ...] = ()


def feed_of(channel: Channel, episodes: Iterable[Episode]) -> str:
    """Return the feed as XML. Letters that XML cannot hold are left out."""
    feed = PodcastFeed(
        title=_held(channel.title),
        link=channel.page,
        description=_held(channel.summary),
        language=channel.language,
        author_name=_held(channel.author),
        feed_url=channel.feed,
        cover=channel.cover,
    )
    for episode in episodes:
        feed.add_item(
            title=_held(episode.title),
            link=episode.page,
            description=_held(episode.description),
            pubdate=episode.published_at,
            unique_id=episode.guid,
            unique_id_is_permalink=False,
            enclosures=[Enclosure(episode.address, str(episode.size), episode.media_type)],
            duration=clock(episode.duration) if episode.duration is not None else "",
            transcripts=episode.transcripts,
        )
    return str(feed.writeString("utf-8"))


class PodcastFeed(Rss201rev2Feed):
    """RSS with what programs for podcasts ask for."""

    def root_attributes(self) -> dict[str, Any]:
        return super().root_attributes() | {"xmlns:itunes": ITUNES, "xmlns:podcast": PODCAST}

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("itunes:author", self.feed["author_name"])
        handler.addQuickElement("itunes:summary", self.feed["description"])
        handler.addQuickElement("itunes:explicit", "false")
        handler.addQuickElement("itunes:type", "episodic")
        handler.addQuickElement("itunes:image", attrs={"href": self.feed["cover"]})
        handler.startElement("itunes:category", AttributesImpl({"text": CATEGORY[0]}))
        handler.addQuickElement("itunes:category", attrs={"text": CATEGORY[1]})
        handler.endElement("itunes:category")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: Mapping[str, Any]) -> None:
        super().add_item_elements(handler, dict(item))
        if item["duration"]:
            handler.addQuickElement("itunes:duration", item["duration"])
        for address, language in item["transcripts"]:
            attributes = {"url": address, "type": "text/vtt", "language": language}
            handler.addQuickElement("podcast:transcript", attrs=attributes)


def _held(text: str) -> str:
    return "".join(letter for letter in text if letter in "\n\t" or letter.isprintable())
