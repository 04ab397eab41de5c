// One stream for all tabs: a browser has six connections to a host, and a stream holds one.
const tabs = new Map(); // by port: page, print, mark, and when the tab was in front

const watch = stream(new URL("events", location.href), (news, asked) => {
  const messages = new Map(asked.map((tab) => [tab, { mark: news.mark, trouble: news.trouble }]));
  for (const { tab, reload, files } of news.tabs) {
    Object.assign(messages.get(asked[tab]), { reload, files });
  }
  if (news.follow) {
    const last = asked.reduce((a, b) => (b.front > a.front ? b : a));
    messages.get(last).follow = news.follow;
  }
  for (const [tab, message] of messages) {
    tab.mark = news.mark;
    tab.port.postMessage(message);
    // It comes back as a new one; and should it be gone, it is asked for no more.
    if (message.reload) tabs.delete(tab.port);
  }
});

onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data }) => {
    const known = tabs.get(port);
    if (data.bye) tabs.delete(port);
    else if (data.front && !data.page) known && (known.front = data.front);
    else tabs.set(port, { ...data, port });
    if (data.bye || data.page) watch([...tabs.values()]);
  };
};
