"""How Chinese names are read aloud: the syllables, the surnames, and the characters that are read in two ways."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import islice, product
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import ModuleType

MAX_READINGS: Final = 4
"""Readings kept for one name: enough for two doubtful characters, and a bound on the index."""

_SYLLABLES: Final = """
a ai an ang ao ba bai ban bang bao bei ben beng bi bian biang biao bie bin bing bo bong bu ca cai
can cang cao ce cen ceng cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan
chuang chui chun chuo ci cong cou cu cuan cui cun cuo da dai dan dang dao de dei den deng di dia
dian diao die din ding diu dong dou du duan dui dun duo e ei en eng er fa fan fang fei fen feng fo
fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun guo ha hai han
hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo ji jia jian jiang jiao jie jin
jing jiong jiu ju juan jue jun ka kai kan kang kao ke kei ken keng kong kou ku kua kuai kuan kuang
kui kun kuo la lai lan lang lao le lei len leng li lia lian liang liao lie lin ling liu lo long lou
lu luan lun luo lv lve ma mai man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu
na nai nan nang nao ne nei nen neng ni nia nian niang niao nie nin ning niu nong nou nu nuan nun nuo
nv nve o ou pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang
qiao qie qin qing qiong qiu qu quan que qun ran rang rao re ren reng ri rong rou ru rua ruan rui run
ruo sa sai san sang sao se sen seng sha shai shan shang shao she shei shen sheng shi shou shu shua
shuai shuan shuang shui shun shuo si song sou su suan sui sun suo ta tai tan tang tao te tei teng ti
tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo wu xi xia xian xiang
xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi yin ying yo yong you yu yuan yue
yun za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhei zhen zheng zhi zhong zhou
zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo
"""

_SURNAMES: Final = """
尉迟:yu chi, 长孙:zhang sun, 万俟:mo qi, 澹台:tan tai, 单于:chan yu, 令狐:ling hu,
夏侯:xia hou, 皇甫:huang fu, 欧阳:ou yang, 上官:shang guan, 司马:si ma, 诸葛:zhu ge,
鲜于:xian yu, 呼延:hu yan, 乐正:yue zheng, 公冶:gong ye, 钟离:zhong li, 东方:dong fang,
慕容:mu rong, 独孤:du gu, 南宫:nan gong, 单:shan, 曾:zeng, 查:zha, 解:xie, 仇:qiu, 盖:ge,
翟:zhai, 区:ou, 朴:piao, 任:ren, 覃:qin, 员:yun, 华:hua, 纪:ji, 宁:ning, 万:wan, 缪:miao,
訾:zi, 逄:pang, 召:shao, 折:she, 黑:he, 秘:bi, 乜:nie, 么:yao, 种:chong, 繁:po, 郇:xun,
葛:ge, 乐:yue, 粘:nian, 冼:xian, 洗:xian, 牟:mou, 祭:zhai, 隗:wei, 车:che, 瞿:qu, 卜:bu,
句:gou, 晁:chao, 昝:zan, 那:na, 能:nai, 谌:chen, 应:ying, 曲:qu, 尉:wei, 都:du, 柏:bai,
石:shi, 沈:shen, 贾:jia, 叶:ye, 侯:hou, 俞:yu, 相:xiang, 强:qiang, 过:guo, 盛:sheng,
戚:qi, 撒:sa, 郗:xi, 褚:chu, 臧:zang
"""

_DOUBTFUL_CHARACTERS: Final = """
重:zhong chong, 长:chang zhang, 行:hang xing, 乐:le yue, 朝:chao zhao, 单:dan shan,
曾:zeng ceng, 厦:xia sha, 传:chuan zhuan, 绿:lv lu, 泊:bo po, 柏:bai bo, 会:hui kuai,
都:du dou, 藏:cang zang, 宿:su xiu, 铅:qian yan, 番:fan pan, 莘:shen xin, 堡:bao pu,
荥:xing ying, 浚:jun xun, 蔚:wei yu, 圩:xu wei, 盛:sheng cheng, 六:liu lu, 贾:jia gu,
阿:a e, 洗:xi xian, 句:ju gou, 调:diao tiao, 解:jie xie, 查:cha zha, 区:qu ou,
翟:zhai di, 仇:chou qiu, 盖:gai ge, 车:che ju, 蚌:bang beng, 泌:mi bi, 降:jiang xiang,
埔:pu bu, 涌:yong chong, 率:lv shuai, 尾:wei yi, 省:sheng xing, 参:can shen,
卡:ka qia, 薄:bao bo, 露:lu lou, 校:xiao jiao, 给:gei ji, 石:shi dan
"""


def _table(text: str) -> dict[str, tuple[str, ...]]:
    """`曾: zeng, 令狐: ling hu` as a mapping."""
    pairs = (entry.split(":") for entry in text.split(","))
    return {written.strip(): tuple(read.split()) for written, read in pairs}


SYLLABLES: Final = frozenset(_SYLLABLES.split())
"""Every syllable of Mandarin without its tone; ü is written v."""

SURNAMES: Final = _table(_SURNAMES)
"""Surnames whose reading differs from, or is doubtful in, ordinary text."""

_DOUBTFUL: Final = _table(_DOUBTFUL_CHARACTERS)
"""Characters whose second reading really occurs in names; other dictionary readings only add noise."""


@cache
def _pypinyin() -> ModuleType:
    """The reading dictionary, loaded at first use: it costs a third of a second."""
    import pypinyin
    import pypinyin.seg.simpleseg

    return pypinyin


def readings(text: str) -> list[tuple[str, ...]]:
    """Up to four ways to read a text, likeliest first, one syllable a character; other characters stay themselves.

    Known words decide by themselves (重庆 is chongqing, 长沙 changsha); a doubtful character standing alone is read
    both ways.
    """
    return list(islice(product(*_alternatives(text)), MAX_READINGS))


def person_readings(name: str) -> list[tuple[str, ...]]:
    """Readings of a person's name: the surname by the table of surnames, then as ordinary text."""
    surname = next((name[:size] for size in (2, 1) if name[:size] in SURNAMES and len(name) > size), "")
    found = [(*SURNAMES[surname], *rest) for rest in readings(name[len(surname) :])] if surname else []
    found += [reading for reading in readings(name) if reading not in found]
    return found[:MAX_READINGS]


def _alternatives(text: str) -> list[Sequence[str]]:
    """The readings worth keeping for each character of a text, word by word as the dictionary cuts it."""
    return [found for word in _pypinyin().seg.simpleseg.seg(text) for found in _of_word(word)]


@lru_cache(maxsize=1 << 15)
def _of_word(word: str) -> tuple[Sequence[str], ...]:
    """The readings of one word of the dictionary, one character, or a run of anything else.

    Company names share most of their words, so those of an import are read once.
    """
    pypinyin = _pypinyin()
    found: list[Sequence[str]] = []
    for spoken in pypinyin.pinyin(word, style=pypinyin.Style.NORMAL, heteronym=True, errors=list):
        first, *others = spoken
        if first not in SYLLABLES:
            found.append(spoken[:1])
            continue
        allowed = _DOUBTFUL.get(word[len(found)], ())
        found.append([first, *(other for other in others if other in allowed)])
    return tuple(found)
