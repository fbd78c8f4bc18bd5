package sc.fiji.spyhop.exchange.graph;

/** One layer that has no counterpart here. Its message says what of it, without its name. */
public final class Unsupported extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Of a type of layer, or an operator, that is not known at all. */
  public static final String NO_COUNTERPART = "there is no counterpart";

  public Unsupported(String what) {
    super(what);
  }

  /** Of a type that is not known at all, whatever its settings. */
  public static Unsupported noCounterpart() {
    return new Unsupported(NO_COUNTERPART);
  }

  /** Whether nothing of this type is known. */
  public boolean isOfType() {
    return NO_COUNTERPART.equals(getMessage());
  }
}
