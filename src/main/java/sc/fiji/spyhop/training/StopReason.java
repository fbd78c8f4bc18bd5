package sc.fiji.spyhop.training;

/** Why a training ended. */
public enum StopReason {
  /** All epochs are done. */
  FINISHED,
  /** Validation did not get better for as many epochs as the patience allows. */
  NO_IMPROVEMENT,
  /** The user asked to stop. */
  CANCELLED,
  /** The loss or the gradient was no longer a finite number. */
  NOT_FINITE;

  /** Whether nothing should come after it. */
  public boolean isCutOff() {
    return this == CANCELLED || this == NOT_FINITE;
  }
}
