package sc.fiji.spyhop.job.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class InputsTest {

  @TempDir Path folder;

  @BeforeEach
  void files() throws IOException {
    for (String f :
        List.of(
            "a/x.tif",
            "a/y.PNG",
            "a/notes.txt",
            "a/.hidden.tif",
            "a/deep/z.jpg",
            "b/x.tif",
            "c/x.tif",
            "c/x.png",
            "d/images/i.png",
            "d/labels/i.png",
            "e/n_labels.tif",
            "h/array.npy")) {
      Path file = folder.resolve(f);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
  }

  private Inputs expand(boolean recursive, String... arguments) {
    List<String> absolute = List.of(arguments).stream().map(a -> folder + "/" + a).toList();
    return Inputs.expand(absolute, recursive, folder.resolve("e"));
  }

  @Test
  void aFolderGivesItsImages() {
    assertEquals(Set.of("x", "y"), expand(false, "a").files().keySet());
    assertEquals(Set.of("array"), expand(false, "h").files().keySet());
  }

  @Test
  void recursiveGoesDown() {
    assertEquals(Set.of("x", "y", "z"), expand(true, "a").files().keySet());
  }

  @Test
  void aDataSetFolderGivesItsImagesNotItsLabels() {
    Inputs inputs = expand(false, "d");
    assertEquals(Set.of("i"), inputs.files().keySet());
    assertTrue(inputs.files().get("i").endsWith("images/i.png"));
  }

  @Test
  void globsAreExpanded() {
    assertEquals(Set.of("x"), expand(false, "a/*.tif").files().keySet());
    assertEquals(Set.of("y"), expand(false, "a/?.{png,PNG}").files().keySet());
    assertEquals(Set.of("z"), expand(false, "**/*.jpg").files().keySet());
  }

  @Test
  void aGlobMayCrossFolders() {
    assertEquals(Set.of("a_x", "b_x", "c_x"), expand(false, "[abc]/x.tif").files().keySet());
  }

  @Test
  void equalNamesInOneFolderKeepTheirExtension() {
    assertEquals(Set.of("x.tif", "x.png"), expand(false, "c").files().keySet());
  }

  @Test
  void equalNamesEverywhereStayApart() {
    Inputs inputs = expand(false, "a/x.tif", "c/x.tif", "c/x.png", "a/y.PNG");
    assertEquals(Set.of("a_x", "c_x.tif", "c_x.png", "y"), inputs.files().keySet());
  }

  @Test
  void ifAllArePassedOverTheReasonsAreCounted() {
    Inputs all = expand(false, "a/x.tif", "c/x.tif", "c/x.png", "a/y.PNG");
    Function<Path, Optional<String>> pngOrElse =
        f ->
            Optional.of(
                f.toString().toLowerCase(Locale.ROOT).endsWith("png")
                    ? "labelled already"
                    : "no image by its name");
    assertEquals(
        List.of(
            "None of the files is to be looked at: 2 labelled already, 2 no image by its name."),
        all.without(pngOrElse).problems());
    Inputs some = all.without(f -> pngOrElse.apply(f).filter(r -> r.startsWith("no image")));
    assertEquals(Set.of("c_x.png", "y"), some.files().keySet());
    assertEquals(List.of(), some.problems());
    assertEquals(List.of(), new Inputs(Map.of(), List.of()).without(pngOrElse).problems());
  }

  @Test
  void namesMadeLongerCannotMeetOthers() throws IOException {
    Path odd = Files.createFile(folder.resolve("a_x.tif"));
    Inputs inputs = expand(false, odd.getFileName().toString(), "a/x.tif", "b/x.tif");
    assertEquals(3, inputs.files().size());
  }

  @Test
  void theSameFileTwiceIsOne() {
    assertEquals(1, expand(false, "a/x.tif", "a/../a/x.tif", "a/x.*").files().size());
  }

  @Test
  void ownResultsAreNotTakenForImages() {
    assertEquals(Set.of(), expand(false, "e").files().keySet());
  }

  @Test
  void earlierResultsAreNotTakenForImages() throws IOException {
    for (String f :
        List.of(
            "f/q.tif",
            "f/q_overlay.png",
            "f/old/batch.jsonl",
            "f/old/q_labels.tif",
            "f/old/q_saliency.png",
            "f/old/q_rois.zip",
            "f/set/images/k.tif",
            "f/set/masks/k.tif",
            "f/masks/l.tif")) {
      Files.createDirectories(folder.resolve(f).getParent());
      Files.createFile(folder.resolve(f));
    }
    assertEquals(Set.of("q"), expand(false, "f").files().keySet());
    assertEquals(Set.of("q", "k", "l"), expand(true, "f").files().keySet());
    assertEquals(Set.of("q_overlay"), expand(false, "f/*_overlay.png").files().keySet());
    assertEquals(Set.of(), expand(false, "f/old/*.tif").files().keySet());
    assertEquals(Set.of("q_labels"), expand(false, "f/old/q_labels.tif").files().keySet());
  }

  @Test
  void whatNamesNothingIsSaid() {
    Inputs inputs = expand(false, "nothing.tif", "a/*.gif", "e", "a/x.tif");
    assertEquals(1, inputs.files().size());
    assertEquals(3, inputs.problems().size());
    assertTrue(inputs.problems().get(0).endsWith("nothing.tif: no such file or folder."));
    assertTrue(inputs.problems().get(1).endsWith("a/*.gif: no file matches."));
    assertTrue(inputs.problems().get(2).contains("subfolders are searched only if"));
  }

  @Test
  void namesThatDifferInCaseAloneStayApart() throws IOException {
    for (String f : List.of("f/P/x.tif", "f/Q/X.TIF")) {
      Path file = folder.resolve(f);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
    assertEquals(Set.of("P_x", "Q_X"), expand(true, "f").files().keySet());
  }

  @Test
  void aFileThatIsSpelledInTwoWaysIsOne() throws IOException {
    Path x = folder.resolve("a/x.tif");
    Path other = folder.resolve("a/X.tif");
    if (!Files.exists(other)) {
      // what a file system does that takes upper and lower case for the same
      try {
        Files.createLink(other, x);
      } catch (UnsupportedOperationException e) {
        assumeTrue(false, "no links here");
      }
    }
    assertEquals(Set.of("x"), expand(false, "a/x.tif", "a/X.tif").files().keySet());
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need a privilege")
  void linksThatLeadInACircleAreGoneRoundOnce() throws IOException {
    Files.createSymbolicLink(folder.resolve("a/deep/up"), Path.of(".."));
    Inputs inputs = expand(true, "a");
    assertEquals(Set.of("x", "y", "z"), inputs.files().keySet());
    assertEquals(List.of(), inputs.problems());
  }

  /** Before a model is opened for them. */
  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no such files")
  void pipesAndAllFilesOfTheMachineAreRefusedAndTheRestGoesOn() throws Exception {
    Path pipe = folder.resolve("pipe.tif");
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no mkfifo");
    List<String> arguments = List.of(pipe.toString(), "/", "/**/*.tif", folder + "/a/x.tif");
    Inputs inputs = Inputs.expand(arguments, true, folder.resolve("e"));
    assertEquals(Set.of("x"), inputs.files().keySet());
    assertEquals(3, inputs.problems().size(), inputs.problems().toString());
    assertTrue(inputs.problems().get(0).startsWith(pipe + ": expected an image file"));
    for (String problem : inputs.problems().subList(1, 3)) {
      assertTrue(problem.startsWith("/ holds all files of this machine"), problem);
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has other permissions")
  void aSubfolderThatMayNotBeReadIsNamedAndLeftOut() throws IOException {
    Path closed = Files.createDirectory(folder.resolve("a/closed"));
    Files.setPosixFilePermissions(closed, Set.of());
    assumeFalse(Files.isReadable(closed), "root reads everything");
    Inputs inputs = expand(true, "a");
    assertEquals(Set.of("x", "y", "z"), inputs.files().keySet());
    assertEquals(1, inputs.problems().size());
    assertTrue(inputs.problems().get(0).contains("closed: cannot be searched"));
  }
}
