package sc.fiji.spyhop.engine;

/**
 * Where an engine computes.
 *
 * @param description in words, for logs, tables and records, such as {@code "CPU, 2 threads,
 *     oneDNN"}
 * @param arithmetic other than that of 32 bits, such as {@code int8} or {@link #BFLOAT16}; else
 *     empty
 */
public record Device(Kind kind, int index, String description, String arithmetic) {

  /** {@link #arithmetic} with numbers of 16 bits, the first 16 of those of a float. */
  public static final String BFLOAT16 = "bf16";

  /** In 32 bits. */
  public Device(Kind kind, int index, String description) {
    this(kind, index, description, "");
  }

  /** The same with another arithmetic. */
  public Device in(String other) {
    return new Device(kind, index, description, other);
  }

  /** What computes, as far as it matters to users. */
  public enum Kind {
    /** The processor. */
    CPU,
    /** A graphics card, told from others by its index. */
    GPU
  }

  /** For a column of a table: {@code CPU} or, with its number, {@code GPU 0}; its arithmetic. */
  public String name() {
    return withArithmetic(kind == Kind.GPU ? "GPU " + index : "CPU");
  }

  @Override
  public String toString() {
    return withArithmetic(description);
  }

  private String withArithmetic(String text) {
    return arithmetic.isEmpty() ? text : text + ", " + arithmetic;
  }
}
