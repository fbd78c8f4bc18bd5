package sc.fiji.spyhop.host.headless;

import java.util.List;

/**
 * What is different in ImageJ without a display: tables, the log and the ROI Manager exist though
 * they are not shown, and what ImageJ would show as an error ends the macro.
 */
final class HeadlessEdits {

  private static final String HERE = "sc.fiji.spyhop.host.headless.";
  private static final String FAILURE = HERE + "MacroFailure.";
  private static final String TEXT_WINDOW = "ij.text.TextWindow";
  private static final String ROI_MANAGER = "ij.plugin.frame.RoiManager";

  /** Javassist would not compile what can never be reached. */
  private static final String SKIP = "if (true) return;";

  private HeadlessEdits() {}

  static void of(ClassEdits edits) {
    tables(edits);
    log(edits);
    regions(edits);
    windows(edits);
    errors(edits);
  }

  private static void tables(ClassEdits edits) {
    for (String type :
        List.of(
            "ij.IJ",
            "ij.measure.ResultsTable",
            "ij.macro.Functions",
            "ij.macro.Interpreter",
            "ij.plugin.ImageInfo",
            "ij.plugin.NewPlugin",
            "ij.gui.RoiProperties")) {
      edits.create(type, TEXT_WINDOW, "$_ = " + HERE + "HiddenTextWindow.open($$);");
    }
    edits.call("ij.measure.ResultsTable", "show", "isHeadless", "$_ = false;");
    String open = "if (textPanel == null) showResults();";
    edits.begin("ij.IJ", "getTextPanel", 0, open);
    edits.begin("ij.IJ", "setColumnHeadings", 1, open);
    edits.begin("ij.IJ", "write", 1, open);
  }

  /** Lines are printed as well. */
  private static void log(ClassEdits edits) {
    edits.begin(
        "ij.IJ",
        "log",
        1,
        "if ($1 == null) return;"
            + "if (logPanel == null) logPanel = "
            + HERE
            + "HiddenTextWindow.log();"
            + "if (!$1.startsWith(\"\\\\\")) System.out.println($1);");
    edits.begin("ij.IJ", "getLog", 0, "if (logPanel != null) return logPanel.getText();");
    edits.begin(TEXT_WINDOW, "setFont", 0, SKIP);
    edits.begin(TEXT_WINDOW, "setMonospaced", 1, SKIP);
  }

  private static void regions(ClassEdits edits) {
    for (String type :
        List.of(
            "ij.macro.Functions",
            "ij.macro.Interpreter",
            ROI_MANAGER,
            "ij.plugin.OverlayCommands")) {
      edits.create(type, ROI_MANAGER, "$_ = " + HERE + "HiddenRoiManager.open();");
    }
    edits.begin(ROI_MANAGER, "error", 1, FAILURE + "said($1);");
  }

  private static void windows(ClassEdits edits) {
    edits.begin("ij.IJ", "runPlugIn", 3, "if (" + HERE + "HiddenWindows.open($2)) return null;");
    edits.begin("ij.IJ", "setTool", 1, "if (true) return ($r) Boolean.TRUE;");
    edits.begin("ij.gui.HistogramPlot", "show", 0, "if (true) { super.show(); return; }");
    // there is no menu that lists windows
    edits.begin("ij.Menus", "updateWindowMenuItem", 3, "if (window == null) return;");
    // as in ImageJ, a group of checkboxes may have gaps
    edits.add(
        "ij.gui.GenericDialog",
        "public void addCheckbox(String label, boolean value) {"
            + "if (label != null && !label.equals(\"\")) super.addCheckbox(label, value);}");
  }

  private static void errors(ClassEdits edits) {
    edits.begin("ij.IJ", "error", 2, "if (!redirectErrorMessages) " + FAILURE + "said($2);");
    edits.begin("ij.IJ", "handleException", 1, FAILURE + "thrown($1);");
    edits.begin(
        "ij.IJ", "outOfMemory", 1, FAILURE + "said(\"Java has too little memory for this\");");
    edits.call("ij.IJ", "runPlugIn", "log", "{ " + FAILURE + "said($1); $proceed($$); }");
    edits.caught("ij.Executer", "run", FAILURE + "thrown($1);");
    edits.begin("ij.IJ", "saveAs", 3, FAILURE + "writing($3);");
    edits.begin("ij.IJ", "save", 2, FAILURE + "writing($2);");
    for (String chooser :
        List.of("getDirectoryUsingJFileChooserOnThisThread", "getDirectoryUsingJFileChooser")) {
      edits.begin("ij.io.DirectoryChooser", chooser, 1, FAILURE + "said(null);");
    }
    edits.end(
        "ij.plugin.MeasurementsWriter",
        "save",
        "if (!$_) " + FAILURE + "said(\"There is no table to save\");");
    edits.begin(
        "ij.macro.Interpreter",
        "showError",
        3,
        "if (true) { " + FAILURE + "interpreted($2); return; }");
    edits.begin("ij.macro.Functions", "exit", 0, FAILURE + "leave();");
    edits.call("ij.macro.Functions", "exit", "showMessage", FAILURE + "said($2);");
  }
}
