"""Vietnamese and highland text, pure Python without dependencies.

*Normal form*: how text is stored (`normalise`). *Exact key*: with marks, one key for
hoà and hòa, kĩ and kỹ (`search_key`). *Fold*: no marks at all (`fold`, `fold_token`).
*Token*: a word of the index, of a query, of a highlight (`tokens`, `word_spans`).
*Sort key*: bytes in the order of an alphabet (`sort_key`). *Legacy text*: TCVN3,
VNI, VIQR, VISCII or CP1258 read as something else (`repair`).

The promise: nothing here raises on any text, nothing rewrites what a cataloguer
typed but for its normal form, and equal exact keys always have equal folds.
"""

from tangthu.text.amounts import dong_in_words, format_dong, in_words
from tangthu.text.folding import fold, fold_token, match_key, prefix_forms, search_key
from tangthu.text.legacy import Encoding, Repaired, detect, repair
from tangthu.text.names import direct_heading, given_name, sort_name, valid_name
from tangthu.text.normal import clean, match_apostrophes, normalise
from tangthu.text.phones import normalise_phone, read_citizen_number
from tangthu.text.places import place_variants
from tangthu.text.sorting import sort_key
from tangthu.text.words import Word, tokens, word_spans

__all__ = [
    "Encoding",
    "Repaired",
    "Word",
    "clean",
    "detect",
    "direct_heading",
    "dong_in_words",
    "fold",
    "fold_token",
    "format_dong",
    "given_name",
    "in_words",
    "match_apostrophes",
    "match_key",
    "normalise",
    "normalise_phone",
    "place_variants",
    "prefix_forms",
    "read_citizen_number",
    "repair",
    "search_key",
    "sort_key",
    "sort_name",
    "tokens",
    "valid_name",
    "word_spans",
]
