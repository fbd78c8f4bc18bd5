package sc.fiji.spyhop.exchange.graph;

/** One layer that has no counterpart here. Its message says what of it, without its name. */
public final class Unsupported extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Of a type of layer, or an operator, that is not known at all. */
  public static final String NO_COUNTERPART = "there is no counterpart";

  /** Of what hangs on the size of images, which is open. */
  public static final String OPEN_SIZE =
      "a size that depends on the image; say what size images have, such as crop 256 in their"
          + " preparation";

  /** Of values that are put in another shape, which is no map of ours. */
  public static final String RESHAPING = "a reshaping that is not a flattening";

  /** Whether it would outgrow any memory. */
  private final boolean excess;

  /** Of something that may be possible with other settings or sizes. */
  public Unsupported(String what) {
    this(what, false);
  }

  private Unsupported(String what, boolean excess) {
    super(what);
    this.excess = excess;
  }

  /** Of what would outgrow any memory, so that no program shall run it. */
  public static Unsupported excess(String what) {
    return new Unsupported(what, true);
  }

  /** Whether it would outgrow any memory. */
  public boolean isExcess() {
    return excess;
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
