"""What tells a family name where no comma and no column does: common ones of languages that put it first, endings."""

from __future__ import annotations

import re
from functools import cache


def _listed(text: str) -> list[str]:
    return text.split()


# Regions that write the family name first; in the first one the given name is the last word, middle names before it.
FAMILY_FIRST = frozenset(("vn", "hu", "cn", "tw", "hk", "kr", "jp", "kp", "mn", "kh"))
GIVEN_LAST = frozenset(("vn",))
_COMMON = """
nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh truong doan trinh lam phung luong
kim park bak pak choi choe jung jeong chung kang gang cho jo yoon yun jang chang lim im han oh seo shin sin kwon gwon
hwang ahn song ryu yoo yu hong jeon moon mun yang son bae baek paek heo hur nam noh roh ha
wang li zhang liu chen huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie tang deng feng cao peng
zeng xiao tian dong pan yuan cai jiang yu ye cheng wei su lu ding ren shen yao cui zhong tan fan jin shi liao jia xia
fu fang zou xiong bai meng qin qiu hou yin xue yan duan lei long tao qian gu mao hao gong shao wan chan wong cheung
lau leung ng lam tsang kwok
sato suzuki takahashi tanaka ito watanabe yamamoto nakamura kobayashi kato yoshida yamada sasaki yamaguchi matsumoto
inoue kimura hayashi saito shimizu yamazaki yamasaki mori ikeda hashimoto abe ishikawa yamashita nakajima nakashima
ishii ogawa maeda okada hasegawa fujita goto kondo murakami endo aoki sakamoto fujii nishimura fukuda ota miura
fujiwara okamoto matsuda nakagawa nakano harada ono tamura takeuchi kaneko wada nakayama ishida ueda morita
nagy kovacs toth szabo horvath varga kiss molnar nemeth farkas balogh papp takacs juhasz lakatos meszaros olah racz
fekete szilagyi torok feher balazs gal szucs kocsis orsos pinter fodor szalai sipos magyar lukacs gulyas biro kiraly
katona laszlo jakab bogdan
"""
# Endings that hardly any given name has.
_ENDING = re.compile(
    r"..(ov|ova|ev|yeva|aeva|ieva|enko|chuk|yuk|ski|ska|sky|skiy|skyi|skii|skaya|skaia|cki|cka|czyk|wicz|vich|ovic|evic|"
    r"opoulos|opoulou|idis|idou|akis|oglu|escu|sson|ssen|sdottir|.sen|..yan|shvili|adze|idze|.nen|.mann|qvist|kvist|"
    r"strom|gren|stein|bauer|meyer|meier)\Z"
)
_HANGUL = re.compile(r"[\uac00-\ud7af]{2,5}\Z")
_HAN = re.compile(r"[\u3005\u3400-\u9fff\u3040-\u30ff]{2,7}\Z")
_TWO_HANGUL = frozenset(_listed("남궁 황보 제갈 선우 독고 사공 서문 동방"))
_TWO_HAN = frozenset(
    _listed("欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 司徒 夏侯 皇甫 尉迟 公孙 公孫 慕容 令狐 东方 東方 端木 张简 張簡")
)
_ONE_KANJI = frozenset("林森原南東西北関堀辻星菅泉谷岸畑浜丸島榊柳堤栗椿梶桂楠榎橘牧秦乾沖轟岡杉今")
_THREE_KANJI = frozenset(
    _listed("""
    佐々木 長谷川 五十嵐 久保田 小野寺 大久保 長谷部 波多野 宇都宮 日比野 小笠原 佐久間 大河内 小早川
    富士田 三田村 宇佐美 阿久津 小山田 大和田 東海林 世良田""")
)


@cache
def _common() -> frozenset[str]:
    return frozenset(_COMMON.split())


def is_family_name(word: str) -> bool:
    """Whether a compared word is a common family name of a language that puts it first, or ends as family names do."""
    return word in _common() or bool(_ENDING.match(word))


def family_letters(name: str, region: str) -> int:
    """How many characters of an unspaced name in Hangul or Chinese characters are its family name; 0 for others."""
    if _HANGUL.match(name):
        return 2 if name[:2] in _TWO_HANGUL and len(name) > 2 else 1
    if not _HAN.match(name):
        return 0
    if region != "jp" and not re.search("[\u3040-\u30ff\u3005]", name):
        return 2 if name[:2] in _TWO_HAN and len(name) > 2 else 1
    if name[:3] in _THREE_KANJI or len(name) > 5:
        return min(3, len(name) - 1)
    return 1 if len(name) == 2 or (name[0] in _ONE_KANJI and len(name) == 3) else 2
