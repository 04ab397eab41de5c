//! The preview in Chromium: a page is loaded again when it changed, and only then; styles and
//! pictures are swapped under the reader's eyes; what is wrong lies over the page.
//!
//! All pages have a strict content security policy, and nothing may complain about it.

mod common;

use common::chromium::{Chromium, Tab, console, is_same, mark};
use common::fake::{Fake, Preview};
use masthead::serve::Trouble;
use masthead::serve::http::Options;
use serde_json::{Value, json};
use std::sync::Arc;

fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=zh><meta charset=utf-8>\
         <meta http-equiv=Content-Security-Policy content=\"default-src 'none'; \
         script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'\">\
         <title>页</title><link rel=stylesheet href=/news/site.css>\
         <link rel=icon href=/news/icon.svg><script src=/news/site.js defer></script>\
         <body><p id=text>{body}</p><input id=field><img id=picture src=/news/国.svg alt=国>\
         <div class=tall></div></body></html>"
    )
}

fn style(colour: &str) -> String {
    format!("#text {{ color: {colour} }} .tall {{ height: 5000px }}")
}

const PICTURE: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>";

fn site() -> Arc<Fake> {
    let (one, two, three) = (page("一"), page("二"), page("三"));
    Fake::new(
        "/news",
        &[
            ("/", one.as_str()),
            ("/国际/", two.as_str()),
            ("/c.html", three.as_str()),
            ("/site.css", &style("rgb(1, 1, 1)")),
            ("/site.js", "window.script = 1;"),
            ("/icon.svg", PICTURE),
            ("/国.svg", PICTURE),
        ],
    )
}

fn opened(chromium: &Chromium, preview: &Preview, url: &str) -> Tab {
    let tab = chromium.tab().expect("a tab");
    tab.open(&preview.at(url)).expect("a page");
    mark(&tab);
    tab
}

/// Waits until something holds in the page.
fn until(tab: &Tab, condition: &str) {
    let look = format!(
        "new Promise((done) => {{ const look = () => ({condition}) ? done(true) : \
         setTimeout(look, 5); look(); }})"
    );
    tab.evaluate(&look)
        .unwrap_or_else(|error| panic!("{condition}: {error}"));
}

fn reloaded(tab: &Tab) {
    tab.wait(|event| event["method"] == "Page.lifecycleEvent" && event["params"]["name"] == "load")
        .expect("a reload");
}

fn text(tab: &Tab) -> Value {
    tab.evaluate("document.querySelector('#text').textContent")
        .expect("a text")
}

/// Nothing but the server's absence was complained about.
fn check_console(tab: &Tab) {
    let said: Vec<String> = tab.events().iter().filter_map(console).collect();
    let said: Vec<&String> = said
        .iter()
        .filter(|line| !line.contains("ERR_") && !line.contains("404"))
        .collect();
    assert!(said.is_empty(), "{said:#?}");
}

fn trouble(severity: &'static str, message: &str) -> Trouble {
    Trouble {
        severity,
        message: message.to_string(),
        place: "content/a.md:3:7".to_string(),
        report: format!("{severity}: {message}\n  --> content/a.md:3:7\n3 | 港口 <b>"),
    }
}

/// Tells all tabs something, and waits until they know it: what was told before is done then.
fn settle(preview: &Preview, tabs: &[&Tab], message: &str) {
    preview.fake.complain(&[trouble("warning", message)]);
    preview.publish(&[], None);
    for tab in tabs {
        until(
            tab,
            &format!("{OVERLAY}?.textContent.includes('{message}')"),
        );
    }
}

const OVERLAY: &str = "document.querySelector('masthead-trouble')?.shadowRoot";

#[test]
fn only_the_tab_whose_page_changed_reloads() {
    let preview = Preview::new(site());
    let chromium = Chromium::launch();
    let tabs = ["/", "/国际/", "/c.html"].map(|url| opened(&chromium, &preview, url));
    let [first, second, third] = &tabs;
    second.evaluate("scrollTo(0, 1234)").expect("scrolled");
    preview.edit("/国际/", &page("二改"));
    reloaded(second);
    assert_eq!(text(second), json!("二改"));
    assert!(!is_same(second));
    until(second, "scrollY === 1234");
    mark(second);
    preview.edit("/", &page("一改"));
    reloaded(first);
    assert_eq!(text(first), json!("一改"));
    settle(&preview, &[first, second, third], "settled");
    assert!(is_same(second) && is_same(third));

    // Back to a page that changed meanwhile: it is the new one.
    third.open(&preview.at("/")).expect("a page");
    preview.edit("/c.html", &page("三改"));
    third.evaluate("history.back()").expect("back");
    reloaded(third);
    until(
        third,
        "document.querySelector('#text')?.textContent === '三改'",
    );

    // A page that isn't there yet.
    let new = opened(&chromium, &preview, "/new/");
    assert_eq!(
        new.evaluate("!!document.querySelector('#missing')"),
        Ok(json!(true))
    );
    preview.edit("/new/", &page("新"));
    reloaded(&new);
    assert_eq!(text(&new), json!("新"));
    for tab in tabs.iter().chain([&new]) {
        check_console(tab);
    }
}

#[test]
fn a_dozen_tabs_share_one_connection() {
    let preview = Preview::new(site());
    let chromium = Chromium::launch();
    let tabs: Vec<Tab> = (0..12)
        .map(|at| opened(&chromium, &preview, ["/", "/国际/"][at % 2]))
        .collect();
    preview.edit("/国际/", &page("改"));
    for tab in tabs.iter().skip(1).step_by(2) {
        reloaded(tab);
        assert_eq!(text(tab), json!("改"));
    }
    settle(&preview, &tabs.iter().collect::<Vec<_>>(), "settled");
    assert!(tabs.iter().step_by(2).all(is_same));
}

#[test]
fn styles_and_pictures_are_swapped_in_place() {
    let preview = Preview::new(site());
    let chromium = Chromium::launch();
    let tab = opened(&chromium, &preview, "/");
    let prepare = "field.value = '写'; field.focus(); scrollTo(0, 777); window.colours = new Set();
        const look = () => { colours.add(getComputedStyle(text).color); requestAnimationFrame(look); };
        look(); true";
    tab.evaluate(prepare).expect("prepared");
    for (at, colour) in ["rgb(2, 2, 2)", "rgb(3, 3, 3)", "rgb(4, 4, 4)"]
        .iter()
        .enumerate()
    {
        preview.edit("/site.css", &style(colour));
        until(
            &tab,
            &format!("getComputedStyle(text).color === '{colour}'"),
        );
        until(
            &tab,
            "document.querySelectorAll('link[rel=stylesheet]').length === 1",
        );
        let seen = tab.evaluate("colours.size").expect("a number");
        assert!(seen.as_u64() <= Some(at as u64 + 2), "{seen} colours");
    }
    // Several at once come down to the last.
    for colour in ["rgb(5, 5, 5)", "rgb(6, 6, 6)", "rgb(7, 7, 7)"] {
        preview.edit("/site.css", &style(colour));
    }
    until(&tab, "getComputedStyle(text).color === 'rgb(7, 7, 7)'");
    until(
        &tab,
        "document.querySelectorAll('link[rel=stylesheet]').length === 1",
    );

    preview.edit("/国.svg", &PICTURE.replace("width='9'", "width='33'"));
    until(&tab, "picture.naturalWidth === 33");
    preview.edit("/icon.svg", PICTURE);
    until(
        &tab,
        "document.querySelector('link[rel=icon]').href.includes('?masthead=')",
    );
    let kept = "[scrollY, field.value, document.activeElement.id, window.same]";
    assert_eq!(tab.evaluate(kept), Ok(json!([777, "写", "field", true])));

    preview.edit("/other.js", "");
    preview.edit("/other.css", "");
    settle(&preview, &[&tab], "settled");
    assert!(is_same(&tab));
    preview.edit("/site.js", "window.script = 2;");
    reloaded(&tab);
    assert_eq!(tab.evaluate("window.script"), Ok(json!(2)));

    // What a style sheet loads can't be swapped.
    preview.edit("/site.css", "@import '/news/more.css';");
    preview.edit("/more.css", "#text { color: rgb(8, 8, 8) }");
    tab.open(&preview.at("/")).expect("a page");
    mark(&tab);
    preview.edit("/more.css", "#text { color: rgb(9, 9, 9) }");
    reloaded(&tab);
    until(&tab, "getComputedStyle(text).color === 'rgb(9, 9, 9)'");
    check_console(&tab);
}

#[test]
fn what_is_wrong_lies_over_the_page() {
    let preview = Preview::new(site());
    let chromium = Chromium::launch();
    let tab = opened(&chromium, &preview, "/");
    tab.evaluate("field.focus()").expect("focus");
    let complain = |reports: &[Trouble]| {
        preview.fake.complain(reports);
        preview.publish(&[], None);
    };
    let shown = format!("!!{OVERLAY}?.querySelector('[role=region]')");
    let (error, warning) = (
        trouble("error", "no <i>title</i>"),
        trouble("warning", "twice"),
    );
    complain(&[warning, error.clone()]);
    until(&tab, &shown);
    let look = format!(
        "[[...{OVERLAY}.querySelectorAll('details')].map((d) => [d.className, d.open]),
          {OVERLAY}.querySelector('pre').textContent,
          {OVERLAY}.querySelector('[role=alert]').textContent,
          getComputedStyle({OVERLAY}.querySelector('pre')).whiteSpace,
          getComputedStyle({OVERLAY}.host).position,
          document.activeElement.id]"
    );
    let expect = json!([
        [["error", true], ["warning", false]],
        error.report,
        "masthead: 2 things are wrong",
        "pre-wrap",
        "fixed",
        "field"
    ]);
    assert_eq!(tab.evaluate(&look), Ok(expect));

    let escape = "dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}))";
    tab.evaluate(escape).expect("a key");
    until(&tab, &format!("!({shown})"));
    // What was closed stays closed, until something else is wrong.
    preview.edit("/", &page("改"));
    reloaded(&tab);
    let second = opened(&chromium, &preview, "/");
    until(&second, &shown);
    settle(&preview, &[&tab, &second], "another");
    tab.evaluate(&format!("{OVERLAY}.querySelector('button').click()"))
        .expect("a click");
    until(&tab, &format!("!({shown})"));
    assert_eq!(second.evaluate(&shown), Ok(json!(true)));
    complain(&[]);
    until(&second, &format!("!({shown})"));
    complain(&[error]);
    until(&tab, &shown);
    complain(&[]);
    until(&tab, &format!("!({shown})"));
    check_console(&tab);
}

#[test]
fn the_last_tab_goes_where_the_writer_is() {
    let options = Options {
        port: Some(0),
        follow: true,
        ..Options::default()
    };
    let preview = Preview::with(site(), options).expect("a preview");
    let chromium = Chromium::launch();
    let first = opened(&chromium, &preview, "/");
    let second = opened(&chromium, &preview, "/");
    settle(&preview, &[&first, &second], "opened");
    preview.publish(&[], Some("/国际/"));
    reloaded(&second);
    assert_eq!(text(&second), json!("二"));
    mark(&second);
    // A tab that is not connected yet is not the last one.
    settle(&preview, &[&second], "followed");
    // The page that it shows already is loaded again only where it changed.
    preview.publish(&[], Some("/国际/"));
    settle(&preview, &[&first, &second], "settled");
    assert!(is_same(&first) && is_same(&second));
    first
        .evaluate("dispatchEvent(new Event('focus'))")
        .expect("focus");
    preview.publish(&[], Some("/c.html"));
    reloaded(&first);
    assert_eq!(text(&first), json!("三"));
    assert!(is_same(&second));
}

#[test]
fn a_page_that_allows_no_worker_listens_alone() {
    let fake = site();
    let strict = |body| page(body).replace("default-src", "worker-src 'none'; default-src");
    fake.put("/", strict("一").as_bytes());
    let preview = Preview::new(fake);
    let chromium = Chromium::launch();
    let tab = opened(&chromium, &preview, "/");
    settle(&preview, &[&tab], "connected");
    preview.edit("/", &strict("一改"));
    reloaded(&tab);
    assert_eq!(text(&tab), json!("一改"));
}

#[test]
fn a_server_that_was_away_is_found_again() {
    let fake = site();
    let mut preview = Preview::new(fake.clone());
    let chromium = Chromium::launch();
    let tab = opened(&chromium, &preview, "/");
    let alone = chromium.tab().expect("a tab");
    alone
        .before_each_page("delete window.SharedWorker")
        .expect("a script");
    alone.open(&preview.at("/国际/")).expect("a page");
    mark(&alone);
    settle(&preview, &[&tab, &alone], "connected");
    preview.stop().expect("an end");
    fake.put("/", page("改").as_bytes());
    fake.put("/site.css", style("rgb(2, 2, 2)").as_bytes());
    let options = Options {
        port: Some(preview.address.port()),
        ..Options::default()
    };
    let preview = Preview::with(fake, options).expect("the same port");
    reloaded(&tab);
    assert_eq!(text(&tab), json!("改"));
    until(&alone, "getComputedStyle(text).color === 'rgb(2, 2, 2)'");
    assert!(is_same(&alone));
    preview.edit("/国际/", &page("二改"));
    reloaded(&alone);
    assert_eq!(text(&alone), json!("二改"));
    check_console(&tab);
    check_console(&alone);
}
