package sc.fiji.spyhop.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ImageJ's own macro functions for results, without a display. */
class MacroFunctionsTest {

  /** Rectangles of 20, 54 and 6 pixels with grey value 200 in an image of 1200. */
  private static final String THREE =
      """
      newImage("three", "8-bit black", 40, 30, 1);
      setColor(200);
      fillRect(2, 3, 5, 4);
      fillRect(20, 10, 9, 6);
      fillRect(35, 25, 3, 2);
      run("Set Measurements...", "area mean min redirect=None decimal=3");
      """;

  @TempDir Path folder;

  /** What a macro prints, which must come to its end. */
  private String printed(String macro) throws Exception {
    MacrosTest.Outcome outcome = run(macro);
    assertEquals(0, outcome.code(), outcome.text());
    return outcome.text();
  }

  private MacrosTest.Outcome run(String macro) throws IOException, InterruptedException {
    Path file = folder.resolve("test.ijm");
    Files.writeString(file, macro);
    return MacrosTest.run(file, folder.toString());
  }

  @Test
  void rectanglesAreMeasured() throws Exception {
    String text =
        printed(
            THREE
                + """
                for (i = 0; i < 40; i++) {
                  makeRectangle(0, 0, i + 1, 1);
                  run("Measure");
                }
                print("measured", nResults, getResult("Area", 0), getResult("Area", 39));
                run("Summarize");
                print("summarized", nResults, getResultLabel(40), getResult("Area", 40));
                selectWindow("Results");
                saveAs("Results", getArgument() + "/loop.csv");
                run("Clear Results");
                print("cleared", nResults);
                """);
    assertEquals("measured 40 1 40\nsummarized 44 Mean 20.5\ncleared 0\n", text);
    List<String> rows = Files.readAllLines(folder.resolve("loop.csv"));
    assertEquals(45, rows.size());
    assertTrue(rows.get(40).startsWith("40,") && rows.get(40).contains(",40.000,"), rows.get(40));
  }

  @Test
  void particlesAreAnalyzed() throws Exception {
    String text =
        printed(
            THREE
                + """
                setBatchMode(true);
                setThreshold(100, 255);
                run("Analyze Particles...", "size=10-Infinity display clear summarize add");
                print("particles", nResults, getResult("Area", 0), getResult("Area", 1), getResult("Mean", 1));
                print("summary", Table.get("Count", 0, "Summary"), Table.get("Total Area", 0, "Summary"));
                selectWindow("Results");
                saveAs("Results", getArgument() + "/particles.csv");
                selectWindow("Summary");
                Table.save(getArgument() + "/summary.csv");
                run("Analyze Particles...", "size=10-Infinity display clear");
                print("again", nResults);
                resetThreshold;
                setAutoThreshold("Default dark");
                run("Create Selection");
                print("selected", getValue("Area"));
                run("Select None");
                run("Convert to Mask");
                print("mask", getValue("Max"), nImages);
                close();
                print("closed", nImages);
                """);
    assertEquals(
        """
        particles 2 20 54 200
        summary 2 74
        again 2
        selected 80
        mask 255 1
        closed 0
        """,
        text);
    List<String> rows = Files.readAllLines(folder.resolve("particles.csv"));
    assertEquals(List.of(" ,Area,Mean,Min,Max", "1,20,200,200,200", "2,54,200,200,200"), rows);
    assertEquals(
        "three,2,74,37,6.167,200", Files.readAllLines(folder.resolve("summary.csv")).get(1));
  }

  @Test
  void tablesAreFilledNamedAndSaved() throws Exception {
    String text =
        printed(
            """
            folder = getArgument() + "/";
            setResult("Name", 0, "one"); setResult("N", 0, 1.5);
            setResult("Name", 1, "two"); setResult("N", 1, 2.5);
            updateResults();
            print("results", nResults, getResultString("Name", 1), getResult("N", 1), isOpen("Results"));
            selectWindow("Results");
            saveAs("Results", folder + "set.csv");
            IJ.renameResults("Kept");
            print("kept", nResults, Table.size("Kept"), Table.get("N", 1, "Kept"), isOpen("Results"));
            Table.create("mine");
            Table.set("x", 0, 3); Table.set("x", 1, 1); Table.set("x", 2, 2, "mine");
            Table.update;
            Table.sort("x");
            print("sorted", Table.title, Table.get("x", 0), Table.get("x", 2), Table.headings);
            Table.setColumn("y", Table.getColumn("x"));
            print("columns", Table.get("y", 1), Table.columnExists("y", "mine"));
            Table.deleteRows(0, 0);
            Table.rename("mine", "yours");
            print("rows", Table.size, Table.title, isOpen("mine"), isOpen("yours"));
            Table.save(folder + "yours.csv");
            close("yours.csv");
            Table.open(folder + "set.csv");
            print("opened", Table.size, Table.getString("Name", 0));
            Table.reset("Kept");
            print("reset", Table.size("Kept"));
            Array.show("arrays", newArray(4, 5, 6));
            print("arrays", Table.size("arrays"));
            selectWindow("Kept");
            run("Close");
            print("closed", isOpen("Kept"), isOpen("arrays"));
            """);
    assertEquals(
        """
        results 2 two 2.5 1
        kept 0 2 2.5 0
        sorted mine 1 3 x
        columns 2 1
        rows 2 yours 0 1
        opened 2 one
        reset 0
        arrays 3
        closed 0 1
        """,
        text);
    assertEquals(
        List.of(" ,Name,N", "1,one,1.500", "2,two,2.500"),
        Files.readAllLines(folder.resolve("set.csv")));
    assertEquals(List.of("x,y", "2,2", "3,3"), Files.readAllLines(folder.resolve("yours.csv")));
  }

  @Test
  void regionsAreManaged() throws Exception {
    String text =
        printed(
            THREE
                + """
                file = getArgument() + "/regions.zip";
                run("ROI Manager...");
                makeRectangle(2, 3, 5, 4);
                roiManager("add");
                makeRectangle(20, 10, 9, 6);
                roiManager("add");
                run("Select None");
                roiManager("deselect");
                roiManager("measure");
                print("measured", roiManager("count"), nResults, getResult("Area", 0), getResult("Area", 1));
                roiManager("select", 0);
                roiManager("rename", "first");
                print("selected", getValue("Area"), RoiManager.getName(0), roiManager("index"));
                roiManager("deselect");
                roiManager("save", file);
                roiManager("reset");
                print("reset", RoiManager.size);
                roiManager("open", file);
                roiManager("select", newArray(0, 1));
                roiManager("combine");
                print("combined", RoiManager.size, getValue("Area"));
                run("Clear Results");
                roiManager("multi-measure");
                print("multi-measured", nResults);
                run("Select None");
                run("From ROI Manager");
                print("overlay", Overlay.size);
                roiManager("select", 1);
                roiManager("delete");
                print("deleted", roiManager("count"));
                """);
    assertEquals(
        """
        measured 2 2 20 54
        selected 20 first 0
        reset 0
        combined 2 74
        multi-measured 2
        overlay 2
        deleted 1
        """,
        text);
  }

  @Test
  void theLogIsPrintedAndKept() throws Exception {
    String text =
        printed(
            """
            print("one");
            print("two");
            selectWindow("Log");
            saveAs("Text", getArgument() + "/log.txt");
            print("\\\\Clear");
            print("three");
            if (getInfo("log") == "three\\n") print("kept");
            """);
    assertEquals("one\ntwo\nthree\nkept\n", text);
    assertEquals(List.of("one", "two"), Files.readAllLines(folder.resolve("log.txt")));
  }

  /** Recorded macros open them; nothing is done with them. */
  @Test
  void windowsThatOnlyStandThereAreNoObstacle() throws Exception {
    String text =
        printed(
            THREE
                + """
                run("Brightness/Contrast...");
                run("Threshold...");
                setTool("rectangle");
                run("Histogram");
                print(getTitle());
                close();
                print(getTitle());
                """);
    assertEquals("Histogram of three\nthree\n", text);
  }

  /** What ImageJ only shows or prints: the macro ends there with one sentence. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          saveAs("Tiff", "/nowhere/x.tif");      | there is no folder /nowhere
          saveAs("PNG", "/nowhere/x.png");       | there is no folder /nowhere
          saveAs("Results", "x.csv");            | There is no table to save
          open("/nowhere/x.tif");                | File not found
          run("Nonsense");                       | Unrecognized command
          run("Label");                          | requires a selection
          roiManager("save", "/nowhere/x.zip");   | The list is empty
          close(); run("Measure");               | There are no images open
          waitForUser("look");                   | needs a display
          n = getNumber("how many", 1);          | needs a display
          folder = getDirectory("Which folder"); | needs a display
          run("Channels Tool...", ""); exit("I give up"); | I give up
          if (true) {run("Spyhop Segment", "model=none");} | none
          """)
  void anErrorEndsTheMacro(String line, String sentence) throws Exception {
    MacrosTest.Outcome outcome = run(THREE + line + "\nprint(\"went on\");");
    String text = outcome.text();
    assertEquals(1, outcome.code(), text);
    assertTrue(text.startsWith("spyhop: The macro stopped in line 7: "), text);
    assertTrue(text.contains(sentence), text);
    assertEquals(1, text.strip().lines().count(), text);
    assertFalse(text.contains("Exception") || text.contains("went on"), text);
  }
}
