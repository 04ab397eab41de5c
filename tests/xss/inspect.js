// Opens pages in frames, touches every element as a reader would, and gives a line for all that
// could run a script at some later time.
(() => {
  // Attributes that hold addresses: one that is none of the web is a script, or may become one.
  const addresses = new Set(
    ("href xlink:href src srcset imagesrcset action data poster background cite longdesc classid " +
      "code codebase manifest profile icon lowsrc dynsrc archive to from by values").split(" "),
  );
  const never = /^(on.*|srcdoc|ping|attributionsrc|formaction|shadowrootmode)$/i;
  const hostileStyle = /url|image|expression|behavior|binding|import|fixed|absolute|sticky/i;
  const forbidden = [
    "iframe, frame, frameset, fencedframe, portal, object, embed, applet, base, foreignObject",
    "animate, set, animateTransform, animateMotion, discard, handler, use, feImage",
    "body script:not([src]), body style, body link, body meta, body title, body noscript",
    ".prose :is(form, select, textarea, button, input)",
    "script[src*=pwned], link[rel~=stylesheet][href*=pwned]",
  ].join();
  const events = [
    [MouseEvent, "mouseover mouseenter mousedown click dblclick"],
    [PointerEvent, "pointerenter pointerdown"],
    [FocusEvent, "focus blur"],
    [KeyboardEvent, "keydown"],
    [Event, "input toggle load error scroll animationstart"],
  ].flatMap(([kind, names]) => names.split(" ").map((name) => [kind, name]));

  const isHarmless = (url, name, trusted) => {
    if (/^(https?|mailto|tel):$/.test(url.protocol)) return true;
    // The site's own writers may lead where they like, but not run a script.
    const runs = /^(javascript|vbscript|livescript|data):$/.test(url.protocol);
    return trusted && (!runs || (url.protocol === "data:" && name === "src"));
  };

  const inspect = async (view, trusted) => {
    const document = view.document;
    const found = new Set();
    const line = (element, why) => found.add(`${why}: ${element.outerHTML.replace(/\s+/g, " ").slice(0, 160)}`);
    const check = (element, name, value) => {
      let parts = [value];
      if (name.endsWith("srcset")) parts = value.split(",").map((part) => part.trim().split(/\s/)[0]);
      if (name === "values") parts = value.split(";");
      for (const part of parts) {
        let url;
        try {
          url = new URL(part, document.baseURI);
        } catch {
          continue; // leads nowhere
        }
        if (!isHarmless(url, name, trusted)) line(element, `${name} leads to ${url.protocol}`);
      }
    };

    const elements = [...document.querySelectorAll("*")];
    for (const element of elements) {
      for (const { name, value } of element.attributes) {
        if (never.test(name)) line(element, `attribute ${name}`);
        else if (addresses.has(name.toLowerCase())) check(element, name.toLowerCase(), value);
        else if (name === "style" && hostileStyle.test(value)) line(element, "style");
      }
      if (element.shadowRoot) line(element, "shadow root");
    }
    for (const element of document.querySelectorAll(forbidden)) line(element, "element");
    for (const meta of document.querySelectorAll("meta[http-equiv]")) {
      const policy = /^content-security-policy$/i.test(meta.httpEquiv);
      const redirect = /^refresh$/i.test(meta.httpEquiv) && /^0; url=\/(?!\/|pwned)[^\s"<>]*$/.test(meta.content);
      if (!policy && !redirect) line(meta, "meta");
    }

    // Links are not followed: where they lead was looked at above.
    for (const name of ["click", "submit"]) {
      view.addEventListener(name, (event) => event.preventDefault(), true);
    }
    for (const element of elements) {
      if (element.localName === "details") element.open = true;
      for (const [kind, name] of events) {
        element.dispatchEvent(new kind(name, { bubbles: false, cancelable: true }));
      }
    }
    // Pictures that fail and animations that begin have their say before the next frame.
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    return [...found];
  };

  return async (pages) => {
    const look = async ([path, trusted]) => {
      const frame = document.createElement("iframe");
      try {
        await new Promise((done) => {
          frame.onload = done;
          frame.width = frame.height = 8; // nobody looks: what isn't seen isn't painted
          frame.src = path;
          document.body.append(frame);
        });
        return await inspect(frame.contentWindow, trusted);
      } catch (error) {
        return [`can't be looked at: ${error}`];
      } finally {
        frame.remove();
      }
    };
    const found = await Promise.all(pages.map(look));
    return found.flatMap((lines, at) => lines.map((line) => `${pages[at][0]}\n    ${line}`));
  };
})()
