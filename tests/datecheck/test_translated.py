"""Truth across languages: good and bad translations, each with every finding word for word."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from handbook.datecheck import judge
from handbook.datecheck.same_facts import chinese_number
from handbook.rules.findings import exit_status
from support import small_handbook

DAY = date(2026, 11, 23)
CATALOGUE = "docs/locales/zh_CN/LC_MESSAGES/page.po"
CITED = "{cite:p}`city2019secretariat`"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small handbook without fault."""
    return small_handbook(tmp_path)


def entry(english: str, chinese: str, more: str = "") -> str:
    quoted = [text.replace("\\", "\\\\").replace('"', '\\"') for text in (english, chinese)]
    return f'{more}msgid "{quoted[0]}"\nmsgstr "{quoted[1]}"\n\n'


def write(root: Path, text: str, name: str = CATALOGUE) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def found(root: Path) -> list[str]:
    return [str(one) for one in judge.check(root, DAY, ["Z"]).findings]


def judged(root: Path, english: str, chinese: str, more: str = "") -> list[str]:
    """The findings of the rules for translations, each without its place."""
    page = root / "docs" / "page.md"
    text = page.read_text("utf-8")
    line = text.count("\n") + 2
    page.write_text(f"{text}\n{english}\n", "utf-8")
    write(root, entry(" ".join(english.split()), chinese, more))
    head = f"{CATALOGUE}:{2 + more.count(chr(10))}:1: "
    findings = found(root)
    assert all(one.startswith(head) for one in findings), findings
    assert all(f" (docs/page.md:{line}) " in one for one in findings), findings
    return [one.removeprefix(head).replace(f" (docs/page.md:{line}) ", " @ ") for one in findings]


GOOD = [
    ("It is here.", "在这里。"),
    ("On 14 January 2019 there were 28 cities.", "2019年1月14日有28个城市。"),
    ("In June 2017, and on 30 June.", "2017年6月，以及6月30日。"),
    ("It was held from 15 to 17 May 2013.", "2013年5月15日至17日举行。"),
    ("From 14 May 2018 to 18 May 2018.", "2018年5月14日至18日。"),
    ("On 22 or 23 April.", "4月22日或23日。"),
    ("On 22 or 23 April 2018.", "2018年4月22日或23日。"),
    ("On 22 or 23 April 2018.", "2018年4月22或23日。"),
    ("On 22, 23 or 25 April 2018.", "2018年4月22日、23日或25日。"),
    ("On 22, 23 and 25 April 2018.", "2018年4月22日、23日和25日。"),
    ("On 30 June or 1 July 2018.", "2018年6月30日或7月1日。"),
    ("From May to July 2018.", "2018年5月至7月。"),
    ("On 28 and 29 June 2016.", "2016年6月28日和29日。"),
    ("About June 2017.", "约2017年6月。"),
    ("More about the two classes.", "两类成员的详情。"),
    ("They agreed on 30 cities.", "双方约定30个城市。"),
    ("The last three years.", "最近三年。"),
    ("A blank line before and after.", "前后各留一个空行。"),
    ("About a third.", "约三分之一。"),
    ("About a thousand people.", "约一千人。"),
    ("About a million, or about a thousand.", "约100万，或约1000。"),
    ("A news item of August 2018.", "2018年8月一则新闻。"),
    ("A news item of ISO of August 2018.", "ISO 2018年8月的一则新闻。"),
    ("In August 2018 there were 10 projects and 2 reports.", "2018年8月10个项目、2份报告。"),
    ("Of June: 3 projects.", "6月3项。"),
    ("On 29 and 30 June 2016, and on 3 or 4 July.", "2016年6月29、30日，以及7月3或4日。"),
    ("It becomes the first of June.", "变成6月1日。"),
    ("It becomes the first of June.", "变成6月的第一天。"),
    ("The first of June 2016.", "2016年6月的第一份。"),
    ("**Clause 4, commitment.** It **defines**.", "**承诺**（第4章）。**定义**在此。"),
    ("Some say 16 cities, others seventeen of twelve countries.", "一说16个城市，一说12国的17个。"),
    ("2.5 million people and 9,292 firms (35 %).", "250万人和9292家企业（35%）。"),
    ("ISO 37101:2016/Amd 1:2024, clause 5.5.2.", "ISO 37101:2016/Amd 1:2024第5.5.2条。"),
    ("GB/T 24001-2016 is in force.", "GB/T 24001—2016现行有效。"),
    ("A guide to ISO 37101.", "《可持续发展 商务区 ISO 37101本地实施指南》。"),
    ("In the 2010s, and in the spring of 2016.", "2010年代，以及2016年春。"),
    ("Two of three; the first edition.", "三分之二；第一版。"),
    ("It may be used in May.", "5月可以使用。"),
    ("May I quote it?", "可以引用吗？"),
    ("**An address.** It is gone.", "**地址**。已经没有了。"),
    ("The 5th meeting on 16 May 2018.", "2018年5月16日的第五次会议。"),
    (f"Once {CITED}.", f"仅此一次{CITED}。"),
    ("See [the page](standards.md) and `make html`.", "见[该页]（standards.md）与`make html`。"),
    ("{iso}`37101` is a standard.", "{iso}`这项标准 <37101>`。"),
]


@pytest.mark.parametrize(("english", "chinese"), GOOD)
def test_a_true_translation_raises_nothing(tree: Path, english: str, chinese: str) -> None:
    assert judged(tree, english, chinese.replace("（standards.md）", "(standards.md)")) == []


BAD = [
    (
        "Three organs.",
        "# 三个机构。",
        [
            "Z003 the translation is not one plain paragraph @ (hint: let it begin with a word, and write no HTML, block or heading in it)",
            "Z012 a space is typed in '# 三个机构。' @ (hint: delete the space)",
        ],
    ),
    (
        "It is bold.",
        "<b>粗体</b>。",
        [
            "Z003 the translation is not one plain paragraph @ (hint: let it begin with a word, and write no HTML, block or heading in it)"
        ],
    ),
    ("It is.", "是\u200b的。", ["Z003 the character U+200B cannot be seen @ (hint: delete it)"]),
    (
        f"Abolished {CITED}.",
        "已撤销。",
        [
            f"Z004 the translation lacks {CITED} @ (hint: write each role, citation, link and piece of code as the English has it)"
        ],
    ),
    (
        "Abolished.",
        f"已撤销{CITED}。",
        [f"Z004 the English has no {CITED} @ (hint: delete it, or write what the English has)"],
    ),
    (
        "See {iso}`37101`.",
        "见{iso}`37120`。",
        [
            "Z004 the English has no {iso}`37120` @ (hint: delete it, or write what the English has)",
            "Z004 the translation lacks {iso}`37101` @ (hint: write each role, citation, link and piece of code as the English has it)",
        ],
    ),
    (
        "See [it](standards.md).",
        "见[它](page.md)。",
        [
            "Z005 the English has no link to page.md @ (hint: delete it, or write what the English has)",
            "Z005 the translation lacks the link to standards.md @ (hint: write each role, citation, link and piece of code as the English has it)",
        ],
    ),
    (
        "Type `make html`.",
        "输入make html。",
        [
            "Z005 the translation lacks the code `make html` @ (hint: write each role, citation, link and piece of code as the English has it)"
        ],
    ),
    (
        "ISO 37101:2016 stands.",
        "ISO 37101:2026有效。",
        [
            "Z006 the English does not name ISO 37101:2026 @ (hint: delete it, or write the designation that the English has)",
            "Z006 the translation does not name ISO 37101:2016 @ (hint: write the designation as the English has it)",
        ],
    ),
    (
        "GB/T 24001-2016 stands.",
        "GB/T 24001有效。",
        [
            "Z006 the English does not name GB/T 24001 @ (hint: delete it, or write the designation that the English has)",
            "Z006 the translation does not name GB/T 24001-2016 @ (hint: write the designation as the English has it)",
        ],
    ),
    (
        "It began in June 2017.",
        "始于2017年6月29日。",
        [
            "Z007 the English has no date 2017年6月29日 @ (hint: write the dates of the English, and no others)",
            "Z007 the translation lacks the date June 2017 @ (hint: write 2017年6月)",
        ],
    ),
    (
        "It began on 14 January 2019.",
        "始于2019年1月。",
        [
            "Z007 the English has no date 2019年1月 @ (hint: write the dates of the English, and no others)",
            "Z007 the translation lacks the date 14 January 2019 @ (hint: write 2019年1月14日)",
        ],
    ),
    (
        "It began on 14 January 2019.",
        "始于2019年1月4日。",
        [
            "Z007 the English has no date 2019年1月4日 @ (hint: write the dates of the English, and no others)",
            "Z007 the translation lacks the date 14 January 2019 @ (hint: write 2019年1月14日)",
        ],
    ),
    (
        "On 30 June.",
        "6月3日。",
        [
            "Z007 the English has no date 6月3日 @ (hint: write the dates of the English, and no others)",
            "Z007 the translation lacks the date 30 June @ (hint: write 6月30日)",
        ],
    ),
    (
        "In 2016.",
        "2015年。",
        [
            "Z008 the English has no number 2015 @ (hint: write the figures of the English, and no others)",
            "Z008 the translation lacks the number 2016 @ (hint: write the figures of the English)",
        ],
    ),
    (
        "It had 28 members.",
        "有26个成员。",
        [
            "Z008 the English has no number 26 @ (hint: write the figures of the English, and no others)",
            "Z008 the translation lacks the number 28 @ (hint: write the figures of the English)",
        ],
    ),
    (
        "2.5 million people.",
        "25万人。",
        [
            "Z008 the English has no number 250000 @ (hint: write the figures of the English, and no others)",
            "Z008 the translation lacks the number 2500000 @ (hint: write the figures of the English)",
        ],
    ),
    (
        "Some of it.",
        "其中30个。",
        [
            "Z008 the English has no number 30 @ (hint: write the figures of the English, and no others)"
        ],
    ),
    (
        "About 30 cities.",
        "30个城市。",
        [
            "Z009 the English says about, and the translation does not @ (hint: write 约 before the number or the date)"
        ],
    ),
    (
        "30 cities.",
        "近30个城市。",
        ["Z009 the translation says 约, and the English does not @ (hint: delete 约, 左右 or 近)"],
    ),
    (
        "It is *unknown*.",
        "*不详*。",
        [
            "Z011 *不详* is Chinese in italics @ (hint: write “…”, or 《…》 around a title, or ** for what is strong)"
        ],
    ),
    (
        "It has 28 members.",
        "共有 28 个成员。",
        [
            "Z012 a space is typed in '共有 28 个成员' @ (hint: delete the space)",
            "Z012 a space is typed in '共有 28 个成员。' @ (hint: delete the space)",
        ],
    ),
    (
        "It is called so.",
        "名为《 可持续发展  指南》和《可持续发展\u3000指南》， 下同。",
        [
            "Z012 a space is typed in ' 可持续发展  指南》和《可' @ (hint: type one normal space)",
            "Z012 a space is typed in '《可持续发展\\u3000指南》， 下' @ (hint: type one normal space)",
            "Z012 a space is typed in '名为《 可持续发展 ' @ (hint: delete the space)",
            "Z012 a space is typed in '展\\u3000指南》， 下同。' @ (hint: delete the space)",
        ],
    ),
    (
        "On 22 or 23 April 2018.",
        "2018年4月22日或24日。",
        [
            "Z007 the English has no date 4月24日 @ (hint: write the dates of the English, and no others)",
            "Z007 the translation lacks the date 23 April 2018 @ (hint: write 2018年4月23日)",
        ],
    ),
    (
        "On 22 or 23 April 2018.",
        "2018年4月23日。",
        ["Z007 the translation lacks the date 22 April 2018 @ (hint: write 2018年4月22日)"],
    ),
    (
        "On 22 April 2018.",
        "2018年4月22日或23日。",
        [
            "Z007 the English has no date 4月23日 @ (hint: write the dates of the English, and no others)"
        ],
    ),
    (
        "It was on 3 June.",
        "在6月3项。",
        [
            "Z007 the English has no date 6月 @ (hint: write the dates of the English, and no others)",
            "Z007 the translation lacks the date 3 June @ (hint: write 6月3日)",
        ],
    ),
    (
        "The city, the club.",
        "城市, 联盟.",
        [
            "Z012 a space is typed in '城市, 联盟.' @ (hint: delete the space)",
            "Z013 , in '城市, 联盟.' is not a Chinese mark @ (hint: write ，)",
            "Z013 . in '城市, 联盟.' is not a Chinese mark @ (hint: write 。)",
        ],
    ),
    (
        "The city (first).",
        "城市(首个)。",
        [
            "Z013 ( in '城市(首个)。' is not a Chinese mark @ (hint: write （)",
            "Z013 ) in '城市(首个)。' is not a Chinese mark @ (hint: write ）)",
        ],
    ),
    (
        "**An address.** It is gone.",
        "**地址。**已经没有了。",
        [
            "Z014 readers would see the stars of '**地址。**已经没有' @ (hint: let the mark stand outside of the stars: **words**。)"
        ],
    ),
    (
        "It is called first.",
        '称为"首个"。',
        ['Z013 " is not a Chinese mark @ (hint: write “ and ”)'],
    ),
]


@pytest.mark.parametrize(("english", "chinese", "expected"), BAD)
def test_an_untrue_translation_is_found_word_for_word(
    tree: Path, english: str, chinese: str, expected: list[str]
) -> None:
    assert judged(tree, english, chinese) == expected


def test_words_that_the_vocabulary_forbids(tree: Path) -> None:
    with (tree / "references" / "terms.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "- term: resilience\n  forbidden: [恢复力]\n"
            '  zh: {term: 韧性, status: gb, source: "GB/T 40947-2021"}\n'
        )
    said = judged(tree, "It is about resilience.", "该标准涉及恢复力。")
    assert said == ["Z010 this handbook does not write 恢复力 @ (hint: write 韧性)"]
    assert judged(tree, "It quotes resilience.", "原文为“恢复力”。") == []


TERMS = """
- term: subcommittee
  short: SC
  zh: {term: 分技术委员会, status: press, source: GB/T 1, other: [分委员会]}
- term: publication
  zh: {term: 出版, status: press, source: GB/T 1, other: [刊行], also: [发布]}
- term: recovery
  zh: {term: 恢复能力, status: press, source: GB/T 1}
- term: resilience
  zh: {term: 韧性, status: press, source: GB/T 1, other: [恢复]}
"""


@pytest.mark.parametrize(
    ("english", "chinese", "expected"),
    [
        (
            "Both subcommittees met.",
            "两个分委员会开会。",
            "'subcommittee' is 分委员会, and not 分技术委员会",
        ),
        ("Its SC met.", "其分委员会开会。", "'subcommittee' is 分委员会, and not 分技术委员会"),
        ("After publication.", "刊行以后。", "'publication' is 刊行, and not 出版"),
        ("Its resilience.", "其恢复。", "'resilience' is 恢复, and not 韧性"),
        ("After publication.", "发布以后。", None),
        ("Both subcommittees met.", "两个分技术委员会开会。", None),
        ("A subcommittee met.", "一个“分委员会”开会。", None),
        ("A committee met.", "分委员会开会。", None),
        ("Its resilience and recovery.", "其恢复能力。", None),
        ("The subcommittee 分委员会 met.", "分委员会开会。", None),
    ],
)
def test_a_thing_has_its_settled_word(
    tree: Path, english: str, chinese: str, expected: str | None
) -> None:
    with (tree / "references" / "terms.yaml").open("a", encoding="utf-8") as file:
        file.write(TERMS)
    settled = (expected or "").rpartition(" ")[2]
    said = [f"Z015 {expected} @ (hint: write {settled})"] if expected else []
    assert judged(tree, english, chinese) == said


def test_a_change_of_the_english_is_told_and_fails_nothing(tree: Path) -> None:
    old = '#, fuzzy\n#| msgid "It had 26 members."\n'
    assert judged(tree, "It had 28 members.", "有26个成员。", old) == [
        (
            "Z020 the English of '有26个成员。' has changed @ (hint: compare the two, correct the"
            " translation, and delete the line #, fuzzy)"
        )
    ]
    assert exit_status(judge.check(tree, DAY, ["Z"]).findings) == 0


def test_a_translation_whose_english_is_gone(tree: Path) -> None:
    write(tree, entry("It had 26 members.", "有26个成员。"))
    assert found(tree) == [
        (
            f"{CATALOGUE}:2:1: Z020 docs/page.md no longer has the English of '有26个成员。' (hint:"
            " run: make translations)"
        )
    ]


def test_strings_of_data_are_compared_as_those_of_pages(tree: Path) -> None:
    (tree / "references" / "families.yaml").write_text(
        '- {id: first, title: Text of 2016, members: ["ISO 37101:2016"]}\n', "utf-8"
    )
    name = "docs/locales/zh_CN/LC_MESSAGES/references/families.po"
    write(tree, entry("Text of 2016", "2018年的文本") + entry("Gone", "没有了"), name)
    assert found(tree) == [
        (
            f"{name}:2:1: Z008 the English has no number 2018 (references/families.yaml:1) (hint: write"
            " the figures of the English, and no others)"
        ),
        (
            f"{name}:2:1: Z008 the translation lacks the number 2016 (references/families.yaml:1) (hint:"
            " write the figures of the English)"
        ),
        (
            f"{name}:5:1: Z020 references/families.yaml no longer has the English of '没有了' (hint: run:"
            " make translations)"
        ),
    ]
    write(tree, entry("Text of 2016", "2016年的文本"), name)
    assert found(tree) == []


def test_a_string_that_is_not_translated_is_no_finding(tree: Path) -> None:
    assert judged(tree, "It is here.", "") == []


@pytest.mark.parametrize(
    ("name", "data", "finding"),
    [
        (
            CATALOGUE,
            b'msgid "a\nmsgstr "b"\n',
            '1:1: Z001 this line of the catalogue cannot be read: \'msgid "a\' (hint: write msgid or msgstr, a space and the words in quotation marks: msgstr "words")',
        ),
        (
            CATALOGUE,
            b'#~| msgid "a"\n',
            '1:1: Z001 this line of the catalogue cannot be read: Unknown or misformatted keyword (hint: write msgid or msgstr, a space and the words in quotation marks: msgstr "words")',
        ),
        (
            CATALOGUE,
            b'<<<<<<< ours\nmsgid "a"\nmsgstr "b"\n=======\nmsgid "a"\nmsgstr "c"\n>>>>>>> x\n',
            "1:1: Z001 a merge of two versions is not finished (hint: keep one of the two versions, and delete the lines of marks)",
        ),
        (
            CATALOGUE,
            b'\nmsgid "\xff"\n',
            "2:1: Z001 the catalogue is not UTF-8 (hint: save it with the encoding UTF-8)",
        ),
        (
            CATALOGUE,
            b'msgid "a"\nmsgstr ""\n\nmsgid "a"\nmsgstr ""\n',
            "4:1: Z001 these words are translated on line 1 already (hint: delete one of the two)",
        ),
        (
            CATALOGUE.replace("page.po", "gone.po"),
            b"",
            "1:1: Z002 there is no page docs/gone.md (hint: move the catalogue with its page, or delete it and run: make translations)",
        ),
        (
            CATALOGUE.replace("page.po", "references/gone.po"),
            b"",
            "1:1: Z002 no file references/gone has words for readers (hint: move the catalogue with its page, or delete it and run: make translations)",
        ),
        (
            CATALOGUE.replace("zh_CN", "xx"),
            b"",
            "1:1: Z002 page.po is no catalogue of a language that the handbook has (hint: delete it, or move it to docs/locales/zh_CN/LC_MESSAGES/PAGE.po)",
        ),
    ],
)
def test_a_catalogue_that_nothing_can_use(tree: Path, name: str, data: bytes, finding: str) -> None:
    write(tree, "", name)
    (tree / name).write_bytes(data)
    assert found(tree) == [f"{name}:{finding}"]


def test_of_a_page_that_stays_in_english_the_title_alone_is_translated(tree: Path) -> None:
    (tree / "docs/contributing").mkdir()
    (tree / "docs/contributing/code.md").write_text("# Code\n\nIt is here.\n", "utf-8")
    name = CATALOGUE.replace("page.po", "contributing/code.po")
    write(tree, entry("Code", "代码") + entry("It is here.", "在这里。"), name)
    assert found(tree) == [
        f"{name}:5:1: Z020 docs/contributing/code.md stays in English except for its title, which '在这里。' does not translate (hint: run: make translations)"
    ]


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("十六", "16"),
        ("二十八", "28"),
        ("一百", "100"),
        ("二〇一九", "2019"),
        ("两", "2"),
        ("半", "0.5"),
        ("一千二百", "1200"),
    ],
)
def test_chinese_numerals(numeral: str, value: str) -> None:
    assert str(chinese_number(numeral)) == value
