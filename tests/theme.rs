//! What the theme's script and menu do in Chromium, under a strict content security policy: light
//! or dark, the size of the text, handing an article on, and all that is there without JavaScript.

mod common;

use common::chromium::{Chromium, Tab, check_console};
use common::served::{NOW, Root, run};
use common::server::{POLICY, Server};
use serde_json::{Value, json};

const FILES: [(&str, &str); 3] = [
    (
        "masthead.yaml",
        "title: 海港新闻\nbase_url: https://harbour.example.org\n",
    ),
    (
        "content/guoji/bridge.md",
        "---\ntitle: 大桥 100% 通车？\ndate: 2026-11-20 08:00\n---\n\n通车。\n\n\
         ```\n一行很长很长很长很长很长很长很长很长很长很长很长很长很长很长的代码\n```\n",
    ),
    (
        "content/guoji/harbour.md",
        "---\ntitle: 港口扩建\ndate: 2026-11-19 08:00\n---\n\n扩建。\n",
    ),
];

fn built() -> (Root, Server) {
    let root = Root::new(&FILES);
    let (status, _, said) = run(&root, "build", &["--as-of", NOW]);
    assert_eq!(status, 0, "{said}");
    let server = Server::with_policy(root.at("public"), POLICY, |_| None);
    (root, server)
}

fn value(tab: &Tab, expression: &str) -> Value {
    tab.evaluate(expression)
        .unwrap_or_else(|error| panic!("{expression}: {error}"))
}

fn check(tab: &Tab, expression: &str, expect: Value) {
    assert_eq!(value(tab, expression), expect, "{expression}");
}

/// Presses the mouse on the middle of an element, as a reader does.
fn press(tab: &Tab, selector: &str) {
    let script = format!(
        "(() => {{ const box = document.querySelector({}).getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2]; }})()",
        json!(selector)
    );
    let place = value(tab, &script);
    for kind in ["mousePressed", "mouseReleased"] {
        let event = json!({
            "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1,
        });
        tab.call("Input.dispatchMouseEvent", event)
            .expect("a press");
    }
}

#[test]
fn choices_of_the_menu_are_kept() {
    let (_root, server) = built();
    let chromium = Chromium::launch();
    let tab = chromium.tab().expect("a tab");
    tab.resize(360, 740).expect("a phone");
    tab.prefer("light").expect("light");
    tab.open(&server.address("/guoji/bridge/")).expect("a page");
    let paper = "getComputedStyle(document.body).backgroundColor";
    let size = "getComputedStyle(document.documentElement).fontSize";
    let light = value(&tab, paper);
    check(&tab, size, json!("16px"));

    press(&tab, ".open");
    check(
        &tab,
        "document.querySelector('#Menu').matches(':popover-open')",
        json!(true),
    );
    press(&tab, "[data-choice=theme] [value=dark]");
    press(&tab, "[data-choice=text] [value='4']");
    check(&tab, size, json!("20px"));
    assert_ne!(value(&tab, paper), light);
    let pressed = "[...document.querySelectorAll('[aria-pressed=true]')].map((own) => own.value)";
    check(&tab, pressed, json!(["dark", "4"]));

    tab.open(&server.address("/")).expect("another page");
    check(&tab, size, json!("20px"));
    assert_ne!(value(&tab, paper), light);
    press(&tab, ".open");
    press(&tab, "[data-choice=theme] [value='']");
    press(&tab, "[data-choice=text] [value='']");
    assert_eq!(value(&tab, paper), light);
    check(&tab, size, json!("16px"));
    check_console(&tab);
}

#[test]
fn an_article_can_be_handed_on() {
    let (_root, server) = built();
    let chromium = Chromium::launch();
    let tab = chromium.tab().expect("a tab");
    tab.before_each_page(
        "Object.defineProperty(navigator, 'clipboard', { value: {
            writeText: async (text) => void (window.copied = text) } });",
    )
    .expect("a clipboard");
    tab.open(&server.address("/guoji/bridge/")).expect("a page");
    let copy = "document.querySelector('[data-act=copy]')";
    check(&tab, &format!("{copy}.textContent"), json!("复制链接"));
    value(&tab, &format!("{copy}.click()"));
    check(
        &tab,
        "window.copied",
        json!("https://harbour.example.org/guoji/bridge/"),
    );
    check(&tab, &format!("{copy}.textContent"), json!("已复制"));
    // What the browser reads out of the address is what was put in.
    let query = "[...new URL(document.querySelector('.share a').href).searchParams]";
    let expect = json!([
        ["url", "https://harbour.example.org/guoji/bridge/"],
        ["title", "大桥 100% 通车？"]
    ]);
    check(&tab, query, expect);
    check_console(&tab);
}

#[test]
fn all_is_there_without_javascript() {
    let (_root, server) = built();
    let chromium = Chromium::launch();
    let tab = chromium.tab().expect("a tab");
    tab.call(
        "Emulation.setScriptExecutionDisabled",
        json!({"value": true}),
    )
    .expect("no scripts");
    tab.resize(360, 740).expect("a phone");
    tab.open(&server.address("/guoji/bridge/")).expect("a page");
    press(&tab, ".open");
    let seen =
        "[...document.querySelectorAll('#Menu a, .share a')].every((own) => own.checkVisibility())";
    check(&tab, seen, json!(true));
    // What only a script could do is not offered.
    let idle = "[...document.querySelectorAll('[data-choice], [data-act]')].some((own) => own.checkVisibility())";
    check(&tab, idle, json!(false));
    // The keyboard reaches what scrolls.
    check(&tab, "document.querySelector('pre').tabIndex", json!(0));
}

/// The page of an article with a QR code, at the width of a phone.
fn with_code(chromium: &Chromium, scripts: bool) -> (Root, Server, Tab) {
    let config = (
        "masthead.yaml",
        "base_url: https://harbour.example.org\nshare: {qr: true}\n",
    );
    let files: Vec<(&str, &str)> = FILES[1..].iter().copied().chain([config]).collect();
    let root = Root::new(&files);
    let (status, _, said) = run(&root, "build", &["--as-of", NOW]);
    assert_eq!(status, 0, "{said}");
    let server = Server::with_policy(root.at("public"), POLICY, |_| None);
    let tab = chromium.tab().expect("a tab");
    let off = json!({"value": !scripts});
    tab.call("Emulation.setScriptExecutionDisabled", off)
        .expect("scripts or none");
    tab.resize(360, 740).expect("a phone");
    tab.prefer("dark").expect("dark");
    tab.open(&server.address("/guoji/bridge/")).expect("a page");
    (root, server, tab)
}

#[test]
fn the_code_of_an_address_opens_by_keyboard() {
    let chromium = Chromium::launch();
    let button = "document.querySelector('[popovertarget=Code]')";
    let open = "document.querySelector('#Code').matches(':popover-open')";
    for scripts in [false, true] {
        let (_root, _server, tab) = with_code(&chromium, scripts);
        let seen = "document.querySelector('#Code svg').checkVisibility()";
        check(&tab, seen, json!(false));
        value(&tab, &format!("{button}.focus()"));
        let key = |key: &str, code: u32, text: &str| {
            for kind in ["keyDown", "keyUp"] {
                let event = json!({
                    "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code,
                    "text": if kind == "keyDown" { text } else { "" },
                });
                tab.call("Input.dispatchKeyEvent", event).expect("a key");
            }
        };
        key("Enter", 13, "\r");
        check(&tab, open, json!(true));
        check(&tab, seen, json!(true));
        // It fits on a phone, is told to who does not see it, and is dark on white in the dark.
        let fits =
            "(() => { const box = document.querySelector('#Code svg').getBoundingClientRect();
            return box.left >= 0 && box.right <= innerWidth && box.width > 100; })()";
        check(&tab, fits, json!(true));
        let fill = "getComputedStyle(document.querySelector('#Code svg path')).fill";
        check(&tab, fill, json!("rgb(255, 255, 255)"));
        let tree = tab
            .call("Accessibility.getFullAXTree", json!({}))
            .expect("a tree");
        let told = tree["nodes"].as_array().into_iter().flatten();
        let images = told.filter(|node| node["role"]["value"] == "image");
        let names: Vec<&Value> = images.map(|node| &node["name"]["value"]).collect();
        assert_eq!(names, [&json!("本文网址的二维码，用微信扫一扫")]);
        key("Escape", 27, "");
        check(&tab, open, json!(false));
        check_console(&tab);
    }
}

#[test]
fn without_a_wish_there_is_no_code() {
    let (root, _server) = built();
    let page = std::fs::read_to_string(root.at("public/guoji/bridge/index.html")).unwrap();
    assert!(!page.contains("<svg") && !page.contains("Code"), "{page}");
}

/// What hosts say beside the policy, as `_headers` has it.
const HEADERS: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'\r\n\
     speculation-rules: \"/speculation-rules.json\"";

#[test]
fn pages_behind_links_are_fetched_before_they_are_asked_for() {
    let config = (
        "masthead.yaml",
        "base_url: https://harbour.example.org\nhosting: netlify\n",
    );
    let files: Vec<(&str, &str)> = FILES[1..].iter().copied().chain([config]).collect();
    let root = Root::new(&files);
    let (status, _, said) = run(&root, "build", &["--as-of", NOW]);
    assert_eq!(status, 0, "{said}");
    let headers = std::fs::read_to_string(root.at("public/_headers")).unwrap();
    let line = "  Speculation-Rules: \"/speculation-rules.json\"\n";
    assert!(headers.contains(line), "{headers}");
    let rules = std::fs::read(root.at("public/speculation-rules.json")).unwrap();
    let server = Server::with_policy(root.at("public"), HEADERS, move |target| {
        let is_rules = target == "/speculation-rules.json";
        is_rules.then(|| ("application/speculationrules+json", rules.clone()))
    });
    let chromium = Chromium::launch();
    let tab = chromium.tab().expect("a tab");
    tab.call("Preload.enable", json!({})).expect("the domain");
    tab.resize(1280, 3000).expect("all of it in view");
    tab.open(&server.address("/guoji/bridge/")).expect("a page");
    // They come before or after the page is loaded.
    let is_set = |event: &Value| event["method"] == "Preload.ruleSetUpdated";
    let early = tab.events().into_iter().find(|event| is_set(event));
    let set = early.map_or_else(|| tab.wait(is_set), Ok).expect("rules");
    let wrong = &set["params"]["ruleSet"]["errorMessage"];
    assert!(wrong.is_null(), "{set}");
    server.asked();
    let point = |selector: &str| {
        let script = format!(
            "(() => {{ const box = document.querySelector({}).getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2]; }})()",
            json!(selector)
        );
        let place = value(&tab, &script);
        let event = json!({"type": "mouseMoved", "x": place[0], "y": place[1]});
        tab.call("Input.dispatchMouseEvent", event).expect("a move");
        let rests = format!(
            "document.querySelector({}).matches(':hover')",
            json!(selector)
        );
        check(&tab, &rests, json!(true));
    };
    // The search is left out, so the first page that is fetched is the other one.
    point("a.find");
    point("a[rel=prev]");
    tab.wait(|event| {
        event["method"] == "Preload.prefetchStatusUpdated" && event["params"]["status"] == "Ready"
    })
    .expect("a page that was fetched");
    let mut asked = server.asked();
    asked.retain(|path| path.ends_with('/'));
    assert_eq!(asked, ["/guoji/harbour/"]);
    check_console(&tab);
}
