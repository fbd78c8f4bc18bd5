package sc.fiji.spyhop.host.headless;

import ij.Macro;
import ij.macro.Interpreter;
import java.awt.HeadlessException;
import java.io.File;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sc.fiji.spyhop.util.Strings;

/**
 * What ImageJ would have shown in a window as an error, and goes on. {@link HeadlessEdits} make
 * ImageJ's classes tell it here, where it ends the macro.
 *
 * @param line of the macro; 0 if unknown
 */
public record MacroFailure(String sentence, int line, Optional<Throwable> cause) {

  /** Said of all that asks a person, or shows something to a person. */
  public static final String NO_WINDOW =
      "ImageJ would open a window here, which needs a display; give what it asks for as options of"
          + " run(...) or as an argument of the macro, leave the line out, or run the macro in"
          + " ImageJ's own window (spyhop gui)";

  private static final String DIALOG = "Cannot instantiate headless dialog";
  private static final Pattern CLASS_NAME =
      Pattern.compile("\\b(?:[a-z]\\w*\\.)+[A-Z]\\w*(?:Exception|Error)(?:: |\\b)");
  private static final Pattern IN_LINE = Pattern.compile("(?s)(.*) in line (\\d+)\\s.*");

  private static Thread macro;
  private static MacroFailure failure;
  private static boolean left;

  /** What happens on this thread from now on belongs to a macro; forgets what was told before. */
  public static synchronized void begin() {
    macro = Thread.currentThread();
    failure = null;
    left = false;
  }

  /** The first failure since the macro began. */
  public static synchronized Optional<MacroFailure> first() {
    return Optional.ofNullable(failure);
  }

  /** Whether the macro was left by {@code exit}. */
  public static synchronized boolean wasLeft() {
    return left;
  }

  /** The macro says {@code exit}. */
  public static synchronized void leave() {
    left = true;
  }

  /**
   * A command says that something is wrong.
   *
   * @throws RuntimeException which ends the macro
   */
  public static void said(String message) {
    if (!isMacro() || isCancel(message)) return;
    Interpreter interpreter = Interpreter.getInstance();
    int line = interpreter == null ? 0 : interpreter.getLineNumber();
    keep(new MacroFailure(sentence(message), line, Optional.empty()));
    end();
  }

  /**
   * A command threw what nobody expected.
   *
   * @throws RuntimeException which ends the macro
   */
  public static void thrown(Throwable thrown) {
    if (!isMacro()) return;
    if (!isCancel(thrown.getMessage())) said(sentence(thrown));
    else if (first().isPresent()) end();
  }

  /** The interpreter found an error, and stops. */
  public static void interpreted(String message) {
    Matcher found = IN_LINE.matcher(message);
    boolean lined = found.matches();
    keep(
        new MacroFailure(
            sentence(lined ? found.group(1) : message),
            lined ? Integer.parseInt(found.group(2)) : 0,
            Optional.empty()));
  }

  /**
   * Something is to be written into this file.
   *
   * @throws RuntimeException which ends the macro, if its folder does not exist
   */
  public static void writing(String path) {
    if (path == null || path.isEmpty()) return;
    File folder = new File(path).getAbsoluteFile().getParentFile();
    if (folder == null || folder.isDirectory()) return;
    said(
        Strings.format(
            "%s cannot be saved: there is no folder %s; make it with File.makeDirectory first",
            path, folder));
  }

  /** Without names of classes. */
  public static String sentence(Throwable thrown) {
    boolean window =
        thrown instanceof HeadlessException
            || thrown instanceof NullPointerException
            || thrown instanceof LinkageError;
    return window ? NO_WINDOW : sentence(thrown.getMessage());
  }

  private static String sentence(String message) {
    if (message == null || message.startsWith(DIALOG)) return NO_WINDOW;
    String line = CLASS_NAME.matcher(message).replaceAll("").strip().replaceAll("\\s+", " ");
    return line.isEmpty() ? NO_WINDOW : line;
  }

  private static boolean isCancel(String message) {
    return message != null && message.endsWith(Macro.MACRO_CANCELED);
  }

  private static synchronized boolean isMacro() {
    return Thread.currentThread() == macro;
  }

  private static synchronized void keep(MacroFailure told) {
    if (failure == null) failure = told;
  }

  private static void end() {
    Macro.abort();
    throw new RuntimeException(Macro.MACRO_CANCELED);
  }
}
