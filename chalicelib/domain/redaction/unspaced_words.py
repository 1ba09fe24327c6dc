"""Words that stand beside names in scripts without blanks: titles, particles, and what makes another name of one."""

import re

from chalicelib.domain.redaction.unspaced_text import form

_JAPANESE_TITLES = (
    "さん 様 さま 殿 どの 氏 君 くん ちゃん 先生 部長 次長 課長 係長 主任 主査 社長 副社長 専務 常務 取締役 執行役員 会長 代表 顧問 店長 "
    "所長 支店長 室長 教授 准教授 博士 先輩 弁護士 医師 議員 選手 監督 夫妻 夫人 一家 家"
)
_CHINESE_TITLES = (
    "先生 女士 小姐 太太 夫人 同志 同学 老师 老師 教授 博士 医生 醫生 律师 律師 总经理 總經理 副总 副總 总监 總監 总裁 總裁 总 總 董事长 "
    "董事長 董 经理 經理 主任 主管 部长 部長 处长 處長 局长 局長 科长 科長 老板 老闆 工程师 工程師 工 校长 校長 院长 院長 哥 姐 叔 阿姨"
)
_TITLES = {form(title) for title in f"{_JAPANESE_TITLES} {_CHINESE_TITLES}".split()}
# A title, with a blank before it or none. Kana as in UnspacedText.folded.
TITLE = re.compile(r"[ \t\u00a0]?(?:" + "|".join(sorted(map(re.escape, _TITLES), key=len, reverse=True)) + ")")

_KOREAN_TITLES = (
    "씨 님 군 양 선생님 선생 부장 차장 과장 대리 사원 주임 팀장 실장 본부장 지점장 이사 상무 전무 부사장 사장 회장 대표이사 대표 교수 박사 원장 "
    "소장 국장 변호사 의사 기자 매니저 고객 여사 작가 감독 위원 의원 형 누나 오빠 언니"
)
_KOREAN_PARTICLES = (
    "은 는 이 가 을 를 과 와 의 에게 에게서 께 께서 한테 에 에서 도 만 로 으로 하고 랑 이랑 이나 나 야 아 여 이여 입니다 이다 다 이고 고 이며 며 "
    "부터 까지 라고 이라고 라는 이라는 처럼 보다 조차 마저 뿐 들"
)
_TITLED = "(?:" + "|".join(sorted(_KOREAN_TITLES.split(), key=len, reverse=True)) + ")님?"
_PARTICLE = "(?:" + "|".join(sorted(_KOREAN_PARTICLES.split(), key=len, reverse=True)) + ")"
_WORD_ENDS = r"(?![\uac00-\ud7a3])"
KOREAN_AFTER = re.compile(f"(?:{_TITLED})?(?:{_PARTICLE}){{0,2}}{_WORD_ENDS}")
KOREAN_TITLE = re.compile(rf"[ \t\u00a0]?{_TITLED}(?:{_PARTICLE}){{0,2}}{_WORD_ENDS}")
_FAMILIES = (
    "김 이 박 최 정 강 조 윤 장 임 한 오 서 신 권 황 안 송 류 유 전 홍 고 문 양 손 배 백 허 남 심 노 하 곽 성 차 주 우 구 민 나 진 지 엄 채 원 천 방 "
    "공 현 함 변 염 여 추 도 소 석 선 설 마 길 연 위 표 명 기 반 왕 금 옥 육 인 맹 제 모 탁 국 은 편 용 예 경 봉 사 부 남궁 황보 제갈 선우 독고 서문 사공"
)
KOREAN_FAMILIES = frozenset(_FAMILIES.split())

JAPANESE_AFTER = re.compile(
    "(?:は|が|を|に|と|も|へ|の|で|や|か|ら|さん|さま|くん|ちゃん|から|まで|より|って|です|だ|なら|しか|だけ|など)"
)
# In front of a family name it makes another one: 小山田, 大久保, 上村田.
LONGER_FAMILY = "小大"
# Behind a given name of two characters it makes another one: 健太郎, 美智子, 龍之介.
LONGER_GIVEN = re.compile("[郎朗子美恵惠香雄介助里江央枝](?![人館術容])")
# What follows a given name of one character that ends there, and is no second character of it: 王明喜欢.
_HAN_FOLLOWS = (
    "的 是 在 和 与 與 跟 同 及 或 说 說 告 想 要 会 會 将 將 已 正 不 没 沒 也 都 就 还 還 又 来 來 去 到 给 給 向 对 對 从 從 把 被 让 讓 请 請 "
    "喜欢 喜歡 打 发 發 写 寫 问 問 回 今 明天 昨 下 上 这 這 那 他 她 我 你 们 們 先 负责 負責 认为 認為 觉得 覺得 表示 提 做 有 可 能 应 應 需 希望 "
    "愿 願 介绍 介紹 推荐 推薦 建议 建議 联系 聯繫 电 電 手 邮 郵 住 工作 之"
)
HAN_AFTER = re.compile(
    "|".join(
        sorted((*_HAN_FOLLOWS.split(), *_CHINESE_TITLES.split(), *_JAPANESE_TITLES.split()), key=len, reverse=True)
    )
)
BEFORE_ONE = "国國女大帝君霸天法魔猴亲親父阁閣"  # of words that end like a family name of one character: 国王

THAI_TITLE = re.compile(r"(?:คุณ|นาย|นาง|นางสาว|น\.ส\.|ด\.?ญ\.?|ดร\.?|พี่|น้อง|ท่าน|เฮีย|เจ๊|ลุง|ป้า|อาจารย์|หมอ)[ \t]?\Z")
_THAI_WORDS = (
    "โทร ชอบ บอก แจ้ง จะ ได้ ไม่ มา ไป เป็น ที่ กับ และ หรือ แต่ ว่า ให้ ต้อง ขอ ส่ง ทำ นัด ครับ ค่ะ คะ นะ คือ มี อยู่ เคย กำลัง ถาม ตอบ สนใจ ซื้อ ขาย "
    "ประชุม ติดต่อ เพื่อ จาก ใน ของ วัน พรุ่งนี้ วันนี้ เมื่อ แล้ว ยัง ก็ คิด อยาก รับ พบ เจอ แนะนำ ฝาก เบอร์ อีเมล ผู้ ซึ่ง"
)
THAI_AFTER = re.compile(r"[ \t\u00a0]?(?:" + "|".join(_THAI_WORDS.split()) + ")")
