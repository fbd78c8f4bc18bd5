package sc.fiji.spyhop.engine;

/**
 * The library behind an {@link Engine}, as it runs on this machine.
 *
 * @param name and version, such as {@code "oneDNN 3.13.0"}
 * @param instructions the processor's instructions that it uses, such as {@code "AVX2"}
 * @param threads it computes with
 * @param details whatever else may change what it computes, such as the version of its Java
 *     binding; may be empty
 */
public record Library(String name, String instructions, int threads, String details) {

  /** In words, such as {@code "CPU, 2 threads, oneDNN 3.13.0, AVX2"}. */
  public String onProcessor() {
    String count = threads + (threads == 1 ? " thread" : " threads");
    return "CPU, " + count + ", " + name + (instructions.isEmpty() ? "" : ", " + instructions);
  }
}
