"""Names in scripts without blanks: cut with whatever hangs on them, and no other person's."""

import pytest

from chalicelib.domain.redaction.names import PersonName
from chalicelib.domain.redaction.prose import redacted

YAMADA = PersonName("太郎", "山田")
KIM = PersonName("철수", "김")
WANG = PersonName("小明", "王")
SOMCHAI = PersonName("สมชาย", "ใจดี")


@pytest.mark.parametrize(
    ("name", "note", "left"),
    [
        # Japanese
        (YAMADA, "山田太郎は来月異動します。", "[…]は来月異動します。"),
        (YAMADA, "昨日山田太郎さんと会った", "昨日[…]さんと会った"),
        (YAMADA, "担当：山田 太郎様、山田　太郎部長", "担当：[…]様、[…]部長"),
        (YAMADA, "山田さんに電話。山田部長も、山田氏も。", "[…]さんに電話。[…]部長も、[…]氏も。"),
        (YAMADA, "山田は欠席。「山田」", "[…]は欠席。「[…]」"),
        (YAMADA, "太郎さんから返事", "[…]さんから返事"),
        (YAMADA, "山田太郎課長と山田花子さん", "[…]課長と山田花子さん"),
        (YAMADA, "山\u200b田太\u200b郎です", "[…]です"),
        (
            YAMADA,
            "山田太郎はx@else.example、山田太郎linkedin.com/in/other",
            "[…]はx@else.example、[…]linkedin.com/in/other",
        ),
        (PersonName("太郎", "髙橋"), "高橋太郎と髙橋さん", "[…]と[…]さん"),
        (PersonName("タロウ", "ヤマダ"), "ﾔﾏﾀﾞ ﾀﾛｳさん、やまだたろうさん、ヤマダサンに", "[…]さん、[…]さん、[…]サンに"),
        (PersonName("ジョン", "スミス"), "ジョン・スミスさんとスミスさん", "[…]さんと[…]さん"),
        (PersonName("さくら", "田中"), "田中さくらは欠席", "[…]は欠席"),
        (PersonName("山田太郎", ""), "山田太郎は", "[…]は"),
        (PersonName("山田 太郎", ""), "山田太郎は山田さんと", "[…]は[…]さんと"),
        # Korean
        (KIM, "김철수 부장님과 통화", "[…] 부장님과 통화"),
        (KIM, "어제 김철수님께서 오셨다. 김철수는 바쁘다", "어제 […]님께서 오셨다. […]는 바쁘다"),
        (KIM, "김 부장님, 김부장님께, 김 씨", "[…] 부장님, […]부장님께, […] 씨"),
        (KIM, "철수 씨와 철수가", "[…] 씨와 […]가"),
        (KIM, "\u1100\u1175\u11b7철수와", "[…]와"),
        # Chinese
        (WANG, "王小明喜欢喝茶，王小明喜欢x@else.example", "[…]喜欢喝茶，[…]喜欢x@else.example"),
        (WANG, "客户王小明先生，王先生说可以", "客户[…]先生，[…]先生说可以"),
        (WANG, "请联系王总或王經理", "请联系[…]总或[…]經理"),
        (PersonName("明", "王"), "王明喜欢足球，王明。", "[…]喜欢足球，[…]。"),
        (PersonName("娜娜", "歐陽"), "歐陽娜娜小姐與歐陽女士", "[…]小姐與[…]女士"),
        # Thai, Lao, Khmer, Burmese
        (SOMCHAI, "คุณสมชาย ใจดีโทรมา", "คุณ[…]โทรมา"),
        (SOMCHAI, "พบคุณสมชายเมื่อวาน นายสมชาย ใจดี", "พบคุณ[…]เมื่อวาน นาย[…]"),
        (SOMCHAI, "สมชายใจดี", "[…]"),
        (PersonName("ສົມໄຊ", "ແກ້ວມະນີ"), "ພົບ ສົມໄຊ ແກ້ວມະນີ ມື້ນີ້", "ພົບ […] ມື້ນີ້"),
        (PersonName("វុទ្ធី", "សុខ"), "ជួបសុខ វុទ្ធីម្សិលមិញ", "ជួប[…]ម្សិលមិញ"),
        (PersonName("အောင်", "မြင့်"), "ကို အောင် မြင့် နှင့်", "ကို […] နှင့်"),
    ],
)
def test_the_name_is_cut(name: PersonName, note: str, left: str) -> None:
    assert redacted(note, [], [name]) == left
    assert redacted(left, [], [name]) == left


@pytest.mark.parametrize(
    ("name", "note"),
    [
        (YAMADA, "山田花子さんは山田 花子です"),
        (YAMADA, "小山田太郎さんと小山田さん"),
        (YAMADA, "佐藤太郎さん、佐藤 太郎さん"),
        (PersonName("健太", "山田"), "山田健太郎さん"),
        (PersonName("美智", "山田"), "山田美智子様"),
        (PersonName("タロウ", "ヤマダ"), "ヤマダタロウマルとヤマダデンキ"),
        (PersonName("学", "林"), "林の中で学ぶ"),
        (KIM, "김철수민 씨와 박철수는 김철순과 박 철수 씨"),
        (KIM, "김치와 김밥, 이 김은 맛있다"),
        (WANG, "王小华喜欢；国王先生；张小明说"),
        (PersonName("明", "王"), "王明华说"),
        (SOMCHAI, "คุณสมชาย รักไทย และ สมชายชาติ"),
        (SOMCHAI, "เสื้อใจดีมาก"),
    ],
)
def test_other_people_and_other_words_stay(name: PersonName, note: str) -> None:
    assert redacted(note, [], [name]) == note
