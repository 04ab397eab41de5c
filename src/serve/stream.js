// The stream of events for the tabs of a browser: told of them, it connects, and again and again
// where the server is away. Shared by live.js and worker.js.
const stream = (address, deliver) => {
  let source;
  let timer;
  let seen = "";
  let tabs = [];
  const soon = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(open, delay);
  };
  const open = () => {
    source?.close();
    source = undefined;
    if (tabs.length === 0) return;
    const asked = tabs;
    const query = new URLSearchParams();
    if (seen) query.set("seen", seen);
    for (const tab of asked) {
      for (const key of ["page", "print", "mark"]) query.append(key, tab[key]);
    }
    source = new EventSource(`${address}?${query}`);
    source.onmessage = ({ data }) => {
      const news = JSON.parse(data);
      seen = news.mark;
      deliver(news, asked);
    };
    // By itself it would wait for seconds, and not at all after an answer that is none.
    source.onerror = () => {
      source.close();
      soon(300);
    };
  };
  return (now) => {
    tabs = now;
    soon(tabs.length > 0 ? 5 : 0);
  };
};
