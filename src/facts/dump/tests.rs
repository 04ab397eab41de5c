//! Dumps in, facts out: one line an assertion. Whole dumps are in `tests/dumps/`.

use super::*;

/// All facts a dump has, each with its line.
fn shown(dump: &Dump) -> String {
    let date = dump.date.iter().map(|d| {
        let year = d.year.map_or(String::new(), |year| format!("{year}-"));
        let time = d
            .time
            .map_or(String::new(), |(h, m, s)| format!(" {h}:{m}:{s}"));
        format!(
            "{year}{}-{}{time} @{}:{}+{}",
            d.month, d.day, d.line, d.column, d.width
        )
    });
    let day = dump.weekday.iter();
    let day = day.map(|d| format!("{}={} @{}:{}", d.text, d.weekday, d.line, d.column));
    let place = |g: &Guess| format!("@{}:{}+{}", g.line, g.column, g.width);
    let guesses = dump.guesses.iter();
    let guesses = guesses.map(|g| format!("{} {}: {}", place(g), g.what, g.reason));
    let one = |block: &Option<Block>| many(block.as_slice());
    let facts = [
        ("date", date.collect()),
        ("templates", dump.templates.clone()),
        ("source", one(&dump.source)),
        ("title", one(&dump.title)),
        ("summary", one(&dump.summary)),
        ("points", many(&dump.points)),
        ("standfirst", one(&dump.standfirst)),
        ("body", many(&dump.body)),
        ("authors", many(&dump.authors)),
        ("editors", many(&dump.editors)),
        ("promo", many(&dump.promo)),
        ("contact", many(&dump.contact)),
        ("tags", many(&dump.tags)),
        ("weekday", day.collect()),
        ("guesses", guesses.collect::<Vec<_>>()),
    ];
    let facts = facts.iter().filter(|(_, list)| !list.is_empty());
    let facts = facts.map(|(name, list)| format!("{name}[{}]", list.join(" & ")));
    facts.collect()
}

fn many(blocks: &[Block]) -> Vec<String> {
    let shown = blocks.iter().map(|b| format!("{} @{}", b.text, b.line));
    shown.collect()
}

fn check(input: &str, expect: &str) {
    assert_eq!(shown(&parse(input)), expect, "{input}");
}

macro_rules! dumps {
    ($($name:ident: $($input:literal => $expect:literal)+)+) => {
        $(#[test] fn $name() { $(check($input, $expect);)+ })+
    };
}

dumps! {
    the_first_line_is_split_at_its_last_date:
        "港闻 03月09日 18:40\n新桥开放"
        => "date[3-9 18:40:0 @1:4+12]source[港闻 @1]title[新桥开放 @2]"
        "早报 3.9 版 2025年3月9日 18:40:30\n新桥开放"
        => "date[2025-3-9 18:40:30 @1:10+18]source[早报 3.9 版 @1]title[新桥开放 @2]"
        "来源：36氪 | 2025-03-09\n新桥开放"
        => "date[2025-3-9 @1:10+10]source[36氪 @1]title[新桥开放 @2]"
        "2025/03/09 18:40 来源：港闻\n新桥开放"
        => "date[2025-3-9 18:40:0 @1:1+16]source[港闻 @1]title[新桥开放 @2]"
        "发布时间：03-09 18:40\n新桥开放" => "date[3-9 18:40:0 @1:6+11]title[新桥开放 @2]"
        "港聞\u{3000}2025-03-09T18:40:00+08:00\n新橋開放"
        => "date[2025-3-9 18:40:0 @1:4+25]source[港聞 @1]title[新橋開放 @2]"

    a_weekday_behind_the_date_is_part_of_it:
        "海港日报 2026年11月22日 星期日\n新桥开放"
        => "date[2026-11-22 @1:6+15]source[海港日报 @1]title[新桥开放 @2]weekday[星期日=7 @1:18]"
        "2026-11-22 周日 08:30\n新桥开放"
        => "date[2026-11-22 8:30:0 @1:1+19]title[新桥开放 @2]weekday[周日=7 @1:12]"
        "海港日报 11月22日（星期日）08:30\n新桥开放"
        => "date[11-22 8:30:0 @1:6+16]source[海港日报 @1]title[新桥开放 @2]weekday[星期日=7 @1:13]"
        "新桥开放\n11月22日 星期日\n正文。"
        => "date[11-22 @2:1+10]title[新桥开放 @1]body[正文。 @3]weekday[星期日=7 @2:8]"
        "港聞 2026年11月22日(日) 下午6時40分\n新橋開放"
        => "date[2026-11-22 18:40:0 @1:4+22]source[港聞 @1]title[新橋開放 @2]"
        "Port Daily Nov 22, 2026, Sunday 08:30\nBridge opens"
        => "date[2026-11-22 8:30:0 @1:12+26]source[Port Daily @1]title[Bridge opens @2]"
        "3月9日周六福收评\n\n正文。" => "title[3月9日周六福收评 @1]body[正文。 @3]"

    a_source_ends_at_the_next_label_or_gap:
        "2026-11-22 08:30 来源: 海港日报 作者: 张三 阅读 1234\n新桥开放"
        => "date[2026-11-22 8:30:0 @1:1+16]source[海港日报 @1]title[新桥开放 @2]authors[张三 @1]\
         guesses[@1:18+23 `阅读 1234` is dropped: only source and people can stand beside the date]"
        "2026-11-22 08:30  海港日报   我有话说\n新桥开放"
        => "date[2026-11-22 8:30:0 @1:1+16]source[海港日报 @1]title[新桥开放 @2]\
         guesses[@1:19+11 `我有话说` is dropped: only source and people can stand beside the date]"
        "来源：海港日报 作者：张三、李四 时间：2026-11-22 08:30\n新桥开放"
        => "date[2026-11-22 8:30:0 @1:21+16]source[海港日报 @1]title[新桥开放 @2]\
         authors[张三 @1 & 李四 @1]"
        "海港日报 2026-11-22 08:30 责编：王海\n新桥开放"
        => "date[2026-11-22 8:30:0 @1:6+16]source[海港日报 @1]title[新桥开放 @2]editors[王海 @1]"
        "新桥开放\n来源：海港日报　作者：张三\n正文。"
        => "source[海港日报 @2]title[新桥开放 @1]body[正文。 @3]authors[张三 @2]"

    a_page_that_was_saved_has_its_heading_for_a_title:
        "<!DOCTYPE html>\n<html><head><title>新桥开放_海港网</title></head>\n<body><nav><a>首页</a></nav>\n\
         <h1>新桥开放</h1>\n<p>正文一。</p>\n<p>正文二。</p></body></html>"
        => "title[新桥开放 @4]body[正文一。 @5 & 正文二。 @6]\
         guesses[@4:1+1 HTML tags are taken out of the text: a dump is plain text; columns of its other notes may be off]"
        "<title>新桥开放</title>\n<h1><img src=a.png></h1><p>正文一。</p>\n<p>正文二。</p>"
        => "title[新桥开放 @1]body[正文一。 @2 & 正文二。 @3]\
         guesses[@2:1+1 HTML tags are taken out of the text: a dump is plain text; columns of its other notes may be off]"

    a_headline_with_a_date_is_no_source_line:
        "3月9日收评：三大指数齐跌\n\n正文。"
        => "title[3月9日收评：三大指数齐跌 @1]body[正文。 @3]"
        "新桥开放\n港闻 2024年2月29日\n\n正文。"
        => "date[2024-2-29 @2:4+10]source[港闻 @2]title[新桥开放 @1]body[正文。 @4]"
        "新桥开放\n来源：港闻\n03月09日\n正文。"
        => "date[3-9 @3:1+6]source[港闻 @2]title[新桥开放 @1]body[正文。 @4]"
        "新桥 2-30 号\n港闻 2025-02-30 18:40"
        => "title[新桥 2-30 号 @1]body[港闻 2025-02-30 18:40 @2]"
        "新桥开放\n开放定于3月9日" => "title[新桥开放 @1]body[开放定于3月9日 @2]"

    template_names_are_kept_and_never_text:
        "港闻 03月09日\r\n新桥开放\r\nindex_a.html\r\n../../wap/tpl_b1.htm\r\n\u{A0}\r\n\u{3000}\u{3000}正文见 a.html。\r\n\
         \u{200B}\r\nhttps://港.test/c.html\r\n"
        => "date[3-9 @1:4+6]templates[index_a.html & ../../wap/tpl_b1.htm]source[港闻 @1]\
         title[新桥开放 @2]body[正文见 a.html。 @6 & https://港.test/c.html @8]"

    plain_text_is_a_title_and_paragraphs:
        "" => ""
        " \n\u{3000}\n" => ""
        "\u{FEFF}新桥开放\n\n第一段。\n\n第二段。\n"
        => "title[新桥开放 @1]body[第一段。 @3 & 第二段。 @5]"
        "A New Bridge\n\nThe harbour bridge opens today.\n\n\
         It took six years. It cost little."
        => "title[A New Bridge @1]body[The harbour bridge opens today. @3 & \
         It took six years. It cost little. @5]"
        "新桥开放\n\n新桥开放\n\n第一段。\n第一段。\n"
        => "title[新桥开放 @1]body[第一段。 @5]\
         guesses[@3:1+4 the line is dropped: it repeats the line above word for word & \
         @6:1+4 the line is dropped: it repeats the line above word for word]"

    emoji_points_and_the_paragraph_above_them_leave_the_body:
        "新桥开放\n\n摘要一段。\n\n🚀 通车\n\n1\u{FE0F}\u{20E3} 免费\n\n❤\u{FE0F} 欢迎\n\n\
         正文。"
        => "title[新桥开放 @1]summary[摘要一段。 @3]points[🚀 通车 @5 & \
         1\u{FE0F}\u{20E3} 免费 @7 & ❤\u{FE0F} 欢迎 @9]body[正文。 @11]\
         guesses[@3:1+5 the paragraph is taken as the summary: it stands before the 3 emoji points]"
        "新桥开放\n🚀通车\n👩\u{200D}🔧 检修\n正文。\n\n💡 文中一句。"
        => "title[新桥开放 @1]points[🚀通车 @2 & 👩\u{200D}🔧 检修 @3]body[正文。 @4 & \
         💡 文中一句。 @6]"
        "新桥开放\n正文一。\n正文二。\n🚀 通车\n💡 免费"
        => "title[新桥开放 @1]body[正文一。 @2 & 正文二。 @3 & 🚀 通车 @4 & 💡 免费 @5]"

    a_first_paragraph_in_the_other_script_is_the_summary:
        "新橋開放\n\n港口的新桥将于本月开放，预计每天有三万辆车通过。\n\n\
         港口的新橋將於本月開放。\n\n預計每天有三萬輛車通過。"
        => "title[新橋開放 @1]summary[港口的新桥将于本月开放，预计每天有三万辆车通过。 @3]\
         body[港口的新橋將於本月開放。 @5 & 預計每天有三萬輛車通過。 @7]\
         guesses[@3:1+24 the paragraph is taken as the summary: it is in Simplified characters and the body in Traditional]"
        "新橋開放\n\n港口新桥周末开通。\n\n港口的新橋將於本月開放。"
        => "title[新橋開放 @1]body[港口新桥周末开通。 @3 & 港口的新橋將於本月開放。 @5]"

    a_first_paragraph_that_the_body_repeats_is_the_standfirst:
        "新桥开放\n\n\
         港口的新桥周末正式通车，全长三公里。市长表示，过桥费用三年内全部免除。\n\n\
         港口的新桥周末正式通车，全长约三公里。\n\n市长林某表示，过桥费用三年内全部免除。"
        => "title[新桥开放 @1]\
         standfirst[港口的新桥周末正式通车，全长三公里。市长表示，过桥费用三年内全部免除。 @3]\
         body[港口的新桥周末正式通车，全长约三公里。 @5 & \
         市长林某表示，过桥费用三年内全部免除。 @7]\
         guesses[@3:1+35 the paragraph is taken as the standfirst: 2 of its sentences recur in the body]"
        "新桥开放\n\n港口的新桥周末正式通车，全长三公里。市民都很高兴，纷纷前来拍照留念。\n\
         \n港口的新桥周末正式通车，全长约三公里。"
        => "title[新桥开放 @1]\
         body[港口的新桥周末正式通车，全长三公里。市民都很高兴，纷纷前来拍照留念。 @3 & \
         港口的新桥周末正式通车，全长约三公里。 @5]"

    bylines_give_authors_and_editors:
        "新橋開放\n正文。\n編輯/Jo" => "title[新橋開放 @1]body[正文。 @2]editors[Jo @3]"
        "新桥开放\n（本报记者 王海 李 江 报道）\n正文。\n\
         责任编辑：陈山、Jane Doe\u{3000}校对：林木"
        => "title[新桥开放 @1]body[正文。 @3]authors[王海 @2 & 李江 @2]editors[陈山 @4 & \
         Jane Doe @4 & 林木 @4]"
        "新桥开放\n文/Jane Doe 王海\n记者 从医院获悉\n编辑部说，不会。\n责编 王海/李江"
        => "title[新桥开放 @1]body[记者 从医院获悉 @3 & 编辑部说，不会。 @4]\
         authors[Jane Doe @2 & 王海 @2]editors[王海 @5 & 李江 @5]"
        "新桥开放\n作者说：没有。\n记者：王海 编辑：李江\n来源：港闻"
        => "source[港闻 @4]title[新桥开放 @1]body[作者说：没有。 @2]authors[王海 @3]\
         editors[李江 @3]"

    promotion_is_printed_twice_below_the_article:
        "新桥开放\n正文一。\n正文二。\n编辑：王海\nHarbour App\n\nHarbour App\n\n\
         读新闻，用海港。\n\n还有夜间模式。\n海港\n海港\n一座城的助手\n相关标签\n桥"
        => "title[新桥开放 @1]body[正文一。 @2 & 正文二。 @3]editors[王海 @4]\
         promo[Harbour App @5 & 读新闻，用海港。 @9 & 还有夜间模式。 @11 & 海港 @12 & \
         一座城的助手 @14]tags[桥 @16]\
         guesses[@5:1+11 `Harbour App` and what follows are taken as promotion: the line is printed twice below the article & \
         @12:1+2 `海港` and what follows are taken as promotion: the line is printed twice below the article]"
        "新桥开放\n正文。\n海港\n海港\n一座城的助手"
        => "title[新桥开放 @1]body[正文。 @2]promo[海港 @3 & 一座城的助手 @5]\
         guesses[@3:1+2 `海港` and what follows are taken as promotion: the line is printed twice below the article]"
        "新桥开放\n海港\n海港\n一座城的助手"
        => "title[新桥开放 @1]body[海港 @2 & 一座城的助手 @4]\
         guesses[@3:1+2 the line is dropped: it repeats the line above word for word]"
        "新桥开放\n副歌\n副歌\n正文一。\n正文二。"
        => "title[新桥开放 @1]body[副歌 @2 & 正文一。 @4 & 正文二。 @5]\
         guesses[@3:1+2 the line is dropped: it repeats the line above word for word]"

    contact_lines_need_an_address_or_a_mark:
        "新桥开放\n正文。\n联系邮箱 desk@harbour.test\n投稿邮箱：见首页\n\
         desk@harbour.test\n联系我们"
        => "title[新桥开放 @1]body[正文。 @2]contact[联系邮箱 desk@harbour.test @3 & \
         投稿邮箱：见首页 @4 & desk@harbour.test @5 & 联系我们 @6]"
        "新桥开放\n联系方式被泄露。\nEmail newsletters are back\n联系方式 各不相同"
        => "title[新桥开放 @1]body[联系方式被泄露。 @2 & Email newsletters are back @3 & \
         联系方式 各不相同 @4]"

    tags_follow_their_heading:
        "新桥开放\n正文。\n相关标签\n\n桥 AI\u{3000}Rust语言 开源 桥"
        => "title[新桥开放 @1]body[正文。 @2]tags[桥 @5 & AI @5 & Rust语言 @5 & 开源 @5]"
        "新桥开放\n正文。\n标签：Harbour Bridge、桥，C#|开源/云\n相關標籤 海港 橋"
        => "title[新桥开放 @1]body[正文。 @2]tags[Harbour Bridge @3 & 桥 @3 & C# @3 & \
         开源 @3 & 云 @3 & 海港 @4 & 橋 @4]"
        "新桥开放\n正文。\nTags\n#Harbour Bridge #桥"
        => "title[新桥开放 @1]body[正文。 @2]tags[Harbour Bridge @4 & 桥 @4]"
        "新桥开放\n正文。\n相关标签\n  Harbour Bridge 2 桥"
        => "title[新桥开放 @1]body[正文。 @2]tags[Harbour @4 & Bridge @4 & 2 @4 & 桥 @4]\
         guesses[@4:3+14 `Harbour` and `Bridge` are taken as two tags: a space separates tags here, but Latin words are probably one tag & \
         @4:11+8 `Bridge` and `2` are taken as two tags: a space separates tags here, but Latin words are probably one tag]"
        "新桥开放\n正文。\n标签\n海港\n桥\n编辑：王海\n相关标签\n相关文章"
        => "title[新桥开放 @1]body[正文。 @2]editors[王海 @6]tags[海港 @4 & 桥 @5]"
        "新桥开放\n标签：这个词近来很热。"
        => "title[新桥开放 @1]body[标签：这个词近来很热。 @2]"

    the_related_heading_ends_the_article:
        "新桥开放\n正文。\n相关阅读：\n旧桥拆除\n渡轮停运\n相关标签\n桥"
        => "title[新桥开放 @1]body[正文。 @2]tags[桥 @7]\
         guesses[@3:1+5 2 lines after `相关阅读：` dropped: the heading ends the article]"
        "新桥开放\n正文。\n相關文章" => "title[新桥开放 @1]body[正文。 @2]"
        "新桥开放\n正文。\nRelated\n旧桥拆除"
        => "title[新桥开放 @1]body[正文。 @2]\
         guesses[@3:1+7 1 line after `Related` dropped: the heading ends the article]"

    a_weekday_is_one_day_and_the_body_comes_first:
        "新橋周一開放\n\n他每週三上班，上周五休息，週二至週四值班，一周一次。\n\u{3000}\u{3000}新橋將於星期天開放。"
        => "title[新橋周一開放 @1]\
         body[他每週三上班，上周五休息，週二至週四值班，一周一次。 @3 & \
         新橋將於星期天開放。 @4]weekday[星期天=7 @4:7]"
        "周六福与周一围周五到港\n正文。"
        => "title[周六福与周一围周五到港 @1]body[正文。 @2]weekday[周五=5 @1:8]"
        "周天子的礼物\n周天，晴。"
        => "title[周天子的礼物 @1]body[周天，晴。 @2]weekday[周天=7 @2:1]"
        "新桥周日开放\n正文。" => "title[新桥周日开放 @1]body[正文。 @2]weekday[周日=7 @1:3]"
        "礼拜三的风\n周一到五，每隔个周六"
        => "title[礼拜三的风 @1]body[周一到五，每隔个周六 @2]weekday[礼拜三=3 @1:1]"
}

/// Cuts and splices at random places; the seed is fixed, so a failure repeats.
#[test]
fn no_text_breaks_it() {
    let text = "港闻 2025年3月9日 18:40\n新橋開放\na.html\n\u{A0}\n💡 一\n1️⃣ 二\n桥通车了，\
        都很高兴。桥通车了，都很高兴？週三至周五。\n海港\n海港\n編輯/Jo 责编：\n邮箱 a@b.c\n\
        标签：\nC# #AI/桥 é x\n相关文章\n旧\n";
    let chars: Vec<char> = text.chars().collect();
    let mut seed = 0x9E37_79B9_u64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % 1_000_003) as usize % below
    };
    for _ in 0..5_000 {
        let pieces = (0..1 + random(6)).flat_map(|_| {
            let start = random(chars.len());
            let length = random(chars.len() - start + 1) / (1 + random(8));
            &chars[start..start + length]
        });
        let input: String = pieces.collect();
        let dump = parse(&input);
        let blocks = dump.body.iter().chain(&dump.tags).chain(&dump.promo);
        let blank = |b: &Block| trimmed(&b.text).is_empty();
        assert!(!blocks.clone().any(blank), "{input}");
        let count = input.split('\n').count() as u32;
        assert!(blocks.map(|b| b.line).all(|line| line <= count), "{input}");
    }
}
