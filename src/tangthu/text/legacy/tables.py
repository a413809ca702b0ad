"""What each byte, or pair of bytes, of a legacy encoding stands for.

Sources: TCVN 5712:1993, set VN3 (TCVN3, "ABC" fonts); RFC 1456 (VISCII and VIQR); the
font layout of VNI-Windows; Windows code page 1258 is in Python's own codecs.
"""

from __future__ import annotations

import unicodedata

from tangthu.text.normal import ACUTE, BREVE, CIRCUMFLEX, DOT_BELOW, GRAVE, HOOK, HORN, TILDE

_TCVN3 = """
A1Ă A2Â A3Ê A4Ô A5Ơ A6Ư A7Đ A8ă A9â AAê ABô ACơ ADư AEđ
B5à B6ả B7ã B8á B9ạ BBằ BCẳ BDẵ BEắ C6ặ C7ầ C8ẩ C9ẫ CAấ CBậ CCè CEẻ CFẽ D0é D1ẹ
D2ề D3ể D4ễ D5ế D6ệ D7ì D8ỉ DCĩ DDí DEị DFò E1ỏ E2õ E3ó E4ọ E5ồ E6ổ E7ỗ E8ố E9ộ
EAờ EBở ECỡ EDớ EEợ EFù F1ủ F2ũ F3ú F4ụ F5ừ F6ử F7ữ F8ứ F9ự FAỳ FBỷ FCỹ FDý FEỵ
"""
_VISCII = """
02Ẳ 05Ẵ 06Ẫ 14Ỷ 19Ỹ 1EỴ 80Ạ 81Ắ 82Ằ 83Ặ 84Ấ 85Ầ 86Ẩ 87Ậ 88Ẽ 89Ẹ 8AẾ 8BỀ 8CỂ 8DỄ 8EỆ 8FỐ
90Ồ 91Ổ 92Ỗ 93Ộ 94Ợ 95Ớ 96Ờ 97Ở 98Ị 99Ỏ 9AỌ 9BỈ 9CỦ 9DŨ 9EỤ 9FỲ A0Õ A1ắ A2ằ A3ặ A4ấ A5ầ
A6ẩ A7ậ A8ẽ A9ẹ AAế ABề ACể ADễ AEệ AFố B0ồ B1ổ B2ỗ B3Ỡ B4Ơ B5ộ B6ờ B7ở B8ị B9Ự BAỨ BBỪ BCỬ
BDơ BEớ BFƯ C0À C1Á C2Â C3Ã C4Ả C5Ă C6ẳ C7ẵ C8È C9É CAÊ CBẺ CCÌ CDÍ CEĨ CFỳ D0Đ D1ứ D2Ò D3Ó
D4Ô D5ạ D6ỷ D7ừ D8ử D9Ù DAÚ DBỹ DCỵ DDÝ DEỡ DFư E0à E1á E2â E3ã E4ả E5ă E6ữ E7ẫ E8è E9é EAê
EBẻ ECì EDí EEĩ EFỉ F0đ F1ự F2ò F3ó F4ô F5õ F6ỏ F7ọ F8ụ F9ù FAú FBũ FCủ FDý FEợ FFỮ
"""
_VNI_LETTERS = "Ơ=Ô ơ=ô Ư=Ö ư=ö Đ=Ñ đ=ñ Ì=Ì ì=ì Í=Í í=í Ỉ=Æ ỉ=æ Ĩ=Ó ĩ=ó Ị=Ò ị=ò Ỵ=Î ỵ=î"

# The mark that follows the vowel, lower case; the upper case one stands 0x20 before it.
_VNI_TONES = {"ø": GRAVE, "û": HOOK, "õ": TILDE, "ù": ACUTE, "ï": DOT_BELOW}
_VNI_HATS = {
    "â": CIRCUMFLEX,
    "à": CIRCUMFLEX + GRAVE,
    "å": CIRCUMFLEX + HOOK,
    "ã": CIRCUMFLEX + TILDE,
    "á": CIRCUMFLEX + ACUTE,
    "ä": CIRCUMFLEX + DOT_BELOW,
}
# That ú is breve and hook is not seen in any text at hand; the layout leaves no other place.
_VNI_BREVES = {
    "ê": BREVE,
    "è": BREVE + GRAVE,
    "ú": BREVE + HOOK,
    "ü": BREVE + TILDE,
    "é": BREVE + ACUTE,
    "ë": BREVE + DOT_BELOW,
}

VIQR_HATS = {"(": BREVE, "^": CIRCUMFLEX, "+": HORN, "*": HORN}
VIQR_TONES = {"`": GRAVE, "?": HOOK, "~": TILDE, "'": ACUTE, ".": DOT_BELOW}


def _nfc(letters: str) -> str:
    return unicodedata.normalize("NFC", letters)


def _single(table: str) -> dict[str, str]:
    return {chr(int(entry[:2], 16)): _nfc(entry[2:]) for entry in table.split()}


def _vni() -> dict[str, str]:
    table = {sign: letter for letter, _, sign in (e.partition("=") for e in _VNI_LETTERS.split())}
    rows = (("aeouy", _VNI_TONES), ("ôö", _VNI_TONES), ("aeo", _VNI_HATS), ("a", _VNI_BREVES))
    for vowels, marks in rows:
        for vowel in vowels:
            for sign, mark in marks.items():
                whole = _nfc(table.get(vowel, vowel) + mark)
                table |= {vowel + sign: whole, vowel.upper() + sign.upper(): whole.upper()}
    del table["yï"], table["YÏ"]
    return table


TCVN3 = _single(_TCVN3)
VISCII = _single(_VISCII)
VNI = _vni()

# Letters of U+1EA0–1EC8 of which an exchange in MARC-8 kept the low byte alone, read as
# MARC-8: the ß of `Bßnh` is 0xC7 there, and ệ is U+1EC7.
_MARC8_FROM_A1 = "ŁØ\0ÞÆŒʹ·♭®±ƠƯʼ\0ʻłø\0þæœʺı£ð\0ơư\0\0°ℓ℗©♯¿¡ß€"
MARC8_LOW_BYTE = {
    sign: chr(0x1EA1 + at) for at, sign in enumerate(_MARC8_FROM_A1) if sign not in "\0ƠƯơưð"
}
