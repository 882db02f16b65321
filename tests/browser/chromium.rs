//! A headless Chromium, spoken to over two pipes in its own protocol (`--remote-debugging-pipe`).

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A running browser with one tab.
pub struct Browser {
    child: Child,
    to: File,
    from: BufReader<File>,
    session: String,
    calls: u64,
    /// What the browser told on its own since the last page was opened.
    pub events: Vec<Value>,
    _folder: TempDir,
}

/// The browser's name on this machine, where there is one.
fn name() -> Option<&'static str> {
    let runs = |name: &&str| {
        let version = Command::new(name)
            .arg("--version")
            .stderr(Stdio::null())
            .output();
        version.is_ok_and(|output| output.status.success())
    };
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|name| runs(name))
}

impl Browser {
    /// Starts one; none where none is installed.
    pub fn start() -> Option<Self> {
        let name = name()?;
        let folder = tempfile::tempdir().expect("a folder");
        let [input, output] = ["in", "out"].map(|pipe| folder.path().join(pipe));
        let made = Command::new("mkfifo")
            .args([&input, &output])
            .status()
            .expect("mkfifo runs");
        assert!(made.success(), "two pipes");
        let script = format!(
            "exec {name} --headless --no-sandbox --disable-gpu --hide-scrollbars --no-first-run --disable-dev-shm-usage \
             --user-data-dir='{0}/profile' --remote-debugging-pipe 3<'{0}/in' 4>'{0}/out'",
            folder.path().display()
        );
        let child = Command::new("sh")
            .args(["-c", &script])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        let to = OpenOptions::new()
            .write(true)
            .open(input)
            .expect("the browser reads");
        let from = File::open(output).expect("the browser writes");
        let mut browser = Self {
            child,
            to,
            from: BufReader::new(from),
            session: String::new(),
            calls: 0,
            events: Vec::new(),
            _folder: folder,
        };
        let tab = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": tab["targetId"], "flatten": true });
        let session = browser.call("Target.attachToTarget", attach);
        session["sessionId"]
            .as_str()
            .expect("a session")
            .clone_into(&mut browser.session);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        Some(browser)
    }

    /// Calls a method of the protocol.
    pub fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.calls += 1;
        let mut call = json!({ "id": self.calls, "method": method, "params": parameters });
        if !self.session.is_empty() {
            call["sessionId"] = json!(self.session);
        }
        self.to
            .write_all(format!("{call}\0").as_bytes())
            .expect("the browser listens");
        loop {
            let message = self.message();
            if message["id"] == self.calls {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
            self.events.push(message);
        }
    }

    fn message(&mut self) -> Value {
        let mut bytes = Vec::new();
        self.from
            .read_until(0, &mut bytes)
            .expect("the browser answers");
        bytes.pop();
        serde_json::from_slice(&bytes).expect("JSON")
    }

    /// Opens a file at a width, in light or dark, and waits until it is there.
    pub fn open(&mut self, file: &Path, width: u32, scheme: &str) {
        let metrics =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", metrics);
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.call("Emulation.setEmulatedMedia", media);
        self.events.clear();
        self.call(
            "Page.navigate",
            json!({ "url": format!("file://{}", file.display()) }),
        );
        while !self
            .events
            .iter()
            .any(|event| event["method"] == "Page.loadEventFired")
        {
            let message = self.message();
            self.events.push(message);
        }
    }

    /// The value of an expression on the page.
    pub fn value(&mut self, expression: &str) -> Value {
        let call = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let found = self.call("Runtime.evaluate", call);
        assert!(
            found["exceptionDetails"].is_null(),
            "{expression}: {}",
            found["exceptionDetails"]
        );
        found["result"]["value"].clone()
    }

    /// Moves the mouse to the middle of what a selector finds first.
    pub fn point_at(&mut self, selector: &str) {
        let place = self.value(&format!(
            "(() => {{ const mark = document.querySelector({selector:?}); mark.scrollIntoView({{ block: 'center' }}); \
             const box = mark.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }})()"
        ));
        let call = json!({ "type": "mouseMoved", "x": place[0], "y": place[1] });
        self.call("Input.dispatchMouseEvent", call);
    }

    /// Presses a key.
    pub fn press(&mut self, key: &str, code: u32) {
        for kind in ["rawKeyDown", "keyUp"] {
            let call =
                json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            self.call("Input.dispatchKeyEvent", call);
        }
    }

    /// Presses Enter, as a link or a button takes it.
    pub fn press_enter(&mut self) {
        for kind in ["keyDown", "keyUp"] {
            let call = json!({ "type": kind, "key": "Enter", "code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13 });
            self.call("Input.dispatchKeyEvent", call);
        }
    }

    /// What the page asked for, but for itself and what it holds.
    pub fn requests(&self) -> Vec<String> {
        let asked = self
            .events
            .iter()
            .filter(|event| event["method"] == "Network.requestWillBeSent");
        let urls = asked.filter_map(|event| event["params"]["request"]["url"].as_str());
        urls.filter(|url| !url.starts_with("data:"))
            .skip(1)
            .map(str::to_owned)
            .collect()
    }

    /// Errors and warnings of the console.
    pub fn complaints(&self) -> Vec<String> {
        let methods = [
            "Runtime.exceptionThrown",
            "Runtime.consoleAPICalled",
            "Log.entryAdded",
        ];
        let told = self
            .events
            .iter()
            .filter(|event| methods.iter().any(|method| event["method"] == *method));
        told.map(ToString::to_string).collect()
    }

    /// A picture of the whole page, as base64 of a PNG file.
    pub fn picture(&mut self) -> String {
        let height = self.value("document.documentElement.scrollHeight");
        let width = self.value("document.documentElement.clientWidth");
        let clip = json!({ "x": 0, "y": 0, "width": width, "height": height, "scale": 1 });
        let call = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        self.call("Page.captureScreenshot", call)["data"]
            .as_str()
            .expect("a picture")
            .to_owned()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
