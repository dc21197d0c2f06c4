/** A clock that a test moves. */
export class FakeClock {
  now = 1000;

  readonly read = (): number => this.now;

  pass(ms: number): number {
    this.now += ms;
    return this.now;
  }
}
