package sc.fiji.spyhop.host;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.ImageCanvas;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.io.RoiEncoder;
import java.awt.BorderLayout;
import java.awt.EventQueue;
import java.awt.Rectangle;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.swing.JCheckBox;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.Timer;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.command.Previewer;
import sc.fiji.spyhop.job.preview.Seen;
import sc.fiji.spyhop.job.preview.View;
import sc.fiji.spyhop.util.Background;
import sc.fiji.spyhop.util.Strings;

/**
 * A check box that shows what will come of a command on the part of the image that is seen, as long
 * as it is ticked. Looks in a thread of its own; what has become out of date is given up. Neither
 * the image nor its overlay is touched. For the thread of dialogs.
 */
final class PreviewBox {

  /** Milliseconds between two glances at settings and image. */
  private static final int GLANCE = 120;

  private static final int MAX_WAIT_SECONDS = 60;

  /**
   * What was looked at last.
   *
   * @param selection of the image, as it is saved, which settings may refer to; may be empty
   */
  private record Looked(
      Map<String, Object> settings, ByteBuffer selection, ImagePlus image, View view) {

    boolean asksLike(Map<String, Object> others) {
      return settings.equals(others) && selection.equals(selectionOn(image));
    }

    boolean isOn(Looked other) {
      return image == other.image && view.z() == other.view.z() && view.t() == other.view.t();
    }
  }

  /** What is drawn on a canvas, and what was drawn there before. */
  private record Drawn(ImageCanvas canvas, Overlay own, Overlay before) {}

  private final JPanel panel = new JPanel(new BorderLayout(4, 0));
  private final JCheckBox box = new JCheckBox("Preview");
  private final JLabel told = new JLabel(" ");
  private final Timer timer = new Timer(GLANCE, e -> glance());
  private final Supplier<Map<String, Object>> given;
  private final Supplier<Previewer.Asked> asked;
  private final Previewer previewer;
  private final AtomicLong wanted = new AtomicLong();
  private final ExecutorService thread = Background.threads("spyhop-preview", 1);

  private Optional<Looked> last = Optional.empty();
  private Optional<Previewer.Asked> current = Optional.empty();
  private Optional<Drawn> drawn = Optional.empty();

  /**
   * @param given what fields hold; throws {@link SpyhopException} where that makes no sense
   * @param asked what they ask for; throws the same
   */
  PreviewBox(
      Previewer previewer, Supplier<Map<String, Object>> given, Supplier<Previewer.Asked> asked) {
    this.previewer = previewer;
    this.given = given;
    this.asked = asked;
    panel.add(box, BorderLayout.LINE_START);
    panel.add(told, BorderLayout.CENTER);
    box.setToolTipText("Draws what will be found on the part of the image that is seen.");
    box.addActionListener(
        e -> {
          if (box.isSelected()) {
            timer.start();
            glance();
          } else {
            stop();
          }
        });
  }

  JPanel panel() {
    return panel;
  }

  /** Looks whether something has changed. */
  private void glance() {
    try {
      Map<String, Object> settings = given.get();
      if (last.filter(l -> l.asksLike(settings)).isEmpty()) {
        current = Optional.of(asked.get());
      }
      ImagePlus image = current.orElseThrow().image();
      ImageCanvas canvas = image.getCanvas();
      if (canvas == null) throw new SpyhopException("The image has no window.");
      View view = new View(image.getZ(), image.getT(), new Rectangle(canvas.getSrcRect()));
      Looked now = new Looked(settings, selectionOn(image), image, view);
      if (last.filter(now::equals).isPresent()) return;
      if (last.filter(now::isOn).isEmpty()) erase();
      last = Optional.of(now);
      look(current.get(), now);
    } catch (SpyhopException e) {
      wanted.incrementAndGet();
      last = Optional.empty();
      erase();
      tell(e.getMessage());
    }
  }

  private void look(Previewer.Asked what, Looked at) {
    long number = wanted.incrementAndGet();
    told.setText("…");
    thread.execute(
        () -> {
          if (number != wanted.get()) return;
          try {
            Seen seen = what.look(at.view, progress(number));
            EventQueue.invokeLater(() -> draw(number, at.image, seen));
          } catch (CancellationException e) {
            // there is something else to look at by now
          } catch (RuntimeException | OutOfMemoryError e) {
            EventQueue.invokeLater(() -> failed(number, SpyhopException.describe(e)));
          }
        });
  }

  private Progress progress(long number) {
    return new Progress() {
      @Override
      public void update(String message, long done, long total) {
        if (done < total) EventQueue.invokeLater(() -> waiting(number, done, total));
      }

      @Override
      public boolean isCancelled() {
        return number != wanted.get();
      }
    };
  }

  private static ByteBuffer selectionOn(ImagePlus image) {
    Roi roi = image.getRoi();
    byte[] saved = roi == null ? null : RoiEncoder.saveAsByteArray(roi);
    return ByteBuffer.wrap(saved == null ? new byte[0] : saved);
  }

  /** Of what takes longer it is told how far it is. */
  private void waiting(long number, long done, long total) {
    if (number == wanted.get()) tell(Strings.format("… %d of %d parts", done, total));
  }

  private void draw(long number, ImagePlus image, Seen seen) {
    if (number != wanted.get()) return;
    erase();
    ImageCanvas canvas = image.getCanvas();
    if (canvas == null) return;
    Overlay overlay = new Overlay();
    seen.rois().forEach(overlay::add);
    drawn = Optional.of(new Drawn(canvas, overlay, canvas.getShowAllList()));
    canvas.setShowAllList(overlay);
    canvas.repaint();
    tell(seen.told());
  }

  private void failed(long number, String why) {
    if (number != wanted.get()) return;
    erase();
    tell(why);
  }

  private void tell(String text) {
    told.setText(Strings.shorten(Strings.visible(text)));
    told.setToolTipText(text);
  }

  private void erase() {
    drawn.ifPresent(
        d -> {
          if (d.canvas.getShowAllList() == d.own) d.canvas.setShowAllList(d.before);
          d.canvas.repaint();
        });
    drawn = Optional.empty();
  }

  private void stop() {
    timer.stop();
    wanted.incrementAndGet();
    last = Optional.empty();
    current = Optional.empty();
    erase();
    tell(" ");
    thread.execute(previewer::close);
  }

  /** Ends it; nothing is drawn any more. */
  void close() {
    stop();
    thread.shutdown();
  }

  /** Waits, in another thread, until nothing is looked at any more. */
  void await() {
    try {
      if (!thread.awaitTermination(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
        IJ.log("Spyhop: a preview still runs.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
