/** Shows how far a run is, on standard error: a live bar on a terminal, one line for each stage elsewhere. */
import { setImmediate } from "node:timers/promises";
import { styleText } from "node:util";
import ora, { type Ora } from "ora";

const BAR_CELLS = 28;

const TICK = process.stderr.isTTY ? styleText("green", "✔") : "✔";

export class Progress {
  // The keyboard stays as it is, so that Ctrl-C works as everywhere.
  readonly #spinner: Ora = ora({ discardStdin: false });
  #label = "";

  begin(label: string): void {
    this.#label = label;
    this.#spinner.start(label);
  }

  /** Lets the terminal draw and signals arrive. */
  async at(share: number, detail: string): Promise<void> {
    const filled = Math.round(Math.min(1, share) * BAR_CELLS);
    const bar = "█".repeat(filled) + "░".repeat(BAR_CELLS - filled);
    const percent = `${Math.round(share * 100)}`.padStart(3);
    this.#spinner.text = `${this.#label}  ${bar} ${percent} %  ${detail}`;
    await setImmediate();
  }

  done(text: string): void {
    // Not `succeed`: that colours its tick in files and pipes too.
    this.#spinner.stopAndPersist({ symbol: TICK, text });
  }

  stop(): void {
    this.#spinner.stop();
  }
}
