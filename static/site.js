// What pages gain with JavaScript; all of them read well without.
(() => {
  const root = document.documentElement;
  const $ = (selector) => [...document.querySelectorAll(selector)];

  // Light or dark, and the size of the text: remembered, and shared with other open pages.
  const remembered = (key) => {
    try {
      return localStorage.getItem(key) || "";
    } catch {
      return ""; // storage is forbidden: the choice lasts for this page
    }
  };
  const apply = (key, value) => {
    if (value) root.dataset[key] = value;
    else delete root.dataset[key];
    for (const button of $(`[data-choice="${key}"] button`)) {
      button.setAttribute("aria-pressed", String(button.value === value));
    }
  };
  for (const group of $("[data-choice]")) {
    const key = group.dataset.choice;
    group.hidden = false;
    apply(key, remembered(key));
    addEventListener("storage", (event) => event.key === key && apply(key, event.newValue || ""));
    group.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (!button) return;
      apply(key, button.value);
      try {
        localStorage.setItem(key, button.value);
      } catch {}
    });
  }

  // Handing the article on: by what the device has for it, and as a copied address.
  const address = () => document.querySelector('[property="og:url"]').content;
  const acts = {
    share: navigator.share && (() => navigator.share({ title: document.title, url: address() })),
    copy: navigator.clipboard && (() => navigator.clipboard.writeText(address())),
  };
  for (const button of $("[data-act]")) {
    const act = acts[button.dataset.act];
    if (!act) continue;
    const label = button.textContent;
    const say = (text) => (button.textContent = text);
    button.parentElement.hidden = false;
    button.ariaLive = "polite";
    button.addEventListener("click", () =>
      act().then(() => {
        say(button.dataset.done || label);
        setTimeout(say, 2000, label);
      }, () => {}), // the reader thought better of it
    );
  }

  // The current channel in view, where the navigation scrolls.
  for (const link of $(".channels [aria-current]")) {
    const strip = link.closest("ul");
    strip.scrollLeft = link.offsetLeft - (strip.clientWidth - link.offsetWidth) / 2;
  }

  // The contents stand open where there is a rail for them.
  const wide = matchMedia("(min-width: 64em)");
  const unfold = () => {
    for (const details of $(".railed .contents details")) details.open = wide.matches;
  };
  unfold();
  wide.addEventListener("change", unfold);

  // The last day's times as "3 hours ago" on cards, where a time of day is known; what was written
  // stays as the tooltip.
  const times = $(".card time, .lead time").filter(
    (time) => !time.dataset.inferred && time.dateTime.includes("T"),
  );
  const tell = () => {
    for (const time of times) {
      const minutes = Math.floor((Date.now() - Date.parse(time.dateTime)) / 60000);
      if (minutes >= 0 && minutes < 1440) {
        time.title ||= time.textContent;
        const format = new Intl.RelativeTimeFormat(time.closest("[lang]").lang, { numeric: "auto" });
        time.textContent =
          minutes < 60 ? format.format(-minutes, "minute") : format.format(-Math.floor(minutes / 60), "hour");
      } else if (time.title) {
        time.textContent = time.title;
      }
    }
  };
  if (times.length) {
    tell();
    setInterval(() => document.hidden || tell(), 60000);
  }
})();
