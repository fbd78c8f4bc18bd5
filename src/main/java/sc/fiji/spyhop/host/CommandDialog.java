package sc.fiji.spyhop.host;

import ij.IJ;
import ij.WindowManager;
import java.awt.BorderLayout;
import java.awt.EventQueue;
import java.awt.GridBagConstraints;
import java.awt.GridBagLayout;
import java.awt.Insets;
import java.awt.Window;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JOptionPane;
import javax.swing.JPanel;
import javax.swing.JToggleButton;
import javax.swing.SwingUtilities;
import org.scijava.ItemVisibility;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import sc.fiji.spyhop.SpyhopException;

/**
 * A dialog made from the parameters of a command: labels, fields, tooltips, help. What only few
 * need is shown on demand.
 */
final class CommandDialog {

  private static final int WIDTH = 420;

  private final String title;
  private final Module module;
  private final Map<String, Object> values;
  private final List<Field> fields = new ArrayList<>();
  private final JPanel form = new JPanel(new GridBagLayout());
  private final List<JComponent> advanced = new ArrayList<>();

  CommandDialog(String title, Module module) {
    this.title = title;
    this.module = module;
    this.values = Host.defaults(module);
    fill();
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
    Runnable dialog = () -> answer.set(new CommandDialog(title, module).show());
    try {
      if (EventQueue.isDispatchThread()) dialog.run();
      else EventQueue.invokeAndWait(dialog);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (InvocationTargetException e) {
      throw new SpyhopException(title + ": the dialog failed: " + e.getCause() + ".", e);
    }
    return answer.get();
  }

  private static void requireImages(Module module) {
    for (ModuleItem<?> item : Host.parameters(module)) {
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
        return Optional.of(given());
      } catch (SpyhopException e) {
        IJ.error(title, e.getMessage());
      }
    }
  }

  private void fill() {
    form.setBorder(BorderFactory.createEmptyBorder(4, 4, 4, 4));
    GridBagConstraints at = place();
    String text = module.getInfo().getDescription();
    if (text != null && !text.isBlank()) {
      at.gridwidth = 2;
      form.add(new JLabel("<html><div width=" + WIDTH + ">" + escaped(text) + "</div>"), at);
    }
    List<ModuleItem<?>> items = Host.parameters(module);
    items.stream().filter(CommandDialog::isShown).forEach(this::add);
    items.stream().filter(i -> !isShown(i)).forEach(i -> advanced.addAll(add(i)));
    advanced.forEach(c -> c.setVisible(false));
    at = place();
    at.gridwidth = 2;
    at.fill = GridBagConstraints.HORIZONTAL;
    form.add(buttons(), at);
  }

  private static GridBagConstraints place() {
    GridBagConstraints at = new GridBagConstraints();
    at.insets = new Insets(3, 4, 3, 4);
    at.anchor = GridBagConstraints.LINE_START;
    at.gridx = 0;
    return at;
  }

  private List<JComponent> add(ModuleItem<?> item) {
    Field field = Field.of(item, values.get(item.getName()));
    fields.add(field);
    JLabel label = new JLabel(item.getLabel());
    String tip = "<html><div width=320>" + escaped(item.getDescription()) + "</div>";
    label.setToolTipText(tip);
    field.explain(tip);
    label.setLabelFor(field.component());
    GridBagConstraints at = place();
    at.gridy = fields.size();
    form.add(label, at);
    at.gridx = 1;
    at.weightx = 1;
    at.fill = GridBagConstraints.HORIZONTAL;
    form.add(field.component(), at);
    return List.of(label, field.component());
  }

  private JPanel buttons() {
    JPanel row = new JPanel(new BorderLayout());
    if (!advanced.isEmpty()) {
      JToggleButton more = new JToggleButton("Advanced");
      more.setToolTipText("Settings that most users do not need.");
      more.addActionListener(
          e -> {
            advanced.forEach(c -> c.setVisible(more.isSelected()));
            Window window = SwingUtilities.getWindowAncestor(form);
            if (window != null) window.pack();
          });
      row.add(more, BorderLayout.LINE_START);
    }
    JButton help = new JButton("Help");
    help.setToolTipText("Opens the page that explains this dialog.");
    help.addActionListener(e -> Help.open(title));
    row.add(help, BorderLayout.LINE_END);
    return row;
  }

  private static String escaped(String text) {
    return text == null
        ? ""
        : text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>");
  }
}
