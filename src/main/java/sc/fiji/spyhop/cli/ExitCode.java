package sc.fiji.spyhop.cli;

/** What a shell learns of how a command ended. */
final class ExitCode {

  /** All is done. */
  static final int OK = 0;

  /** Something failed, and was told in one sentence. */
  static final int FAILED = 1;

  /** The command line is wrong. */
  static final int USAGE = 2;

  /** The user stopped it. */
  static final int STOPPED = 130;

  private ExitCode() {}
}
