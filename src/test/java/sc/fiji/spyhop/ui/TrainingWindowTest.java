package sc.fiji.spyhop.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Component;
import java.awt.Container;
import java.awt.image.BufferedImage;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.swing.ImageIcon;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JProgressBar;
import javax.swing.JTextArea;
import javax.swing.SwingUtilities;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;

/** What the window shows, laid out without a display. */
class TrainingWindowTest {

  private static final Color BLUE = new Color(0, 114, 178);
  private static final Color VERMILION = new Color(213, 94, 0);

  private final Wishes wishes = new Wishes();
  private final TrainingWindow window = new TrainingWindow("cells", wishes);
  private JComponent content;

  @BeforeEach
  void build() {
    content = window.content();
    content.setSize(1000, 720);
    layOut();
  }

  /** Waits for the event thread, which draws what was resized. */
  private void layOut() {
    layOut(content);
    try {
      SwingUtilities.invokeAndWait(() -> {});
    } catch (InterruptedException | InvocationTargetException e) {
      throw new AssertionError(e);
    }
  }

  private static void layOut(Container container) {
    container.doLayout();
    for (Component child : container.getComponents()) if (child instanceof Container c) layOut(c);
  }

  private <T extends Component> List<T> seen(Class<T> type) {
    List<T> seen = new ArrayList<>();
    collect(content, type, seen);
    return seen;
  }

  private static <T> void collect(Container container, Class<T> type, List<T> seen) {
    for (Component child : container.getComponents()) {
      if (!child.isVisible()) continue;
      if (type.isInstance(child)) seen.add(type.cast(child));
      if (child instanceof Container c) collect(c, type, seen);
    }
  }

  private JProgressBar bar() {
    return seen(JProgressBar.class).get(0);
  }

  private JButton button(String text) {
    return seen(JButton.class).stream().filter(b -> text.equals(b.getText())).findFirst().get();
  }

  private boolean isLabelled(String text) {
    return seen(JLabel.class).stream().anyMatch(l -> text.equals(l.getText()));
  }

  /** Pictures of curves, from left to right. */
  private List<BufferedImage> plots() {
    return seen(JLabel.class).stream()
        .filter(l -> l.getIcon() instanceof ImageIcon && l.getToolTipText() == null)
        .map(l -> (BufferedImage) ((ImageIcon) l.getIcon()).getImage())
        .toList();
  }

  private static boolean has(BufferedImage picture, Color color) {
    int[] pixels =
        picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
    return Arrays.stream(pixels).anyMatch(p -> p == color.getRGB());
  }

  /** Where a level curve lies: its row, and its first and last column. */
  private record Line(int row, int first, int last) {

    static Line of(BufferedImage picture, Color color) {
      Line longest = new Line(-1, 0, -1);
      for (int y = 0; y < picture.getHeight(); y++) {
        int row = y;
        int[] columns =
            IntStream.range(0, picture.getWidth())
                .filter(x -> picture.getRGB(x, row) == color.getRGB())
                .toArray();
        if (columns.length == 0) continue;
        Line line = new Line(y, columns[0], columns[columns.length - 1]);
        if (line.last - line.first > longest.last - longest.first) longest = line;
      }
      return longest;
    }
  }

  /** Rows between two level curves in a plot, the second being the upper one. */
  private static double between(BufferedImage plot) {
    return Line.of(plot, BLUE).row() - Line.of(plot, VERMILION).row();
  }

  private void levels(int epochs, double loss, double validation, Map<String, Double> metrics) {
    for (int i = 1; i <= epochs; i++) {
      window.validationLoss(validation);
      window.epoch(epoch(i, loss, metrics), epochs);
    }
  }

  private static Map<String, Double> two(double first, double second) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("first", first);
    metrics.put("second", second);
    return metrics;
  }

  private static Epoch epoch(int number, double loss, Map<String, Double> metrics) {
    return new Epoch(number, 10L * number, loss, metrics, 1e-3, 60, number == 1, List.of());
  }

  @Test
  void beforeTheFirstEpochThereIsNothingToDraw() {
    assertTrue(isLabelled("Getting ready..."));
    assertEquals("", bar().getString());
    assertEquals(0, bar().getValue());
    assertTrue(plots().isEmpty());
    assertTrue(button("Stop").isEnabled());
    assertTrue(button("Cancel...").isEnabled());
  }

  @Test
  void theFirstEpochIsToldFromItsFirstStep() {
    window.begun(1, 4);
    assertTrue(isLabelled("Epoch 1 of 4"));
    assertFalse(isLabelled("Getting ready..."));
    window.epoch(epoch(1, 0.9, Map.of()), 4);
    window.begun(2, 4);
    assertFalse(isLabelled("Epoch 2 of 4"), "what is known of the first is told");
  }

  @Test
  void anEpochIsToldAndDrawn() {
    window.validationLoss(0.7);
    window.epoch(epoch(1, 0.9, Map.of("F1", 0.25)), 4);
    assertTrue(
        isLabelled(
            "Epoch 1 of 4  \u00b7  best: epoch 1 (F1 0.250)  \u00b7  learning rate 1.00e-03"));
    List<BufferedImage> plots = plots();
    assertEquals(2, plots.size(), "losses and metrics");
    for (BufferedImage plot : plots) {
      assertEquals(485, plot.getWidth(), "half of 1000 less two margins and the gap, of 10 each");
      assertTrue(has(plot, BLUE));
    }
    assertTrue(has(plots.get(0), VERMILION), "the loss of validation is the second curve");
    assertFalse(has(plots.get(1), VERMILION));
  }

  /** From 0 to 1: half of the range is half as high as all of it. */
  @Test
  void sharesAreDrawnOnOneScale() {
    levels(3, 1, 1, two(0.1, 0.9));
    double wide = between(plots().get(1));
    assertTrue(wide > 100, "the second is above the first");
    levels(3, 1, 1, two(0.3, 0.7));
    assertEquals(wide / 2, between(plots().get(1)), 2);
  }

  /** A twentieth of their range is left above and below: 2 of 2.2, of which shares take 0.8. */
  @Test
  void otherCurvesFillTheirPlot() {
    levels(3, 0.7, 0.9, two(0.1, 0.9));
    double height = between(plots().get(1)) / 0.8;
    assertEquals(height * 2 / 2.2, between(plots().get(0)), 2);
    levels(3, 0.7, 0.9, two(-1, 1));
    assertEquals(height * 2 / 2.2, between(plots().get(1)), 2);
    levels(3, 0.7, 0.9, two(0, 2));
    assertEquals(height * 2 / 2.1, between(plots().get(1)), 2, "nothing is below 0");
  }

  /** Three epochs end at 3 of 3.5, five at 5 of 5.5. */
  @Test
  void epochsAreDrawnUpToTheLast() {
    levels(3, 0.7, 0.9, two(0.1, 0.9));
    Line three = Line.of(plots().get(1), BLUE);
    levels(5, 0.7, 0.9, two(0.1, 0.9));
    Line five = Line.of(plots().get(1), BLUE);
    double width = (three.last() - three.first()) * 3.5 / 2;
    assertEquals(width * 4 / 5.5, five.last() - five.first(), 4);
    assertEquals(width / 3.5 - width / 5.5, three.first() - five.first(), 4);
  }

  @Test
  void errorsGetAPlotOfTheirOwnOnceThereAreAny() {
    window.epoch(epoch(1, 0.9, Map.of("F1", 0.25)), 4);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("F1", 0.3);
    metrics.put("MAE length", 12.0);
    window.epoch(epoch(2, 0.8, metrics), 4);
    layOut();
    window.epoch(epoch(3, 0.7, metrics), 4);
    List<BufferedImage> plots = plots();
    assertEquals(3, plots.size());
    for (BufferedImage plot : plots) {
      assertEquals(320, plot.getWidth(), "a third of 1000 less two margins and two gaps");
    }
  }

  @Test
  void progressIsAShareAndWords() {
    window.progress("Epoch 1", 0.25);
    assertEquals(250, bar().getValue());
    assertEquals(1000, bar().getMaximum());
    assertEquals("Epoch 1", bar().getString());
  }

  @Test
  void stopIsHeardOnceAndStaysToBeRead() {
    button("Stop").doClick();
    assertTrue(wishes.isStopped());
    assertFalse(button("Stop").isEnabled());
    assertFalse(button("Cancel...").isEnabled());
    assertEquals("Stopping; the best network is kept...", bar().getString());
    window.progress("Epoch 2", 0.5);
    assertEquals(500, bar().getValue());
    assertEquals("Stopping; the best network is kept...", bar().getString());
  }

  @Test
  void notesStandInLinesOfTheirOwn() {
    window.note("first");
    window.note("second");
    JTextArea notes = seen(JTextArea.class).get(0);
    assertEquals("first\nsecond", notes.getText());
    assertEquals(12, notes.getCaretPosition());
    assertFalse(notes.isEditable());
  }

  private List<JLabel> examples() {
    return seen(JLabel.class).stream().filter(l -> l.getToolTipText() != null).toList();
  }

  @Test
  void anExampleIsReplacedByTheNextOfTheSameImage() {
    assertTrue(examples().isEmpty());
    BufferedImage picture = new BufferedImage(20, 10, BufferedImage.TYPE_INT_RGB);
    BufferedImage next = new BufferedImage(20, 10, BufferedImage.TYPE_INT_RGB);
    window.example("a.tif", picture, Map.of());
    window.example("b.tif", picture, Map.of());
    window.example("a.tif", next, Map.of());
    List<JLabel> examples = examples();
    assertEquals(List.of("a.tif", "b.tif"), examples.stream().map(JLabel::getText).toList());
    assertSame(next, ((ImageIcon) examples.get(0).getIcon()).getImage());
    assertSame(picture, ((ImageIcon) examples.get(1).getIcon()).getImage());
    assertTrue(seen(JLabel.class).stream().noneMatch(l -> ("" + l.getText()).startsWith("<html>")));
  }

  @Test
  void longNamesAreShortenedInTheMiddle() {
    BufferedImage picture = new BufferedImage(20, 10, BufferedImage.TYPE_INT_RGB);
    String thirty = "123456789-123456789-123456.tif";
    window.example(thirty, picture, Map.of());
    window.example("plate 12, well B07, field 3.tif", picture, Map.of());
    List<JLabel> examples = examples();
    assertEquals(thirty, examples.get(0).getText());
    assertEquals("plate 12, well..., field 3.tif", examples.get(1).getText());
    assertEquals("plate 12, well B07, field 3.tif", examples.get(1).getToolTipText());
  }

  @Test
  void theLegendNamesColoursAndNoNameIsTakenForHtml() {
    Map<String, Color> colors = new LinkedHashMap<>();
    colors.put("a<b & c", new Color(0, 16, 255));
    colors.put("tail", new Color(255, 0, 10));
    window.example("a.tif", new BufferedImage(20, 10, BufferedImage.TYPE_INT_RGB), colors);
    assertTrue(
        isLabelled(
            "<html><font color=#0010ff>\u25cf</font> a&lt;b &amp; c&nbsp;&nbsp; "
                + "<font color=#ff000a>\u25cf</font> tail"));
  }

  @Test
  void theEndIsTold() {
    String hint = "Closing this window does not end the training; Esc in ImageJ stops it.";
    assertTrue(isLabelled(hint));
    window.progress("Epoch 1", 0.25);
    window.ended();
    assertFalse(isLabelled(hint));
    assertEquals(1000, bar().getValue());
    assertEquals("The training has ended.", bar().getString());
    assertFalse(button("Stop").isEnabled());
    assertFalse(button("Cancel...").isEnabled());
    window.progress("late", 0.5);
    assertEquals("The training has ended.", bar().getString());
    assertFalse(wishes.isStopped() || wishes.isDiscarded());
  }
}
