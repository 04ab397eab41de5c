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
