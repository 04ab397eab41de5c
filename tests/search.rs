//! The search page in Chromium, under a strict content security policy: what is found and how it is
//! shown, filters, addresses, keys, a phone, and a browser without JavaScript.

mod common;

use common::chromium::{Chromium, Tab, check_console};
use common::served::{NOW, Root, Served, run};
use common::server::{POLICY, Server};
use masthead::base::text::fold::fold;
use serde_json::{Value, json};

const FILES: [(&str, &str); 8] = [
    (
        "masthead.yaml",
        "title: 海港新闻\nbase_url: https://harbour.example.org/news\n",
    ),
    (
        "content/guoji/bridge.md",
        "---\ntitle: 跨海大桥通车\ndate: 2026-11-20 08:00\nsource: 海报\ntags: [航运, AI]\n\
         summary: 大桥全长四公里\nhighlights: [🚀 票价减半]\n---\n\
         今天上午，跨海**大桥**正式\n通车。iPhone手机的用户最多。\n\n第二段说到开源软件与 C++。\n",
    ),
    (
        "content/guoji/harbour.md",
        "---\ntitle: 港口扩建\ndate: 2025-05-01\nsource: 北岸观察\ntags: [航运]\n---\n\
         记者问到跨海大桥通车以后的事。阿里巴巴（09988.HK、BABA）股价上涨3.5%。\n",
    ),
    (
        "content/keji/opensource.md",
        "---\ntitle: 開源軟體的後來\ndate: 2026-01-02\nsource: 海报\ntags: [開源]\n---\n\
         這篇文章談開源軟體，以及 Kubernetes 的將來。東京タワーと서울 시장。\n",
    ),
    (
        "content/guoji/tide.md",
        "---\ntitle: Tides at the northern shore\ndate: 2024-01-01\n\
         summary: {text: 潮汐每天两次，由模型写成。, method: ai}\n---\n\
         The tide comes in twice a day along the northern shore of the bay.\n",
    ),
    (
        "content/keji/hidden.md",
        "---\ntitle: 不让找的\ndate: 2026-01-03\nnoindex: true\n---\n跨海大桥在这里也有。\n",
    ),
    (
        "content/keji/draft.md",
        "---\ntitle: 草稿里的\ndate: 2026-01-04\ndraft: true\n---\n跨海大桥在草稿里。\n",
    ),
    (
        "content/keji/evil.md",
        "---\ntitle: '<img src=x onerror=alert(1)> 恶意标题'\ndate: 2026-01-05\n\
         tags: ['<script>alert(2)</script>']\nsource: '\"><svg onload=alert(3)>'\n---\n\
         正文里有`<script>alert(4)</script>`代码样本。\n",
    ),
];

/// The site, built and served as a static host does.
fn built() -> (Root, Server) {
    let root = Root::new(&FILES);
    let (status, _, said) = run(&root, "build", &["--as-of", NOW]);
    assert_eq!(status, 0, "{said}");
    // The site's base path is a folder of the host.
    let public = root.at("public");
    std::fs::create_dir(root.at("host")).expect("a folder");
    std::fs::rename(public, root.at("host/news")).expect("a folder");
    let server = Server::with_policy(root.at("host"), POLICY, |_| None);
    (root, server)
}

fn opened(chromium: &Chromium, server: &Server, query: &str) -> Tab {
    let tab = chromium.tab().expect("a tab");
    tab.open(&server.address(&format!("/news/search/{query}")))
        .expect("the page");
    tab
}

/// Types a query and gives what is found: the titles, in order.
fn ask(tab: &Tab, query: &str) -> Vec<String> {
    let script = format!(
        "new Promise((done) => {{
            const page = document.getElementById('Search');
            page.addEventListener('found', ({{ detail }}) => done(
                detail.error ?? detail.results.map((own) => own.url)), {{ once: true }});
            page.querySelector('input').value = {};
            page.querySelector('form').requestSubmit();
        }})",
        json!(query)
    );
    names(&tab.evaluate(&script).expect("an answer"))
}

/// The last part of each address.
fn names(urls: &Value) -> Vec<String> {
    let urls = urls
        .as_array()
        .unwrap_or_else(|| panic!("no list: {urls}"))
        .iter();
    let urls = urls.filter_map(Value::as_str);
    urls.map(|url| {
        url.trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or("")
            .to_string()
    })
    .collect()
}

fn until(tab: &Tab, condition: &str) {
    let look = format!(
        "new Promise((done) => {{ const look = () => ({condition}) ? done(true) : \
         setTimeout(look, 5); look(); }})"
    );
    tab.evaluate(&look)
        .unwrap_or_else(|error| panic!("{condition}: {error}"));
}

fn text(tab: &Tab, expression: &str) -> String {
    let value = tab.evaluate(expression).expect("a value");
    value
        .as_str()
        .unwrap_or_else(|| panic!("{expression}: {value}"))
        .to_string()
}

#[test]
fn whatever_stands_in_an_article_is_found() {
    let (_root, server) = built();
    let chromium = Chromium::launch();
    let tab = opened(&chromium, &server, "");
    let check = |query: &str, expect: &[&str]| assert_eq!(ask(&tab, query), expect, "{query}");
    // In the title before the newer one in the text, and through a line's end and an emphasis.
    check("跨海大桥", &["bridge", "harbour"]);
    check("大桥正式通车", &["bridge"]);
    check("大桥通车", &["bridge", "harbour"]);
    check("桥通车今天", &[]);
    // Summary, points, tags.
    check("全长四公里", &["bridge"]);
    check("票价减半", &["bridge"]);
    check("航运", &["bridge", "harbour"]);
    check("ai", &["bridge"]);
    // Both scripts find both.
    check("开源软件", &["bridge"]);
    check("開源軟件", &["bridge"]);
    check("开源软体", &["opensource"]);
    check("开源", &["opensource", "bridge"]);
    check("後來", &["opensource"]);
    check("后来", &["opensource"]);
    // Words, their beginnings, codes.
    check("kubernetes", &["opensource"]);
    check("Kube", &["opensource"]);
    check("ku", &["opensource"]);
    check("ＫＵＢ", &["opensource"]);
    check("09988.HK", &["harbour"]);
    check("0998", &["harbour"]);
    check("baba", &["harbour"]);
    check("3.5%", &["harbour"]);
    check("C++", &["bridge"]);
    check("iphone手机", &["bridge"]);
    check("タワー", &["opensource"]);
    check("서울", &["opensource"]);
    // Several words, wherever they stand.
    check("大桥 阿里巴巴", &["harbour"]);
    check("“跨海大桥”，通车", &["bridge", "harbour"]);
    check("没有这回事", &[]);
    assert_eq!(
        text(
            &tab,
            "document.querySelector('[role=status]').textContent.slice(0, 4)"
        ),
        "没有找到"
    );
    check("桥", &[]);
    assert_eq!(
        text(
            &tab,
            "document.querySelector('[role=status]').textContent.slice(0, 3)"
        ),
        "请至少"
    );
    check_console(&tab);
}

#[test]
fn results_show_where_it_stands_and_run_no_script() {
    let (_root, server) = built();
    let chromium = Chromium::launch();
    let tab = opened(
        &chromium,
        &server,
        "?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%20%E6%81%B6%E6%84%8F",
    );
    until(&tab, "document.querySelector('.found li')");
    let html = text(&tab, "document.querySelector('#Search').innerHTML");
    assert!(
        !html.contains("<img") && !html.contains("<script") && !html.contains("<svg"),
        "{html}"
    );
    assert_eq!(
        text(&tab, "document.querySelector('.found h2').textContent"),
        "<img src=x onerror=alert(1)> 恶意标题"
    );
    let marks =
        "[...document.querySelectorAll('.found mark')].map((mark) => mark.textContent).join('|')";
    ask(&tab, "代码样本");
    assert_eq!(text(&tab, marks), "代码样本");
    assert_eq!(
        text(&tab, "document.querySelector('.excerpt').textContent"),
        "正文里有<script>alert(4)</script>代码样本。"
    );
    // What is marked is what the article says, not what was typed.
    ask(&tab, "开源软体");
    assert_eq!(text(&tab, marks), "開源軟體|開源軟體");
    ask(&tab, "kube");
    assert_eq!(text(&tab, marks), "Kube");
    check_console(&tab);
}

#[test]
fn results_say_their_language_and_who_made_a_summary() {
    let (_root, server) = built();
    let chromium = Chromium::launch();
    let tab = opened(&chromium, &server, "");
    let html = "document.querySelector('.found li').innerHTML.split('<p class=\"meta')[0]";
    let title = "<h2 lang=\"en\"><a href=\"/news/guoji/tide/\">";
    ask(&tab, "由模型");
    assert_eq!(
        text(&tab, html),
        format!(
            "{title}Tides at the northern shore</a></h2><p class=\"excerpt\">\
             <span class=\"made\">AI 生成</span> 潮汐每天两次，<mark>由模型</mark>写成。</p>"
        )
    );
    ask(&tab, "twice");
    assert_eq!(
        text(&tab, html),
        format!(
            "{title}Tides at the northern shore</a></h2><p class=\"excerpt\" lang=\"en\">\
             The tide comes in <mark>twice</mark> a day along the northern shore of the bay.</p>"
        )
    );
    // A person's summary has no label, and the page's own language is not marked.
    ask(&tab, "全长四公里");
    assert_eq!(
        text(&tab, html),
        "<h2><a href=\"/news/guoji/bridge/\">跨海大桥通车</a></h2>\
         <p class=\"excerpt\">大桥<mark>全长四公里</mark></p>"
    );
    check_console(&tab);
}

#[test]
fn filters_and_the_query_stand_in_the_address() {
    let (_root, server) = built();
    let chromium = Chromium::launch();
    let tab = opened(&chromium, &server, "?q=%E5%A4%A7%E6%A1%A5&year=2025");
    let shown = "[...document.querySelectorAll('.found a')].map((link) => link.pathname).join(' ')";
    until(&tab, "document.querySelector('.found li')");
    assert_eq!(text(&tab, shown), "/news/guoji/harbour/");
    assert_eq!(
        text(&tab, "document.querySelector('[name=year]').value"),
        "2025"
    );
    let choose = |name: &str, value: &str| {
        let script = format!(
            "new Promise((done) => {{
                document.getElementById('Search').addEventListener('found', () => done(location.search), {{ once: true }});
                const filter = document.querySelector('[name={name}]');
                filter.value = '{value}';
                filter.dispatchEvent(new Event('change', {{ bubbles: true }}));
            }})"
        );
        text(&tab, &script)
    };
    choose("year", "");
    assert_eq!(
        text(&tab, shown),
        "/news/guoji/bridge/ /news/guoji/harbour/"
    );
    let address = choose("source", "海报");
    assert_eq!(address, "?q=%E5%A4%A7%E6%A1%A5&source=%E6%B5%B7%E6%8A%A5");
    assert_eq!(text(&tab, shown), "/news/guoji/bridge/");
    choose("source", "");
    choose("tag", "ai");
    assert_eq!(text(&tab, shown), "/news/guoji/bridge/");
    choose("tag", "");
    choose("channel", "keji");
    assert_eq!(text(&tab, shown), "");
    // Filters alone list the newest.
    let none = ask(&tab, "");
    assert_eq!(none, ["evil", "opensource"]);
    tab.evaluate("history.back()").expect("a step back");
    until(&tab, "document.querySelector('input').value === '大桥'");
    check_console(&tab);
}

fn press(tab: &Tab, key: &str, code: u32, text: &str) {
    for kind in ["keyDown", "keyUp"] {
        let mut event = json!({"type": kind, "key": key, "windowsVirtualKeyCode": code});
        if kind == "keyDown" && !text.is_empty() {
            event["text"] = json!(text);
        }
        tab.call("Input.dispatchKeyEvent", event).expect("a key");
    }
}

#[test]
fn keys_are_enough() {
    let (_root, server) = built();
    let chromium = Chromium::launch();
    let tab = opened(&chromium, &server, "");
    tab.evaluate("document.activeElement.blur()")
        .expect("no focus");
    press(&tab, "/", 191, "/");
    until(&tab, "document.activeElement.name === 'q'");
    assert_eq!(text(&tab, "document.activeElement.value"), "");
    tab.call("Input.insertText", json!({"text": "跨海大桥"}))
        .expect("a text");
    until(&tab, "document.querySelectorAll('.found li').length === 2");
    assert_eq!(
        text(&tab, "location.search"),
        "?q=%E8%B7%A8%E6%B5%B7%E5%A4%A7%E6%A1%A5"
    );
    let focused = "document.activeElement.pathname ?? document.activeElement.name";
    press(&tab, "ArrowDown", 40, "");
    assert_eq!(text(&tab, focused), "/news/guoji/bridge/");
    press(&tab, "ArrowDown", 40, "");
    assert_eq!(text(&tab, focused), "/news/guoji/harbour/");
    press(&tab, "ArrowUp", 38, "");
    press(&tab, "ArrowUp", 38, "");
    assert_eq!(text(&tab, focused), "q");
    press(&tab, "ArrowDown", 40, "");
    press(&tab, "Tab", 9, "");
    assert_eq!(text(&tab, focused), "/news/guoji/harbour/");
    press(&tab, "Escape", 27, "");
    assert_eq!(text(&tab, focused), "q");
    press(&tab, "ArrowDown", 40, "");
    press(&tab, "Enter", 13, "\r");
    tab.wait(|event| event["method"] == "Page.lifecycleEvent" && event["params"]["name"] == "load")
        .expect("the article");
    assert_eq!(text(&tab, "location.pathname"), "/news/guoji/bridge/");
}

#[test]
fn a_phone_and_a_browser_without_scripts_are_served() {
    let (_root, server) = built();
    let chromium = Chromium::launch();
    let tab = chromium.tab().expect("a tab");
    tab.resize(360, 700).expect("a phone");
    tab.open(&server.address("/news/search/?q=%E8%B7%A8%E6%B5%B7%E5%A4%A7%E6%A1%A5&tag=ai"))
        .expect("the page");
    until(&tab, "document.querySelector('.found li')");
    let wide = "String(document.documentElement.scrollWidth)";
    assert_eq!(text(&tab, wide), "360");
    tab.open(&server.address("/news/")).expect("the home page");
    let link = "(() => { const box = document.querySelector('.find').getBoundingClientRect(); \
                return `${box.width >= 24 && box.height >= 24 && box.right <= 360}`; })()";
    assert_eq!(text(&tab, link), "true");
    tab.call(
        "Emulation.setScriptExecutionDisabled",
        json!({"value": true}),
    )
    .expect("no scripts");
    tab.open(&server.address("/news/search/?q=x"))
        .expect("the page");
    let said = text(&tab, "document.querySelector('#Search').innerText");
    assert!(
        said.contains("需要 JavaScript") && said.contains("全部标签"),
        "{said}"
    );
    assert!(said.contains("harbour.example.org/news"), "{said}");
    assert!(!said.contains("筛选"), "{said}");
}

#[test]
fn the_script_folds_as_the_program_does() {
    let (_root, server) = built();
    let chromium = Chromium::launch();
    let tab = opened(&chromium, &server, "");
    ask(&tab, "海港");
    let han = (0x3400..=0x4dbf)
        .chain(0x4e00..=0x9fff)
        .chain(0xf900..=0xfaff);
    let others = (0x21..=0x7e)
        .chain(0xa1..=0x2ff)
        .chain(0x370..=0x52f)
        .chain(0x3040..=0x30ff)
        .chain(0xff01..=0xffee);
    let all: Vec<char> = han.chain(others).filter_map(char::from_u32).collect();
    let wanted: Vec<String> = all
        .iter()
        .map(|c| fold(&c.to_string()).into_owned())
        .collect();
    let list: String = all.iter().collect();
    let got = tab
        .evaluate(&format!(
            "(() => {{ const detail = {{ texts: [...{}] }}; \
             document.getElementById('Search').dispatchEvent(new CustomEvent('fold', {{ detail }})); \
             return detail.folded; }})()",
            json!(list)
        ))
        .expect("folds");
    let got: Vec<&str> = got
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(got.len(), wanted.len());
    let differing: Vec<String> = all
        .iter()
        .zip(wanted.iter().zip(&got))
        .filter(|(_, (wanted, got))| *wanted != got.trim())
        .map(|(c, (wanted, got))| format!("{c} U+{:04X}: {wanted} and {got}", *c as u32))
        .collect();
    assert!(differing.is_empty(), "{differing:?}");
}

#[test]
fn a_preview_finds_what_was_just_written() {
    let root = Root::new(&FILES);
    let served = Served::new(&root);
    let chromium = Chromium::launch();
    let tab = chromium.tab().expect("a tab");
    tab.open(&served.address("/search/")).expect("the page");
    assert_eq!(ask(&tab, "跨海大桥"), ["bridge", "harbour"]);
    root.replace("content/guoji/harbour.md", "跨海大桥", "海底隧道");
    served.shows("/guoji/harbour/", "海底隧道");
    tab.open(&served.address("/search/")).expect("the page");
    assert_eq!(ask(&tab, "海底隧道"), ["harbour"]);
    assert_eq!(ask(&tab, "跨海大桥"), ["bridge"]);
    assert!(served.is_as_built() > 0);
}
