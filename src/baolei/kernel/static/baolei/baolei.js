/* Small helps for the screen. Every page works without this file. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");

  function stored(value) {
    try {
      if (value === undefined) return localStorage.getItem("baolei-elder") === "1";
      localStorage.setItem("baolei-elder", value ? "1" : "0");
    } catch (refused) { /* private windows may refuse storage; the page then forgets the choice */ }
    return Boolean(value);
  }

  function elder(on) {
    root.classList.toggle("elder", on);
    document.querySelectorAll("[data-elder]").forEach(function (button) {
      button.setAttribute("aria-pressed", on ? "true" : "false");
    });
  }
  elder(stored());

  function copy(button) {
    var text = button.getAttribute("data-copy") || location.href;
    function say(word) {
      var place = button.querySelector("[data-said]") || button;
      var before = place.textContent;
      place.textContent = word;
      setTimeout(function () { place.textContent = before; }, 2500);
    }
    function byHand() {
      var area = document.createElement("textarea");
      area.value = text;
      document.body.appendChild(area);
      area.select();
      var done = document.execCommand("copy");
      area.remove();
      say(button.getAttribute(done ? "data-done" : "data-failed"));
    }
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text).then(function () { say(button.getAttribute("data-done")); }, byHand);
    } else {
      byHand();
    }
  }

  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (menu !== except) menu.removeAttribute("open");
    });
  }

  /* Keep a tooltip on the screen: hang it on the right end when the left end leaves no room. */
  function place(tipped) {
    var tip = tipped.querySelector(".tip");
    tipped.classList.remove("tip-end");
    if (tip && tip.getBoundingClientRect().right > root.clientWidth - 8) tipped.classList.add("tip-end");
  }

  var touched = null;
  document.addEventListener("pointerdown", function (event) {
    touched = event.pointerType === "touch" ? event.target.closest(".tipped") : null;
  });
  document.addEventListener("pointerover", function (event) {
    var tipped = event.target.closest(".tipped");
    if (tipped) place(tipped);
  });
  document.addEventListener("focusin", function (event) {
    var tipped = event.target.closest(".tipped");
    if (tipped) { tipped.classList.remove("tip-away"); place(tipped); }
  });
  document.addEventListener("pointerout", function (event) {
    var tipped = event.target.closest(".tipped");
    if (!tipped || event.pointerType === "touch" || tipped.contains(event.relatedTarget)) return;
    tipped.classList.remove("tip-away");
  });

  document.addEventListener("click", function (event) {
    closeMenus(event.target.closest("details.menu"));
    /* By touch the first tap shows the explanation, the second one follows the link. */
    if (touched && touched.contains(event.target) && !touched.classList.contains("tip-seen")) {
      document.querySelectorAll(".tip-seen").forEach(function (seen) { seen.classList.remove("tip-seen"); });
      touched.classList.add("tip-seen");
      place(touched);
      event.preventDefault();
      return;
    }
    var button = event.target.closest("button");
    if (!button) return;
    if (button.hasAttribute("data-copy")) copy(button);
    if (button.hasAttribute("data-print")) window.print();
    if (button.hasAttribute("data-elder")) elder(stored(!root.classList.contains("elder")));
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    if (location.hash === "#menu") location.hash = "#content";
    var menu = event.target.closest && event.target.closest("details.menu[open]");
    closeMenus(null);
    if (menu) menu.querySelector("summary").focus();
    document.querySelectorAll(".tipped").forEach(function (tipped) {
      if (tipped.matches(":hover, :focus-within")) tipped.classList.add("tip-away");
    });
  });

  /* Paper has no disclosure triangles: open what the page says is part of the print. */
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details[data-open-in-print]:not([open])").forEach(function (part) {
      part.setAttribute("open", "");
      part.setAttribute("data-opened", "");
    });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details[data-opened]").forEach(function (part) {
      part.removeAttribute("open");
      part.removeAttribute("data-opened");
    });
  });

  /* A number from a code on paper stands behind "#", which no server and no log gets to see; it leaves the history, too. */
  function fillFromAddress() {
    var field = document.querySelector("[data-from-address]");
    if (!field || location.hash.length < 2) return;
    field.value = decodeURIComponent(location.hash.slice(1));
    history.replaceState(null, "", location.pathname);
  }

  document.addEventListener("DOMContentLoaded", function () { elder(stored()); fillFromAddress(); });
})();
