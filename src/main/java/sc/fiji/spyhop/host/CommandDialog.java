package sc.fiji.spyhop.host;

import ij.IJ;
import ij.WindowManager;
import ij.gui.ImageWindow;
import java.awt.BorderLayout;
import java.awt.Dialog;
import java.awt.Dimension;
import java.awt.EventQueue;
import java.awt.GridBagConstraints;
import java.awt.GridBagLayout;
import java.awt.Insets;
import java.awt.Window;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JOptionPane;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.JToggleButton;
import javax.swing.SwingUtilities;
import org.scijava.ItemVisibility;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.command.JobCommand;
import sc.fiji.spyhop.command.ModelChoice;
import sc.fiji.spyhop.command.Previewer;
import sc.fiji.spyhop.command.RecentModels;
import sc.fiji.spyhop.command.Setting;
import sc.fiji.spyhop.job.SettingException;

/**
 * A dialog made from the parameters of a command: labels, fields, tooltips, help. What only few
 * need is shown on demand.
 */
final class CommandDialog {

  private static final int WIDTH = 420;

  /** Height of the advanced settings, which fits the screen of a laptop; the rest is scrolled. */
  private static final int MAX_ADVANCED = 320;

  private static final int BAR = 18;

  private final String title;
  private final Module module;
  private final Map<String, Object> values;
  private final List<Field> fields = new ArrayList<>();
  private final JPanel form = new JPanel(new GridBagLayout());
  private int row = 1;
  private final JPanel advanced = new JPanel(new GridBagLayout());
  private final Optional<PreviewBox> preview;
  private final Map<String, FieldNote> notes = new LinkedHashMap<>();

  CommandDialog(String title, Module module) {
    this.title = title;
    this.module = module;
    this.values = Host.defaults(module);
    this.preview =
        job()
            .flatMap(JobCommand::previewer)
            .map(p -> new PreviewBox(p, this::given, () -> checked(p)));
    job()
        .map(JobCommand::notes)
        .orElse(Map.of())
        .forEach(
            (key, note) ->
                notes.put(
                    key,
                    new FieldNote(
                        this::given, note, given -> job().flatMap(j -> j.picture(key, given)))));
    fill();
    fields.forEach(f -> f.onChoice(this::hint));
    notes.values().forEach(n -> fields.forEach(f -> f.onChange(n::changed)));
    notes.values().forEach(FieldNote::changed);
    hint();
  }

  private Optional<JobCommand> job() {
    return module.getDelegateObject() instanceof JobCommand job
        ? Optional.of(job)
        : Optional.empty();
  }

  /** Shows in empty fields what is taken for them. */
  private void hint() {
    Map<String, String> hints;
    try {
      Map<String, Object> given = given();
      hints = job().map(j -> j.hints(given)).orElse(Map.of());
    } catch (SpyhopException e) {
      return; // told when it is to be used
    }
    fields.forEach(f -> f.hint(hints.getOrDefault(f.item().getName(), "")));
  }

  private Previewer.Asked checked(Previewer previewer) {
    checked();
    return previewer.asked();
  }

  /** Whether a dialog shows it from the start, and a recorded macro has it whatever its value. */
  static boolean isShown(ModuleItem<?> item) {
    return item.getVisibility() != ItemVisibility.INVISIBLE;
  }

  /**
   * Asks for the parameters, again after each mistake.
   *
   * @return values by name; empty if the user cancelled
   * @throws SpyhopException if an image is needed and none is open
   */
  static Optional<Map<String, Object>> ask(String title, Module module) {
    requireImages(module);
    AtomicReference<Optional<Map<String, Object>>> answer = new AtomicReference<>(Optional.empty());
    AtomicReference<Optional<PreviewBox>> ended = new AtomicReference<>(Optional.empty());
    Runnable dialog =
        () -> {
          CommandDialog shown = new CommandDialog(title, module);
          ended.set(shown.preview);
          answer.set(shown.showAndClose());
        };
    try {
      if (EventQueue.isDispatchThread()) dialog.run();
      else {
        EventQueue.invokeAndWait(dialog);
        ended.get().ifPresent(PreviewBox::await);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (InvocationTargetException e) {
      throw new SpyhopException(title + ": the dialog failed: " + e.getCause() + ".", e);
    }
    return answer.get();
  }

  private static void requireImages(Module module) {
    for (ModuleItem<?> item : Host.unresolved(module)) {
      if (item.getType() == ij.ImagePlus.class
          && item.isRequired()
          && WindowManager.getImageCount() == 0) {
        throw new SpyhopException(item.getLabel() + ": no image is open. Open one first.");
      }
    }
  }

  /** What the dialog shows, for pictures. */
  JPanel form() {
    return form;
  }

  /**
   * What the fields hold, by name of the parameter.
   *
   * @throws SpyhopException if a field holds what makes no sense
   */
  Map<String, Object> given() {
    Map<String, Object> given = new LinkedHashMap<>(values);
    for (Field field : fields) given.put(field.item().getName(), field.value());
    return given;
  }

  /**
   * As {@link #given}, and what the command would refuse is refused now, while it can be mended.
   */
  private Map<String, Object> checked() {
    Map<String, Object> given = given();
    if (module.getDelegateObject() instanceof JobCommand job) {
      given.forEach(module::setInput);
      try {
        job.checkSettings();
      } catch (SettingException e) {
        throw new SpyhopException(job.inImageJ(e), e);
      }
    }
    return given;
  }

  private Optional<Map<String, Object>> showAndClose() {
    try {
      return preview.isEmpty() ? show() : showAndPreview(preview.get());
    } finally {
      notes.values().forEach(FieldNote::close);
    }
  }

  /** Images can be moved and zoomed while it is open. */
  private Optional<Map<String, Object>> showAndPreview(PreviewBox box) {
    List<ImageWindow> windows =
        IntStream.rangeClosed(1, WindowManager.getImageCount())
            .mapToObj(i -> WindowManager.getImage(WindowManager.getNthImageID(i)).getWindow())
            .filter(Objects::nonNull)
            .toList();
    windows.forEach(w -> w.setModalExclusionType(Dialog.ModalExclusionType.APPLICATION_EXCLUDE));
    try {
      return show();
    } finally {
      box.close();
      windows.forEach(w -> w.setModalExclusionType(Dialog.ModalExclusionType.NO_EXCLUDE));
    }
  }

  private Optional<Map<String, Object>> show() {
    while (true) {
      int choice =
          JOptionPane.showConfirmDialog(
              IJ.getInstance(),
              form,
              title,
              JOptionPane.OK_CANCEL_OPTION,
              JOptionPane.PLAIN_MESSAGE);
      if (choice != JOptionPane.OK_OPTION) return Optional.empty();
      try {
        Map<String, Object> answer = checked();
        models().forEach(k -> RecentModels.use(title, k, answer.get(k).toString()));
        return Optional.of(answer);
      } catch (SpyhopException e) {
        IJ.error(title, e.getMessage());
      }
    }
  }

  /** Names of the parameters that are models. */
  private Stream<String> models() {
    return fields.stream()
        .map(Field::item)
        .filter(i -> ModelChoice.STYLE.equals(i.getWidgetStyle()))
        .map(ModuleItem::getName);
  }

  /** What was chosen last instead of what is chosen by default, as long as it is there. */
  private void proposeLastModel(ModuleItem<?> item) {
    if (!ModelChoice.STYLE.equals(item.getWidgetStyle())) return;
    List<?> offered = item.getChoices() == null ? List.of() : item.getChoices();
    RecentModels.used(title, item.getName())
        .filter(m -> offered.contains(m) || new File(m).isFile())
        .ifPresent(m -> values.put(item.getName(), m));
  }

  private void fill() {
    form.setBorder(BorderFactory.createEmptyBorder(4, 4, 4, 4));
    GridBagConstraints at = place();
    String text = module.getInfo().getDescription();
    if (text != null && !text.isBlank()) {
      at.gridwidth = 2;
      form.add(new JLabel("<html><div width=" + WIDTH + ">" + escaped(text) + "</div>"), at);
    }
    List<ModuleItem<?>> items = Host.unresolved(module);
    items.forEach(this::proposeLastModel);
    items.stream().filter(CommandDialog::isShown).forEach(i -> add(i, form));
    groups(items.stream().filter(i -> !isShown(i)).toList())
        .forEach(
            (heading, group) -> {
              if (!heading.isEmpty()) heading(heading);
              group.forEach(i -> add(i, advanced));
            });
    at = place();
    at.gridwidth = 2;
    at.fill = GridBagConstraints.HORIZONTAL;
    JScrollPane scroll = new JScrollPane(advanced);
    scroll.setBorder(BorderFactory.createEmptyBorder());
    Dimension all = scroll.getPreferredSize();
    scroll.setPreferredSize(new Dimension(all.width + BAR, Math.min(all.height, MAX_ADVANCED)));
    scroll.getVerticalScrollBar().setUnitIncrement(BAR);
    scroll.setVisible(false);
    form.add(scroll, at);
    preview.ifPresent(p -> form.add(p.panel(), previewPlace()));
    form.add(buttons(scroll), at);
  }

  /** What belongs to the command itself comes first, what many have in common last. */
  private Map<String, List<ModuleItem<?>>> groups(List<ModuleItem<?>> items) {
    Map<String, String> headings = new HashMap<>();
    if (module.getDelegateObject() instanceof JobCommand job) {
      job.settings().forEach(s -> headings.put(s.key(), s.group().orElse("")));
    }
    Map<String, List<ModuleItem<?>>> groups = new LinkedHashMap<>();
    groups.put("", new ArrayList<>());
    List<ModuleItem<?>> reversed = new ArrayList<>(items);
    Collections.reverse(reversed);
    for (ModuleItem<?> item : reversed) {
      groups
          .computeIfAbsent(headings.getOrDefault(item.getName(), ""), g -> new ArrayList<>())
          .add(0, item);
    }
    return groups;
  }

  private void heading(String text) {
    GridBagConstraints at = place();
    at.gridy = row++;
    at.gridwidth = 2;
    at.insets = new Insets(10, 4, 3, 4);
    advanced.add(new JLabel("<html><b>" + escaped(text) + "</b>"), at);
  }

  private static GridBagConstraints previewPlace() {
    GridBagConstraints at = place();
    at.gridwidth = 2;
    at.fill = GridBagConstraints.HORIZONTAL;
    return at;
  }

  private static GridBagConstraints place() {
    GridBagConstraints at = new GridBagConstraints();
    at.insets = new Insets(3, 4, 3, 4);
    at.anchor = GridBagConstraints.LINE_START;
    at.gridx = 0;
    return at;
  }

  /** Those that are offered, and those that plugins bring; empty for any value. */
  private List<?> choices(ModuleItem<?> item) {
    return job().stream()
        .flatMap(j -> j.settings().stream())
        .filter(s -> s.isOpenToPlugins() && s.key().equals(item.getName()))
        .<List<?>>map(Setting::choices)
        .findFirst()
        .orElse(item.getChoices() == null ? List.of() : item.getChoices());
  }

  private void add(ModuleItem<?> item, JPanel panel) {
    Field field = Field.of(item, choices(item), values.get(item.getName()));
    fields.add(field);
    JLabel label = new JLabel(item.getLabel());
    String tip = "<html><div width=320>" + escaped(item.getDescription()) + "</div>";
    label.setToolTipText(tip);
    field.explain(tip);
    label.setLabelFor(field.component());
    GridBagConstraints at = place();
    at.gridy = row++;
    panel.add(label, at);
    at.gridx = 1;
    at.weightx = 1;
    at.fill = GridBagConstraints.HORIZONTAL;
    panel.add(field.component(), at);
    if (!notes.containsKey(item.getName())) return;
    at.gridx = 0;
    at.gridy = row++;
    at.gridwidth = 2;
    panel.add(notes.get(item.getName()).label(), at);
  }

  private JPanel buttons(JComponent more) {
    JPanel buttons = new JPanel(new BorderLayout());
    if (advanced.getComponentCount() > 0) {
      JToggleButton toggle = new JToggleButton("Advanced");
      toggle.setToolTipText("Settings that most users do not need.");
      toggle.addActionListener(
          e -> {
            more.setVisible(toggle.isSelected());
            Window window = SwingUtilities.getWindowAncestor(form);
            if (window != null) window.pack();
          });
      buttons.add(toggle, BorderLayout.LINE_START);
    }
    JButton help = new JButton("Help");
    help.setToolTipText("Opens the page that explains this dialog.");
    help.addActionListener(e -> Help.open(title));
    buttons.add(help, BorderLayout.LINE_END);
    return buttons;
  }

  static String escaped(String text) {
    return text == null
        ? ""
        : text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>");
  }
}
