package sc.fiji.spyhop.host;

import ij.ImagePlus;
import ij.WindowManager;
import java.awt.BorderLayout;
import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.swing.JButton;
import javax.swing.JCheckBox;
import javax.swing.JComboBox;
import javax.swing.JComponent;
import javax.swing.JFileChooser;
import javax.swing.JPanel;
import javax.swing.JTextField;
import javax.swing.event.DocumentEvent;
import javax.swing.event.DocumentListener;
import javax.swing.filechooser.FileNameExtensionFilter;
import javax.swing.text.JTextComponent;
import org.scijava.module.ModuleItem;
import sc.fiji.spyhop.command.ModelChoice;

/**
 * How a parameter is asked for.
 *
 * @param component what is shown
 * @param reader what was given; throws {@link sc.fiji.spyhop.SpyhopException} where that makes no
 *     sense
 */
record Field(ModuleItem<?> item, JComponent component, Supplier<Object> reader) {

  private static final int COLUMNS = 26;

  Object value() {
    return reader.get();
  }

  void explain(String tip) {
    component.setToolTipText(tip);
    for (var child : component.getComponents()) {
      if (child instanceof JComponent c) c.setToolTipText(tip);
    }
  }

  /** Shows what is taken while it is empty. */
  void hint(String text) {
    if (component instanceof HintField field) field.hint(text);
  }

  /** Calls something when another choice is made. */
  void onChoice(Runnable changed) {
    Stream.concat(Stream.of(component), Arrays.stream(component.getComponents()))
        .filter(JComboBox.class::isInstance)
        .forEach(c -> ((JComboBox<?>) c).addActionListener(e -> changed.run()));
  }

  /** Calls something whenever it holds something else. */
  void onChange(Runnable changed) {
    onChoice(changed);
    Stream.concat(Stream.of(component), Arrays.stream(component.getComponents()))
        .forEach(
            c -> {
              if (c instanceof JTextComponent text) {
                text.getDocument().addDocumentListener(new Changes(changed));
              } else if (c instanceof JCheckBox box) {
                box.addActionListener(e -> changed.run());
              }
            });
  }

  private record Changes(Runnable changed) implements DocumentListener {
    @Override
    public void insertUpdate(DocumentEvent e) {
      changed.run();
    }

    @Override
    public void removeUpdate(DocumentEvent e) {
      changed.run();
    }

    @Override
    public void changedUpdate(DocumentEvent e) {
      // of attributes, which plain text has none of
    }
  }

  /**
   * @param choices empty for any value
   */
  static Field of(ModuleItem<?> item, List<?> choices, Object value) {
    Class<?> type = item.getType();
    if (type == ImagePlus.class) return image(item);
    if (type == boolean.class || type == Boolean.class) return checkBox(item, value);
    if (type == File.class) return file(item, value);
    if (ModelChoice.STYLE.equals(item.getWidgetStyle())) return model(item, value);
    if (!choices.isEmpty()) return choice(item, choices, value);
    return text(item, value);
  }

  private static Field image(ModuleItem<?> item) {
    List<ImagePlus> open =
        IntStream.rangeClosed(1, WindowManager.getImageCount())
            .mapToObj(WindowManager::getNthImageID)
            .map(WindowManager::getImage)
            .toList();
    JComboBox<String> box = new JComboBox<>();
    open.forEach(i -> box.addItem(i.getTitle()));
    ImagePlus current = WindowManager.getCurrentImage();
    if (current != null) box.setSelectedIndex(Math.max(0, open.indexOf(current)));
    return new Field(
        item,
        box,
        () -> box.getSelectedIndex() < 0 ? new ImagePlus() : open.get(box.getSelectedIndex()));
  }

  private static Field checkBox(ModuleItem<?> item, Object value) {
    JCheckBox box = new JCheckBox("", Boolean.TRUE.equals(value));
    return new Field(item, box, box::isSelected);
  }

  private static Field choice(ModuleItem<?> item, List<?> choices, Object value) {
    JComboBox<Object> box = new JComboBox<>(choices.toArray());
    box.setSelectedItem(value);
    return new Field(item, box, box::getSelectedItem);
  }

  /** One of the models that are offered, or any file. */
  private static Field model(ModuleItem<?> item, Object value) {
    List<?> offered = item.getChoices() == null ? List.of() : item.getChoices();
    JComboBox<Object> box = new ModelBox(offered);
    box.setEditable(true);
    box.setPrototypeDisplayValue("x".repeat(COLUMNS));
    box.setSelectedItem(value);
    JComponent both =
        withBrowse(item, box, () -> box.getEditor().getItem().toString(), box::setSelectedItem);
    return new Field(item, both, () -> box.getEditor().getItem().toString().strip());
  }

  private static Field text(ModuleItem<?> item, Object value) {
    JTextField field = new HintField(value == null ? "" : value.toString(), COLUMNS);
    return new Field(item, field, () -> MacroOptions.value(item, field.getText().strip()));
  }

  private static Field file(ModuleItem<?> item, Object value) {
    JTextField field = new JTextField(value == null ? "" : value.toString(), COLUMNS);
    JComponent both = withBrowse(item, field, field::getText, field::setText);
    return new Field(item, both, () -> new File(field.getText().strip()));
  }

  private static JComponent withBrowse(
      ModuleItem<?> item, JComponent field, Supplier<String> current, Consumer<String> choose) {
    JButton browse = new JButton("Browse…");
    browse.addActionListener(e -> browse(item, field, current.get(), choose));
    JPanel both = new JPanel(new BorderLayout(4, 0));
    both.add(field, BorderLayout.CENTER);
    both.add(browse, BorderLayout.LINE_END);
    return both;
  }

  private static void browse(
      ModuleItem<?> item, JComponent field, String current, Consumer<String> choose) {
    JFileChooser chooser = new JFileChooser(current);
    String style = item.getWidgetStyle() == null ? "" : item.getWidgetStyle();
    if (style.contains("directory")) chooser.setFileSelectionMode(JFileChooser.DIRECTORIES_ONLY);
    if (style.equals(ModelChoice.STYLE)) {
      chooser.setFileFilter(new FileNameExtensionFilter("Models of Spyhop", "spyhop"));
    }
    chooser.setDialogTitle(item.getLabel());
    int choice =
        style.contains("save") ? chooser.showSaveDialog(field) : chooser.showOpenDialog(field);
    if (choice == JFileChooser.APPROVE_OPTION) choose.accept(chooser.getSelectedFile().getPath());
  }
}
