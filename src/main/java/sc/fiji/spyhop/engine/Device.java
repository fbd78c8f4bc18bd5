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

  @Override
  public String toString() {
    return description;
  }
}
