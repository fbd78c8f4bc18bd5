package sc.fiji.spyhop.host;

import java.awt.Color;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.Insets;
import java.awt.RenderingHints;
import javax.swing.JTextField;

/** A text field that shows what is taken while it is empty. */
final class HintField extends JTextField {

  private static final long serialVersionUID = 1;

  private String hint = "";

  HintField(String text, int columns) {
    super(text, columns);
  }

  void hint(String text) {
    hint = text;
    repaint();
  }

  String hint() {
    return hint;
  }

  @Override
  protected void paintComponent(Graphics g) {
    super.paintComponent(g);
    if (!getText().isEmpty() || hint.isEmpty()) return;
    Graphics2D on = (Graphics2D) g.create();
    on.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    on.setColor(Color.GRAY);
    on.setFont(getFont());
    Insets insets = getInsets();
    on.drawString(hint, insets.left, getBaseline(getWidth(), getHeight()));
    on.dispose();
  }
}
