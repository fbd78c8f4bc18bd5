package sc.fiji.spyhop.ui;

import ij.gui.Plot;
import java.awt.BorderLayout;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.FlowLayout;
import java.awt.Font;
import java.awt.GridLayout;
import java.awt.event.ComponentAdapter;
import java.awt.event.ComponentEvent;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.swing.BorderFactory;
import javax.swing.Box;
import javax.swing.BoxLayout;
import javax.swing.ImageIcon;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JOptionPane;
import javax.swing.JPanel;
import javax.swing.JProgressBar;
import javax.swing.JScrollPane;
import javax.swing.JTextArea;
import javax.swing.SwingConstants;
import javax.swing.SwingUtilities;
import javax.swing.WindowConstants;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.ui.TrainingCurves.Curve;
import sc.fiji.spyhop.util.Strings;

/** Curves, pictures, words and buttons. For use by the event thread only, but for making it. */
final class TrainingWindow {

  private static final int WIDTH = 1000;
  private static final int HEIGHT = 720;
  private static final int MARGIN = 10;

  /** Told apart by people who do not tell red from green (Okabe and Ito 2008). */
  private static final Color[] COLORS = {
    new Color(0, 114, 178),
    new Color(213, 94, 0),
    new Color(0, 158, 115),
    new Color(204, 121, 167),
    new Color(230, 159, 0),
    new Color(86, 180, 233)
  };

  private final String title;
  private final Wishes wishes;
  private final TrainingCurves curves = new TrainingCurves();
  private final Map<String, JLabel> examples = new LinkedHashMap<>();

  private volatile boolean closed;
  private JPanel content;
  private JLabel headline;
  private JProgressBar bar;
  private JLabel losses;
  private JLabel metrics;
  private JLabel errors;
  private JPanel plots;
  private JPanel shown;
  private JPanel strip;
  private JLabel legend;
  private JTextArea notes;
  private JLabel hint;
  private JButton stop;
  private JButton cancel;

  TrainingWindow(String title, Wishes wishes) {
    this.title = title;
    this.wishes = wishes;
  }

  /** Whether it is, or is about to be, on the screen. */
  boolean isShown() {
    return !closed;
  }

  void open() {
    JFrame frame = new JFrame("Training " + title);
    frame.setDefaultCloseOperation(WindowConstants.DISPOSE_ON_CLOSE);
    frame.addWindowListener(
        new WindowAdapter() {
          @Override
          public void windowClosed(WindowEvent e) {
            closed = true;
          }
        });
    frame.setContentPane(content());
    frame.setSize(WIDTH, HEIGHT);
    frame.setLocationByPlatform(true);
    frame.setVisible(true);
  }

  /** All that the window shows; needs no display. */
  JComponent content() {
    content = new JPanel(new BorderLayout(MARGIN, MARGIN));
    content.setBorder(BorderFactory.createEmptyBorder(MARGIN, MARGIN, MARGIN, MARGIN));
    content.add(top(), BorderLayout.NORTH);
    content.add(plots(), BorderLayout.CENTER);
    content.add(bottom(), BorderLayout.SOUTH);
    return content;
  }

  private JComponent top() {
    headline = new JLabel("Getting ready...");
    headline.setFont(headline.getFont().deriveFont(Font.BOLD, 14));
    bar = new JProgressBar(0, 1000);
    bar.setStringPainted(true);
    bar.setString("");
    JPanel top = new JPanel(new GridLayout(2, 1, 0, 6));
    top.add(headline);
    top.add(bar);
    return top;
  }

  private JComponent plots() {
    losses = new JLabel();
    metrics = new JLabel();
    errors = new JLabel();
    plots = new JPanel(new GridLayout(1, 0, MARGIN, 0));
    plots.add(losses);
    plots.add(metrics);
    for (JLabel plot : List.of(losses, metrics, errors)) {
      plot.setMinimumSize(new Dimension());
      plot.setPreferredSize(new Dimension());
    }
    plots.addComponentListener(
        new ComponentAdapter() {
          @Override
          public void componentResized(ComponentEvent e) {
            plot();
          }
        });
    return plots;
  }

  private JComponent bottom() {
    strip = new JPanel(new FlowLayout(FlowLayout.LEFT, MARGIN, 0));
    legend = new JLabel();
    legend.setBorder(BorderFactory.createEmptyBorder(0, MARGIN, 4, 0));
    shown = new JPanel(new BorderLayout());
    shown.add(legend, BorderLayout.NORTH);
    shown.add(strip, BorderLayout.CENTER);
    shown.setVisible(false);
    notes = new JTextArea(5, 60);
    notes.setEditable(false);
    notes.setLineWrap(true);
    notes.setWrapStyleWord(true);
    stop = new JButton("Stop");
    stop.setToolTipText("Ends the training; the best network so far is kept.");
    stop.addActionListener(e -> wish(wishes::stop));
    cancel = new JButton("Cancel...");
    cancel.setToolTipText("Ends the training and keeps nothing of it.");
    cancel.addActionListener(e -> wish(() -> wishes.cancel(this::isSure)));
    Box buttons = Box.createHorizontalBox();
    hint = new JLabel("Closing this window does not end the training; Esc in ImageJ stops it.");
    buttons.add(hint);
    buttons.add(Box.createHorizontalGlue());
    buttons.add(stop);
    buttons.add(Box.createHorizontalStrut(MARGIN));
    buttons.add(cancel);
    JPanel bottom = new JPanel();
    bottom.setLayout(new BoxLayout(bottom, BoxLayout.Y_AXIS));
    for (JComponent part : List.of(shown, new JScrollPane(notes), buttons)) {
      part.setAlignmentX(0);
      bottom.add(part);
      bottom.add(Box.createVerticalStrut(6));
    }
    return bottom;
  }

  private boolean isSure() {
    Object[] choices = {"Discard the training", "Go on"};
    int answer =
        JOptionPane.showOptionDialog(
            content,
            "Nothing of this training will be kept, nor of the one it resumed.\n"
                + "To keep the best network so far, go on and press Stop.",
            "Cancel training",
            JOptionPane.DEFAULT_OPTION,
            JOptionPane.WARNING_MESSAGE,
            null,
            choices,
            choices[1]);
    return answer == 0;
  }

  private void wish(Runnable wish) {
    wish.run();
    stop.setEnabled(wishes.isOpen());
    cancel.setEnabled(wishes.isOpen());
    if (wishes.isStopped()) bar.setString("Stopping; the best network is kept...");
    if (wishes.isDiscarded()) bar.setString("Cancelling...");
  }

  void progress(String message, double share) {
    bar.setValue((int) Math.round(1000 * share));
    if (stop.isEnabled()) bar.setString(message);
  }

  void note(String text) {
    notes.append((notes.getDocument().getLength() == 0 ? "" : "\n") + text);
    notes.setCaretPosition(notes.getDocument().getLength());
  }

  void validationLoss(double loss) {
    curves.validationLoss(loss);
  }

  /** What is said above the examples. */
  void caption(String text) {
    shown.setBorder(BorderFactory.createTitledBorder(text));
  }

  /**
   * @param colors of what is drawn, by its name
   */
  void example(String name, BufferedImage picture, Map<String, Color> colors) {
    JLabel label =
        examples.computeIfAbsent(
            name,
            n -> {
              JLabel made = new JLabel(shortened(n));
              made.setToolTipText(n);
              made.setHorizontalTextPosition(SwingConstants.CENTER);
              made.setVerticalTextPosition(SwingConstants.BOTTOM);
              strip.add(made);
              return made;
            });
    label.setIcon(new ImageIcon(picture));
    legend.setText(
        colors.entrySet().stream()
            .map(
                c ->
                    Strings.format(
                        "<font color=#%06x>\u25cf</font> %s",
                        c.getValue().getRGB() & 0xFFFFFF,
                        c.getKey().replace("&", "&amp;").replace("<", "&lt;")))
            .collect(Collectors.joining("&nbsp;&nbsp; ", "<html>", "")));
    legend.setVisible(!colors.isEmpty());
    shown.setVisible(true);
    content.validate();
  }

  private static String shortened(String name) {
    return name.length() <= 30
        ? name
        : name.substring(0, 14) + "..." + name.substring(name.length() - 13);
  }

  /** Of an epoch that was completed there is more to tell. */
  void begun(int number, int epochs) {
    if (curves.isEmpty()) headline.setText(Strings.format("Epoch %d of %d", number, epochs));
  }

  void epoch(Epoch epoch, int epochs) {
    curves.epoch(epoch, epochs);
    headline.setText(curves.headline());
    if (SwingUtilities.getWindowAncestor(content) instanceof JFrame frame) {
      frame.setTitle(Strings.format("Training %s, epoch %d of %d", title, epoch.number(), epochs));
    }
    plot();
  }

  void ended() {
    stop.setEnabled(false);
    cancel.setEnabled(false);
    hint.setText("");
    bar.setValue(bar.getMaximum());
    bar.setString("The training has ended.");
  }

  private void plot() {
    if (curves.isEmpty()) return;
    if (!curves.errors().isEmpty() && errors.getParent() == null) {
      plots.add(errors);
      plots.validate();
    }
    draw(losses, "Loss", curves.losses(), false);
    draw(metrics, "Validation", curves.metrics(), true);
    draw(errors, "Validation error", curves.errors(), false);
  }

  private void draw(JLabel place, String name, List<Curve> shown, boolean shares) {
    if (shown.isEmpty() || place.getWidth() < 100 || place.getHeight() < 80) return;
    double[] values = shown.stream().flatMapToDouble(c -> Arrays.stream(c.values())).toArray();
    double low = Arrays.stream(values).filter(Double::isFinite).min().orElse(0);
    double high = Arrays.stream(values).filter(Double::isFinite).max().orElse(1);
    if (shares && low >= 0 && high <= 1) {
      low = 0;
      high = 1;
    } else {
      double room = 0.05 * Math.max(high - low, 1e-6);
      low = low >= 0 ? Math.max(0, low - room) : low - room;
      high += room;
    }
    Plot plot = new Plot(name, "Epoch", name);
    plot.setSize(place.getWidth(), place.getHeight());
    plot.setFont(Font.PLAIN, 12);
    plot.setLimits(0, Math.max(curves.reached(), 2) + 0.5, low, high);
    for (int i = 0; i < shown.size(); i++) {
      Curve curve = shown.get(i);
      plot.setColor(COLORS[i % COLORS.length]);
      plot.setLineWidth(2);
      plot.addPoints(
          curve.epochs(),
          curve.values(),
          curve.epochs().length < 3 ? Plot.CONNECTED_CIRCLES : Plot.LINE);
    }
    plot.setColor(Color.BLACK);
    plot.setLineWidth(1);
    plot.setLegend(
        String.join("\n", shown.stream().map(Curve::name).toList()),
        Plot.AUTO_POSITION | Plot.LEGEND_TRANSPARENT);
    place.setIcon(new ImageIcon(plot.getProcessor().getBufferedImage()));
  }
}
