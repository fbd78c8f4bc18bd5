package sc.fiji.spyhop.job.page;

import java.io.BufferedWriter;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.job.batch.Endings;
import sc.fiji.spyhop.job.batch.ImageTables;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.OrderedJobs;
import sc.fiji.spyhop.util.Strings;

/**
 * A page to look at in a browser: of each image of a batch a small picture, its count, what the
 * model is least sure of, and its warnings; and plots of all together. It is made of the tables and
 * pictures in the folder, so that any finished batch can have one, and needs neither a network nor
 * a server.
 */
public final class ResultPage {

  /** Name of the page. */
  public static final String NAME = "page.html";

  /** Images without a picture that are named. */
  private static final int NAMED = 3;

  private ResultPage() {}

  /**
   * Makes the page of a folder of results, whole or not at all; pictures that are there already are
   * kept.
   *
   * @param notes takes a sentence about each kind of files that is missing
   * @return the page
   * @throws SpyhopException if the folder holds no results, or cannot be written to
   * @throws java.util.concurrent.CancellationException if cancelled; an earlier page is left
   */
  public static Path write(Path folder, Consumer<String> notes, Progress progress) {
    LookedImages images = LookedImages.read(folder);
    ClassShares shares = ClassShares.read(folder);
    Findings findings = Findings.read(folder);
    List<Pictures.Of> pictures = pictures(folder, images, findings, progress);
    tellMissing(folder, images, findings, pictures, notes);
    List<Figure> figures = Figure.of(images, shares, findings);
    List<String> tables =
        Stream.concat(
                findings.table().stream(),
                Stream.of(ImageTables.CLASSES, ImageTables.IMAGES, ImageTables.GROUPS))
            .filter(t -> Files.exists(folder.resolve(t)))
            .toList();
    boolean counts = shares.isEmpty() || findings.areNumbered();
    boolean squares = pictures.stream().anyMatch(p -> p.unsure().isPresent());
    String title = FileNames.last(folder.toAbsolutePath().normalize());
    Path page = folder.resolve(NAME);
    AtomicFile.write(
        page,
        out -> {
          Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
          PageWriter html = new PageWriter(text, images, counts, squares);
          html.begin(title, tables, figures);
          for (int i = 0; i < pictures.size(); i++) {
            LookedImages.Image image = images.images().get(i);
            html.image(image, pictures.get(i), findings.leastSure(image.title()));
          }
          html.end();
        });
    return page;
  }

  private static void tellMissing(
      Path folder,
      LookedImages images,
      Findings findings,
      List<Pictures.Of> pictures,
      Consumer<String> notes) {
    boolean found = images.images().stream().anyMatch(i -> i.number("count") > 0);
    if (found && findings.table().isEmpty()) {
      notes.accept(
          folder
              + ": there is none of the tables "
              + String.join(", ", Findings.TABLES)
              + ", so that the page tells numbers of what was found and no more. Run the same"
              + " again, which writes it anew.");
    }
    List<String> without =
        IntStream.range(0, pictures.size())
            .filter(i -> pictures.get(i).small().isEmpty() && !images.images().get(i).failed())
            .mapToObj(i -> images.images().get(i).title())
            .toList();
    if (without.isEmpty()) return;
    notes.accept(
        Strings.format(
            "%s: %s without a picture, as neither NAME%s nor the image itself is there: %s%s.",
            folder,
            Strings.count(without.size(), "image"),
            Endings.OVERLAY,
            without.stream().limit(NAMED).collect(Collectors.joining(", ")),
            without.size() > NAMED ? ", ..." : ""));
  }

  private static List<Pictures.Of> pictures(
      Path folder, LookedImages images, Findings findings, Progress progress) {
    Pictures pictures = new Pictures(folder);
    List<Pictures.Of> made = new ArrayList<>();
    int total = images.images().size();
    int threads = Runtime.getRuntime().availableProcessors();
    try (OrderedJobs<Pictures.Of> jobs =
        new OrderedJobs<>(
            "spyhop-picture",
            threads,
            2 * threads,
            of -> {
              made.add(of);
              progress.update("Pictures", made.size(), total);
            })) {
      for (LookedImages.Image image : images.images()) {
        progress.checkCancelled();
        jobs.submit(() -> pictures.of(image, findings.leastSure(image.title())));
      }
      jobs.finish();
    }
    return made;
  }
}
