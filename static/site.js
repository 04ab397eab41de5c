// What pages gain with JavaScript; all of them read well without.
(() => {
  const root = document.documentElement;
  const $ = (selector) => document.querySelectorAll(selector);

  // Light, dark or as the system: remembered, and shared with other open pages.
  const key = "theme";
  const stored = () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage is forbidden: the choice lasts for this page
    }
  };
  const apply = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    const now = root.dataset.theme || "auto";
    for (const button of $(".themes button")) {
      button.setAttribute("aria-pressed", String(button.value === now));
    }
  };
  apply(stored());
  addEventListener("storage", (event) => event.key === key && apply(event.newValue));
  for (const group of $(".themes")) {
    group.hidden = false;
    group.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      apply(button.value);
      try {
        if (button.value === "auto") localStorage.removeItem(key);
        else localStorage.setItem(key, button.value);
      } catch {}
    });
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
  const times = [...$(".card time, .lead time")].filter(
    (time) => !time.dataset.inferred && time.dateTime.includes("T"),
  );
  const tell = () => {
    for (const time of times) {
      time.title ||= time.textContent;
      const minutes = Math.floor((Date.now() - Date.parse(time.dateTime)) / 60000);
      const lang = time.closest("[lang]").lang;
      const format = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
      if (!(minutes >= 0 && minutes < 1440)) time.textContent = time.title;
      else if (minutes < 60) time.textContent = format.format(-minutes, "minute");
      else time.textContent = format.format(-Math.floor(minutes / 60), "hour");
    }
  };
  if (times.length) {
    tell();
    setInterval(() => document.hidden || tell(), 60000);
  }
})();
