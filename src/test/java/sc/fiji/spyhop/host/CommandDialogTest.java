package sc.fiji.spyhop.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Component;
import java.awt.Container;
import java.awt.EventQueue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.swing.AbstractButton;
import javax.swing.JComboBox;
import javax.swing.JLabel;
import javax.swing.JTextField;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.ItemVisibility;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;
import org.scijava.plugin.Parameter;
import org.scijava.task.TaskService;
import org.scijava.thread.ThreadService;
import sc.fiji.spyhop.command.BatchCommand;
import sc.fiji.spyhop.command.SaliencyMapCommand;
import sc.fiji.spyhop.command.SegmentCommand;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.plugin.ExtensionJar;
import sc.fiji.spyhop.task.InstanceSegmentation;

class CommandDialogTest {

  /** One setting for all, one for few. */
  public static final class Probe implements Command {
    @Parameter(label = "Name", description = "Whose.")
    private String name = "none";

    @Parameter(label = "Steps", description = "Some.", visibility = ItemVisibility.INVISIBLE)
    private int steps = 3;

    @Override
    public void run() {}
  }

  /** Nothing for few. */
  public static final class Plain implements Command {
    @Parameter(label = "Name", description = "Whose.")
    private String name = "none";

    @Override
    public void run() {}
  }

  private static Context context;

  @BeforeAll
  static void start() {
    context =
        new Context(
            CommandService.class, StatusService.class, TaskService.class, ThreadService.class);
  }

  @AfterAll
  static void stop() {
    context.dispose();
  }

  private static CommandDialog dialog(Class<? extends Command> command) {
    return new CommandDialog(
        "Spyhop Probe",
        context.service(ModuleService.class).createModule(new CommandInfo(command)));
  }

  /** Components that would be seen, in order. */
  private static List<Component> seen(Container container) {
    List<Component> seen = new ArrayList<>();
    for (Component child : container.getComponents()) {
      if (!child.isVisible()) continue;
      seen.add(child);
      if (child instanceof Container c) seen.addAll(seen(c));
    }
    return seen;
  }

  private static List<String> labels(CommandDialog dialog) {
    return seen(dialog.form()).stream()
        .filter(JLabel.class::isInstance)
        .map(c -> ((JLabel) c).getText())
        .toList();
  }

  private static Stream<AbstractButton> button(CommandDialog dialog, String text) {
    return seen(dialog.form()).stream()
        .filter(AbstractButton.class::isInstance)
        .map(AbstractButton.class::cast)
        .filter(b -> b.getText().equals(text));
  }

  @Test
  void whatFewNeedIsShownOnDemand() {
    CommandDialog dialog = dialog(Probe.class);
    assertEquals(List.of("Name"), labels(dialog));
    AbstractButton advanced = button(dialog, "Advanced").findFirst().orElseThrow();
    advanced.doClick();
    assertEquals(List.of("Name", "Steps"), labels(dialog));
    advanced.doClick();
    assertEquals(List.of("Name"), labels(dialog));
    assertFalse(button(dialog(Plain.class), "Advanced").findFirst().isPresent());
  }

  @Test
  void whatWasSetThereCountsEvenWhenHiddenAgain() {
    CommandDialog dialog = dialog(Probe.class);
    assertEquals(3, dialog.given().get("steps"));
    AbstractButton advanced = button(dialog, "Advanced").findFirst().orElseThrow();
    advanced.doClick();
    List<JTextField> fields =
        seen(dialog.form()).stream()
            .filter(JTextField.class::isInstance)
            .map(JTextField.class::cast)
            .toList();
    fields.get(1).setText("8");
    advanced.doClick();
    assertEquals(8, dialog.given().get("steps"));
    assertEquals("none", dialog.given().get("name"));
  }

  @Test
  void everyDialogHasHelp() {
    assertTrue(button(dialog(Probe.class), "Help").findFirst().isPresent());
    assertTrue(Help.address("Spyhop Segment").endsWith("macro-reference.md#spyhop-segment"));
  }

  private static Stream<HintField> hints(Class<? extends Command> command) throws Exception {
    Module module = context.service(ModuleService.class).createModule(new CommandInfo(command));
    module.initialize();
    CommandDialog dialog = new CommandDialog("Spyhop Probe", module);
    button(dialog, "Advanced").forEach(AbstractButton::doClick);
    return seen(dialog.form()).stream()
        .filter(HintField.class::isInstance)
        .map(HintField.class::cast)
        .filter(f -> !f.hint().isEmpty());
  }

  /** Those that stand in the model's file, as models show tells them. */
  @Test
  void whatAModelHasIsShownInEmptyFields() throws Exception {
    InstanceSegmentation nuclei =
        (InstanceSegmentation) ModelRegistry.standard().find("nuclei").spec().task();
    assertEquals(
        List.of(
            String.valueOf(nuclei.foreground()),
            String.valueOf(nuclei.peakHeight()),
            String.valueOf(nuclei.minProbability()),
            "0"),
        hints(SegmentCommand.class).map(HintField::hint).toList());
    assertTrue(hints(SegmentCommand.class).allMatch(f -> f.getText().isEmpty()));
    assertEquals(0, hints(Plain.class).count());
  }

  /** What can be shown is offered, and shown on demand alone; without a window it is told. */
  @Test
  void aPreviewIsOfferedWhereThereIsOne() throws Exception {
    assertFalse(button(dialog(Probe.class), "Preview").findFirst().isPresent());
    CommandDialog dialog = dialog(SegmentCommand.class);
    AbstractButton preview = button(dialog, "Preview").findFirst().orElseThrow();
    assertFalse(preview.isSelected());
    EventQueue.invokeAndWait(preview::doClick);
    assertTrue(
        labels(dialog).stream().anyMatch(l -> l.contains("mage")), labels(dialog).toString());
    EventQueue.invokeAndWait(preview::doClick);
    assertTrue(labels(dialog).contains(" "), "nothing is told any more");
  }

  private static Optional<JTextField> field(CommandDialog dialog, String label) {
    return seen(dialog.form()).stream()
        .filter(JLabel.class::isInstance)
        .map(JLabel.class::cast)
        .filter(l -> label.equals(l.getText()))
        .map(l -> (Container) l.getLabelFor())
        .map(c -> c instanceof JTextField f ? f : (JTextField) c.getComponent(0))
        .findFirst();
  }

  /** What a dialog says besides its labels, as soon as it says all of some words. */
  private static String said(CommandDialog dialog, String... words) throws Exception {
    for (int i = 0; i < 600; i++) {
      AtomicReference<Optional<String>> said = new AtomicReference<>(Optional.empty());
      EventQueue.invokeAndWait(
          () ->
              said.set(
                  labels(dialog).stream()
                      .filter(l -> Stream.of(words).allMatch(l::contains))
                      .findFirst()));
      if (said.get().isPresent()) return said.get().get();
      Thread.sleep(100);
    }
    throw new AssertionError(List.of(words) + " is not said in " + labels(dialog));
  }

  @Test
  void whatGroupsMakeOfNamesIsTold(@TempDir Path folder) throws Exception {
    for (String name :
        List.of(
            "day1_A03_s1.tif", "day1_A03_s2.tif", "day1_B01_s1.tif", "day2_A01_s1.tif", "x.tif")) {
      Files.writeString(folder.resolve(name), "");
    }
    CommandDialog dialog = dialog(BatchCommand.class);
    EventQueue.invokeAndWait(() -> button(dialog, "Advanced").forEach(AbstractButton::doClick));
    JTextField input = field(dialog, "Folder of images").orElseThrow();
    JTextField group = field(dialog, "Groups of images").orElseThrow();
    EventQueue.invokeAndWait(() -> group.setText("{plate}_{well}_s*"));
    said(dialog, "Choose the folder of images");
    EventQueue.invokeAndWait(() -> input.setText(folder.toString()));
    String told = said(dialog, "day1_A03_s1.tif: plate day1, well A03<br>");
    assertTrue(told.contains("day1_B01_s1.tif: plate day1, well B01<br>"), told);
    assertFalse(told.contains("day2"), "three are enough: " + told);
    assertTrue(told.contains("1 of 5 images has no group, such as x.tif"), told);
    EventQueue.invokeAndWait(() -> group.setText("{plate"));
    said(dialog, "expected a pattern of names in which braces mark", "received \"{plate\"");
    EventQueue.invokeAndWait(() -> group.setText("(?<day>day.)"));
    said(dialog, "day1_A03_s1.tif: day day1<br>");
  }

  /** What a plugin brings stands in the box of choices, behind what there is without it. */
  @Test
  void choicesThatPluginsBringAreOffered(@TempDir Path folder) throws Throwable {
    ExtensionJar.with(
        List.of(ExtensionJar.of(folder, "InputTimesGradient")),
        () -> {
          List<List<Object>> boxes =
              seen(dialog(SaliencyMapCommand.class).form()).stream()
                  .filter(JComboBox.class::isInstance)
                  .map(c -> (JComboBox<?>) c)
                  .map(
                      b ->
                          IntStream.range(0, b.getItemCount())
                              .<Object>mapToObj(b::getItemAt)
                              .toList())
                  .toList();
          assertTrue(
              boxes.contains(
                  List.<Object>of(
                      "occlusion",
                      "gradient",
                      "deconvnet",
                      "guided",
                      "gradcam",
                      "integrated",
                      "times")),
              boxes::toString);
        });
  }
}
