package sc.fiji.spyhop.exchange.graph;

/** One layer that has no counterpart here. Its message says what of it, without its name. */
public final class Unsupported extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Unsupported(String what) {
    super(what);
  }
}
