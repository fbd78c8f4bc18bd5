package sc.fiji.spyhop.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;

/** Runs command lines within the test's process. */
public record Shell(int code, String out, String err) {

  public static Shell run(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Spyhop.run(
            new PrintWriter(out),
            new PrintWriter(err),
            Arrays.stream(arguments)
                .map(a -> a instanceof Path p ? p.toString() : String.valueOf(a))
                .toArray(String[]::new));
    return new Shell(code, out.toString(), err.toString());
  }

  /** The one line that tells of the problem. */
  String problem() {
    return err.lines()
        .filter(l -> l.startsWith("spyhop: "))
        .reduce((a, b) -> b)
        .orElse("no problem was told of, but:\n" + err);
  }
}
