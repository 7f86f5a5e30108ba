"""A shell in a real terminal of fixed size: a window of a tmux server of its own."""

import contextlib
import os
import pathlib
import re
import subprocess
import tempfile

COMMAND_SECONDS = 10
PROMPT = "shell> "


class Terminal:
    """What is on the screen, and a keyboard."""

    def __init__(self, command):
        self._command = command

    def tmux(self, *arguments):
        """What a command of tmux prints."""
        done = subprocess.run([*self._command, *arguments], stdout=subprocess.PIPE, text=True, timeout=COMMAND_SECONDS)
        if done.returncode != 0:
            raise SystemExit(f"tmux {arguments[0]} ended with {done.returncode}")
        return done.stdout

    def screen(self):
        """The lines that are seen."""
        return self.tmux("capture-pane", "-p").split("\n")

    def text(self):
        return "\n".join(self.screen())

    def keys(self, *keys):
        """Presses keys, by the names of tmux: `Enter`, `Escape`, `C-z`, or letters."""
        self.tmux("send-keys", *keys)

    def line(self, text):
        """Types a line into the shell."""
        self.tmux("send-keys", "-l", text)
        self.keys("Enter")

    def paste(self, text):
        """Pastes a text as a terminal does."""
        self.tmux("set-buffer", text)
        self.tmux("paste-buffer", "-p", "-d")

    def clipboard(self):
        """What a program in the terminal has copied last; empty if none has since `forget_copies`."""
        return self.tmux("save-buffer", "-") if self.tmux("list-buffers") else ""

    def forget_copies(self):
        while self.tmux("list-buffers"):
            self.tmux("delete-buffer")

    @contextlib.contextmanager
    def window(self, command):
        """Looks at a terminal of its own, in which a command is run and no shell; it is gone at the end."""
        window = self.tmux("new-window", "-P", "-F", "#{window_id}", command).strip()
        try:
            yield
        finally:
            self.tmux("kill-window", "-t", window)

    def resize(self, width, height):
        self.tmux("resize-window", "-x", str(width), "-y", str(height))

    def child(self):
        """The process ID of the one process that the shell has started, None if there is none."""
        shell = self.tmux("display-message", "-p", "#{pane_pid}").strip()
        children = pathlib.Path(f"/proc/{shell}/task/{shell}/children").read_text().split()
        return int(children[0]) if children else None

    def has(self, pattern):
        """What matches on the screen, if anything does."""
        return re.search(pattern, self.text(), re.MULTILINE)


@contextlib.contextmanager
def terminal(width, height, variables=None):
    """A terminal with a shell; both are gone at the end."""
    with tempfile.TemporaryDirectory(prefix="exp-top-", ignore_cleanup_errors=True) as folder:
        # What the server leaves last may come in the middle of the cleaning. The socket is below the folder, and no user's settings are read.
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TMUX_TMPDIR": folder, "HOME": folder, "TERM": "xterm-256color",
                       "PS1": PROMPT, **(variables or {})}
        command = ["env", "-i", *(f"{name}={value}" for name, value in environment.items()), "tmux", "-u", "-f", "/dev/null", "-L", "top"]
        subprocess.run([*command, "new-session", "-d", "-x", str(width), "-y", str(height), "bash --noprofile --norc -i"],
                       check=True, timeout=COMMAND_SECONDS)
        try:
            # What a program asks to copy (OSC 52) is taken.
            subprocess.run([*command, "set-option", "-s", "set-clipboard", "on"], check=True, timeout=COMMAND_SECONDS)
            yield Terminal(command)
        finally:
            subprocess.run([*command, "kill-server"], timeout=COMMAND_SECONDS)
