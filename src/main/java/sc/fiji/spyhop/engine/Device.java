package sc.fiji.spyhop.engine;

/**
 * Where an engine computes.
 *
 * @param description in words, for logs, tables and records, such as {@code "CPU, 2 threads,
 *     oneDNN"}
 */
public record Device(Kind kind, int index, String description) {

  public enum Kind {
    CPU,
    GPU
  }

  /** For a column of a table: {@code CPU} or, with its number, {@code GPU 0}. */
  public String name() {
    return kind == Kind.GPU ? "GPU " + index : "CPU";
  }

  @Override
  public String toString() {
    return description;
  }
}
