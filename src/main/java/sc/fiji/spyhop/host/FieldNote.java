package sc.fiji.spyhop.host;

import java.awt.Color;
import java.awt.EventQueue;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Window;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.swing.Icon;
import javax.swing.ImageIcon;
import javax.swing.JLabel;
import javax.swing.SwingUtilities;
import javax.swing.Timer;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Background;
import sc.fiji.spyhop.util.Strings;

/**
 * Says under a field what comes of what is typed, as soon as that is known: it is found out in a
 * thread of its own, after a pause in typing. For the thread of dialogs.
 */
final class FieldNote {

  /** Milliseconds without a change after which it is looked. */
  private static final int PAUSE = 250;

  private static final int WIDTH = 420;

  /** Longer side of a picture, and its distance from the text, in pixels. */
  private static final int SIDE = 128;

  private static final int GAP = 10;

  private final JLabel label = new JLabel(" ");
  private final Timer pause = new Timer(PAUSE, e -> look());
  private final Supplier<Map<String, Object>> given;
  private final Function<Map<String, Object>, List<String>> note;
  private final Function<Map<String, Object>, Optional<BufferedImage>> picture;
  private final AtomicLong wanted = new AtomicLong();
  private final ExecutorService thread = Background.threads("spyhop-field-note", 1);

  /**
   * @param given what fields hold; throws {@link SpyhopException} where that makes no sense
   * @param note lines for what fields hold; may take its time; what it throws is told
   * @param picture to stand beside; may take its time
   */
  FieldNote(
      Supplier<Map<String, Object>> given,
      Function<Map<String, Object>, List<String>> note,
      Function<Map<String, Object>, Optional<BufferedImage>> picture) {
    this.given = given;
    this.note = note;
    this.picture = picture;
    label.setIconTextGap(GAP);
    label.setForeground(Color.GRAY);
    pause.setRepeats(false);
  }

  JLabel label() {
    return label;
  }

  /** A field holds something else. */
  void changed() {
    wanted.incrementAndGet();
    pause.restart();
  }

  private void look() {
    long number = wanted.get();
    Map<String, Object> settings;
    try {
      settings = given.get();
    } catch (SpyhopException e) {
      return; // told when it is to be used
    }
    thread.execute(
        () -> {
          if (number != wanted.get()) return;
          List<String> lines = said(settings);
          Optional<BufferedImage> beside = picture.apply(settings);
          EventQueue.invokeLater(() -> tell(number, lines, beside));
        });
  }

  private List<String> said(Map<String, Object> settings) {
    try {
      return note.apply(settings);
    } catch (RuntimeException e) {
      return List.of(SpyhopException.describe(e));
    }
  }

  private void tell(long number, List<String> lines, Optional<BufferedImage> beside) {
    if (number != wanted.get()) return;
    Optional<Icon> icon = beside.map(p -> icon(p, SIDE));
    label.setIcon(icon.orElse(null));
    int width = WIDTH - icon.map(i -> i.getIconWidth() + GAP).orElse(0);
    label.setText(
        lines.isEmpty()
            ? " "
            : lines.stream()
                .map(l -> CommandDialog.escaped(Strings.visible(l)))
                .collect(Collectors.joining("<br>", "<html><div width=" + width + ">", "</div>")));
    makeRoom();
  }

  /** A picture of at most so many pixels a side. */
  static Icon icon(BufferedImage picture, int side) {
    double scale = Math.min(1, (double) side / Math.max(picture.getWidth(), picture.getHeight()));
    int width = Math.max(1, (int) Math.round(picture.getWidth() * scale));
    int height = Math.max(1, (int) Math.round(picture.getHeight() * scale));
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D on = small.createGraphics();
    on.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    on.drawImage(picture, 0, 0, width, height, Color.WHITE, null);
    on.dispose();
    return new ImageIcon(small);
  }

  /** Makes the dialog as high as all of it needs. */
  private void makeRoom() {
    Window dialog = SwingUtilities.getWindowAncestor(label);
    if (dialog == null) return;
    int needed = dialog.getPreferredSize().height;
    if (needed > dialog.getHeight()) dialog.setSize(dialog.getWidth(), needed);
    dialog.validate();
  }

  /** Ends it; nothing is said any more. */
  void close() {
    wanted.incrementAndGet();
    pause.stop();
    thread.shutdown();
  }
}
