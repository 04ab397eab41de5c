//! `masthead new`: a small site that builds without warnings.

use crate::base::date::{Moment, civil, zone};
use jiff::tz::TimeZone;
use std::fs;
use std::io;
use std::path::Path;

/// Makes a small site in a folder that does not exist or is empty.
///
/// # Errors
/// Whatever keeps the folder from being made, or that it holds something already.
pub fn site(dir: &Path, now: Moment) -> io::Result<()> {
    if dir.is_dir() && fs::read_dir(dir)?.next().is_some() {
        return Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            "it is not empty",
        ));
    }
    for (path, text) in files(now) {
        let path = dir.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, text)?;
    }
    Ok(())
}

/// The files of a new site, dated by the moment of its making.
pub fn files(now: Moment) -> [(&'static str, String); 5] {
    let shanghai = zone("+08:00").unwrap_or(TimeZone::UTC);
    let at = civil(now, &shanghai);
    let date = at.strftime("%Y-%m-%d %H:%M").to_string();
    [
        ("masthead.yaml", CONFIG.to_string()),
        ("content/about.md", ABOUT.to_string()),
        ("content/news/hello.md", HELLO.replace("{date}", &date)),
        ("data/tags.yaml", TAGS.to_string()),
        (".gitignore", "/public/\n/.masthead/\n".to_string()),
    ]
}

const CONFIG: &str = "\
title: 我的门户
description: 一句话介绍这个门户
base_url: https://example.org      # 上线后的地址
language: zh-Hans                  # 或 zh-Hant、en
timezone: +08:00

channels:                          # 顺序即导航顺序；每个频道是 content/ 下的一个文件夹
  - id: news
    name: 要闻
    description: 今天发生的事

menus:
  footer:
    - {name: 关于, url: /about/}
";

const ABOUT: &str = "\
---
title: 关于
---
这个门户由 masthead 生成。把文章放进 `content/` 下的文件夹，运行 `masthead build` 即可。
";

const HELLO: &str = "\
---
title: 第一篇文章
date: {date}
source: 本站
editors: [编辑部]
tags: [公告]
summary: 这是第一篇文章：它有来源、时间、摘要、要点、标签和正文。
highlights:
  - 🚀 每个要点以一个表情符号开头。
  - 💡 标签会自动得到自己的索引页。
---
正文用 Markdown 写成。

## 接下来

1. 改这个文件，或在旁边新建一个。
2. 从别处转来的纯文本，存成 `.txt` 放进同一个文件夹也可以。
3. 运行 `masthead check`，看看有没有要改的地方。
";

const TAGS: &str = "\
公告:
  description: 关于本站的消息
";
