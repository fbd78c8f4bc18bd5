package sc.fiji.spyhop.ui;

import ij.macro.Interpreter;
import java.awt.Color;
import java.awt.GraphicsEnvironment;
import java.awt.image.BufferedImage;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.swing.SwingUtilities;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.training.TrainingListener;
import sc.fiji.spyhop.training.sampling.Example;

/**
 * A window that shows a training as it goes, with buttons to stop it. Without a display, and in
 * macros that show nothing, there is none and training is the same. Told by the thread that trains;
 * closing the window does not stop that.
 */
public final class TrainingView implements AutoCloseable {

  private static final int PICTURE = 112;
  private static final long PATIENCE_NANOS = 200_000_000;

  private final Wishes wishes;
  private final Optional<TrainingWindow> window;

  TrainingView(Wishes wishes, Optional<TrainingWindow> window) {
    this.wishes = wishes;
    this.window = window;
  }

  /**
   * Opens the window where windows are to be seen.
   *
   * @param title what is trained
   */
  public static TrainingView open(String title) {
    Wishes wishes = new Wishes();
    if (GraphicsEnvironment.isHeadless() || Interpreter.isBatchMode()) {
      return new TrainingView(wishes, Optional.empty());
    }
    TrainingWindow window = new TrainingWindow(title, wishes);
    SwingUtilities.invokeLater(window::open);
    return new TrainingView(wishes, Optional.of(window));
  }

  /** Whether there is a window to be seen. */
  public boolean isShown() {
    return window.filter(TrainingWindow::isShown).isPresent();
  }

  private void show(Consumer<TrainingWindow> what) {
    window.ifPresent(w -> SwingUtilities.invokeLater(() -> what.accept(w)));
  }

  /** What the training has to tell its news to. */
  public TrainingListener listener() {
    return window.isEmpty()
        ? TrainingListener.NONE
        : new TrainingListener() {
          private final ExamplePicture pictures = new ExamplePicture(PICTURE);

          @Override
          public void message(String text) {
            show(w -> w.note(text));
          }

          @Override
          public void begun(int number, int epochs) {
            show(w -> w.begun(number, epochs));
          }

          @Override
          public void validationLoss(double loss) {
            show(w -> w.validationLoss(loss));
          }

          @Override
          public void example(Example example) {
            String name = example.frame().name();
            BufferedImage picture = pictures.of(example);
            Map<String, Color> colors = pictures.colors();
            show(
                w -> {
                  w.caption(example.caption());
                  w.example(name, picture, colors);
                });
          }

          @Override
          public void epoch(Epoch epoch, int epochs) {
            show(w -> w.epoch(epoch, epochs));
          }
        };
  }

  /** Shows progress here as well, and cancels when a button says so. */
  public Progress progress(Progress other) {
    return new Progress() {
      private long shown = System.nanoTime() - PATIENCE_NANOS;

      @Override
      public void update(String message, long done, long total) {
        other.update(message, done, total);
        long now = System.nanoTime();
        if (now - shown < PATIENCE_NANOS && done > 0 && done < total) return;
        shown = now;
        show(w -> w.progress(message, total <= 0 ? 0 : (double) done / total));
      }

      @Override
      public boolean isCancelled() {
        return wishes.isStopped() || wishes.isDiscarded() || other.isCancelled();
      }
    };
  }

  /** As the button Stop: ends the training and keeps the best network so far. */
  public void stop() {
    wishes.stop();
  }

  /** As the button Cancel, once sure: ends the training and keeps nothing. */
  public void discard() {
    wishes.cancel(() -> true);
  }

  /** Whether the training was to end with the best network so far. */
  public boolean isStopped() {
    return wishes.isStopped();
  }

  /** Whether nothing of the training is to be kept. */
  public boolean isDiscarded() {
    return wishes.isDiscarded();
  }

  /** Shows how the training ended. */
  public void ended(String explanation) {
    show(w -> w.note(explanation));
  }

  /** The training is over; the window stays, to be looked at. */
  @Override
  public void close() {
    wishes.end();
    show(TrainingWindow::ended);
  }
}
