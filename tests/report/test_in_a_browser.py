"""The pages of the sample study as a reader sees them: in Chromium, wide and narrow, light and dark, with nothing from outside."""

import json
import re
import shutil
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from itertools import count

import pytest

from analysis.run.steps import steps_of
from analysis.study import Study

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
STEPS = steps_of(Study.load("sample"))
PAGES = ["index.html", *(step.page for step in STEPS)]
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium here; apt-get install chromium lets this test look at the pages"
)

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--remote-debugging-port=0"]  # fmt: skip


class Tab:
    """One tab of the browser, spoken to by the DevTools protocol."""

    def __init__(self, address):
        import websocket

        self.socket = websocket.create_connection(address, timeout=60, suppress_origin=True)
        self.numbers, self.events = count(1), []

    def send(self, method, **parameters):
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == number:
                return message.get("result", message.get("error"))
            self.events.append(message)

    def wait_for(self, event):
        while not any(message.get("method") == event for message in self.events):
            self.events.append(json.loads(self.socket.recv()))

    def evaluate(self, expression):
        return self.send("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser")
    running = subprocess.Popen(
        [CHROMIUM, *FLAGS, f"--user-data-dir={folder}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    told = folder / "DevToolsActivePort"
    for _ in range(600):
        if told.exists() and told.read_text().count("\n"):
            break
        time.sleep(0.1)
    port = told.read_text().splitlines()[0]
    yield port
    running.terminate()
    running.wait()


@contextmanager
def opened(port, page, *, width, scheme):
    """Give a tab with the page loaded; it is closed at the end."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/json/new?about:blank", method="PUT")
    with urllib.request.urlopen(request) as answer:
        tab = Tab(json.loads(answer.read())["webSocketDebuggerUrl"])
    tab.send("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
    tab.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    for domain in ("Page", "Network", "Log", "Runtime"):
        tab.send(f"{domain}.enable")
    tab.send("Page.navigate", url=page.as_uri())
    tab.wait_for("Page.loadEventFired")
    try:
        yield tab
    finally:
        tab.socket.close()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_a_page_fits_asks_nobody_and_says_nothing_unknown(browser, sample_run, page, width, scheme):
    with opened(browser, sample_run / "reports/sample" / page, width=width, scheme=scheme) as tab:
        asked = [
            event["params"]["request"]["url"]
            for event in tab.events
            if event.get("method") == "Network.requestWillBeSent"
        ]
        assert [address for address in asked if not address.startswith(("file:", "data:"))] == []
        complaints = [
            event["params"]["entry"]["text"] for event in tab.events if event.get("method") == "Log.entryAdded"
        ]
        assert complaints == []  # the content security policy would complain here
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        shown = tab.evaluate("""
            document.querySelectorAll('details').forEach(d => d.open = true);
            document.querySelectorAll('pre, code').forEach(c => c.remove());  // the code of a walk-through may well say None
            document.body.innerText
        """)
        assert re.findall(r"\b(?:nan|NaN|NaT|None|inf|undefined|null)\b|<NA>", shown) == []
        assert tab.evaluate("document.querySelectorAll('h1').length") == 1


@pytest.mark.parametrize("page", [step.page for step in STEPS if step.kind == "report"])
@pytest.mark.parametrize("width", [1280, 320])
def test_no_two_labels_of_a_figure_lie_on_each_other(browser, sample_run, page, width):
    with opened(browser, sample_run / "reports/sample" / page, width=width, scheme="light") as tab:
        overlaps = tab.evaluate("""
            [...document.querySelectorAll('svg')].flatMap(svg => {
                const texts = [...svg.querySelectorAll('text')];
                const boxes = texts.map(t => [t.textContent, t.getBoundingClientRect()]).filter(([, b]) => b.width > 0);
                const across = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2;
                const down = (a, b) => Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
                const meets = a => ([, b]) => across(a, b) && down(a, b);
                return boxes.flatMap(([s, a], i) => boxes.slice(i + 1).filter(meets(a)).map(([t]) => s + ' on ' + t));
            })
        """)
        assert overlaps == []


@pytest.mark.parametrize("page", [step.page for step in STEPS if step.kind == "report"])
def test_a_report_has_no_code_and_every_figure_has_words_and_data(browser, sample_run, page):
    html = (sample_run / "reports/sample" / page).read_text(encoding="utf-8")
    assert len(html.encode()) < 1_000_000
    assert "<script" not in html and "import " not in re.sub(r"<[^>]+>", " ", html)
    with opened(browser, sample_run / "reports/sample" / page, width=1280, scheme="light") as tab:
        figures = tab.evaluate("""
            [...document.querySelectorAll('section figure')].map(f => ({
                words: [...f.querySelectorAll('svg')].map(s => (s.getAttribute('aria-label') || '').length),
                table: !!f.closest('section').querySelector('details table'),
                csv: !!f.closest('section').querySelector('a[download]')}))
        """)
        assert len(figures) >= 3
        assert all(min(figure["words"]) > 10 and figure["table"] and figure["csv"] for figure in figures)
