// What a person sees in the terminal: chapters, sentences and a progress bar (lines instead of a bar where the output is no terminal).
export class Screen {
  #tty = process.stdout.isTTY;
  #bar = false;
  #tenth = -1;

  chapter(title) {
    this.endProgress();
    console.log(this.#tty ? `\n\x1b[1m${title}\x1b[0m` : `\n== ${title}`);
  }

  say(text) {
    this.endProgress();
    console.log(`  ${text}`);
  }

  line(text) {
    this.endProgress();
    console.log(text);
  }

  progress(what, share, detail = '') {
    const percent = Math.max(0, Math.min(100, Math.floor(share * 100)));
    if (this.#tty) {
      const filled = Math.round(percent * 0.3);
      process.stdout.write(`\r\x1b[2K  ${what} [${'█'.repeat(filled)}${'·'.repeat(30 - filled)}] ${percent} %  ${detail}`);
      this.#bar = true;
    } else if (Math.floor(percent / 10) !== this.#tenth) {
      this.#tenth = Math.floor(percent / 10);
      console.log(`  ${what} ${percent} %  ${detail}`);
    }
  }

  endProgress() {
    if (this.#bar)
      process.stdout.write('\n');
    this.#bar = false;
    this.#tenth = -1;
  }
}

export function clock(iso) {
  return new Date(iso).toLocaleTimeString('en-GB');
}
