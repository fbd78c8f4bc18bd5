package sc.fiji.spyhop.job;

import java.util.List;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.util.TableRow;

/** Who asked for a job, from a menu, a macro or a shell: is told how it goes, and can stop it. */
public interface Caller {

  /** How far a job is, shown until it is closed. */
  interface Shown extends Progress, AutoCloseable {
    @Override
    void close();
  }

  /** Images of a batch that are looked at, shown until it is closed. */
  interface Images extends BatchListener, AutoCloseable {
    @Override
    void close();
  }

  /** Something worth knowing on the way. */
  void note(String line);

  /** What came of it. */
  void result(String line);

  /** What came of it, where that is to be seen anyway. */
  void seen(String line);

  /** What came of it, where that is a text of several lines. */
  void report(String text);

  /** A table, where there are windows to show it in; one of the same title is replaced. */
  void table(String title, List<TableRow> rows);

  /** The command that asks for the same again, for records. */
  String request();

  /** Shows how far a job is. */
  Shown progress(String activity);

  /**
   * Shows how far a batch is.
   *
   * @param activity such as {@code Segmenting}
   */
  Images images(String activity);

  /**
   * Reports what failed, while the rest was done.
   *
   * @param failures a sentence for each
   * @param of how many
   */
  void failed(List<String> failures, int of);

  /**
   * Shows a training while it runs, writes what was trained, and says so.
   *
   * @param name of what is trained
   */
  void train(String name, Learning learning);
}
