package sc.fiji.spyhop.host;

import java.awt.Component;
import java.awt.Dimension;
import java.awt.EventQueue;
import java.awt.Font;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import javax.swing.BorderFactory;
import javax.swing.DefaultListCellRenderer;
import javax.swing.Icon;
import javax.swing.JComboBox;
import javax.swing.JLabel;
import javax.swing.JList;
import sc.fiji.spyhop.command.ModelChoice;
import sc.fiji.spyhop.util.Background;
import sc.fiji.spyhop.util.Strings;

/**
 * Models to choose from, each with its picture and one line of what it is for, which are looked up
 * in a thread of their own. For the thread of dialogs.
 */
final class ModelBox extends JComboBox<Object> {

  private static final long serialVersionUID = 1;

  /** Of the list, which is wider than the field; of a picture; and of the text beside it. */
  private static final int WIDTH = 400;

  private static final int SIDE = 44;
  private static final int TEXT = 320;

  private static final int LINE = 110;

  private boolean isLaidOut;

  ModelBox(List<?> offered) {
    super(offered.toArray());
    Cell cell = new Cell();
    setRenderer(cell);
    setMaximumRowCount(10);
    ExecutorService thread = Background.threads("spyhop-model-box", 1);
    for (Object model : offered) {
      thread.execute(
          () -> {
            cell.know(String.valueOf(model));
            EventQueue.invokeLater(this::repaint);
          });
    }
    thread.shutdown();
  }

  /** While the field is laid out it has its own width, its list is wider. */
  @Override
  public void doLayout() {
    isLaidOut = true;
    super.doLayout();
    isLaidOut = false;
  }

  @Override
  public Dimension getSize() {
    Dimension size = super.getSize();
    if (!isLaidOut) size.width = Math.max(size.width, WIDTH);
    return size;
  }

  /** What is known of a model. */
  private record Known(Optional<Icon> icon, String line) {}

  private static final class Cell extends DefaultListCellRenderer {

    private static final long serialVersionUID = 1;

    private final transient Map<String, Known> known = new ConcurrentHashMap<>();

    void know(String model) {
      ModelChoice.Shown shown = ModelChoice.shown(model);
      known.put(
          model,
          new Known(
              shown.picture().map(p -> FieldNote.icon(p, SIDE)), Strings.line(shown.line(), LINE)));
    }

    @Override
    public Component getListCellRendererComponent(
        JList<?> list, Object value, int index, boolean isSelected, boolean cellHasFocus) {
      JLabel cell =
          (JLabel) super.getListCellRendererComponent(list, value, index, isSelected, cellHasFocus);
      if (index < 0) return cell; // the prototype, which tells the size of the field
      String model = String.valueOf(value);
      Known told = known.getOrDefault(model, new Known(Optional.empty(), ""));
      cell.setIcon(told.icon().orElse(null));
      cell.setFont(cell.getFont().deriveFont(Font.PLAIN));
      cell.setIconTextGap(8);
      cell.setBorder(BorderFactory.createEmptyBorder(2, 4, 2, 4));
      cell.setText(
          "<html><div width="
              + TEXT
              + "><b>"
              + CommandDialog.escaped(model)
              + "</b><br>"
              + CommandDialog.escaped(told.line())
              + "</div>");
      return cell;
    }
  }
}
